//! Merges the schemas that hold for one value, over `$ref` and `allOf`, into one set of keywords.
//!
//! Reads the original and changes nothing; what strict mode rejects on the way is noted as problems.

use std::collections::{BTreeSet, VecDeque};

use serde_json::{Map, Value};

use super::problem::{DROPPED, INEXPRESSIBLE, Problem};
use super::refs;
use super::types::Types;
use crate::json::pointer_token;

/// The problem of a reference with keywords beside it.
pub(super) const SIBLINGS: &str = "keywords beside $ref";

/// The remedy where the draft ignores those keywords.
pub(super) const IGNORED: &str = "dropped, as the draft of the schema ignores them";

/// The values of `format` that strict servers take.
const FORMATS: &[&str] = &["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"];

/// A schema and where it stands in the original.
#[derive(Clone, Debug)]
pub(super) struct Located<'s> {
    /// The schema.
    pub(super) schema: &'s Value,
    /// JSON pointer to it.
    pub(super) pointer: String,
    /// Whether its `anyOf` and `oneOf` are left out, because their alternatives are merged one at a time.
    pub(super) without_union: bool,
}

impl<'s> Located<'s> {
    /// A schema with all its keywords.
    pub(super) fn new(schema: &'s Value, pointer: String) -> Self {
        Self { schema, pointer, without_union: false }
    }

    /// The schema under `tokens` in this one.
    fn below(&self, schema: &'s Value, tokens: &[&str]) -> Self {
        let mut pointer = self.pointer.clone();
        for token in tokens {
            pointer.push('/');
            pointer.push_str(&pointer_token(token));
        }
        Self::new(schema, pointer)
    }

    /// The schemas of a list under `keyword`.
    fn each_below(&self, list: &'s Value, keyword: &str) -> Vec<Self> {
        let list = list.as_array().map_or(&[] as &[Value], Vec::as_slice);
        list.iter().enumerate().map(|(index, schema)| self.below(schema, &[keyword, &index.to_string()])).collect()
    }
}

/// Schemas that must all hold for one value.
pub(super) type AllOf<'s> = Vec<Located<'s>>;

/// An `anyOf` or `oneOf`.
#[derive(Clone, Debug)]
pub(super) struct AnyOf<'s> {
    /// Index into [`Merged::schemas`] of the schema it stands in.
    pub(super) schema: usize,
    /// JSON pointer to the keyword.
    pub(super) pointer: String,
    /// The alternatives.
    pub(super) branches: Vec<Located<'s>>,
}

/// All keywords that hold for one value.
#[derive(Debug, Default)]
pub(super) struct Merged<'s> {
    /// The schemas merged.
    pub(super) schemas: Vec<Located<'s>>,
    /// The types allowed, if any schema restricts them.
    pub(super) types: Option<Types>,
    /// The values allowed, if any schema lists them.
    pub(super) values: Option<Vec<&'s Value>>,
    /// Whether a `const` is among what lists the values.
    pub(super) is_const: bool,
    /// `title`
    pub(super) title: Option<&'s str>,
    /// `description`
    pub(super) description: Option<&'s str>,
    /// Keywords that strict mode takes, unchanged.
    pub(super) simple: Vec<(&'s str, &'s Value)>,
    /// Keywords that strict mode refuses, as text for the description.
    pub(super) hints: Vec<String>,
    /// `properties`, in order.
    pub(super) properties: Vec<(&'s str, AllOf<'s>)>,
    /// Names of required properties.
    pub(super) required: BTreeSet<&'s str>,
    /// The names allowed by each schema with `additionalProperties: false`.
    pub(super) closed: Vec<BTreeSet<&'s str>>,
    /// Properties under `then`, `else`, `dependentSchemas` and `dependencies`: these keywords are dropped, and their
    /// properties become optional ones of the value, so that the model may give them.
    conditional: Vec<(&'s str, AllOf<'s>)>,
    /// The first items of a tuple.
    pub(super) prefix: Vec<AllOf<'s>>,
    /// The other items.
    pub(super) items: AllOf<'s>,
    /// Whether a tuple has no other items.
    pub(super) is_tuple_closed: bool,
    /// The `anyOf` and `oneOf` in force.
    pub(super) unions: Vec<AnyOf<'s>>,
    /// Whether no value is valid.
    pub(super) is_never: bool,
    /// What strict mode rejects.
    pub(super) problems: Vec<Problem>,
    /// Whether something in it cannot be expressed.
    pub(super) is_inexpressible: bool,
}

