//! Decodes Responses: events and whole replies become the same [`Piece`]s.
//!
//! Source: docs/wire.md §2.2, §2.3; docs/codex.md §3.5.

use super::event::{IncompleteDetails, OutputItem, OutputPart, PartKind, ResponsesBody, ResponsesEvent};
use super::output::OutputSoFar;
use crate::failure::Kind;
use crate::response::{Finish, Piece};
use crate::wire::decode_error::DecodeError;
use crate::wire::decoder::{Decoder, Progress, ReplyOrigin, Sink};
use crate::wire::lenient::{Raw, count, is_truthy, some_text, text_of};
use crate::wire::usage::usage;

/// Decodes one reply.
#[derive(Clone, Debug, Default)]
pub(crate) struct ResponsesDecoder {
    /// The id and the model.
    origin: ReplyOrigin,
    /// Whether any part of an answer came, even an empty one.
    has_answer: bool,
    /// The output so far.
    output: OutputSoFar,
}

impl Decoder for ResponsesDecoder {
    fn take_event(&mut self, json: &str, sink: &mut Sink<'_>) -> Result<Progress, DecodeError> {
        let event: ResponsesEvent<'_> = serde_json::from_str(json)?;
        if event.is_error() {
            return Err(DecodeError::reported(json));
        }
        let kind = text_of(event.kind).unwrap_or_default();
        let Some((subject, verb)) = kind.rsplit_once('.') else {
            return self.take_other(&event, json, sink);
        };
        let group = match subject {
            "response.output_text" => PartKind::Text,
            "response.refusal" => PartKind::Refusal,
            "response.reasoning_text" => PartKind::Reasoning,
            "response.reasoning_summary_text" => PartKind::Summary,
            "response.function_call_arguments" | "response.custom_tool_call_input" => {
                self.has_answer = true;
                self.output.take_arguments(&event, verb, sink)?;
                return Ok(Progress::More);
            }
            "response.output_item" => return self.take_item(&event, verb, sink),
            "response.content_part" if verb == "done" => {
                if let Some(part) = event.part {
                    let (kind, text) = serde_json::from_str::<OutputPart<'_>>(part.get())?.text(PartKind::Text);
                    let slot = self.output.slot_of(&event);
                    self.output.complete(slot, kind, count(event.content_index).unwrap_or(0), &text, sink)?;
                }
                return Ok(Progress::More);
            }
            "response" => return self.take_life(&event, verb, sink),
            _ => return Ok(Progress::More),
        };
        self.has_answer = true;
        let slot = self.output.slot_of(&event);
        let index = count(event.content_index.or(event.summary_index)).unwrap_or(0);
        match verb {
            "delta" => self.output.emit(slot, group, index, &text_of(event.delta).unwrap_or_default(), sink)?,
            "done" => {
                let whole = text_of(event.text.or(event.refusal)).unwrap_or_default();
                self.output.complete(slot, group, index, &whole, sink)?;
            }
            _ => {}
        }
        Ok(Progress::More)
    }

    fn take_document(&mut self, json: &str, sink: &mut Sink<'_>) -> Result<(), DecodeError> {
        let event: ResponsesEvent<'_> = serde_json::from_str(json)?;
        if event.is_error() {
            return Err(DecodeError::reported(json));
        }
        self.take_other(&event, json, sink).map(|_| ())
    }

    fn has_answer(&self) -> bool {
        self.has_answer
    }

    fn is_whole(&self) -> bool {
        // The terminal event has ended the reading.
        false
    }

    #[cfg(test)]
    fn copy(&self) -> Box<dyn Decoder> {
        Box::new(self.clone())
    }
}

impl ResponsesDecoder {
    /// Decodes an object that is no event: a whole reply, or something else.
    fn take_other(
        &mut self,
        event: &ResponsesEvent<'_>,
        json: &str,
        sink: &mut Sink<'_>,
    ) -> Result<Progress, DecodeError> {
        let begins = |raw: Raw<'_>, with: &str| text_of(raw).is_some_and(|words| words.starts_with(with));
        if event.choices.is_some() || begins(event.object, "chat.completion") {
            return Err(DecodeError::OtherApi("chat"));
        }
        let reply: ResponsesBody<'_> = serde_json::from_str(json)?;
        if reply.output.is_none() && !begins(event.object, "response") {
            return Ok(Progress::More);
        }
        self.conclude(&reply, "", json, sink)?;
        Ok(Progress::Done)
    }

    /// Decodes an event about an item that begins or is done.
    fn take_item(
        &mut self,
        event: &ResponsesEvent<'_>,
        verb: &str,
        sink: &mut Sink<'_>,
    ) -> Result<Progress, DecodeError> {
        let Some(item) = event.item else { return Ok(Progress::More) };
        let item: OutputItem<'_> = serde_json::from_str(item.get())?;
        self.has_answer = true;
        match verb {
            "added" => {
                let slot = self.output.begin(event, &item);
                self.output.begin_call(slot, &item, sink)?;
            }
            "done" => {
                let slot = self.output.end(event, &item);
                for part in item.texts() {
                    self.output.complete(slot, part.kind, part.index, &part.text, sink)?;
                }
                self.output.end_call(slot, &item, sink)?;
            }
            _ => {}
        }
        Ok(Progress::More)
    }

    /// Decodes an event about the whole reply.
    fn take_life(
        &mut self,
        event: &ResponsesEvent<'_>,
        verb: &str,
        sink: &mut Sink<'_>,
    ) -> Result<Progress, DecodeError> {
        let json = event.response.map_or("{}", |response| response.get());
        let reply: ResponsesBody<'_> = serde_json::from_str(json)?;
        if matches!(verb, "completed" | "incomplete" | "failed" | "cancelled" | "done") {
            self.conclude(&reply, verb, json, sink)?;
            return Ok(Progress::Done);
        }
        self.origin.emit(reply.id, reply.model, sink)?;
        Ok(Progress::More)
    }

    /// Ends the reply. Its status counts before the type of the event: vLLM sends `response.completed` with the status
    /// `incomplete`.
    fn conclude(
        &mut self,
        reply: &ResponsesBody<'_>,
        verb: &str,
        json: &str,
        sink: &mut Sink<'_>,
    ) -> Result<(), DecodeError> {
        self.has_answer = true;
        self.origin.emit(reply.id, reply.model, sink)?;
        let status = some_text(reply.status).unwrap_or(verb.into());
        if is_truthy(reply.error) {
            return Err(DecodeError::reported(json));
        }
        if matches!(&*status, "failed" | "cancelled" | "queued" | "in_progress") {
            return Err(DecodeError::Stopped(Kind::Server, format!("its status is '{status}'")));
        }
        self.output.restate(reply.output.as_deref().unwrap_or_default(), sink)?;
        sink(Piece::Finish(match (&*status, &reply.incomplete_details) {
            ("incomplete", Some(IncompleteDetails { reason }))
                if text_of(*reason).as_deref() == Some("content_filter") =>
            {
                Finish::Filter
            }
            ("incomplete", _) => Finish::Length,
            _ if self.output.has_calls() => Finish::Tools,
            _ => Finish::Stop,
        }))?;
        if let Some(spent) = usage(reply.usage) {
            sink(Piece::Usage(spent))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
