//! The gate for tool calls: a known tool, arguments that are JSON and that the tool's own schema accepts.

use serde_json::Value;

use crate::failure::{Failure, Kind, quote};
use crate::output::envelope::CheckedCall;
use crate::request::{Request, Tool, ToolChoice};
use crate::response::ToolCall;
use crate::run::gate;
use crate::schema::Schema;

/// Most characters quoted of a call's raw arguments: all of what a model usually writes for a tool to read.
const RAW: usize = 1000;

/// Judges tool calls by the tools that were offered.
pub(crate) struct CallGate {
    /// The tools offered and what their arguments must be; none means that any call is taken as it is.
    tools: Vec<(String, Schema)>,
    /// What had to be called.
    choice: Option<ToolChoice>,
}

impl CallGate {
    /// The gate for the tools of a request, their parameter schemas compiled.
    ///
    /// # Errors
    /// [`Kind::Usage`] for parameters that are no schema.
    pub(crate) fn new(request: &Request) -> Result<Self, Failure> {
        let mut tools = Vec::with_capacity(request.tools.len());
        for Tool { name, parameters, .. } in &request.tools {
            let parameters = parameters.clone().unwrap_or(Value::Bool(true));
            let schema = Schema::of(parameters, &format!("of tool '{name}'"))?;
            schema.check()?;
            tools.push((name.clone(), schema));
        }
        Ok(Self { tools, choice: request.tool_choice.clone() })
    }

    /// Whether tools were offered.
    pub(crate) fn offers_tools(&self) -> bool {
        !self.tools.is_empty()
    }

    /// Whether a reply without a call is a failure (`--tool-choice required` or a name).
    pub(crate) fn requires_call(&self) -> bool {
        matches!(self.choice, Some(ToolChoice::Required | ToolChoice::Named(_)))
    }

    /// The call, once tool and arguments are known to be right. No arguments at all count as `{}`.
    ///
    /// # Errors
    /// [`Kind::Invalid`] with the beginning of the call's raw text.
    pub(crate) fn check(&self, call: &ToolCall) -> Result<CheckedCall, Failure> {
        let raw = if call.arguments.trim().is_empty() { "{}" } else { &call.arguments };
        let invalid = |why: String| {
            Failure::new(Kind::Invalid, format!("invalid call of tool '{}'", call.name), why)
                .hint(format!("its arguments are {}", quote(raw, RAW)))
        };
        let offered = self.tools.iter().find(|(name, _)| *name == call.name);
        if self.offers_tools() && offered.is_none() {
            return Err(invalid("no such tool was offered".into()));
        }
        match &self.choice {
            Some(ToolChoice::None) => return Err(invalid("no call was allowed (--tool-choice none)".into())),
            Some(ToolChoice::Named(name)) if *name != call.name => {
                return Err(invalid(format!("a call of '{name}' was required (--tool-choice)")));
            }
            _ => {}
        }
        let anything = Schema::of(Value::Bool(true), "any JSON")?;
        let schema = offered.map_or(&anything, |(_, schema)| schema);
        let document = schema.judge_exact(raw).map_err(|failure| {
            let violations = failure.violations.clone();
            Failure { violations, ..invalid(failure.why) }
        })?;
        Ok(CheckedCall { id: call.id.clone(), name: call.name.clone(), arguments: gate::raw(&document)? })
    }
}
