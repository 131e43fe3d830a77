//! The JSON of a request body while it is built: it borrows from the request, takes the user's own fields, and is
//! written once, as segments.

use std::borrow::Cow;

use serde_json::{Number, Value};

use crate::request::{Blob, Body, Picture, Segment, Text};

/// Escaped text of at least this many bytes becomes a segment of its own; shorter text is cheaper to copy.
const SHARED_FROM: usize = 16 * 1024;

/// A JSON value that may borrow from the request.
#[derive(Clone, Debug)]
pub(crate) enum BodyJson<'a> {
    /// `null`.
    Null,
    /// Any value as it is.
    Value(&'a Value),
    /// A number as the user spelled it.
    Number(&'a Number),
    /// `true` or `false`.
    Bool(bool),
    /// Text that is escaped when it is written.
    Plain(Cow<'a, str>),
    /// Text that is escaped already; shared, not copied, when it is long.
    Text(&'a Text),
    /// An object; keys are unique and keep their order.
    Object(Vec<(&'a str, BodyJson<'a>)>),
    /// An array.
    Array(Vec<BodyJson<'a>>),
    /// A string `data:MEDIA;base64,…` of a file.
    DataUrl(&'a str, &'a Blob),
    /// A string of a file's bytes in base64.
    Base64(&'a Blob),
}

impl<'a> BodyJson<'a> {
    /// An object of these members.
    pub(crate) fn object<const N: usize>(members: [(&'a str, BodyJson<'a>); N]) -> Self {
        Self::Object(members.into())
    }

    /// Adds a member at the end of an object, for a key it does not have yet.
    pub(crate) fn put(&mut self, key: &'a str, node: impl Into<BodyJson<'a>>) {
        self.members().push((key, node.into()));
    }

    /// Adds a member at the end of an object, if there is a value.
    pub(crate) fn put_some(&mut self, key: &'a str, node: Option<impl Into<BodyJson<'a>>>) {
        if let Some(node) = node {
            self.put(key, node);
        }
    }

    /// Sets the value at a path of keys. A value that is there is replaced in its place; whatever on the way is no object
    /// is replaced by one.
    pub(crate) fn set(&mut self, path: &mut dyn Iterator<Item = &'a str>, value: &'a Value) {
        let Some(key) = path.next() else {
            *self = Self::Value(value);
            return;
        };
        let members = self.members();
        let place = members.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
            members.push((key, Self::Null));
            members.len() - 1
        });
        members[place].1.set(path, value);
    }

    /// Sets the value of each body field, its path given as keys separated by dots.
    pub(crate) fn set_fields(&mut self, fields: impl Iterator<Item = (&'static str, &'a Value)>) {
        for (path, value) in fields {
            self.set(&mut path.split('.'), value);
        }
    }

    /// The document as a body.
    pub(crate) fn body(&self) -> Body {
        let mut writer = BodyWriter { segments: Vec::with_capacity(1), frame: Vec::with_capacity(1024) };
        writer.write(self);
        writer.finish()
    }

    /// The members of this object; any other value is replaced by an empty object.
    fn members(&mut self) -> &mut Vec<(&'a str, BodyJson<'a>)> {
        if let Self::Value(Value::Object(map)) = self {
            *self = Self::Object(map.iter().map(|(key, value)| (key.as_str(), Self::Value(value))).collect());
        } else if !matches!(self, Self::Object(_)) {
            *self = Self::Object(Vec::new());
        }
        match self {
            Self::Object(members) => members,
            _ => unreachable!("made an object above"),
        }
    }
}

impl<'a> From<&'a str> for BodyJson<'a> {
    fn from(plain: &'a str) -> Self {
        Self::Plain(Cow::Borrowed(plain))
    }
}

impl<'a> From<&'a String> for BodyJson<'a> {
    fn from(plain: &'a String) -> Self {
        Self::Plain(Cow::Borrowed(plain))
    }
}

impl<'a> From<&'a Text> for BodyJson<'a> {
    fn from(text: &'a Text) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a Value> for BodyJson<'a> {
    fn from(value: &'a Value) -> Self {
        Self::Value(value)
    }
}

impl<'a> From<&'a Number> for BodyJson<'a> {
    fn from(number: &'a Number) -> Self {
        Self::Number(number)
    }
}

impl<'a> From<&'a Picture> for BodyJson<'a> {
    fn from(picture: &'a Picture) -> Self {
        match picture {
            Picture::Url(url) => url.into(),
            Picture::Bytes { media, blob } => Self::DataUrl(media, blob),
        }
    }
}

impl From<bool> for BodyJson<'_> {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl<'a> FromIterator<BodyJson<'a>> for BodyJson<'a> {
    fn from_iter<I: IntoIterator<Item = BodyJson<'a>>>(nodes: I) -> Self {
        Self::Array(nodes.into_iter().collect())
    }
}

/// Writes a document as the segments of a body.
struct BodyWriter {
    /// The segments before `frame`.
    segments: Vec<Segment>,
    /// The JSON since the last of them.
    frame: Vec<u8>,
}

impl BodyWriter {
    /// Appends one value.
    fn write(&mut self, node: &BodyJson<'_>) {
        match node {
            BodyJson::Null => self.json(&()),
            BodyJson::Value(value) => self.json(value),
            BodyJson::Number(number) => self.json(number),
            BodyJson::Bool(truth) => self.json(truth),
            BodyJson::Plain(plain) => self.json(plain),
            BodyJson::Text(text) => self.text(text),
            BodyJson::Object(members) => self.list(*b"{}", members, |writer, (key, node)| {
                writer.json(key);
                writer.frame.push(b':');
                writer.write(node);
            }),
            BodyJson::Array(nodes) => self.list(*b"[]", nodes, Self::write),
            BodyJson::DataUrl(media, blob) => {
                for part in ["\"data:", media, ";base64,"] {
                    self.frame.extend_from_slice(part.as_bytes());
                }
                self.segment(Segment::Base64((*blob).clone()));
                self.frame.push(b'"');
            }
            BodyJson::Base64(blob) => {
                self.frame.push(b'"');
                self.segment(Segment::Base64((*blob).clone()));
                self.frame.push(b'"');
            }
        }
    }

    /// Appends anything that serialises by itself.
    fn json(&mut self, value: &(impl serde::Serialize + ?Sized)) {
        serde_json::to_writer(&mut self.frame, value).expect("values have string keys and memory takes all");
    }

    /// Appends a string of escaped text.
    fn text(&mut self, text: &Text) {
        self.frame.push(b'"');
        if text.escaped().len() < SHARED_FROM {
            self.frame.extend_from_slice(text.escaped().as_bytes());
        } else {
            self.segment(Segment::Text(text.share()));
        }
        self.frame.push(b'"');
    }

    /// Appends an array or object: its brackets, and `write` for each item with commas between.
    fn list<T>(&mut self, [open, close]: [u8; 2], items: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.frame.push(open);
        for (place, item) in items.iter().enumerate() {
            if place > 0 {
                self.frame.push(b',');
            }
            write(self, item);
        }
        self.frame.push(close);
    }

    /// Adds a segment that is not copied.
    fn segment(&mut self, segment: Segment) {
        self.segments.push(Segment::Bytes(std::mem::take(&mut self.frame)));
        self.segments.push(segment);
    }

    /// The body.
    fn finish(mut self) -> Body {
        self.segments.push(Segment::Bytes(self.frame));
        Body { segments: self.segments }
    }
}

#[cfg(test)]
mod tests;
