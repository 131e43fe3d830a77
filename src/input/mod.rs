//! EDGE in: reads, once each, what the settings point to: stdin, files, keys.
//!
//! Nothing is trimmed, cut or normalised (docs/contract.md §1). Text is checked and escaped while it is read, so that a
//! large input is held once.

pub(crate) mod attach;
pub(crate) mod credentials;
pub(crate) mod files;
pub(crate) mod gather;
pub(crate) mod history;
pub(crate) mod sniff;
pub(crate) mod stdin;
pub(crate) mod text;
pub(crate) mod tools;
