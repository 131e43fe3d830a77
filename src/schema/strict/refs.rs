//! References inside a schema, and whether null is valid under a schema, which needs no validator.

use serde_json::Value;

use crate::url::decode;

/// How many references and combinations are followed; deeper ones count as invalid.
const DEPTH: usize = 64;

/// The schema a `$ref` by JSON pointer leads to, and the pointer.
pub(super) fn resolve<'s>(root: &'s Value, reference: &Value) -> Option<(&'s Value, String)> {
    let pointer = decode(fragment(root, reference.as_str()?)?)?.into_owned();
    let target = root.pointer(&pointer)?;
    (target.is_object() || target.is_boolean()).then_some((target, pointer))
}

/// The fragment of a reference by JSON pointer, which may begin with the `$id` of the schema itself.
pub(super) fn fragment<'r>(root: &Value, reference: &'r str) -> Option<&'r str> {
    let own = root["$id"].as_str().map_or("", |id| id.trim_end_matches('#'));
    let rest = if reference.starts_with('#') { reference } else { reference.strip_prefix(own)? };
    let fragment = match rest.strip_prefix('#') {
        Some(fragment) => fragment,
        None if rest.is_empty() => rest,
        None => return None,
    };
    (fragment.is_empty() || fragment.starts_with('/')).then_some(fragment)
}

/// True when null is valid under a schema.
pub(super) fn accepts_null(root: &Value, schema: &Value) -> bool {
    is_null_valid(root, schema, DEPTH)
}

/// As [`accepts_null`], through `depth` references and combinations.
fn is_null_valid(root: &Value, schema: &Value, depth: usize) -> bool {
    let members = match schema {
        Value::Bool(anything) => return *anything,
        Value::Object(members) if depth > 0 => members,
        _ => return false,
    };
    let judge = |schema: &Value| is_null_valid(root, schema, depth - 1);
    let each = |list: &Value| list.as_array().into_iter().flatten().filter(|schema| judge(schema)).count();
    members.iter().all(|(keyword, value)| match keyword.as_str() {
        "$ref" => resolve(root, value).is_some_and(|(target, _)| judge(target)),
        "$dynamicRef" | "$recursiveRef" => false,
        "type" => super::types::Types::of(value).has("null"),
        "enum" => value.as_array().is_some_and(|values| values.contains(&Value::Null)),
        "const" => value.is_null(),
        "allOf" => each(value) == value.as_array().map_or(0, Vec::len),
        "anyOf" => each(value) > 0,
        "oneOf" => each(value) == 1,
        "not" => !judge(value),
        "if" => members.get(if judge(value) { "then" } else { "else" }).is_none_or(&judge),
        _ => true,
    })
}
