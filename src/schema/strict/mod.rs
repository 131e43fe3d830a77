//! The strict subset of JSON schema that OpenAI-like servers enforce: what it rejects, and a rewrite that is undone.

use serde_json::Value;

/// One thing that strict mode rejects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// JSON pointer to it in the original schema; empty for the root.
    pub(crate) pointer: String,
    /// What is rejected.
    pub(crate) what: String,
    /// What the rewrite does about it; for a problem it cannot solve, that the schema is sent without strict.
    pub(crate) remedy: String,
}

/// A schema rewritten for strict servers.
#[derive(Debug)]
pub(crate) struct Rewrite {
    /// The rewritten schema; the original (wrapped where needed) when it cannot be expressed.
    pub(crate) schema: Value,
    /// What strict mode rejects in the original; empty when it is strict as it is.
    pub(crate) problems: Vec<Problem>,
    /// Whether the strict subset can express the schema at all.
    pub(crate) expressible: bool,
}
