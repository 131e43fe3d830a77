//! Decodes chat completions: chunks of a stream and whole replies become the same [`Piece`]s.
//!
//! Source: docs/wire.md §1.5, §1.6, §3.3, §3.4.

use std::borrow::Cow;

use super::chunk::{CalledTool, ChatChoice, ChatChunk, ChatMessage, ToolCallEntry};
use super::content::{content, details};
use crate::failure::Kind;
use crate::response::{Finish, Fragment, Piece};
use crate::wire::decode_error::DecodeError;
use crate::wire::decoder::{Decoder, Progress, ReplyOrigin, Sink};
use crate::wire::fast_path::FastPath;
use crate::wire::lenient::{count, some_text, text_of};
use crate::wire::usage::usage;

/// Whether JSON came as one event of a stream or as the whole body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Frame {
    /// One event among others.
    Event,
    /// The body.
    Document,
}

/// How much of the answer was seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum End {
    /// No choice yet.
    #[default]
    Nothing,
    /// A choice, but not its end.
    Begun,
    /// An empty finish reason with an empty delta: the end, unless more comes.
    Perhaps,
    /// A finish reason or a whole message was seen.
    Reached,
}

/// Decodes one reply.
#[derive(Clone, Debug, Default)]
pub(crate) struct ChatDecoder {
    /// The id and the model.
    origin: ReplyOrigin,
    /// The highest index of another choice so far.
    others: u64,
    /// How much of the answer was seen.
    end: End,
    /// The way round the parser for chunks that only add text.
    fast_path: FastPath,
}

impl Decoder for ChatDecoder {
    fn take_event(&mut self, json: &str, sink: &mut Sink<'_>) -> Result<Progress, DecodeError> {
        self.take(json, Frame::Event, sink).map(|()| Progress::More)
    }

    fn take_document(&mut self, json: &str, sink: &mut Sink<'_>) -> Result<(), DecodeError> {
        self.take(json, Frame::Document, sink)
    }

    fn has_answer(&self) -> bool {
        self.end != End::Nothing
    }

    fn is_whole(&self) -> bool {
        matches!(self.end, End::Perhaps | End::Reached)
    }

    #[cfg(test)]
    fn copy(&self) -> Box<dyn Decoder> {
        Box::new(self.clone())
    }
}

impl ChatDecoder {
    /// Decodes one JSON object.
    fn take(&mut self, json: &str, frame: Frame, sink: &mut Sink<'_>) -> Result<(), DecodeError> {
        if let Some(text) = self.fast_path.text(json) {
            return self.emit_text(text, sink);
        }
        let chunk: ChatChunk<'_> = serde_json::from_str(json)?;
        let mut pieces = 0_usize;
        let mut text_at = 0..0;
        self.emit(&chunk, frame, &mut |piece| {
            pieces += 1;
            if let Piece::Text(Cow::Borrowed(text)) = piece {
                let at = text.as_ptr().addr().wrapping_sub(json.as_ptr().addr());
                text_at = at..at.wrapping_add(text.len());
            }
            sink(piece)
        })?;
        if chunk.is_error() {
            return Err(DecodeError::reported(json));
        }
        if pieces == 1 && frame == Frame::Event {
            self.fast_path.learn(json, text_at);
        }
        Ok(())
    }

    /// Passes on the pieces of a chunk or a whole reply.
    fn emit(&mut self, chunk: &ChatChunk<'_>, frame: Frame, sink: &mut Sink<'_>) -> Result<(), DecodeError> {
        self.origin.emit(chunk.id, chunk.model, sink)?;
        if let Some(choices) = &chunk.choices {
            let answer = match frame {
                Frame::Event => 0,
                Frame::Document => choices.indices().min().unwrap_or(0),
            };
            for (choice, index) in choices.iter().zip(choices.indices()) {
                if index == answer {
                    self.emit_choice(choice, chunk.is_error(), sink)?;
                } else if index > self.others {
                    self.others = index;
                    sink(Piece::OtherChoice(index))?;
                }
            }
        } else if chunk.is_of_responses() {
            return Err(DecodeError::OtherApi("responses"));
        }
        let spent = usage(chunk.usage)
            .or_else(|| usage(chunk.x_groq.as_ref()?.usage))
            .or_else(|| usage(chunk.choices.as_ref()?.first.as_ref()?.usage));
        spent.map_or(Ok(()), |spent| Ok(sink(Piece::Usage(spent))?))
    }

