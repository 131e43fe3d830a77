//! What stdout holds, and when: decided once for a run. Everything that arrives or is judged is handed to
//! [`StdoutPlan`], which prints it in the form that was asked for, or leaves it out.

use crate::args::Format;
use crate::failure::Failure;
use crate::output::Output;
use crate::output::envelope::{CheckedCall, Envelope, EventLine, RunFacts};
use crate::run::gate::{self, Gate};
use crate::schema::{Document, Layout};
use crate::settings::Settings;

/// What stdout holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StdoutForm {
    /// The text of the answer as it arrives.
    TextStream,
    /// The text of the answer or its first code block, once it is whole.
    Text,
    /// One JSON document, once it is judged.
    Document,
    /// Each item of a list as soon as it is closed and judged.
    Items,
    /// One envelope object at the end.
    Envelope,
    /// The facts of the envelope as JSON Lines, as they arrive.
    Events {
        /// Whether stretches of text are such facts: not where a gate may still turn the text down.
        text: bool,
    },
}

/// What stdout holds in this run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StdoutPlan {
    /// The form.
    form: StdoutForm,
    /// Whether the answer is asked for as a stream.
    pub(crate) streams: bool,
}

impl StdoutPlan {
    /// Decides from the settings, the gate, whether tools were offered and whether stdout is a terminal.
    pub(crate) fn new(settings: &Settings, gate: &Gate, offers_tools: bool, is_terminal: bool) -> Self {
        let streams = settings.output.streaming.value.is_on(is_terminal);
        let form = match (settings.output.format, gate) {
            (Format::Events, _) => StdoutForm::Events { text: matches!(gate, Gate::Text) },
            (Format::Json, _) => StdoutForm::Envelope,
            (Format::Text, Gate::Items(_)) => StdoutForm::Items,
            // Beside a tool call, text is no answer: it waits.
            (Format::Text, Gate::Text) if streams && !offers_tools => StdoutForm::TextStream,
            (Format::Text, Gate::Text | Gate::Block) => StdoutForm::Text,
            (Format::Text, Gate::Json | Gate::Document(_)) => StdoutForm::Document,
        };
        Self { form, streams }
    }

    /// Whether the text of the answer is needed once it has been shown.
    pub(crate) fn needs_whole_text(self, gate: &Gate) -> bool {
        match self.form {
            StdoutForm::TextStream | StdoutForm::Items | StdoutForm::Events { text: true } => false,
            StdoutForm::Events { text: false } => !matches!(gate, Gate::Items(_)),
            StdoutForm::Text | StdoutForm::Document | StdoutForm::Envelope => true,
        }
    }

    /// Whether tool calls are printed as soon as they are finished.
    pub(crate) fn prints_calls_early(self) -> bool {
        match self.form {
            StdoutForm::Items | StdoutForm::Events { .. } => true,
            StdoutForm::Text | StdoutForm::Document => self.streams,
            StdoutForm::TextStream | StdoutForm::Envelope => false,
        }
    }

    /// Whether reasoning is part of what stdout holds, so that it counts as the beginning of the answer.
    pub(crate) fn holds_reasoning(self) -> bool {
        matches!(self.form, StdoutForm::Events { .. })
    }

    /// Whether the text beside tool calls was printed.
    pub(crate) fn holds_text_beside_calls(self) -> bool {
        matches!(self.form, StdoutForm::TextStream | StdoutForm::Events { .. })
    }

    /// Whether the document that passed the gate is part of the envelope.
    pub(crate) fn reports_document(self) -> bool {
        matches!(self.form, StdoutForm::Envelope | StdoutForm::Events { .. })
    }

    /// Prints a stretch of the answer as it arrives.
    ///
    /// # Errors
    /// Of the output room, like all that print.
    pub(crate) fn text_piece(self, output: &mut Output, text: &str) -> Result<(), Failure> {
        match self.form {
            StdoutForm::TextStream => output.text(text),
            StdoutForm::Events { text: true } => output.json(&EventLine::Text { text }, false),
            _ => Ok(()),
        }
    }

    /// Prints a stretch of reasoning as it arrives.
    ///
    /// # Errors
    /// Of the output room.
    pub(crate) fn reasoning_piece(self, output: &mut Output, text: &str) -> Result<(), Failure> {
        if self.holds_reasoning() { output.json(&EventLine::Reasoning { text }, false) } else { Ok(()) }
    }

    /// Prints a stretch of a refusal as it arrives.
    ///
    /// # Errors
    /// Of the output room.
    pub(crate) fn refusal_piece(self, output: &mut Output, text: &str) -> Result<(), Failure> {
        match self.form {
            StdoutForm::Events { .. } => output.json(&EventLine::Refusal { text }, false),
            _ => Ok(()),
        }
    }

    /// Prints an item of `--each` that was judged.
    ///
    /// # Errors
    /// Of the output room.
    pub(crate) fn item(self, output: &mut Output, item: &Document<'_>) -> Result<(), Failure> {
        match self.form {
            StdoutForm::Items => output.line(&item.text(Layout::Compact)),
            StdoutForm::Events { .. } => output.json(&EventLine::Item { json: &gate::raw(item)? }, false),
            _ => Ok(()),
        }
    }

    /// Prints a tool call that was judged.
    ///
    /// # Errors
    /// Of the output room.
    pub(crate) fn call(self, output: &mut Output, call: &CheckedCall) -> Result<(), Failure> {
        match self.form {
            StdoutForm::Envelope => Ok(()),
            StdoutForm::Events { .. } => output.json(&EventLine::ToolCall(call), false),
            _ => output.json(call, false),
        }
    }

    /// Prints the text of a whole answer, as far as it was not printed when it arrived, and ends its last line. `has_text`
    /// is false where the answer has none.
    ///
    /// # Errors
    /// Of the output room.
    pub(crate) fn whole_text(self, output: &mut Output, text: &str, has_text: bool) -> Result<(), Failure> {
        match self.form {
            StdoutForm::TextStream => output.end_line(),
            StdoutForm::Events { text: false } if has_text => output.json(&EventLine::Text { text }, false),
            StdoutForm::Envelope | StdoutForm::Events { .. } => Ok(()),
            StdoutForm::Text | StdoutForm::Document | StdoutForm::Items => {
                output.text(text)?;
                output.end_line()
            }
        }
    }

    /// Prints the document that passed the gate.
    ///
    /// # Errors
    /// Of the output room.
    pub(crate) fn document(self, output: &mut Output, document: &Document<'_>) -> Result<(), Failure> {
        match self.form {
            StdoutForm::Envelope => Ok(()),
            StdoutForm::Events { .. } => output.json(&EventLine::Json { json: &gate::raw(document)? }, false),
            _ if output.style().stdout_is_terminal => output.line(&document.text(Layout::Indented)),
            _ => output.line(&document.text(Layout::Compact)),
        }
    }

    /// Prints what stands at the end of a run that had a reply.
    ///
    /// # Errors
    /// Of the output room.
    pub(crate) fn end(self, output: &mut Output, facts: RunFacts<'_>) -> Result<(), Failure> {
        match self.form {
            StdoutForm::Envelope => output.json(&Envelope { facts, answer: true, event: None }, true),
            StdoutForm::Events { .. } => output.json(&Envelope { facts, answer: false, event: Some("end") }, false),
            _ => Ok(()),
        }
    }
}
