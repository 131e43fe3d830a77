//! Finds the one JSON value of an answer: the whole text, one fenced block, or one object or array inside prose.
//!
//! Two values are an error, and so is a cut one: nothing is chosen and nothing is completed. Takes linear time on any
//! text. Knows nothing of schemas.

use super::document::Document;
use super::fence::code_blocks;
use super::scan::{DEPTH, Flaw, Scan};
use crate::failure::{Failure, Kind, shortened};

/// Where in the answer the value stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// The answer was JSON and nothing else.
    Whole,
    /// DocContainer one code fence.
    Fenced,
    /// DocContainer prose.
    Embedded,
}

impl Found {
    /// The notice to print about it, if any.
    pub(crate) fn notice(self) -> Option<&'static str> {
        match self {
            Self::Whole => None,
            Self::Fenced => Some("the answer was fenced: took the JSON inside the fence"),
            Self::Embedded => Some("the answer was prose around JSON: took the JSON"),
        }
    }
}

/// Finds the one JSON value of an answer.
///
/// # Errors
/// Invalid: there is none, there are two, it is cut, too deep, too long, or has a key twice.
pub(super) fn find(answer: &str) -> Result<(Document<'_>, Found), Failure> {
    let text = answer.trim_start_matches('\u{feff}').trim_ascii();
    let flaw = match Document::parse(text) {
        Ok(document) => return Ok((document, Found::Whole)),
        Err(flaw) => flaw,
    };
    if !matches!(flaw, Flaw::Unexpected(..)) {
        return Err(failure(text, &flaw));
    }
    let closed = code_blocks(text).filter(|block| block.is_closed);
    let mut documents = closed.filter_map(|block| Document::parse(block.content).ok());
    match (documents.next(), documents.next()) {
        (Some(_), Some(_)) => return Err(several()),
        (Some(document), None) => return Ok((document, Found::Fenced)),
        _ => {}
    }
    match embedded(text)? {
        Some(start) => {
            let document = Document::parse_at(text, start).map_err(|flaw| failure(text, &flaw))?;
            Ok((document, Found::Embedded))
        }
        None => Err(failure(text, &flaw)),
    }
}

/// Parses a text that must be JSON as it stands.
///
/// # Errors
/// Invalid: no JSON value, a cut one, too deep, too long, or with a key twice.
pub(super) fn parse(text: &str) -> Result<Document<'_>, Failure> {
    Document::parse(text).map_err(|flaw| failure(text, &flaw))
}

/// The failure of a text with this flaw.
fn failure(text: &str, flaw: &Flaw) -> Failure {
    let fail = |why: String| Failure::new(Kind::Invalid, "the answer is not JSON", why);
    match *flaw {
        Flaw::Cut(start) => Failure::new(
            Kind::Invalid,
            "the answer is cut JSON",
            format!("what begins at {} never ends", line_and_column(text, start)),
        )
        .hint("cut JSON is never completed: ask for less, or raise --max-tokens"),
        Flaw::Unexpected(0, _) if text.is_empty() => fail("it is empty".to_owned()),
        Flaw::Unexpected(at, wanted) => {
            let there = match text[text.floor_char_boundary(at)..].lines().next() {
                Some(rest) => format!("'{}'", shortened(rest, 40)),
                None => "the end".to_owned(),
            };
            fail(format!("wanted {wanted} at {}, there is {there}", line_and_column(text, at)))
        }
        Flaw::Deep(at) => fail(format!("it is nested deeper than {DEPTH} levels at {}", line_and_column(text, at))),
        Flaw::Twice(at) => fail(format!("the key at {} stands twice in its object", line_and_column(text, at))),
        Flaw::Long => fail("it is longer than 2 GiB".to_owned()),
    }
}

/// The failure of an answer with more than one value.
fn several() -> Failure {
    Failure::new(Kind::Invalid, "the answer holds more than one JSON value", "which one is meant is not guessed")
        .hint("ask for one, or use --each for a list")
}

/// The line and column of a byte, counted from 1.
fn line_and_column(text: &str, at: usize) -> String {
    let before = &text[..text.floor_char_boundary(at)];
    let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("line {line}, column {column}")
}

/// The byte at which the one object or array inside prose begins.
///
/// Each byte is scanned once: where a scan stops at a flaw, the arrays and objects inside that were complete count,
/// and the search goes on at the flaw. What was still open there would meet the same flaw if it were scanned alone.
fn embedded(text: &str) -> Result<Option<usize>, Failure> {
    let mut found = None;
    let mut at = 0;
    while let Some(offset) = text[at..].find(['{', '[']) {
        let start = at + offset;
        let mut scan = Scan::new(text, start);
        let starts: Vec<usize> = match scan.value() {
            Ok(()) => vec![start],
            Err(Flaw::Unexpected(..)) => scan.complete_inside().take(2).collect(),
            Err(flaw) => return Err(failure(text, &flaw)),
        };
        for start in starts {
            if found.replace(start).is_some() {
                return Err(several());
            }
        }
        at = text.ceil_char_boundary(scan.at.max(start + 1));
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
