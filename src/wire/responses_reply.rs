//! Responses, the decoding half: events and whole replies become the same [`Piece`]s. A ChatGPT login speaks the same.
//!
//! Must not know how the bytes came. Source: wire §2.2, §2.3; codex §3.5.

mod event;
mod told;

use event::{Event, Group, Incomplete, Item, Part, Reply};
use told::Told;

use super::complaint::{complaint, plain};
use super::loose::{Raw, count, is_truthy, some_words, words};
use super::reader::{Progress, Sink};
use super::trouble::Trouble;
use super::usage::usage;
use crate::failure::Kind;
use crate::response::{Finish, Piece};

/// Decodes one reply.
#[derive(Clone, Debug, Default)]
pub(crate) struct ResponsesReply {
    /// Whether the id was told.
    told_id: bool,
    /// Whether the model was told.
    told_model: bool,
    /// Whether any part of an answer came, be it empty.
    has_answer: bool,
    /// What was told of the output.
    told: Told,
}

impl ResponsesReply {
    /// True once any part of an answer came, be it empty.
    pub(crate) fn has_answer(&self) -> bool {
        self.has_answer
    }

    /// Tells the pieces of one event; `Done` after the event that ends a stream.
    ///
    /// # Errors
    /// What the reply is instead of an answer, after the pieces told before it.
    pub(crate) fn take_event(&mut self, json: &str, sink: &mut Sink<'_>) -> Result<Progress, Trouble> {
        let event: Event<'_> = serde_json::from_str(json)?;
        if event.is_error() {
            return Err(said(json));
        }
        let kind = words(event.kind).unwrap_or_default();
        let Some((subject, verb)) = kind.rsplit_once('.') else {
            return self.take_other(&event, json, sink);
        };
        let group = match subject {
            "response.output_text" => Group::Text,
            "response.refusal" => Group::Refusal,
            "response.reasoning_text" => Group::Reasoning,
            "response.reasoning_summary_text" => Group::Summary,
            "response.function_call_arguments" | "response.custom_tool_call_input" => {
                self.has_answer = true;
                self.told.take_arguments(&event, verb, sink)?;
                return Ok(Progress::More);
            }
            "response.output_item" => return self.take_item(&event, verb, sink),
            "response.content_part" if verb == "done" => {
                if let Some(part) = event.part {
                    let (group, words) = serde_json::from_str::<Part<'_>>(part.get())?.said(Group::Text);
                    let slot = self.told.slot_of(&event);
                    self.told.settle(slot, group, count(event.content_index).unwrap_or(0), &words, sink)?;
                }
                return Ok(Progress::More);
            }
            "response" => return self.take_life(&event, verb, sink),
            _ => return Ok(Progress::More),
        };
        self.has_answer = true;
        let slot = self.told.slot_of(&event);
        let index = count(event.content_index.or(event.summary_index)).unwrap_or(0);
        match verb {
            "delta" => self.told.tell(slot, group, index, &words(event.delta).unwrap_or_default(), sink)?,
            "done" => {
                let whole = words(event.text.or(event.refusal)).unwrap_or_default();
                self.told.settle(slot, group, index, &whole, sink)?;
            }
            _ => {}
        }
        Ok(Progress::More)
    }

    /// Tells the pieces of a whole reply.
    ///
    /// # Errors
    /// As [`ResponsesReply::take_event`].
    pub(crate) fn take_document(&mut self, json: &str, sink: &mut Sink<'_>) -> Result<(), Trouble> {
        let event: Event<'_> = serde_json::from_str(json)?;
        if event.is_error() {
            return Err(said(json));
        }
        self.take_other(&event, json, sink).map(|_| ())
    }

