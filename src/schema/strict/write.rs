//! Writes the strict copy of a schema and the plan that maps an answer back.
//!
//! Holds the state of the writing, references and definitions; `value.rs` and `union.rs` write the schemas themselves.

use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::{Map, Value, json};

use super::merge::{AllOf, IGNORED, Located, Original, SIBLINGS};
use super::problem::{INEXPRESSIBLE, Problem};
use super::refs;
use super::undo::{UndoId, UndoNode, UndoShape};

/// The deepest nesting written; strict servers take far less.
const DEPTH: usize = 48;

/// The most schemas written: a limit for alternatives inside alternatives, whose number multiplies.
const SCHEMAS: usize = 6000;

/// A schema to be written under `$defs` in the copy.
#[derive(Debug)]
struct Definition<'s> {
    /// Its name there.
    name: String,
    /// The schemas it is written from.
    all_of: AllOf<'s>,
    /// The property to write first.
    first: Option<&'s str>,
    /// Its plan, reserved until it is written.
    plan: UndoId,
}

/// The state of writing a strict copy.
pub(super) struct StrictWriter<'s> {
    /// The schema that is rewritten.
    pub(super) original: Original<'s>,
    /// The plans so far.
    pub(super) nodes: Vec<UndoNode>,
    /// Name and plan of each definition, by the key of what it is written from.
    definitions: HashMap<String, (String, UndoId)>,
    /// Definitions that are not written yet.
    waiting: VecDeque<Definition<'s>>,
    /// The names of definitions.
    names: HashSet<String>,
    /// The keys of the schemas being written, outermost first.
    open: Vec<String>,
    /// Whether a reference leads to the root. The root is then written as a definition too, because llama.cpp takes no
    /// `#` alone.
    pub(super) refers_to_root: bool,
    /// How many schemas were written.
    count: usize,
    /// What strict mode rejects.
    pub(super) problems: Vec<Problem>,
    /// The same, to record each once.
    noted: HashSet<Problem>,
    /// Whether everything could be expressed.
    pub(super) is_expressible: bool,
}

impl<'s> StrictWriter<'s> {
    /// A writer for a schema, before anything is written.
    pub(super) fn new(original: Original<'s>) -> Self {
        Self {
            original,
            nodes: Vec::new(),
            definitions: HashMap::new(),
            waiting: VecDeque::new(),
            names: HashSet::new(),
            open: Vec::new(),
            refers_to_root: false,
            count: 0,
            problems: Vec::new(),
            noted: HashSet::new(),
            is_expressible: true,
        }
    }

    /// True when the value must be an object.
    pub(super) fn is_object(&self, all_of: &AllOf<'s>) -> bool {
        let mut merged = self.original.merge(all_of);
        self.alternatives(&mut merged).is_none() && merged.inferred_types().is_only("object")
    }

    /// Writes schemas: as a reference where they are one, else in place.
    pub(super) fn write(&mut self, all_of: &AllOf<'s>) -> (Value, UndoId) {
        match self.pure_reference(all_of) {
            Some(target) => {
                self.refers_to_root |= target.pointer.is_empty();
                self.refer(vec![target], None)
            }
            None => self.write_here(all_of, None),
        }
    }

    /// Writes the definitions that references lead to.
    pub(super) fn write_definitions(&mut self) -> Map<String, Value> {
        let mut written = Map::new();
        while let Some(definition) = self.waiting.pop_front() {
            let (value, id) = self.write_here(&definition.all_of, definition.first);
            self.nodes[definition.plan] = UndoNode::Same(id);
            written.insert(definition.name, value);
        }
        written
    }

    /// Records what strict mode rejects at `pointer`, and the remedy.
    pub(super) fn note(&mut self, pointer: String, what: &str, remedy: &str) {
        self.record(Problem::new(pointer, what, remedy));
    }

    /// Records what strict mode cannot express.
    pub(super) fn give_up(&mut self, pointer: String, what: &str) {
        self.note(pointer, what, INEXPRESSIBLE);
        self.is_expressible = false;
    }

