//! What counts as the one JSON value of an answer.

use super::*;
use crate::schema::print::Layout;

fn found(answer: &str) -> Result<(String, Found), String> {
    find(answer).map(|(document, found)| (document.text(Layout::Compact), found)).map_err(|failure| failure.line())
}

#[test]
fn json_alone_is_taken_as_it_is() {
    for (answer, json) in [("{\"a\":1}\n", "{\"a\":1}"), ("\u{feff} [1] ", "[1]"), ("\"x\"", "\"x\""), ("12", "12")] {
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
    for answer in ["{\"a\":[1,2", "{\"a\":\"x", "[[[[1,2]", "```json\n{\"a\":1", "Sure: {\"a\": {\"b\":1}", "{\"a\":tr"]
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
