//! Where a value stands in its text, and what can be told from that: its end, its content, whether keys are the same.

use std::borrow::Cow;

use crate::json::unescape;

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

/// The content of the string or key at `place`.
pub(super) fn content<'t>(text: &'t str, node: Node) -> Cow<'t, str> {
    let start = node.start as usize + 1;
    let raw = text.get(start..start + node.length().saturating_sub(2)).unwrap_or_default();
    if node.is_escaped() { unescape(raw).unwrap_or_default() } else { Cow::Borrowed(raw) }
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
