//! JSON text: strings escaped and unescaped, and the indented form of a document.
//!
//! Strings are searched eight bytes at a time, because a prompt of 100 MB is escaped and an answer of 100 MB unescaped.
//! Must not know what the text means.

use std::borrow::Cow;
use std::io::{self, Read, Write};

/// Appends `plain` to `out` as it stands inside a JSON string: quotes, backslashes and C0 controls escaped,
/// everything else as it is.
pub(crate) fn escape(plain: &str, out: &mut String) {
    let mut clean = 0;
    while let Some(place) = next_special(plain.as_bytes(), clean) {
        out.push_str(&plain[clean..place]);
        escape_byte(plain.as_bytes()[place], out);
        clean = place + 1;
    }
    out.push_str(&plain[clean..]);
}

/// Appends `plain` to `out` as a JSON string with its quotes.
pub(crate) fn quote(plain: &str, out: &mut String) {
    out.push('"');
    escape(plain, out);
    out.push('"');
}

/// The content of a JSON string, given without its quotes; surrogates without a partner become U+FFFD. `None` where
/// it is not valid between quotes.
pub(crate) fn unescape(inner: &str) -> Option<Cow<'_, str>> {
    let bytes = inner.as_bytes();
    let mut next = next_special(bytes, 0);
    if next.is_none() {
        return Some(Cow::Borrowed(inner));
    }
    let mut out = String::with_capacity(inner.len());
    let mut clean = 0;
    while let Some(place) = next {
        out.push_str(&inner[clean..place]);
        let (character, length) = read_escape(&bytes[place..])?;
        out.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
        clean = place + length;
        next = next_special(bytes, clean);
    }
    out.push_str(&inner[clean..]);
    Some(Cow::Owned(out))
}

/// A name as a reference token of a JSON pointer.
pub(crate) fn pointer_token(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The character that the escape at the start of `bytes` stands for, and the escape's length: 12 for a surrogate
/// pair. The character is `None` for a surrogate without a partner, all is `None` where no valid escape begins.
pub(crate) fn read_escape(bytes: &[u8]) -> Option<(Option<char>, usize)> {
    let [b'\\', letter, ..] = bytes else { return None };
    let character = match letter {
        b'"' | b'\\' | b'/' => char::from(*letter),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let unit = code_unit(bytes)?;
            return Some(match bytes.get(6..).and_then(code_unit) {
                Some(low @ 0xdc00..=0xdfff) if (0xd800..=0xdbff).contains(&unit) => {
                    (char::from_u32(0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00)), 12)
                }
                _ => (char::from_u32(unit), 6),
            });
        }
        _ => return None,
    };
    Some((Some(character), 2))
}

/// The UTF-16 code unit written as `\uXXXX` at the start of `bytes`.
fn code_unit(bytes: &[u8]) -> Option<u32> {
    let digits = bytes.strip_prefix(b"\\u")?.get(..4)?;
    digits.iter().try_fold(0, |unit, &digit| Some(unit * 16 + char::from(digit).to_digit(16)?))
}

/// The first byte at `from` or behind it that cannot stand in a JSON string by itself: a quote, a backslash, or a C0
/// control.
pub(crate) fn next_special(bytes: &[u8], mut from: usize) -> Option<usize> {
    while let Some(&block) = bytes[from..].first_chunk() {
        let marks = special_marks(u64::from_le_bytes(block));
        if marks != 0 {
            return Some(from + marks.trailing_zeros() as usize / 8);
        }
        from += block.len();
    }
    let is_special = |&byte: &u8| byte < b' ' || matches!(byte, b'"' | b'\\');
    bytes[from..].iter().position(is_special).map(|place| from + place)
}

/// Searches eight bytes at once for those that must be escaped: the lowest bit set is the high bit of the first such
/// byte, and no bit is set where there is none. For a byte less than a blank, a quote or a backslash a subtraction
/// borrows; the borrow may mark later bytes wrongly, never earlier ones.
fn special_marks(bytes: u64) -> u64 {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH_BITS: u64 = ONES << 7;
    let less = |bytes: u64, limit: u8| bytes.wrapping_sub(ONES * u64::from(limit)) & !bytes;
    let equal = |byte: u8| less(bytes ^ (ONES * u64::from(byte)), 1);
    (less(bytes, b' ') | equal(b'"') | equal(b'\\')) & HIGH_BITS
}

