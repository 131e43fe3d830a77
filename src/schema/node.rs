//! Where a value stands in its text, and what can be told from that: its end, its content, whether keys are the same.

use std::borrow::Cow;

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
    pub(super) fn scalar(start: usize, end: usize, escaped: bool) -> Self {
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

/// The value of the four hexadecimal digits at `at`.
pub(super) fn hex(text: &str, at: usize) -> Option<u32> {
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
