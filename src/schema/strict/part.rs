//! The schema as strict mode sees it: all that holds for one value, gathered over `$ref` and `allOf`.
//!
//! Gathering reads the original and changes nothing; what it cannot keep it notes.

use std::collections::{BTreeSet, VecDeque};

use serde_json::{Map, Value};

use super::types::Types;
use super::{DROPPED, Problem, refs};

/// What strict mode rejects about a reference.
pub(super) const SIBLINGS: &str = "keywords beside $ref";

/// What is done about it where the draft says so.
pub(super) const IGNORED: &str = "dropped, as the draft of the schema ignores them";

/// A schema at its place in the original.
#[derive(Clone, Debug)]
pub(super) struct Piece<'s> {
    /// The schema.
    pub(super) schema: &'s Value,
    /// JSON pointer to it.
    pub(super) pointer: String,
    /// Whether its `anyOf` and `oneOf` are left out, because they were written into each alternative.
    pub(super) without_union: bool,
}

impl<'s> Piece<'s> {
    /// A schema with all its keywords.
    pub(super) fn new(schema: &'s Value, pointer: String) -> Self {
        Self { schema, pointer, without_union: false }
    }

    /// The schema under `tokens` in this one.
    fn below(&self, schema: &'s Value, tokens: &[&str]) -> Self {
        let mut pointer = self.pointer.clone();
        for token in tokens {
            pointer.push('/');
            pointer.push_str(&token.replace('~', "~0").replace('/', "~1"));
        }
        Self::new(schema, pointer)
    }

    /// The schemas of a list under `keyword`.
    fn each_below(&self, list: &'s Value, keyword: &str) -> Vec<Self> {
        let list = list.as_array().map_or(&[] as &[Value], Vec::as_slice);
        list.iter().enumerate().map(|(index, schema)| self.below(schema, &[keyword, &index.to_string()])).collect()
    }
}

/// Schemas that hold together for one value.
pub(super) type Part<'s> = Vec<Piece<'s>>;

/// Alternatives, and the piece they stand in.
#[derive(Clone, Debug)]
pub(super) struct Union<'s> {
    /// Place of the piece in [`Flat::pieces`].
    pub(super) piece: usize,
    /// JSON pointer to the keyword.
    pub(super) pointer: String,
    /// The alternatives.
    pub(super) branches: Vec<Piece<'s>>,
}

/// All that holds for one value.
#[derive(Debug, Default)]
pub(super) struct Flat<'s> {
    /// The schemas gathered.
    pub(super) pieces: Vec<Piece<'s>>,
    /// The types allowed, if any schema says.
    pub(super) types: Option<Types>,
    /// The values allowed, if any schema says.
    pub(super) values: Option<Vec<&'s Value>>,
    /// Whether the one value allowed was a `const`.
    pub(super) is_const: bool,
    /// `title`
    pub(super) title: Option<&'s str>,
    /// `description`
    pub(super) description: Option<&'s str>,
    /// Keywords that strict mode knows, as they are.
    pub(super) simple: Vec<(&'s str, &'s Value)>,
    /// Rules that strict mode does not know, in words for the description.
    pub(super) hints: Vec<String>,
    /// `properties`, in order.
    pub(super) properties: Vec<(&'s str, Part<'s>)>,
    /// Names that must be there.
    pub(super) required: BTreeSet<&'s str>,
    /// For each schema with `additionalProperties: false` the names it allows.
    pub(super) closed: Vec<BTreeSet<&'s str>>,
    /// Properties named only where a dropped keyword applies.
    absorbed: Vec<(&'s str, Part<'s>)>,
    /// The first items of a tuple.
    pub(super) prefix: Vec<Part<'s>>,
    /// The other items.
    pub(super) items: Part<'s>,
    /// Whether a tuple has no other items.
    pub(super) is_tuple_closed: bool,
    /// Alternatives.
    pub(super) unions: Vec<Union<'s>>,
    /// Nothing fits.
    pub(super) is_never: bool,
    /// What was noted.
    pub(super) problems: Vec<Problem>,
    /// Whether something cannot be expressed.
    pub(super) is_hopeless: bool,
}

/// The original, as gathering needs it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Original<'s> {
    /// Its root.
    pub(super) root: &'s Value,
    /// Whether its draft ignores what stands beside `$ref` (4, 6 and 7).
    pub(super) ignores_siblings: bool,
}

