//! Splits a growing JSON list into its items (`--each`): bytes in at any split, items out as soon as they close.
//!
//! Finds only where items end; whether they are valid JSON is checked afterwards. Keeps no more than the unfinished
//! item, and reads each byte once. Knows nothing of schemas.

use crate::failure::{Failure, Kind};
use crate::json::{Position, next_special};

/// The key of the list in the object the model is asked for.
pub(crate) const WRAPPER: &str = "items";

/// How the text of a list ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListEnd {
    /// The list was closed: it is complete.
    Closed,
    /// The text stopped inside the list.
    Open,
    /// No list ever began.
    NoList,
}

/// Where in the text the splitter is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum SplitterState {
    /// Before the list or the object around it: blanks, prose, a fence.
    #[default]
    Before,
    /// In the object around the list, before a key.
    Key,
    /// In a key.
    InKey,
    /// Before the colon behind a key; true when it was the key of the list.
    Colon(bool),
    /// Before the value of a key.
    Value(bool),
    /// In the value of another key, which is dropped.
    Dropped,
    /// In the list, before an item; true behind a comma, where one must come.
    Item(bool),
    /// In an item.
    InItem,
    /// Behind an item.
    Comma,
    /// Behind the list.
    Closed,
    /// Behind an object without the list.
    Missed,
}

/// Splits `{"items":[…]}` or a bare array, alone or inside a fence, into items.
#[derive(Debug, Default)]
pub(crate) struct ItemSplitter {
    /// Where in the text it is.
    state: SplitterState,
    /// The unfinished value or key.
    value: OpenValue,
    /// The bytes of it that came earlier.
    kept: Vec<u8>,
}

impl ItemSplitter {
    /// Takes the next bytes and calls `each` for every item that closes, in order, with its JSON text.
    ///
    /// # Errors
    /// Invalid for text that is no list; whatever `each` fails with.
    pub(crate) fn feed(
        &mut self,
        mut bytes: &[u8],
        mut each: impl FnMut(&str) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        while let Some(&byte) = bytes.first() {
            match self.state {
                SplitterState::InKey | SplitterState::InItem | SplitterState::Dropped => {
                    let Some(length) = self.value.end(bytes) else {
                        if self.state != SplitterState::Dropped {
                            self.kept.extend_from_slice(bytes);
                        }
                        return Ok(());
                    };
                    let (piece, rest) = bytes.split_at(length);
                    bytes = rest;
                    self.close(piece, &mut each)?;
                }
                SplitterState::Closed | SplitterState::Missed => return Ok(()),
                _ => {
                    let (state, is_taken) = self.step(byte)?;
                    self.state = state;
                    bytes = &bytes[usize::from(is_taken)..];
                }
            }
        }
        Ok(())
    }

    /// How the text ended, once all bytes are fed.
    pub(crate) fn ending(&self) -> ListEnd {
        match self.state {
            SplitterState::Closed => ListEnd::Closed,
            SplitterState::Item(_) | SplitterState::InItem | SplitterState::Comma => ListEnd::Open,
            _ => ListEnd::NoList,
        }
    }

    /// The state after a byte between values, and whether the byte is used up.
    fn step(&self, byte: u8) -> Result<(SplitterState, bool), Failure> {
        let is_blank = byte.is_ascii_whitespace();
        Ok(match (self.state, byte) {
            (SplitterState::Before, b'[') | (SplitterState::Value(true), b'[') => (SplitterState::Item(false), true),
            (SplitterState::Before, b'{') => (SplitterState::Key, true),
            (SplitterState::Before, _) => (SplitterState::Before, true),
            (SplitterState::Key, b'"') => (SplitterState::InKey, false),
            (SplitterState::Key, b'}') => (SplitterState::Missed, true),
            (SplitterState::Colon(is_list), b':') => (SplitterState::Value(is_list), true),
            (SplitterState::Item(false) | SplitterState::Comma, b']') => (SplitterState::Closed, true),
            (SplitterState::Comma, b',') => (SplitterState::Item(true), true),
            (SplitterState::Item(_), b',' | b']' | b'}') | (SplitterState::Comma, _) if !is_blank => {
                let wanted = if self.state == SplitterState::Comma { "',' or ']' behind an item" } else { "an item" };
                return Err(no_list(&format!("wanted {wanted}, there is '{}'", char::from(byte))));
            }
            (state, _) if is_blank => (state, true),
            (SplitterState::Key, b',') => (SplitterState::Key, true),
            // A brace in prose that does not begin an object.
            (SplitterState::Key | SplitterState::Colon(_), _) => (SplitterState::Before, false),
            (SplitterState::Item(_), _) => (SplitterState::InItem, false),
            (_, _) => (SplitterState::Dropped, false),
        })
    }

