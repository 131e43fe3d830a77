//! Tests of `headers.rs`.

use super::*;

/// The headers that the lines add up to.
fn added(lines: &[&str]) -> Result<Vec<(String, String)>, String> {
    let mut headers = Vec::new();
    for line in lines {
        add(&mut headers, line, Origin::Flag("--header")).map_err(|failure| failure.line())?;
    }
    Ok(headers.into_iter().map(|(name, value)| (name, value.value.reveal().to_owned())).collect())
}

/// A header as a pair of owned strings.
fn pair(name: &str, value: &str) -> (String, String) {
    (name.into(), value.into())
}

#[test]
fn later_headers_replace_earlier_ones_of_their_name() {
    let lines = ["X-Team: docs", "X-A:1: 2", "x-team:  ops \t", "X-B: b", "X-B:"];
    assert_eq!(added(&lines), Ok(vec![pair("X-A", "1: 2"), pair("x-team", "ops")]));
}

#[test]
fn bad_headers_are_refused_without_their_value() {
    const HINT: &str = "a header looks like 'X-Team: docs'";
    for (line, error) in [
        ("sk-secret", "header (from --header): no colon in it"),
        (": x", "header '' (from --header): not a header name"),
        ("X Team: x", "header 'X Team' (from --header): not a header name"),
        ("Größe: x", "header 'Größe' (from --header): not a header name"),
        (
            "X: a\r\nEvil: b",
            "header 'X' (from --header): the value has a line break, a control character or a letter outside ASCII",
        ),
        (
            "X: é",
            "header 'X' (from --header): the value has a line break, a control character or a letter outside ASCII",
        ),
        (
            "content-LENGTH: 5",
            "header 'content-LENGTH' (from --header): this header is lmpipe's own, it describes the body",
        ),
    ] {
        assert_eq!(added(&[line]), Err(format!("{error}: {HINT}")), "{line}");
    }
}
