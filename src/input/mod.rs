//! EDGE in: what the settings point to is read here, once each.
//!
//! Bytes in are bytes sent: nothing is trimmed, cut or normalised (contract §1). Text is checked and escaped while it
//! is read, so that a large input is held once.

pub(crate) mod attach;
pub(crate) mod credentials;
pub(crate) mod history;
pub(crate) mod stdin;
pub(crate) mod text;

use std::fs::File;
use std::io::Read;

use crate::failure::{Failure, Kind};
use crate::output::os_reason;

/// Opens the FILE of a flag.
///
/// # Errors
/// [`Kind::Usage`] naming flag and file: missing, a directory, not readable.
pub(crate) fn open(flag: &str, path: &str) -> Result<File, Failure> {
    let failed = |why: String| Failure::usage(format!("cannot read '{path}' ({flag})"), why);
    let file = File::open(path).map_err(|error| failed(os_reason(&error)))?;
    // Opening a directory works on Unix; only reading it fails, with a message that does not help.
    match file.metadata() {
        Ok(metadata) if metadata.is_dir() => Err(failed("it is a directory".into())),
        _ => Ok(file),
    }
}

/// The bytes of the FILE of a flag.
///
/// # Errors
/// As [`open`]; [`Kind::Local`] when reading fails half-way.
pub(crate) fn read(flag: &str, path: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    open(flag, path)?.read_to_end(&mut bytes).map_err(|error| broken(&format!("'{path}' ({flag})"), &error))?;
    Ok(bytes)
}

/// The failure of an input that broke while it was read.
fn broken(name: &str, error: &std::io::Error) -> Failure {
    Failure::new(Kind::Local, format!("cannot read {name}"), os_reason(error))
}