    /// Ends the unfinished key, item or dropped value with its last piece.
    fn close(&mut self, piece: &[u8], each: &mut impl FnMut(&str) -> Result<(), Failure>) -> Result<(), Failure> {
        self.value = OpenValue::default();
        let whole = if self.kept.is_empty() {
            piece
        } else {
            self.kept.extend_from_slice(piece);
            &self.kept
        };
        self.state = match self.state {
            SplitterState::InKey => SplitterState::Colon(
                whole.len() == WRAPPER.len() + 2 && &whole[1..=WRAPPER.len()] == WRAPPER.as_bytes(),
            ),
            SplitterState::InItem => {
                each(str::from_utf8(whole).map_err(|_| no_list("an item is not UTF-8"))?)?;
                SplitterState::Comma
            }
            _ => SplitterState::Key,
        };
        self.kept.clear();
        Ok(())
    }
}

/// The failure of a text that is no list.
fn no_list(why: &str) -> Failure {
    Failure::new(Kind::Invalid, "the answer is not a list", why)
}

/// A JSON value whose end is searched.
#[derive(Debug, Default)]
struct OpenValue {
    /// How many arrays and objects are open.
    depth: usize,
    /// Whether the next byte is part of a string.
    position: Position,
    /// Whether it is a number or a word, which ends only where something else begins.
    is_bare: bool,
}

