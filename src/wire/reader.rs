//! Reply bytes become [`Piece`]s: the body is read as what it is, one JSON document or a stream, whatever was asked.
//!
//! Must not know sockets, statuses or what becomes of the pieces. Source: wire §0 rules 1, 2, 5; contract §4.

use std::mem;

use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::chat_reply::ChatReply;
use super::complaint::{complaint, of_named_event};
use super::page;
use super::responses_reply::ResponsesReply;
use super::sse::{Event, Events, Name, Step};
use super::trouble::Trouble;
use crate::failure::{Failure, Kind};
use crate::request::Dialect;
use crate::response::Piece;

/// Takes the pieces of a reply in the order they are told; a failure of its own ends the reading.
pub(crate) type Sink<'s> = dyn FnMut(Piece<'_>) -> Result<(), Failure> + 's;

/// The byte order mark.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// How much of a web page is kept to find its title in, in bytes.
const PAGE_BYTES: usize = 64 << 10;

/// Whether a reply needs further bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// More may come.
    More,
    /// The terminator was read: stop reading at once, whatever follows.
    Done,
}

/// Whether JSON came as one event of a stream or as the whole body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// One event among others.
    Event,
    /// The body.
    Document,
}

/// Reads the body of one reply with a 2xx status.
#[derive(Clone, Debug)]
pub(crate) struct Reader {
    /// The server's name for messages.
    place: String,
    /// Longest document or single event, in bytes.
    limit_bytes: usize,
    /// Bytes before it was known what the body is.
    blank_bytes: usize,
    /// What the body is, as far as it is known.
    body: Body,
    /// The answer in it.
    answer: Answer,
}

/// What a body is.
#[derive(Clone, Debug)]
enum Body {
    /// Only blanks so far, and this many bytes of a byte order mark.
    Head(usize),
    /// One JSON document, kept until it ends.
    Document(Vec<u8>),
    /// A web page, its beginning kept.
    Page(Vec<u8>),
    /// A stream of events.
    Stream(Events),
    /// It has ended, whatever else comes.
    Over,
}

/// The dialect's decoder.
#[derive(Clone, Debug)]
enum Answer {
    /// Chat completions.
    Chat(Box<ChatReply>),
    /// Responses, also by a ChatGPT login.
    Responses(Box<ResponsesReply>),
}

impl Reader {
    /// A reader at the start of a body; `place` names the server in messages, `limit_bytes` bounds a whole document
    /// and a single stream event.
    pub(crate) fn new(dialect: Dialect, place: &str, limit_bytes: usize) -> Self {
        let answer = match dialect {
            Dialect::Chat => Answer::Chat(Box::default()),
            Dialect::Responses | Dialect::Codex => Answer::Responses(Box::default()),
        };
        Self { place: place.to_owned(), limit_bytes, blank_bytes: 0, body: Body::Head(0), answer }
    }

    /// Takes the next bytes in, however they were cut.
    ///
    /// # Errors
    /// `Server`, or the kind of an error that the reply carries, after the pieces told before it; whatever `sink`
    /// fails with.
    pub(crate) fn feed(&mut self, mut bytes: &[u8], sink: &mut Sink<'_>) -> Result<Progress, Failure> {
        if let Body::Head(mark) = self.body {
            let Some(rest) = self.begin(mark, bytes) else {
                self.blank_bytes += bytes.len();
                return if self.blank_bytes > self.limit_bytes { Err(self.too_long()) } else { Ok(Progress::More) };
            };
            bytes = rest;
        }
        match &mut self.body {
            Body::Head(_) | Body::Over => return Ok(Progress::Done),
            Body::Document(document) if document.len() + bytes.len() > self.limit_bytes => return Err(self.too_long()),
            Body::Document(document) => document.extend_from_slice(bytes),
            Body::Page(page) => {
                page.extend_from_slice(&bytes[..bytes.len().min(PAGE_BYTES - page.len())]);
                if page.len() == PAGE_BYTES {
                    return self.finish(sink).map(|()| Progress::Done);
                }
            }
            Body::Stream(events) => loop {
                match events.next(bytes) {
                    Step::More => break,
                    Step::TooLong => return Err(self.too_long()),
                    Step::Event(used, event) => {
                        bytes = &bytes[used..];
                        let progress = self.answer.take_event(event, sink);
                        if progress.map_err(|trouble| trouble.failure(&self.place))? == Progress::Done {
                            self.body = Body::Over;
                            return Ok(Progress::Done);
                        }
                    }
                }
            },
        }
        Ok(Progress::More)
    }

