//! Writes alternatives.

use serde_json::{Value, json};

use super::part::{Flat, Part, Piece};
use super::undo::{Id, Node};
use super::value::annotated;
use super::write::Writer;
use super::{DROPPED, Problem};

impl<'s> Writer<'s> {
    /// The alternatives of a value, each with all else that holds for it. Alternatives that only say which keys are
    /// required are dropped.
    pub(super) fn alternatives(&self, flat: &mut Flat<'s>) -> Option<Vec<Part<'s>>> {
        loop {
            let union = flat.unions.first()?.clone();
            let pointer = &flat.pieces[union.piece].pointer;
            let is_about_keys = |branch: &Piece<'s>| self.original.flatten(&vec![branch.clone()]).says_only_keys();
            let is_bare = flat.is_bare() && flat.unions.len() == 1;
            if !is_bare && union.branches.iter().all(is_about_keys) {
                let pointer = format!("{pointer}/anyOf");
                flat.problems.push(Problem {
                    pointer,
                    what: "rules about required keys".into(),
                    remedy: DROPPED.into(),
                });
                flat.unions.remove(0);
                continue;
            }
            let mut base: Part<'s> = Vec::new();
            if !is_bare {
                let pointer = pointer.clone();
                let (what, remedy) = ("keywords beside anyOf", "written into each alternative");
                flat.problems.push(Problem { pointer, what: what.into(), remedy: remedy.into() });
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

    /// Writes each of several alternatives. Objects among them that begin with the same key, and not with different
    /// values under it, are written with another key first, because strict servers refuse them.
    pub(super) fn write_branches(&mut self, pointer: &str, parts: &[Part<'s>]) -> (Vec<Value>, Vec<Id>) {
        if let [only] = parts {
            let (branch, id) = self.write(only);
            return (vec![branch], vec![id]);
        }
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
            // What is optional will also be null, which tells nothing apart.
            let is_required = flat.required.contains(name);
            let values = self.original.flatten(property).values.filter(|_| is_required).unwrap_or_default();
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
}
