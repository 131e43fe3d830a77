//! The settings in force: everything a run is to do.

use std::fmt;
use std::time::Duration;

use super::origin::Setting;
use super::route::Route;
use crate::args::choices::Detail;
use crate::args::{Color, ErrorForm, Format, Print, SchemaMode, Strict};
use crate::request::{Limits, Net};

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
    /// `parallel_tool_calls`, if given.
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
    /// Name of the schema in the request, if given.
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
pub(crate) struct OutputSettings {
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

impl OutputSettings {
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
    pub(crate) output: OutputSettings,
    /// How the network is used.
    pub(crate) network: Network,
    /// Whether a refused field may be asked for in another form.
    pub(crate) adapt: Setting<bool>,
    /// Lines for stderr about what the settings did with the user's words.
    pub(crate) notices: Vec<String>,
}
