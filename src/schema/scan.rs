//! Reads JSON text (RFC 8259) into a flat list of places: no recursion, no conversion, eight bytes a value.
//!
//! Knows nothing of schemas. Stops at the first flaw and can say what it had read until then, so that the search
//! for JSON inside prose stays linear.

use super::node::{Node, Wide, sort_keys};
use crate::json::read_escape;

/// The deepest nesting read, as in `serde_json`: what we print, common readers take.
pub(super) const DEPTH: usize = 128;

/// The longest text read, in bytes: places are 31 bits wide.
const LONGEST: usize = (1 << 31) - 1;

/// Why text is not JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// It ends inside the array, object or string that begins at this byte.
    Cut(usize),
    /// Something else than what is named is at this byte.
    Unexpected(usize, &'static str),
    /// It is nested deeper than [`DEPTH`] at this byte.
    Deep(usize),
    /// The key at this byte stands twice in its object.
    Twice(usize),
    /// It is longer than [`LONGEST`].
    Long,
}

/// What may come next.
#[derive(Clone, Copy)]
enum Want {
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

impl Want {
    /// In words.
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

/// Reading in progress.
#[derive(Debug)]
pub(super) struct Scan<'t> {
    /// The text.
    pub(super) text: &'t str,
    /// The next byte.
    pub(super) at: usize,
    /// What was read.
    pub(super) nodes: Vec<Node>,
    /// Objects of many members.
    pub(super) wide: Vec<Wide>,
    /// Arrays and objects that are open, outermost first, as places in `nodes`.
    open: Vec<u32>,
    /// Whether a string holds half a surrogate pair.
    pub(super) lone: bool,
    /// Room for the keys of an object that closes.
    keys: Vec<u32>,
}

impl<'t> Scan<'t> {
    /// Begins to read at byte `at` of `text`.
    pub(super) fn new(text: &'t str, at: usize) -> Self {
        Self { text, at, nodes: Vec::new(), wide: Vec::new(), open: Vec::new(), lone: false, keys: Vec::new() }
    }

    /// Reads one value; `at` is then behind it, or at the flaw.
    ///
    /// # Errors
    /// The first flaw.
    pub(super) fn value(&mut self) -> Result<(), Flaw> {
        if self.text.len() > LONGEST {
            return Err(Flaw::Long);
        }
        let mut want = Want::Value;
        loop {
            self.skip_blanks();
            let Some(byte) = self.peek() else { return Err(self.end_of_text(want)) };
            want = match (want, byte) {
                (Want::Value | Want::FirstItem, b'{') => self.enter(Want::FirstKey)?,
                (Want::Value | Want::FirstItem, b'[') => self.enter(Want::FirstItem)?,
                (Want::FirstItem | Want::AfterItem, b']') | (Want::FirstKey | Want::AfterMember, b'}') => {
                    self.leave()?;
                    match self.after_value() {
                        Some(want) => want,
                        None => return Ok(()),
                    }
                }
                (Want::Value | Want::FirstItem, _) => {
                    self.scalar(byte)?;
                    match self.after_value() {
                        Some(want) => want,
                        None => return Ok(()),
                    }
                }
                (Want::FirstKey | Want::Key, b'"') => {
                    self.string()?;
                    Want::Colon
                }
                (Want::Colon, b':') => self.step(Want::Value),
                (Want::AfterItem, b',') => self.step(Want::Value),
                (Want::AfterMember, b',') => self.step(Want::Key),
                _ => return Err(Flaw::Unexpected(self.at, want.name())),
            };
        }
    }

    /// Reads blanks and then the end of the text.
    ///
    /// # Errors
    /// Anything else that stands there.
    pub(super) fn end(&mut self) -> Result<(), Flaw> {
        self.skip_blanks();
        if self.at == self.text.len() { Ok(()) } else { Err(Flaw::Unexpected(self.at, "the end of the text")) }
    }

    /// After a flaw: the bytes at which the arrays and objects begin that are whole and stand in open ones.
    pub(super) fn whole_inside(&self) -> impl Iterator<Item = usize> + '_ {
        let mut place = 0;
        std::iter::from_fn(move || {
            while let Some(&node) = self.nodes.get(place) {
                let is_container = matches!(self.text.as_bytes()[node.start as usize], b'{' | b'[');
                place += if is_container && node.nodes() > 0 { node.nodes() } else { 1 };
                if is_container && node.nodes() > 0 {
                    return Some(node.start as usize);
                }
            }
            None
        })
    }

