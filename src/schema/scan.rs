//! Reads JSON text (RFC 8259) into a flat list of places: no recursion, no conversion, eight bytes a value.
//!
//! Knows nothing of schemas. Stops at the first flaw and can say what it had read until then, so that the search
//! for JSON inside prose stays linear.

use std::borrow::Cow;

use super::document::Document;

/// The deepest nesting read, as in `serde_json`: what we print, common readers take.
pub(super) const DEPTH: usize = 128;

/// The longest text read, in bytes: places are 31 bits wide.
const LONGEST: usize = (1 << 31) - 1;

/// An object with more members than this gets a sorted list of its keys.
const NARROW: usize = 16;

/// Marks a string that holds a backslash, in [`Node::extent`].
const ESCAPED: u32 = 1 << 31;

/// One value or key: where it begins, and how far it reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Node {
    /// The byte at which it begins.
    pub(super) start: u32,
    /// Of an array or object the number of nodes in it, itself included, 0 while it is open; of a scalar its
    /// length in bytes, with [`ESCAPED`] for strings.
    extent: u32,
}

impl Node {
    /// A scalar.
    fn scalar(start: usize, end: usize, escaped: bool) -> Self {
        Self { start: start as u32, extent: (end - start) as u32 | if escaped { ESCAPED } else { 0 } }
    }

    /// An array or object of so many nodes.
    pub(super) fn container(start: u32, nodes: usize) -> Self {
        Self { start, extent: nodes as u32 }
    }

    /// Length of a scalar in bytes.
    pub(super) fn length(self) -> usize {
        (self.extent & !ESCAPED) as usize
    }

    /// Nodes of an array or object, itself included.
    pub(super) fn nodes(self) -> usize {
        self.extent as usize
    }

    /// True for a string with a backslash.
    pub(super) fn is_escaped(self) -> bool {
        self.extent & ESCAPED != 0
    }
}

/// The keys of one object of many members, sorted.
#[derive(Clone, Debug)]
pub(super) struct Wide {
    /// The object's place in the list of nodes.
    pub(super) object: u32,
    /// Places of its keys, in the order of their text.
    pub(super) keys: Box<[u32]>,
}

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
    text: &'t str,
    /// The next byte.
    pub(super) at: usize,
    /// What was read.
    nodes: Vec<Node>,
    /// Objects of many members.
    wide: Vec<Wide>,
    /// Arrays and objects that are open, outermost first, as places in `nodes`.
    open: Vec<u32>,
    /// Whether a string holds half a surrogate pair.
    lone: bool,
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

    /// The document that was read.
    pub(super) fn into_document(mut self) -> Document<'t> {
        self.wide.sort_unstable_by_key(|wide| wide.object);
        Document::new(self.text, self.nodes, self.wide, self.lone)
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
        self.nodes[place as usize].extent = nodes as u32;
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

    /// Reads one escape, or two that make a surrogate pair.
    fn escape(&mut self, start: usize) -> Result<(), Flaw> {
        match self.text.as_bytes().get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
            Some(b'u') => {
                if self.text.len() < self.at + 6 {
                    return Err(self.cut(start));
                }
                let unit = self.unit()?;
                let is_pair = (0xd800..0xdc00).contains(&unit)
                    && self.text.as_bytes()[self.at..].starts_with(b"\\u")
                    && hex(self.text, self.at + 2).is_some_and(|low| (0xdc00..0xe000).contains(&low));
                if is_pair {
                    self.at += 6;
                } else if (0xd800..0xe000).contains(&unit) {
                    self.lone = true;
                }
            }
            Some(_) => return Err(Flaw::Unexpected(self.at + 1, "an escape")),
            None => return Err(self.cut(start)),
        }
        Ok(())
    }

    /// Reads `\uXXXX`.
    fn unit(&mut self) -> Result<u32, Flaw> {
        let unit =
            hex(self.text, self.at + 2).ok_or(Flaw::Unexpected(self.at, "four hexadecimal digits after '\\u'"))?;
        self.at += 6;
        Ok(unit)
    }
}

