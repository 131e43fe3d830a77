//! Schemas and answers that mean harm end in a failure: no crash, no hang, no memory without bound.

use proptest::prelude::*;

use super::*;

#[test]
fn schemas_nested_too_deep_are_usage_failures() {
    for (open, close) in [("{\"items\":", "}"), ("{\"anyOf\":[", "]}"), ("{\"properties\":{\"a\":", "}}")] {
        let text = format!("{}true{}", open.repeat(100_000), close.repeat(100_000));
        let failure = Schema::parse(&text, "s.json").err().unwrap();
        assert_eq!(failure.kind, Kind::Usage);
        assert!(
            failure.line().starts_with("schema s.json: it is nested deeper than 127 levels at line 1"),
            "{}",
            failure.line()
        );
    }
}

#[test]
fn the_deepest_schemas_and_answers_that_are_read_are_judged() {
    for (open, close) in [("{\"items\":", "}"), ("{\"not\":", "}"), ("{\"additionalProperties\":", "}")] {
        let text = format!("{}true{}", open.repeat(126), close.repeat(126));
        let schema = Schema::parse(&text, "s.json").unwrap();
        schema.check().unwrap();
        schema.lint();
        let answer = format!("{}{}", "[".repeat(128), "]".repeat(128));
        let _ = schema.judge(&answer, Form::Strict);
    }
    let list = gate(&json!({ "type": "array", "items": { "$ref": "#" } }));
    let deepest = format!("{}{}", "[".repeat(128), "]".repeat(128));
    assert!(list.judge(&deepest, Form::Strict).is_ok());
    assert!(list.judge(&"[".repeat(100_000), Form::Strict).is_err());
    let tree = gate(
        &json!({ "anyOf": [{ "type": "object", "properties": { "a": { "$ref": "#" } } }, { "type": "integer" }] }),
    );
    assert!(tree.judge(&format!("{}\"x\"{}", "{\"a\":".repeat(128), "}".repeat(128)), Form::Strict).is_err());
}

#[test]
fn long_chains_of_references_are_followed_without_recursion() {
    let length = 3000;
    let definitions: serde_json::Map<String, Value> = (0..length)
        .map(|number| {
            (
                format!("d{number}"),
                json!({ "properties": { "a": { "$ref": format!("#/$defs/d{}", (number + 1) % length) } } }),
            )
        })
        .collect();
    let schema = gate(&json!({ "$ref": "#/$defs/d0", "$defs": definitions }));
    schema.check().unwrap();
    schema.lint();
    assert!(schema.judge("{\"a\":{\"a\":{}}}", Form::Strict).is_ok());
}

#[test]
fn patterns_that_explode_elsewhere_are_linear() {
    let schema = gate(&json!({ "type": "string", "pattern": "^(a+)+$" }));
    assert!(schema.judge_exact(&format!("\"{}!\"", "a".repeat(1_000_000))).is_err());
}