    /// The next byte.
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Moves behind JSON's four kinds of blanks.
    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Moves one byte on.
    fn step(&mut self, want: Want) -> Want {
        self.at += 1;
        want
    }

    /// The flaw of a text that ends here.
    fn end_of_text(&self, want: Want) -> Flaw {
        if self.open.is_empty() { Flaw::Unexpected(self.at, want.name()) } else { self.cut(self.at) }
    }

    /// The flaw of a text that ends inside the outermost open value, or else inside the string at `start`.
    fn cut(&self, start: usize) -> Flaw {
        Flaw::Cut(self.open.first().map_or(start, |&place| self.nodes[place as usize].start as usize))
    }

    /// Enters an array or object.
    fn enter(&mut self, want: Want) -> Result<Want, Flaw> {
        if self.open.len() == DEPTH {
            return Err(Flaw::Deep(self.at));
        }
        self.open.push(self.nodes.len() as u32);
        self.nodes.push(Node::container(self.at as u32, 0));
        Ok(self.step(want))
    }

    /// Leaves the innermost array or object.
    fn leave(&mut self) -> Result<(), Flaw> {
        self.at += 1;
        let Some(place) = self.open.pop() else { return Ok(()) };
        let nodes = self.nodes.len() - place as usize;
        let start = self.nodes[place as usize].start;
        self.nodes[place as usize] = Node::container(start, nodes);
        if self.text.as_bytes()[self.nodes[place as usize].start as usize] == b'{' && nodes > 3 {
            match sort_keys(self.text, &self.nodes, place, &mut self.keys) {
                Ok(wide) => self.wide.extend(wide),
                Err(start) => return Err(Flaw::Twice(start as usize)),
            }
        }
        Ok(())
    }

    /// What follows a value: nothing at the root.
    fn after_value(&self) -> Option<Want> {
        let place = *self.open.last()?;
        match self.text.as_bytes()[self.nodes[place as usize].start as usize] {
            b'{' => Some(Want::AfterMember),
            _ => Some(Want::AfterItem),
        }
    }

    /// Reads a string, number or word.
    fn scalar(&mut self, byte: u8) -> Result<(), Flaw> {
        match byte {
            b'"' => self.string(),
            b'-' | b'0'..=b'9' => self.number(),
            b't' => self.word("true"),
            b'f' => self.word("false"),
            b'n' => self.word("null"),
            _ => Err(Flaw::Unexpected(self.at, Want::Value.name())),
        }
    }

    /// Reads one of the three words.
    fn word(&mut self, word: &str) -> Result<(), Flaw> {
        let rest = &self.text.as_bytes()[self.at..];
        if rest.starts_with(word.as_bytes()) {
            self.nodes.push(Node::scalar(self.at, self.at + word.len(), false));
            self.at += word.len();
            Ok(())
        } else if word.as_bytes().starts_with(rest) {
            Err(self.end_of_text(Want::Value))
        } else {
            Err(Flaw::Unexpected(self.at, Want::Value.name()))
        }
    }

    /// Reads a number.
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
        self.nodes.push(Node::scalar(start, self.at, false));
        Ok(())
    }

    /// Reads one digit or more.
    fn digits(&mut self) -> Result<(), Flaw> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        match self.peek() {
            _ if self.at > start => Ok(()),
            None => Err(self.end_of_text(Want::Value)),
            Some(_) => Err(Flaw::Unexpected(self.at, "a digit")),
        }
    }

    /// Reads a string.
    fn string(&mut self) -> Result<(), Flaw> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut escaped = false;
        self.at += 1;
        loop {
            match bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.escape(start)?;
                }
                Some(0..=0x1f) => return Err(Flaw::Unexpected(self.at, "no raw control character in a string")),
                Some(_) => self.at += 1,
                None => return Err(self.cut(start)),
            }
        }
        self.at += 1;
        self.nodes.push(Node::scalar(start, self.at, escaped));
        Ok(())
    }

    /// Reads one escape, or two that make a surrogate pair, in the string at `start`.
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