    /// Passes on the pieces of the choice that is the answer.
    fn emit_choice(&mut self, choice: &ChatChoice<'_>, is_error: bool, sink: &mut Sink<'_>) -> Result<(), DecodeError> {
        let mut has_content = false;
        for (message, is_whole) in [(&choice.delta, false), (&choice.message, true)] {
            let Some(message) = message else { continue };
            has_content |= emit_message(message, is_whole, sink)?;
            self.end = if is_whole { End::Reached } else { self.end };
        }
        self.end = match self.end {
            End::Reached => End::Reached,
            End::Perhaps if !has_content => End::Perhaps,
            _ => End::Begun,
        };
        let Some(reason) = text_of(choice.finish_reason).filter(|_| !is_error) else { return Ok(()) };
        if reason.is_empty() && has_content && self.end != End::Reached {
            // Some gateways send an empty reason with every delta.
            return Ok(());
        }
        let finish = finish(&reason)?;
        self.end = if reason.is_empty() && self.end != End::Reached { End::Perhaps } else { End::Reached };
        Ok(sink(Piece::Finish(finish))?)
    }

    /// Passes on the text that the fast path found.
    fn emit_text(&mut self, text: Cow<'_, str>, sink: &mut Sink<'_>) -> Result<(), DecodeError> {
        if text.is_empty() {
            return Ok(());
        }
        if self.end == End::Perhaps {
            self.end = End::Begun;
        }
        Ok(sink(Piece::Text(text))?)
    }
}

/// Passes on the pieces of a message; false if it has none.
fn emit_message(message: &ChatMessage<'_>, is_whole: bool, sink: &mut Sink<'_>) -> Result<bool, DecodeError> {
    let content = content(message.content);
    // Servers send the same reasoning under several names: one is read.
    let reasoning = some_text(message.reasoning_content).or_else(|| some_text(message.reasoning));
    let pieces = [
        Piece::Reasoning(reasoning.unwrap_or_else(|| details(message.reasoning_details))),
        Piece::Reasoning(content.reasoning),
        Piece::Text(content.text),
        Piece::Refusal(some_text(message.refusal).unwrap_or(content.refusal)),
    ];
    let mut has_content = false;
    for piece in pieces {
        if let Piece::Reasoning(words) | Piece::Text(words) | Piece::Refusal(words) = &piece
            && !words.is_empty()
        {
            has_content = true;
            sink(piece)?;
        }
    }
    if let Some(calls) = message.tool_calls.filter(|calls| calls.get().starts_with('[')) {
        let entries: Vec<Option<ToolCallEntry<'_>>> = serde_json::from_str(calls.get())?;
        for (place, entry) in (0..).zip(entries.into_iter().flatten()) {
            let fragment = fragment(&entry, is_whole.then_some(place));
            if fragment.id.is_some() || fragment.name.is_some() || !fragment.arguments.is_empty() {
                has_content = true;
                sink(Piece::Call(fragment))?;
            }
        }
    }
    if let Some(called) = message.function_call {
        let called: CalledTool<'_> = serde_json::from_str(called.get())?;
        has_content = true;
        sink(Piece::Call(of_called(&called, Some(0), None, is_whole)))?;
    }
    Ok(has_content)
}

/// A call out of a list. In a whole message it is identified by its place, whatever its id and index are.
fn fragment<'a>(entry: &ToolCallEntry<'a>, place: Option<u64>) -> Fragment<'a> {
    let none = CalledTool { name: None, arguments: None, input: None };
    let called = entry.function.as_ref().or(entry.custom.as_ref()).unwrap_or(&none);
    of_called(called, place.or_else(|| count(entry.index)), some_text(entry.id), place.is_some())
}

/// The fragment of one function or custom tool.
fn of_called<'a>(called: &CalledTool<'a>, index: Option<u64>, id: Option<Cow<'a, str>>, whole: bool) -> Fragment<'a> {
    let arguments = text_of(called.arguments.or(called.input)).unwrap_or_default();
    Fragment { index, id, name: some_text(called.name), arguments, whole }
}

/// The meaning of a finish reason.
fn finish(reason: &str) -> Result<Finish, DecodeError> {
    let stopped = |kind| Err(DecodeError::Stopped(kind, format!("its finish reason is '{reason}'")));
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
