//! EDGE in: what the settings point to is read here, once each.
//!
//! Bytes in are bytes sent: nothing is trimmed, cut or normalised (contract §1). Text is checked and escaped while it
//! is read, so that a large input is held once.

pub(crate) mod attach;
pub(crate) mod credentials;
pub(crate) mod files;
pub(crate) mod gather;
pub(crate) mod history;
pub(crate) mod sniff;
pub(crate) mod stdin;
pub(crate) mod text;
pub(crate) mod tools;

use std::io::ErrorKind;

use crate::failure::{Failure, Kind, os_reason};

/// The failure of an input that broke while it was read: the user's mistake where it is no file at all, this
/// machine's otherwise.
fn broken(name: &str, error: &std::io::Error) -> Failure {
    let kind = if error.kind() == ErrorKind::IsADirectory { Kind::Usage } else { Kind::Local };
    Failure::new(kind, format!("cannot read {name}"), os_reason(error))
}
