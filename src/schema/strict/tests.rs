//! What strict mode rejects and how it is rewritten, case by case.

use serde_json::{Value, json};

use super::problem::Problem;
use super::*;

/// Rewrites a schema: the copy, and each problem with its pointer; `Err` with what cannot be expressed.
fn rewritten(schema: &Value) -> Result<(Value, Vec<String>), String> {
    let ignores_siblings = schema["$schema"].as_str().is_some_and(|dialect| dialect.contains("draft-0"));
    let rewrite = rewrite(schema, ignores_siblings, Scope::Document);
    let told = |problem: &Problem| format!("{}: {}", problem.pointer, problem.what);
    match rewrite.obstacle() {
        Some(problem) => Err(told(problem)),
        None => Ok((rewrite.schema.clone(), rewrite.problems.iter().map(told).collect())),
    }
}

/// Claims what a schema is rewritten to, and that the copy is strict as it is.
fn claim(schema: Value, copy: Value, problems: &[&str]) {
    assert_eq!(rewritten(&schema), Ok((copy.clone(), problems.iter().map(|problem| (*problem).to_owned()).collect())));
    assert_eq!(rewritten(&copy), Ok((copy, vec![])));
}

/// A closed object of these properties, all required.
fn closed(properties: Value) -> Value {
    let names: Vec<&String> = properties.as_object().unwrap().keys().collect();
    json!({ "type": "object", "properties": properties, "required": names, "additionalProperties": false })
}

#[test]
fn strict_schemas_are_left_as_they_are() {
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "T",
        "description": "d",
        "additionalProperties": false,
        "required": ["b", "a"],
        "properties": {
            "a": { "$ref": "#/$defs/a" },
            "b": { "anyOf": [{ "type": "integer", "minimum": 1 }, { "type": "null" }] },
            "c": { "type": ["string", "null"], "enum": ["x", null] },
        },
        "type": "object",
        "$defs": { "a": { "type": "array", "items": { "$ref": "#/$defs/a" }, "maxItems": 3 }, "unused": { "type": "string" } },
    });
    let mut schema = schema;
    schema["required"] = json!(["b", "a", "c"]);
    claim(schema.clone(), schema, &[]);
}

#[test]
fn references_to_the_root_become_a_definition() {
    let node = closed(json!({ "next": { "anyOf": [{ "$ref": "#" }, { "type": "null" }] } }));
    let mut copy = closed(json!({ "next": { "anyOf": [{ "$ref": "#/$defs/root" }, { "type": "null" }] } }));
    copy["$defs"] = json!({ "root": copy });
    claim(node, copy, &[]);
}

#[test]
fn objects_are_closed_and_optional_keys_nullable() {
    claim(
        json!({ "type": "object", "properties": {
            "kept": { "type": "string" },
            "text": { "type": "string", "minLength": 2, "description": "d" },
            "choice": { "enum": ["x", 1] },
            "list": { "type": "array", "items": { "type": "number" } },
            "fixed": { "const": 7 },
            "maybe": { "type": ["string", "null"] },
        }, "required": ["kept"] }),
        closed(json!({
            "kept": { "type": "string" },
            "text": { "description": "d (minLength: 2)", "type": ["string", "null"] },
            "choice": { "type": ["string", "integer", "null"], "enum": ["x", 1, null] },
            "list": { "anyOf": [{ "type": "array", "items": { "type": "number" } }, { "type": "null" }] },
            "fixed": { "anyOf": [{ "type": "integer", "const": 7 }, { "type": "null" }] },
            "maybe": { "type": ["string", "null"] },
        })),
        &[
            ": an open object",
            "/properties/text/minLength: the keyword minLength",
            "/properties/text: an optional key",
            "/properties/choice: no type",
            "/properties/choice: an optional key",
            "/properties/list: an optional key",
            "/properties/fixed: no type",
            "/properties/fixed: an optional key",
            "/properties/maybe: an optional key",
        ],
    );
}

#[test]
fn roots_that_are_no_objects_are_wrapped() {
    let node = closed(json!({ "next": { "$ref": "#/$defs/root" } }));
    claim(
        json!({ "type": "array", "items": { "$ref": "#/$defs/node" }, "$defs": {
            "node": closed(json!({ "next": { "$ref": "#" } })),
        } }),
        {
            let mut copy = closed(json!({ "value": { "type": "array", "items": { "$ref": "#/$defs/node" } } }));
            copy["$defs"] = json!({ "node": node, "root": { "type": "array", "items": { "$ref": "#/$defs/node" } } });
            copy
        },
        &[": a root that is no object"],
    );
}

