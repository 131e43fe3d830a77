//! One question and its answer: what is asked, what stdout shows, how it ends.

use std::time::Instant;

use serde_json::value::RawValue;

use crate::args::Format;
use crate::failure::{Failure, Kind, Violation};
use crate::input::files::{self, Readers};
use crate::input::gather::{gather, gather_offer};
use crate::input::history;
use crate::input::stdin::Stdin;
use crate::output::Output;
use crate::output::envelope::{Attempt, Envelope, Event, Facts, Timings, milliseconds};
use crate::request::{Request, Text, Turn};
use crate::response::{Response, Usage};
use crate::run::ask::{Asker, Ladder};
use crate::run::calls::CallGate;
use crate::run::gate::{self, Gate, ItemGate};
use crate::run::live::{Live, Show};
use crate::run::{judge, show};
use crate::schema::{self, Form, Layout, extract};
use crate::settings::route::KeySource;
use crate::settings::{Answer, Settings, Streaming};

/// A request and the gates its answer must pass.
pub(crate) struct Question {
    /// What is asked; model and generation follow with the route.
    pub(crate) request: Request,
    /// What the answer must be.
    pub(crate) gate: Gate,
    /// What tool calls must be.
    pub(crate) calls: CallGate,
    /// How JSON may be asked for more simply.
    pub(crate) ladder: Ladder,
}

impl Question {
    /// Reads everything the settings point to and puts the question.
    ///
    /// # Errors
    /// [`Kind::Usage`] for input, schema or tools that make no sense.
    pub(crate) fn put(settings: &Settings, stdin: &mut Stdin, output: &mut Output) -> Result<Self, Failure> {
        if settings.routes.iter().any(|route| matches!(&route.key.value, KeySource::File(path) if path == "-")) {
            stdin.claim("--api-key-file");
        }
        if matches!(&settings.answer, Answer::Schema(asked) if asked.source == "-") {
            stdin.claim("--schema");
        }
        let gate = Gate::load(&settings.answer, stdin, output)?;
        let mut request = gather(&settings.input, stdin, output)?;
        let ladder = gate.ask_for(&settings.answer, &mut request, output)?;
        let calls = CallGate::new(&request)?;
        request.stream = is_shown_at_once(settings, &gate, output);
        request.stream_usage = request.stream && settings.output.wants_usage();
        Ok(Self { request, gate, calls, ladder })
    }

    /// The question that an answer at hand is supposed to answer: its gates alone.
    ///
    /// # Errors
    /// As [`Question::put`].
    pub(crate) fn suppose(settings: &Settings, stdin: &mut Stdin, output: &mut Output) -> Result<Self, Failure> {
        let gate = Gate::load(&settings.answer, stdin, output)?;
        let mut request = gather_offer(&settings.input, stdin, output)?;
        let calls = CallGate::new(&request)?;
        request.stream = is_shown_at_once(settings, &gate, output);
        Ok(Self { request, gate, calls, ladder: Ladder::default() })
    }

    /// What hears the answer.
    pub(crate) fn listen<'q>(&'q self, settings: &Settings, output: &'q mut Output, started: Instant) -> Live<'q> {
        let show = self.shown_at_once(settings);
        Live {
            keep_text: settings.input.save_messages.is_some() || self.is_judged_whole(&show),
            limit_bytes: settings.network.limits.reply_bytes,
            show,
            items: match &self.gate {
                Gate::Items(schema) => Some(ItemGate::new(schema, Form::Plain)),
                _ => None,
            },
            gate: &self.calls,
            show_reasoning: settings.output.reasoning,
            form: Form::Plain,
            started,
            response: Response::default(),
            calls: Vec::new(),
            has_text: false,
            timings: Timings::default(),
            output,
        }
    }

    /// Whether the text of the answer is still needed when the reply has ended.
    fn is_judged_whole(&self, show: &Show) -> bool {
        !matches!(
            (show, &self.gate),
            (Show::Text | Show::Events { text: true }, _) | (Show::Events { .. } | Show::Pieces, Gate::Items(_))
        )
    }

