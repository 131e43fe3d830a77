//! Files read whole and written whole.
use std::io::{self, Write};

use crate::failure::Failure;

/// The bytes of the file, FIFO or process substitution that `flag` names.
pub(crate) fn read(path: &str, flag: &str) -> Result<Vec<u8>, Failure> {
    unimplemented!("{path} {flag}")
}

/// Writes a file whole or not at all: a temporary file beside it is renamed over it.
pub(crate) fn write_whole(
    path: &str,
    flag: &str,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    drop(write);
    unimplemented!("{path} {flag}")
}
