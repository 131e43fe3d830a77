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
mod tests;
