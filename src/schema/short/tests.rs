//! The short form and what `-S` takes.

use super::*;

fn properties(text: &str) -> Value {
    let mut schema = parse(text, "-S").map_err(|failure| failure.line()).unwrap();
    assert_eq!((&schema["type"], &schema["additionalProperties"]), (&json!("object"), &json!(false)));
    json!([schema["required"].take(), schema["properties"].take()])
}

fn flaw(text: &str) -> String {
    parse(text, "-S").unwrap_err().why
}

#[test]
fn the_example_of_the_contract_is_read() {
    let expected = json!([["name", "age", "tags"], {
        "name": { "type": "string" },
        "age": { "type": "integer" },
        "tags": { "type": "array", "items": { "type": "string" } },
        "note": { "type": "string", "description": "free text" },
    }]);
    assert_eq!(properties("name, age int, tags [string], note? : free text"), expected);
    assert_eq!(properties("name\nage int\ntags [string]\nnote? : free text\n"), expected);
    assert_eq!(properties("\n name,\n age   int,,\n\n tags [ string ] ,\n note?: free text"), expected);
}

#[test]
fn choices_nesting_formats_and_null_are_read() {
    let text = "level low|\"very high\"|null: how bad, at [{date date, by {mail email}|null}], size 1|2|3, n? int|null";
    let expected = json!([["level", "at", "size"], {
        "level": { "type": ["string", "null"], "enum": ["low", "very high", null], "description": "how bad" },
        "at": { "type": "array", "items": {
            "type": "object",
            "properties": {
                "date": { "type": "string", "format": "date" },
                "by": { "anyOf": [
                    { "type": "object", "properties": { "mail": { "type": "string", "format": "email" } },
                      "required": ["mail"], "additionalProperties": false },
                    { "type": "null" },
                ] },
            },
            "required": ["date", "by"],
            "additionalProperties": false,
        } },
        "size": { "type": "number", "enum": [1, 2, 3] },
        "n": { "anyOf": [{ "type": "integer" }, { "type": "null" }] },
    }]);
    assert_eq!(properties(text), expected);
}

#[test]
fn descriptions_end_where_the_grammar_says() {
    let expected = |first: &str| {
        json!([["a", "b"], {
            "a": { "type": "string", "description": first },
            "b": { "type": "string" },
        }])
    };
    assert_eq!(properties("a: one, b"), expected("one"));
    assert_eq!(properties("a: \"one, two\" , b"), expected("one, two"));
    assert_eq!(properties("a: \"int\", b"), expected("int"));
    assert_eq!(properties("a: one, two: {x}\nb"), expected("one, two: {x}"));
    let inner = json!([["p"], { "p": { "type": "object", "properties": {
        "x": { "type": "integer", "description": "left" }, "y": { "type": "string" } },
        "required": ["x", "y"], "additionalProperties": false } }]);
    assert_eq!(properties("p {x int: left, y}"), inner);
    assert_eq!(properties("p {\n x int: left\n y\n}"), inner);
}

#[test]
fn flaws_name_the_field_and_the_place() {
    let flaws = [
        ("", "has no field"),
        ("age itn", "has an unknown type \"itn\" for 'age'"),
        ("a, a int", "has the field 'a' twice"),
        ("a int|x", "mixes types and values for 'a'"),
        ("a [string", "wants ']' at character 10, where it ends"),
        ("a {b", "wants '}' at character 5, where it ends"),
        ("a int b", "wants ',' or ':' behind 'a' at character 7, where there is 'b'"),
        ("a }", "wants a field at character 3, where there is '}'"),
        ("[string]", "wants a field's name at character 1, where there is '[string]'"),
        ("a, b: int", "has the type int of 'b' behind a colon, where its description goes"),
        ("a: [string]", "has the type [string] of 'a' behind a colon, where its description goes"),
        ("a: \"x", "wants a text in quotes at character 4, where there is '\"x'"),
        ("a |b", "wants a type for 'a' at character 3, where there is '|b'"),
    ];
    for (text, why) in flaws {
        assert_eq!(flaw(text), format!("it is not JSON, and as the short form {why}"), "{text}");
    }
    assert!(
        flaw(&"a ".chars().chain("[".repeat(100_000).chars()).collect::<String>()).ends_with("deeper than 32 levels")
    );
}

#[test]
fn every_word_of_the_grammar_is_a_type() {
    let listed = GRAMMAR.split_once("word        = ").unwrap().1.split_once("or, beside").unwrap().0;
    let words: Vec<&str> = listed
        .split([' ', ',', '\n'])
        .filter(|word| !word.is_empty() && *word != "or" && *word != "a" && *word != "format:")
        .collect();
    assert_eq!(words.len(), 15, "{words:?}");
    for word in words {
        assert!(parse(&format!("a {word}"), "-S").is_ok(), "{word}");
    }
}
