//! Text that is too long to hold: the body of a reply while it comes, and any bytes as JSON text without a copy.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use memchr::memmem;

use super::REDACTED;

/// How much is moved at once.
const BLOCK_BYTES: usize = 16 * 1024;

/// A file for as long as it is held, for nobody else to read. Where a file lives on without its name it has none, so
/// that nothing of it is left however the run ends.
pub(super) struct Scratch {
    /// The file.
    file: File,
    /// Where it is, or was.
    path: PathBuf,
}

impl Scratch {
    /// Creates one that was not there before.
    pub(super) fn create(path: PathBuf) -> io::Result<Self> {
        let mut options = fs::OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path)?;
        #[cfg(unix)]
        fs::remove_file(&path)?;
        Ok(Self { file, path })
    }

    /// Everything in it, from its beginning.
    pub(super) fn reader(&self) -> io::Result<&File> {
        (&self.file).rewind()?;
        Ok(&self.file)
    }
}

impl Write for Scratch {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // It is gone already where that was possible before.
        let _ = fs::remove_file(&self.path);
    }
}

/// The body of one reply, kept in a file until it is known whether it is text.
pub(super) struct Spool {
    /// The file.
    scratch: Scratch,
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
        Ok(Self { scratch: Scratch::create(path)?, length: 0, partial: Vec::new(), is_text: true })
    }

    /// Takes the next bytes in.
    pub(super) fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.scratch.write_all(bytes)?;
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
        self.scratch.reader()?.set_len(0)?;
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
        self.scratch.reader()
    }
}

/// Copies text from `from` to `to` in blocks, every secret in it replaced; what is not UTF-8 becomes U+FFFD.
pub(super) fn copy_text(from: impl Read, secrets: &[String], to: &mut fmt::Formatter<'_>) -> fmt::Result {
    // The start of a character that ends in the next stretch.
    let mut held = Vec::with_capacity(2 * BLOCK_BYTES);
    redact(from, secrets, |stretch| {
        held.extend_from_slice(stretch);
        let whole = match std::str::from_utf8(&held) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => held.len(),
        };
        to.write_str(&String::from_utf8_lossy(&held[..whole]))?;
        held.drain(..whole);
        Ok(())
    })?;
    to.write_str(&String::from_utf8_lossy(&held))
}

/// Copies bytes from `from` to `to` as base64, every secret in them replaced.
pub(super) fn copy_base64(from: impl Read, secrets: &[String], to: &mut fmt::Formatter<'_>) -> fmt::Result {
    // Three bytes are four digits; padding stands at the end alone.
    let mut held = Vec::with_capacity(2 * BLOCK_BYTES);
    redact(from, secrets, |stretch| {
        held.extend_from_slice(stretch);
        let whole = held.len() - held.len() % 3;
        to.write_str(&STANDARD.encode(&held[..whole]))?;
        held.drain(..whole);
        Ok(())
    })?;
    to.write_str(&STANDARD.encode(&held))
}

/// Hands what is in `from` to `take` in stretches, every secret in it replaced.
fn redact(mut from: impl Read, secrets: &[String], mut take: impl FnMut(&[u8]) -> fmt::Result) -> fmt::Result {
    let longest = secrets.iter().map(String::len).max().unwrap_or(0);
    let mut held = Vec::with_capacity(2 * BLOCK_BYTES);
    loop {
        let count = from.by_ref().take(BLOCK_BYTES as u64).read_to_end(&mut held).map_err(|_| fmt::Error)?;
        // A secret may begin in this block and end in the next.
        let certain = if count == 0 { held.len() } else { held.len().saturating_sub(longest) };
        let mut done = 0;
        while done < certain {
            let rest = &held[done..];
            let place = |secret: &String| Some((memmem::find(rest, secret.as_bytes())?, secret.len()));
            let found = secrets.iter().filter_map(place).min().filter(|(place, _)| done + place < certain);
            let plain = found.map_or(certain - done, |(place, _)| place);
            take(&rest[..plain])?;
            done += plain;
            if let Some((_, length)) = found {
                take(REDACTED.as_bytes())?;
                done += length;
            }
        }
        held.drain(..done);
        if count == 0 {
            return Ok(());
        }
    }
}
