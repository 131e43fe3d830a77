//! What is asked, and what its answer must be.

use std::time::Instant;

use crate::failure::Failure;
use crate::input::gather::{gather, gather_offer};
use crate::input::stdin::Stdin;
use crate::output::Output;
use crate::output::envelope::Timings;
use crate::request::Request;
use crate::response::Response;
use crate::run::calls::CallGate;
use crate::run::gate::{Gate, ItemGate, JsonFallback};
use crate::run::live::Live;
use crate::run::stdout::StdoutPlan;
use crate::schema::Form;
use crate::settings::route::KeySource;
use crate::settings::{Answer, Settings};

/// A request and the gates its answer must pass.
pub(crate) struct Question {
    /// What is asked; model and generation follow with the route.
    pub(crate) request: Request,
    /// What the answer must be.
    pub(crate) gate: Gate,
    /// What tool calls must be.
    calls: CallGate,
    /// Fallbacks for asking JSON.
    pub(crate) fallback: JsonFallback,
    /// What stdout holds.
    stdout: StdoutPlan,
}

impl Question {
    /// Reads everything the settings point to.
    ///
    /// # Errors
    /// [`Kind::Usage`](crate::failure::Kind::Usage) for input, schema or tools that make no sense.
    pub(crate) fn build(settings: &Settings, stdin: &mut Stdin, output: &mut Output) -> Result<Self, Failure> {
        if settings.routes.iter().any(|route| matches!(&route.key.value, KeySource::File(path) if path == "-")) {
            stdin.claim("--api-key-file");
        }
        if matches!(&settings.answer, Answer::Schema(asked) if asked.source == "-") {
            stdin.claim("--schema");
        }
        let gate = Gate::load(&settings.answer, stdin, output)?;
        let mut request = gather(&settings.input, stdin, output)?;
        let fallback = gate.ask_for(&settings.answer, &mut request, output)?;
        let mut question = Self::with_gates(settings, request, gate, fallback, output)?;
        question.request.stream = question.stdout.streams;
        question.request.stream_usage = question.stdout.streams && settings.output.wants_usage();
        Ok(question)
    }

    /// The question that a saved reply answers: its gates alone.
    ///
    /// # Errors
    /// As [`Question::build`].
    pub(crate) fn for_saved_reply(
        settings: &Settings,
        stdin: &mut Stdin,
        output: &mut Output,
    ) -> Result<Self, Failure> {
        let gate = Gate::load(&settings.answer, stdin, output)?;
        let request = gather_offer(&settings.input, stdin, output)?;
        Self::with_gates(settings, request, gate, JsonFallback::default(), output)
    }

    /// Adds the gate of the tools and the plan for stdout.
    fn with_gates(
        settings: &Settings,
        request: Request,
        gate: Gate,
        fallback: JsonFallback,
        output: &Output,
    ) -> Result<Self, Failure> {
        let calls = CallGate::new(&request)?;
        let stdout = StdoutPlan::new(settings, &gate, calls.offers_tools(), output.style().stdout_is_terminal);
        Ok(Self { request, gate, calls, fallback, stdout })
    }

    /// What takes the answer.
    pub(crate) fn start<'q>(&'q self, settings: &Settings, output: &'q mut Output, started: Instant) -> Live<'q> {
        Live {
            keep_text: settings.input.save_messages.is_some() || self.stdout.needs_whole_text(&self.gate),
            limit_bytes: settings.network.limits.reply_bytes,
            stdout: self.stdout,
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
}
