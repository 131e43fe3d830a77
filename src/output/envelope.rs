//! The machine-readable faces of a run: `-O json`, `-O events`, `--meta` and `--errors json`.
//!
//! Only shapes; what fills them comes from the run room.

use std::time::Duration;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::value::RawValue;

use crate::failure::{Failure, Violation};
use crate::response::{Response, Usage};

/// One try at one server.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Attempt {
    /// Name of the provider.
    pub(crate) provider: String,
    /// The model asked for.
    pub(crate) model: String,
    /// The URL, without query and credentials.
    pub(crate) url: String,
    /// The HTTP status, if a reply came.
    pub(crate) status: Option<u16>,
    /// The exit code this try alone would have had.
    pub(crate) exit: u8,
    /// How long it took.
    pub(crate) milliseconds: u64,
}

/// How long the answer took, in milliseconds since the program began.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Timings {
    /// Until the first byte of the reply's body.
    pub(crate) first_byte_milliseconds: Option<u64>,
    /// Until the first text of the answer.
    pub(crate) first_text_milliseconds: Option<u64>,
    /// Until the end of the reply.
    pub(crate) total_milliseconds: u64,
}

/// A tool call on stdout: its arguments are JSON, or the server's text where they are not.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CheckedCall {
    /// The id a tool result must echo.
    pub(crate) id: String,
    /// The tool.
    pub(crate) name: String,
    /// Its arguments.
    pub(crate) arguments: Box<RawValue>,
}

/// The facts of a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RunFacts<'a> {
    /// The reply.
    pub(crate) response: &'a Response,
    /// What of its text was asked for.
    pub(crate) text: &'a str,
    /// The document that passed the gate.
    pub(crate) json: Option<&'a RawValue>,
    /// The calls that passed the gate.
    pub(crate) calls: &'a [CheckedCall],
    /// Usage of all tries.
    pub(crate) usage: Option<Usage>,
    /// Every try.
    pub(crate) attempts: &'a [Attempt],
    /// What lmpipe changed in the request after a refusal.
    pub(crate) adapted: &'a [String],
    /// Times.
    pub(crate) timings: Timings,
    /// Violations; `None` where no schema judged.
    pub(crate) violations: Option<&'a [Violation]>,
}

/// The envelope of `-O json`: every member present, null where there is nothing (docs/contract.md §5).
pub(crate) struct Envelope<'a> {
    /// The facts.
    pub(crate) facts: RunFacts<'a>,
    /// Whether the answer itself is in it; `--meta` and the last line of `-O events` leave it out.
    pub(crate) answer: bool,
    /// The value of a first member `type`, for `-O events`.
    pub(crate) event: Option<&'static str>,
}

impl Serialize for Envelope<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let RunFacts { response, text, json, calls, usage, attempts, adapted, timings, violations } = self.facts;
        let mut map = serializer.serialize_map(None)?;
        if let Some(event) = self.event {
            map.serialize_entry("type", event)?;
        }
        if self.answer {
            map.serialize_entry("text", &filled(text))?;
            map.serialize_entry("json", &json)?;
            map.serialize_entry("tool_calls", &(!calls.is_empty()).then_some(calls))?;
        }
        map.serialize_entry("finish", &response.finish.as_ref().map(|finish| finish.name()))?;
        map.serialize_entry("refusal", &filled(&response.refusal))?;
        map.serialize_entry("reasoning", &filled(&response.reasoning))?;
        map.serialize_entry("usage", &usage.map(UsageJson))?;
        map.serialize_entry("model", &filled(&response.model))?;
        map.serialize_entry("id", &filled(&response.id))?;
        map.serialize_entry("attempts", attempts)?;
        map.serialize_entry("adapted", adapted)?;
        map.serialize_entry("timings", &timings)?;
        if let Some(violations) = violations {
            map.serialize_entry("violations", &violations.iter().map(ViolationJson).collect::<Vec<_>>())?;
        }
        map.end()
    }
}

/// `text`, or null where it is empty.
fn filled(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// Usage under the names of the Responses API, null where the server did not say.
pub(crate) struct UsageJson(pub(crate) Usage);

impl Serialize for UsageJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(5))?;
        map.serialize_entry("input_tokens", &self.0.input)?;
        map.serialize_entry("output_tokens", &self.0.output)?;
        map.serialize_entry("total_tokens", &self.0.total)?;
        map.serialize_entry("reasoning_tokens", &self.0.reasoning)?;
        map.serialize_entry("cached_tokens", &self.0.cached)?;
        map.end()
    }
}

/// A violation as `{"pointer","rule","value"}`.
struct ViolationJson<'a>(&'a Violation);

impl Serialize for ViolationJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("pointer", &self.0.pointer)?;
        map.serialize_entry("rule", &self.0.rule)?;
        map.serialize_entry("value", &self.0.value)?;
        map.end()
    }
}

/// One line of `-O events` before the last.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum EventLine<'a> {
    /// A stretch of the answer.
    Text {
        /// The stretch.
        text: &'a str,
    },
    /// A stretch of reasoning.
    Reasoning {
        /// The stretch.
        text: &'a str,
    },
    /// A stretch of a refusal.
    Refusal {
        /// The stretch.
        text: &'a str,
    },
    /// A finished item of `--each`.
    Item {
        /// The item.
        json: &'a RawValue,
    },
    /// The document that passed the gate.
    Json {
        /// The document.
        json: &'a RawValue,
    },
    /// A finished tool call.
    ToolCall(&'a CheckedCall),
}

/// The line of `--errors json`: `{"exit","kind","message","hint","status","retryable","retry_after","request_id"}`,
/// with `violations` where a schema judged.
pub(crate) fn error(failure: &Failure) -> impl Serialize {
    ErrorJson(failure.clone())
}

/// See [`error`].
struct ErrorJson(Failure);

impl Serialize for ErrorJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let failure = &self.0;
        let row = failure.kind.row();
        let message = [&failure.what, &failure.why].into_iter().filter(|part| !part.is_empty()).cloned();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("exit", &row.exit)?;
        map.serialize_entry("kind", row.name)?;
        map.serialize_entry("message", &message.collect::<Vec<_>>().join(": "))?;
        map.serialize_entry("hint", &filled(&failure.hint))?;
        map.serialize_entry("status", &failure.reply.status)?;
        map.serialize_entry("retryable", &failure.retryable)?;
        map.serialize_entry("retry_after", &failure.reply.retry_after.map(|wait| wait.as_secs_f64()))?;
        map.serialize_entry("request_id", &failure.reply.request_id)?;
        if !failure.violations.is_empty() {
            map.serialize_entry("violations", &failure.violations.iter().map(ViolationJson).collect::<Vec<_>>())?;
        }
        map.end()
    }
}

/// Whole milliseconds.
pub(crate) fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
