//! Tests of `matching.rs`.

use super::*;

fn asked<'a>(method: &'a str, url: &'a str, body: &'a str) -> Compared<'a> {
    Compared { method, url, body: Some(body) }
}

#[test]
fn host_and_order_do_not_matter() {
    let one = asked("POST", "http://a:1/v1/x?b=2&a=1&key=k", r#"{"a":1,"b":{"c":[1,2],"d":"x"}}"#);
    let other = asked("post", "https://b/v1/x?key=REDACTED&a=1&b=2", r#"{ "b":{"d":"\u0078","c":[1,2]},"a":1 }"#);
    assert_eq!(difference(&one, &other), None);
    assert_eq!(difference(&one, &Compared { body: None, ..other }), None);
}

#[test]
fn first_field_that_differs_is_named() {
    let recorded = asked("POST", "http://a/v1?a=1", r#"{"m":"x","l":[{"t":1},2],"o":{"p":1}}"#);
    let table = [
        (asked("GET", "http://a/v1?a=1", ""), "method is GET, recorded POST"),
        (asked("POST", "http://a/v2?a=1", ""), "path is /v2, recorded /v1"),
        (asked("POST", "http://a?a=1", ""), "path is /, recorded /v1"),
        (asked("POST", "http://a/v1", ""), "query is , recorded a=1"),
        (asked("POST", "http://a/v1?a=1", ""), "body is , recorded {\"m\":\"x\",\"l\":[{\"t\":1},2],\"o\":{\"p\":1}}"),
    ];
    for (asked, words) in table {
        assert_eq!(difference(&asked, &recorded).unwrap().words, words);
    }
    let bodies = [
        (r#"{"m":"y"}"#, r#"body field /m is "y", recorded "x""#),
        (r#"{"m":"x","l":[{"t":2},2]}"#, "body field /l/0/t is 2, recorded 1"),
        (r#"{"m":"x","l":[{"t":1}]}"#, "body field /l has 1 items, recorded 2"),
        (r#"{"m":"x","n":1}"#, "body field /n is not in the recording"),
        (r#"{"m":"x","l":[{"t":1},2],"o":{}}"#, "body field /o/p is only in the recording"),
        (r#"{"m":"x","l":[{"t":1},2],"o":3}"#, r#"body field /o is 3, recorded {"p":1}"#),
    ];
    for (body, words) in bodies {
        assert_eq!(difference(&asked("POST", "http://a/v1?a=1", body), &recorded).unwrap().words, words);
    }
}

#[test]
fn long_values_are_shown_from_where_they_differ() {
    let (one, other) = (format!("{}b{}", "a".repeat(100), "c".repeat(100)), "a".repeat(101));
    let words = unlike("x", &one, &other);
    assert_eq!(words, format!("x is …{}b{}…, recorded …{}", "a".repeat(15), "c".repeat(44), "a".repeat(16)));
}
