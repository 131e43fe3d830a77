//! (in work)
pub(crate) mod envelope;
pub(crate) mod terminal;