/// The original schema and the rule of its draft for `$ref`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Original<'s> {
    /// The root of the schema.
    pub(super) root: &'s Value,
    /// Whether its draft ignores keywords beside `$ref` (4, 6 and 7).
    pub(super) ignores_siblings: bool,
}

impl<'s> Original<'s> {
    /// Merges schemas and all they include by `$ref` and `allOf`. A schema that is reached twice counts once, so that
    /// cycles end.
    pub(super) fn merge(self, all_of: &AllOf<'s>) -> Merged<'s> {
        let mut merged = Merged::default();
        let mut queue: VecDeque<Located<'s>> = all_of.iter().cloned().collect();
        let mut seen = BTreeSet::new();
        while let Some(located) = queue.pop_front() {
            if !seen.insert((std::ptr::from_ref(located.schema), located.without_union)) {
                continue;
            }
            merged.schemas.push(located.clone());
            match located.schema {
                Value::Object(members) => self.add(&located, members, &mut merged, &mut queue),
                Value::Bool(true) => {}
                _ => merged.is_never = true,
            }
        }
        merged.finish();
        merged
    }

    /// Merges one schema into `merged`; what it includes goes to the end of `queue`.
    fn add(
        self,
        located: &Located<'s>,
        members: &'s Map<String, Value>,
        merged: &mut Merged<'s>,
        queue: &mut VecDeque<Located<'s>>,
    ) {
        if let Some(reference) = members.get("$ref") {
            match refs::resolve(self.root, reference) {
                Some((target, pointer)) => queue.push_back(Located::new(target, pointer)),
                None => merged.cannot_express(located, "$ref", "a reference that is no JSON pointer into the schema"),
            }
            if self.ignores_siblings {
                if members.len() > 1 {
                    merged.problems.push(Problem::new(located.pointer.clone(), SIBLINGS, IGNORED));
                }
                return;
            }
            if members.len() > 1 {
                merged.note(located, "$ref", SIBLINGS, "the target is written in its place");
            }
        }
        for (keyword, value) in members {
            match keyword.as_str() {
                "allOf" => {
                    queue.extend(located.each_below(value, keyword));
                    merged.note(located, keyword, "allOf", "its members are merged");
                }
                "anyOf" | "oneOf" if !located.without_union => {
                    let branches = located.each_below(value, keyword);
                    let pointer = located.below(value, &[keyword]).pointer;
                    merged.unions.push(AnyOf { schema: merged.schemas.len() - 1, pointer, branches });
                    if keyword == "oneOf" {
                        merged.note(located, keyword, "oneOf", "written as anyOf");
                    }
                }
                _ => merged.keyword(located, keyword, value),
            }
        }
    }
}

impl<'s> Merged<'s> {
    /// Merges one keyword, other than references and combinations.
    fn keyword(&mut self, located: &Located<'s>, keyword: &'s str, value: &'s Value) {
        match keyword {
            "$ref" | "$defs" | "$schema" | "$comment" | "anyOf" | "oneOf" => {}
            "definitions" => self.note(located, keyword, "definitions", "named $defs"),
            "$id" if located.pointer.is_empty() => {}
            "$id" | "$dynamicRef" | "$recursiveRef" => self.cannot_express(located, keyword, keyword),
            "title" => self.title = self.title.or(value.as_str()),
            "description" => self.description = self.description.or(value.as_str()),
            "type" => self.narrow_types(Types::of(value)),
            "enum" => self.narrow_values(value.as_array().into_iter().flatten().collect()),
            "const" => {
                self.narrow_values(vec![value]);
                self.is_const = true;
            }
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "minItems" | "maxItems"
            | "multipleOf" | "pattern" | "format" => self.simple(located, keyword, value),
            "properties" => self.add_properties(located, value, &["properties"]),
            "required" => self.required.extend(value.as_array().into_iter().flatten().filter_map(Value::as_str)),
            "additionalProperties" => match value {
                Value::Bool(false) => {
                    let names = located.schema["properties"].as_object();
                    self.closed.push(names.into_iter().flatten().map(|(name, _)| name.as_str()).collect());
                }
                _ => self.cannot_express(located, keyword, "a map: keys of any name"),
            },
            "patternProperties" => match value.as_object().is_some_and(Map::is_empty) {
                true => self.drop(located, keyword),
                false => self.cannot_express(located, keyword, "a map: keys by pattern"),
            },
            "unevaluatedProperties" if value.is_object() => {
                self.cannot_express(located, keyword, "a map: keys of any name")
            }
            "items" | "prefixItems" if value.is_array() => {
                self.prefix = located.each_below(value, keyword).into_iter().map(|located| vec![located]).collect();
                self.note(located, keyword, "a tuple", "written as a list of any of its types");
            }
            "additionalItems" if !located.schema["items"].is_array() => self.drop(located, keyword),
            "items" | "additionalItems" => match value {
                Value::Bool(false) => self.is_tuple_closed = true,
                _ => self.items.push(located.below(value, &[keyword])),
            },
            "then" | "else" => {
                self.drop(located, keyword);
                self.add_conditional(located, value, &[keyword]);
            }
            "dependentSchemas" | "dependencies" => {
                self.drop(located, keyword);
                for (name, schema) in value.as_object().into_iter().flatten() {
                    self.add_conditional(located, schema, &[keyword, name]);
                }
            }
            "minLength" | "maxLength" | "uniqueItems" | "minProperties" | "maxProperties" => {
                self.drop(located, keyword);
                self.hints.push(format!("{keyword}: {value}"));
            }
            _ => self.drop(located, keyword),
        }
    }