    /// Takes an object that is no event: a whole reply, or something else.
    fn take_other(&mut self, event: &Event<'_>, json: &str, sink: &mut Sink<'_>) -> Result<Progress, Trouble> {
        let begins = |raw: Raw<'_>, with: &str| words(raw).is_some_and(|words| words.starts_with(with));
        if event.choices.is_some() || begins(event.object, "chat.completion") {
            return Err(Trouble::OtherApi("chat"));
        }
        let reply: Reply<'_> = serde_json::from_str(json)?;
        if reply.output.is_none() && !begins(event.object, "response") {
            return Ok(Progress::More);
        }
        self.conclude(&reply, "", json, sink)?;
        Ok(Progress::Done)
    }

    /// Takes an item that begins or is done.
    fn take_item(&mut self, event: &Event<'_>, verb: &str, sink: &mut Sink<'_>) -> Result<Progress, Trouble> {
        let Some(item) = event.item else { return Ok(Progress::More) };
        let item: Item<'_> = serde_json::from_str(item.get())?;
        self.has_answer = true;
        match verb {
            "added" => {
                let slot = self.told.begin(event, &item);
                self.told.begin_call(slot, &item, sink)?;
            }
            "done" => {
                let slot = self.told.end(event, &item);
                for part in item.said() {
                    self.told.settle(slot, part.group, part.index, &part.words, sink)?;
                }
                self.told.end_call(slot, &item, sink)?;
            }
            _ => {}
        }
        Ok(Progress::More)
    }

    /// Takes an event about the whole reply.
    fn take_life(&mut self, event: &Event<'_>, verb: &str, sink: &mut Sink<'_>) -> Result<Progress, Trouble> {
        let json = event.response.map_or("{}", |response| response.get());
        let reply: Reply<'_> = serde_json::from_str(json)?;
        if matches!(verb, "completed" | "incomplete" | "failed" | "cancelled" | "done") {
            self.conclude(&reply, verb, json, sink)?;
            return Ok(Progress::Done);
        }
        self.introduce(&reply, sink)?;
        Ok(Progress::More)
    }

    /// Tells the id and the model, once.
    fn introduce(&mut self, reply: &Reply<'_>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
        if !self.told_id
            && let Some(id) = some_words(reply.id)
        {
            self.told_id = true;
            sink(Piece::Id(id))?;
        }
        if !self.told_model
            && let Some(model) = some_words(reply.model)
        {
            self.told_model = true;
            sink(Piece::Model(model))?;
        }
        Ok(())
    }

    /// Ends the reply by its own statement: status first, whatever the event is called (vLLM sends
    /// `response.completed` with the status `incomplete`).
    fn conclude(&mut self, reply: &Reply<'_>, verb: &str, json: &str, sink: &mut Sink<'_>) -> Result<(), Trouble> {
        self.has_answer = true;
        self.introduce(reply, sink)?;
        let status = some_words(reply.status).unwrap_or(verb.into());
        if is_truthy(reply.error) {
            return Err(said(json));
        }
        if matches!(&*status, "failed" | "cancelled" | "queued" | "in_progress") {
            return Err(Trouble::Stopped(Kind::Server, format!("its status is '{status}'")));
        }
        self.told.restate(reply.output.as_deref().unwrap_or_default(), sink)?;
        sink(Piece::Finish(match (&*status, &reply.incomplete_details) {
            ("incomplete", Some(Incomplete { reason })) if words(*reason).as_deref() == Some("content_filter") => {
                Finish::Filter
            }
            ("incomplete", _) => Finish::Length,
            _ if self.told.has_calls() => Finish::Tools,
            _ => Finish::Stop,
        }))?;
        if let Some(spent) = usage(reply.usage) {
            sink(Piece::Usage(spent))?;
        }
        Ok(())
    }
}

/// The error that an event or a reply tells of.
fn said(json: &str) -> Trouble {
    let complaint = serde_json::from_str(json).ok().as_ref().and_then(complaint);
    Trouble::Said(Box::new(complaint.unwrap_or_else(|| plain("an error without words"))))
}

#[cfg(test)]
mod tests;
