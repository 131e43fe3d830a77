//! Text that is too long to hold: the body of a reply while it comes, and any bytes as JSON text without a copy.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use super::REDACTED;

/// How much is moved at once.
const BLOCK_BYTES: usize = 16 * 1024;

/// Creates a file that nobody else may read, and that was not there before.
pub(super) fn create(path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The body of one reply, kept in a file until it is known whether it is text.
pub(super) struct Spool {
    /// The file.
    file: File,
    /// Where it is.
    path: PathBuf,
    /// How many bytes are in it.
    pub(super) length: u64,
    /// The start of a character whose end has not come yet.
    partial: Vec<u8>,
    /// Whether everything so far is UTF-8.
    is_text: bool,
}

impl Spool {
    /// An empty spool.
    pub(super) fn begin(path: PathBuf) -> io::Result<Self> {
        let file = create(&path)?;
        // Where a file lives on without its name, nothing of it is left however the run ends.
        #[cfg(unix)]
        fs::remove_file(&path)?;
        Ok(Self { file, path, length: 0, partial: Vec::new(), is_text: true })
    }

    /// Takes the next bytes in.
    pub(super) fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.length += bytes.len() as u64;
        if self.is_text {
            self.partial.extend_from_slice(bytes);
            match std::str::from_utf8(&self.partial) {
                Ok(_) => self.partial.clear(),
                Err(error) if error.error_len().is_none() => drop(self.partial.drain(..error.valid_up_to())),
                Err(_) => self.is_text = false,
            }
        }
        Ok(())
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.rewind()?;
        (self.length, self.is_text) = (0, true);
        self.partial.clear();
        Ok(())
    }

    /// Whether everything is UTF-8.
    pub(super) fn is_text(&self) -> bool {
        self.is_text && self.partial.is_empty()
    }

    /// Everything, from its beginning.
    pub(super) fn reader(&self) -> io::Result<&File> {
        (&self.file).rewind()?;
        Ok(&self.file)
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        // It is gone already where that was possible before.
        let _ = fs::remove_file(&self.path);
    }
}

/// Copies text from `from` to `to` in blocks, every secret in it replaced; what is not UTF-8 becomes U+FFFD.
pub(super) fn copy_text(mut from: impl Read, secrets: &[String], to: &mut fmt::Formatter<'_>) -> fmt::Result {
    let longest = secrets.iter().map(String::len).max().unwrap_or(0);
    let mut held = Vec::with_capacity(2 * BLOCK_BYTES);
    loop {
        let count = from.by_ref().take(BLOCK_BYTES as u64).read_to_end(&mut held).map_err(|_| fmt::Error)?;
        let is_end = count == 0;
        // A secret may begin in this block and end in the next.
        let certain = if is_end { held.len() } else { held.len().saturating_sub(longest) };
        let done = copy_certain(&held, certain, is_end, secrets, to)?;
        held.drain(..done);
        if is_end {
            return Ok(());
        }
    }
}

/// Copies whole characters and secrets that begin before `certain`; returns how many bytes that was.
fn copy_certain(
    held: &[u8],
    certain: usize,
    is_end: bool,
    secrets: &[String],
    to: &mut fmt::Formatter<'_>,
) -> Result<usize, fmt::Error> {
    let mut done = 0;
    while done < certain {
        let rest = &held[done..];
        let found = secrets.iter().filter_map(|secret| Some((find(rest, secret.as_bytes())?, secret.len()))).min();
        let found = found.filter(|(place, _)| done + place < certain);
        let plain = &rest[..found.map_or(certain - done, |(place, _)| place)];
        match std::str::from_utf8(plain) {
            // The last character may be whole with the next block.
            Err(error) if error.error_len().is_none() && !is_end && found.is_none() => {
                to.write_str(std::str::from_utf8(&plain[..error.valid_up_to()]).map_err(|_| fmt::Error)?)?;
                return Ok(done + error.valid_up_to());
            }
            Ok(text) => to.write_str(text)?,
            Err(_) => to.write_str(&String::from_utf8_lossy(plain))?,
        }
        done += plain.len();
        if let Some((_, length)) = found {
            to.write_str(REDACTED)?;
            done += length;
        }
    }
    Ok(done)
}

/// Where `needle` first stands in `hay`.
fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len()).position(|window| window == needle)
}