#[test]
fn references_are_resolved_where_something_stands_beside_them() {
    let target = json!({ "type": "string", "description": "target" });
    claim(
        json!({ "type": "object", "additionalProperties": false, "required": ["a"], "$defs": { "t": target },
            "properties": { "a": { "$ref": "#/$defs/t", "description": "here" } } }),
        closed(json!({ "a": { "description": "here", "type": "string" } })),
        &["/properties/a/$ref: keywords beside $ref"],
    );
}

#[test]
fn older_drafts_ignore_what_stands_beside_a_reference() {
    let mut copy = closed(json!({ "self": { "anyOf": [{ "$ref": "#/$defs/R" }, { "type": "null" }] } }));
    copy["$defs"] = json!({ "R": copy });
    claim(
        json!({ "$schema": "http://json-schema.org/draft-07/schema#", "$ref": "#/definitions/R", "definitions": { "R": {
            "type": "object", "additionalProperties": false,
            "properties": { "self": { "$ref": "#/definitions/R", "type": "string" } },
        } } }),
        copy,
        &[
            ": keywords beside $ref",
            "/definitions/R/properties/self: keywords beside $ref",
            "/definitions/R/properties/self: an optional key",
        ],
    );
}

#[test]
fn all_of_is_merged() {
    claim(
        json!({
            "allOf": [
                { "$ref": "#/$defs/base" },
                { "properties": { "id": { "maximum": 9 }, "b": { "type": "string" } }, "required": ["b"] },
            ],
            "$defs": { "base": { "type": "object", "properties": { "id": { "type": "integer", "maximum": 20 } }, "required": ["id"] } },
        }),
        closed(json!({ "id": { "type": "integer", "maximum": 9 }, "b": { "type": "string" } })),
        &["/allOf: allOf", ": an open object"],
    );
}

#[test]
fn alternatives_take_in_what_stands_beside_them() {
    claim(
        json!({ "type": "object", "additionalProperties": false, "required": ["u"], "properties": { "u": {
            "type": "object",
            "properties": { "id": { "type": "integer" } },
            "required": ["id"],
            "oneOf": [
                { "properties": { "a": { "type": "string" } }, "required": ["a"] },
                { "properties": { "b": { "type": "string" } }, "required": ["b"] },
            ],
        } } }),
        closed(json!({ "u": { "anyOf": [
            closed(json!({ "id": { "type": "integer" }, "a": { "type": "string" } })),
            closed(json!({ "b": { "type": "string" }, "id": { "type": "integer" } })),
        ] } })),
        &[
            "/properties/u/oneOf: oneOf",
            "/properties/u/oneOf: keywords beside alternatives",
            "/properties/u: an open object",
            "/properties/u/oneOf/1: an alternative with the same first key as another",
        ],
    );
}

#[test]
fn alternatives_of_required_keys_are_dropped() {
    claim(
        json!({ "type": "object", "additionalProperties": false,
            "properties": { "a": { "type": "integer" }, "b": { "type": "integer" } },
            "anyOf": [{ "required": ["a"] }, { "required": ["b"] }] }),
        closed(json!({ "a": { "type": ["integer", "null"] }, "b": { "type": ["integer", "null"] } })),
        &["/anyOf: rules about required keys", "/properties/a: an optional key", "/properties/b: an optional key"],
    );
}

#[test]
fn dropped_conditions_leave_their_keys() {
    claim(
        json!({ "type": "object", "properties": { "kind": { "type": "string" } }, "required": ["kind"],
            "if": { "properties": { "kind": { "const": "a" } } },
            "then": { "properties": { "a": { "type": "integer" } }, "required": ["a"] },
            "dependentSchemas": { "kind": { "properties": { "b": { "type": "integer" } } } } }),
        closed(json!({
            "kind": { "type": "string" },
            "a": { "type": ["integer", "null"] },
            "b": { "type": ["integer", "null"] },
        })),
        &[
            "/if: the keyword if",
            "/then: the keyword then",
            "/dependentSchemas: the keyword dependentSchemas",
            ": an open object",
            "/then/properties/a: an optional key",
            "/dependentSchemas/kind/properties/b: an optional key",
        ],
    );
}

#[test]
fn patterns_and_formats_that_servers_refuse_become_words() {
    claim(
        closed(json!({ "a": { "type": "string", "pattern": "^(?=x)", "format": "uri" } })),
        closed(json!({ "a": { "description": "(pattern: \"^(?=x)\", format: \"uri\")", "type": "string" } })),
        &["/properties/a/pattern: the keyword pattern", "/properties/a/format: the keyword format"],
    );
}

