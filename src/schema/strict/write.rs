//! Writes the strict copy of a schema, and beside it the plan that maps an answer back.

use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::{Map, Value, json};

use super::part::{IGNORED, Original, Part, Piece, SIBLINGS};
use super::undo::{Id, Node, Plan, Shape};
use super::{HOPELESS, Problem, refs};

/// The deepest nesting written; strict servers take far less.
const DEPTH: usize = 48;

/// The most schemas written, so that alternatives within alternatives cannot grow without end.
const SCHEMAS: usize = 6000;

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
    pub(super) original: Original<'s>,
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
    /// Whether a reference leads to the root: it becomes a definition then, because llama.cpp takes no `#` alone.
    refers_to_root: bool,
    /// Schemas written.
    count: usize,
    /// What strict mode rejects.
    problems: Vec<Problem>,
    /// The same, to note each once.
    noted: HashSet<Problem>,
    /// Whether everything could be expressed.
    is_expressible: bool,
}

/// What came of the writing, the copy aside.
pub(super) struct Written {
    /// What strict mode rejects.
    pub(super) problems: Vec<Problem>,
    /// Whether everything could be expressed.
    pub(super) is_expressible: bool,
    /// Whether the copy says just what the original says.
    pub(super) is_unchanged: bool,
    /// How an answer is mapped back.
    pub(super) plan: Plan,
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
            refers_to_root: false,
            count: 0,
            problems: Vec::new(),
            noted: HashSet::new(),
            is_expressible: true,
        }
    }

    /// True when a part is an object and nothing else.
    pub(super) fn is_object(&self, part: &Part<'s>) -> bool {
        let mut flat = self.original.flatten(part);
        self.alternatives(&mut flat).is_none() && flat.inferred_types().is_only("object")
    }

    /// Writes a part: as a reference where it is one, else in place.
    pub(super) fn write(&mut self, part: &Part<'s>) -> (Value, Id) {
        match self.pure_reference(part) {
            Some(target) => {
                self.refers_to_root |= target.pointer.is_empty();
                self.refer(vec![target], None)
            }
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

    /// The problems noted and the plan with its root. The schema may stay as it is where nothing was noted and no
    /// reference leads to its root.
    pub(super) fn finish(self, root: Id) -> Written {
        Written {
            is_unchanged: self.problems.is_empty() && !self.refers_to_root,
            problems: self.problems,
            is_expressible: self.is_expressible,
            plan: Plan { nodes: self.nodes, root },
        }
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
    pub(super) fn reserve(&mut self) -> Id {
        self.add(Node::Value(Shape::default()))
    }

    /// Adds a plan.
    pub(super) fn add(&mut self, node: Node) -> Id {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// The target of a part that is a reference and nothing else, as its draft sees it.
    fn pure_reference(&mut self, part: &Part<'s>) -> Option<Piece<'s>> {
        let [piece] = part.as_slice() else { return None };
        let members = piece.schema.as_object()?;
        let (schema, pointer) = refs::resolve(self.original.root, members.get("$ref")?)?;
        if members.len() > 1 && self.original.ignores_siblings {
            self.note(piece.pointer.clone(), SIBLINGS, IGNORED);
        } else if members.len() > 1 {
            return None;
        }
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
        (json!({ "$ref": format!("#/$defs/{name}") }), plan)
    }

    /// A name for the definition of what stands at `pointer`, of letters that need no escape in a reference.
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

    /// Writes a part in place, of an object the property `first` first. What is being written already, because a
    /// reference leads back to it, is written as a definition.
    pub(super) fn write_here(&mut self, part: &Part<'s>, first: Option<&'s str>) -> (Value, Id) {
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
        let parts = self.alternatives(&mut flat);
        self.is_expressible &= !flat.is_hopeless;
        for problem in std::mem::take(&mut flat.problems) {
            self.record(problem);
        }
        let written = match parts {
            Some(parts) => self.write_union(&flat, &pointer, &parts),
            None => self.write_value(&mut flat, &pointer, first),
        };
        self.open.pop();
        written
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
