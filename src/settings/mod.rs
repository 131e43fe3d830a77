//! What the words on the command line mean: every setting with its value and where it came from.
//!
//! Pure: arguments, environment and the text of the config file are handed in, values come out. Nothing here reads
//! a file, a clock, a terminal or the process's own environment. Place in the flow: after `args`, before `input`.

pub(crate) mod base_url;
mod body_option;
pub(crate) mod config;
pub(crate) mod env;
mod flags;
mod generation;
mod headers;
mod key;
#[cfg(any(test, fuzzing))]
pub(crate) mod laws;
mod model;
mod network;
mod plan;
pub(crate) mod providers;
mod rewrite;
pub(crate) mod route;
pub(crate) mod server;
pub(crate) mod show;
mod target;
#[cfg(test)]
mod tests;
mod values;

use std::fmt;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use self::config::ConfigFile;
use self::env::Env;
use self::route::Route;
use crate::args::choices::Detail;
use crate::args::{Args, Color, ErrorForm, Format, Print, SchemaMode, Strict, set};
use crate::failure::Failure;
use crate::request::{Limits, Net};

/// Where a setting came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A flag, by its long name with dashes.
    Flag(&'static str),
    /// The model URI: its provider or one of its parameters.
    Uri,
    /// An environment variable, by name.
    Variable(String),
    /// The config file.
    Config {
        /// The file as it was named.
        path: Rc<str>,
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
    },
    /// The preset of the provider.
    Preset,
    /// lmpipe itself.
    BuiltIn,
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) => write!(formatter, "from {name}"),
            Self::Uri => formatter.write_str("from the model URI"),
            Self::Variable(name) => write!(formatter, "from {name}"),
            Self::Config { path, line, column } => write!(formatter, "from {path}:{line}:{column}"),
            Self::Preset => formatter.write_str("from the preset"),
            Self::BuiltIn => formatter.write_str("built in"),
        }
    }
}

/// A value and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Setting<T> {
    /// The value.
    pub(crate) value: T,
    /// Where it came from.
    pub(crate) origin: Origin,
}

impl<T> Setting<T> {
    /// A value from `origin`.
    pub(crate) fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }

    /// The value made into another one, from the same place.
    fn map<U>(self, make: impl FnOnce(T) -> U) -> Setting<U> {
        Setting { value: make(self.value), origin: self.origin }
    }
}

/// What this run does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// Asks and prints the answer.
    Ask,
    /// Judges the saved reply in this file (`-` is stdin) as if it had been asked for.
    Judge(String),
    /// Shows what would be sent, or the settings.
    Print(Print),
    /// Lists the server's models.
    ListModels,
    /// Tries what the server can do.
    Probe,
    /// Says what strict mode rejects in the schema; needs no server.
    LintSchema,
}

/// Text given as it is, or the name of the file that holds it (`-` is stdin).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The text itself.
    Text(String),
    /// A file.
    File(String),
}

/// What the request is made of, before anything is read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Input {
    /// The prompt: the words joined by one space, or `--prompt-file`; `None` where no word has a letter.
    pub(crate) prompt: Option<Source>,
    /// System text, `--system` or `--system-file`.
    pub(crate) system: Option<Source>,
    /// Whether stdin is left alone.
    pub(crate) no_stdin: bool,
    /// Whether bytes that are not UTF-8 are replaced.
    pub(crate) lossy: bool,
    /// Images in the order given.
    pub(crate) images: Vec<String>,
    /// How closely the model looks at them.
    pub(crate) image_detail: Option<Detail>,
    /// Attachments in the order given.
    pub(crate) attachments: Vec<String>,
    /// The history file.
    pub(crate) messages: Option<String>,
    /// Where the history with the new answer goes.
    pub(crate) save_messages: Option<String>,
    /// Files of tools.
    pub(crate) tools: Vec<String>,
    /// `--tool-choice` as typed.
    pub(crate) tool_choice: Option<String>,
    /// `parallel_tool_calls`, if the user said.
    pub(crate) parallel_tools: Option<bool>,
}

