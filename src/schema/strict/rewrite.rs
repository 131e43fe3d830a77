//! Rewrites a schema for strict servers: wraps the root where it is no object, and keeps the plan that maps an answer
//! back.

use serde_json::{Value, json};

use super::merge::{Located, Original};
use super::problem::{INEXPRESSIBLE, Problem};
use super::undo::UndoPlan;
use super::write::StrictWriter;
use super::{limits, refs};
use crate::request::WireSchema;
use crate::schema::document::{DocPlace, Document};
use crate::schema::items::WRAPPER;

/// The key around a document whose schema is no object at its root.
const VALUE: &str = "value";

/// What the model is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// One document under the schema.
    Document,
    /// A list, the schema describing one item of it (`--each`).
    Each,
}

/// The form of the schema an answer was given under: decides whether nulls are taken out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// The strict rewrite ([`WireSchema::strict`] was true): added nulls are taken out again.
    Strict,
    /// The original: nulls stay as the model wrote them.
    Plain,
}

impl Form {
    /// The form of an answer under this schema.
    pub(crate) fn of(wire: &WireSchema) -> Self {
        if wire.strict { Self::Strict } else { Self::Plain }
    }
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
    plan: UndoPlan,
    /// The key around the answer, where there is one.
    wrapper: Option<&'static str>,
    /// The same where the original is sent without strict, which also takes an object with alternatives as the root.
    plain_wrapper: Option<&'static str>,
}

impl Rewrite {
    /// The problem for which the schema cannot be sent with strict, if there is one.
    pub(in crate::schema) fn obstacle(&self) -> Option<&Problem> {
        self.problems.iter().find(|problem| problem.remedy == INEXPRESSIBLE)
    }

    /// The original `root` in the form that is sent without strict.
    pub(in crate::schema) fn plain(&self, root: &Value, scope: Scope) -> Value {
        plain(root, self.plain_wrapper.is_some(), scope)
    }

    /// The answer's root without the wrapper, where the document has it.
    pub(in crate::schema) fn unwrapped(&self, document: &Document<'_>, form: Form) -> Option<DocPlace> {
        let wrapper = match form {
            Form::Strict => self.wrapper,
            Form::Plain => self.plain_wrapper,
        };
        let value = document.member(0, wrapper?)?;
        (document.keys(0).count() == 1).then_some(value)
    }

    /// The keys of members in the value at `root` that are null only because the rewrite allows it; in order.
    pub(in crate::schema) fn added_nulls(&self, document: &Document<'_>, root: DocPlace) -> Vec<DocPlace> {
        self.plan.added_nulls(document, root)
    }
}

/// Rewrites a schema for strict servers. `ignores_siblings` is true for the drafts 4, 6 and 7, where keywords beside
/// `$ref` are ignored.
pub(in crate::schema) fn rewrite(root: &Value, ignores_siblings: bool, scope: Scope) -> Rewrite {
    let original = Original { root, ignores_siblings };
    let whole = vec![Located::new(root, String::new())];
    let mut writer = StrictWriter::new(original);
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
    let plain_wrapper = wrapper.filter(|_| !original.merge(&whole).inferred_types().is_only("object"));
    if !writer.is_expressible {
        schema = plain(root, plain_wrapper.is_some(), scope);
    } else if writer.problems.is_empty() && !writer.refers_to_root && scope == Scope::Document {
        // Equal to the copy, but its keys are in the user's order.
        schema = root.clone();
    }
    let StrictWriter { problems, is_expressible: expressible, nodes, .. } = writer;
    Rewrite { schema, problems, expressible, plan: UndoPlan { nodes, root: plan }, wrapper, plain_wrapper }
}

/// The schema unchanged, wrapped where that is needed.
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
    // Assigned afterwards, because the macro would copy it.
    object["properties"][name] = schema;
    object
}

/// A list of such items.
fn list_of(items: Value) -> Value {
    let mut list = json!({ "type": "array" });
    list["items"] = items;
    list
}

/// A copy of the schema for the place `place` in another schema: its references by pointer lead there.
fn moved(root: &Value, place: &str) -> Value {
    let mut copy = root.clone();
    if let Some(members) = copy.as_object_mut() {
        members.shift_remove("$schema");
        members.shift_remove("$id");
    }
    move_references(&mut copy, root, place);
    copy
}

/// Prefixes the references below a schema with `place`. Recurses as deep as the schema is nested, which its parser has bounded.
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
