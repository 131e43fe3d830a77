//! Schemas made to hang, to crash, or to call home.

use serde_json::{Value, json};

use crate::replies::chat;
use crate::server::{Answer, Server};
use crate::util::Run;

/// A run under a schema in a file; if it gets so far as to ask, it is answered this.
fn judged(schema: &str, answer: &str) -> Run {
    let server = Server::always(chat(answer));
    let words = ["-b", &server.url(), "-m", "m", "--no-key", "-S", "schema.json", "hi"];
    Run::new(words).file("schema.json", schema).beside(server)
}

/// A schema that must be refused before a request leaves.
#[track_caller]
fn refused(schema: &str) {
    let run = Run::asking_all(Vec::<Answer>::new()).file("schema.json", schema).args(["-S", "schema.json", "hi"]);
    let finished = run.finish();
    assert_eq!((finished.code(), finished.stdout().as_str()), (2, ""), "{schema}: {}", finished.stderr());
}

/// Patterns that take a backtracking engine for ever, and patterns of which each step reads the whole text.
const PATTERNS: [&str; 12] = [
    r"^(a+)+$",
    r"^(a|a?)+$",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"^(?=(a+)+$)",
    r"^(?!(a|a)*b)(a|a)*$",
    r"^(a*)*\1b$",
    r"^((a+)\2?)+b$",
    r"(?<=(a+)+)b$",
    r"(?=a*b)c",
    r"x(?!a*b)|a*c",
    r"((?=a*b)a|a)*c",
    r"(?:(?=a*$)a)+b",
];

/// Judges this answer by this schema: no pattern lets it pass, and one that no engine takes is refused before.
#[track_caller]
#[cfg(unix)]
fn turned_down(schema: &Value, answer: &Value) {
    let finished = judged(&schema.to_string(), &answer.to_string()).after("ulimit -t 30").finish();
    assert!(matches!(finished.code(), 2 | 10), "{schema}: exit {}: {}", finished.code(), finished.stderr());
    assert_eq!(finished.stdout(), "");
}

#[test]
#[cfg(unix)]
fn no_pattern_hangs() {
    let subject = "a".repeat(10_000) + "!";
    for pattern in PATTERNS {
        let list = json!({"type": "array", "items": {"pattern": pattern}});
        turned_down(&list, &json!(vec![subject.clone(); 5]));
        turned_down(&json!({"pattern": pattern}), &json!(subject.repeat(10)));
        turned_down(&json!({"propertyNames": {"pattern": pattern}}), &json!({&subject: "x"}));
        let closed = json!({"patternProperties": {pattern: {"type": "integer"}}, "additionalProperties": false});
        turned_down(&closed, &json!({&subject: "x"}));
    }
}