/// The form of the answer on stdout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The answer as it is.
    Text,
    /// Its first fenced code block (`--extract`).
    Block,
    /// Any JSON document (`--json`).
    Json,
    /// A document under a schema.
    Schema(SchemaAnswer),
}

/// A schema and how it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SchemaAnswer {
    /// File, inline JSON, `-` or the short form, as typed.
    pub(crate) source: String,
    /// Name on the wire, if the user said.
    pub(crate) name: Option<String>,
    /// Whether the schema describes one item of a list (`--each`).
    pub(crate) each: bool,
    /// When it is sent for strict enforcement.
    pub(crate) strict: Strict,
    /// The form it is sent in; `None` begins with the best and goes down on a refusal.
    pub(crate) mode: Option<SchemaMode>,
    /// How often violations are sent back.
    pub(crate) repair: u32,
}

/// When an answer is streamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Streaming {
    /// Always.
    On,
    /// Never.
    Off,
    /// When stdout is a terminal.
    Terminal,
}

impl Streaming {
    /// Whether this run streams.
    pub(crate) fn is_on(self, stdout_is_terminal: bool) -> bool {
        match self {
            Self::On => true,
            Self::Off => false,
            Self::Terminal => stdout_is_terminal,
        }
    }
}

/// What comes out, and how.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Output {
    /// What stdout holds.
    pub(crate) format: Format,
    /// When the answer is streamed.
    pub(crate) streaming: Setting<Streaming>,
    /// Whether reasoning goes to stderr.
    pub(crate) reasoning: bool,
    /// Whether token usage goes to stderr.
    pub(crate) usage: bool,
    /// Whether request line, timings and headers go to stderr.
    pub(crate) verbose: bool,
    /// Whether notices are silenced.
    pub(crate) quiet: bool,
    /// Where the facts of the run are written.
    pub(crate) meta: Option<String>,
    /// Form of errors.
    pub(crate) errors: ErrorForm,
    /// Colour.
    pub(crate) color: Setting<Color>,
    /// Whether a spinner may turn on a terminal: not with `TERM=dumb`, `NO_COLOR` or `--quiet`.
    pub(crate) spinner: bool,
}

impl Output {
    /// Whether usage is asked for in a stream: only where something shows it.
    pub(crate) fn wants_usage(&self) -> bool {
        self.usage || self.meta.is_some() || self.format != Format::Text
    }
}

/// Recordings of exchanges.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tapes {
    /// The file every exchange is written to.
    pub(crate) capture: Option<String>,
    /// The file that answers instead of the network.
    pub(crate) replay: Option<String>,
    /// Whether it answers at once, or at the server's pace.
    pub(crate) is_instant: bool,
}

/// How the network is used.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    /// Bounds of one call.
    pub(crate) limits: Limits,
    /// Proxies and certificates.
    pub(crate) net: Net,
    /// Further tries after a passing failure.
    pub(crate) retries: u32,
    /// What is recorded, and what answers in the network's place.
    pub(crate) tapes: Tapes,
    /// The same settings one by one, for `--print config`.
    pub(crate) rows: Vec<(&'static str, Setting<Amount>)>,
}

/// A value of a network setting, written out only where it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Amount {
    /// A length of time.
    Time(Duration),
    /// A size in bytes.
    Bytes(usize),
    /// A count.
    Count(u32),
    /// A file or URL.
    Name(String),
}

impl fmt::Display for Amount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time(time) => write!(formatter, "{} s", time.as_secs_f64()),
            Self::Bytes(count) => write!(formatter, "{count} bytes"),
            Self::Count(count) => write!(formatter, "{count}"),
            Self::Name(name) => formatter.write_str(name),
        }
    }
}