impl<'s> Original<'s> {
    /// Gathers all that holds under a part. A schema that is reached twice counts once, so that cycles end.
    pub(super) fn flatten(self, part: &Part<'s>) -> Flat<'s> {
        let mut flat = Flat::default();
        let mut queue: VecDeque<Piece<'s>> = part.iter().cloned().collect();
        let mut seen = BTreeSet::new();
        while let Some(piece) = queue.pop_front() {
            if !seen.insert((std::ptr::from_ref(piece.schema), piece.without_union)) {
                continue;
            }
            flat.pieces.push(piece.clone());
            match piece.schema {
                Value::Object(members) => self.gather(&piece, members, &mut flat, &mut queue),
                Value::Bool(true) => {}
                _ => flat.is_never = true,
            }
        }
        flat.finish();
        flat
    }

    /// Gathers one schema.
    fn gather(
        self,
        piece: &Piece<'s>,
        members: &'s Map<String, Value>,
        flat: &mut Flat<'s>,
        queue: &mut VecDeque<Piece<'s>>,
    ) {
        if let Some(reference) = members.get("$ref") {
            match refs::resolve(self.root, reference) {
                Some((target, pointer)) => queue.push_back(Piece::new(target, pointer)),
                None => flat.hopeless(piece, "$ref", "a reference that is no JSON pointer into the schema"),
            }
            if self.ignores_siblings {
                if members.len() > 1 {
                    flat.problems.push(Problem {
                        pointer: piece.pointer.clone(),
                        what: SIBLINGS.to_owned(),
                        remedy: IGNORED.to_owned(),
                    });
                }
                return;
            }
            if members.len() > 1 {
                flat.note(piece, "$ref", SIBLINGS, "the target is written in its place");
            }
        }
        for (keyword, value) in members {
            match keyword.as_str() {
                "allOf" => {
                    queue.extend(piece.each_below(value, keyword));
                    flat.note(piece, keyword, "allOf", "its members are merged");
                }
                "anyOf" | "oneOf" if !piece.without_union => {
                    let branches = piece.each_below(value, keyword);
                    let pointer = piece.below(value, &[keyword]).pointer;
                    flat.unions.push(Union { piece: flat.pieces.len() - 1, pointer, branches });
                    if keyword == "oneOf" {
                        flat.note(piece, keyword, "oneOf", "written as anyOf");
                    }
                }
                _ => flat.keyword(piece, keyword, value),
            }
        }
    }
}

impl<'s> Flat<'s> {
    /// Takes in one keyword, references and combinations aside.
    fn keyword(&mut self, piece: &Piece<'s>, keyword: &'s str, value: &'s Value) {
        match keyword {
            "$ref" | "$defs" | "$schema" | "$comment" | "anyOf" | "oneOf" => {}
            "definitions" => self.note(piece, keyword, "definitions", "named $defs"),
            "$id" if piece.pointer.is_empty() => {}
            "$id" | "$dynamicRef" | "$recursiveRef" => self.hopeless(piece, keyword, keyword),
            "title" => self.title = self.title.or(value.as_str()),
            "description" => self.description = self.description.or(value.as_str()),
            "type" => self.narrow_types(Types::of(value)),
            "enum" => self.narrow_values(value.as_array().into_iter().flatten().collect()),
            "const" => {
                self.narrow_values(vec![value]);
                self.is_const = true;
            }
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "minItems" | "maxItems"
            | "multipleOf" | "pattern" | "format" => self.simple(piece, keyword, value),
            "properties" => self.add_properties(piece, value, &["properties"]),
            "required" => self.required.extend(value.as_array().into_iter().flatten().filter_map(Value::as_str)),
            "additionalProperties" => match value {
                Value::Bool(false) => {
                    let names = piece.schema["properties"].as_object();
                    self.closed.push(names.into_iter().flatten().map(|(name, _)| name.as_str()).collect());
                }
                _ => self.hopeless(piece, keyword, "a map: keys of any name"),
            },
            "patternProperties" => match value.as_object().is_some_and(Map::is_empty) {
                true => self.drop(piece, keyword),
                false => self.hopeless(piece, keyword, "a map: keys by pattern"),
            },
            "unevaluatedProperties" if value.is_object() => self.hopeless(piece, keyword, "a map: keys of any name"),
            "items" | "prefixItems" if value.is_array() => {
                self.prefix = piece.each_below(value, keyword).into_iter().map(|piece| vec![piece]).collect();
                self.note(piece, keyword, "a tuple", "written as a list of any of its types");
            }
            "additionalItems" if !piece.schema["items"].is_array() => self.drop(piece, keyword),
            "items" | "additionalItems" => match value {
                Value::Bool(false) => self.is_tuple_closed = true,
                _ => self.items.push(piece.below(value, &[keyword])),
            },
            "then" | "else" => {
                self.drop(piece, keyword);
                self.absorb(piece, value, &[keyword]);
            }
            "dependentSchemas" | "dependencies" => {
                self.drop(piece, keyword);
                for (name, schema) in value.as_object().into_iter().flatten() {
                    self.absorb(piece, schema, &[keyword, name]);
                }
            }
            "minLength" | "maxLength" | "uniqueItems" | "minProperties" | "maxProperties" => {
                self.drop(piece, keyword);
                self.hints.push(format!("{keyword}: {value}"));
            }
            _ => self.drop(piece, keyword),
        }
    }