    /// Adds the properties of a schema.
    fn add_properties(&mut self, located: &Located<'s>, properties: &'s Value, tokens: &[&str]) {
        for (name, schema) in properties.as_object().into_iter().flatten() {
            let tokens = [tokens, &[name.as_str()]].concat();
            add_property(&mut self.properties, name, located.below(schema, &tokens));
        }
    }

    /// Adds the properties of a dropped schema to the conditional ones.
    fn add_conditional(&mut self, located: &Located<'s>, schema: &'s Value, tokens: &[&str]) {
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let tokens = [tokens, &["properties", name.as_str()]].concat();
            add_property(&mut self.conditional, name, located.below(property, &tokens));
        }
    }

    /// Merges a keyword that strict mode takes; of two, the tighter bound or else the first.
    fn simple(&mut self, located: &Located<'s>, keyword: &'s str, value: &'s Value) {
        let is_known = match keyword {
            "format" => value.as_str().is_some_and(|format| FORMATS.contains(&format)),
            "pattern" => value.as_str().is_some_and(|pattern| !needs_look_around(pattern)),
            _ => value.is_number(),
        };
        if !is_known {
            self.drop(located, keyword);
            self.hints.push(format!("{keyword}: {value}"));
            return;
        }
        let Some((_, known)) = self.simple.iter_mut().find(|(known, _)| *known == keyword) else {
            self.simple.push((keyword, value));
            return;
        };
        let is_tighter = match keyword {
            "minimum" | "exclusiveMinimum" | "minItems" => value.as_f64() > known.as_f64(),
            "maximum" | "exclusiveMaximum" | "maxItems" => value.as_f64() < known.as_f64(),
            _ => false,
        };
        if is_tighter {
            *known = value;
        } else if matches!(keyword, "multipleOf" | "pattern" | "format") && *known != value {
            self.drop(located, keyword);
        }
    }

    /// Narrows the types allowed.
    fn narrow_types(&mut self, types: Types) {
        self.types = Some(self.types.map_or(types, |known| known.narrowed(types)));
    }

    /// Narrows the values allowed.
    fn narrow_values(&mut self, values: Vec<&'s Value>) {
        self.values = Some(match self.values.take() {
            Some(known) => known.into_iter().filter(|known| values.contains(known)).collect(),
            None => values,
        });
    }

