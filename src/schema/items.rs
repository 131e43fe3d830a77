//! Finished items of a growing JSON list (`--each`).

use crate::failure::Failure;

/// The key of the list in the object the model is asked for.
pub(crate) const WRAPPER: &str = "items";

/// How the text ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The list was closed: all items came.
    Closed,
    /// The text stopped inside the list.
    Open,
    /// No list ever began.
    NoList,
}

/// Splits `{"items":[…]}`, a bare array, or either of them inside a fence into items, at any split of its bytes.
#[derive(Debug, Default)]
pub(crate) struct Items {}

impl Items {
    /// Takes the next bytes and hands every item that closes to `each`, in order, as JSON text.
    ///
    /// # Errors
    /// Invalid for text that is no list; and whatever `each` fails with, which ends the splitting.
    pub(crate) fn feed(
        &mut self,
        _bytes: &[u8],
        _each: impl FnMut(&str) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        unimplemented!()
    }

    /// How the text ended, once all bytes were fed.
    pub(crate) fn ending(&self) -> Ending {
        unimplemented!()
    }
}