    /// Records a problem, once however often it occurs.
    fn record(&mut self, problem: Problem) {
        if self.noted.insert(problem.clone()) {
            self.problems.push(problem);
        }
    }

    /// A plan to be filled in.
    pub(super) fn reserve(&mut self) -> UndoId {
        self.add(UndoNode::Value(UndoShape::default()))
    }

    /// Adds a plan.
    pub(super) fn add(&mut self, node: UndoNode) -> UndoId {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// The target of a schema that is only a reference. Where the draft ignores keywords beside `$ref`, they do not
    /// count.
    fn pure_reference(&mut self, all_of: &AllOf<'s>) -> Option<Located<'s>> {
        let [located] = all_of.as_slice() else { return None };
        let members = located.schema.as_object()?;
        let (schema, pointer) = refs::resolve(self.original.root, members.get("$ref")?)?;
        if members.len() > 1 && self.original.ignores_siblings {
            self.note(located.pointer.clone(), SIBLINGS, IGNORED);
        } else if members.len() > 1 {
            return None;
        }
        Some(Located::new(schema, pointer))
    }

    /// Writes a reference to a definition, which is written later.
    fn refer(&mut self, all_of: AllOf<'s>, first: Option<&'s str>) -> (Value, UndoId) {
        let key = key_of(&all_of, first);
        let (name, plan) = match self.definitions.get(&key) {
            Some(known) => known.clone(),
            None => {
                let plan = self.reserve();
                let name = self.name_for(&all_of[0].pointer);
                self.definitions.insert(key, (name.clone(), plan));
                self.waiting.push_back(Definition { name: name.clone(), all_of, first, plan });
                (name, plan)
            }
        };
        (json!({ "$ref": format!("#/$defs/{name}") }), plan)
    }

    /// A new name for the definition of what stands at `pointer`, of letters that need no escape in a reference.
    fn name_for(&mut self, pointer: &str) -> String {
        let last = pointer.rsplit('/').next().filter(|last| !last.is_empty()).unwrap_or("root");
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_-.".contains(letter);
        let stem: String = last.chars().map(|letter| if is_plain(letter) { letter } else { '_' }).collect();
        let mut name = stem.clone();
        let mut count = 1;
        while !self.names.insert(name.clone()) {
            count += 1;
            name = format!("{stem}_{count}");
        }
        name
    }

    /// Writes schemas in place, the property `first` of an object before the others. What is being written already,
    /// because a reference leads back to it, is written as a definition.
    pub(super) fn write_here(&mut self, all_of: &AllOf<'s>, first: Option<&'s str>) -> (Value, UndoId) {
        let pointer = all_of.first().map(|located| located.pointer.clone()).unwrap_or_default();
        self.count += 1;
        if self.open.len() == DEPTH || self.count > SCHEMAS {
            self.give_up(pointer, "a schema of such depth or size");
            return (json!({ "type": "null" }), self.reserve());
        }
        let key = key_of(all_of, first);
        if self.open.contains(&key) {
            return self.refer(all_of.clone(), first);
        }
        self.open.push(key);
        let mut merged = self.original.merge(all_of);
        let branches = self.alternatives(&mut merged);
        self.is_expressible &= !merged.is_inexpressible;
        for problem in std::mem::take(&mut merged.problems) {
            self.record(problem);
        }
        let written = match branches {
            Some(branches) => self.write_union(&merged, &pointer, &branches),
            None => self.write_value(&mut merged, &pointer, first),
        };
        self.open.pop();
        written
    }
}

/// A key that is the same for the same schemas and first property.
fn key_of(all_of: &AllOf<'_>, first: Option<&str>) -> String {
    let mut key = first.unwrap_or_default().to_owned();
    for located in all_of {
        key.push(if located.without_union { '\u{1}' } else { '\0' });
        key.push_str(&located.pointer);
    }
    key
}