    /// Adds the properties of a schema.
    fn add_properties(&mut self, piece: &Piece<'s>, properties: &'s Value, tokens: &[&str]) {
        for (name, schema) in properties.as_object().into_iter().flatten() {
            let tokens = [tokens, &[name.as_str()]].concat();
            add(&mut self.properties, name, piece.below(schema, &tokens));
        }
    }

    /// Keeps the properties that a dropped schema names, so that the model may give them.
    fn absorb(&mut self, piece: &Piece<'s>, schema: &'s Value, tokens: &[&str]) {
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let tokens = [tokens, &["properties", name.as_str()]].concat();
            add(&mut self.absorbed, name, piece.below(property, &tokens));
        }
    }

    /// Keeps a keyword that strict mode knows; of two, the tighter bound or else the first.
    fn simple(&mut self, piece: &Piece<'s>, keyword: &'s str, value: &'s Value) {
        let is_known = match keyword {
            "format" => value.as_str().is_some_and(|format| super::FORMATS.contains(&format)),
            "pattern" => value.as_str().is_some_and(|pattern| !needs_look_around(pattern)),
            _ => value.is_number(),
        };
        if !is_known {
            self.drop(piece, keyword);
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
            self.drop(piece, keyword);
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

    /// Draws the conclusions once everything is gathered.
    fn finish(&mut self) {
        for (name, part) in std::mem::take(&mut self.absorbed) {
            if !self.properties.iter().any(|(known, _)| *known == name) {
                self.properties.push((name, part));
            }
        }
        let closed = std::mem::take(&mut self.closed);
        let is_allowed = |name: &str| closed.iter().all(|names| names.contains(name));
        self.is_never |= self.required.iter().any(|name| !is_allowed(name));
        self.properties.retain(|(name, _)| is_allowed(name));
        self.closed = closed;
        self.is_never |= self.types.is_some_and(Types::is_empty) || self.values.as_ref().is_some_and(Vec::is_empty);
    }

    /// The types of the value: those it names, or else those its keywords are about.
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

    /// True when at most which keys are required is said of the value.
    pub(super) fn says_only_keys(mut self) -> bool {
        self.required.clear();
        self.unions.is_empty() && self.is_bare()
    }

    /// True when nothing is said of the value but its alternatives, titles and descriptions aside.
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
    fn drop(&mut self, piece: &Piece<'s>, keyword: &str) {
        self.note(piece, keyword, &format!("the keyword {keyword}"), DROPPED);
    }

    /// Notes what strict mode rejects under `keyword`, and what is done about it.
    fn note(&mut self, piece: &Piece<'s>, keyword: &str, what: &str, remedy: &str) {
        let pointer = piece.below(piece.schema, &[keyword]).pointer;
        self.problems.push(Problem { pointer, what: what.to_owned(), remedy: remedy.to_owned() });
    }

    /// Notes what cannot be expressed.
    fn hopeless(&mut self, piece: &Piece<'s>, keyword: &str, what: &str) {
        self.note(piece, keyword, what, super::HOPELESS);
        self.is_hopeless = true;
    }
}

/// Adds a schema to those that hold for the property `name`.
fn add<'s>(properties: &mut Vec<(&'s str, Part<'s>)>, name: &'s str, piece: Piece<'s>) {
    match properties.iter_mut().find(|(known, _)| *known == name) {
        Some((_, part)) => part.push(piece),
        None => properties.push((name, vec![piece])),
    }
}

/// True for a pattern with look-around or a back-reference, which strict servers do not take.
fn needs_look_around(pattern: &str) -> bool {
    let bytes = pattern.as_bytes();
    bytes.windows(2).any(|pair| pair[0] == b'\\' && matches!(pair[1], b'1'..=b'9' | b'k'))
        || ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|opening| pattern.contains(opening))
}
