//! Finds the one JSON value of an answer: the whole text, one fenced block, or one object or array inside prose.
//!
//! Two values are an error, and so is a cut one: nothing is chosen and nothing is completed. Takes linear time on any
//! text. Knows nothing of schemas.

use super::document::Document;
use super::fence::code_blocks;
use super::scan::{DEPTH, Flaw, Scan};
use super::violations::cut;
use crate::failure::{Failure, Kind};

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
                Some(rest) => format!("'{}'", cut(rest, 40)),
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
mod tests {
    use super::super::print::Layout;
    use super::*;

    fn found(answer: &str) -> Result<(String, Found), String> {
        find(answer).map(|(document, found)| (document.text(Layout::Compact), found)).map_err(|failure| failure.line())
    }

    #[test]
    fn json_alone_is_taken_as_it_is() {
        for (answer, json) in [("{\"a\":1}\n", "{\"a\":1}"), ("\u{feff} [1] ", "[1]"), ("\"x\"", "\"x\""), ("12", "12")]
        {
            assert_eq!(found(answer), Ok((json.to_owned(), Found::Whole)));
        }
    }

    #[test]
    fn one_fenced_value_is_taken() {
        let answers = [
            "```json\n{\"a\":1}\n```",
            "Here [it] is:\n\n  ```\n{\"a\":\n1}\n  ```\nDone {ok}.",
            "~~~JSON\n{\"a\":1}\n~~~",
            "```sh\nls {x}\n```\n```json\n{\"a\":1}\n```\n",
        ];
        for answer in answers {
            assert_eq!(found(answer), Ok(("{\"a\":1}".to_owned(), Found::Fenced)), "{answer}");
        }
    }

    #[test]
    fn one_embedded_value_is_taken() {
        let answers = [
            "The answer is {\"a\":1}.",
            "{{\"a\":1}}",
            "[see {\"a\":1}] and {so on}",
            "```json\n{\"a\":1}",
            "in {set} notation: é{\"a\":1}é",
            "[1, x {\"a\":1}",
        ];
        for answer in answers {
            assert_eq!(found(answer), Ok(("{\"a\":1}".to_owned(), Found::Embedded)), "{answer}");
        }
    }

    #[test]
    fn two_values_are_an_error() {
        let answers = ["{\"a\":1}\n{\"a\":2}", "first [1] then [2]", "```\n[1]\n```\n```\n[2]\n```", "[[1],[2], x]"];
        for answer in answers {
            let line = "the answer holds more than one JSON value: which one is meant is not guessed: ask for one, or \
                        use --each for a list";
            assert_eq!(found(answer), Err(line.to_owned()), "{answer}");
        }
    }

    #[test]
    fn cut_json_is_never_completed() {
        for answer in
            ["{\"a\":[1,2", "{\"a\":\"x", "[[[[1,2]", "```json\n{\"a\":1", "Sure: {\"a\": {\"b\":1}", "{\"a\":tr"]
        {
            assert!(found(answer).unwrap_err().starts_with("the answer is cut JSON: what begins at line "), "{answer}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let lines = [
            ("", "the answer is not JSON: it is empty"),
            ("No.", "the answer is not JSON: wanted a value at line 1, column 1, there is 'No.'"),
            ("{\"a\":1,\n \"b\" 2}", "the answer is not JSON: wanted ':' at line 2, column 6, there is '2}'"),
            ("{\"a\":1,\"a\":2}", "the answer is not JSON: the key at line 1, column 8 stands twice in its object"),
        ];
        for (answer, line) in lines {
            assert_eq!(found(answer), Err(line.to_owned()));
        }
    }

    #[test]
    fn hostile_text_takes_linear_work() {
        let big = 300_000;
        for unit in ["{", "{\"", "{\"a\":", "[1, x ", "[[x", "```\n{\n```\n", "{\"a\":1,}"] {
            let text = unit.repeat(big / unit.len());
            assert!(find(&text).is_err(), "{unit}");
        }
    }
}