    /// Ends the body: nothing further will come.
    ///
    /// # Errors
    /// `Network` where the reply was cut before its end, else as [`Reader::feed`].
    pub(crate) fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), Failure> {
        match mem::replace(&mut self.body, Body::Over) {
            Body::Over => Ok(()),
            Body::Head(_) => Err(self.failure(Kind::Server, "sent an empty reply", "")),
            Body::Page(page) => {
                let title = page::title(&String::from_utf8_lossy(&page));
                Err(self.failure(Kind::Server, "sent no answer", &title))
            }
            Body::Document(document) => self.finish_document(document, sink),
            Body::Stream(events) => self.finish_stream(events, sink),
        }
    }

    /// Finds out what the body is: the bytes from the first that says so, or `None` if none does.
    fn begin<'b>(&mut self, mut mark: usize, bytes: &'b [u8]) -> Option<&'b [u8]> {
        let mut rest = bytes;
        while let [first, tail @ ..] = rest {
            if mark < MARK.len() && *first == MARK[mark] {
                mark += 1;
                rest = tail;
                continue;
            }
            match first {
                // DeepSeek keeps a connection alive with empty lines.
                b' ' | b'\t' | b'\r' | b'\n' => {
                    mark = MARK.len();
                    rest = tail;
                    continue;
                }
                b'{' | b'[' => self.body = Body::Document(Vec::new()),
                b'<' => self.body = Body::Page(Vec::new()),
                _ => self.body = Body::Stream(Events::new(self.limit_bytes)),
            }
            return Some(rest);
        }
        self.body = Body::Head(mark);
        None
    }

    /// Decodes a document that has ended.
    fn finish_document(&mut self, document: Vec<u8>, sink: &mut Sink<'_>) -> Result<(), Failure> {
        let text = String::from_utf8(document).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into());
        let mut values = serde_json::Deserializer::from_str(&text).into_iter::<&RawValue>();
        let json = match values.next() {
            Some(Ok(json)) => json.get(),
            Some(Err(error)) if !error.is_eof() => return Err(Trouble::NotJson.failure(&self.place)),
            _ => return Err(self.failure(Kind::Network, "cut the answer off", "it ended before its JSON was whole")),
        };
        // Some gateways end a document as if it were a stream.
        let after = text[values.byte_offset()..].trim_start();
        let taken = if after.starts_with("data:") || "data:".starts_with(after) {
            self.answer.take_document(json, sink)
        } else {
            Err(Trouble::NotReply("more text follows its JSON"))
        };
        taken.map_err(|trouble| trouble.failure(&self.place))
    }

    /// Judges a stream that has ended without a terminator.
    fn finish_stream(&mut self, mut events: Events, sink: &mut Sink<'_>) -> Result<(), Failure> {
        let is_stream = events.is_stream();
        // Servers leave the last blank line out; half an event must not be told.
        let last = events.rest().filter(|event| {
            is_done(event.data) || event.name == Name::Error || serde_json::from_slice::<IgnoredAny>(event.data).is_ok()
        });
        if let Some(event) = last {
            let progress = self.answer.take_event(event, sink);
            if progress.map_err(|trouble| trouble.failure(&self.place))? == Progress::Done {
                return Ok(());
            }
        }
        if !is_stream {
            return Err(Trouble::NotReply("neither JSON nor a stream of events").failure(&self.place));
        }
        if self.answer.is_whole() {
            return Ok(());
        }
        Err(self.failure(Kind::Network, "cut the answer off", "the stream ended before its terminator"))
    }

    /// A failure of this server.
    fn failure(&self, kind: Kind, what: &str, why: &str) -> Failure {
        Failure::new(kind, format!("{} {what}", self.place), why)
    }

    /// A reply or an event beyond the limit.
    fn too_long(&self) -> Failure {
        let why = format!("a reply or an event of it is longer than {} bytes", self.limit_bytes);
        self.failure(Kind::Server, "sent too much", &why).hint("raise the limit with --max-reply")
    }
}

impl Answer {
    /// Tells the pieces of one event.
    fn take_event(&mut self, event: Event<'_>, sink: &mut Sink<'_>) -> Result<Progress, Trouble> {
        let lossy;
        let text = if let Ok(text) = std::str::from_utf8(event.data) {
            text
        } else {
            lossy = String::from_utf8_lossy(event.data);
            &*lossy
        };
        if is_done(event.data) {
            return if self.has_answer() { Ok(Progress::Done) } else { Err(NO_ANSWER) };
        }
        if event.name == Name::Error {
            return Err(Trouble::Said(Box::new(of_named_event(text))));
        }
        match text.trim_start().as_bytes().first() {
            Some(b'{') => match self {
                Self::Chat(chat) => chat.take(text, Frame::Event, sink).map(|()| Progress::More),
                Self::Responses(responses) => responses.take_event(text, sink),
            },
            None => Ok(Progress::More),
            Some(_) => of_no_object(text).map(|()| Progress::More),
        }
    }

    /// Tells the pieces of a whole body.
    fn take_document(&mut self, json: &str, sink: &mut Sink<'_>) -> Result<(), Trouble> {
        if !json.starts_with('{') {
            return of_no_object(json).and(Err(NO_ANSWER));
        }
        match self {
            Self::Chat(chat) => chat.take(json, Frame::Document, sink)?,
            Self::Responses(responses) => responses.take_document(json, sink)?,
        }
        if self.has_answer() { Ok(()) } else { Err(NO_ANSWER) }
    }

    /// True once any part of an answer came, be it empty.
    fn has_answer(&self) -> bool {
        match self {
            Self::Chat(chat) => chat.has_answer(),
            Self::Responses(responses) => responses.has_answer(),
        }
    }

    /// True where the body may end without a terminator.
    fn is_whole(&self) -> bool {
        match self {
            Self::Chat(chat) => chat.is_whole(),
            // A terminal event ends the reading at once.
            Self::Responses(_) => false,
        }
    }
}

/// A reply that is JSON and ends well, but answers nothing.
const NO_ANSWER: Trouble = Trouble::NotReply("there is no answer in it");

/// Judges an event or a document that is no object: an array may be an error, `null` is nothing.
fn of_no_object(json: &str) -> Result<(), Trouble> {
    let value = serde_json::from_str(json).map_err(|_| Trouble::NotJson)?;
    match complaint(&value) {
        Some(complaint) => Err(Trouble::Said(Box::new(complaint))),
        None if value.is_null() => Ok(()),
        None => Err(Trouble::NotReply("it is no JSON object")),
    }
}

/// True for the stream's terminator, blanks after it tolerated.
fn is_done(data: &[u8]) -> bool {
    data.strip_prefix(b"[DONE]").is_some_and(|rest| rest.trim_ascii().is_empty())
}

#[cfg(test)]
mod tests;
