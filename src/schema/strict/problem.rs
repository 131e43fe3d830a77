//! What strict mode rejects in a schema, with what the rewrite does about it.

/// What is done about a keyword that strict servers refuse.
pub(super) const DROPPED: &str = "dropped from the wire copy; the answer is still judged by it";

/// What is done about a schema that strict mode cannot express.
pub(super) const INEXPRESSIBLE: &str = "cannot be expressed; the schema is sent without strict";

/// One thing that strict mode rejects.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Problem {
    /// JSON pointer to it in the original schema; empty for the root.
    pub(crate) pointer: String,
    /// What is rejected.
    pub(crate) what: String,
    /// What the rewrite does about it; for a problem it cannot solve, that the schema is sent without strict.
    pub(crate) remedy: String,
}

impl Problem {
    /// A problem at `pointer` and its remedy.
    pub(super) fn new(pointer: String, what: &str, remedy: &str) -> Self {
        Self { pointer, what: what.to_owned(), remedy: remedy.to_owned() }
    }
}
