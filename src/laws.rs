//! What holds for every input: each law takes any bytes and panics where it is broken.
//!
//! `cargo test` tries the laws on the corpus in `fuzz/` and on damaged copies of it; `.ci/fuzz` on whatever libFuzzer
//! comes up with. A law stands in the room it is about. The first byte of an input that is read in pieces is the size
//! of the pieces.

pub use crate::schema::laws::{items, short, strict};
pub use crate::settings::laws::{config, model};
pub use crate::transport::tests::laws::{har, tape};
pub use crate::wire::tests::laws::{chat, refusal, responses, sse};

/// A size of pieces, at least 1, and the input to be read in them.
pub(crate) fn sized(input: &[u8]) -> Option<(usize, &[u8])> {
    input.split_first().map(|(size, rest)| (usize::from(*size).max(1), rest))
}

#[cfg(test)]
mod tests;
