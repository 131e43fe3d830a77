//! Writes alternatives: `anyOf`, `oneOf` and the items of tuples.

use serde_json::{Value, json};

use super::merge::{AllOf, Located, Merged};
use super::problem::{DROPPED, Problem};
use super::undo::{UndoId, UndoNode};
use super::write::StrictWriter;

/// What strict servers refuse about alternatives.
const SAME_KEY: &str = "an alternative with the same first key as another";

/// The first key of an alternative and the values it may have, none where they are not listed.
type FirstKey<'s> = (&'s str, Vec<&'s Value>);

/// How an alternative is written.
enum BranchForm<'s> {
    /// Unchanged.
    Plain,
    /// As an object with this key first.
    First(&'s str),
    /// Left out: no value is valid under it.
    Never,
    /// Left out: all its keys are first keys of others.
    Clash,
}

impl<'s> StrictWriter<'s> {
    /// The alternatives of a value, each with all else that holds for the value. Alternatives that differ only in the
    /// keys they require are dropped.
    pub(super) fn alternatives(&self, merged: &mut Merged<'s>) -> Option<Vec<AllOf<'s>>> {
        loop {
            let union = merged.unions.first()?.clone();
            let only_requires_keys =
                |branch: &Located<'s>| self.original.merge(&vec![branch.clone()]).only_requires_keys();
            let is_bare = merged.is_bare() && merged.unions.len() == 1;
            if !is_bare && union.branches.iter().all(only_requires_keys) {
                merged.problems.push(Problem::new(union.pointer, "rules about required keys", DROPPED));
                merged.unions.remove(0);
                continue;
            }
            let mut base: AllOf<'s> = Vec::new();
            if !is_bare {
                let remedy = "written into each of them";
                merged.problems.push(Problem::new(union.pointer, "keywords beside alternatives", remedy));
                base.clone_from(&merged.schemas);
                base[union.schema].without_union = true;
            }
            return Some(union.branches.into_iter().map(|branch| [base.as_slice(), &[branch]].concat()).collect());
        }
    }

    /// Writes the alternatives of a value as `anyOf`.
    pub(super) fn write_union(&mut self, merged: &Merged<'s>, pointer: &str, parts: &[AllOf<'s>]) -> (Value, UndoId) {
        let (branches, ids) = self.write_branches(pointer, parts);
        let mut value = merged.annotations();
        value.insert("anyOf".to_owned(), Value::Array(branches));
        (Value::Object(value), self.add(UndoNode::Any(ids)))
    }

    /// Writes several alternatives. Returns a plan for each of them, also for those that are left out.
    pub(super) fn write_branches(&mut self, pointer: &str, parts: &[AllOf<'s>]) -> (Vec<Value>, Vec<UndoId>) {
        if let [only] = parts {
            let (branch, id) = self.write(only);
            return (vec![branch], vec![id]);
        }
        let mut first_keys = Vec::new();
        let mut branches: Vec<Value> = Vec::new();
        let mut ids = Vec::new();
        for part in parts {
            let place = part.last().map_or(pointer, |located| &located.pointer).to_owned();
            let (branch, id) = match self.branch_form(part, &mut first_keys) {
                BranchForm::Plain => self.write(part),
                BranchForm::First(name) => {
                    self.note(place, SAME_KEY, "another key is written first");
                    self.write_here(part, Some(name))
                }
                BranchForm::Never => {
                    ids.push(self.reserve());
                    continue;
                }
                BranchForm::Clash => {
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

    /// How an alternative is written beside those with these first keys; its own is added to them. Strict servers
    /// refuse two objects that begin with the same key, unless the values of that key differ.
    fn branch_form(&self, part: &AllOf<'s>, first_keys: &mut Vec<FirstKey<'s>>) -> BranchForm<'s> {
        let merged = self.original.merge(part);
        if merged.is_never {
            return BranchForm::Never;
        }
        let first_key = if self.is_object(part) { merged.properties.first() } else { None };
        let Some((name, property)) = first_key else { return BranchForm::Plain };
        // An optional key becomes nullable in each, so that its values no longer differ.
        let is_required = merged.required.contains(name);
        let values = self.original.merge(property).values.filter(|_| is_required).unwrap_or_default();
        let clashes = |(known, others): &FirstKey<'_>| {
            known == name
                && (values.is_empty() || others.is_empty() || values.iter().any(|value| others.contains(value)))
        };
        if !first_keys.iter().any(clashes) {
            first_keys.push((name, values));
            return BranchForm::Plain;
        }
        let is_free = |name: &&str| !first_keys.iter().any(|(known, _)| known == name);
        match merged.properties.iter().map(|(name, _)| *name).find(is_free) {
            Some(name) => {
                first_keys.push((name, Vec::new()));
                BranchForm::First(name)
            }
            None => BranchForm::Clash,
        }
    }
}
