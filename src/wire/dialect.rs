//! Which API a reply is of, told by the reply itself.
//!
//! Looks for the members only one of them has; whether the reply is a good one is the reader's to say.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::sse::{Events, Step};
use crate::request::Dialect;

/// The members that tell one API from the other.
#[derive(Deserialize)]
struct Signs<'a> {
    /// What chat completions answer with.
    choices: Option<IgnoredAny>,
    /// What Responses answer with.
    output: Option<IgnoredAny>,
    /// The kind of document: `chat.completion`, `chat.completion.chunk`, `response`.
    #[serde(borrow)]
    object: Option<&'a RawValue>,
    /// The kind of event: `response.created`, …
    #[serde(borrow, rename = "type")]
    event: Option<&'a RawValue>,
}

/// The API of a whole reply, one document or a stream of events; `None` where nothing in it tells, as in an error.
pub(crate) fn told_by(reply: &[u8]) -> Option<Dialect> {
    let mut rest = reply.strip_prefix(b"\xef\xbb\xbf").unwrap_or(reply).trim_ascii_start();
    if rest.starts_with(b"{") {
        return signs(rest);
    }
    let mut events = Events::new(reply.len());
    while let Step::Event(used, event) = events.next(rest) {
        let told = signs(event.data);
        if told.is_some() {
            return told;
        }
        rest = &rest[used..];
    }
    None
}

/// The API of the first JSON document in `json`.
fn signs(json: &[u8]) -> Option<Dialect> {
    let Signs { choices, output, object, event } =
        serde_json::Deserializer::from_slice(json).into_iter().next()?.ok()?;
    let is = |member: Option<&RawValue>, start: &str| member.is_some_and(|member| member.get().starts_with(start));
    if choices.is_some() || is(object, "\"chat.") {
        Some(Dialect::Chat)
    } else if output.is_some() || is(object, "\"response\"") || is(event, "\"response.") {
        Some(Dialect::Responses)
    } else {
        None
    }
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
            assert_eq!(told_by(reply.as_bytes()), dialect, "{reply}");
        }
    }
}
