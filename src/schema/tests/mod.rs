//! The gate as a whole.

mod fixtures;
mod hostile;
mod roundtrip;
mod suite;

use serde_json::{Value, json};

use super::find::Found;
use super::laws::strict_answer;
use super::strict;
use super::*;
use crate::args::Strict;
use crate::failure::Kind;

/// A schema by its JSON text.
fn gate(schema: &Value) -> Schema {
    Schema::of(schema.clone(), "s.json").unwrap()
}

/// The document of an answer, printed compactly; or the failure's line.
fn judged(schema: &Value, answer: &str, form: Form) -> Result<String, String> {
    let schema = gate(schema);
    let judged = schema.judge(answer, form);
    judged.map(|judged| judged.document.text(Layout::Compact)).map_err(|failure| failure.line())
}

/// The violations of an answer as `pointer: rule: value`.
fn violations(schema: &Value, answer: &str) -> Vec<String> {
    let failure = gate(schema).judge_exact(answer).unwrap_err();
    assert_eq!(failure.kind, Kind::Invalid);
    failure.violations.iter().map(|told| format!("{}: {}: {}", told.pointer, told.rule, told.value)).collect()
}

#[test]
fn bad_schemas_are_usage_failures_that_name_the_pointer() {
    let cases = [
        (
            r#"{"type":"strin"}"#,
            "at '/type': must be one of \"array\", \"boolean\", \"integer\", \"null\", \"number\", \"object\", \"string\"",
        ),
        (r#"{"properties":{"a":{"minimum":"x"}}}"#, "at '/properties/a/minimum': must be a number"),
        (r##"{"properties":{"a":{"$ref":"#/$defs/x"}}}"##, "at '/properties/a/$ref': '/$defs/x' leads nowhere"),
        (
            r#"{"$ref":"https://example.com/x.json"}"#,
            "at '/$ref': 'https://example.com/x.json' lies outside the schema, and nothing is ever fetched",
        ),
        (
            r#"{"$ref":"file:///etc/passwd"}"#,
            "at '/$ref': 'file:///etc/passwd' lies outside the schema, and nothing is ever fetched",
        ),
        (r#"{"properties":{"a":{"pattern":"(x"}}}"#, "at '/properties/a/pattern': it is no pattern"),
        (
            r#"{"$schema":"http://json-schema.org/draft-07/schema#","required":true}"#,
            "at '/required': must be an array",
        ),
        (r#"{"a":1"#, "it is not JSON: EOF while parsing an object at line 1 column 6"),
    ];
    for (text, why) in cases {
        let failure = Schema::parse(text, "s.json").and_then(|schema| schema.check()).unwrap_err();
        assert_eq!((failure.kind, failure.line()), (Kind::Usage, format!("schema s.json: {why}")), "{text}");
    }
    let unknown = Schema::parse(r#"{"$schema":"http://json-schema.org/draft-03/schema#"}"#, "s.json").err().unwrap();
    let line = "schema s.json: unknown $schema \"http://json-schema.org/draft-03/schema#\": use draft 4, 6, 7, 2019-09 or 2020-12";
    assert_eq!((unknown.kind, unknown.line()), (Kind::Usage, line.to_owned()));
}

#[test]
fn answers_keep_their_spelling() {
    let schema = json!({ "type": "object", "properties": { "n": { "type": "array", "items": { "type": "number" } } } });
    let answer = "{\"z\": \"\\u00e9\", \"n\": [12345678901234567890123, 1.10, 1e400, 1E5]}\n";
    let printed = "{\"z\":\"\\u00e9\",\"n\":[12345678901234567890123,1.10,1e400,1E5]}";
    assert_eq!(judged(&schema, answer, Form::Plain), Ok(printed.to_owned()));
}

#[test]
fn big_numbers_are_judged_exactly() {
    let is_valid = |schema: Value, answer: &str| gate(&schema).judge_exact(answer).is_ok();
    let big: Value = serde_json::from_str("12345678901234567890123").unwrap();
    assert!(is_valid(json!({ "enum": [big] }), "12345678901234567890123.0"));
    assert!(!is_valid(json!({ "enum": [big] }), "12345678901234567890124"));
    assert!(is_valid(json!({ "type": "integer" }), "1e400"));
    assert!(!is_valid(json!({ "type": "integer" }), "1e-400"));
    assert!(!is_valid(json!({ "maximum": 1000 }), "1e400"));
    assert!(is_valid(json!({ "minimum": 1000 }), "1e400"));
    assert!(is_valid(json!({ "multipleOf": 0.01 }), "19.99"));
    assert!(is_valid(json!({ "enum": [1] }), "1.0"));
}

#[test]
fn violations_say_pointer_rule_and_value() {
    let schema = json!({
        "type": "object",
        "properties": {
            "a/b": { "type": "string", "maxLength": 3 },
            "list": { "type": "array", "items": { "type": "integer", "minimum": 0 }, "uniqueItems": true },
            "kind": { "enum": ["x", "y"] },
            "day": { "type": "string", "format": "date" },
            "code": { "type": "string", "pattern": "^[a-z]+$" },
        },
        "required": ["id"],
        "additionalProperties": false,
    });
    let answer = r#"{"a/b":"long","list":[1,-1,"x",1],"kind":"z","day":"2023-02-29","code":"A1","more":null}"#;
    let expected = [
        ": must have the key \"id\": {\"a/b\":\"long\",\"list\":[1,-1,\"x\",1],\"kind\":\"z\",\"day\":\"2023-02-29\",\"code\":\"A1\",\"mor…",
        "/a~1b: must be at most 3 characters long: \"long\"",
        "/list: must not hold an item twice: [1,-1,\"x\",1]",
        "/list/1: must be at least 0: -1",
        "/list/2: must be an integer: \"x\"",
        "/kind: must be one of \"x\", \"y\": \"z\"",
        "/day: must be of the format 'date': \"2023-02-29\"",
        "/code: must match the pattern '^[a-z]+$': \"A1\"",
        ": must not have the key 'more': {\"a/b\":\"long\",\"list\":[1,-1,\"x\",1],\"kind\":\"z\",\"day\":\"2023-02-29\",\"code\":\"A1\",\"mor…",
    ];
    let mut told = violations(&schema, answer);
    let mut expected: Vec<String> = expected.iter().map(|line| (*line).to_owned()).collect();
    told.sort();
    expected.sort();
    assert_eq!(told, expected);
    assert_eq!(judged(&schema, answer, Form::Plain), Err("the answer breaks schema s.json: 9 violations".to_owned()));
}

#[test]
fn the_nearest_alternative_is_told() {
    let schema = json!({ "anyOf": [
        { "type": "null" },
        { "type": "object", "properties": { "kind": { "const": "a" }, "x": { "type": "integer" } }, "required": ["kind"] },
        { "type": "object", "properties": { "kind": { "const": "b" }, "y": { "type": "integer" } }, "required": ["kind"] },
    ] });
    let answer = r#"{"kind":"b","y":"1"}"#;
    let expected = [
        ": must fit one of 3 alternatives and fits none: {\"kind\":\"b\",\"y\":\"1\"}",
        "/y: nearest alternative: must be an integer: \"1\"",
    ];
    assert_eq!(violations(&schema, answer), expected);
    assert_eq!(violations(&schema, "5"), [": must fit one of 3 alternatives and fits none: 5"]);
}

#[test]
fn at_most_twenty_violations_are_told() {
    let schema = json!({ "items": { "type": "string" } });
    let answer = format!("[{}]", vec!["1"; 1000].join(","));
    assert_eq!(violations(&schema, &answer).len(), 20);
    let line = "the answer breaks schema s.json: more than 20 violations";
    assert_eq!(judged(&schema, &answer, Form::Plain), Err(line.to_owned()));
    let large = format!("[{}]", vec!["1"; 100_000].join(","));
    assert_eq!(violations(&schema, &large), ["/0: must be a string: 1"]);
}

#[test]
fn added_nulls_are_taken_out_and_others_stay() {
    let schema = json!({
        "type": "object",
        "properties": {
            "a": { "type": "string" },
            "b": { "type": ["string", "null"] },
            "c": { "type": "array", "items": { "type": "object", "properties": { "d": { "type": "integer" } } } },
        },
    });
    let answer = r#"{"a":null,"b":null,"c":[{"d":null},{"d":1}]}"#;
    assert_eq!(judged(&schema, answer, Form::Strict), Ok(r#"{"b":null,"c":[{},{"d":1}]}"#.to_owned()));
    let line = "the answer breaks schema s.json: 2 violations";
    assert_eq!(judged(&schema, answer, Form::Plain), Err(line.to_owned()));
}

#[test]
fn nulls_are_taken_out_by_the_alternative_that_fits() {
    let schema = json!({ "type": "array", "items": { "anyOf": [
        { "type": "object", "properties": { "k": { "const": 1 }, "x": { "type": "string" } }, "required": ["k"], "additionalProperties": false },
        { "type": "object", "properties": { "k": { "const": 2 }, "x": { "type": "null" } }, "required": ["k", "x"], "additionalProperties": false },
    ] } });
    let answer = r#"{"value":[{"k":1,"x":null},{"k":2,"x":null}]}"#;
    assert_eq!(judged(&schema, answer, Form::Strict), Ok(r#"[{"k":1},{"k":2,"x":null}]"#.to_owned()));
}

#[test]
fn what_is_valid_as_it_is_stays_where_the_mapped_one_is_not() {
    let schema = json!({ "anyOf": [
        { "type": "object", "properties": { "value": { "type": "string" } }, "required": ["value"], "additionalProperties": false },
        { "type": "integer" },
    ] });
    for form in [Form::Strict, Form::Plain] {
        assert_eq!(judged(&schema, r#"{"value":{"value":"x"}}"#, form), Ok(r#"{"value":"x"}"#.to_owned()));
        assert_eq!(judged(&schema, r#"{"value":"x"}"#, form), Ok(r#"{"value":"x"}"#.to_owned()));
        assert_eq!(judged(&schema, r#"{"value":5}"#, form), Ok("5".to_owned()));
        assert_eq!(judged(&schema, "5", form), Ok("5".to_owned()));
    }
}

#[test]
fn fenced_answers_are_judged_and_said() {
    let schema = gate(&json!({ "type": "integer" }));
    let found = |answer| schema.judge(answer, Form::Plain).map(|judged| judged.found).ok();
    assert_eq!(found("7"), Some(Found::Whole));
    assert_eq!(found("```json\n{\"value\":7}\n```"), Some(Found::Fenced));
    assert_eq!(found("It is {\"value\": 7}."), Some(Found::Embedded));
    assert_eq!(judge_any("[1, 2]").unwrap().document.text(Layout::Compact), "[1,2]");
    assert_eq!(judge_any("No.").unwrap_err().kind, Kind::Invalid);
}

#[test]
fn items_are_judged_one_by_one() {
    let schema = gate(
        &json!({ "type": "object", "properties": { "a": { "type": "integer" }, "b": { "type": "string" } }, "required": ["a"] }),
    );
    let item = |text: &str| {
        schema.judge_item(text, Form::Strict).map(|item| item.text(Layout::Compact)).map_err(|failure| failure.line())
    };
    assert_eq!(item("{\"a\": 1, \"b\": null}"), Ok("{\"a\":1}".to_owned()));
    assert_eq!(item("{\"value\": 1}"), Err("the answer breaks schema s.json: 1 violation".to_owned()));
    assert_eq!(
        item("{\"a\" 1}"),
        Err("the answer is not JSON: wanted ':' at line 1, column 6, there is '1}'".to_owned())
    );
}

#[test]
fn the_wire_form_has_name_description_and_strictness() {
    let schema = json!({ "title": "My commit (v2)", "description": "d", "type": "object", "properties": { "a": { "type": "string" } } });
    let (wire, notices) = gate(&schema).wire(Scope::Document, Strict::Auto, None, Some("stem")).unwrap();
    assert_eq!((wire.name.as_str(), wire.description.as_deref(), wire.strict), ("My_commit__v2", Some("d"), true));
    assert_eq!((wire.schema["required"].clone(), notices, Form::of(&wire)), (json!(["a"]), vec![], Form::Strict));
    let (plain, notices) = gate(&schema).wire(Scope::Document, Strict::Never, Some("asked"), None).unwrap();
    assert_eq!((plain.name.as_str(), plain.strict, plain.schema, notices), ("asked", false, schema, vec![]));
    let bare = gate(&json!({ "type": "string", "title": "é" }));
    assert_eq!(bare.wire(Scope::Document, Strict::Auto, None, Some("commit")).unwrap().0.name, "commit");
    assert_eq!(bare.wire(Scope::Document, Strict::Auto, None, None).unwrap().0.name, "answer");
    let long = "x".repeat(100);
    assert_eq!(bare.wire(Scope::Document, Strict::Auto, Some(&long), None).unwrap().0.name, "x".repeat(64));
}

#[test]
fn inexpressible_schemas_go_out_without_strict_or_not_at_all() {
    let schema = json!({ "type": "object", "additionalProperties": { "type": "integer" } });
    let (wire, notices) = gate(&schema).wire(Scope::Document, Strict::Auto, None, None).unwrap();
    assert_eq!((wire.strict, wire.schema), (false, schema.clone()));
    assert_eq!(notices, ["schema s.json is sent without strict: at '/additionalProperties': a map: keys of any name"]);
    let failure = gate(&schema).wire(Scope::Document, Strict::Always, None, None).unwrap_err();
    let line = "schema s.json under --strict always: at '/additionalProperties': a map: keys of any name: \
                --lint-schema names all that strict mode rejects";
    assert_eq!((failure.kind, failure.line()), (Kind::Usage, line.to_owned()));
    assert!(gate(&schema).wire(Scope::Document, Strict::Never, None, None).unwrap().1.is_empty());
}

#[test]
fn prompts_hold_the_word_json_and_the_schema_that_the_judge_unwraps() {
    let text = gate(&json!({ "type": "integer" })).prompt_text(Scope::Document);
    let wrapped = r#"{"type":"object","properties":{"value":{"type":"integer"}},"required":["value"],"additionalProperties":false}"#;
    assert_eq!(
        text.split("\n\n").collect::<Vec<_>>(),
        [
            "Answer with one JSON document that is valid under this JSON schema, and with nothing else: no other text, no code fence.",
            wrapped,
        ]
    );
    assert!(
        gate(&json!({ "type": "integer" }))
            .prompt_text(Scope::Each)
            .contains("\"items\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}")
    );
}

#[test]
fn repairs_quote_the_violations() {
    let failure =
        gate(&json!({ "properties": { "a": { "type": "integer" } } })).judge("{\"a\":\"x\"}", Form::Plain).unwrap_err();
    let text = "This is not accepted: the answer breaks schema s.json: 1 violation\n- at '/a': must be an integer; there is \"x\"\n\n\
                Answer again with the whole corrected JSON document, and with nothing else.";
    assert_eq!(repair_text(&failure), text);
    let prose = repair_text(&judge_any("No.").unwrap_err());
    assert!(prose.starts_with("This is not accepted: the answer is not JSON: wanted a value"), "{prose}");
}

#[test]
fn patterns_with_look_around_work_up_to_a_limit() {
    let schema = json!({ "properties": { "a": { "pattern": "^(?=.*x)(a|a)*\\1$" }, "b": { "pattern": "^b" } } });
    assert!(gate(&schema).judge_exact(r#"{"b":"bx"}"#).is_ok());
    assert_eq!(violations(&schema, r#"{"a":"yy"}"#), ["/a: must match the pattern '^(?=.*x)(a|a)*\\1$': \"yy\""]);
    let answer = format!("{{\"a\":\"{}x\"}}", "a".repeat(40));
    let failure = gate(&schema).judge_exact(&answer).unwrap_err();
    let line = "the pattern \"^(?=.*x)(a|a)*\\\\1$\" of schema s.json: it takes more than 100000 steps on the value at '/a': \
                write it without look-around and back-references, which have no such limit";
    assert_eq!((failure.kind, failure.line()), (Kind::Invalid, line.to_owned()));
}
