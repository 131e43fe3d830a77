//! What strict mode rejects and how it is rewritten, case by case.

use super::*;

/// Prints a rewrite.
fn show(schema: &str) -> (Value, Vec<String>, bool) {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let ignores = schema["$schema"].as_str().is_some_and(|dialect| dialect.contains("draft-0"));
    let rewrite = rewrite(&schema, ignores, Scope::Document);
    let problems = rewrite.problems.iter().map(|problem| format!("{}: {}", problem.pointer, problem.what)).collect();
    (rewrite.schema, problems, rewrite.expressible)
}

#[test]
fn zz_show() {
    for schema in [
        r##"{"type":"object","properties":{"a":{"type":"string","minLength":2,"description":"x"},"b":{"enum":["x",1]}},"required":["a"]}"##,
        r##"{"type":"array","items":{"$ref":"#/$defs/n"},"$defs":{"n":{"type":"object","properties":{"v":{"type":"integer"},"n":{"$ref":"#"}},"required":["v"]}}}"##,
        r##"{"$schema":"http://json-schema.org/draft-07/schema#","$ref":"#/definitions/R","definitions":{"R":{"type":"object","additionalProperties":false,"properties":{"r":{"$ref":"#/definitions/R","description":"ignored"},"x":{"type":"string"}},"required":["x"]}}}"##,
        r##"{"type":"object","properties":{"kind":{"type":"string"}},"required":["kind"],"if":{"properties":{"kind":{"const":"a"}}},"then":{"properties":{"a":{"type":"integer"}},"required":["a"]}}"##,
        r##"{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"integer"}},"anyOf":[{"required":["a"]},{"required":["b"]}]}"##,
        r##"{"type":"object","properties":{"id":{"type":"integer"}},"required":["id"],"oneOf":[{"properties":{"a":{"type":"integer"}},"required":["a"]},{"properties":{"b":{"type":"integer"}},"required":["b"]}]}"##,
        r##"{"type":"object","properties":{"u":{"type":"object","properties":{"id":{"type":"integer"}},"required":["id"],"oneOf":[{"properties":{"a":{"type":"integer"}},"required":["a"]},{"properties":{"b":{"type":"integer"}},"required":["b"]}]}}}"##,
        r##"{"type":"object","additionalProperties":{"type":"integer"}}"##,
        r##"{"type":"object","properties":{"any":{}}}"##,
        r##"{"type":"object","properties":{"a":{"type":"string","pattern":"^(?=x)","format":"uri"}},"required":["a"],"additionalProperties":false}"##,
        r##"{"type":"object","properties":{"a":{"anyOf":[{"type":"object","properties":{"n":{"type":"string"},"x":{"type":"string"}},"required":["n","x"],"additionalProperties":false},{"type":"object","properties":{"n":{"type":"string"},"y":{"type":"string"}},"required":["n","y"],"additionalProperties":false}]}},"required":["a"],"additionalProperties":false}"##,
        r##"true"##,
        r##"false"##,
        r##"{"not":{"type":"string"}}"##,
        r##"{"type":"object","properties":{"a":{"allOf":[{"$ref":"#/$defs/a"}],"description":"d","default":null},"a2":{"$ref":"#/$defs/a"}},"$defs":{"a":{"type":"object","properties":{"self":{"allOf":[{"$ref":"#/$defs/a"}],"description":"e"}},"required":[]}}}"##,
    ] {
        let (rewritten, problems, expressible) = show(schema);
        eprintln!("{schema}\n  {expressible} {rewritten}\n  {problems:#?}");
    }
}
