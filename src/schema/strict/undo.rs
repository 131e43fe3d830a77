//! Maps an answer under the rewritten schema back: finds the nulls that only the rewrite allows.
//!
//! The plan has the structure of the rewritten schema. Of several alternatives the first that fits the value is taken;
//! a wrong guess does no harm beyond a refusal, because the original schema judges the result.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::super::doc_json;
use super::super::document::{DocPlace, Document, JsonKind};
use super::types::Types;

/// Levels to which a value is compared with alternatives at first: more than documents have.
const ALL_LEVELS: usize = 512;

/// Levels to which it is compared when it fits none, to find the most similar alternative.
const FEW_LEVELS: usize = 3;

/// The most references to references that are followed.
const HOPS: usize = 64;

/// The plan for a schema, as an index into [`UndoPlan::nodes`].
pub(super) type UndoId = usize;

/// The plan for one schema.
#[derive(Clone, Debug)]
pub(super) enum UndoNode {
    /// The same plan as another, because the schema is a reference.
    Same(UndoId),
    /// One of these plans, for alternatives.
    Any(Vec<UndoId>),
    /// The plan for a value without alternatives.
    Value(UndoShape),
}

/// The features of a value by which alternatives are distinguished, and the plans for its members and items.
#[derive(Clone, Debug, Default)]
pub(super) struct UndoShape {
    /// The types allowed.
    pub(super) types: Types,
    /// The values allowed, if they are listed.
    pub(super) values: Option<Vec<Value>>,
    /// The members of an object.
    pub(super) members: BTreeMap<String, UndoMember>,
    /// The first items of an array.
    pub(super) prefix: Vec<UndoId>,
    /// The other items.
    pub(super) items: Option<UndoId>,
}

/// The plan for a member of an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct UndoMember {
    /// Its value.
    pub(super) value: UndoId,
    /// Whether the original lets it be absent.
    pub(super) is_optional: bool,
    /// Whether only the rewrite allows null.
    pub(super) is_null_added: bool,
}

/// The plan for a whole schema.
#[derive(Debug)]
pub(super) struct UndoPlan {
    /// The plans for all schemas in it.
    pub(super) nodes: Vec<UndoNode>,
    /// The plan for its root.
    pub(super) root: UndoId,
}

impl UndoPlan {
    /// The keys of members with added nulls in the value at `root`, in order.
    pub(super) fn added_nulls(&self, document: &Document<'_>, root: DocPlace) -> Vec<DocPlace> {
        let mut found = Vec::new();
        let walk = UndoWalk { plan: self, document, fitting: RefCell::default() };
        walk.collect(root, self.root, &mut found);
        found
    }

    /// The plan at the end of references to references, and its index.
    fn target(&self, mut id: UndoId) -> Option<(&UndoNode, UndoId)> {
        for _ in 0..HOPS {
            match &self.nodes[id] {
                UndoNode::Same(other) => id = *other,
                node => return Some((node, id)),
            }
        }
        None
    }
}

/// The mapping back of one document.
struct UndoWalk<'w, 't> {
    /// The plan followed.
    plan: &'w UndoPlan,
    /// The document.
    document: &'w Document<'t>,
    /// Whether a value fits any of some alternatives, as found before; keeps nested alternatives linear in time.
    fitting: RefCell<HashMap<(DocPlace, UndoId), bool>>,
}

impl UndoWalk<'_, '_> {
    /// Collects the keys below one value. Recurses as deep as the document is nested, which its scan has bounded.
    fn collect(&self, place: DocPlace, id: UndoId, found: &mut Vec<DocPlace>) {
        let document = self.document;
        if !matches!(document.kind(place), JsonKind::Array | JsonKind::Object) {
            return;
        }
        let Some(shape) = self.shape(place, id) else { return };
        for (index, item) in document.items(place).enumerate() {
            if let Some(&id) = shape.prefix.get(index).or(shape.items.as_ref()) {
                self.collect(item, id, found);
            }
        }
        for key in document.keys(place) {
            match shape.members.get(document.content(key).as_ref()) {
                Some(member) if member.is_null_added && document.kind(key + 1) == JsonKind::Null => found.push(key),
                Some(member) => self.collect(key + 1, member.value, found),
                None => {}
            }
        }
    }

