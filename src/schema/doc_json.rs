//! Adapts [`Document`] to the `jsonschema` crate, which then validates it without a second tree of values.

use std::borrow::Cow;
use std::collections::HashSet;

use jsonschema::JsonType;
use jsonschema::json::{Array, Json, JsonNumber, Node, NodeIdentity, Object};
use serde_json::{Number, Value};

use super::document::{Children, DocPlace, Document, JsonKind};
use super::number;
use crate::json::quote;

/// The largest value that is copied into a violation, counted in values and keys.
pub(super) const COPIED: usize = 4096;

/// The JSON representation that validators are compiled for: documents.
pub(super) enum DocJson {}

/// A value under validation.
#[derive(Clone, Copy)]
pub(super) enum DocNode<'a> {
    /// A value of a document.
    Value(&'a Document<'a>, DocPlace),
    /// A member's name, validated as a string (`propertyNames`).
    Name(&'a str),
}

/// An array or object under validation.
pub(super) struct DocContainer<'a>(&'a Document<'a>, DocPlace);

/// A number by its spelling.
pub(super) struct DocNumber<'a>(&'a str);

impl Json for DocJson {
    type Node<'a> = DocNode<'a>;
    type PreparedKey = String;
    type StringBuffer = ();

    // A lookup in a small object compares key by key: up to two lookups are cheaper than a pass over all members.
    const KEYS_PER_LOOKUP: usize = 2;

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>((): &mut (), string: &str, f: impl FnOnce(DocNode<'_>) -> T) -> T {
        f(DocNode::Name(string))
    }
}

impl JsonNumber for DocNumber<'_> {
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

impl<'a> Node<'a, DocJson> for DocNode<'a> {
    type Object = DocContainer<'a>;
    type Array = DocContainer<'a>;
    type Number = DocNumber<'a>;

    fn as_object(&self) -> Option<DocContainer<'a>> {
        self.container(JsonKind::Object)
    }

    fn as_array(&self) -> Option<DocContainer<'a>> {
        self.container(JsonKind::Array)
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        match *self {
            Self::Value(document, place) if document.kind(place) == JsonKind::String => Some(document.content(place)),
            Self::Value(..) => None,
            Self::Name(name) => Some(Cow::Borrowed(name)),
        }
    }

    fn as_number(&self) -> Option<DocNumber<'a>> {
        self.spelling(JsonKind::Number).map(DocNumber)
    }

    fn as_boolean(&self) -> Option<bool> {
        self.spelling(JsonKind::Boolean).map(|spelling| spelling == "true")
    }

    fn is_null(&self) -> bool {
        self.kind() == JsonKind::Null
    }

    fn is_number(&self) -> bool {
        self.kind() == JsonKind::Number
    }

    fn json_type(&self) -> JsonType {
        match self.kind() {
            JsonKind::Null => JsonType::Null,
            JsonKind::Boolean => JsonType::Boolean,
            JsonKind::Number => JsonType::Number,
            JsonKind::String => JsonType::String,
            JsonKind::Array => JsonType::Array,
            JsonKind::Object => JsonType::Object,
        }
    }

    fn equals_value(&self, expected: &Value) -> bool {
        match *self {
            Self::Value(document, place) => is_equal(document, place, expected),
            Self::Name(name) => expected.as_str() == Some(name),
        }
    }

    /// The copy that a violation carries. Messages quote the document instead, so that large values are not copied.
    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Owned(match *self {
            Self::Value(document, place) if document.reach(place) > COPIED => Value::Null,
            Self::Value(document, place) => document.value(place),
            Self::Name(name) => Value::String(name.to_owned()),
        })
    }

    fn identity(&self) -> Option<NodeIdentity> {
        let address = match *self {
            Self::Value(document, place) => std::ptr::from_ref(document.span(place)) as usize,
            Self::Name(name) => name.as_ptr() as usize,
        };
        Some(NodeIdentity::new(address))
    }
}

impl<'a> DocNode<'a> {
    /// The kind of the value.
    fn kind(&self) -> JsonKind {
        match *self {
            Self::Value(document, place) => document.kind(place),
            Self::Name(_) => JsonKind::String,
        }
    }

