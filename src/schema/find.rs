//! The one JSON value of an answer: the whole text, one fenced block, or one object or array inside prose.

/// Where the value stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// The answer was JSON and nothing else.
    Whole,
    /// Inside one code fence.
    Fenced,
    /// Inside prose.
    Embedded,
}

impl Found {
    /// The line to say about it, if any.
    pub(crate) fn notice(self) -> Option<&'static str> {
        unimplemented!()
    }
}