    /// The shape of a value: of alternatives the first that fits on all levels, or else on the first few. Follows a
    /// limited number of steps, because alternatives may refer back to themselves.
    fn shape(&self, place: DocPlace, mut id: UndoId) -> Option<&UndoShape> {
        for _ in 0..HOPS {
            match self.plan.target(id)?.0 {
                UndoNode::Value(shape) => return Some(shape),
                UndoNode::Any(branches) => {
                    let first = |levels| branches.iter().find(|&&branch| self.fits(place, branch, levels));
                    id = *first(ALL_LEVELS).or_else(|| first(FEW_LEVELS))?;
                }
                UndoNode::Same(_) => return None,
            }
        }
        None
    }

    /// True when the kind of a value, its keys and, `levels` deep, what is in it fit the plan.
    fn fits(&self, place: DocPlace, id: UndoId, levels: usize) -> bool {
        let shape = match self.plan.target(id) {
            Some((UndoNode::Value(shape), _)) => shape,
            Some((UndoNode::Any(branches), id)) if levels > 0 => return self.fits_any(place, branches, id, levels - 1),
            _ => return true,
        };
        let document = self.document;
        let kind = document.kind(place);
        let is_listed = |values: &Vec<Value>| values.iter().any(|value| doc_json::is_equal(document, place, value));
        if !shape.types.has(name_of(kind)) || !shape.values.as_ref().is_none_or(is_listed) {
            return false;
        }
        if levels == 0 {
            return true;
        }
        match kind {
            JsonKind::Object => self.fits_members(place, shape, levels - 1),
            JsonKind::Array => {
                let kinds = shape.prefix.iter().chain(shape.items.iter().cycle());
                document.items(place).zip(kinds).all(|(item, &id)| self.fits(item, id, levels - 1))
            }
            _ => true,
        }
    }

    /// True when a value fits one of the alternatives `id`; remembered unless only a few levels are compared.
    fn fits_any(&self, place: DocPlace, branches: &[UndoId], id: UndoId, levels: usize) -> bool {
        let any = || branches.iter().any(|&branch| self.fits(place, branch, levels));
        if levels < FEW_LEVELS {
            return any();
        }
        if let Some(&fits) = self.fitting.borrow().get(&(place, id)) {
            return fits;
        }
        // Alternatives that refer back to themselves add nothing.
        self.fitting.borrow_mut().insert((place, id), false);
        let fits = any();
        self.fitting.borrow_mut().insert((place, id), fits);
        fits
    }

    /// True when an object has the keys of the shape and its values fit their plans.
    fn fits_members(&self, place: DocPlace, shape: &UndoShape, levels: usize) -> bool {
        let document = self.document;
        let mut needed = shape.members.values().filter(|member| !member.is_optional).count();
        for key in document.keys(place) {
            let Some(member) = shape.members.get(document.content(key).as_ref()) else { return false };
            needed -= usize::from(!member.is_optional);
            let is_added_null = member.is_null_added && document.kind(key + 1) == JsonKind::Null;
            if !is_added_null && !self.fits(key + 1, member.value, levels) {
                return false;
            }
        }
        needed == 0
    }
}

/// The JSON Schema type of a kind of value. `integer` stands for all numbers, because `number` includes it.
fn name_of(kind: JsonKind) -> &'static str {
    match kind {
        JsonKind::Null => "null",
        JsonKind::Boolean => "boolean",
        JsonKind::Number => "integer",
        JsonKind::String => "string",
        JsonKind::Array => "array",
        JsonKind::Object => "object",
    }
}
