//! Recordings of exchanges as HAR 1.2: written beside the network (`--capture`), or answering in its place
//! (`--replay`).
//!
//! Source: HAR 1.2 (Odvarko). Two members are ours: `_chunks`, the time and size of each read of the body, and
//! `_failure`, the failure that ended the exchange on our side.

mod exchange;
mod files;
mod format;
mod matching;
mod recorder;
mod replay;

pub(crate) use self::files::HarFiles;
pub(crate) use self::replay::{Pace, Playback};