/// The value of the four hexadecimal digits at `at`.
fn hex(text: &str, at: usize) -> Option<u32> {
    text.as_bytes().get(at..at + 4)?.iter().try_fold(0, |unit, &byte| Some(unit * 16 + char::from(byte).to_digit(16)?))
}

/// The content of a JSON string, given between its quotes; halves of surrogate pairs become U+FFFD.
pub(super) fn unescape(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(place) = rest.find('\\') {
        out.push_str(&rest[..place]);
        let escape = rest.as_bytes().get(place + 1).copied().unwrap_or(b'\\');
        rest = rest.get(place + 2..).unwrap_or_default();
        match escape {
            b'b' => out.push('\u{8}'),
            b'f' => out.push('\u{c}'),
            b'n' => out.push('\n'),
            b'r' => out.push('\r'),
            b't' => out.push('\t'),
            b'u' => {
                let unit = hex(rest, 0).unwrap_or(0xfffd);
                rest = rest.get(4..).unwrap_or_default();
                let low =
                    rest.strip_prefix("\\u").and_then(|low| hex(low, 0)).filter(|low| (0xdc00..0xe000).contains(low));
                match low {
                    Some(low) if (0xd800..0xdc00).contains(&unit) => {
                        let point = 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                        out.push(char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER));
                        rest = &rest[6..];
                    }
                    _ => out.push(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)),
                }
            }
            other => out.push(char::from(other)),
        }
    }
    out.push_str(rest);
    out
}

/// The content of the string or key at `place`.
pub(super) fn content<'t>(text: &'t str, node: Node) -> Cow<'t, str> {
    let start = node.start as usize + 1;
    let raw = text.get(start..start + node.length().saturating_sub(2)).unwrap_or_default();
    if node.is_escaped() { Cow::Owned(unescape(raw)) } else { Cow::Borrowed(raw) }
}

/// Checks that no key of the object at `place` stands twice, and sorts the keys where there are many. `keys` is room
/// to work in.
///
/// # Errors
/// The byte at which a key stands for the second time.
pub(super) fn sort_keys(text: &str, nodes: &[Node], place: u32, keys: &mut Vec<u32>) -> Result<Option<Wide>, u32> {
    keys.clear();
    let end = place as usize + nodes[place as usize].nodes();
    let mut key = place as usize + 1;
    while key < end {
        keys.push(key as u32);
        key = skip(text, nodes, key + 1);
    }
    let is_same = |left: u32, right: u32| {
        let (left, right) = (nodes[left as usize], nodes[right as usize]);
        // Lengths tell keys apart at once, unless escapes make one key of two spellings.
        (left.extent == right.extent || left.is_escaped() || right.is_escaped())
            && content(text, left) == content(text, right)
    };
    if keys.len() <= NARROW {
        for (count, &left) in keys.iter().enumerate() {
            if let Some(&twice) = keys[count + 1..].iter().find(|&&right| is_same(left, right)) {
                return Err(nodes[twice as usize].start);
            }
        }
        return Ok(None);
    }
    keys.sort_by(|&left, &right| content(text, nodes[left as usize]).cmp(&content(text, nodes[right as usize])));
    match keys.windows(2).find(|pair| is_same(pair[0], pair[1])) {
        Some(pair) => Err(nodes[pair[1] as usize].start),
        None => Ok(Some(Wide { object: place, keys: keys.as_slice().into() })),
    }
}

/// The place behind the value at `place`.
pub(super) fn skip(text: &str, nodes: &[Node], place: usize) -> usize {
    let node = nodes[place];
    match text.as_bytes()[node.start as usize] {
        b'{' | b'[' => place + node.nodes(),
        _ => place + 1,
    }
}
