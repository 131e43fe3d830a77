//! Where each value and key of a document stands in its text, and what follows from that: the end of a value, the
//! content of a string, whether two keys are the same.

use std::borrow::Cow;

use crate::json::unescape;

/// An object with more members than this gets a sorted list of its keys; in smaller ones keys are searched one by one.
const SEARCHED_KEYS: usize = 16;

/// Marks a string that holds a backslash, in [`Span::extent`].
const ESCAPED: u32 = 1 << 31;

/// The place of one value or key in the text: where it begins and how far it reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// The byte at which it begins.
    pub(super) start: u32,
    /// For an array or object the number of values and keys in it, itself included, 0 while it is open; for a scalar
    /// its length in bytes, with [`ESCAPED`] for strings.
    extent: u32,
}

impl Span {
    /// The span of a scalar.
    pub(super) fn scalar(start: usize, end: usize, escaped: bool) -> Self {
        Self { start: start as u32, extent: (end - start) as u32 | if escaped { ESCAPED } else { 0 } }
    }

    /// The span of an array or object of `reach` values and keys, itself included.
    pub(super) fn container(start: u32, reach: usize) -> Self {
        Self { start, extent: reach as u32 }
    }

    /// Length of a scalar in bytes.
    pub(super) fn length(self) -> usize {
        (self.extent & !ESCAPED) as usize
    }

    /// Values and keys in an array or object, itself included.
    pub(super) fn reach(self) -> usize {
        self.extent as usize
    }

    /// True for a string with a backslash.
    pub(super) fn is_escaped(self) -> bool {
        self.extent & ESCAPED != 0
    }
}

/// The keys of one object of many members, sorted.
#[derive(Clone, Debug)]
pub(super) struct KeyIndex {
    /// The object, as an index into the list of spans.
    pub(super) object: u32,
    /// Its keys, as indices into the list of spans, in the order of their content.
    pub(super) keys: Box<[u32]>,
}

/// The content of a string or key.
pub(super) fn content<'t>(text: &'t str, span: Span) -> Cow<'t, str> {
    let start = span.start as usize + 1;
    let raw = text.get(start..start + span.length().saturating_sub(2)).unwrap_or_default();
    if span.is_escaped() { unescape(raw).unwrap_or_default() } else { Cow::Borrowed(raw) }
}

/// Checks that no key of the object at `place` stands twice, and sorts the keys where there are many. `keys` is
/// scratch space.
///
/// # Errors
/// The byte at which a key stands for the second time.
pub(super) fn sort_keys(text: &str, spans: &[Span], place: u32, keys: &mut Vec<u32>) -> Result<Option<KeyIndex>, u32> {
    keys.clear();
    let end = place as usize + spans[place as usize].reach();
    let mut key = place as usize + 1;
    while key < end {
        keys.push(key as u32);
        key = skip(text, spans, key + 1);
    }
    let is_same = |left: u32, right: u32| {
        let (left, right) = (spans[left as usize], spans[right as usize]);
        // Keys of different lengths differ, unless an escape is another spelling of the same character.
        (left.extent == right.extent || left.is_escaped() || right.is_escaped())
            && content(text, left) == content(text, right)
    };
    if keys.len() <= SEARCHED_KEYS {
        for (count, &left) in keys.iter().enumerate() {
            if let Some(&twice) = keys[count + 1..].iter().find(|&&right| is_same(left, right)) {
                return Err(spans[twice as usize].start);
            }
        }
        return Ok(None);
    }
    keys.sort_by(|&left, &right| content(text, spans[left as usize]).cmp(&content(text, spans[right as usize])));
    match keys.windows(2).find(|pair| is_same(pair[0], pair[1])) {
        Some(pair) => Err(spans[pair[1] as usize].start),
        None => Ok(Some(KeyIndex { object: place, keys: keys.as_slice().into() })),
    }
}

/// The place after the value at `place` and all that is in it.
pub(super) fn skip(text: &str, spans: &[Span], place: usize) -> usize {
    let span = spans[place];
    match text.as_bytes()[span.start as usize] {
        b'{' | b'[' => place + span.reach(),
        _ => place + 1,
    }
}