    /// Combines what depends on more than one keyword, once all are merged.
    fn finish(&mut self) {
        for (name, schemas) in std::mem::take(&mut self.conditional) {
            if !self.properties.iter().any(|(known, _)| *known == name) {
                self.properties.push((name, schemas));
            }
        }
        let closed = std::mem::take(&mut self.closed);
        let is_allowed = |name: &str| closed.iter().all(|names| names.contains(name));
        self.is_never |= self.required.iter().any(|name| !is_allowed(name));
        self.properties.retain(|(name, _)| is_allowed(name));
        self.closed = closed;
        self.is_never |= self.types.is_some_and(Types::is_empty) || self.values.as_ref().is_some_and(Vec::is_empty);
    }

    /// The types of the value: those named, or else those its keywords apply to.
    pub(super) fn inferred_types(&self) -> Types {
        if let Some(types) = self.types {
            return types;
        }
        if let Some(values) = &self.values {
            return values.iter().fold(Types::default(), |types, value| types.with(Types::of_value(value)));
        }
        let has = |keywords: &[&str]| self.simple.iter().any(|(keyword, _)| keywords.contains(keyword));
        if !self.properties.is_empty() || !self.closed.is_empty() {
            Types::named("object")
        } else if !self.items.is_empty() || !self.prefix.is_empty() {
            Types::named("array")
        } else if has(&["pattern", "format"]) {
            Types::named("string")
        } else if has(&["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]) {
            Types::named("number")
        } else {
            Types::default()
        }
    }

    /// The title and description of the value, with the keywords that strict mode refuses as part of its text.
    pub(super) fn annotations(&self) -> Map<String, Value> {
        let mut written = Map::new();
        if let Some(title) = self.title {
            written.insert("title".to_owned(), Value::from(title));
        }
        let hints = if self.hints.is_empty() { String::new() } else { format!("({})", self.hints.join(", ")) };
        let texts = self.description.into_iter().chain([hints.as_str()]);
        let description = texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ");
        if !description.is_empty() {
            written.insert("description".to_owned(), Value::from(description));
        }
        written
    }

    /// True when the value is not restricted but for its required keys.
    pub(super) fn only_requires_keys(mut self) -> bool {
        self.required.clear();
        self.unions.is_empty() && self.is_bare()
    }

    /// True when the value is not restricted but for its alternatives.
    pub(super) fn is_bare(&self) -> bool {
        self.types.is_none()
            && self.values.is_none()
            && self.simple.is_empty()
            && self.properties.is_empty()
            && self.required.is_empty()
            && self.closed.is_empty()
            && self.prefix.is_empty()
            && self.items.is_empty()
    }

    /// Notes a keyword that is dropped.
    fn drop(&mut self, located: &Located<'s>, keyword: &str) {
        self.note(located, keyword, &format!("the keyword {keyword}"), DROPPED);
    }

    /// Notes what strict mode rejects under `keyword`, and what is done about it.
    fn note(&mut self, located: &Located<'s>, keyword: &str, what: &str, remedy: &str) {
        let pointer = located.below(located.schema, &[keyword]).pointer;
        self.problems.push(Problem::new(pointer, what, remedy));
    }

    /// Notes what cannot be expressed.
    fn cannot_express(&mut self, located: &Located<'s>, keyword: &str, what: &str) {
        self.note(located, keyword, what, INEXPRESSIBLE);
        self.is_inexpressible = true;
    }
}

/// Adds a schema to those of the property `name`.
fn add_property<'s>(properties: &mut Vec<(&'s str, AllOf<'s>)>, name: &'s str, located: Located<'s>) {
    match properties.iter_mut().find(|(known, _)| *known == name) {
        Some((_, schemas)) => schemas.push(located),
        None => properties.push((name, vec![located])),
    }
}

/// True for a pattern with look-around or a back-reference, which strict servers do not take.
fn needs_look_around(pattern: &str) -> bool {
    let bytes = pattern.as_bytes();
    bytes.windows(2).any(|pair| pair[0] == b'\\' && matches!(pair[1], b'1'..=b'9' | b'k'))
        || ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|opening| pattern.contains(opening))
}
