//! Reads the body of a reply into [`Piece`](crate::response::Piece)s. Whether it is one JSON document or a stream is
//! seen in its first byte, whatever was asked for.
//!
//! Source: docs/wire.md §0 rules 1, 2, 5; docs/contract.md §4.

use std::mem;

use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::decode_error::DecodeError;
use super::decoder::{Decoder, Progress, Sink};
use super::html;
use super::server_error::{of_named_event, server_error};
use super::sse::{EventName, SseEvent, SseParser, SseStep};
use crate::failure::{Failure, Kind};
use crate::request::Dialect;

/// The byte order mark.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// How many bytes of a web page are kept to find its title.
const PAGE_BYTES: usize = 64 << 10;

/// Reads the body of one reply with a 2xx status.
#[cfg_attr(test, derive(Clone))]
#[derive(Debug)]
pub(crate) struct ReplyReader {
    /// The server's name in messages.
    place: String,
    /// Longest document or single event, in bytes.
    limit_bytes: usize,
    /// Blank bytes so far, while nothing else came.
    blank_bytes: usize,
    /// What the body is, and what of it is kept.
    body: BodyState,
    /// The decoder of the dialect.
    decoder: Box<dyn Decoder>,
}

/// What a body is, as far as it is known.
#[derive(Clone, Debug)]
enum BodyState {
    /// Only blanks so far, and this many bytes of a byte order mark.
    Head(usize),
    /// One JSON document, kept until it ends.
    Document(Vec<u8>),
    /// A web page, its beginning kept.
    Page(Vec<u8>),
    /// A stream of events.
    Stream(SseParser),
    /// The reply is complete; further bytes are ignored.
    Over,
}

impl ReplyReader {
    /// A reader at the start of a body; `place` names the server in messages, `limit_bytes` bounds a whole document
    /// and a single stream event.
    pub(crate) fn new(dialect: Dialect, place: &str, limit_bytes: usize) -> Self {
        let decoder = (dialect.spec().decoder)();
        Self { place: place.to_owned(), limit_bytes, blank_bytes: 0, body: BodyState::Head(0), decoder }
    }

    /// Reads the next bytes, split anywhere.
    ///
    /// # Errors
    /// `Server`, or the kind of an error in the reply, after the pieces that came before it; any failure of `sink`.
    pub(crate) fn feed(&mut self, mut bytes: &[u8], sink: &mut Sink<'_>) -> Result<Progress, Failure> {
        if let BodyState::Head(mark) = self.body {
            let Some(rest) = self.begin(mark, bytes) else {
                self.blank_bytes += bytes.len();
                return if self.blank_bytes > self.limit_bytes { Err(self.too_long()) } else { Ok(Progress::More) };
            };
            bytes = rest;
        }
        match &mut self.body {
            BodyState::Head(_) | BodyState::Over => return Ok(Progress::Done),
            BodyState::Document(document) if document.len() + bytes.len() > self.limit_bytes => {
                return Err(self.too_long());
            }
            BodyState::Document(document) => document.extend_from_slice(bytes),
            BodyState::Page(page) => {
                page.extend_from_slice(&bytes[..bytes.len().min(PAGE_BYTES - page.len())]);
                if page.len() == PAGE_BYTES {
                    return self.finish(sink).map(|()| Progress::Done);
                }
            }
            BodyState::Stream(events) => loop {
                match events.next(bytes) {
                    SseStep::More => break,
                    SseStep::TooLong => return Err(self.too_long()),
                    SseStep::Event(used, event) => {
                        bytes = &bytes[used..];
                        let progress = take_event(&mut *self.decoder, event, sink);
                        if progress.map_err(|error| error.failure(&self.place))? == Progress::Done {
                            self.body = BodyState::Over;
                            return Ok(Progress::Done);
                        }
                    }
                }
            },
        }
        Ok(Progress::More)
    }

