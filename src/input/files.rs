//! Files read whole and files written whole; what is in them is the caller's business.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::failure::{Failure, Kind, os_reason};

/// The bytes of the file, FIFO or process substitution given to `flag`, which can be read once.
///
/// # Errors
/// Usage, with the system's reason, for what is missing, unreadable or a directory.
pub(crate) fn read(path: &str, flag: &str) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| Failure::usage(format!("cannot read '{path}' (from {flag})"), os_reason(&error)))
}

/// The failure of an input that could not be read to its end: usage for a directory, else local.
pub(crate) fn broken(name: &str, error: &io::Error) -> Failure {
    let kind = if error.kind() == io::ErrorKind::IsADirectory { Kind::Usage } else { Kind::Local };
    Failure::new(kind, format!("cannot read {name}"), os_reason(error))
}

/// Who may read a file that is written whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readers {
    /// A file that exists keeps its mode; a new one gets the mode that the umask leaves.
    AsBefore,
    /// Its owner alone.
    Owner,
}

/// Writes a file whole or not at all: `write` fills a temporary file in the same folder, which is then renamed to
/// `path`. A symbolic link is followed, not replaced; what is no regular file (a FIFO, `/dev/stdout`) is written to
/// directly.
///
/// # Errors
/// Local, with the system's reason.
pub(crate) fn write_whole(
    path: &str,
    flag: &str,
    readers: Readers,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    replace(Path::new(path), readers, write)
        .map_err(|error| Failure::new(Kind::Local, format!("cannot write '{path}' (from {flag})"), os_reason(&error)))
}

/// [`write_whole`] with the system's error.
fn replace(path: &Path, readers: Readers, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let known = fs::metadata(&target).ok();
    if known.as_ref().is_some_and(|known| !known.is_file()) {
        return fill(&OpenOptions::new().write(true).open(&target)?, write);
    }
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    if readers == Readers::AsBefore {
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    }
    let temporary = builder.prefix(".lmpipe-").tempfile_in(target.parent().unwrap_or(Path::new("")))?;
    if let Some(known) = known
        && readers == Readers::AsBefore
    {
        temporary.as_file().set_permissions(known.permissions())?;
    }
    fill(temporary.as_file(), write)?;
    temporary.persist(&target)?;
    Ok(())
}

/// Writes through a buffer and flushes it.
fn fill(file: &File, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(file);
    write(&mut out)?;
    out.flush()
}

#[cfg(test)]
mod tests;
