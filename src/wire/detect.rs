//! Detects the API of a saved reply by the members that only its objects have.

use clap::ValueEnum;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::sse::{SseParser, SseStep};
use crate::request::Dialect;

/// The members of a JSON object by which one API differs from another.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub(crate) struct ReplySigns<'a> {
    /// The answers of a chat completion.
    pub(super) choices: Option<IgnoredAny>,
    /// The items of a Responses reply.
    pub(super) output: Option<IgnoredAny>,
    /// The kind of document: `chat.completion`, `chat.completion.chunk`, `response`.
    object: Option<&'a RawValue>,
    /// The kind of event: `response.created`, …
    #[serde(rename = "type")]
    event: Option<&'a RawValue>,
}

impl ReplySigns<'_> {
    /// True where the JSON of `object` starts with `start`, which includes the quote.
    pub(super) fn object_starts(&self, start: &str) -> bool {
        self.object.is_some_and(|object| object.get().starts_with(start))
    }

    /// True where the JSON of `type` starts with `start`, which includes the quote.
    pub(super) fn event_starts(&self, start: &str) -> bool {
        self.event.is_some_and(|event| event.get().starts_with(start))
    }
}

/// The API of a whole reply, one document or a stream of events; `None` where it cannot be seen, as in an error.
pub(crate) fn dialect_of(reply: &[u8]) -> Option<Dialect> {
    let mut rest = reply.strip_prefix(b"\xef\xbb\xbf").unwrap_or(reply).trim_ascii_start();
    if rest.starts_with(b"{") {
        return of_object(rest);
    }
    let mut events = SseParser::new(reply.len());
    while let SseStep::Event(used, event) = events.next(rest) {
        let found = of_object(event.data);
        if found.is_some() {
            return found;
        }
        rest = &rest[used..];
    }
    None
}

/// The API of the first JSON object in `json`.
fn of_object(json: &[u8]) -> Option<Dialect> {
    let signs: ReplySigns<'_> = serde_json::Deserializer::from_slice(json).into_iter().next()?.ok()?;
    Dialect::value_variants().iter().copied().find(|dialect| (dialect.spec().recognises)(&signs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_tells_its_api() {
        for (reply, dialect) in [
            ("\u{feff} \n{\"id\":\"x\",\"choices\":[]}", Some(Dialect::Chat)),
            ("{\"object\":\"chat.completion\",\"choices\":null}", Some(Dialect::Chat)),
            ("{\"choices\":[]}\ndata: [DONE]\n\n", Some(Dialect::Chat)),
            (": ping\n\ndata: {\"error\":null}\n\ndata: {\"choices\":[]}\n\n", Some(Dialect::Chat)),
            ("{\"object\":\"response\",\"status\":\"failed\"}", Some(Dialect::Responses)),
            ("{\"output\":[]}", Some(Dialect::Responses)),
            ("event: response.created\ndata: {\"type\":\"response.created\"}\n\n", Some(Dialect::Responses)),
            ("{\"error\":{\"message\":\"no\"}}", None),
            ("data: [DONE]\n\n", None),
            ("{\"choices\":", None),
            ("<html>", None),
            ("", None),
        ] {
            assert_eq!(dialect_of(reply.as_bytes()), dialect, "{reply}");
        }
    }
}
