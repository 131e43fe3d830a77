//! Scans JSON text (RFC 8259) into a flat list of [`Span`]s: no recursion, no conversion, eight bytes a value.
//!
//! Knows nothing of schemas. Stops at the first flaw; what was complete until then can be listed, so that the search
//! for JSON inside prose stays linear.

use super::span::{KeyIndex, Span, sort_keys};
use crate::json::{next_special, read_escape};

/// The deepest nesting accepted, as in `serde_json`, so that common readers take what is printed.
pub(super) const DEPTH: usize = 128;

/// The longest text read, in bytes: places are 31 bits indexes.
const LONGEST: usize = (1 << 31) - 1;

/// Why text is not JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// It ends inside the array, object or string that begins at this byte.
    Cut(usize),
    /// At this byte stands something else than what is named.
    Unexpected(usize, &'static str),
    /// It is nested deeper than [`DEPTH`] at this byte.
    Deep(usize),
    /// The key at this byte stands twice in its object.
    Twice(usize),
    /// It is longer than [`LONGEST`].
    Long,
}

/// What may come next in valid JSON.
#[derive(Clone, Copy)]
enum Expected {
    /// A value.
    Value,
    /// A value, or the end of an empty array.
    FirstItem,
    /// A comma or the end of the array.
    AfterItem,
    /// A key, or the end of an empty object.
    FirstKey,
    /// A key.
    Key,
    /// A colon.
    Colon,
    /// A comma or the end of the object.
    AfterMember,
}

impl Expected {
    /// The words for it in a message.
    fn name(self) -> &'static str {
        match self {
            Self::Value | Self::FirstItem => "a value",
            Self::AfterItem => "',' or ']'",
            Self::FirstKey | Self::Key => "a key in quotes",
            Self::Colon => "':'",
            Self::AfterMember => "',' or '}'",
        }
    }
}

/// A scan in progress.
#[derive(Debug)]
pub(super) struct Scan<'t> {
    /// The text.
    pub(super) text: &'t str,
    /// The next byte.
    pub(super) at: usize,
    /// The values and keys scanned, in the order of the text.
    pub(super) spans: Vec<Span>,
    /// The sorted keys of objects with many members.
    pub(super) indexes: Vec<KeyIndex>,
    /// Arrays and objects that are open, outermost first, as indices into `spans`.
    open: Vec<u32>,
    /// Whether a string holds a surrogate without a partner.
    pub(super) lone: bool,
    /// Scratch space for the keys of an object that closes.
    keys: Vec<u32>,
}

impl<'t> Scan<'t> {
    /// A scan that begins at byte `at` of `text`.
    pub(super) fn new(text: &'t str, at: usize) -> Self {
        Self { text, at, spans: Vec::new(), indexes: Vec::new(), open: Vec::new(), lone: false, keys: Vec::new() }
    }

    /// Scans one value; `at` is then behind it, or at the flaw.
    ///
    /// # Errors
    /// The first flaw.
    pub(super) fn value(&mut self) -> Result<(), Flaw> {
        if self.text.len() > LONGEST {
            return Err(Flaw::Long);
        }
        let mut expected = Expected::Value;
        loop {
            self.skip_blanks();
            let Some(byte) = self.peek() else { return Err(self.end_of_text(expected)) };
            expected = match (expected, byte) {
                (Expected::Value | Expected::FirstItem, b'{') => self.enter(Expected::FirstKey)?,
                (Expected::Value | Expected::FirstItem, b'[') => self.enter(Expected::FirstItem)?,
                (Expected::FirstItem | Expected::AfterItem, b']')
                | (Expected::FirstKey | Expected::AfterMember, b'}') => {
                    self.leave()?;
                    let Some(expected) = self.after_value() else { return Ok(()) };
                    expected
                }
                (Expected::Value | Expected::FirstItem, _) => {
                    self.scalar(byte)?;
                    let Some(expected) = self.after_value() else { return Ok(()) };
                    expected
                }
                (Expected::FirstKey | Expected::Key, b'"') => {
                    self.string()?;
                    Expected::Colon
                }
                (Expected::Colon, b':') => self.step(Expected::Value),
                (Expected::AfterItem, b',') => self.step(Expected::Value),
                (Expected::AfterMember, b',') => self.step(Expected::Key),
                _ => return Err(Flaw::Unexpected(self.at, expected.name())),
            };
        }
    }

    /// Scans blanks up to the end of the text.
    ///
    /// # Errors
    /// Anything else that stands there.
    pub(super) fn end(&mut self) -> Result<(), Flaw> {
        self.skip_blanks();
        if self.at == self.text.len() { Ok(()) } else { Err(Flaw::Unexpected(self.at, "the end of the text")) }
    }

