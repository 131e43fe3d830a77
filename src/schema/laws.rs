//! Laws of the gate: an answer under the rewritten schema maps back, splitting finds the items of the list, the short
//! form gives usable schemas. And the oracle of a strict server that the first law and the tests need.

use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::items::{ItemSplitter, ListEnd};
use super::original::Schema;
use super::print::Layout;
use super::strict::{self, Form, Rewrite, Scope};
use crate::laws::sized;

/// ItemSplitter are the same in any split, and those of the list where the text is a JSON list, bare or wrapped.
pub fn items(input: &[u8]) {
    let Some((size, text)) = sized(input) else { return };
    let whole = split([text]);
    assert_eq!(split(text.chunks(1)), whole, "byte by byte");
    assert_eq!(split(text.chunks(size)), whole, "{size} bytes at a time");
    if let Some(list) = list(text) {
        assert_eq!(whole, (list, Ok(ListEnd::Closed)));
    }
}

/// The items of a text that comes in the given pieces, and how it ended.
fn split<'t>(text: impl IntoIterator<Item = &'t [u8]>) -> (Vec<String>, Result<ListEnd, String>) {
    let mut items = ItemSplitter::default();
    let mut found = Vec::new();
    for bytes in text {
        let fed = items.feed(bytes, |item| {
            found.push(item.to_owned());
            Ok(())
        });
        if let Err(failure) = fed {
            return (found, Err(failure.line()));
        }
    }
    (found, Ok(items.ending()))
}

/// The items of a JSON list as they are written; `None` where the text is none, or spells its key with an escape.
fn list(text: &[u8]) -> Option<Vec<String>> {
    /// The object around a list.
    #[derive(serde::Deserialize)]
    struct Wrapped {
        /// The list.
        items: Vec<Box<RawValue>>,
    }
    if text.windows(2).any(|pair| pair == b"\\u") {
        return None;
    }
    let bare = || serde_json::from_slice(text).ok();
    let list = if text.trim_ascii_start().starts_with(b"[") {
        bare()?
    } else {
        serde_json::from_slice::<Wrapped>(text).ok()?.items
    };
    Some(list.iter().map(|item| item.get().to_owned()).collect())
}

/// A rewritten schema is strict as it is, compiles, and lets documents of the original out and back in. The input is
/// a schema and such documents, as JSON texts one behind the other.
pub fn strict(input: &[u8]) {
    let mut values = serde_json::Deserializer::from_slice(input).into_iter::<Value>();
    let Some(Ok(value)) = values.next() else { return };
    let Ok(gate) = Schema::of(value, "original") else { return };
    for scope in [Scope::Document, Scope::Each] {
        let rewrite = gate.rewrite(scope);
        if rewrite.expressible {
            let again = strict::rewrite(&rewrite.schema, false, Scope::Document);
            assert_eq!((&again.problems, &again.schema), (&vec![], &rewrite.schema));
        }
    }
    if gate.check().is_err() || !gate.lint().expressible {
        return;
    }
    let wire = Schema::of(gate.lint().schema.clone(), "rewritten").expect("it is an object");
    wire.check().unwrap_or_else(|failure| panic!("{}: {}", failure.line(), gate.lint().schema));
    for document in values.map_while(Result::ok) {
        comes_back(&gate, &wire, &document);
    }
}

/// A document of the original schema has a form under the rewritten one that leads back to it. Absent and null are one
/// on the way.
fn comes_back(gate: &Schema, wire: &Schema, document: &Value) {
    if gate.judge_exact(&document.to_string()).is_err() {
        return;
    }
    let Some(answer) = strict_answer(gate.lint(), document).map(|answer| answer.to_string()) else { return };
    if wire.judge_exact(&answer).is_err() {
        return;
    }
    let judged = gate.judge(&answer, Form::Strict).unwrap_or_else(|failure| panic!("{}: {answer}", failure.line()));
    let back: Value = serde_json::from_str(&judged.document.text(Layout::Compact)).expect("it was JSON before");
    assert_eq!(without_nulls(back), without_nulls(document.clone()), "by {answer}");
}

/// A value without the members that are null.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        Value::Object(members) => {
            let kept = members.into_iter().filter(|(_, value)| !value.is_null());
            kept.map(|(name, value)| (name, without_nulls(value))).collect()
        }
        other => other,
    }
}

/// The short form is a schema that compiles, is not much longer than the text, and is the same with blanks around it.
pub fn short(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let schema = super::short::parse(text, "-S");
    let padded = super::short::parse(&format!("\n {text}\t"), "-S");
    let told = |schema: &Result<Value, crate::failure::Failure>| match schema {
        Ok(value) => Ok(value.clone()),
        Err(failure) => Err(failure.kind),
    };
    assert_eq!(told(&padded), told(&schema));
    match schema {
        Ok(value) => {
            assert!(value.to_string().len() <= 200 * (text.len() + 1), "{value}");
            let gate = Schema::of(value, "-S").expect("it is an object");
            gate.check().unwrap_or_else(|failure| panic!("{}", failure.line()));
        }
        Err(failure) => assert!(failure.line().chars().count() < 1000, "{}", failure.line()),
    }
}

/// Test oracle: what a strict server would return for this document, so that undoing can be checked. `None` where the
/// closed objects of the rewritten schema have no room for one of its keys.
pub(super) fn strict_answer(rewrite: &Rewrite, document: &Value) -> Option<Value> {
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

/// The value with null for each absent key of the schema, and the number of these nulls; `None` where the value is
/// not valid. Of several alternatives the one with the fewest added nulls is taken, because the nulls of a wrong
/// alternative would not be undone.
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

/// True when a value is of one of these types.
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
