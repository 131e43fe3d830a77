//! Server-sent events: splits a stream into events by the WHATWG rules, and takes what servers send besides. A byte
//! order mark at the start is for the reader to skip.
//!
//! Source: docs/wire.md §4, every row of which is a test.

use std::mem;

use memchr::{memchr, memchr2};

/// Name of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum EventName {
    /// Any name but `error`: the meaning of an event stands in its data.
    #[default]
    Message,
    /// `event: error`, or the bare field `error: {…}` of llama.cpp before late 2025.
    Error,
}

/// One event with data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SseEvent<'a> {
    /// Its name.
    pub(crate) name: EventName,
    /// Its data, lines joined by LF.
    pub(crate) data: &'a [u8],
}

/// Result of [`SseParser::next`].
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SseStep<'a> {
    /// An event ended after this many bytes of the input.
    Event(usize, SseEvent<'a>),
    /// The input is used up.
    More,
    /// A line or an event is longer than the limit.
    TooLong,
}

/// An incremental parser: keeps only what is not complete yet, and looks at each byte once.
#[derive(Clone, Debug)]
pub(crate) struct SseParser {
    /// Longest line and longest data, in bytes.
    limit_bytes: usize,
    /// The line that is not complete yet.
    line: Vec<u8>,
    /// Data of the event that is not complete yet, from earlier inputs.
    data: Vec<u8>,
    /// Whether the event has a data line yet, even an empty one.
    has_data: bool,
    /// Whether `data` belongs to an event that was returned.
    spent: bool,
    /// The name of the event that is not complete yet.
    name: EventName,
    /// Whether the last byte was CR, so that an LF at the start of the next input belongs to it.
    after_cr: bool,
    /// Whether any line so far was a comment or a known field.
    is_stream: bool,
}

/// A line of the stream, cut into field and value.
enum SseLine<'a> {
    /// An empty line: the end of the event.
    Blank,
    /// A data line.
    Data(&'a [u8]),
    /// A line of the field `error`: data of an error.
    Error(&'a [u8]),
    /// The event's name.
    Name(EventName),
    /// A comment, `id` or `retry`.
    Comment,
    /// An unknown field.
    Unknown,
}

impl SseParser {
    /// A parser at the start of a stream; no line and no event's data may be longer than `limit_bytes`.
    pub(crate) fn new(limit_bytes: usize) -> Self {
        Self {
            limit_bytes,
            line: Vec::new(),
            data: Vec::new(),
            has_data: false,
            spent: false,
            name: EventName::Message,
            after_cr: false,
            is_stream: false,
        }
    }

    /// True once any line was a comment or a known field, or begins like one: the body is a stream, not other text.
    pub(crate) fn is_stream(&self) -> bool {
        let begun = || match cut(&self.line) {
            SseLine::Blank => false,
            SseLine::Unknown => [&b"data"[..], b"event"].iter().any(|field| field.starts_with(&self.line)),
            _ => true,
        };
        self.is_stream || begun()
    }

    /// Reads `input` up to the end of the next event. An event that lies whole in the input is borrowed from it.
    pub(crate) fn next<'e>(&'e mut self, input: &'e [u8]) -> SseStep<'e> {
        self.forget();
        let mut at = 0;
        // The event's first data line, while it can be borrowed.
        let mut direct: Option<&[u8]> = None;
        loop {
            if mem::take(&mut self.after_cr) {
                match input.get(at) {
                    Some(b'\n') => at += 1,
                    Some(_) => {}
                    None => self.after_cr = true,
                }
            }
            let Some(length) = memchr2(b'\n', b'\r', &input[at..]) else {
                self.line.extend_from_slice(&input[at..]);
                self.keep(direct);
                return if self.line.len() > self.limit_bytes { SseStep::TooLong } else { SseStep::More };
            };
            let line = &input[at..at + length];
            at += length + 1;
            self.after_cr = input[at - 1] == b'\r';
            if self.line.len() + line.len() > self.limit_bytes {
                return SseStep::TooLong;
            }
            if !self.line.is_empty() {
                // Only the first line of an input can have begun in an earlier one, so nothing is borrowed yet.
                self.line.extend_from_slice(line);
                self.end_kept_line();
            } else {
                match cut(line) {
                    SseLine::Blank if direct.is_some() || self.has_data => break,
                    SseLine::Blank => self.name = EventName::Message,
                    SseLine::Data(value) if direct.is_none() && !self.has_data => {
                        self.is_stream = true;
                        direct = Some(value);
                    }
                    other => {
                        if matches!(other, SseLine::Data(_) | SseLine::Error(_)) {
                            self.keep(direct.take());
                        }
                        self.take_field(other);
                    }
                }
            }
            if self.data.len() > self.limit_bytes {
                return SseStep::TooLong;
            }
        }
        self.spent = true;
        let event = SseEvent { name: self.name, data: direct.unwrap_or(&self.data) };
        SseStep::Event(at, event)
    }

    /// Ends the input and returns the event that is not complete: its last line, or only the blank line, is missing.
    pub(crate) fn rest(&mut self) -> Option<SseEvent<'_>> {
        self.forget();
        if !self.line.is_empty() {
            self.end_kept_line();
        }
        (self.has_data).then_some(SseEvent { name: self.name, data: &self.data })
    }

    /// Drops the event that the call before returned.
    fn forget(&mut self) {
        if mem::take(&mut self.spent) {
            self.data.clear();
            self.has_data = false;
            self.name = EventName::Message;
        }
    }

    /// Parses a line that came in more than one input.
    fn end_kept_line(&mut self) {
        let mut line = mem::take(&mut self.line);
        match cut(&line) {
            SseLine::Data(value) if !self.has_data => {
                // A long line is moved, not copied.
                self.is_stream = true;
                self.has_data = true;
                let head = line.len() - value.len();
                line.drain(..head);
                mem::swap(&mut self.data, &mut line);
            }
            field => self.take_field(field),
        }
        line.clear();
        self.line = line;
    }

    /// Adds one field to the event.
    fn take_field(&mut self, field: SseLine<'_>) {
        self.is_stream |= !matches!(field, SseLine::Unknown | SseLine::Blank);
        match field {
            SseLine::Data(value) => self.keep(Some(value)),
            SseLine::Error(value) => {
                self.name = EventName::Error;
                self.keep(Some(value));
            }
            SseLine::Name(name) => self.name = name,
            SseLine::Blank | SseLine::Comment | SseLine::Unknown => {}
        }
    }

    /// Appends one data line.
    fn keep(&mut self, value: Option<&[u8]>) {
        let Some(value) = value else { return };
        if mem::replace(&mut self.has_data, true) {
            self.data.push(b'\n');
        }
        self.data.extend_from_slice(value);
    }
}

/// Cuts a line into field and value.
fn cut(line: &[u8]) -> SseLine<'_> {
    if let Some(value) = line.strip_prefix(b"data:") {
        return SseLine::Data(value.strip_prefix(b" ").unwrap_or(value));
    }
    let (field, value) = match memchr(b':', line) {
        Some(colon) => (&line[..colon], &line[colon + 1..]),
        None => (line, &b""[..]),
    };
    let value = value.strip_prefix(b" ").unwrap_or(value);
    match field {
        b"" if line.is_empty() => SseLine::Blank,
        b"data" => SseLine::Data(value),
        b"error" => SseLine::Error(value),
        b"event" => SseLine::Name(if value == b"error" { EventName::Error } else { EventName::Message }),
        b"" | b"id" | b"retry" => SseLine::Comment,
        _ => SseLine::Unknown,
    }
}

#[cfg(test)]
mod tests;