    /// What stdout may show before the reply has ended.
    fn shown_at_once(&self, settings: &Settings) -> Show {
        match (settings.output.format, &self.gate) {
            (Format::Events, Gate::Open) => Show::Events { text: settings.answer == Answer::Text },
            (Format::Events, _) => Show::Events { text: false },
            (Format::Json, _) => Show::Nothing,
            (Format::Text, Gate::Items(_)) => Show::Pieces,
            (Format::Text, _) if !self.request.stream => Show::Nothing,
            (Format::Text, Gate::Open) if settings.answer == Answer::Text && !self.calls.offers_tools() => Show::Text,
            (Format::Text, _) => Show::Pieces,
        }
    }
}

/// Whether stdout shows the answer while it comes.
fn is_shown_at_once(settings: &Settings, gate: &Gate, output: &Output) -> bool {
    match settings.output.streaming.value {
        Streaming::Off => false,
        streaming => {
            let comes_in_parts = settings.output.format == Format::Events || matches!(gate, Gate::Items(_));
            comes_in_parts || streaming.is_on(output.style().stdout_is_terminal)
        }
    }
}

/// The way to the reply.
pub(crate) struct Way<'a> {
    /// Whether there is one, be it a refusal.
    pub(crate) has_reply: bool,
    /// Every try.
    pub(crate) attempts: &'a [Attempt],
    /// What was changed in the request after a refusal.
    pub(crate) adapted: &'a [String],
}

/// How a run ended, beside its failure: what the envelope tells.
#[derive(Default)]
pub(crate) struct Ending {
    /// The document that passed the gate.
    pub(crate) document: Option<Box<RawValue>>,
    /// What broke the schema.
    pub(crate) violations: Vec<Violation>,
    /// Tokens of all answers.
    pub(crate) usage: Option<Usage>,
}

/// Asks, shows the answer and judges it; with `--repair`, asks again with what was wrong.
///
/// # Errors
/// Whatever the answer is short of.
pub(crate) fn answer(mut asker: Asker<'_>, stdin: &mut Stdin, output: &mut Output) -> Result<(), Failure> {
    let settings = asker.settings;
    let question = Question::put(settings, stdin, output)?;
    let mut request = question.request.clone();
    asker.ladder = question.ladder.clone();
    let mut live = question.listen(settings, output, asker.started);
    let mut ending = Ending::default();
    let mut repairs = match &settings.answer {
        Answer::Schema(asked) if !asked.each => asked.repair,
        _ => 0,
    };
    let ended = loop {
        let asked = asker.ask(&request, stdin, &mut live);
        live.output.end_aside();
        ending.usage = match (ending.usage, live.response.usage) {
            (Some(all), Some(one)) => Some(all.plus(one)),
            (all, one) => one.or(all),
        };
        let ended = asked.and_then(|()| conclude(settings, &question.gate, &mut live, &mut ending));
        let Err(failure) = ended else { break Ok(()) };
        if let Some(attempt) = asker.attempts.last_mut() {
            attempt.exit = failure.kind.exit();
        }
        if failure.kind != Kind::Invalid || repairs == 0 || !live.response.calls.is_empty() {
            ending.violations.clone_from(&failure.violations);
            break Err(failure);
        }
        repairs -= 1;
        live.output.notice(&format!("{}: asking for a repair", failure.line()));
        request.turns.push(Turn {
            assistant: Text::from(live.response.text.as_str()),
            user: Text::from(schema::repair_text(&failure).as_str()),
        });
        live.restart();
    };
    let way = Way {
        has_reply: asker.attempts.iter().any(|attempt| attempt.status.is_some()),
        attempts: &asker.attempts,
        adapted: &asker.adapted,
    };
    // The answer is out before anything beside it can fail, or end the program.
    let shown = live.output.flush();
    let reported = report(settings, &question.gate, &way, &mut live, &ending);
    if ended.is_ok()
        && shown.is_ok()
        && let Some(path) = &settings.input.save_messages
    {
        history::save(path, &question.request, &live.response)?;
    }
    ended.and(shown).and(reported)
}