impl OpenValue {
    /// How many of the bytes belong to the value, once its end is among them.
    fn end(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if self.is_bare {
                if matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\n' | b'\r') {
                    return Some(at);
                }
                at += 1;
                continue;
            }
            match (self.position, byte) {
                (Position::InString, b'"') if self.depth == 0 => return Some(at + 1),
                (Position::InString | Position::Escape, _) | (Position::Outside, b'"') => {}
                (Position::Outside, b'{' | b'[') => self.depth += 1,
                (Position::Outside, b'}' | b']') if self.depth <= 1 => return Some(at + 1),
                (Position::Outside, b'}' | b']') => self.depth -= 1,
                (Position::Outside, _) => self.is_bare = self.depth == 0,
            }
            at += 1;
            self.position = self.position.behind(byte);
            if self.position == Position::InString {
                at = next_special(bytes, at).unwrap_or(bytes.len());
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Feeds a text in pieces that end at `cuts`; the items and how it ended.
    fn split(text: &[u8], cuts: &[usize]) -> (Vec<String>, Result<ListEnd, String>) {
        let mut items = ItemSplitter::default();
        let mut found = Vec::new();
        let mut ends: Vec<usize> = cuts.iter().map(|cut| cut % (text.len() + 1)).collect();
        ends.push(text.len());
        ends.sort_unstable();
        let mut start = 0;
        for end in ends {
            let fed = items.feed(&text[start..end], |item| {
                found.push(item.to_owned());
                Ok(())
            });
            if let Err(failure) = fed {
                return (found, Err(failure.line()));
            }
            start = end;
        }
        (found, Ok(items.ending()))
    }

    fn whole(text: &str) -> (Vec<String>, Result<ListEnd, String>) {
        let result = split(text.as_bytes(), &[]);
        let every: Vec<usize> = (0..text.len()).collect();
        assert_eq!(split(text.as_bytes(), &every), result, "byte by byte: {text}");
        result
    }

    fn items(list: &[&str], ending: ListEnd) -> (Vec<String>, Result<ListEnd, String>) {
        (list.iter().map(|item| (*item).to_owned()).collect(), Ok(ending))
    }

    #[test]
    fn items_of_every_kind_are_split() {
        let list =
            [r#"{"a":[1,{"b":"]}\""}]}"#, "[[],[1]]", r#""x,]\\""#, "12", "-1.5e3", "true", "null", r#""é\u00e9👍""#];
        let bare = format!("[{}]", list.join(","));
        assert_eq!(whole(&bare), items(&list, ListEnd::Closed));
        let wrapped = format!("{{ \"items\" : [\n{}\n] }}", list.join(" ,\n "));
        assert_eq!(whole(&wrapped), items(&list, ListEnd::Closed));
        let fenced = format!("Here they are:\n```json\n{wrapped}\n```\nDone [1].");
        assert_eq!(whole(&fenced), items(&list, ListEnd::Closed));
        let other = format!("{{\"note\":\"[1]\",\"n\":[2,[3]],\"k\":7, \"items\":{bare},\"more\":[4]}}");
        assert_eq!(whole(&other), items(&list, ListEnd::Closed));
    }

    #[test]
    fn items_come_the_moment_they_close() {
        let mut splitter = ItemSplitter::default();
        let mut seen = Vec::new();
        for (piece, count) in [("{\"items\":[{\"a\"", 0), (":1}", 1), (",2", 1), ("3", 1), (",", 2), ("\"x\"", 3)] {
            splitter
                .feed(piece.as_bytes(), |item| {
                    seen.push(item.to_owned());
                    Ok(())
                })
                .unwrap();
            assert_eq!(seen.len(), count, "{piece}");
        }
        assert_eq!(seen, ["{\"a\":1}", "23", "\"x\""]);
        assert_eq!(splitter.ending(), ListEnd::Open);
    }

    #[test]
    fn endings_are_distinguished() {
        assert_eq!(whole("[]"), items(&[], ListEnd::Closed));
        assert_eq!(whole("{\"items\":[]}"), items(&[], ListEnd::Closed));
        assert_eq!(whole("[1,2"), items(&["1"], ListEnd::Open));
        assert_eq!(whole("[{\"a\":1},{\"a\""), items(&["{\"a\":1}"], ListEnd::Open));
        for text in ["", "No.", "{\"a\":1}", "{\"items\":1}", "{\"items\":", "in {prose}"] {
            assert_eq!(whole(text), items(&[], ListEnd::NoList), "{text}");
        }
    }

    #[test]
    fn what_is_no_list_is_an_error_behind_the_items_before_it() {
        let why = |why: &str| Err(format!("the answer is not a list: {why}"));
        let cases = [
            ("[1,]", vec!["1"], "wanted an item, there is ']'"),
            ("[1 2]", vec!["1"], "wanted ',' or ']' behind an item, there is '2'"),
            ("[{}{}]", vec!["{}"], "wanted ',' or ']' behind an item, there is '{'"),
            ("[,1]", vec![], "wanted an item, there is ','"),
            ("[1}", vec!["1"], "wanted ',' or ']' behind an item, there is '}'"),
        ];
        for (text, found, reason) in cases {
            assert_eq!(whole(text), (found.iter().map(|item| (*item).to_owned()).collect(), why(reason)), "{text}");
        }
    }

    #[test]
    fn memory_is_bounded_by_the_open_item() {
        let mut splitter = ItemSplitter::default();
        splitter.feed(b"{\"skip\":\"", |_| Ok(())).unwrap();
        for _ in 0..10_000 {
            splitter.feed(&[b'x'; 100], |_| Ok(())).unwrap();
        }
        splitter.feed(b"\",\"items\":[", |_| Ok(())).unwrap();
        for _ in 0..10_000 {
            splitter.feed(b"\"0123456789\"", |_| Ok(())).unwrap();
            splitter.feed(b",", |_| Ok(())).unwrap();
        }
        assert!(splitter.kept.capacity() < 64, "{}", splitter.kept.capacity());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_split_gives_the_same_items(
            text in proptest::collection::vec(proptest::sample::select(b"{}[]\",:\\ 1aitems\xc3\xa9".to_vec()), 0..60),
            lead in proptest::sample::select(vec!["[", "{\"items\":[", "x", ""]),
            cuts in proptest::collection::vec(any::<usize>(), 0..8),
        ) {
            let text = [lead.as_bytes(), &text].concat();
            prop_assert_eq!(split(&text, &cuts), split(&text, &[]));
        }
    }
}