#[test]
fn what_cannot_be_expressed_is_named() {
    let any = |schema: Value| closed(json!({ "a": schema }));
    let cases = [
        (
            json!({ "type": "object", "additionalProperties": { "type": "integer" } }),
            "/additionalProperties: a map: keys of any name",
        ),
        (json!({ "type": "object", "additionalProperties": true }), "/additionalProperties: a map: keys of any name"),
        (any(json!({ "type": "object" })), "/properties/a: an object of any keys"),
        (any(json!({})), "/properties/a: a value of any type"),
        (any(json!(true)), "/properties/a: a value of any type"),
        (any(json!(false)), "/properties/a: a value that cannot be"),
        (any(json!({ "type": "array" })), "/properties/a: a list of anything"),
        (any(json!({ "type": "array", "items": {} })), "/properties/a/items: a value of any type"),
        (
            any(json!({ "type": "object", "patternProperties": { "^x": {} } })),
            "/properties/a/patternProperties: a map: keys by pattern",
        ),
        (
            any(json!({ "$ref": "other.json" })),
            "/properties/a/$ref: a reference that is no JSON pointer into the schema",
        ),
        (any(json!({ "$dynamicRef": "#x" })), "/properties/a/$dynamicRef: $dynamicRef"),
        (
            any(json!({ "allOf": [{ "type": "string" }, { "type": "integer" }] })),
            "/properties/a: a value that cannot be",
        ),
        (
            any(json!({ "type": "object", "properties": {}, "required": ["x"], "additionalProperties": false })),
            "/properties/a: a value that cannot be",
        ),
        (
            json!({ "type": "object", "properties": { "a": { "type": "null" } }, "required": ["b"] }),
            "/required: the required key 'b' that no property describes",
        ),
    ];
    for (schema, why) in cases {
        assert_eq!(rewritten(&schema), Err(why.to_owned()), "{schema}");
    }
}

#[test]
fn sizes_beyond_those_of_strict_servers_are_named() {
    let properties =
        |count: usize| (0..count).map(|name| (format!("p{name}"), json!({ "type": "null" }))).collect::<Value>();
    assert_eq!(rewritten(&closed(properties(5001))), Err(": 5001 properties, where 5000 are allowed".to_owned()));
    let deep = (0..10).fold(json!({ "type": "null" }), |inner, _| closed(json!({ "a": inner })));
    assert!(rewritten(&deep).is_ok());
    assert_eq!(
        rewritten(&closed(json!({ "a": deep }))),
        Err(": 11 levels of objects, where 10 are allowed".to_owned())
    );
    let values: Vec<String> = (0..1001).map(|value| format!("v{value}")).collect();
    let many = closed(json!({ "a": { "type": "string", "enum": values } }));
    assert_eq!(rewritten(&many), Err(": 1001 enum values, where 1000 are allowed".to_owned()));
}

#[test]
fn schemas_that_grow_or_turn_in_circles_come_to_an_end() {
    let circle = json!({ "$defs": { "a": { "$ref": "#/$defs/b", "title": "x" }, "b": { "$ref": "#/$defs/a", "title": "y" } },
        "type": "object", "properties": { "a": { "$ref": "#/$defs/a" } } });
    assert_eq!(rewritten(&circle), Err("/$defs/a: a value of any type".to_owned()));
    // Each level doubles what its references stand for.
    let level = |next: usize| {
        let schema = json!({ "$ref": format!("#/$defs/l{next}"), "description": "d" });
        json!({ "type": "object", "properties": { "a": schema, "b": schema } })
    };
    let mut definitions: serde_json::Map<String, Value> =
        (0..40).map(|number| (format!("l{number}"), level(number + 1))).collect();
    definitions.insert("l40".to_owned(), json!({ "type": "null" }));
    let schema = json!({ "$ref": "#/$defs/l0", "$defs": definitions });
    assert!(rewritten(&schema).unwrap_err().ends_with(": a schema of such depth or size"));
}

#[test]
fn lists_of_items_are_wrapped_under_their_own_key() {
    let item = json!({ "type": "object", "properties": { "a": { "$ref": "#" } } });
    let rewrite = rewrite(&item, false, Scope::Each);
    let node = closed(json!({ "a": { "anyOf": [{ "$ref": "#/$defs/root" }, { "type": "null" }] } }));
    let mut copy = closed(json!({ "items": { "type": "array", "items": node } }));
    copy["$defs"] = json!({ "root": node });
    assert_eq!(rewrite.schema, copy);
    let plain = json!({ "type": "object", "properties": { "a": { "$ref": "#/properties/items/items" } } });
    assert_eq!(rewrite.plain(&item, Scope::Each), closed(json!({ "items": { "type": "array", "items": plain } })));
}