    /// After a flaw: where the arrays and objects begin that are complete and not inside another complete one.
    pub(super) fn complete_inside(&self) -> impl Iterator<Item = usize> + '_ {
        let mut place = 0;
        std::iter::from_fn(move || {
            while let Some(&span) = self.spans.get(place) {
                let is_container = matches!(self.text.as_bytes()[span.start as usize], b'{' | b'[');
                place += if is_container && span.reach() > 0 { span.reach() } else { 1 };
                if is_container && span.reach() > 0 {
                    return Some(span.start as usize);
                }
            }
            None
        })
    }

    /// The next byte.
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Skips JSON's four kinds of blanks.
    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Skips one byte; returns what may come next.
    fn step(&mut self, expected: Expected) -> Expected {
        self.at += 1;
        expected
    }

    /// The flaw of a text that ends here.
    fn end_of_text(&self, expected: Expected) -> Flaw {
        if self.open.is_empty() { Flaw::Unexpected(self.at, expected.name()) } else { self.cut(self.at) }
    }

    /// The flaw of a text that ends inside the outermost open value or, where none is open, in the string at `start`.
    fn cut(&self, start: usize) -> Flaw {
        Flaw::Cut(self.open.first().map_or(start, |&place| self.spans[place as usize].start as usize))
    }

    /// Enters an array or object.
    fn enter(&mut self, expected: Expected) -> Result<Expected, Flaw> {
        if self.open.len() == DEPTH {
            return Err(Flaw::Deep(self.at));
        }
        self.open.push(self.spans.len() as u32);
        self.spans.push(Span::container(self.at as u32, 0));
        Ok(self.step(expected))
    }

    /// Leaves the innermost array or object.
    fn leave(&mut self) -> Result<(), Flaw> {
        self.at += 1;
        let Some(place) = self.open.pop() else { return Ok(()) };
        let reach = self.spans.len() - place as usize;
        let start = self.spans[place as usize].start;
        self.spans[place as usize] = Span::container(start, reach);
        // Fewer hold one key at most.
        if self.text.as_bytes()[start as usize] == b'{' && reach > 3 {
            let index = sort_keys(self.text, &self.spans, place, &mut self.keys);
            self.indexes.extend(index.map_err(|twice| Flaw::Twice(twice as usize))?);
        }
        Ok(())
    }

    /// What may come behind a value; nothing behind the root.
    fn after_value(&self) -> Option<Expected> {
        let place = *self.open.last()?;
        match self.text.as_bytes()[self.spans[place as usize].start as usize] {
            b'{' => Some(Expected::AfterMember),
            _ => Some(Expected::AfterItem),
        }
    }

    /// Scans a string, number or word.
    fn scalar(&mut self, byte: u8) -> Result<(), Flaw> {
        match byte {
            b'"' => self.string(),
            b'-' | b'0'..=b'9' => self.number(),
            b't' => self.word("true"),
            b'f' => self.word("false"),
            b'n' => self.word("null"),
            _ => Err(Flaw::Unexpected(self.at, Expected::Value.name())),
        }
    }

    /// Scans one of the three words.
    fn word(&mut self, word: &str) -> Result<(), Flaw> {
        let rest = &self.text.as_bytes()[self.at..];
        if rest.starts_with(word.as_bytes()) {
            self.spans.push(Span::scalar(self.at, self.at + word.len(), false));
            self.at += word.len();
            Ok(())
        } else if word.as_bytes().starts_with(rest) {
            Err(self.end_of_text(Expected::Value))
        } else {
            Err(Flaw::Unexpected(self.at, Expected::Value.name()))
        }
    }

    /// Scans a number.
    fn number(&mut self) -> Result<(), Flaw> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        self.spans.push(Span::scalar(start, self.at, false));
        Ok(())
    }

    /// Scans one digit or more.
    fn digits(&mut self) -> Result<(), Flaw> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        match self.peek() {
            _ if self.at > start => Ok(()),
            None => Err(self.end_of_text(Expected::Value)),
            Some(_) => Err(Flaw::Unexpected(self.at, "a digit")),
        }
    }

    /// Scans a string.
    fn string(&mut self) -> Result<(), Flaw> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut escaped = false;
        self.at += 1;
        loop {
            self.at = next_special(bytes, self.at).unwrap_or(bytes.len());
            match bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.escape(start)?;
                }
                Some(_) => return Err(Flaw::Unexpected(self.at, "no raw control character in a string")),
                None => return Err(self.cut(start)),
            }
        }
        self.at += 1;
        self.spans.push(Span::scalar(start, self.at, escaped));
        Ok(())
    }

    /// Scans one escape, or two that make a surrogate pair, in the string at `start`.
    fn escape(&mut self, start: usize) -> Result<(), Flaw> {
        let rest = &self.text.as_bytes()[self.at..];
        match (read_escape(rest), rest.get(1)) {
            (Some((character, length)), _) => {
                self.lone |= character.is_none();
                self.at += length;
                Ok(())
            }
            (None, Some(b'u')) if rest.len() >= 6 => {
                Err(Flaw::Unexpected(self.at, "four hexadecimal digits after '\\u'"))
            }
            (None, None | Some(b'u')) => Err(self.cut(start)),
            (None, Some(_)) => Err(Flaw::Unexpected(self.at + 1, "an escape")),
        }
    }
}
