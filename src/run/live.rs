//! A reply while it arrives: its pieces are added up and handed to stdout. The whole is judged by `verdict`.

use std::borrow::Cow;
use std::time::Instant;

use crate::failure::Failure;
use crate::output::Output;
use crate::output::envelope::{CheckedCall, Timings, milliseconds};
use crate::response::{Piece, Response, too_long};
use crate::run::calls::CallGate;
use crate::run::gate::ItemGate;
use crate::run::reading::Taker;
use crate::run::stdout::StdoutPlan;
use crate::schema::Form;

/// One reply on its way in.
pub(crate) struct Live<'r> {
    /// Where things are shown.
    pub(crate) output: &'r mut Output,
    /// What stdout holds.
    pub(crate) stdout: StdoutPlan,
    /// Judges each finished item of `--each`.
    pub(crate) items: Option<ItemGate<'r>>,
    /// Judges each finished tool call.
    pub(crate) gate: &'r CallGate,
    /// Whether reasoning goes to stderr as it comes.
    pub(crate) show_reasoning: bool,
    /// Whether the text is needed once it is shown.
    pub(crate) keep_text: bool,
    /// Most bytes that are kept of a reply, however it comes.
    pub(crate) limit_bytes: usize,
    /// The form the answer comes in.
    pub(crate) form: Form,
    /// When the program began.
    pub(crate) started: Instant,
    /// Everything in the reply; the text only where it is kept.
    pub(crate) response: Response,
    /// Calls that passed the gate.
    pub(crate) calls: Vec<CheckedCall>,
    /// Whether any text came.
    pub(crate) has_text: bool,
    /// When things came.
    pub(crate) timings: Timings,
}

impl Live<'_> {
    /// True once a first byte of the answer arrived: from here on nothing is tried again. Source: docs/contract.md §5.
    pub(crate) fn has_begun(&self) -> bool {
        let has_reasoning = self.stdout.holds_reasoning() && !self.response.reasoning.is_empty();
        has_reasoning || self.has_text || !self.response.calls.is_empty() || !self.response.refusal.is_empty()
    }

    /// Drops the reply, for another one.
    pub(crate) fn restart(&mut self) {
        self.response = Response::default();
        self.calls.clear();
        self.has_text = false;
    }

    /// Prepares for a reply that comes in `form`.
    pub(crate) fn expect(&mut self, form: Form) {
        self.form = form;
        if let Some(items) = &mut self.items {
            items.form = form;
        }
    }

    /// Takes a stretch of the answer.
    fn take_text(&mut self, text: Cow<'_, str>) -> Result<(), Failure> {
        if text.is_empty() {
            return Ok(());
        }
        if !self.has_text {
            self.has_text = true;
            self.timings.first_text_milliseconds = Some(milliseconds(self.started.elapsed()));
            self.output.end_aside();
        }
        self.stdout.text_piece(self.output, &text)?;
        self.show_items(&text)?;
        match text {
            _ if !self.keep_text => {}
            // A whole answer is taken over as it is, however long.
            Cow::Owned(text) if self.response.text.is_empty() => self.response.text = text,
            text => self.response.text.push_str(&text),
        }
        self.response.check_size(self.limit_bytes)
    }

    /// Prints every item of `--each` that closes in `text`.
    fn show_items(&mut self, text: &str) -> Result<(), Failure> {
        let Some(items) = &mut self.items else { return Ok(()) };
        let (stdout, output) = (self.stdout, &mut *self.output);
        items.feed(text, |item| stdout.item(output, item))?;
        if items.open_bytes > self.limit_bytes { Err(too_long(self.limit_bytes)) } else { Ok(()) }
    }

    /// Prints the calls that are finished since the last time, where calls are printed early.
    fn show_calls(&mut self) -> Result<(), Failure> {
        if !self.stdout.prints_calls_early() {
            return Ok(());
        }
        for call in self.response.take_finished_calls() {
            let call = self.gate.check(call)?;
            self.stdout.call(self.output, &call)?;
            self.calls.push(call);
        }
        Ok(())
    }
}

impl Taker for Live<'_> {
    fn take(&mut self, piece: Piece<'_>) -> Result<(), Failure> {
        match &piece {
            Piece::Reasoning(text) => {
                if self.show_reasoning {
                    self.output.aside(text);
                }
                self.stdout.reasoning_piece(self.output, text)?;
            }
            Piece::Refusal(text) => self.stdout.refusal_piece(self.output, text)?,
            _ => {}
        }
        if let Piece::Text(text) = piece {
            return self.take_text(text);
        }
        self.response.add(&piece);
        self.response.check_size(self.limit_bytes)?;
        match piece {
            Piece::Call(_) | Piece::CallDone | Piece::Finish(_) => self.show_calls(),
            _ => Ok(()),
        }
    }

    /// What waits for stdout goes out: what came before a failure is part of the answer.
    fn pause(&mut self) -> Result<(), Failure> {
        self.timings.first_byte_milliseconds.get_or_insert_with(|| milliseconds(self.started.elapsed()));
        self.output.flush()
    }
}
