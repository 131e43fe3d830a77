//! The short form of a schema, and how the argument of `-S` is told apart.

use serde_json::Value;

use crate::failure::Failure;

/// The grammar of the short form, as the man page quotes it.
pub(crate) const GRAMMAR: &str = "";

/// What the argument of `-S` is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source<'s> {
    /// `-`: the schema is read from stdin.
    Stdin,
    /// The argument is the schema: JSON or the short form, for `Schema::parse`.
    Inline(&'s str),
    /// A file to read.
    File(&'s str),
}

impl<'s> Source<'s> {
    /// Tells what `src` is; `exists` says whether there is a file of that name.
    pub(crate) fn recognise(_src: &'s str, _exists: bool) -> Self {
        unimplemented!()
    }

    /// How messages name it: the file, `stdin` or `-S`.
    pub(crate) fn origin(&self) -> &'s str {
        unimplemented!()
    }

    /// The stem of the file's name, for the name on the wire.
    pub(crate) fn stem(&self) -> Option<&'s str> {
        unimplemented!()
    }
}

/// Parses the short form into a 2020-12 schema.
///
/// # Errors
/// Usage, naming the field and the place.
pub(crate) fn parse(_text: &str, _origin: &str) -> Result<Value, Failure> {
    unimplemented!()
}
