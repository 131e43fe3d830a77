//! `--messages` and `--save-messages`: reads a conversation, and writes it with the new answer.
//!
//! Messages stay in chat form, as they were written; only what `wire` relies on is checked.

use serde_json::Value;

use crate::failure::Failure;
use crate::json;
use crate::request::Request;
use crate::response::Response;
use crate::wire;

use super::files::{self, Readers};

/// The messages of `--messages FILE`: an array of them, or an object whose `messages` is one.
///
/// # Errors
/// Usage, with a JSON pointer, for bytes that are not JSON, no array, or hold anything but objects with a `role`.
pub(crate) fn parse(bytes: &[u8], path: &str) -> Result<Vec<Value>, Failure> {
    let fail = |why: String| Failure::usage(format!("'{path}' (from --messages)"), why);
    let value: Value = serde_json::from_slice(bytes).map_err(|error| fail(format!("not JSON: {error}")))?;
    let (messages, at) = match value {
        Value::Array(messages) => (messages, ""),
        Value::Object(mut object) => match object.remove("messages") {
            Some(Value::Array(messages)) => (messages, "/messages"),
            Some(_) => return Err(fail("/messages is no array".into())),
            None => return Err(fail("neither an array nor an object with 'messages'".into())),
        },
        _ => return Err(fail("neither an array nor an object with 'messages'".into())),
    };
    for (place, message) in messages.iter().enumerate() {
        if !message.is_object() {
            return Err(fail(format!("{at}/{place} is no object")));
        }
        if !message["role"].is_string() {
            return Err(fail(format!("{at}/{place} has no 'role'")));
        }
    }
    Ok(messages)
}

/// Checks that a history without a prompt ends in something to answer: a user message or a tool result.
///
/// # Errors
/// Usage, naming the role of its last message.
pub(crate) fn check_end(history: &[Value], path: &str) -> Result<(), Failure> {
    let why = match history.last().map(|message| message["role"].as_str().unwrap_or_default()) {
        Some("user" | "tool" | "function") => return Ok(()),
        Some(role) => format!("its last message is of role '{role}', and there is no prompt after it"),
        None => "it has no messages, and there is no prompt".into(),
    };
    Err(Failure::usage(format!("'{path}' (from --messages)"), why).hint("give a prompt"))
}

/// Writes the conversation with its new answer to `--save-messages FILE`, as an array for `--messages`: history, user
/// message, answer and tool calls, but neither system text nor repair turns.
///
/// # Errors
/// Local if the file cannot be written; it is unchanged then.
pub(crate) fn save(path: &str, request: &Request, response: &Response) -> Result<(), Failure> {
    let conversation = wire::transcript(request, response);
    files::write_whole(path, "--save-messages", Readers::AsBefore, |out| json::indent(conversation.reader(), out))
}

#[cfg(test)]
mod tests;
