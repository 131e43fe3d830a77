//! Tests of `content.rs`.

use super::*;

fn read(json: &str) -> (String, String, String) {
    let found = content(serde_json::from_str(json).expect("test JSON parses"));
    (found.text.into_owned(), found.reasoning.into_owned(), found.refusal.into_owned())
}

fn told(text: &str, reasoning: &str, refusal: &str) -> (String, String, String) {
    (text.into(), reasoning.into(), refusal.into())
}

#[test]
fn content_of_every_type_is_read() {
    let rows = [
        ("null", told("", "", "")),
        (r#""a""#, told("a", "", "")),
        ("7.50", told("7.50", "", "")),
        (r#"{"b":1.0,"a":2}"#, told(r#"{"b":1.0,"a":2}"#, "", "")),
        ("[]", told("", "", "")),
        (r#"["a",null,"b"]"#, told("ab", "", "")),
        (r#"[{"type":"text","text":"a"},{"type":"output_text","text":"b"}]"#, told("ab", "", "")),
        (r#"[{"text":"a"},{"type":"image_url","image_url":{}}]"#, told("a", "", "")),
        (r#"[{"type":"refusal","refusal":"no"}]"#, told("", "", "no")),
        (r#"{"type":"text","text":"a"}"#, told("a", "", "")),
    ];
    for (json, want) in rows {
        assert_eq!(read(json), want, "{json}");
    }
}

#[test]
fn lists_within_lists_end_somewhere() {
    let deep = format!("[\"a\",{}{}]", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(read(&deep), told("a", "", ""));
    let part = r#"[{"type":"thinking","thinking":"#;
    let deep = format!("{}\"b\"{}", part.repeat(1000), "}]".repeat(1000));
    assert_eq!(read(&deep), told("", "", ""));
}

#[test]
fn mistral_thinking_is_reasoning() {
    let json = r#"[{"type":"thinking","thinking":[{"type":"text","text":"hm"},{"type":"text","text":", yes"}]},
        {"type":"text","text":"4"}]"#;
    assert_eq!(read(json), told("4", "hm, yes", ""));
    assert_eq!(read(r#"[{"type":"thinking","thinking":"hm"}]"#), told("", "hm", ""));
}

#[test]
fn openrouter_details_are_reasoning() {
    let json = r#"[{"type":"reasoning.summary","summary":"a"},{"type":"reasoning.text","text":"b"},
        {"type":"reasoning.encrypted","data":"xyz"}]"#;
    assert_eq!(details(serde_json::from_str(json).expect("test JSON parses")), "ab");
}
