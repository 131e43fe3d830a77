//! Writes values without alternatives: objects closed and whole, arrays, scalars.

use serde_json::{Map, Value, json};

use super::part::Flat;
use super::refs;
use super::types::Types;
use super::undo::{Id, Member, Node, Shape};
use super::write::Writer;

impl<'s> Writer<'s> {
    /// Writes a value without alternatives.
    pub(super) fn write_value(&mut self, flat: &mut Flat<'s>, pointer: &str, first: Option<&'s str>) -> (Value, Id) {
        let types = flat.inferred_types();
        if flat.is_never {
            self.give_up(pointer.to_owned(), "a value that cannot be");
        } else if types.is_empty() && !flat.is_hopeless {
            self.give_up(pointer.to_owned(), "a value of any type");
        } else if flat.types.is_none() && !flat.is_hopeless {
            self.note(pointer.to_owned(), "no type", "the type is written");
        }
        let mut value = annotated(flat);
        value.insert("type".to_owned(), types.to_value());
        let mut shape = Shape { types, ..Shape::default() };
        if let Some(values) = &flat.values {
            let values: Vec<Value> = values.iter().map(|value| (*value).clone()).collect();
            match values.as_slice() {
                [only] if flat.is_const => value.insert("const".to_owned(), only.clone()),
                _ => value.insert("enum".to_owned(), Value::Array(values.clone())),
            };
            shape.values = Some(values);
        }
        for (keyword, simple) in &flat.simple {
            value.insert((*keyword).to_owned(), (*simple).clone());
        }
        if types.has("object") {
            self.write_members(flat, pointer, first, &mut value, &mut shape);
        }
        if types.has("array") {
            self.write_items(flat, pointer, &mut value, &mut shape);
        }
        (Value::Object(value), self.add(Node::Value(shape)))
    }

    /// Writes the members of an object: closed, all required, what was optional nullable.
    fn write_members(
        &mut self,
        flat: &mut Flat<'s>,
        pointer: &str,
        first: Option<&'s str>,
        value: &mut Map<String, Value>,
        shape: &mut Shape,
    ) {
        if flat.closed.is_empty() {
            if flat.properties.is_empty() {
                // A map was noted as what it is.
                if !flat.is_hopeless {
                    self.give_up(pointer.to_owned(), "an object of any keys");
                }
                return;
            }
            self.note(pointer.to_owned(), "an open object", "closed by additionalProperties: false");
        }
        let mut properties = std::mem::take(&mut flat.properties);
        if let Some(place) = properties.iter().position(|(name, _)| Some(*name) == first) {
            properties[..=place].rotate_right(1);
        }
        let mut written = Map::new();
        for (name, part) in &properties {
            let is_optional = !flat.required.remove(name);
            let place = part[0].pointer.clone();
            if is_optional && self.original.flatten(part).is_never {
                self.note(place, "a key that cannot be", "left out");
                continue;
            }
            let (mut property, id) = self.write(part);
            let accepts_null = part.iter().all(|piece| refs::accepts_null(self.original.root, piece.schema));
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
            shape.members.insert((*name).to_owned(), Member { value: id, is_optional, is_null_added });
        }
        if let Some(name) = flat.required.first() {
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

    /// Writes the items of an array; of a tuple, any of its types.
    fn write_items(&mut self, flat: &mut Flat<'s>, pointer: &str, value: &mut Map<String, Value>, shape: &mut Shape) {
        let mut parts = std::mem::take(&mut flat.prefix);
        let first_others = parts.len();
        if !flat.items.is_empty() {
            parts.push(std::mem::take(&mut flat.items));
        } else if parts.is_empty() {
            return self.give_up(pointer.to_owned(), "a list of anything");
        } else if flat.is_tuple_closed && !value.contains_key("maxItems") {
            value.insert("maxItems".to_owned(), Value::from(parts.len()));
        }
        let (mut branches, ids) = self.write_branches(pointer, &parts);
        let items = if branches.len() == 1 { branches.remove(0) } else { any_of(branches) };
        value.insert("items".to_owned(), items);
        // The copy lets every item be any of them: each is taken for its own kind first, then for the others.
        let mut kinds: Vec<Id> = ids.clone();
        if ids.len() > 1 {
            kinds = ids.iter().map(|&id| self.add(Node::Any([&[id], ids.as_slice()].concat()))).collect();
        }
        shape.items = kinds.get(first_others).copied();
        shape.prefix = kinds;
        shape.prefix.truncate(first_others);
    }
}

/// The title and description of a value, with the rules that the rest of the copy cannot say.
pub(super) fn annotated(flat: &Flat<'_>) -> Map<String, Value> {
    let mut value = Map::new();
    if let Some(title) = flat.title {
        value.insert("title".to_owned(), Value::from(title));
    }
    let hints = if flat.hints.is_empty() { String::new() } else { format!("({})", flat.hints.join(", ")) };
    let words: Vec<&str> =
        flat.description.into_iter().chain([hints.as_str()]).filter(|words| !words.is_empty()).collect();
    if !words.is_empty() {
        value.insert("description".to_owned(), Value::from(words.join(" ")));
    }
    value
}

/// A written schema that also takes null.
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

/// Alternatives. Moved in: the macro would copy them.
fn any_of(branches: Vec<Value>) -> Value {
    Value::Object(Map::from_iter([("anyOf".to_owned(), Value::Array(branches))]))
}