#[test]
fn large_answers_take_linear_work() {
    // The violator of linearity would take hours here: this is a bound by being finished.
    let schema = gate(&json!({ "type": "array", "items": { "type": "object", "properties": {
        "id": { "type": "integer" }, "tag": { "type": "string" } }, "required": ["id"] } }));
    let answer = format!("[{}]", vec![r#"{"id":12345,"tag":null}"#; 50_000].join(","));
    let judged = schema.judge(&answer, Form::Strict).unwrap();
    assert_eq!(judged.document.text(Layout::Compact).len(), 50_000 * (r#"{"id":12345}"#.len() + 1) + 1);
    let members: Vec<String> = (0..50_000).map(|number| format!("\"k{number}\":{number}")).collect();
    let wide = gate(&json!({ "additionalProperties": { "type": "integer" }, "required": ["k1", "k49999"] }));
    assert!(wide.judge(&format!("{{{}}}", members.join(",")), Form::Plain).is_ok());
    let unique = gate(&json!({ "uniqueItems": true }));
    let items: Vec<String> = (0..50_000).map(|number| number.to_string()).collect();
    assert!(unique.judge(&format!("[{}]", items.join(",")), Form::Plain).is_ok());
}

/// Schemas out of keywords and values at random, most of them nonsense.
fn soup() -> impl Strategy<Value = Value> {
    let keyword = prop::sample::select(vec![
        "type",
        "properties",
        "required",
        "items",
        "prefixItems",
        "additionalProperties",
        "anyOf",
        "oneOf",
        "allOf",
        "not",
        "if",
        "then",
        "else",
        "$ref",
        "$defs",
        "definitions",
        "enum",
        "const",
        "minimum",
        "maxLength",
        "pattern",
        "format",
        "$id",
        "$anchor",
        "$dynamicRef",
        "dependentSchemas",
        "patternProperties",
        "unevaluatedProperties",
        "title",
        "a",
        "b",
    ]);
    let leaf = prop_oneof![
        Just(json!("string")),
        Just(json!("object")),
        Just(json!("#")),
        Just(json!("#/$defs/a")),
        Just(json!("#/properties/b")),
        Just(json!(["a", "b"])),
        Just(json!(["null", "object"])),
        Just(json!(3)),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
        Just(json!("^a")),
    ];
    leaf.prop_recursive(5, 40, 5, move |inner| {
        prop_oneof![
            4 => prop::collection::vec((keyword.clone(), inner.clone()), 0..5)
                .prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Value>()),
            1 => prop::collection::vec(inner, 0..3).prop_map(Value::from),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn no_schema_is_a_crash(value in soup(), answer in soup()) {
        let Ok(schema) = Schema::of(value.clone(), "soup") else { return Ok(()) };
        let rewrite = schema.lint();
        prop_assert!(rewrite.expressible || rewrite.obstacle().is_some());
        schema.prompt_text(Scope::Each);
        if schema.check().is_ok() {
            let text = answer.to_string();
            let judged = schema.judge(&text, Form::Strict);
            if let Ok(judged) = judged {
                let printed = judged.document.text(Layout::Compact);
                prop_assert!(schema.judge_exact(&printed).is_ok(), "{} printed under {}", printed, value);
            }
            if rewrite.expressible {
                let wire = Schema::of(rewrite.schema.clone(), "wire").unwrap();
                prop_assert!(wire.check().is_ok(), "{} from {}", rewrite.schema, value);
                prop_assert_eq!(wire.lint().problems.clone(), vec![], "{} from {}", rewrite.schema, value);
            }
        }
    }

    #[test]
    fn texts_are_json_where_another_reader_says_so(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "1", "-0.5e3", "01", "tru", "true", "null", " ", "\"\\u00e9\"",
            "\"\\ud83d\\ude00\"", "\"\\x\"", "\"", "\\", "\n", "é", "1.", "```json\n", "```\n",
        ]), 0..14),
    ) {
        let text = pieces.concat();
        let other = serde_json::from_str::<Value>(&text);
        match (Document::parse(&text), &other) {
            (Ok(document), Ok(other)) => {
                let printed: Value = serde_json::from_str(&document.text(Layout::Indented)).unwrap();
                prop_assert_eq!(&printed, other);
            }
            (Err(scan::Flaw::Twice(_)), _) | (Err(_), Err(_)) => {}
            (ours, other) => prop_assert!(false, "{:?} {:?}", ours.map(|_| ()), other),
        }
        if let Ok(found) = judge_any(&text) {
            let printed = found.document.text(Layout::Compact);
            prop_assert!(Document::parse(&printed).is_ok(), "{}", printed);
        }
    }

    #[test]
    fn no_short_form_is_a_crash(text in "[a-c:?|{}\\[\\], \n\"\\\\éint]{0,30}") {
        if let Ok(schema) = short::parse(&text, "-S") {
            prop_assert!(gate(&schema).check().is_ok() && gate(&schema).lint().expressible, "{}", schema);
        }
    }
}