/// Shows what a whole reply leaves to show, and judges it in the order of the contract (§5): truncation, refusal,
/// emptiness, calls, JSON, schema.
///
/// # Errors
/// Whatever the reply is short of.
pub(crate) fn conclude(
    settings: &Settings,
    gate: &Gate,
    live: &mut Live<'_>,
    ending: &mut Ending,
) -> Result<(), Failure> {
    judge::tell_rest(live.output, &live.response);
    let print = settings.output.format == Format::Text;
    let whole = judge::wholeness(&live.response, live.has_text);
    if whole.is_ok() {
        if !live.response.calls.is_empty() {
            return judge::calls(live, print);
        }
        judge::needs_no_call(live.gate, &live.response)?;
    }
    match gate {
        Gate::Open => {
            match (settings.output.format, &settings.answer) {
                (Format::Text, _) => text(settings, live)?,
                (Format::Events, Answer::Block) if live.has_text => {
                    live.output.json(&Event::Text { text: wanted(settings, &live.response) }, false)?;
                }
                _ => {}
            }
            whole
        }
        Gate::Items(_) => whole.and_then(|()| live.items.as_ref().map_or(Ok(()), ItemGate::finish)),
        Gate::Any | Gate::Document(_) => {
            whole?;
            let Some(judged) = gate.judge(&live.response.text, live.form)? else { return Ok(()) };
            if let Some(notice) = judged.found.notice() {
                live.output.notice(notice);
            }
            if print {
                let layout = if live.output.style().stdout_is_terminal { Layout::Indented } else { Layout::Compact };
                return live.output.line(&judged.document.text(layout));
            }
            let document = gate::raw(&judged.document)?;
            if let Show::Events { .. } = live.show {
                live.output.json(&Event::Json { json: &document }, false)?;
            }
            ending.document = Some(document);
            Ok(())
        }
    }
}

/// Puts the text of a whole reply on stdout, as far as it was not shown at once, and ends its last line.
fn text(settings: &Settings, live: &mut Live<'_>) -> Result<(), Failure> {
    if !matches!(live.show, Show::Text) {
        live.output.text(wanted(settings, &live.response))?;
    }
    live.output.end_line()
}

/// What of an answer was asked for: all of its text, or its first code block (`-x`).
fn wanted<'r>(settings: &Settings, response: &'r Response) -> &'r str {
    match settings.answer {
        Answer::Block => extract(&response.text),
        _ => &response.text,
    }
}

/// Writes what was asked for beside the answer: the envelope, usage, `--meta`.
///
/// # Errors
/// Of the output room.
pub(crate) fn report(
    settings: &Settings,
    gate: &Gate,
    way: &Way<'_>,
    live: &mut Live<'_>,
    ending: &Ending,
) -> Result<(), Failure> {
    live.timings.total_milliseconds = milliseconds(live.started.elapsed());
    let facts = Facts {
        response: &live.response,
        text: wanted(settings, &live.response),
        json: ending.document.as_deref(),
        calls: &live.calls,
        usage: ending.usage,
        attempts: way.attempts,
        adapted: way.adapted,
        timings: live.timings,
        violations: gate.schema().map(|_| ending.violations.as_slice()),
    };
    if settings.output.usage {
        live.output.say(&show::usage_line(ending.usage));
    }
    if way.has_reply {
        match settings.output.format {
            Format::Json => live.output.json(&Envelope { facts, answer: true, event: None }, true)?,
            Format::Events => live.output.json(&Envelope { facts, answer: false, event: Some("end") }, false)?,
            Format::Text => {}
        }
    }
    let Some(path) = &settings.output.meta else { return Ok(()) };
    let envelope = Envelope { facts, answer: false, event: None };
    // Servers repeat what they were sent, keys among it.
    let json = serde_json::to_string(&envelope).unwrap_or_default();
    let json = live.output.masker().mask(&json);
    files::write_whole(path, "--meta", Readers::AsBefore, |file| writeln!(file, "{json}"))
}