    /// The value as a container, if it is of this kind.
    fn container(&self, kind: JsonKind) -> Option<DocContainer<'a>> {
        match *self {
            Self::Value(document, place) if document.kind(place) == kind => Some(DocContainer(document, place)),
            _ => None,
        }
    }

    /// The value's spelling, if it is of this kind.
    fn spelling(&self, kind: JsonKind) -> Option<&'a str> {
        match *self {
            Self::Value(document, place) if document.kind(place) == kind => Some(document.spelling(place)),
            _ => None,
        }
    }
}

impl<'a> Object<'a, DocJson> for DocContainer<'a> {
    type Node = DocNode<'a>;
    type MemberName = Cow<'a, str>;
    type MembersIter = DocMembers<'a>;

    fn len(&self) -> usize {
        self.0.keys(self.1).count()
    }

    fn is_empty(&self) -> bool {
        self.0.keys(self.1).next().is_none()
    }

    fn get(&self, key: &String) -> Option<DocNode<'a>> {
        self.0.member(self.1, key).map(|place| DocNode::Value(self.0, place))
    }

    fn members(&self) -> DocMembers<'a> {
        DocMembers(self.0, self.0.keys(self.1))
    }
}

/// The members of an object.
pub(super) struct DocMembers<'a>(&'a Document<'a>, Children<'a, 'a>);

impl<'a> Iterator for DocMembers<'a> {
    type Item = (Cow<'a, str>, DocNode<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.1.next().map(|key| (self.0.content(key), DocNode::Value(self.0, key + 1)))
    }
}

impl<'a> Array<'a, DocJson> for DocContainer<'a> {
    type Node = DocNode<'a>;
    type ElementsIter = DocElements<'a>;

    fn len(&self) -> usize {
        self.0.items(self.1).count()
    }

    fn elements(&self) -> DocElements<'a> {
        DocElements(self.0, self.0.items(self.1))
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
pub(super) struct DocElements<'a>(&'a Document<'a>, Children<'a, 'a>);

impl<'a> Iterator for DocElements<'a> {
    type Item = DocNode<'a>;

    fn next(&mut self) -> Option<DocNode<'a>> {
        self.1.next().map(|item| DocNode::Value(self.0, item))
    }
}

/// True when a value of a document is the JSON value `expected`: numbers by value, objects in any order.
pub(super) fn is_equal(document: &Document<'_>, place: DocPlace, expected: &Value) -> bool {
    match (document.kind(place), expected) {
        (JsonKind::Null, Value::Null) => true,
        (JsonKind::Boolean, Value::Bool(expected)) => (document.spelling(place) == "true") == *expected,
        (JsonKind::Number, Value::Number(expected)) => number::is_same(document.spelling(place), expected.as_str()),
        (JsonKind::String, Value::String(expected)) => document.content(place) == *expected,
        (JsonKind::Array, Value::Array(expected)) => {
            document.items(place).count() == expected.len()
                && document.items(place).zip(expected).all(|(item, expected)| is_equal(document, item, expected))
        }
        (JsonKind::Object, Value::Object(expected)) => {
            document.keys(place).count() == expected.len()
                && document.keys(place).all(|key| {
                    let expected = expected.get(document.content(key).as_ref());
                    expected.is_some_and(|expected| is_equal(document, key + 1, expected))
                })
        }
        _ => false,
    }
}

/// Appends a text that is the same for equal values and differs for others.
fn normalise(document: &Document<'_>, place: DocPlace, out: &mut String) {
    match document.kind(place) {
        JsonKind::Null | JsonKind::Boolean => out.push_str(document.spelling(place)),
        JsonKind::Number => number::normalise(document.spelling(place), out),
        JsonKind::String => quote(&document.content(place), out),
        JsonKind::Array => {
            out.push('[');
            for item in document.items(place) {
                normalise(document, item, out);
                out.push(',');
            }
            out.push(']');
        }
        JsonKind::Object => {
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
        DocContainer(&document, 0).is_unique()
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