    /// Ends the body.
    ///
    /// # Errors
    /// `Network` where the reply is not complete, else as [`ReplyReader::feed`].
    pub(crate) fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), Failure> {
        match mem::replace(&mut self.body, BodyState::Over) {
            BodyState::Over => Ok(()),
            BodyState::Head(_) => Err(self.failure(Kind::Server, "sent an empty reply", "")),
            BodyState::Page(page) => {
                let title = html::title(&String::from_utf8_lossy(&page));
                Err(self.failure(Kind::Server, "sent no answer", &title))
            }
            BodyState::Document(document) => self.finish_document(document, sink),
            BodyState::Stream(events) => self.finish_stream(events, sink),
        }
    }

    /// Sets the kind of body by the first byte that is not blank; returns the bytes from there, or `None`.
    fn begin<'b>(&mut self, mut mark: usize, bytes: &'b [u8]) -> Option<&'b [u8]> {
        let mut rest = bytes;
        while let [first, tail @ ..] = rest {
            if mark < MARK.len() && *first == MARK[mark] {
                mark += 1;
                rest = tail;
                continue;
            }
            match first {
                // DeepSeek sends empty lines to keep a connection alive.
                b' ' | b'\t' | b'\r' | b'\n' => {
                    mark = MARK.len();
                    rest = tail;
                    continue;
                }
                b'{' | b'[' => self.body = BodyState::Document(Vec::new()),
                b'<' => self.body = BodyState::Page(Vec::new()),
                _ => self.body = BodyState::Stream(SseParser::new(self.limit_bytes)),
            }
            return Some(rest);
        }
        self.body = BodyState::Head(mark);
        None
    }

    /// Decodes a document that has ended.
    fn finish_document(&mut self, document: Vec<u8>, sink: &mut Sink<'_>) -> Result<(), Failure> {
        let text = String::from_utf8(document).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into());
        let mut values = serde_json::Deserializer::from_str(&text).into_iter::<&RawValue>();
        let json = match values.next() {
            Some(Ok(json)) => json.get(),
            Some(Err(error)) if !error.is_eof() => return Err(DecodeError::NotJson.failure(&self.place)),
            _ => return Err(self.failure(Kind::Network, "cut the answer off", "it ended before its JSON was whole")),
        };
        // Some gateways add a `data: [DONE]` to a document.
        let after = text[values.byte_offset()..].trim_start();
        let taken = if after.starts_with("data:") || "data:".starts_with(after) {
            take_document(&mut *self.decoder, json, sink)
        } else {
            Err(DecodeError::NotReply("more text follows its JSON"))
        };
        taken.map_err(|error| error.failure(&self.place))
    }

    /// Decodes the end of a stream without a terminator.
    fn finish_stream(&mut self, mut events: SseParser, sink: &mut Sink<'_>) -> Result<(), Failure> {
        let is_stream = events.is_stream();
        // Some servers leave out the last blank line; an incomplete event must not be decoded.
        let last = events.rest().filter(|event| {
            is_done(event.data)
                || event.name == EventName::Error
                || serde_json::from_slice::<IgnoredAny>(event.data).is_ok()
        });
        if let Some(event) = last {
            let progress = take_event(&mut *self.decoder, event, sink);
            if progress.map_err(|error| error.failure(&self.place))? == Progress::Done {
                return Ok(());
            }
        }
        if !is_stream {
            return Err(DecodeError::NotReply("neither JSON nor a stream of events").failure(&self.place));
        }
        if self.decoder.is_whole() {
            return Ok(());
        }
        Err(self.failure(Kind::Network, "cut the answer off", "the stream ended before its terminator"))
    }

    /// A failure of this server.
    fn failure(&self, kind: Kind, what: &str, why: &str) -> Failure {
        Failure::new(kind, format!("{} {what}", self.place), why)
    }

    /// The failure for a reply or an event longer than the limit.
    fn too_long(&self) -> Failure {
        let why = format!("a reply or an event of it is longer than {} bytes", self.limit_bytes);
        self.failure(Kind::Server, "sent too much", &why).hint("raise the limit with --max-reply")
    }
}

/// Decodes one event of a stream.
fn take_event(decoder: &mut dyn Decoder, event: SseEvent<'_>, sink: &mut Sink<'_>) -> Result<Progress, DecodeError> {
    let lossy;
    let text = if let Ok(text) = std::str::from_utf8(event.data) {
        text
    } else {
        lossy = String::from_utf8_lossy(event.data);
        &*lossy
    };
    if is_done(event.data) {
        return if decoder.has_answer() { Ok(Progress::Done) } else { Err(NO_ANSWER) };
    }
    if event.name == EventName::Error {
        return Err(DecodeError::Reported(Box::new(of_named_event(text))));
    }
    match text.trim_start().as_bytes().first() {
        Some(b'{') => decoder.take_event(text, sink),
        None => Ok(Progress::More),
        Some(_) => of_no_object(text).map(|()| Progress::More),
    }
}

/// Decodes a whole body.
fn take_document(decoder: &mut dyn Decoder, json: &str, sink: &mut Sink<'_>) -> Result<(), DecodeError> {
    if !json.starts_with('{') {
        return of_no_object(json).and(Err(NO_ANSWER));
    }
    decoder.take_document(json, sink)?;
    if decoder.has_answer() { Ok(()) } else { Err(NO_ANSWER) }
}

/// A complete reply without an answer.
const NO_ANSWER: DecodeError = DecodeError::NotReply("there is no answer in it");

/// Decodes an event or a document that is no object: an array may be an error, `null` is ignored.
fn of_no_object(json: &str) -> Result<(), DecodeError> {
    let value = serde_json::from_str(json).map_err(|_| DecodeError::NotJson)?;
    match server_error(&value) {
        Some(server_error) => Err(DecodeError::Reported(Box::new(server_error))),
        None if value.is_null() => Ok(()),
        None => Err(DecodeError::NotReply("it is no JSON object")),
    }
}

/// True for the stream's terminator, perhaps with blanks after it.
fn is_done(data: &[u8]) -> bool {
    data.strip_prefix(b"[DONE]").is_some_and(|rest| rest.trim_ascii().is_empty())
}

#[cfg(test)]
mod tests;