/// Everything this run is to do.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// What the run does.
    pub(crate) task: Task,
    /// The line of a batch that is printed or judged.
    pub(crate) batch_id: Option<String>,
    /// The model asked, then those in reserve; never empty.
    pub(crate) routes: Vec<Route>,
    /// What the request is made of.
    pub(crate) input: Input,
    /// The form of the answer.
    pub(crate) answer: Answer,
    /// What comes out.
    pub(crate) output: Output,
    /// How the network is used.
    pub(crate) network: Network,
    /// Whether a refused field may be asked for in another form.
    pub(crate) adapt: Setting<bool>,
    /// Lines for stderr about what the settings did with the user's words.
    pub(crate) notices: Vec<String>,
}

/// When errors are coloured, before the config file is read.
pub(crate) fn color(flag: Option<Color>, env: &Env) -> Setting<Color> {
    flags::color(flag, env, None)
}

/// Settles what everything typed, set and configured means.
///
/// # Errors
/// `Usage` for anything that makes no sense: the message names the flag, variable or line.
pub(crate) fn settle(args: &Args, env: &Env, config: Option<&ConfigFile>) -> Result<Settings, Failure> {
    let none = ConfigFile::default();
    let config = config.unwrap_or(&none);
    let task = flags::task(args);
    let (routes, notices) = plan::routes(args, env, config)?;
    if matches!(task, Task::Ask | Task::ListModels | Task::Probe) && !args.server.allow_plain_http {
        routes.iter().try_for_each(key::check_exposure)?;
    }
    Ok(Settings {
        task,
        batch_id: set(args.tasks.id.as_ref()).map(str::to_owned),
        routes,
        input: flags::input(args),
        answer: flags::answer(args),
        output: flags::output(args, env, config),
        network: network::settle(args, env, config)?,
        adapt: flags::adapt(args, config),
        notices,
    })
}

/// The config file to read and what names it: `--config`, `LMPIPE_CONFIG`, or nothing, where it is the user's own and
/// need not exist.
pub(crate) fn config_path(args: &Args, env: &Env) -> Option<(PathBuf, Option<&'static str>)> {
    const VARIABLE: &str = "LMPIPE_CONFIG";
    if let Some(path) = set(args.server.config.as_ref()) {
        return Some((path.into(), Some("--config")));
    }
    if let Some(path) = env.get_os(VARIABLE) {
        return Some((path.into(), Some(VARIABLE)));
    }
    // The base directory specification: a relative path in the variable is to be ignored.
    let folder = env.get_os("XDG_CONFIG_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = folder.or_else(|| Some(home_folder(env)?.join(".config")))?;
    Some((folder.join("lmpipe").join("config.toml"), None))
}

/// The user's home folder.
pub(crate) fn home_folder(env: &Env) -> Option<PathBuf> {
    env.get_os("HOME").or_else(|| env.get_os("USERPROFILE")).map(PathBuf::from)
}

/// A file named in the config file: `~/` is the home folder, other relative names start from the folder of the
/// config file, which `origin` names.
///
/// # Errors
/// `Usage` for `~/` without a home folder.
fn config_file_path(name: &str, origin: &Origin, env: &Env) -> Result<String, Failure> {
    let folder = match (name.strip_prefix("~/"), origin) {
        (Some(_), _) => home_folder(env).ok_or_else(|| rejected("file", name, origin, "HOME is not set"))?,
        (None, Origin::Config { path, .. }) => Path::new(path.as_ref()).parent().map(PathBuf::from).unwrap_or_default(),
        (None, _) => PathBuf::new(),
    };
    // Part by part: the config file writes /, Windows shows \\.
    let name: PathBuf = Path::new(name.strip_prefix("~/").unwrap_or(name)).components().collect();
    Ok(folder.join(name).to_string_lossy().into_owned())
}

/// The usage failure of a value that makes no sense: `name 'value' (origin): why`. Long values are cut, control
/// characters escaped.
fn rejected(name: &str, value: &str, origin: &Origin, why: impl Into<String>) -> Failure {
    /// Longest value quoted, in characters.
    const LONGEST: usize = 120;
    let mut shown = String::new();
    for letter in value.chars().take(LONGEST) {
        if letter.is_control() {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    if value.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    Failure::usage(format!("{name} '{shown}' ({origin})"), why)
}
