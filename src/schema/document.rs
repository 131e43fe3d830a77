//! One JSON document as a view of its own text: spelling and order are kept because nothing is converted.
//!
//! Knows nothing of schemas. Beside the text it costs eight bytes a value and eight a key.

use std::borrow::Cow;

use super::scan::{Flaw, Scan};
use super::span::{self, KeyIndex, Span};

/// A parsed JSON document that borrows its text.
#[derive(Clone, Debug)]
pub(crate) struct Document<'t> {
    /// The text it was parsed from.
    text: &'t str,
    /// Its values and keys in the order of the text, the root first.
    spans: Vec<Span>,
    /// The sorted keys of its objects with many members, in the order of the objects.
    indexes: Vec<KeyIndex>,
    /// Whether a string holds a surrogate without a partner, which is printed as U+FFFD.
    lone: bool,
}

/// A value or key of a document, counted in the order of the text; the root is 0.
pub(super) type DocPlace = u32;

/// The kind of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JsonKind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl<'t> Document<'t> {
    /// Parses a text that is one JSON value and nothing else.
    ///
    /// # Errors
    /// The first flaw.
    pub(super) fn parse(text: &'t str) -> Result<Self, Flaw> {
        let mut scan = Scan::new(text, 0);
        scan.value()?;
        scan.end()?;
        Ok(Self::of(scan))
    }

    /// Parses the JSON value that begins at byte `start`, whatever stands behind it.
    ///
    /// # Errors
    /// The first flaw.
    pub(super) fn parse_at(text: &'t str, start: usize) -> Result<Self, Flaw> {
        let mut scan = Scan::new(text, start);
        scan.value()?;
        Ok(Self::of(scan))
    }

    /// The document that was scanned.
    fn of(scan: Scan<'t>) -> Self {
        let Scan { text, spans, mut indexes, lone, .. } = scan;
        indexes.sort_unstable_by_key(|index| index.object);
        Self { text, spans, indexes, lone }
    }

    /// How many values and keys there are in the value at `place`, itself included.
    pub(super) fn reach(&self, place: DocPlace) -> usize {
        self.skip(place) - place as usize
    }

    /// The kind of the value at `place`.
    pub(super) fn kind(&self, place: DocPlace) -> JsonKind {
        match self.text.as_bytes()[self.spans[place as usize].start as usize] {
            b'{' => JsonKind::Object,
            b'[' => JsonKind::Array,
            b'"' => JsonKind::String,
            b't' | b'f' => JsonKind::Boolean,
            b'n' => JsonKind::Null,
            _ => JsonKind::Number,
        }
    }

    /// The span at `place`; its address is different from that of every other value.
    pub(super) fn span(&self, place: DocPlace) -> &Span {
        &self.spans[place as usize]
    }

    /// The spelling of the scalar at `place`; of an array or object, its first byte.
    pub(super) fn spelling(&self, place: DocPlace) -> &'t str {
        let span = self.spans[place as usize];
        let length = if matches!(self.kind(place), JsonKind::Array | JsonKind::Object) { 1 } else { span.length() };
        self.text.get(span.start as usize..span.start as usize + length).unwrap_or_default()
    }

    /// The content of the string or key at `place`.
    pub(super) fn content(&self, place: DocPlace) -> Cow<'t, str> {
        span::content(self.text, self.spans[place as usize])
    }

    /// The items of the array at `place`; none for another kind.
    pub(super) fn items(&self, place: DocPlace) -> Children<'_, 't> {
        self.children(place, JsonKind::Array)
    }

    /// The keys of the object at `place`, the value of each at the place after it; none for another kind.
    pub(super) fn keys(&self, place: DocPlace) -> Children<'_, 't> {
        self.children(place, JsonKind::Object)
    }

    /// The value under `key` in the object at `place`.
    pub(super) fn member(&self, place: DocPlace, key: &str) -> Option<DocPlace> {
        match self.indexes.binary_search_by_key(&place, |index| index.object) {
            Ok(found) => {
                let keys = &self.indexes[found].keys;
                let found = keys.binary_search_by(|&other| self.content(other).as_ref().cmp(key)).ok()?;
                Some(keys[found] + 1)
            }
            Err(_) => self.keys(place).find(|&other| self.content(other) == key).map(|key| key + 1),
        }
    }

    /// The value a JSON pointer leads to.
    pub(super) fn resolve(&self, pointer: &str) -> Option<DocPlace> {
        pointer.split('/').skip(1).try_fold(0, |place, token| match self.kind(place) {
            JsonKind::Array => self.items(place).nth(token.parse().ok()?),
            JsonKind::Object => self.member(place, &token.replace("~1", "/").replace("~0", "~")),
            _ => None,
        })
    }

    /// A document with `root` as its root and without the members whose keys are `removed`, which are in order and not
    /// inside each other.
    pub(super) fn prune(&self, root: DocPlace, removed: &[DocPlace]) -> Self {
        let (first, last) = (root as usize, self.skip(root));
        // How many spans are removed before each member of `removed`, and in all.
        let mut gone = Vec::with_capacity(removed.len() + 1);
        gone.push(0);
        for &key in removed {
            gone.push(gone[gone.len() - 1] + self.skip(key + 1) - key as usize);
        }
        let gone_before = |place: usize| gone[removed.partition_point(|&key| (key as usize) < place)];
        let mut spans = Vec::with_capacity(last - first);
        let mut place = first;
        while place < last {
            if removed.binary_search(&(place as DocPlace)).is_ok() {
                place = self.skip(place as DocPlace + 1);
                continue;
            }
            let mut span = self.spans[place];
            if matches!(self.kind(place as DocPlace), JsonKind::Array | JsonKind::Object) {
                let end = place + span.reach();
                span = Span::container(span.start, span.reach() - (gone_before(end) - gone_before(place)));
            }
            spans.push(span);
            place += 1;
        }
        let mut keys = Vec::new();
        let kept = self.indexes.iter().map(|index| index.object as usize).filter(|place| (first..last).contains(place));
        let indexes = kept
            .filter_map(|place| {
                let place = place - first - (gone_before(place) - gone_before(first));
                span::sort_keys(self.text, &spans, place as DocPlace, &mut keys).ok().flatten()
            })
            .collect();
        Self { text: self.text, spans, indexes, lone: self.lone }
    }

    /// The content of the string at `place` where its spelling cannot be printed: it may hold a surrogate without a
    /// partner.
    pub(super) fn unprintable(&self, place: DocPlace) -> Option<String> {
        let is_escaped = self.lone && self.spans[place as usize].is_escaped();
        is_escaped.then(|| self.content(place).into_owned())
    }

    /// The place after the value at `place` and all that is in it.
    fn skip(&self, place: DocPlace) -> usize {
        span::skip(self.text, &self.spans, place as usize)
    }

    /// The children of the array or object at `place`, if it is one.
    fn children(&self, place: DocPlace, kind: JsonKind) -> Children<'_, 't> {
        if self.kind(place) == kind {
            let keys = usize::from(kind == JsonKind::Object);
            Children { document: self, next: place as usize + 1, end: self.skip(place), keys }
        } else {
            Children { document: self, next: 0, end: 0, keys: 0 }
        }
    }
}

/// The children of one array or object.
#[derive(Clone, Debug)]
pub(super) struct Children<'d, 't> {
    /// The document.
    document: &'d Document<'t>,
    /// The next item or key.
    next: usize,
    /// The place after the last.
    end: usize,
    /// 1 in an object, where each value follows its key; else 0.
    keys: usize,
}

impl Iterator for Children<'_, '_> {
    type Item = DocPlace;

    fn next(&mut self) -> Option<DocPlace> {
        let place = self.next;
        (place < self.end).then(|| {
            self.next = self.document.skip((place + self.keys) as DocPlace);
            place as DocPlace
        })
    }
}

#[cfg(test)]
mod tests;
