//! The gate for tool calls: a known tool, arguments that are JSON and that the tool's own schema accepts.

use serde_json::value::RawValue;

use crate::failure::{Failure, Kind};
use crate::output::envelope::CheckedCall;
use crate::request::{Request, Tool, ToolChoice};
use crate::response::ToolCall;

/// Judges tool calls by the tools that were offered.
pub(crate) struct CallGate {
    /// The tools offered; none means that any call is taken as it is.
    tools: Vec<Tool>,
    /// Whether a reply without a call is a failure.
    required: bool,
}

impl CallGate {
    /// The gate for the tools of a request.
    pub(crate) fn new(request: &Request) -> Self {
        Self {
            tools: request.tools.clone(),
            required: matches!(request.tool_choice, Some(ToolChoice::Required | ToolChoice::Named(_))),
        }
    }

    /// Whether tools were offered.
    pub(crate) fn offers_tools(&self) -> bool {
        !self.tools.is_empty()
    }

    /// Whether a reply without a call is a failure (`--tool-choice required` or a name).
    pub(crate) fn requires_call(&self) -> bool {
        self.required
    }

    /// The call, once tool and arguments are known to be right. No arguments at all count as `{}`.
    ///
    /// # Errors
    /// [`Kind::Invalid`] with the call's raw text.
    pub(crate) fn check(&self, call: &ToolCall) -> Result<CheckedCall, Failure> {
        let raw = if call.arguments.trim().is_empty() { "{}" } else { call.arguments.trim() };
        let invalid = |why: String| {
            Failure::new(Kind::Invalid, format!("invalid call of tool '{}'", call.name), why)
                .hint(format!("its arguments are: {raw}"))
        };
        let tool = self.tools.iter().find(|tool| tool.name == call.name);
        if self.offers_tools() && tool.is_none() {
            return Err(invalid("no such tool was offered".into()));
        }
        let arguments: Box<RawValue> =
            serde_json::from_str(raw).map_err(|error| invalid(format!("its arguments are not JSON: {error}")))?;
        Ok(CheckedCall { id: call.id.clone(), name: call.name.clone(), arguments })
    }
}
