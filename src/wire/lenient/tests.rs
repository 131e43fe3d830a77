//! Tests of `lenient.rs`.

use super::*;

fn raw(json: &str) -> Raw<'_> {
    serde_json::from_str(json).expect("test JSON parses")
}

#[test]
fn words_are_decoded_text_or_the_spelling() {
    let rows = [
        ("null", None),
        (r#""plain""#, Some("plain")),
        (r#""a\n\"b\"""#, Some("a\n\"b\"")),
        (r#""\ud83c\ud83c\udf89\\ud83c""#, Some("\u{fffd}🎉\\ud83c")),
        ("1.10", Some("1.10")),
        ("12345678901234567890123", Some("12345678901234567890123")),
        (r#"{"b": 1.0, "a":2}"#, Some(r#"{"b": 1.0, "a":2}"#)),
        ("true", Some("true")),
    ];
    for (json, want) in rows {
        assert_eq!(text_of(raw(json)).as_deref(), want, "{json}");
    }
}

#[test]
fn counts_are_read_from_what_is_sent() {
    let rows =
        [("7", Some(7)), ("7.9", Some(7)), ("\"7\"", Some(7)), ("-1", None), ("null", None), ("1e3", Some(1000))];
    for (json, want) in rows {
        assert_eq!(count(raw(json)), want, "{json}");
    }
    assert_eq!(count(raw("[]")), None);
    assert_eq!(count(raw("18446744073709551615")), Some(u64::MAX));
}

#[test]
fn truth_is_what_a_script_calls_true() {
    for json in ["null", "false", "0", "\"\"", "{}", "{ }", "[]"] {
        assert!(!is_truthy(raw(json)), "{json}");
    }
    for json in ["true", "1", "\"x\"", "{\"a\":1}", "[0]"] {
        assert!(is_truthy(raw(json)), "{json}");
    }
}
