//! The story of one invocation, and the only room that sees all others.

mod advise;
mod answer;
mod ask;
mod calls;
mod exchange;
mod gate;
mod lint;
mod live;
mod locate;
mod models;
mod probe;
mod question;
mod reading;
mod report;
mod saved;
mod session;
mod show;
mod stdout;
mod verdict;

use std::io;
use std::time::{Duration, Instant};

use crate::args::{self, Args, Color, ErrorForm, Format, Print, Stop};
use crate::failure::Failure;
use crate::input::files::{self, Readers};
use crate::input::gather;
use crate::input::stdin::Stdin;
use crate::manual;
use crate::output::{Output, Style};
use crate::request::Limits;
use crate::request::body_field::MAX_TOKENS;
use crate::run::probe::Probe;
use crate::run::question::Question;
use crate::run::session::Session;
use crate::settings::config::ConfigFile;
use crate::settings::env::Env;
use crate::settings::{self, Task};
use crate::transport::har::{HarFiles, Pace};
use crate::world::World;

/// Runs one invocation and returns its exit code.
#[must_use]
pub fn run(world: World) -> u8 {
    let started = Instant::now();
    let terminals = Terminals {
        stdout: world.stdout_is_terminal,
        stderr: world.stderr_is_terminal,
        escapes: world.terminal_understands_escapes,
    };
    let env = Env::new(world.env);
    let plain = terminals.plain(None, None, &env);
    let mut output = Output::new(world.stdout, world.stderr, world.spinner, plain);
    let mut stdin = Stdin::new(world.stdin, world.stdin_ready, world.stdin_is_terminal);
    let ended = match args::parse(world.args.into_iter().skip(1)) {
        Ok(args) => {
            output.restyle(terminals.plain(args.output.errors, args.output.color, &env));
            invoke(&args, &env, &mut stdin, &mut output, terminals, started)
        }
        Err(Stop::Show(topic)) => output.text(manual::text(topic)),
        Err(Stop::Mistake { failure, errors, color }) => {
            output.restyle(terminals.plain(errors, color, &env));
            Err(*failure)
        }
    };
    match ended.and_then(|()| output.finish()) {
        Ok(()) => 0,
        Err(failure) => {
            // What was shown before the failure stands, on a terminal as a line of its own; a second failure to
            // write it changes nothing.
            let _ = if terminals.stdout { output.end_line() } else { Ok(()) };
            let _ = output.finish();
            output.failure(&failure);
            failure.kind.exit()
        }
    }
}

/// Which streams a person reads.
#[derive(Clone, Copy)]
struct Terminals {
    /// Stdout.
    stdout: bool,
    /// Stderr.
    stderr: bool,
    /// Whether they understand escape sequences.
    escapes: bool,
}

impl Terminals {
    /// The look before the settings are known.
    fn plain(self, errors: Option<ErrorForm>, color: Option<Color>, env: &Env) -> Style {
        Style {
            stdout_is_terminal: self.stdout,
            stderr_is_terminal: self.stderr,
            color: self.color(settings::color(color, env).value),
            spinner: false,
            quiet: false,
            errors: errors.unwrap_or(ErrorForm::Text),
        }
    }

    /// The look the settings ask for.
    fn style(self, output: &settings::OutputSettings) -> Style {
        Style {
            stdout_is_terminal: self.stdout,
            stderr_is_terminal: self.stderr,
            color: self.color(output.color.value),
            spinner: self.stderr && self.escapes && output.spinner,
            quiet: output.quiet,
            errors: output.errors,
        }
    }

    /// Whether errors are coloured.
    fn color(self, color: Color) -> bool {
        match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => self.stderr && self.escapes,
        }
    }
}

/// Settles what was meant and does it.
fn invoke(
    args: &Args,
    env: &Env,
    stdin: &mut Stdin,
    output: &mut Output,
    terminals: Terminals,
    started: Instant,
) -> Result<(), Failure> {
    let config = read_config(args, env, stdin, output)?;
    let settings = settings::settle(args, env, config.as_ref())?;
    output.restyle(terminals.style(&settings.output));
    for notice in &settings.notices {
        output.notice(notice);
    }
    let session = |tapes: &HarFiles| Session::new(&settings, env, started, tapes.clone());
    let tapes = open_tapes(&settings.network)?;
    let ended = match &settings.task {
        Task::Ask => answer::answer(session(&tapes), stdin, output),
        Task::Judge(path) => saved::judge(&settings, path, stdin, output, started),
        Task::Print(Print::Config) => show::config(&settings, output),
        Task::Print(what) => {
            let question = Question::build(&settings, stdin, output)?;
            show::request(&settings, &question.request, *what, output)
        }
        Task::ListModels => show::models(session(&tapes), stdin, output),
        Task::Probe => probe(session(&tapes), stdin, output),
        Task::LintSchema => lint::lint(&settings, stdin, output),
    };
    ended.and(save_capture(tapes, output))
}

/// Opens the HAR files of `--capture` and `--replay`.
fn open_tapes(network: &settings::Network) -> Result<HarFiles, Failure> {
    let pace = if network.tapes.is_instant { Pace::Instant } else { Pace::Real };
    let (capture, replay) = (network.tapes.capture.as_deref(), network.tapes.replay.as_deref());
    HarFiles::open(capture, replay, pace, network.limits.reply_bytes)
}

/// Puts the capture, if there is one, in its place.
fn save_capture(tapes: HarFiles, output: &mut Output) -> Result<(), Failure> {
    let Some(mut capture) = tapes.close()? else { return Ok(()) };
    if let Some(notice) = &capture.notice {
        output.notice(notice);
    }
    files::write_whole(&capture.path, "--capture", Readers::Owner, |file| io::copy(&mut capture.text, file).map(drop))
}

/// The config file, where there is one.
fn read_config(args: &Args, env: &Env, stdin: &mut Stdin, output: &mut Output) -> Result<Option<ConfigFile>, Failure> {
    let Some((path, named_by)) = settings::config_path(args, env) else { return Ok(None) };
    if named_by.is_none() && !path.exists() {
        return Ok(None);
    }
    let named_by = named_by.unwrap_or("the default of --config");
    let name = path.display().to_string();
    if name == "-" {
        stdin.claim(named_by);
    }
    let bytes = gather::bytes(named_by, &name, stdin, output)?;
    let text = String::from_utf8(bytes)
        .map_err(|error| Failure::usage(&name, format!("not UTF-8 at byte {}", error.utf8_error().valid_up_to())))?;
    ConfigFile::parse(&text, &name).map(Some)
}

/// Tries what the server of the first route can do.
fn probe(mut session: Session<'_>, stdin: &mut Stdin, output: &mut Output) -> Result<(), Failure> {
    let server = locate::server(&session, &session.settings.routes[0], stdin, output)?;
    let model = locate::model(&mut session, &server, output)?;
    let limits = session.settings.network.limits;
    let mut client = session.client(Limits { silence: limits.silence.min(PROBE_SILENCE), ..limits });
    let endpoint = server.endpoints[0].clone();
    let json = session.settings.output.format == Format::Json;
    let limits_tokens = endpoint.path(&MAX_TOKENS).is_some();
    let probe = Probe { client: &mut client, endpoint, model, json, first_bytes: Vec::new(), limits_tokens };
    probe.run(output).map_err(|failure| advise::advise(&mut session, failure, &server.endpoints[0], None))
}

/// Longest silence of one probing request.
const PROBE_SILENCE: Duration = Duration::from_secs(30);
