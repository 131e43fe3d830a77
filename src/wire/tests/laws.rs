//! Laws of the dialects: a body gives the same pieces in any split, gives none too early, and takes memory in
//! proportion to its length.

use std::time::{Duration, UNIX_EPOCH};

use super::scripted::{PLACE, read, read_pieces};
use crate::failure::Kind;
use crate::laws::sized;
use crate::request::Dialect;
use crate::response::{Headers, Piece};
use crate::wire::refusal::refusal as refused;
use crate::wire::sse::{EventName, SseEvent, SseParser, SseStep};

/// An event that owns its data.
type OwnedEvent = (EventName, Vec<u8>);

/// The result of reading a stream: its events, the one that its end leaves open, and whether a line or an event was too
/// long.
type SseOutcome = (Vec<OwnedEvent>, Option<OwnedEvent>, bool);

/// Events are those that the WHATWG rules give, in any split and under any limit.
pub fn sse(input: &[u8]) {
    let Some((size, body)) = sized(input) else { return };
    let whole = events([body], usize::MAX);
    assert_eq!(whole, by_the_rules(body));
    for limit in [usize::MAX, size] {
        let whole = events([body], limit);
        assert_eq!(events(body.chunks(1), limit), whole, "byte by byte, at most {limit}");
        assert_eq!(events(body.chunks(size), limit), whole, "{size} bytes at a time, at most {limit}");
        assert!(whole.0.iter().all(|(_, data)| data.len() <= limit));
    }
}

/// Reads a stream that comes in the given pieces.
fn events<'b>(body: impl IntoIterator<Item = &'b [u8]>, limit: usize) -> SseOutcome {
    let owned = |event: SseEvent<'_>| (event.name, event.data.to_vec());
    let mut events = SseParser::new(limit);
    let mut told = Vec::new();
    for mut bytes in body {
        loop {
            match events.next(bytes) {
                SseStep::More => break,
                SseStep::TooLong => return (told, None, true),
                SseStep::Event(used, event) => {
                    told.push(owned(event));
                    bytes = &bytes[used..];
                }
            }
        }
    }
    (told, events.rest().map(owned), false)
}

/// The events of a text by a plain reading of the rules; the field `error` is that of old llama.cpp.
fn by_the_rules(body: &[u8]) -> SseOutcome {
    let (mut told, mut name, mut data) = (Vec::new(), EventName::Message, None::<Vec<u8>>);
    let mut rest = body;
    while !rest.is_empty() {
        let length = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
        let (line, behind) = rest.split_at(length);
        rest = behind.strip_prefix(b"\r\n").or_else(|| behind.get(1..)).unwrap_or_default();
        if line.is_empty() {
            let ended = data.take().map(|data| (name, data));
            told.extend(ended);
            name = EventName::Message;
            continue;
        }
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let value = line.get(colon + 1..).unwrap_or_default();
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match &line[..colon] {
            field @ (b"data" | b"error") => {
                if field == b"error" {
                    name = EventName::Error;
                }
                data = Some(data.map_or_else(|| value.to_vec(), |data| [&data[..], b"\n", value].concat()));
            }
            b"event" => name = if value == b"error" { EventName::Error } else { EventName::Message },
            _ => {}
        }
    }
    (told, data.map(|data| (name, data)), false)
}

/// A chat reply gives the same pieces in any split.
pub fn chat(input: &[u8]) {
    reads_alike(Dialect::Chat, input);
}

/// A Responses reply gives the same pieces in any split.
pub fn responses(input: &[u8]) {
    reads_alike(Dialect::Responses, input);
}

/// Reads a body in several splits, and cut short at two places.
fn reads_alike(dialect: Dialect, input: &[u8]) {
    let Some((size, body)) = sized(input) else { return };
    let whole = read(dialect, body);
    let facts = whole.facts();
    assert_eq!(read_pieces(dialect, body.chunks(1)).facts(), facts, "byte by byte");
    assert_eq!(read_pieces(dialect, body.chunks(size)).facts(), facts, "{size} bytes at a time");
    let length: usize = whole.pieces.iter().map(length).sum();
    assert!(length <= 3 * body.len(), "{length} bytes are told of {}", body.len());
    for end in [size.min(body.len()), body.len().saturating_sub(size)] {
        let cut = read(dialect, &body[..end]);
        let (said, all) = (&cut.response.text, &whole.response.text);
        assert!(all.starts_with(said) || whole.response.restated, "cut at {end}: {said:?} of {all:?}");
        assert!(!cut.is_done || cut.facts() == facts, "more is told behind the end at {end}");
    }
}

/// Bytes of text in a piece.
fn length(piece: &Piece<'_>) -> usize {
    match piece {
        Piece::Text(text)
        | Piece::Restated(text)
        | Piece::Reasoning(text)
        | Piece::Refusal(text)
        | Piece::Model(text)
        | Piece::Id(text) => text.len(),
        Piece::Call(call) => {
            let named = [&call.id, &call.name].into_iter().flatten().map(|text| text.len()).sum::<usize>();
            named + call.arguments.len()
        }
        Piece::CallDone | Piece::Finish(_) | Piece::Usage(_) | Piece::OtherChoice(_) => 0,
    }
}

/// A refusal becomes a failure with one line of bounded length. The input is two bytes of status, header
/// lines up to an empty one, and the body.
pub fn refusal(input: &[u8]) {
    let Some((status, rest)) = input.split_first_chunk::<2>() else { return };
    let status = 300 + u16::from_be_bytes(*status) % 300;
    let text = String::from_utf8_lossy(rest);
    let (head, body) = text.split_once("\n\n").unwrap_or(("", &text));
    let headers = head.lines().filter_map(|line| line.split_once(':'));
    let headers = Headers(headers.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect());
    let failure = refused(PLACE, status, &headers, body.as_bytes(), UNIX_EPOCH + Duration::from_secs(1_700_000_000));
    let line = failure.line();
    assert!(matches!(failure.kind, Kind::Auth | Kind::Rejected | Kind::Server | Kind::Limit), "{failure:?}");
    assert_eq!(failure.reply.status, Some(status));
    assert!(!line.contains(['\n', '\r']) && line.chars().count() < 1000, "{line:?}");
    assert!(!failure.transient || failure.retryable, "{failure:?}");
}
