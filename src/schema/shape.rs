//! A quick check of a 2020-12 schema's shape, in place of the meta-schema where nothing is unusual.
//!
//! Says yes only to what the meta-schema says yes to; whatever it does not know well it leaves to the meta-schema.

use serde_json::{Map, Value};

/// True when the schema is certain to satisfy the 2020-12 meta-schema and refers only to itself by pointers.
pub(super) fn is_plain(schema: &Value) -> bool {
    match schema {
        Value::Bool(_) => true,
        Value::Object(members) => members.iter().all(|(keyword, value)| is_plain_member(keyword, value)),
        _ => false,
    }
}

/// Checks one keyword and its value.
fn is_plain_member(keyword: &str, value: &Value) -> bool {
    match keyword {
        "$ref" => value.as_str().is_some_and(|reference| reference == "#" || reference.starts_with("#/")),
        "$schema" | "title" | "description" | "$comment" | "format" | "pattern" | "contentEncoding"
        | "contentMediaType" => value.is_string(),
        "type" => is_type(value),
        "properties" | "$defs" | "definitions" | "dependentSchemas" | "patternProperties" => {
            value.as_object().is_some_and(|schemas| schemas.values().all(is_plain))
        }
        "items"
        | "additionalProperties"
        | "contains"
        | "not"
        | "if"
        | "then"
        | "else"
        | "propertyNames"
        | "unevaluatedItems"
        | "unevaluatedProperties"
        | "contentSchema" => is_plain(value),
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
            value.as_array().is_some_and(|schemas| !schemas.is_empty() && schemas.iter().all(is_plain))
        }
        "required" => is_list_of_names(value),
        "dependentRequired" => value.as_object().is_some_and(|lists| lists.values().all(is_list_of_names)),
        "enum" | "examples" => value.is_array(),
        "const" | "default" => true,
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => value.is_number(),
        "multipleOf" => value.as_f64().is_some_and(|number| number > 0.0),
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" | "minContains"
        | "maxContains" => value.as_u64().is_some(),
        "uniqueItems" | "deprecated" | "readOnly" | "writeOnly" => value.is_boolean(),
        // Identifiers, anchors and what other drafts had: for the meta-schema and the validator's own resolver.
        "id" | "dependencies" | "additionalItems" => false,
        _ => !keyword.starts_with('$'),
    }
}

/// Checks the value of `type`.
fn is_type(value: &Value) -> bool {
    let is_name = |name: &Value| {
        matches!(name.as_str(), Some("null" | "boolean" | "object" | "array" | "number" | "string" | "integer"))
    };
    match value {
        Value::Array(names) => !names.is_empty() && names.iter().all(is_name) && is_unique(names),
        name => is_name(name),
    }
}

/// Checks for a list of different strings.
fn is_list_of_names(value: &Value) -> bool {
    value.as_array().is_some_and(|names| names.iter().all(Value::is_string) && is_unique(names))
}

/// True when no string stands twice.
fn is_unique(names: &[Value]) -> bool {
    let mut seen = Map::new();
    names.iter().filter_map(Value::as_str).all(|name| seen.insert(name.to_owned(), Value::Null).is_none())
}
