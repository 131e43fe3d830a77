//! Text for a request: UTF-8 checked and escaped for JSON in one pass, read by read.

use std::io::{ErrorKind, Read};
use std::str;

use crate::failure::Failure;
use crate::input::files::broken;
use crate::json::escape;

/// What happens to bytes that are not UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// An error with their offset.
    Strict,
    /// U+FFFD for each maximal invalid sequence (`--lossy`).
    Lossy,
}

/// Checks and escapes text that comes in reads, split anywhere.
pub(crate) struct Escaper<'a> {
    /// The escaped text so far.
    out: &'a mut String,
    /// What happens to bytes that are not UTF-8.
    encoding: Encoding,
    /// The first bytes of a character that is not complete yet.
    begun: Vec<u8>,
    /// Bytes taken so far, `begun` not among them.
    taken: u64,
}

impl<'a> Escaper<'a> {
    /// Appends to `out`.
    pub(crate) fn new(out: &'a mut String, encoding: Encoding) -> Self {
        Self { out, encoding, begun: Vec::new(), taken: 0 }
    }

    /// Takes the next read.
    ///
    /// # Errors
    /// The offset of the first byte that is not UTF-8.
    pub(crate) fn push(&mut self, mut bytes: &[u8]) -> Result<(), u64> {
        // A character begun in the read before takes its bytes one by one: at most three.
        while let (false, Some((&first, rest))) = (self.begun.is_empty(), bytes.split_first()) {
            let mut whole = std::mem::take(&mut self.begun);
            whole.push(first);
            if str::from_utf8(&whole).is_err_and(|error| error.error_len().is_some()) {
                // The new byte does not belong to the character and begins another.
                whole.pop();
                self.bad(whole.len())?;
                break;
            }
            self.take(&whole)?;
            bytes = rest;
        }
        self.take(bytes)
    }

    /// Ends the text.
    ///
    /// # Errors
    /// The offset of a character that is not complete.
    pub(crate) fn finish(mut self) -> Result<(), u64> {
        match self.begun.len() {
            0 => Ok(()),
            length => self.bad(length),
        }
    }

    /// Takes bytes that begin with a character.
    fn take(&mut self, mut bytes: &[u8]) -> Result<(), u64> {
        loop {
            match str::from_utf8(bytes) {
                Ok(text) => {
                    escape(text, self.out);
                    self.taken += bytes.len() as u64;
                    return Ok(());
                }
                Err(error) => {
                    let (good, rest) = bytes.split_at(error.valid_up_to());
                    escape(str::from_utf8(good).unwrap_or_default(), self.out);
                    self.taken += good.len() as u64;
                    let Some(length) = error.error_len() else {
                        self.begun = rest.to_vec();
                        return Ok(());
                    };
                    self.bad(length)?;
                    bytes = &rest[length..];
                }
            }
        }
    }

    /// Takes `length` bytes that are not UTF-8.
    fn bad(&mut self, length: usize) -> Result<(), u64> {
        if self.encoding == Encoding::Strict {
            return Err(self.taken);
        }
        self.out.push('\u{fffd}');
        self.taken += length as u64;
        Ok(())
    }
}

/// How much is read at first: most inputs are short, and zeroing a large buffer costs as much as a short request.
const FIRST_BYTES: usize = 4 * 1024;
/// How much is read at once of a longer input: what a pipe holds.
const READ_BYTES: usize = 64 * 1024;

/// Reads `source` to its end into `out`, escaped. `wait` is called before each read.
///
/// # Errors
/// [`crate::failure::Kind::Usage`] with the byte offset where it is not UTF-8; `Local` when reading fails.
pub(crate) fn read_escaped(
    source: &mut dyn Read,
    name: &str,
    encoding: Encoding,
    out: &mut String,
    wait: &mut dyn FnMut(),
) -> Result<(), Failure> {
    let bad = |offset| not_utf8(name, offset);
    let mut escaper = Escaper::new(out, encoding);
    let mut buffer = vec![0; FIRST_BYTES];
    loop {
        wait();
        match source.read(&mut buffer) {
            Ok(0) => return escaper.finish().map_err(bad),
            Ok(length) => {
                escaper.push(&buffer[..length]).map_err(bad)?;
                if length == FIRST_BYTES {
                    buffer.resize(READ_BYTES, 0);
                }
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(broken(name, &error)),
        }
    }
}

/// The failure of text that is not UTF-8 from byte `offset` on.
pub(crate) fn not_utf8(name: &str, offset: u64) -> Failure {
    Failure::usage(name, format!("not UTF-8 at byte {offset}"))
        .hint("convert it (iconv), or give --lossy to replace such bytes")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn escaped(pieces: &[&[u8]], encoding: Encoding) -> Result<String, u64> {
        let mut out = String::new();
        let mut escaper = Escaper::new(&mut out, encoding);
        for piece in pieces {
            escaper.push(piece)?;
        }
        escaper.finish()?;
        Ok(out)
    }

    #[test]
    fn offset_of_the_first_bad_byte_is_returned() {
        assert_eq!(escaped(&[b"ab\xffc"], Encoding::Strict), Err(2));
        assert_eq!(escaped(&[b"a\xc3", b"x"], Encoding::Strict), Err(1));
        assert_eq!(escaped(&[b"a\xe2\x82"], Encoding::Strict), Err(1));
    }

    proptest! {
        #[test]
        fn lossy_agrees_with_the_standard_library_at_any_split(bytes: Vec<u8>, cuts in proptest::collection::vec(0usize..64, 0..6)) {
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.sort_unstable();
            let mut pieces = Vec::new();
            let mut from = 0;
            for cut in cuts {
                pieces.push(&bytes[from..cut]);
                from = cut;
            }
            pieces.push(&bytes[from..]);
            let mut expected = String::new();
            escape(&String::from_utf8_lossy(&bytes), &mut expected);
            prop_assert_eq!(escaped(&pieces, Encoding::Lossy), Ok(expected));
            let strict = str::from_utf8(&bytes).map_err(|error| error.valid_up_to() as u64).map(|_| ());
            prop_assert_eq!(escaped(&pieces, Encoding::Strict).map(|_| ()), strict);
        }
    }
}
