//! What a server that enforces the rewritten schema would make of a document: the way out that undoing leads back.

use serde_json::{Value, json};

use super::strict::Rewrite;

/// The document in the form of the rewritten schema; `None` where the closed objects of that form have no room for
/// one of its keys.
pub(super) fn conform(rewrite: &Rewrite, document: &Value) -> Option<Value> {
    let wire = &rewrite.schema;
    let filled = match wire["properties"].as_object() {
        Some(properties) if properties.contains_key("value") && properties.len() == 1 => {
            let inner = fill(wire, &wire["properties"]["value"], document);
            inner.map(|(value, nulls)| (json!({ "value": value }), nulls)).or_else(|| fill(wire, wire, document))
        }
        _ => fill(wire, wire, document),
    };
    filled.map(|(answer, _)| answer)
}

/// Fills in null for what is absent, below one schema, and counts the nulls; `None` where the value is none of the
/// schema's. Of alternatives it is written by the one that leaves the fewest keys open: a null that another
/// alternative demands is no answer to its own.
fn fill(wire: &Value, schema: &Value, value: &Value) -> Option<(Value, usize)> {
    if let Some(reference) = schema["$ref"].as_str() {
        return fill(wire, wire.pointer(&reference[1..])?, value);
    }
    if let Some(branches) = schema["anyOf"].as_array() {
        return branches.iter().filter_map(|branch| fill(wire, branch, value)).min_by_key(|(_, nulls)| *nulls);
    }
    let is_listed = schema["enum"].as_array().is_none_or(|values| values.contains(value));
    let is_constant = schema.get("const").is_none_or(|constant| constant == value);
    if !is_typed(&schema["type"], value) || !is_listed || !is_constant {
        return None;
    }
    let mut nulls = 0;
    let mut count = |(value, more): (Value, usize)| {
        nulls += more;
        value
    };
    let filled = match value {
        Value::Array(items) => {
            items.iter().map(|item| fill(wire, &schema["items"], item).map(&mut count)).collect::<Option<_>>()?
        }
        Value::Object(members) => {
            let properties = schema["properties"].as_object()?;
            if members.keys().any(|name| !properties.contains_key(name)) {
                return None;
            }
            let fill = |(name, schema): (&String, &Value)| {
                let filled = match members.get(name) {
                    Some(member) => fill(wire, schema, member),
                    None => fill(wire, schema, &Value::Null).map(|(null, _)| (null, 1)),
                };
                Some((name.clone(), count(filled?)))
            };
            Value::Object(properties.iter().map(fill).collect::<Option<_>>()?)
        }
        _ => jsonschema::validator_for(schema).is_ok_and(|gate| gate.is_valid(value)).then(|| value.clone())?,
    };
    Some((filled, nulls))
}

/// True when a value is of one of the types named.
fn is_typed(names: &Value, value: &Value) -> bool {
    match names {
        Value::Array(names) => names.iter().any(|name| is_typed(name, value)),
        name => match value {
            Value::Null => name == "null",
            Value::Bool(_) => name == "boolean",
            Value::Number(number) => name == "number" || (name == "integer" && number.as_i64().is_some()),
            Value::String(_) => name == "string",
            Value::Array(_) => name == "array",
            Value::Object(_) => name == "object",
        },
    }
}