/// Appends one byte that must be escaped.
fn escape_byte(byte: u8, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let short = match byte {
        b'"' => "\\\"",
        b'\\' => "\\\\",
        b'\n' => "\\n",
        b'\r' => "\\r",
        b'\t' => "\\t",
        0x08 => "\\b",
        0x0c => "\\f",
        _ => "\\u00",
    };
    out.push_str(short);
    if short.len() > 2 {
        out.extend([byte >> 4, byte & 15].map(|half| char::from(HEX[usize::from(half)])));
    }
}

/// Whether a byte of JSON text belongs to a string.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Position {
    /// Outside of strings; the closing quote leads here.
    #[default]
    Outside,
    /// In a string, behind its opening quote.
    InString,
    /// In a string, behind a backslash.
    Escape,
}

impl Position {
    /// The position behind `byte`.
    pub(crate) fn behind(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::Outside, b'"') | (Self::Escape, _) => Self::InString,
            (Self::InString, b'"') => Self::Outside,
            (Self::InString, b'\\') => Self::Escape,
            (position, _) => position,
        }
    }
}

/// Copies compact JSON from `json` to `out`, indented and with a newline at the end, in bounded memory.
///
/// # Errors
/// Of reading and writing.
pub(crate) fn indent(mut json: impl Read, out: &mut dyn Write) -> io::Result<()> {
    io::copy(&mut json, &mut Indenter::new(&mut *out))?;
    out.write_all(b"\n")
}

/// The indented form of a compact JSON text.
pub(crate) fn indented(json: &str) -> String {
    let mut printer = Indenter::new(io::sink());
    printer.feed(json.as_bytes());
    // Whole strings are copied, and all that is added is ASCII.
    String::from_utf8(printer.ready).unwrap_or_default()
}

/// Writes compact JSON on to `out`, indented by two spaces as `serde_json` does; strings and numbers keep their
/// spelling. The JSON may come in pieces of any size and must be valid.
pub(crate) struct Indenter<W> {
    /// Where the indented text goes.
    out: W,
    /// Indented text that is not written yet.
    ready: Vec<u8>,
    /// How many arrays and objects are open.
    depth: usize,
    /// Whether the last byte opened one, whose first line is not begun yet.
    opened: bool,
    /// Where the next byte stands.
    position: Position,
}

impl<W: Write> Indenter<W> {
    /// An indenter before the first byte.
    pub(crate) fn new(out: W) -> Self {
        Self { out, ready: Vec::new(), depth: 0, opened: false, position: Position::default() }
    }

    /// Appends the indented form of the next piece of JSON to `ready`.
    fn feed(&mut self, json: &[u8]) {
        for &byte in json {
            match self.position {
                Position::Outside => self.step(byte),
                _ => self.ready.push(byte),
            }
            self.position = self.position.behind(byte);
        }
    }

    /// Appends one byte that is not inside a string, and the blanks around it.
    fn step(&mut self, byte: u8) {
        let closes = matches!(byte, b'}' | b']');
        self.depth -= usize::from(closes);
        if self.opened != closes {
            self.new_line();
        }
        self.opened = matches!(byte, b'{' | b'[');
        self.depth += usize::from(self.opened);
        self.ready.push(byte);
        match byte {
            b':' => self.ready.push(b' '),
            b',' => self.new_line(),
            _ => {}
        }
    }

    /// Begins a line at the present depth.
    fn new_line(&mut self) {
        self.ready.push(b'\n');
        self.ready.resize(self.ready.len() + 2 * self.depth, b' ');
    }
}

impl<W: Write> Write for Indenter<W> {
    fn write(&mut self, json: &[u8]) -> io::Result<usize> {
        self.feed(json);
        self.out.write_all(&self.ready)?;
        self.ready.clear();
        Ok(json.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests;
