//! Chat completions, the decoding half: chunks and whole replies become the same [`Piece`]s.
//!
//! Must not know how the bytes came. Source: wire §1.5, §1.6, §3.3, §3.4.

mod chunk;

use std::borrow::Cow;

use chunk::{Called, Choice, Chunk, Entry, Message};

use super::complaint::{complaint, plain};
use super::content::{content, details};
use super::loose::{count, some_words, words};
use super::reader::{Frame, Sink};
use super::shortcut::Shortcut;
use super::trouble::Trouble;
use super::usage::usage;
use crate::failure::Kind;
use crate::response::{Finish, Fragment, Piece};

/// How far the answer has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum End {
    /// No choice was seen.
    #[default]
    Nothing,
    /// A choice was seen, its end not.
    Begun,
    /// An empty finish reason came with an empty delta: the end, unless there is more.
    Perhaps,
    /// A finish reason, or a whole message.
    Reached,
}

/// Decodes one reply.
#[derive(Clone, Debug, Default)]
pub(crate) struct ChatReply {
    /// Whether the id was told.
    told_id: bool,
    /// Whether the model was told.
    told_model: bool,
    /// The highest index of another choice told.
    others: u64,
    /// How far the answer has come.
    end: End,
    /// The fast way.
    shortcut: Shortcut,
}

impl ChatReply {
    /// True once a choice was seen.
    pub(crate) fn has_answer(&self) -> bool {
        self.end != End::Nothing
    }

    /// True where the body may end here.
    pub(crate) fn is_whole(&self) -> bool {
        matches!(self.end, End::Perhaps | End::Reached)
    }

    /// Tells the pieces of one JSON object.
    ///
    /// # Errors
    /// What the reply is instead of an answer, after the pieces told before it.
    pub(crate) fn take(&mut self, json: &str, frame: Frame, sink: &mut Sink<'_>) -> Result<(), Trouble> {
        if let Some(text) = self.shortcut.text(json) {
            return self.tell_text(text, sink);
        }
        let chunk: Chunk<'_> = serde_json::from_str(json)?;
        let mut told = 0_usize;
        let mut only = 0..0;
        self.tell(&chunk, frame, &mut |piece| {
            told += 1;
            if let Piece::Text(Cow::Borrowed(text)) = piece {
                let at = text.as_ptr().addr().wrapping_sub(json.as_ptr().addr());
                only = at..at.wrapping_add(text.len());
            }
            sink(piece)
        })?;
        if chunk.is_error() {
            let body = serde_json::from_str(json)?;
            return Err(Trouble::Said(Box::new(complaint(&body).unwrap_or_else(|| plain("an error without words")))));
        }
        if told == 1 && frame == Frame::Event {
            self.shortcut.learn(json, only);
        }
        Ok(())
    }

    /// Tells the pieces of a chunk or a whole reply.
    fn tell(&mut self, chunk: &Chunk<'_>, frame: Frame, sink: &mut Sink<'_>) -> Result<(), Trouble> {
        if !self.told_id
            && let Some(id) = some_words(chunk.id)
        {
            self.told_id = true;
            sink(Piece::Id(id))?;
        }
        if !self.told_model
            && let Some(model) = some_words(chunk.model)
        {
            self.told_model = true;
            sink(Piece::Model(model))?;
        }
        if let Some(choices) = &chunk.choices {
            let answer = match frame {
                Frame::Event => 0,
                Frame::Document => choices.indices().min().unwrap_or(0),
            };
            for (choice, index) in choices.iter().zip(choices.indices()) {
                if index == answer {
                    self.tell_choice(choice, chunk.is_error(), sink)?;
                } else if index > self.others {
                    self.others = index;
                    sink(Piece::OtherChoice(index))?;
                }
            }
        } else if chunk.is_of_responses() {
            return Err(Trouble::OtherApi("responses"));
        }
        let spent = usage(chunk.usage)
            .or_else(|| usage(chunk.x_groq.as_ref()?.usage))
            .or_else(|| usage(chunk.choices.as_ref()?.first.as_ref()?.usage));
        spent.map_or(Ok(()), |spent| Ok(sink(Piece::Usage(spent))?))
    }

