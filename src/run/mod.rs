//! The story of one invocation, and the only room that sees all others.

mod advise;
mod ask;
mod calls;
mod exchange;
mod judge;
mod live;
mod locate;
mod probe;
mod show;

use std::time::{Duration, Instant};

use crate::World;
use crate::args::{self, Args, Color, ErrorForm, Format, Print, Stop};
use crate::failure::Failure;
use crate::input::files;
use crate::input::gather::gather;
use crate::input::history;
use crate::input::stdin::Stdin;
use crate::output::envelope::{Envelope, Facts, Timings};
use crate::output::{Output, Style};
use crate::request::{Limits, Request};
use crate::response::Response;
use crate::run::ask::Asker;
use crate::run::calls::CallGate;
use crate::run::live::{Live, Show};
use crate::run::probe::Probe;
use crate::settings::config::ConfigFile;
use crate::settings::env::Env;
use crate::settings::{self, Answer, Settings, Task};
use crate::transport::http::Client;

/// Runs one invocation and returns its exit code.
#[must_use]
pub fn run(world: World) -> u8 {
    let started = Instant::now();
    let terminals = Terminals { stdout: world.stdout_is_terminal, stderr: world.stderr_is_terminal };
    let mut output = Output::new(world.stdout, world.stderr, world.spinner, terminals.plain(ErrorForm::Text));
    let mut stdin = Stdin::new(world.stdin, world.stdin_ready, world.stdin_is_terminal);
    let env = Env::new(world.env);
    let ended = match args::parse(world.args.into_iter().skip(1)) {
        Ok(args) => {
            output.restyle(terminals.plain(args.errors.unwrap_or(ErrorForm::Text)));
            invoke(&args, &env, &mut stdin, &mut output, terminals, started)
        }
        Err(Stop::Text(text)) => output.text(text),
        Err(Stop::Failure(failure, errors)) => {
            output.restyle(terminals.plain(errors));
            Err(*failure)
        }
    };
    match ended.and_then(|()| output.finish()) {
        Ok(()) => 0,
        Err(failure) => {
            // What was shown before the failure stands; a second failure to write it changes nothing.
            let _ = output.finish();
            output.failure(&failure);
            failure.kind.exit()
        }
    }
}

/// Which streams a person reads.
#[derive(Clone, Copy)]
struct Terminals {
    stdout: bool,
    stderr: bool,
}

impl Terminals {
    /// The look before the settings are known.
    fn plain(self, errors: ErrorForm) -> Style {
        Style {
            stdout_is_terminal: self.stdout,
            stderr_is_terminal: self.stderr,
            color: false,
            spinner: false,
            quiet: false,
            errors,
        }
    }

