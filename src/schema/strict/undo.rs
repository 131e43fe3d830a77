//! Maps an answer under the rewritten schema back: finds the nulls that only the rewrite made possible.
//!
//! The plan follows the rewritten schema. Where alternatives leave open which one an object was written by, the first
//! that fits is taken; whatever comes of it, the original schema judges it.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::super::doc_json;
use super::super::document::{DocPlace, Document, JsonKind};
use super::types::Types;

/// How deep a value is compared with alternatives: more levels than documents have.
const WHOLE: usize = 512;

/// How deep it is compared where it fits none of them, and the likest is wanted.
const LOOK: usize = 3;

/// How many references to references are followed.
const HOPS: usize = 64;

/// The plan for a schema: a place in [`UndoPlan::nodes`].
pub(super) type UndoId = usize;

/// The plan for one schema.
#[derive(Clone, Debug)]
pub(super) enum UndoNode {
    /// As another.
    Same(UndoId),
    /// As one of these.
    Any(Vec<UndoId>),
    /// A value.
    Value(UndoShape),
}

/// What a value looks like, as far as it tells alternatives apart, and the plans for what is in it.
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
    /// Whether null was made possible by the rewrite alone.
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

    /// The plan behind references to references, and its place.
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

/// One document on its way back.
struct UndoWalk<'w, 't> {
    /// The plan followed.
    plan: &'w UndoPlan,
    /// The document.
    document: &'w Document<'t>,
    /// What alternatives a value was found to fit, so that alternatives in alternatives take linear time.
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

    /// The shape the value was written by: of alternatives the first that fits, or else the first that begins to.
    /// Alternatives may lead back to themselves.
    fn shape(&self, place: DocPlace, mut id: UndoId) -> Option<&UndoShape> {
        for _ in 0..HOPS {
            match self.plan.target(id)?.0 {
                UndoNode::Value(shape) => return Some(shape),
                UndoNode::Any(branches) => {
                    let first = |look| branches.iter().find(|&&branch| self.fits(place, branch, look));
                    id = *first(WHOLE).or_else(|| first(LOOK))?;
                }
                UndoNode::Same(_) => return None,
            }
        }
        None
    }

    /// True when a value may have been written by this plan, judged by its kind, its keys and, so many levels deep,
    /// by what is in it.
    fn fits(&self, place: DocPlace, id: UndoId, look: usize) -> bool {
        let shape = match self.plan.target(id) {
            Some((UndoNode::Value(shape), _)) => shape,
            Some((UndoNode::Any(branches), id)) if look > 0 => return self.fits_any(place, branches, id, look - 1),
            _ => return true,
        };
        let document = self.document;
        let kind = document.kind(place);
        let is_listed = |values: &Vec<Value>| values.iter().any(|value| doc_json::is_equal(document, place, value));
        if !shape.types.has(name_of(kind)) || !shape.values.as_ref().is_none_or(is_listed) {
            return false;
        }
        if look == 0 {
            return true;
        }
        match kind {
            JsonKind::Object => self.fits_members(place, shape, look - 1),
            JsonKind::Array => {
                let kinds = shape.prefix.iter().chain(shape.items.iter().cycle());
                document.items(place).zip(kinds).all(|(item, &id)| self.fits(item, id, look - 1))
            }
            _ => true,
        }
    }

    /// True when a value fits one of the alternatives `id`, which is remembered where it is compared as a whole.
    fn fits_any(&self, place: DocPlace, branches: &[UndoId], id: UndoId, look: usize) -> bool {
        let any = || branches.iter().any(|&branch| self.fits(place, branch, look));
        if look < LOOK {
            return any();
        }
        if let Some(&fits) = self.fitting.borrow().get(&(place, id)) {
            return fits;
        }
        // What leads back to itself on the way adds nothing.
        self.fitting.borrow_mut().insert((place, id), false);
        let fits = any();
        self.fitting.borrow_mut().insert((place, id), fits);
        fits
    }

    /// True when the keys of an object are those of the shape, and its values may be of theirs.
    fn fits_members(&self, place: DocPlace, shape: &UndoShape, look: usize) -> bool {
        let document = self.document;
        let mut needed = shape.members.values().filter(|member| !member.is_optional).count();
        for key in document.keys(place) {
            let Some(member) = shape.members.get(document.content(key).as_ref()) else { return false };
            needed -= usize::from(!member.is_optional);
            let is_added_null = member.is_null_added && document.kind(key + 1) == JsonKind::Null;
            if !is_added_null && !self.fits(key + 1, member.value, look) {
                return false;
            }
        }
        needed == 0
    }
}

/// The type of a kind of value; a number without a fraction may stand for any number.
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
