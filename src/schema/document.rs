//! One JSON document as a view of its own text: spelling and order are kept because nothing is converted.

use std::io;

/// How a document is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// On one line, no blanks.
    Compact,
    /// Two blanks a level, one member a line.
    Indented,
}

/// A parsed JSON document that borrows its text.
#[derive(Clone, Debug)]
pub(crate) struct Document<'t> {
    /// The text it was parsed from.
    text: &'t str,
}

impl Document<'_> {
    /// Writes the document without a final newline; keys, numbers and strings as they were spelled.
    ///
    /// # Errors
    /// What `out` fails with.
    pub(crate) fn write(&self, _layout: Layout, _out: &mut impl io::Write) -> io::Result<()> {
        unimplemented!()
    }

    /// The document as [`Document::write`] writes it.
    pub(crate) fn text(&self, _layout: Layout) -> String {
        unimplemented!()
    }
}
