//! What becomes of a reply while it arrives: pieces are added up, and shown at once where that was asked for.
//!
//! Never judges: what the whole reply is worth is said in `judge` when it has ended.

use std::borrow::Cow;
use std::time::Instant;

use crate::failure::Failure;
use crate::output::Output;
use crate::output::envelope::{CheckedCall, Event, Timings, milliseconds};
use crate::response::{Piece, Response, too_long};
use crate::run::calls::CallGate;
use crate::run::exchange::Taker;
use crate::run::gate::{self, ItemGate};
use crate::schema::{Form, Layout};

/// What stdout shows before the reply has ended.
pub(crate) enum Show {
    /// Nothing: whole answers, documents under a schema, the envelope.
    Nothing,
    /// Text as it comes.
    Text,
    /// Tool calls and items of `--each` as they are finished; other text waits, since beside a call it is no answer.
    Pieces,
    /// Every fact as a line of JSON.
    Events {
        /// Whether text is such a fact: not where a gate may still turn it down.
        text: bool,
    },
}

/// One reply on its way in.
pub(crate) struct Live<'r> {
    /// Where things are shown.
    pub(crate) output: &'r mut Output,
    /// What is shown at once.
    pub(crate) show: Show,
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
    /// Everything the reply said; the text only where it is kept.
    pub(crate) response: Response,
    /// Calls that passed the gate.
    pub(crate) calls: Vec<CheckedCall>,
    /// Whether any text came.
    pub(crate) has_text: bool,
    /// When things came.
    pub(crate) timings: Timings,
}

impl Live<'_> {
    /// True once a first byte of the answer came, or was told as an event: from here on nothing is tried again.
    pub(crate) fn has_begun(&self) -> bool {
        let told = matches!(self.show, Show::Events { .. }) && !self.response.reasoning.is_empty();
        told || self.has_text || !self.response.calls.is_empty() || !self.response.refusal.is_empty()
    }

    /// Forgets the reply, to hear another one.
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
        match &mut self.show {
            Show::Text => self.output.text(&text)?,
            Show::Events { text: true } => self.output.json(&Event::Text { text: &text }, false)?,
            Show::Events { .. } | Show::Nothing | Show::Pieces => {}
        }
        self.show_items(&text)?;
        match text {
            _ if !self.keep_text => {}
            // A whole answer is taken over as it is, however long.
            Cow::Owned(text) if self.response.text.is_empty() => self.response.text = text,
            text => self.response.text.push_str(&text),
        }
        self.response.check_size(self.limit_bytes)
    }

    /// Shows every item of `--each` that closes in `text`.
    fn show_items(&mut self, text: &str) -> Result<(), Failure> {
        let Some(items) = &mut self.items else { return Ok(()) };
        let output = &mut *self.output;
        match self.show {
            Show::Nothing => items.feed(text, |_| Ok(())),
            Show::Events { .. } => {
                items.feed(text, |item| output.json(&Event::Item { json: &gate::raw(item)? }, false))
            }
            _ => items.feed(text, |item| output.line(&item.text(Layout::Compact))),
        }?;
        if items.open_bytes > self.limit_bytes { Err(too_long(self.limit_bytes)) } else { Ok(()) }
    }

    /// Shows the calls that are finished since the last time, where calls are shown at once.
    fn show_calls(&mut self) -> Result<(), Failure> {
        if matches!(self.show, Show::Nothing | Show::Text) {
            return Ok(());
        }
        for call in self.response.take_finished_calls() {
            let call = self.gate.check(call)?;
            match self.show {
                Show::Events { .. } => self.output.json(&Event::ToolCall(&call), false)?,
                _ => self.output.json(&call, false)?,
            }
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
                if matches!(self.show, Show::Events { .. }) {
                    self.output.json(&Event::Reasoning { text }, false)?;
                }
            }
            Piece::Refusal(text) if matches!(self.show, Show::Events { .. }) => {
                self.output.json(&Event::Refusal { text }, false)?;
            }
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
