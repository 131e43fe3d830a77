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
mod tests {
    use super::super::print::Layout;
    use super::*;

    fn compact(text: &str) -> String {
        Document::parse(text).unwrap().text(Layout::Compact)
    }

    #[test]
    fn pruned_members_are_gone_and_the_rest_keeps_its_order() {
        let document = Document::parse(r#"{"v":[{"a":null,"b":[1,{"c":null}],"d":2},{"e":null}],"w":0}"#).unwrap();
        let list = document.member(0, "v").unwrap();
        let first = document.items(list).next().unwrap();
        let inner = document.resolve("/v/0/b/1").unwrap();
        let removed = [document.keys(first).next().unwrap(), document.keys(inner).next().unwrap()];
        assert_eq!(document.prune(0, &removed).text(Layout::Compact), r#"{"v":[{"b":[1,{}],"d":2},{"e":null}],"w":0}"#);
        assert_eq!(document.prune(list, &removed).text(Layout::Compact), r#"[{"b":[1,{}],"d":2},{"e":null}]"#);
        assert_eq!(document.prune(list, &removed).resolve("/1/e"), Some(10));
    }

    #[test]
    fn members_of_wide_objects_are_found_before_and_after_pruning() {
        let members: Vec<String> = (0..100).map(|number| format!("\"k{number}\":{number}")).collect();
        let text = format!("[[{{{}}}]]", members.join(","));
        let document = Document::parse(&text).unwrap();
        assert_eq!(document.resolve("/0/0/k42").map(|place| document.spelling(place)), Some("42"));
        let removed = [document.resolve("/0/0/k7").unwrap() - 1];
        let pruned = document.prune(1, &removed);
        assert_eq!(pruned.resolve("/0/k7"), None);
        assert_eq!(pruned.resolve("/0/k42").map(|place| pruned.spelling(place)), Some("42"));
    }

    #[test]
    fn keys_are_compared_by_content() {
        let document = Document::parse(r#"{"\u0061":1,"b/~":{"":2}}"#).unwrap();
        assert_eq!(document.member(0, "a").map(|place| document.spelling(place)), Some("1"));
        assert_eq!(document.resolve("/b~1~0/").map(|place| document.spelling(place)), Some("2"));
    }

    #[test]
    fn text_that_is_not_json_gives_its_first_flaw() {
        let flaws = [
            ("", Flaw::Unexpected(0, "a value")),
            (" tru", Flaw::Unexpected(1, "a value")),
            ("[1,]", Flaw::Unexpected(3, "a value")),
            ("{\"a\" 1}", Flaw::Unexpected(5, "':'")),
            ("{a:1}", Flaw::Unexpected(1, "a key in quotes")),
            ("[1 2]", Flaw::Unexpected(3, "',' or ']'")),
            ("01", Flaw::Unexpected(1, "the end of the text")),
            ("[1.]", Flaw::Unexpected(3, "a digit")),
            ("[-]", Flaw::Unexpected(2, "a digit")),
            ("\"a\nb\"", Flaw::Unexpected(2, "no raw control character in a string")),
            ("\"\\x\"", Flaw::Unexpected(2, "an escape")),
            ("{} x", Flaw::Unexpected(3, "the end of the text")),
            ("{\"a\":[tru", Flaw::Cut(0)),
            (" [\"a\\u12", Flaw::Cut(1)),
            ("\"abc", Flaw::Cut(0)),
            ("[1,2", Flaw::Cut(0)),
            ("{\"a\":1,\"\\u0061\":2}", Flaw::Twice(7)),
        ];
        for (text, flaw) in flaws {
            assert_eq!(Document::parse(text).map(|document| document.text(Layout::Compact)), Err(flaw), "{text}");
        }
        let indexes: Vec<String> = (0..50).map(|number| format!("\"k{}\":0", number % 49)).collect();
        assert_eq!(Document::parse(&format!("{{{}}}", indexes.join(","))).err(), Some(Flaw::Twice(383)));
    }

    #[test]
    fn deep_nesting_is_a_flaw_and_not_a_crash() {
        assert_eq!(Document::parse(&"[".repeat(100_000)).err(), Some(Flaw::Deep(128)));
        assert_eq!(Document::parse(&"{\"a\":".repeat(100_000)).err(), Some(Flaw::Deep(640)));
        let deepest = format!("{}{}", "[".repeat(128), "]".repeat(128));
        assert_eq!(compact(&deepest), deepest);
    }
}
