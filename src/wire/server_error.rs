//! Reads the error out of a JSON body, in every shape that servers are known to send.
//!
//! Source: docs/wire.md §3.2; docs/codex.md §3.5 for the usage limit.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::failure::shortened;

/// Longest message kept, in characters.
const LONGEST: usize = 300;

/// An error as the server describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ServerError {
    /// The message: one line, at most 300 characters.
    pub(crate) message: String,
    /// The error's code if it is a word, else its type.
    pub(crate) code: Option<String>,
    /// The field of the request it is about.
    pub(crate) param: Option<String>,
    /// The HTTP status in it.
    pub(crate) status: Option<u16>,
    /// How long to wait.
    pub(crate) wait: Option<Duration>,
    /// When a limit ends, in seconds since 1970.
    pub(crate) resets_at: Option<u64>,
    /// The request's id.
    pub(crate) request_id: Option<String>,
}

/// The error in a JSON body or event, if there is one.
pub(crate) fn server_error(body: &Value) -> Option<ServerError> {
    match body {
        // Gemini sends its error in an array.
        Value::Array(bodies) => bodies.iter().find_map(server_error),
        Value::Object(body) => {
            let inner = member(body, "error").or_else(|| member(body, "errors"));
            let groq = || body.get("x_groq")?.get("error").filter(|error| is_truthy(error));
            let choice = || body.get("choices")?.get(0)?.get("error").filter(|error| is_truthy(error));
            if let Some(error) = inner.or_else(groq).or_else(choice) {
                return Some(of_error(error, body));
            }
            if let Some(Value::Object(response)) = body.get("response") {
                return Some(of_error(member(response, "error")?, response));
            }
            is_flat(body).then(|| of_error(&Value::Object(body.clone()), body))
        }
        _ => None,
    }
}

/// An error of which only its text is known.
pub(crate) fn plain(text: &str) -> ServerError {
    ServerError { message: one_line(text), ..ServerError::default() }
}

/// The error in an event named `error`, whatever its data.
pub(crate) fn of_named_event(text: &str) -> ServerError {
    match serde_json::from_str::<Value>(text) {
        Ok(body) => server_error(&body).unwrap_or_else(|| of_error(&body, &Map::new())),
        Err(_) => plain(text),
    }
}

/// True where the body itself is the error: `{"object":"error",…}`, `{"type":"error",…}`, `{"detail":…}`,
/// `{"message":…}` and the gateways' `{"statusCode":…,"message":…}`.
fn is_flat(body: &Map<String, Value>) -> bool {
    let named = |key: &str| body.get(key).and_then(Value::as_str) == Some("error");
    let answers = ["choices", "output", "item", "delta", "part"].iter().any(|key| body.contains_key(*key));
    named("object")
        || named("type")
        || !answers && (member(body, "detail").is_some() || member(body, "message").is_some_and(Value::is_string))
}

/// Reads the error `error`, which is a member of `body` or the body itself.
fn of_error(error: &Value, body: &Map<String, Value>) -> ServerError {
    let empty = Map::new();
    let fields = error.as_object().unwrap_or(&empty);
    let either = |key: &str| member(fields, key).or_else(|| member(body, key));
    let numbers = ["code", "status", "status_code", "statusCode"];
    let status = numbers.iter().find_map(|key| number(fields.get(*key)).or_else(|| number(body.get(*key))));
    let code = [either("code"), fields.get("type"), fields.get("status")];
    let mut found = ServerError {
        message: String::new(),
        code: code.into_iter().flatten().find_map(|code| word(code).filter(|code| code != "error")),
        param: fields.get("param").and_then(word),
        status: status.and_then(|status| u16::try_from(status).ok()).filter(|status| (100..=599).contains(status)),
        wait: number(either("resets_in_seconds")).map(Duration::from_secs),
        resets_at: number(either("resets_at")),
        request_id: either("request_id").and_then(word),
    };
    let message = sentence(error);
    // The message must be the server's: reading the JSON of the whole error as one would recurse without end.
    if let Some(inner) = message.as_deref().and_then(nested) {
        // The message is a JSON error itself: its members come first, then those around it.
        found.message = inner.message;
        found.code = inner.code.or(found.code);
        found.param = inner.param.or(found.param);
        found.status = found.status.or(inner.status);
    } else {
        found.message = one_line(&message.unwrap_or_else(|| error.to_string()));
    }
    if let Some(raw) = fields.get("metadata").and_then(|metadata| metadata.get("raw")) {
        // OpenRouter: the provider's message stands beside "Provider returned error".
        let raw = raw.as_str().map_or_else(|| raw.to_string(), str::to_owned);
        let words = nested(&raw).map_or_else(|| one_line(&raw), |inner| inner.message);
        found.message = one_line(&format!("{}: {words}", found.message));
    }
    found
}

/// The error in a message that is JSON.
fn nested(message: &str) -> Option<ServerError> {
    message.starts_with(['{', '[']).then(|| serde_json::from_str(message).ok())?.as_ref().and_then(server_error)
}

/// The message of an error: a string, a list of errors about fields, or an object with either.
fn sentence(error: &Value) -> Option<String> {
    match error {
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().filter_map(about_field).collect();
            (!items.is_empty()).then(|| items.join("; "))
        }
        Value::Object(fields) => {
            ["message", "detail", "error", "msg"].iter().find_map(|key| sentence(member(fields, key)?))
        }
        _ => None,
    }
}

/// One item of a FastAPI error: `{"loc":["body","n"],"msg":"…"}` becomes `body.n: …`.
fn about_field(item: &Value) -> Option<String> {
    let place = item.get("loc").map(|loc| match loc {
        Value::Array(steps) => {
            steps.iter().map(|step| step.as_str().map_or_else(|| step.to_string(), str::to_owned)).collect()
        }
        other => vec![other.as_str().unwrap_or_default().to_owned()],
    });
    let words = sentence(item)?;
    Some(place.map_or_else(|| words.clone(), |place| format!("{}: {words}", place.join("."))))
}

/// The member, unless it is missing or [falsy](is_truthy).
fn member<'v>(object: &'v Map<String, Value>, key: &str) -> Option<&'v Value> {
    object.get(key).filter(|value| is_truthy(value))
}

/// True unless the value is null, false, zero or empty.
fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(truth) => *truth,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

/// A code that is a word: a string other than a number, empty, `None` and `null`.
fn word(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    let is_word = !matches!(text, "" | "None" | "null") && text.parse::<f64>().is_err();
    is_word.then(|| one_line(text))
}

/// A count: a number rounded down, or the same as a string.
fn number(value: Option<&Value>) -> Option<u64> {
    let value = value?;
    let number = value.as_f64().or_else(|| value.as_str()?.parse().ok())?;
    // The cast saturates.
    (number.is_finite() && number >= 0.0).then_some(number as u64)
}

/// `text` on one line with single spaces, at most [`LONGEST`] characters and an ellipsis.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if line.len() > 4 * LONGEST {
            break;
        }
    }
    shortened(&line, LONGEST).into_owned()
}
