//! JSON documents, and the gate that an answer passes: finds the JSON in it, parses it and checks it by a schema.
//!
//! Pure: text and values in, documents and failures out. The only room that knows the `jsonschema` crate; it must
//! not know files, the environment, streams or any dialect.

mod compile;
mod doc_json;
mod document;
mod fence;
mod find;
mod items;
mod judge;
#[cfg(any(test, fuzzing))]
pub(crate) mod laws;
mod number;
mod original;
mod print;
mod scan;
mod short;
mod source;
mod span;
mod strict;
mod violations;

pub(crate) use self::document::Document;
pub(crate) use self::fence::extract;
pub(crate) use self::items::{ItemSplitter, ListEnd};
pub(crate) use self::judge::{Judged, judge_any, repair_text};
pub(crate) use self::original::Schema;
pub(crate) use self::print::Layout;
pub use self::short::GRAMMAR;
pub(crate) use self::source::SchemaSource;
pub(crate) use self::strict::{Form, Scope};

#[cfg(test)]
mod tests;
