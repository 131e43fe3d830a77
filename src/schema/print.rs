//! Prints a document from its own text: whole, compact or indented, or the beginning of one value for a message.

use std::io;

use serde_json::Value;

use super::document::{DocPlace, Document, JsonKind};
use crate::json::{Indenter, quote};

/// How a document is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// On one line, no blanks.
    Compact,
    /// Two blanks a level, one member a line.
    Indented,
}

impl Document<'_> {
    /// Writes the document without a final newline; keys, numbers and strings keep their spelling.
    ///
    /// # Errors
    /// What `out` fails with.
    pub(crate) fn write(&self, layout: Layout, out: &mut impl io::Write) -> io::Result<()> {
        match layout {
            Layout::Compact => self.write_value(0, out),
            Layout::Indented => self.write_value(0, &mut Indenter::new(out)),
        }
    }

    /// The document as [`Document::write`] writes it.
    pub(crate) fn text(&self, layout: Layout) -> String {
        let mut out = Vec::new();
        // Writing to a vector does not fail, and pieces of valid text joined by ASCII are valid text.
        let _ = self.write(layout, &mut out);
        String::from_utf8(out).unwrap_or_default()
    }

    /// The beginning of the value at `place`, compact, with `…` behind it where it is longer than `limit` bytes.
    pub(super) fn excerpt(&self, place: DocPlace, limit: usize) -> String {
        let mut out = Excerpt { bytes: Vec::new(), limit };
        let whole = self.write_value(place, &mut out).is_ok();
        let mut text = String::from_utf8_lossy(&out.bytes).into_owned();
        if !whole {
            text.truncate(text.trim_end_matches(char::REPLACEMENT_CHARACTER).len());
            text.push('…');
        }
        text
    }

    /// A copy of the value at `place`; null for one nested deeper than `serde_json` reads.
    pub(super) fn value(&self, place: DocPlace) -> Value {
        serde_json::from_str(&self.excerpt(place, usize::MAX)).unwrap_or_default()
    }

    /// Writes the value at `place`. Recurses as deep as the document is nested, which the scan has bounded.
    fn write_value(&self, place: DocPlace, out: &mut impl io::Write) -> io::Result<()> {
        let (opening, closing, keys) = match self.kind(place) {
            JsonKind::Object => (b"{", b"}", 1),
            JsonKind::Array => (b"[", b"]", 0),
            JsonKind::String => return self.write_string(place, out),
            _ => return out.write_all(self.spelling(place).as_bytes()),
        };
        out.write_all(opening)?;
        for (count, child) in if keys == 1 { self.keys(place) } else { self.items(place) }.enumerate() {
            if count > 0 {
                out.write_all(b",")?;
            }
            if keys == 1 {
                self.write_string(child, out)?;
                out.write_all(b":")?;
            }
            self.write_value(child + keys, out)?;
        }
        out.write_all(closing)
    }

    /// Writes the string or key at `place` in its spelling, surrogates without a partner as U+FFFD.
    fn write_string(&self, place: DocPlace, out: &mut impl io::Write) -> io::Result<()> {
        match self.unprintable(place) {
            None => out.write_all(self.spelling(place).as_bytes()),
            Some(content) => {
                let mut quoted = String::new();
                quote(&content, &mut quoted);
                out.write_all(quoted.as_bytes())
            }
        }
    }
}

/// Takes bytes up to a limit and fails behind it.
struct Excerpt {
    /// The bytes taken.
    bytes: Vec<u8>,
    /// The most bytes taken.
    limit: usize,
}

impl io::Write for Excerpt {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = bytes.len().min(self.limit - self.bytes.len());
        self.bytes.extend_from_slice(&bytes[..room]);
        Ok(room)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(text: &str, layout: Layout) -> String {
        Document::parse(text).unwrap().text(layout)
    }

    #[test]
    fn keys_numbers_and_strings_keep_their_spelling() {
        let text = r#"{"z":12345678901234567890123,"a":[1.10,1e400,1E5,-0,0.0],"é":"\u00e9\/\n","":null}"#;
        assert_eq!(printed(text, Layout::Compact), text);
        let blanks = " {\n\t\"a\" : [ 1 , 2 ] , \"b\" : { } }\r\n";
        assert_eq!(printed(blanks, Layout::Compact), r#"{"a":[1,2],"b":{}}"#);
    }

    #[test]
    fn indented_is_two_blanks_a_level_and_empty_ones_stay_closed() {
        let text = r#"{"a":[1,{"b":"x"}],"c":{},"d":[]}"#;
        let lines = "{\n  \"a\": [\n    1,\n    {\n      \"b\": \"x\"\n    }\n  ],\n  \"c\": {},\n  \"d\": []\n}";
        assert_eq!(printed(text, Layout::Indented), lines);
        assert_eq!(printed(lines, Layout::Compact), text);
    }

    #[test]
    fn surrogates_without_a_partner_become_the_replacement_character() {
        assert_eq!(
            printed(r#"["\ud800x","\ud83d\ude00","\udc00\ud800"]"#, Layout::Compact),
            "[\"\u{fffd}x\",\"\u{1f600}\",\"\u{fffd}\u{fffd}\"]"
        );
        assert_eq!(printed(r#"["\ud83d\ude00\""]"#, Layout::Compact), r#"["\ud83d\ude00\""]"#);
    }

    #[test]
    fn excerpts_end_at_a_character() {
        let document = Document::parse(r#"["ééééé",1,2]"#).unwrap();
        assert_eq!(document.excerpt(0, 100), r#"["ééééé",1,2]"#);
        assert_eq!(document.excerpt(0, 7), "[\"éé…");
        assert_eq!(document.excerpt(0, 6), "[\"éé…");
    }
}