#[test]
fn pattern_that_looks_around_judges_long_texts() {
    let text = json!("not blank ".repeat(100_000)).to_string();
    let finished = judged(r#"{"pattern": "^(?!\\s*$)(?=.*blank)[a-z ]+$"}"#, &text).finish();
    assert_eq!((finished.code(), finished.stdout()), (0, text + "\n"), "{}", finished.stderr());
}

#[test]
fn pattern_too_large_to_compile_exits_2() {
    refused(r#"{"pattern": "((((a{100}){100}){100}){100})"}"#);
    refused(&json!({"pattern": "(".repeat(50_000) + &")".repeat(50_000)}).to_string());
}

#[test]
#[cfg(unix)]
fn references_in_a_circle_do_not_crash() {
    for schema in [
        r##"{"$ref": "#"}"##,
        r##"{"allOf": [{"$ref": "#"}]}"##,
        r##"{"anyOf": [{"$ref": "#"}, {"$ref": "#"}]}"##,
        r##"{"not": {"$ref": "#"}}"##,
        r##"{"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}"##,
        r##"{"$dynamicAnchor": "x", "$dynamicRef": "#x"}"##,
        r##"{"$defs": {"a": {"oneOf": [{"$ref": "#/$defs/a"}, {"type": "null"}]}}, "$ref": "#/$defs/a"}"##,
    ] {
        for words in [&["--strict", "always"][..], &["--strict", "never"], &["--each"]] {
            let finished = judged(schema, "[]").args(words).after("ulimit -v 400000").finish();
            assert!(matches!(finished.code(), 0 | 2 | 10), "{schema} {words:?}: {}", finished.stderr());
        }
    }
}

#[test]
fn long_chains_of_references_do_not_crash() {
    let mut definitions = String::new();
    for number in 0..5_000 {
        definitions += &format!("\"d{number}\":{{\"$ref\":\"#/$defs/d{}\"}},", number + 1);
    }
    let schema = format!("{{\"$defs\":{{{definitions}\"d5000\":true}},\"$ref\":\"#/$defs/d0\"}}");
    for words in [&["--strict", "auto"][..], &["--strict", "never"]] {
        let finished = judged(&schema, "[]").args(words).finish();
        assert!(matches!(finished.code(), 0 | 2 | 10), "{words:?}: {}", finished.stderr());
    }
}

#[test]
#[cfg(unix)]
fn numbers_without_measure_do_not_hang() {
    for number in ["1e1000000000", "-1e1000000000", "1e-1000000000", &"9".repeat(100_000)] {
        for rule in [
            json!({"type": "integer"}),
            json!({"multipleOf": 3}),
            json!({"multipleOf": 0.01}),
            json!({"minimum": 7, "maximum": 8}),
            json!({"enum": [1, 2]}),
            json!({"const": 0}),
        ] {
            let finished = judged(&rule.to_string(), number).after("ulimit -v 400000").after("ulimit -t 20").finish();
            assert!(matches!(finished.code(), 0 | 10), "{rule} {number:.20}: {}", finished.stderr());
        }
        refused_or_judged(&format!("{{\"multipleOf\": {number}}}"));
        refused_or_judged(&format!("{{\"maxLength\": {number}}}"));
        refused_or_judged(&format!("{{\"minItems\": {number}}}"));
    }
}

/// A schema that may be good or bad, but neither hangs nor crashes.
#[track_caller]
#[cfg(unix)]
fn refused_or_judged(schema: &str) {
    let finished = judged(schema, "7").after("ulimit -v 400000").after("ulimit -t 20").finish();
    assert!(matches!(finished.code(), 0 | 2 | 10), "{schema:.40}: {}", finished.stderr());
}

#[test]
#[cfg(unix)]
fn large_lists_of_unique_items_are_judged() {
    let items: Vec<_> = (0..20_000).map(|number| json!({"a": [number, {"b": number}]})).collect();
    let answer = serde_json::to_string(&items).expect("it is JSON");
    let finished = judged(r#"{"uniqueItems": true}"#, &answer).after("ulimit -t 60").finish();
    assert_eq!((finished.code(), finished.stdout()), (0, answer + "\n"));
}

#[test]
fn no_schema_connects_or_reads_files() {
    let server = Server::untouched();
    let place = format!("{}/schema.json", server.url());
    let file = "file:///etc/hostname";
    for place in [place.as_str(), file, "/etc/hostname", "../../etc/hostname", "//127.0.0.1/x", "urn:uuid:1"] {
        for schema in [
            json!({"$ref": place}),
            json!({"properties": {"a": {"$ref": place}}}),
            json!({"$dynamicRef": place}),
            json!({"$schema": place}),
            json!({"$id": place, "$ref": "other.json"}),
            json!({"$defs": {"a": {"$id": place}}, "$ref": "b"}),
            json!({"allOf": [{"$ref": format!("{place}#/definitions/x")}]}),
        ] {
            refused(&schema.to_string());
            let tool = json!([{"type": "function", "function": {"name": "f", "parameters": schema}}]);
            let run = Run::asking_all(Vec::<Answer>::new()).file("tools.json", tool.to_string());
            let finished = run.args(["--tools", "tools.json", "hi"]).finish();
            assert_eq!((finished.code(), finished.stdout().as_str()), (2, ""), "{tool}: {}", finished.stderr());
        }
    }
}
