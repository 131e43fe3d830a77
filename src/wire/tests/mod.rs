//! Test-only code of this room: the laws that `cargo test` and the fuzzer try, and replies to read.

pub(crate) mod laws;
#[cfg_attr(not(test), allow(dead_code, reason = "the laws need a part of it"))]
pub(crate) mod scripted;
