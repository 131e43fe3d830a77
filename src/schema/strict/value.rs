//! Writes schemas of values without alternatives: objects, arrays, scalars.

use serde_json::{Map, Value, json};

use super::merge::Merged;
use super::refs;
use super::types::Types;
use super::undo::{UndoId, UndoMember, UndoNode, UndoShape};
use super::write::StrictWriter;

impl<'s> StrictWriter<'s> {
    /// Writes the schema of a value without alternatives.
    pub(super) fn write_value(
        &mut self,
        merged: &mut Merged<'s>,
        pointer: &str,
        first: Option<&'s str>,
    ) -> (Value, UndoId) {
        let types = merged.inferred_types();
        if merged.is_never {
            self.give_up(pointer.to_owned(), "a value that cannot be");
        } else if types.is_empty() && !merged.is_inexpressible {
            self.give_up(pointer.to_owned(), "a value of any type");
        } else if merged.types.is_none() && !merged.is_inexpressible {
            self.note(pointer.to_owned(), "no type", "the type is written");
        }
        let mut value = merged.annotations();
        value.insert("type".to_owned(), types.to_value());
        let mut shape = UndoShape { types, ..UndoShape::default() };
        if let Some(values) = &merged.values {
            let values: Vec<Value> = values.iter().map(|value| (*value).clone()).collect();
            match values.as_slice() {
                [only] if merged.is_const => value.insert("const".to_owned(), only.clone()),
                _ => value.insert("enum".to_owned(), Value::Array(values.clone())),
            };
            shape.values = Some(values);
        }
        for (keyword, simple) in &merged.simple {
            value.insert((*keyword).to_owned(), (*simple).clone());
        }
        if types.has("object") {
            self.write_members(merged, pointer, first, &mut value, &mut shape);
        }
        if types.has("array") {
            self.write_items(merged, pointer, &mut value, &mut shape);
        }
        (Value::Object(value), self.add(UndoNode::Value(shape)))
    }

    /// Writes the members of an object: no other keys allowed, all required, the optional ones nullable.
    fn write_members(
        &mut self,
        merged: &mut Merged<'s>,
        pointer: &str,
        first: Option<&'s str>,
        value: &mut Map<String, Value>,
        shape: &mut UndoShape,
    ) {
        if merged.closed.is_empty() {
            if merged.properties.is_empty() {
                // For a map the problem is recorded already.
                if !merged.is_inexpressible {
                    self.give_up(pointer.to_owned(), "an object of any keys");
                }
                return;
            }
            self.note(pointer.to_owned(), "an open object", "closed by additionalProperties: false");
        }
        let mut properties = std::mem::take(&mut merged.properties);
        if let Some(place) = properties.iter().position(|(name, _)| Some(*name) == first) {
            properties[..=place].rotate_right(1);
        }
        let mut written = Map::new();
        for (name, part) in &properties {
            let is_optional = !merged.required.remove(name);
            let place = part[0].pointer.clone();
            if is_optional && self.original.merge(part).is_never {
                self.note(place, "a key that cannot be", "left out");
                continue;
            }
            let (mut property, id) = self.write(part);
            let accepts_null = part.iter().all(|located| refs::accepts_null(self.original.root, located.schema));
            if is_optional && accepts_null {
                self.note(place, "an optional key", "made required; null, which it allows, stays null");
            } else if is_optional {
                property = nullable(property);
                self.note(
                    place,
                    "an optional key",
                    "made required and nullable; such a null is taken out of the answer",
                );
            }
            written.insert((*name).to_owned(), property);
            let is_null_added = is_optional && !accepts_null;
            shape.members.insert((*name).to_owned(), UndoMember { value: id, is_optional, is_null_added });
        }
        if let Some(name) = merged.required.first() {
            self.give_up(
                format!("{pointer}/required"),
                &format!("the required key '{name}' that no property describes"),
            );
        }
        let names = written.keys().cloned().map(Value::String).collect();
        value.insert("properties".to_owned(), Value::Object(written));
        value.insert("required".to_owned(), Value::Array(names));
        value.insert("additionalProperties".to_owned(), Value::Bool(false));
    }

    /// Writes the items of an array; those of a tuple become alternatives.
    fn write_items(
        &mut self,
        merged: &mut Merged<'s>,
        pointer: &str,
        value: &mut Map<String, Value>,
        shape: &mut UndoShape,
    ) {
        let mut parts = std::mem::take(&mut merged.prefix);
        let first_others = parts.len();
        if !merged.items.is_empty() {
            parts.push(std::mem::take(&mut merged.items));
        } else if parts.is_empty() {
            return self.give_up(pointer.to_owned(), "a list of anything");
        } else if merged.is_tuple_closed && !value.contains_key("maxItems") {
            value.insert("maxItems".to_owned(), Value::from(parts.len()));
        }
        let (mut branches, ids) = self.write_branches(pointer, &parts);
        let items = if branches.len() == 1 { branches.remove(0) } else { any_of(branches) };
        value.insert("items".to_owned(), items);
        // In the copy every item of a tuple may be any alternative; undoing tries the one of its position first.
        let mut kinds: Vec<UndoId> = ids.clone();
        if ids.len() > 1 {
            kinds = ids.iter().map(|&id| self.add(UndoNode::Any([&[id], ids.as_slice()].concat()))).collect();
        }
        shape.items = kinds.get(first_others).copied();
        shape.prefix = kinds;
        shape.prefix.truncate(first_others);
    }
}

/// A written schema, changed so that null is valid too.
fn nullable(mut schema: Value) -> Value {
    if let Some(branches) = schema.get_mut("anyOf").and_then(Value::as_array_mut) {
        branches.push(json!({ "type": "null" }));
        return schema;
    }
    let is_scalar = ["$ref", "const", "properties", "items"].iter().all(|keyword| schema.get(keyword).is_none());
    if !is_scalar {
        return any_of(vec![schema, json!({ "type": "null" })]);
    }
    schema["type"] = Types::of(&schema["type"]).with(Types::named("null")).to_value();
    if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        values.push(Value::Null);
    }
    schema
}

/// An `anyOf` of written schemas, built by hand because the macro would copy them.
fn any_of(branches: Vec<Value>) -> Value {
    Value::Object(Map::from_iter([("anyOf".to_owned(), Value::Array(branches))]))
}