    /// The look the settings ask for.
    fn style(self, output: &settings::Output) -> Style {
        let color = match output.color.value {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => self.stderr,
        };
        Style { color, spinner: self.stderr && output.spinner, quiet: output.quiet, ..self.plain(output.errors) }
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
    let config = read_config(args, env)?;
    let settings = settings::settle(args, env, config.as_ref())?;
    output.restyle(terminals.style(&settings.output));
    for notice in &settings.notices {
        output.notice(notice);
    }
    match settings.task {
        Task::Ask => answer(&settings, env, stdin, output, started),
        Task::Print(Print::Config) => show::config(&settings, output),
        Task::Print(what) => {
            let request = request(&settings, stdin, output)?;
            show::request(&settings, &request, what, output)
        }
        Task::ListModels => show::models(&settings, env, stdin, output, started),
        Task::Probe => probe(&settings, env, stdin, output, started),
        Task::LintSchema => Err(Failure::usage("--lint-schema", "")),
    }
}

/// The config file, where there is one.
fn read_config(args: &Args, env: &Env) -> Result<Option<ConfigFile>, Failure> {
    let Some((path, must_exist)) = settings::config_path(args, env) else { return Ok(None) };
    if !must_exist && !path.exists() {
        return Ok(None);
    }
    let name = path.display().to_string();
    let bytes = files::read(&name, "--config")?;
    let text = String::from_utf8(bytes)
        .map_err(|error| Failure::usage(&name, format!("not UTF-8 at byte {}", error.utf8_error().valid_up_to())))?;
    ConfigFile::parse(&text, &name).map(Some)
}

/// The request as the first route would send it; model and generation follow with the route.
fn request(settings: &Settings, stdin: &mut Stdin, output: &mut Output) -> Result<Request, Failure> {
    let mut request = gather(&settings.input, stdin, output)?;
    let live = settings.output.format == Format::Events;
    request.stream = live || settings.output.streaming.value.is_on(output.style().stdout_is_terminal);
    request.stream_usage = request.stream && settings.output.wants_usage();
    Ok(request)
}

/// Tries what the server of the first route can do.
fn probe(
    settings: &Settings,
    env: &Env,
    stdin: &mut Stdin,
    output: &mut Output,
    started: Instant,
) -> Result<(), Failure> {
    let mut asker = Asker::new(settings, env, started);
    let server = locate::server(&asker, &settings.routes[0], stdin, output)?;
    let model = locate::model(&mut asker, &server.route, &server.endpoints[0], output)?;
    let limits = Limits { silence: settings.network.limits.silence.min(PROBE_SILENCE), ..settings.network.limits };
    let mut client = Client::new(settings.network.net.clone(), limits, started);
    let endpoint = server.endpoints.into_iter().next().ok_or_else(|| Failure::usage("no server to try", ""))?;
    let json = settings.output.format == Format::Json;
    Probe { client: &mut client, endpoint, model, json, first_bytes: Vec::new() }.run(output)
}

/// Longest silence of one probing request.
const PROBE_SILENCE: Duration = Duration::from_secs(30);

/// Asks, shows the answer and judges it.
fn answer(
    settings: &Settings,
    env: &Env,
    stdin: &mut Stdin,
    output: &mut Output,
    started: Instant,
) -> Result<(), Failure> {
    let request = request(settings, stdin, output)?;
    let gate = CallGate::new(&request);
    let mut asker = Asker::new(settings, env, started);
    let mut live = Live {
        show: shown_at_once(settings, &request, &gate),
        gate: &gate,
        show_reasoning: settings.output.reasoning,
        keep_text: true,
        started,
        response: Response::default(),
        calls: Vec::new(),
        has_text: false,
        timings: Timings::default(),
        output,
    };
    live.keep_text = !matches!(live.show, Show::Text) || settings.input.save_messages.is_some();
    let asked = asker.ask(&request, stdin, &mut live);
    live.output.end_aside();
    let arrived = asker.attempts.last().is_some_and(|attempt| attempt.status.is_some());
    let ended = asked.and_then(|()| conclude(settings, &mut live));
    if let (Err(failure), Some(attempt)) = (&ended, asker.attempts.last_mut()) {
        attempt.exit = failure.kind.exit();
    }
    report(settings, &asker, &mut live, arrived)?;
    if let (Ok(()), Some(path)) = (&ended, &settings.input.save_messages) {
        history::save(path, &request, &live.response)?;
    }
    ended
}

/// What stdout may show before the reply has ended.
fn shown_at_once(settings: &Settings, request: &Request, gate: &CallGate) -> Show {
    match settings.output.format {
        Format::Events => Show::Events,
        Format::Json => Show::Nothing,
        Format::Text if !request.stream || settings.answer != Answer::Text => Show::Nothing,
        Format::Text if gate.offers_tools() => Show::Calls,
        Format::Text => Show::Text,
    }
}

/// Shows what a whole reply leaves to show, then judges it.
fn conclude(settings: &Settings, live: &mut Live<'_>) -> Result<(), Failure> {
    judge::tell_rest(live.output, &live.response);
    let print = settings.output.format == Format::Text;
    let whole = judge::wholeness(&live.response, live.has_text);
    if whole.is_ok() && !live.response.calls.is_empty() {
        return judge::calls(live, print);
    }
    if whole.is_ok() {
        judge::needs_no_call(live.gate, &live.response)?;
    }
    if print && !matches!(live.show, Show::Text) {
        let text = match settings.answer {
            Answer::Block => judge::extract(&live.response.text),
            _ => &live.response.text,
        };
        live.output.text(text)?;
    }
    if print {
        live.output.end_line()?;
    }
    whole
}

/// Writes what was asked for beside the answer: the envelope, usage, `--meta`.
fn report(settings: &Settings, asker: &Asker<'_>, live: &mut Live<'_>, arrived: bool) -> Result<(), Failure> {
    let facts = Facts {
        response: &live.response,
        json: None,
        calls: &live.calls,
        usage: live.response.usage,
        attempts: &asker.attempts,
        adapted: &asker.adapted,
        timings: live.timings,
        violations: None,
    };
    if arrived {
        match settings.output.format {
            Format::Json => live.output.json(&Envelope { facts, answer: true, event: None }, true)?,
            Format::Events => live.output.json(&Envelope { facts, answer: false, event: Some("end") }, false)?,
            Format::Text => {}
        }
    }
    if let Some(path) = &settings.output.meta {
        let envelope = Envelope { facts, answer: false, event: None };
        files::write_whole(path, "--meta", |file| {
            serde_json::to_writer(&mut *file, &envelope)?;
            file.write_all(b"\n")
        })?;
    }
    if settings.output.usage {
        let line = show::usage_line(live.response.usage);
        live.output.say(&line);
    }
    Ok(())
}
