//! The strict subset of JSON schema that OpenAI-like servers enforce: what it rejects, and a rewrite that is undone.
//!
//! The rewrite may let more through than the original, which judges every answer anyway, and lets through every
//! document of the original in some form, closed objects aside. Pure; knows neither the validator nor any dialect.
//! Source: wire §1.4.

mod limits;
mod part;
mod refs;
mod types;
mod undo;
mod union;
mod value;
mod write;

use serde_json::{Value, json};

use self::part::{Original, Piece};
use self::undo::Plan;
use self::write::{Writer, Written};
use super::document::{Document, Place};
use super::items::WRAPPER;
use super::{Form, Scope};

/// The key around a document whose schema is no object at its root.
const VALUE: &str = "value";

/// What is done about a keyword that strict servers refuse.
const DROPPED: &str = "dropped from the wire copy; the answer is still judged by it";

/// What is done about a schema that strict mode cannot express.
const HOPELESS: &str = "cannot be expressed; the schema is sent without strict";

/// The values of `format` that strict servers take.
const FORMATS: &[&str] = &["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"];

/// One thing that strict mode rejects.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Problem {
    /// JSON pointer to it in the original schema; empty for the root.
    pub(crate) pointer: String,
    /// What is rejected.
    pub(crate) what: String,
    /// What the rewrite does about it; for a problem it cannot solve, that the schema is sent without strict.
    pub(crate) remedy: String,
}

/// A schema rewritten for strict servers.
#[derive(Debug)]
pub(crate) struct Rewrite {
    /// The rewritten schema; the original (wrapped where needed) when it cannot be expressed.
    pub(crate) schema: Value,
    /// What strict mode rejects in the original; empty when it is strict as it is.
    pub(crate) problems: Vec<Problem>,
    /// Whether the strict subset can express the schema at all.
    pub(crate) expressible: bool,
    /// How an answer is mapped back.
    plan: Plan,
    /// The key around the answer, where there is one.
    wrapper: Option<&'static str>,
    /// The same for the original where it goes out without strict, which takes more roots for objects.
    plain_wrapper: Option<&'static str>,
}

impl Rewrite {
    /// The problem for which the schema cannot be sent with strict, if there is one.
    pub(super) fn obstacle(&self) -> Option<&Problem> {
        self.problems.iter().find(|problem| problem.remedy == HOPELESS)
    }

    /// The original `root` as it goes out without strict.
    pub(super) fn plain(&self, root: &Value, scope: Scope) -> Value {
        plain(root, self.plain_wrapper.is_some(), scope)
    }

    /// The answer's root without the wrapper, where the document has it.
    pub(super) fn unwrapped(&self, document: &Document<'_>, form: Form) -> Option<Place> {
        let wrapper = match form {
            Form::Strict => self.wrapper,
            Form::Plain => self.plain_wrapper,
        };
        let value = document.member(0, wrapper?)?;
        (document.keys(0).count() == 1).then_some(value)
    }

    /// The keys of members whose null only the rewrite made possible, in the value at `root`; in order.
    pub(super) fn added_nulls(&self, document: &Document<'_>, root: Place) -> Vec<Place> {
        self.plan.added_nulls(document, root)
    }
}

/// Rewrites a schema for strict servers. `ignores_siblings` holds for the drafts 4, 6 and 7, where only `$ref` counts
/// in a schema that has one.
pub(super) fn rewrite(root: &Value, ignores_siblings: bool, scope: Scope) -> Rewrite {
    let original = Original { root, ignores_siblings };
    let whole = vec![Piece::new(root, String::new())];
    let mut writer = Writer::new(original);
    let (mut schema, plan, wrapper) = match scope {
        Scope::Document if writer.is_object(&whole) => {
            let (schema, plan) = writer.write_here(&whole, None);
            (schema, plan, None)
        }
        Scope::Document => {
            writer.note(String::new(), "a root that is no object", "wrapped in one, which is taken off the answer");
            let (value, plan) = writer.write(&whole);
            (wrapped(VALUE, value), plan, Some(VALUE))
        }
        Scope::Each => {
            let (item, plan) = writer.write(&whole);
            (wrapped(WRAPPER, list_of(item)), plan, None)
        }
    };
    let definitions = writer.write_definitions();
    if !definitions.is_empty() {
        schema["$defs"] = Value::Object(definitions);
    }
    for excess in limits::excesses(&schema) {
        writer.give_up(String::new(), &excess);
    }
    let plain_wrapper = wrapper.filter(|_| !original.flatten(&whole).inferred_types().is_only("object"));
    let written = writer.finish(plan);
    if !written.is_expressible {
        schema = plain(root, plain_wrapper.is_some(), scope);
    } else if written.is_unchanged && scope == Scope::Document {
        // The same, in the user's own order.
        schema = root.clone();
    }
    let Written { problems, is_expressible: expressible, plan, .. } = written;
    Rewrite { schema, problems, expressible, plan, wrapper, plain_wrapper }
}

/// The schema as it is, wrapped where that is needed.
fn plain(root: &Value, is_wrapped: bool, scope: Scope) -> Value {
    match scope {
        Scope::Document if is_wrapped => wrapped(VALUE, moved(root, &format!("#/properties/{VALUE}"))),
        Scope::Document => root.clone(),
        Scope::Each => {
            let items = moved(root, &format!("#/properties/{WRAPPER}/items"));
            wrapped(WRAPPER, list_of(items))
        }
    }
}

/// An object with this one property.
fn wrapped(name: &str, schema: Value) -> Value {
    let mut object = json!({ "type": "object", "properties": {}, "required": [name], "additionalProperties": false });
    // Moved in: the macro would copy it.
    object["properties"][name] = schema;
    object
}

/// A list of such items.
fn list_of(items: Value) -> Value {
    let mut list = json!({ "type": "array" });
    list["items"] = items;
    list
}

/// The schema with its references by pointer as they are when it stands at `place` in another.
fn moved(root: &Value, place: &str) -> Value {
    let mut copy = root.clone();
    if let Some(members) = copy.as_object_mut() {
        members.shift_remove("$schema");
        members.shift_remove("$id");
    }
    move_references(&mut copy, root, place);
    copy
}

/// Moves the references below a schema. Recurses as deep as the schema is nested, which its parser has bounded.
fn move_references(schema: &mut Value, root: &Value, place: &str) {
    match schema {
        Value::Object(members) => {
            for (keyword, value) in members {
                match (keyword.as_str(), &value) {
                    ("$ref", Value::String(reference)) => {
                        if let Some(fragment) = refs::fragment(root, reference) {
                            *value = Value::from(format!("{place}{fragment}"));
                        }
                    }
                    ("const" | "enum" | "default" | "examples", _) => {}
                    _ => move_references(value, root, place),
                }
            }
        }
        Value::Array(schemas) => schemas.iter_mut().for_each(|schema| move_references(schema, root, place)),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