    /// Tells one choice, the answer.
    fn tell_choice(&mut self, choice: &Choice<'_>, is_error: bool, sink: &mut Sink<'_>) -> Result<(), Trouble> {
        let mut told_any = false;
        for (message, is_whole) in [(&choice.delta, false), (&choice.message, true)] {
            let Some(message) = message else { continue };
            told_any |= tell_message(message, is_whole, sink)?;
            self.end = if is_whole { End::Reached } else { self.end };
        }
        self.end = match self.end {
            End::Reached => End::Reached,
            End::Perhaps if !told_any => End::Perhaps,
            _ => End::Begun,
        };
        let Some(reason) = words(choice.finish_reason).filter(|_| !is_error) else { return Ok(()) };
        if reason.is_empty() && told_any && self.end != End::Reached {
            // Some gateways send an empty reason with every delta: it ends nothing.
            return Ok(());
        }
        let finish = finish(&reason)?;
        self.end = if reason.is_empty() && self.end != End::Reached { End::Perhaps } else { End::Reached };
        Ok(sink(Piece::Finish(finish))?)
    }

    /// Tells the text of an event that is known but for it.
    fn tell_text(&mut self, text: Cow<'_, str>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
        if text.is_empty() {
            return Ok(());
        }
        if self.end == End::Perhaps {
            self.end = End::Begun;
        }
        Ok(sink(Piece::Text(text))?)
    }
}

/// Tells what a message says; true if it says anything.
fn tell_message(message: &Message<'_>, is_whole: bool, sink: &mut Sink<'_>) -> Result<bool, Trouble> {
    let said = content(message.content);
    // The same reasoning comes under several names: one of them counts.
    let reasoning = some_words(message.reasoning_content).or_else(|| some_words(message.reasoning));
    let pieces = [
        Piece::Reasoning(reasoning.unwrap_or_else(|| details(message.reasoning_details))),
        Piece::Reasoning(said.reasoning),
        Piece::Text(said.text),
        Piece::Refusal(some_words(message.refusal).unwrap_or(said.refusal)),
    ];
    let mut told_any = false;
    for piece in pieces {
        if let Piece::Reasoning(words) | Piece::Text(words) | Piece::Refusal(words) = &piece
            && !words.is_empty()
        {
            told_any = true;
            sink(piece)?;
        }
    }
    if let Some(calls) = message.tool_calls.filter(|calls| calls.get().starts_with('[')) {
        let entries: Vec<Option<Entry<'_>>> = serde_json::from_str(calls.get())?;
        for (place, entry) in (0..).zip(entries.into_iter().flatten()) {
            let fragment = fragment(&entry, is_whole.then_some(place));
            if fragment.id.is_some() || fragment.name.is_some() || !fragment.arguments.is_empty() {
                told_any = true;
                sink(Piece::Call(fragment))?;
            }
        }
    }
    if let Some(called) = message.function_call {
        let called: Called<'_> = serde_json::from_str(called.get())?;
        told_any = true;
        sink(Piece::Call(of_called(&called, Some(0), None, is_whole)))?;
    }
    Ok(told_any)
}

/// A call out of a list. In a whole message its place tells it apart, whatever ids and indices say.
fn fragment<'a>(entry: &Entry<'a>, place: Option<u64>) -> Fragment<'a> {
    let none = Called { name: None, arguments: None, input: None };
    let called = entry.function.as_ref().or(entry.custom.as_ref()).unwrap_or(&none);
    of_called(called, place.or_else(|| count(entry.index)), some_words(entry.id), place.is_some())
}

/// The fragment of what is called.
fn of_called<'a>(called: &Called<'a>, index: Option<u64>, id: Option<Cow<'a, str>>, whole: bool) -> Fragment<'a> {
    let arguments = words(called.arguments.or(called.input)).unwrap_or_default();
    Fragment { index, id, name: some_words(called.name), arguments, whole }
}

/// What a finish reason means.
fn finish(reason: &str) -> Result<Finish, Trouble> {
    let stopped = |kind| Err(Trouble::Stopped(kind, format!("its finish reason is '{reason}'")));
    match reason.to_ascii_lowercase().as_str() {
        "" | "stop" | "eos" | "eos_token" | "end_turn" | "stop_sequence" => Ok(Finish::Stop),
        "length" | "max_tokens" | "model_length" | "max_output_tokens" => Ok(Finish::Length),
        "content_filter" | "sensitive" => Ok(Finish::Filter),
        "tool_calls" | "function_call" => Ok(Finish::Tools),
        "error" => stopped(Kind::Server),
        "abort" | "network_error" => stopped(Kind::Network),
        _ => Ok(Finish::Other(reason.to_owned())),
    }
}

#[cfg(test)]
mod tests;
