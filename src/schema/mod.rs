//! The schema gate: parse and compile a schema, say how it goes over the wire, judge an answer by it.
//!
//! Pure: text and values in, documents and failures out. The only room that knows the `jsonschema` crate; it must
//! not know files, the environment, streams or any dialect.

mod compile;
pub(crate) mod document;
pub(crate) mod find;
pub(crate) mod items;
mod number;
pub(crate) mod print;
mod scan;
mod shape;
pub(crate) mod short;
pub(crate) mod strict;
mod tape;
mod words;

use serde_json::Value;

use self::document::Document;
use self::find::Found;
use self::strict::Rewrite;
use crate::failure::Failure;
use crate::request::WireSchema;

/// When a schema is sent for strict enforcement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strict {
    /// Where it can be expressed in the strict subset.
    Auto,
    /// Always; a schema that cannot be expressed is a usage failure.
    Always,
    /// Never; the original goes out.
    Never,
}

/// What the model is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// One document under the schema.
    Document,
    /// A list, the schema describing one item of it (`--each`).
    Each,
}

/// The form of the schema an answer was given under: decides whether nulls are mapped back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// The strict rewrite ([`WireSchema::strict`] was true): added nulls are taken out again.
    Strict,
    /// The original: nulls stay as the model wrote them.
    Plain,
}

/// An answer that was judged and found good.
#[derive(Debug)]
pub(crate) struct Judged<'t> {
    /// The document, unwrapped and mapped back; valid under the original schema.
    pub(crate) document: Document<'t>,
    /// Where in the answer it stood; [`Found::notice`] is the line to say about it.
    pub(crate) found: Found,
}

/// A schema as the user gave it. Compiled at most once, and only when [`Schema::check`] or a judgement asks.
pub(crate) struct Schema {
    /// The schema itself, key order kept.
    value: Value,
    /// Where it came from, as messages name it.
    origin: String,
}

impl Schema {
    /// Parses JSON or the short form; `origin` names it in messages (`commit.json`, `stdin`, `-S`).
    ///
    /// # Errors
    /// Usage: not JSON and not the short form, too deep, an unknown `$schema`.
    pub(crate) fn parse(_text: &str, _origin: &str) -> Result<Self, Failure> {
        unimplemented!()
    }

    /// Takes a schema that is JSON already, such as the parameters of a tool.
    ///
    /// # Errors
    /// Usage: not an object or boolean, an unknown `$schema`.
    pub(crate) fn of(_value: Value, _origin: &str) -> Result<Self, Failure> {
        unimplemented!()
    }

    /// Compiles the schema now, so that a bad one fails before anything is sent.
    ///
    /// # Errors
    /// Usage, naming the JSON pointer of what is wrong.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        unimplemented!()
    }

    /// The schema for the wire and notices to print about it. `asked` is `--schema-name`, `stem` the stem of the
    /// schema file; the name is the first of them and the schema's title that there is, else `answer`.
    ///
    /// # Errors
    /// Usage: [`Strict::Always`] and a schema that strict mode cannot express.
    pub(crate) fn wire(
        &self,
        _scope: Scope,
        _strict: Strict,
        _asked: Option<&str>,
        _stem: Option<&str>,
    ) -> Result<(WireSchema, Vec<String>), Failure> {
        unimplemented!()
    }

    /// What strict mode rejects in the schema and the schema that it accepts (`--lint-schema`).
    pub(crate) fn lint(&self) -> &Rewrite {
        unimplemented!()
    }

    /// The instruction and schema that go into the prompt where the server takes no schema; holds the word JSON.
    pub(crate) fn prompt_text(&self, _scope: Scope) -> String {
        unimplemented!()
    }

    /// Judges a whole answer: the one JSON value in it, unwrapped, mapped back, valid under the original schema.
    ///
    /// # Errors
    /// Invalid: no JSON value, two, a cut one, or one that breaks the schema (with up to 20 violations).
    pub(crate) fn judge<'t>(&self, _answer: &'t str, _form: Form) -> Result<Judged<'t>, Failure> {
        unimplemented!()
    }

    /// Judges one item of a list as [`items::Items`] yields it (`--each`).
    ///
    /// # Errors
    /// Invalid, as [`Schema::judge`]; nothing is looked for in fences or prose.
    pub(crate) fn judge_item<'t>(&self, _item: &'t str, _form: Form) -> Result<Document<'t>, Failure> {
        unimplemented!()
    }

    /// Judges text that must be JSON as it stands, such as the arguments of a tool call.
    ///
    /// # Errors
    /// Invalid.
    pub(crate) fn judge_exact<'t>(&self, _text: &'t str) -> Result<Document<'t>, Failure> {
        unimplemented!()
    }
}

/// Judges an answer by no schema: any one JSON document (`--json`).
///
/// # Errors
/// Invalid: no JSON value, two, or a cut one.
pub(crate) fn judge_any(_answer: &str) -> Result<Judged<'_>, Failure> {
    unimplemented!()
}

/// The message that asks the model again (`--repair`), from the failure of a judgement.
pub(crate) fn repair_text(_failure: &Failure) -> String {
    unimplemented!()
}
