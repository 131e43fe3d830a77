//! Lets the validator read a [`Document`] as it is, without a tree of values beside it.

use std::borrow::Cow;
use std::collections::HashSet;

use jsonschema::JsonType;
use jsonschema::json::{Array, Json, JsonNumber, Node, NodeIdentity, Object};
use serde_json::{Map, Number, Value};

use super::document::{Children, Document, Place, Sort};
use super::number;
use crate::json::quote;

/// The largest value that is copied into a violation, counted in values and keys.
pub(super) const COPIED: usize = 4096;

/// Documents as the validator's representation of JSON.
pub(super) enum Tape {}

/// A value the validator looks at.
#[derive(Clone, Copy)]
pub(super) enum Seen<'a> {
    /// A value of a document.
    Value(&'a Document<'a>, Place),
    /// A member's name, looked at as a string.
    Name(&'a str),
}

/// An array or object the validator looks into.
pub(super) struct Inside<'a>(&'a Document<'a>, Place);

/// A number by its spelling.
pub(super) struct Figures<'a>(&'a str);

impl Json for Tape {
    type Node<'a> = Seen<'a>;
    type PreparedKey = String;
    type StringBuffer = ();

    // A lookup in a small object walks its keys: one walk that finds every required key is cheaper than two.
    const KEYS_PER_LOOKUP: usize = 2;

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>((): &mut (), string: &str, f: impl FnOnce(Seen<'_>) -> T) -> T {
        f(Seen::Name(string))
    }
}

impl JsonNumber for Figures<'_> {
    fn as_u64(&self) -> Option<u64> {
        self.0.parse().ok()
    }

    fn as_i64(&self) -> Option<i64> {
        self.0.parse().ok()
    }

    fn as_f64(&self) -> Option<f64> {
        self.0.parse().ok().filter(|number: &f64| number.is_finite())
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.0)
    }

    fn to_number(&self) -> Cow<'_, Number> {
        Cow::Owned(self.0.parse().unwrap_or_else(|_| Number::from(0)))
    }

    fn is_integer(&self) -> bool {
        number::is_integer(self.0)
    }
}

impl<'a> Node<'a, Tape> for Seen<'a> {
    type Object = Inside<'a>;
    type Array = Inside<'a>;
    type Number = Figures<'a>;

    fn as_object(&self) -> Option<Inside<'a>> {
        self.inside(Sort::Object)
    }

    fn as_array(&self) -> Option<Inside<'a>> {
        self.inside(Sort::Array)
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        match *self {
            Self::Value(document, place) if document.sort(place) == Sort::String => Some(document.content(place)),
            Self::Value(..) => None,
            Self::Name(name) => Some(Cow::Borrowed(name)),
        }
    }

    fn as_number(&self) -> Option<Figures<'a>> {
        self.spelling(Sort::Number).map(Figures)
    }

    fn as_boolean(&self) -> Option<bool> {
        self.spelling(Sort::Boolean).map(|spelling| spelling == "true")
    }

    fn is_null(&self) -> bool {
        self.sort() == Sort::Null
    }

    fn is_number(&self) -> bool {
        self.sort() == Sort::Number
    }

    fn json_type(&self) -> JsonType {
        match self.sort() {
            Sort::Null => JsonType::Null,
            Sort::Boolean => JsonType::Boolean,
            Sort::Number => JsonType::Number,
            Sort::String => JsonType::String,
            Sort::Array => JsonType::Array,
            Sort::Object => JsonType::Object,
        }
    }

    fn equals_value(&self, expected: &Value) -> bool {
        match *self {
            Self::Value(document, place) => is_equal(document, place, expected),
            Self::Name(name) => expected.as_str() == Some(name),
        }
    }

    /// Only violations carry it, and they are told by their pointer: a copy of much is not worth its memory.
    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Owned(match *self {
            Self::Value(document, place) if document.reach(place) > COPIED => Value::Null,
            Self::Value(document, place) => copy(document, place),
            Self::Name(name) => Value::String(name.to_owned()),
        })
    }

    fn identity(&self) -> Option<NodeIdentity> {
        let address = match *self {
            Self::Value(document, place) => std::ptr::from_ref(document.node(place)) as usize,
            Self::Name(name) => name.as_ptr() as usize,
        };
        Some(NodeIdentity::new(address))
    }
}

impl<'a> Seen<'a> {
    /// The kind of the value.
    fn sort(&self) -> Sort {
        match *self {
            Self::Value(document, place) => document.sort(place),
            Self::Name(_) => Sort::String,
        }
    }

    /// The value's inside, if it is of this kind.
    fn inside(&self, sort: Sort) -> Option<Inside<'a>> {
        match *self {
            Self::Value(document, place) if document.sort(place) == sort => Some(Inside(document, place)),
            _ => None,
        }
    }

    /// The value's spelling, if it is of this kind.
    fn spelling(&self, sort: Sort) -> Option<&'a str> {
        match *self {
            Self::Value(document, place) if document.sort(place) == sort => Some(document.spelling(place)),
            _ => None,
        }
    }
}

impl<'a> Object<'a, Tape> for Inside<'a> {
    type Node = Seen<'a>;
    type MemberName = Cow<'a, str>;
    type MembersIter = Members<'a>;

    fn len(&self) -> usize {
        self.0.keys(self.1).count()
    }

    fn is_empty(&self) -> bool {
        self.0.keys(self.1).next().is_none()
    }

    fn get(&self, key: &String) -> Option<Seen<'a>> {
        self.0.member(self.1, key).map(|place| Seen::Value(self.0, place))
    }

    fn members(&self) -> Members<'a> {
        Members(self.0, self.0.keys(self.1))
    }
}

