//! Writes the strict copy of a schema, and beside it the plan that maps an answer back.

use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::{Map, Value, json};

use super::part::{Flat, Original, Part, Piece};
use super::types::Types;
use super::undo::{Id, Member, Node, Plan, Shape};
use super::{HOPELESS, Problem, refs};

/// The deepest nesting written; strict servers take far less.
const DEPTH: usize = 48;

/// The most schemas written, so that alternatives within alternatives cannot grow without end.
const SCHEMAS: usize = 20_000;

/// A schema that stands under `$defs` in the copy.
#[derive(Debug)]
struct Definition<'s> {
    /// Its name there.
    name: String,
    /// What it is written from.
    part: Part<'s>,
    /// The property to write first.
    first: Option<&'s str>,
    /// Its plan.
    plan: Id,
}

/// Writing in progress.
pub(super) struct Writer<'s> {
    /// The schema that is rewritten.
    original: Original<'s>,
    /// The plans so far.
    nodes: Vec<Node>,
    /// The definitions so far, by what they are written from.
    definitions: HashMap<String, (String, Id)>,
    /// Definitions that are not written yet.
    waiting: VecDeque<Definition<'s>>,
    /// Names of definitions.
    names: HashSet<String>,
    /// What is being written, outermost first.
    open: Vec<String>,
    /// The plan of the root, where the root is written as an object and `#` stays a reference to it.
    root: Option<Id>,
    /// Schemas written.
    count: usize,
    /// What strict mode rejects.
    problems: Vec<Problem>,
    /// The same, to note each once.
    noted: HashSet<Problem>,
    /// Whether everything could be expressed.
    is_expressible: bool,
}

impl<'s> Writer<'s> {
    /// Begins to rewrite a schema.
    pub(super) fn new(original: Original<'s>) -> Self {
        Self {
            original,
            nodes: Vec::new(),
            definitions: HashMap::new(),
            waiting: VecDeque::new(),
            names: HashSet::new(),
            open: Vec::new(),
            root: None,
            count: 0,
            problems: Vec::new(),
            noted: HashSet::new(),
            is_expressible: true,
        }
    }

    /// True when a part is an object and nothing else.
    pub(super) fn is_object(&self, part: &Part<'s>) -> bool {
        let mut flat = self.original.flatten(part);
        self.alternatives(&mut flat).is_none() && infer_types(&flat).is_only("object")
    }

    /// Writes the root, an object, in place.
    pub(super) fn write_root(&mut self, part: &Part<'s>) -> (Value, Id) {
        let plan = self.reserve();
        self.root = Some(plan);
        let (value, id) = self.write_here(part, None);
        self.nodes[plan] = Node::Same(id);
        (value, plan)
    }

    /// Writes a part: as a reference where it is one, else in place.
    pub(super) fn write(&mut self, part: &Part<'s>) -> (Value, Id) {
        match self.pure_reference(part) {
            Some(target) if target.pointer.is_empty() && self.root.is_some() => {
                (json!({ "$ref": "#" }), self.root.unwrap_or_default())
            }
            Some(target) => self.refer(vec![target], None),
            None => self.write_here(part, None),
        }
    }

    /// Writes the definitions that were referred to.
    pub(super) fn write_definitions(&mut self) -> Map<String, Value> {
        let mut written = Map::new();
        while let Some(definition) = self.waiting.pop_front() {
            let (value, id) = self.write_here(&definition.part, definition.first);
            self.nodes[definition.plan] = Node::Same(id);
            written.insert(definition.name, value);
        }
        written
    }

    /// The problems noted, whether everything could be expressed, and the plan with its root.
    pub(super) fn finish(self, root: Id) -> (Vec<Problem>, bool, Plan) {
        (self.problems, self.is_expressible, Plan { nodes: self.nodes, root })
    }

    /// Notes what strict mode rejects at `pointer`, and what is done about it.
    pub(super) fn note(&mut self, pointer: String, what: &str, remedy: &str) {
        self.record(Problem { pointer, what: what.to_owned(), remedy: remedy.to_owned() });
    }

    /// Notes what cannot be expressed.
    pub(super) fn give_up(&mut self, pointer: String, what: &str) {
        self.note(pointer, what, HOPELESS);
        self.is_expressible = false;
    }

    /// Records a problem once.
    fn record(&mut self, problem: Problem) {
        if self.noted.insert(problem.clone()) {
            self.problems.push(problem);
        }
    }

    /// A plan to be filled in.
    fn reserve(&mut self) -> Id {
        self.add(Node::Value(Shape::default()))
    }

