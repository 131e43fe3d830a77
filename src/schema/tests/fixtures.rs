//! Schemas that Pydantic, Zod, TypeBox, schemars and quicktype emit (`tests/schema`), each with documents.

use std::fs;

use super::*;

/// Schemas that strict mode cannot express, and why.
const INEXPRESSIBLE: &[(&str, &str)] = &[
    ("pydantic-any", "/properties/payload: a value of any type"),
    ("pydantic-maps", "/properties/counts/additionalProperties: a map: keys of any name"),
    ("schemars-maps", "/properties/by_name/additionalProperties: a map: keys of any name"),
    ("typebox-tuple-record", "/properties/byName/patternProperties: a map: keys by pattern"),
    ("zod-record", "/properties/scores/additionalProperties: a map: keys of any name"),
];

/// A schema with documents that fit it and documents that do not.
struct Case {
    name: String,
    schema: Value,
    valid: Vec<Value>,
    invalid: Vec<Value>,
}

fn cases() -> Vec<Case> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schema");
    let mut cases: Vec<Case> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| {
            let mut case: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
            Case {
                name: path.file_stem().unwrap().to_string_lossy().into_owned(),
                schema: case["schema"].take(),
                valid: case["valid"].as_array().unwrap().clone(),
                invalid: case["invalid"].as_array().unwrap().clone(),
            }
        })
        .collect();
    cases.sort_by(|left, right| left.name.cmp(&right.name));
    assert!(cases.len() >= 30);
    cases
}

/// The document without members that are null: absent and null are one where a schema allows both.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        Value::Object(members) => {
            let kept = members.iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(name, value)| (name.clone(), without_nulls(value))).collect())
        }
        value => value.clone(),
    }
}

#[test]
fn valid_documents_are_accepted_and_invalid_ones_are_not() {
    for case in cases() {
        let gate = Schema::of(case.schema, &case.name).unwrap();
        for document in &case.valid {
            let text = document.to_string();
            assert!(gate.judge_exact(&text).is_ok(), "{}: {text}: {:?}", case.name, gate.judge_exact(&text));
        }
        for document in &case.invalid {
            let text = document.to_string();
            let failure = gate.judge_exact(&text).map(|_| format!("{}: {text}", case.name)).unwrap_err();
            assert!(!failure.violations.is_empty(), "{}: {text}", case.name);
        }
    }
}

#[test]
fn documents_of_rewritten_schemas_come_back_as_they_were() {
    for case in cases() {
        let gate = Schema::of(case.schema, &case.name).unwrap();
        let rewrite = gate.lint();
        if !rewrite.expressible {
            continue;
        }
        let wire = Schema::of(rewrite.schema.clone(), "wire").unwrap();
        for document in &case.valid {
            let Some(answer) = strict_answer(rewrite, document) else {
                panic!("{}: no room for {document} in {}", case.name, rewrite.schema)
            };
            let text = answer.to_string();
            assert!(wire.judge_exact(&text).is_ok(), "{}: {text} under {}", case.name, rewrite.schema);
            let judged = gate.judge(&text, Form::Strict);
            let judged = judged.unwrap_or_else(|failure| panic!("{}: {text}: {failure:?}", case.name));
            let back: Value = serde_json::from_str(&judged.document.text(Layout::Compact)).unwrap();
            assert_eq!(without_nulls(&back), without_nulls(document), "{}: {text}", case.name);
        }
    }
}

#[test]
fn rewritten_schemas_are_strict_as_they_are() {
    for case in cases() {
        let gate = Schema::of(case.schema, &case.name).unwrap();
        let rewrite = gate.lint();
        let again = strict::rewrite(&rewrite.schema, false, Scope::Document);
        match INEXPRESSIBLE.iter().find(|(name, _)| *name == case.name) {
            None => {
                assert_eq!(rewrite.obstacle(), None, "{}", case.name);
                assert_eq!((again.problems, again.schema), (vec![], rewrite.schema.clone()), "{}", case.name);
            }
            Some((_, why)) => {
                let problem = rewrite.obstacle().unwrap();
                assert_eq!(format!("{}: {}", problem.pointer, problem.what), *why, "{}", case.name);
            }
        }
    }
}
