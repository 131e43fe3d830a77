//! Writes alternatives.

use serde_json::{Value, json};

use super::part::{Flat, Part, Piece};
use super::undo::{Id, Node};
use super::value::annotated;
use super::write::Writer;
use super::{DROPPED, Problem};

/// What strict servers refuse about alternatives.
const SAME_KEY: &str = "an alternative with the same first key as another";

/// The first key of an alternative and the values it may have; none where nothing is known of them.
type Head<'s> = (&'s str, Vec<&'s Value>);

/// How an alternative is written.
enum Way<'s> {
    /// As it is.
    Plain,
    /// As an object with this key first.
    First(&'s str),
    /// Not at all: no value fits it.
    Never,
    /// Not at all: all its keys are first keys of others.
    Clash,
}

impl<'s> Writer<'s> {
    /// The alternatives of a value, each with all else that holds for it. Alternatives that only say which keys are
    /// required are dropped.
    pub(super) fn alternatives(&self, flat: &mut Flat<'s>) -> Option<Vec<Part<'s>>> {
        loop {
            let union = flat.unions.first()?.clone();
            let says_only_keys = |branch: &Piece<'s>| self.original.flatten(&vec![branch.clone()]).says_only_keys();
            let is_bare = flat.is_bare() && flat.unions.len() == 1;
            if !is_bare && union.branches.iter().all(says_only_keys) {
                flat.problems.push(Problem {
                    pointer: union.pointer,
                    what: "rules about required keys".to_owned(),
                    remedy: DROPPED.to_owned(),
                });
                flat.unions.remove(0);
                continue;
            }
            let mut base: Part<'s> = Vec::new();
            if !is_bare {
                flat.problems.push(Problem {
                    pointer: union.pointer,
                    what: "keywords beside alternatives".to_owned(),
                    remedy: "written into each of them".to_owned(),
                });
                base.clone_from(&flat.pieces);
                base[union.piece].without_union = true;
            }
            return Some(union.branches.into_iter().map(|branch| [base.as_slice(), &[branch]].concat()).collect());
        }
    }

    /// Writes alternatives.
    pub(super) fn write_union(&mut self, flat: &Flat<'s>, pointer: &str, parts: &[Part<'s>]) -> (Value, Id) {
        let (branches, ids) = self.write_branches(pointer, parts);
        let mut value = annotated(flat);
        value.insert("anyOf".to_owned(), Value::Array(branches));
        (Value::Object(value), self.add(Node::Any(ids)))
    }

    /// Writes each of several alternatives, and gives a plan for each, also for those that are not written.
    pub(super) fn write_branches(&mut self, pointer: &str, parts: &[Part<'s>]) -> (Vec<Value>, Vec<Id>) {
        if let [only] = parts {
            let (branch, id) = self.write(only);
            return (vec![branch], vec![id]);
        }
        let mut heads = Vec::new();
        let mut branches: Vec<Value> = Vec::new();
        let mut ids = Vec::new();
        for part in parts {
            let place = part.last().map_or(pointer, |piece| &piece.pointer).to_owned();
            let (branch, id) = match self.way(part, &mut heads) {
                Way::Plain => self.write(part),
                Way::First(name) => {
                    self.note(place, SAME_KEY, "another key is written first");
                    self.write_here(part, Some(name))
                }
                Way::Never => {
                    ids.push(self.reserve());
                    continue;
                }
                Way::Clash => {
                    self.give_up(place, SAME_KEY);
                    ids.push(self.reserve());
                    continue;
                }
            };
            ids.push(id);
            if !branches.contains(&branch) {
                branches.push(branch);
            }
        }
        if branches.is_empty() {
            self.give_up(pointer.to_owned(), "a value that cannot be");
            branches.push(json!({ "type": "null" }));
        }
        (branches, ids)
    }

    /// How an alternative is written beside those with these heads, to which its own is added. Strict servers refuse
    /// two objects that begin with the same key, unless its values tell them apart.
    fn way(&self, part: &Part<'s>, heads: &mut Vec<Head<'s>>) -> Way<'s> {
        let flat = self.original.flatten(part);
        if flat.is_never {
            return Way::Never;
        }
        let head = if self.is_object(part) { flat.properties.first() } else { None };
        let Some((name, property)) = head else { return Way::Plain };
        // What is optional will also be null, which tells nothing apart.
        let is_required = flat.required.contains(name);
        let values = self.original.flatten(property).values.filter(|_| is_required).unwrap_or_default();
        let clashes = |(known, others): &Head<'_>| {
            known == name
                && (values.is_empty() || others.is_empty() || values.iter().any(|value| others.contains(value)))
        };
        if !heads.iter().any(clashes) {
            heads.push((name, values));
            return Way::Plain;
        }
        let is_free = |name: &&str| !heads.iter().any(|(known, _)| known == name);
        match flat.properties.iter().map(|(name, _)| *name).find(is_free) {
            Some(name) => {
                heads.push((name, Vec::new()));
                Way::First(name)
            }
            None => Way::Clash,
        }
    }
}