    /// Adds a plan.
    fn add(&mut self, node: Node) -> Id {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// The target of a part that is a reference and nothing else.
    fn pure_reference(&self, part: &Part<'s>) -> Option<Piece<'s>> {
        let [piece] = part.as_slice() else { return None };
        let reference = piece.schema.as_object().filter(|members| members.len() == 1)?.get("$ref")?;
        let (schema, pointer) = refs::resolve(self.original.root, reference)?;
        Some(Piece::new(schema, pointer))
    }

    /// Writes a reference to a definition, which is written later.
    fn refer(&mut self, part: Part<'s>, first: Option<&'s str>) -> (Value, Id) {
        let key = key_of(&part, first);
        let (name, plan) = match self.definitions.get(&key) {
            Some(known) => known.clone(),
            None => {
                let plan = self.reserve();
                let name = self.name_for(&part[0].pointer);
                self.definitions.insert(key, (name.clone(), plan));
                self.waiting.push_back(Definition { name: name.clone(), part, first, plan });
                (name, plan)
            }
        };
        (json!({ "$ref": format!("#/$defs/{}", name.replace('~', "~0").replace('/', "~1")) }), plan)
    }

    /// A name for the definition of what stands at `pointer`.
    fn name_for(&mut self, pointer: &str) -> String {
        let last = pointer.rsplit('/').next().filter(|last| !last.is_empty()).unwrap_or("root");
        let stem = last.replace("~1", "/").replace("~0", "~");
        let mut name = stem.clone();
        let mut count = 1;
        while !self.names.insert(name.clone()) {
            count += 1;
            name = format!("{stem}_{count}");
        }
        name
    }

    /// Writes a part in place, of an object the property `first` first. What is being written already, because a
    /// reference leads back to it, is written as a definition.
    fn write_here(&mut self, part: &Part<'s>, first: Option<&'s str>) -> (Value, Id) {
        let pointer = part.first().map(|piece| piece.pointer.clone()).unwrap_or_default();
        self.count += 1;
        if self.open.len() == DEPTH || self.count > SCHEMAS {
            self.give_up(pointer, "a schema of such depth or size");
            return (json!({ "type": "null" }), self.reserve());
        }
        let key = key_of(part, first);
        if self.open.contains(&key) {
            return self.refer(part.clone(), first);
        }
        self.open.push(key);
        let mut flat = self.original.flatten(part);
        let written = match self.alternatives(&mut flat) {
            Some(parts) => self.write_union(&mut flat, &pointer, &parts),
            None => self.write_value(&mut flat, &pointer, first),
        };
        self.is_expressible &= !flat.is_hopeless;
        for problem in flat.problems {
            self.record(problem);
        }
        self.open.pop();
        written
    }

    /// The alternatives of a value, each with all else that holds for it. Alternatives that only say which keys are
    /// required are dropped.
    fn alternatives(&self, flat: &mut Flat<'s>) -> Option<Vec<Part<'s>>> {
        loop {
            let union = flat.unions.first()?.clone();
            let pointer = &flat.pieces[union.piece].pointer;
            let is_about_keys = |branch: &Piece<'s>| self.original.flatten(&vec![branch.clone()]).is_about_keys();
            let is_bare = flat.is_bare() && flat.unions.len() == 1;
            if !is_bare && union.branches.iter().all(is_about_keys) {
                let pointer = format!("{pointer}/anyOf");
                flat.problems.push(Problem {
                    pointer,
                    what: "rules about required keys".into(),
                    remedy: super::DROPPED.into(),
                });
                flat.unions.remove(0);
                continue;
            }
            let mut base: Part<'s> = Vec::new();
            if !is_bare {
                let pointer = pointer.clone();
                let (what, remedy) = ("keywords beside anyOf", "they are written into each alternative");
                flat.problems.push(Problem { pointer, what: what.into(), remedy: remedy.into() });
                base.clone_from(&flat.pieces);
                base[union.piece].without_union = true;
            }
            return Some(union.branches.into_iter().map(|branch| [base.as_slice(), &[branch]].concat()).collect());
        }
    }

    /// Writes alternatives.
    fn write_union(&mut self, flat: &mut Flat<'s>, pointer: &str, parts: &[Part<'s>]) -> (Value, Id) {
        let (branches, ids) = self.write_branches(pointer, parts);
        let mut value = annotated(flat);
        value.insert("anyOf".to_owned(), Value::Array(branches));
        (Value::Object(value), self.add(Node::Any(ids)))
    }

    /// Writes each of several alternatives. Objects among them that begin with the same key, and not with different
    /// values under it, are written with another key first, because strict servers refuse them.
    fn write_branches(&mut self, pointer: &str, parts: &[Part<'s>]) -> (Vec<Value>, Vec<Id>) {
        let mut heads: Vec<(&'s str, Vec<&'s Value>)> = Vec::new();
        let mut branches: Vec<Value> = Vec::new();
        let mut ids = Vec::new();
        for part in parts {
            let flat = self.original.flatten(part);
            if flat.is_never {
                ids.push(self.reserve());
                continue;
            }
            let head = if self.is_object(part) { flat.properties.first() } else { None };
            let Some((name, property)) = head else {
                let (branch, id) = self.write(part);
                ids.push(id);
                if !branches.contains(&branch) {
                    branches.push(branch);
                }
                continue;
            };
            let values = self.original.flatten(property).values.unwrap_or_default();
            let clashes = |(known, others): &(&str, Vec<&Value>)| {
                known == name
                    && (values.is_empty() || others.is_empty() || values.iter().any(|value| others.contains(value)))
            };
            if !heads.iter().any(clashes) {
                heads.push((name, values));
                let (branch, id) = self.write(part);
                branches.push(branch);
                ids.push(id);
                continue;
            }
            let other =
                flat.properties.iter().map(|(name, _)| *name).find(|name| !heads.iter().any(|head| head.0 == *name));
            let place = part.last().map_or(pointer, |piece| &piece.pointer).to_owned();
            match other {
                Some(name) => {
                    self.note(
                        place,
                        "an alternative with the same first key as another",
                        "another key is written first",
                    );
                    heads.push((name, Vec::new()));
                    let (branch, id) = self.write_here(part, Some(name));
                    branches.push(branch);
                    ids.push(id);
                }
                None => {
                    self.give_up(place, "an alternative with the same first key as another");
                    ids.push(self.reserve());
                }
            }
        }
        if branches.is_empty() {
            self.give_up(pointer.to_owned(), "a value that cannot be");
            branches.push(json!({ "type": "null" }));
        }
        (branches, ids)
    }

    /// Writes a value without alternatives.
    fn write_value(&mut self, flat: &mut Flat<'s>, pointer: &str, first: Option<&'s str>) -> (Value, Id) {
        let types = infer_types(flat);
        if flat.is_never {
            self.give_up(pointer.to_owned(), "a value that cannot be");
        } else if types.is_empty() {
            self.give_up(pointer.to_owned(), "a value of any type");
        } else if flat.types.is_none() {
            self.note(pointer.to_owned(), "no type", "its type is written");
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
                return self.give_up(pointer.to_owned(), "an object of any keys");
            }
            self.note(pointer.to_owned(), "an open object", "it is closed: additionalProperties is false");
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
                self.note(place, "a key that cannot be", "it is left out");
                continue;
            }
            let (mut property, id) = self.write(part);
            let accepts_null = part.iter().all(|piece| refs::accepts_null(self.original.root, piece.schema));
            if is_optional && accepts_null {
                self.note(place, "an optional key", "it is required; null, which it allows, may stand for nothing");
            } else if is_optional {
                property = nullable(property);
                self.note(
                    place,
                    "an optional key",
                    "it is required and may be null; such a null is taken out of the answer",
                );
            }
            written.insert((*name).to_owned(), property);
            let is_null_added = is_optional && !accepts_null;
            shape.members.insert((*name).to_owned(), Member { value: id, is_optional, is_null_added });
        }
        if let Some(name) = flat.required.iter().next() {
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
        let items = if branches.len() == 1 { branches.remove(0) } else { json!({ "anyOf": branches }) };
        value.insert("items".to_owned(), items);
        shape.items = ids.get(first_others).copied();
        shape.prefix = ids;
        shape.prefix.truncate(first_others);
    }
}

/// What a part is known by.
fn key_of(part: &Part<'_>, first: Option<&str>) -> String {
    let mut key = first.unwrap_or_default().to_owned();
    for piece in part {
        key.push(if piece.without_union { '\u{1}' } else { '\0' });
        key.push_str(&piece.pointer);
    }
    key
}

/// The types of a value: those it names, or else those its keywords are about.
fn infer_types(flat: &Flat<'_>) -> Types {
    if let Some(types) = flat.types {
        return types;
    }
    if let Some(values) = &flat.values {
        return values.iter().fold(Types::default(), |types, value| types.with(Types::of_value(value)));
    }
    let has = |keywords: &[&str]| flat.simple.iter().any(|(keyword, _)| keywords.contains(keyword));
    if !flat.properties.is_empty() || !flat.closed.is_empty() {
        Types::named("object")
    } else if !flat.items.is_empty() || !flat.prefix.is_empty() {
        Types::named("array")
    } else if has(&["pattern", "format"]) {
        Types::named("string")
    } else if has(&["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]) {
        Types::named("number")
    } else {
        Types::default()
    }
}

/// The title and description of a value, with the rules that the rest of the copy cannot say.
fn annotated(flat: &Flat<'_>) -> Map<String, Value> {
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
        return json!({ "anyOf": [schema, { "type": "null" }] });
    }
    schema["type"] = Types::of(&schema["type"]).with(Types::named("null")).to_value();
    if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        values.push(Value::Null);
    }
    schema
}