/// The members of an object.
pub(super) struct Members<'a>(&'a Document<'a>, Children<'a, 'a>);

impl<'a> Iterator for Members<'a> {
    type Item = (Cow<'a, str>, Seen<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.1.next().map(|key| (self.0.content(key), Seen::Value(self.0, key + 1)))
    }
}

impl<'a> Array<'a, Tape> for Inside<'a> {
    type Node = Seen<'a>;
    type ElementsIter = Elements<'a>;

    fn len(&self) -> usize {
        self.0.items(self.1).count()
    }

    fn elements(&self) -> Elements<'a> {
        Elements(self.0, self.0.items(self.1))
    }

    fn is_unique(&self) -> bool {
        let mut seen = HashSet::new();
        self.0.items(self.1).all(|item| {
            let mut text = String::new();
            normalise(self.0, item, &mut text);
            seen.insert(text)
        })
    }
}

/// The items of an array.
pub(super) struct Elements<'a>(&'a Document<'a>, Children<'a, 'a>);

impl<'a> Iterator for Elements<'a> {
    type Item = Seen<'a>;

    fn next(&mut self) -> Option<Seen<'a>> {
        self.1.next().map(|item| Seen::Value(self.0, item))
    }
}

/// Copies a value out of a document.
fn copy(document: &Document<'_>, place: Place) -> Value {
    match document.sort(place) {
        Sort::Null => Value::Null,
        Sort::Boolean => Value::Bool(document.spelling(place) == "true"),
        Sort::Number => Value::Number(Figures(document.spelling(place)).to_number().into_owned()),
        Sort::String => Value::String(document.content(place).into_owned()),
        Sort::Array => document.items(place).map(|item| copy(document, item)).collect(),
        Sort::Object => {
            let members = document.keys(place).map(|key| (document.content(key).into_owned(), copy(document, key + 1)));
            Value::Object(members.collect::<Map<_, _>>())
        }
    }
}

/// True when a value of a document is the JSON value `expected`: numbers by value, objects in any order.
pub(super) fn is_equal(document: &Document<'_>, place: Place, expected: &Value) -> bool {
    match (document.sort(place), expected) {
        (Sort::Null, Value::Null) => true,
        (Sort::Boolean, Value::Bool(expected)) => (document.spelling(place) == "true") == *expected,
        (Sort::Number, Value::Number(expected)) => number::is_same(document.spelling(place), expected.as_str()),
        (Sort::String, Value::String(expected)) => document.content(place) == *expected,
        (Sort::Array, Value::Array(expected)) => {
            document.items(place).count() == expected.len()
                && document.items(place).zip(expected).all(|(item, expected)| is_equal(document, item, expected))
        }
        (Sort::Object, Value::Object(expected)) => {
            document.keys(place).count() == expected.len()
                && document.keys(place).all(|key| {
                    let expected = expected.get(document.content(key).as_ref());
                    expected.is_some_and(|expected| is_equal(document, key + 1, expected))
                })
        }
        _ => false,
    }
}

/// Appends text that is the same for equal values and for no others.
fn normalise(document: &Document<'_>, place: Place, out: &mut String) {
    match document.sort(place) {
        Sort::Null | Sort::Boolean => out.push_str(document.spelling(place)),
        Sort::Number => number::normalise(document.spelling(place), out),
        Sort::String => quote(&document.content(place), out),
        Sort::Array => {
            out.push('[');
            for item in document.items(place) {
                normalise(document, item, out);
                out.push(',');
            }
            out.push(']');
        }
        Sort::Object => {
            let mut keys: Vec<_> = document.keys(place).map(|key| (document.content(key), key + 1)).collect();
            keys.sort();
            out.push('{');
            for (key, value) in keys {
                quote(&key, out);
                normalise(document, value, out);
            }
            out.push('}');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_unique(text: &str) -> bool {
        let document = Document::parse(text).unwrap();
        Inside(&document, 0).is_unique()
    }

    #[test]
    fn equality_is_that_of_json() {
        let document = Document::parse(r#"{"a":[1.0,"x\u0041",null,true],"b":12345678901234567890123}"#).unwrap();
        let expected = r#"{"b":12345678901234567890123,"a":[1,"xA",null,true]}"#;
        assert!(is_equal(&document, 0, &serde_json::from_str(expected).unwrap()));
        let other = r#"{"b":12345678901234567890124,"a":[1,"xA",null,true]}"#;
        assert!(!is_equal(&document, 0, &serde_json::from_str(other).unwrap()));
    }

    #[test]
    fn uniqueness_is_that_of_json() {
        assert!(is_unique(r#"[1,"1",true,"true",[1],[[1]],{"a":1},{"a":2},{},[],null,1e400,1e401]"#));
        assert!(!is_unique(r#"[1,2,1.0]"#));
        assert!(!is_unique(r#"[{"a":1,"b":[0]},{"b":[-0.0],"a":10e-1}]"#));
        assert!(!is_unique(r#"["\u0041","A"]"#));
        assert!(is_unique(r#"[["a","b"],["a\",\"b"]]"#));
    }
}
