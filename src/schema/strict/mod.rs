//! The strict subset of JSON Schema that OpenAI-like servers enforce: what it rejects, a rewrite into it, and how an
//! answer under the rewrite is mapped back.
//!
//! The rewrite may allow more than the original, which judges every answer anyway. It allows every document of the
//! original in some form, except for keys that a closed object has no room for. Pure; must not know the validator or
//! any dialect. Source: docs/wire.md §1.4.

mod limits;
mod merge;
mod problem;
mod refs;
mod rewrite;
mod types;
mod undo;
mod union;
mod value;
mod write;

pub(super) use self::rewrite::rewrite;
pub(crate) use self::rewrite::{Form, Rewrite, Scope};

#[cfg(test)]
mod tests;
