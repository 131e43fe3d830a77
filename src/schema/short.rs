//! Parses the short form of a schema: `name, age int, tags [string], note? : free text`.

use serde_json::{Map, Value, json};

use crate::failure::{Failure, shortened};

/// The grammar of the short form, as the man page quotes it.
pub const GRAMMAR: &str = "\
schema      = field { separator field }
separator   = ',' or a new line
field       = name [ '?' ] [ type ] [ ':' description ]
              a name holds no blanks and none of , : ? | [ ] { } \"
              '?' makes it optional; without a type it is a string
type        = choice { '|' choice }
choice      = word | '[' type ']' | '{' schema '}'
word        = string, int, number, bool or null,
              a format: date, time, datetime, duration, email,
              hostname, ipv4, ipv6, uri or uuid,
              or, beside others, a value: low|high, 1|2|3,
              \"in progress\"|done
description = the text to the next ',' or '}' or the end of the
              line; outside braces, in a schema of several lines,
              to the end of the line; or a text in double quotes,
              as a mere type's name must be
";

/// The deepest nesting of brackets and braces.
const DEPTH: usize = 32;

/// The words for types: word, JSON type, format.
const WORDS: &[(&str, &str, &str)] = &[
    ("string", "string", ""),
    ("str", "string", ""),
    ("int", "integer", ""),
    ("integer", "integer", ""),
    ("number", "number", ""),
    ("float", "number", ""),
    ("bool", "boolean", ""),
    ("boolean", "boolean", ""),
    ("date", "string", "date"),
    ("time", "string", "time"),
    ("datetime", "string", "date-time"),
    ("duration", "string", "duration"),
    ("email", "string", "email"),
    ("hostname", "string", "hostname"),
    ("ipv4", "string", "ipv4"),
    ("ipv6", "string", "ipv6"),
    ("uri", "string", "uri"),
    ("uuid", "string", "uuid"),
];

/// Parses the short form into a 2020-12 schema.
///
/// # Errors
/// Usage, naming the field and the place.
pub(super) fn parse(text: &str, origin: &str) -> Result<Value, Failure> {
    let text = text.trim();
    let mut parser = ShortParser { text, at: 0, depth: 0 };
    parser
        .fields()
        .and_then(|schema| if parser.rest().is_empty() { Ok(schema) } else { Err(parser.unexpected("a field")) })
        .map_err(|why| {
            Failure::usage(format!("schema {origin}"), format!("it is not JSON, and as the short form {why}"))
                .hint("write it like 'name, age int, tags [string], note? : free text'")
        })
}

/// A parser of the short form.
struct ShortParser<'t> {
    /// The text.
    text: &'t str,
    /// The next byte.
    at: usize,
    /// How many brackets and braces are open.
    depth: usize,
}

impl<'t> ShortParser<'t> {
    /// Reads fields up to a closing brace or the end, as the schema of an object.
    fn fields(&mut self) -> Result<Value, String> {
        let mut properties = Map::new();
        let mut required = Vec::new();
        loop {
            self.skip(|next| next == ',' || next.is_whitespace());
            if self.rest().is_empty() || self.rest().starts_with('}') {
                break;
            }
            let (name, is_required, schema) = self.field()?;
            if is_required {
                required.push(Value::from(name));
            }
            if properties.insert(name.to_owned(), schema).is_some() {
                return Err(format!("has the field '{name}' twice"));
            }
        }
        if properties.is_empty() {
            return Err("has no field".to_owned());
        }
        Ok(json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false }))
    }

    /// Reads one field: its name, whether it is required, its schema.
    fn field(&mut self) -> Result<(&'t str, bool, Value), String> {
        let name = self.word();
        if name.is_empty() {
            return Err(self.unexpected("a field's name"));
        }
        let is_required = !self.take('?');
        self.skip_blanks();
        let is_plain = matches!(self.rest().chars().next(), None | Some(',' | ':' | '}' | '\n'));
        let mut schema = if is_plain { json!({ "type": "string" }) } else { self.choices(name)? };
        self.skip_blanks();
        if self.take(':') {
            self.skip_blanks();
            let is_quoted = self.rest().starts_with('"');
            let description = self.description()?;
            if is_plain && !is_quoted && is_type(&description) {
                return Err(format!(
                    "has the type {description} of '{name}' behind a colon, where its description goes"
                ));
            }
            if !description.is_empty() {
                schema["description"] = Value::from(description);
            }
        }
        match self.rest().chars().next() {
            None | Some(',' | '}' | '\n') => Ok((name, is_required, schema)),
            _ => Err(self.unexpected(&format!("',' or ':' behind '{name}'"))),
        }
    }

    /// Reads the type of the field `name`.
    fn choices(&mut self, name: &str) -> Result<Value, String> {
        let mut types = Vec::new();
        let mut values = Vec::new();
        let mut is_nullable = false;
        let mut count = 0;
        loop {
            self.skip_blanks();
            count += 1;
            match self.choice(name)? {
                ShortChoice::Null => is_nullable = true,
                ShortChoice::Type(schema) => types.push(schema),
                ShortChoice::Value(value) => values.push(value),
            }
            self.skip_blanks();
            if !self.take('|') {
                break;
            }
        }
        if count == 1
            && let [value] = values.as_slice()
        {
            return Err(format!("has an unknown type {value} for '{name}'"));
        }
        match (types.len(), values.is_empty()) {
            (0, false) => Ok(enumeration(values, is_nullable)),
            (0, true) => Ok(json!({ "type": "null" })),
            (_, false) => Err(format!("mixes types and values for '{name}'")),
            (1, true) if !is_nullable => Ok(types.remove(0)),
            _ => {
                if is_nullable {
                    types.push(json!({ "type": "null" }));
                }
                Ok(json!({ "anyOf": types }))
            }
        }
    }

    /// Reads one choice of a type.
    fn choice(&mut self, name: &str) -> Result<ShortChoice, String> {
        if self.depth == DEPTH {
            return Err(format!("is nested deeper than {DEPTH} levels"));
        }
        if self.take('[') {
            self.depth += 1;
            let items = self.choices(name)?;
            self.close(']')?;
            return Ok(ShortChoice::Type(json!({ "type": "array", "items": items })));
        }
        if self.take('{') {
            self.depth += 1;
            let object = self.fields()?;
            self.close('}')?;
            return Ok(ShortChoice::Type(object));
        }
        if self.rest().starts_with('"') {
            return self.quoted().map(|text| ShortChoice::Value(Value::from(text)));
        }
        let word = self.word();
        if word.is_empty() {
            return Err(self.unexpected(&format!("a type for '{name}'")));
        }
        Ok(match WORDS.iter().find(|known| known.0 == word) {
            Some((_, name, "")) => ShortChoice::Type(json!({ "type": name })),
            Some((_, name, format)) => ShortChoice::Type(json!({ "type": name, "format": format })),
            None if word == "null" => ShortChoice::Null,
            None => ShortChoice::Value(Value::from(word)),
        })
    }

    /// Reads a closing bracket or brace.
    fn close(&mut self, closing: char) -> Result<(), String> {
        self.skip(char::is_whitespace);
        self.depth -= 1;
        if self.take(closing) { Ok(()) } else { Err(self.unexpected(&format!("'{closing}'"))) }
    }

    /// Reads a description, behind its colon.
    fn description(&mut self) -> Result<String, String> {
        if self.rest().starts_with('"') {
            let text = self.quoted()?;
            self.skip_blanks();
            return Ok(text);
        }
        let to_line_end = self.depth == 0 && self.text.contains('\n');
        let ends: &[char] = if to_line_end { &['\n'] } else { &['\n', ',', '}'] };
        let length = self.rest().find(ends).unwrap_or(self.rest().len());
        let text = self.rest()[..length].trim().to_owned();
        self.at += length;
        Ok(text)
    }

    /// Reads a text in double quotes, escaped as in JSON.
    fn quoted(&mut self) -> Result<String, String> {
        let mut stream = serde_json::Deserializer::from_str(self.rest()).into_iter::<String>();
        match stream.next() {
            Some(Ok(text)) => {
                self.at += stream.byte_offset();
                Ok(text)
            }
            _ => Err(self.unexpected("a text in quotes")),
        }
    }

    /// Reads a name or word; empty when there is none.
    fn word(&mut self) -> &'t str {
        let start = self.at;
        self.skip(|next| !next.is_whitespace() && !",:?|[]{}\"".contains(next));
        &self.text[start..self.at]
    }

    /// Reads this character, if it comes next.
    fn take(&mut self, wanted: char) -> bool {
        let is_there = self.rest().starts_with(wanted);
        self.at += if is_there { wanted.len_utf8() } else { 0 };
        is_there
    }

    /// Skips blanks other than new lines.
    fn skip_blanks(&mut self) {
        self.skip(|next| next != '\n' && next.is_whitespace());
    }

    /// Skips characters of a kind.
    fn skip(&mut self, of_kind: impl Fn(char) -> bool) {
        self.at += self.rest().len() - self.rest().trim_start_matches(of_kind).len();
    }

    /// The text not yet read.
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// The message that something else was wanted here.
    fn unexpected(&self, wanted: &str) -> String {
        let there = match self.rest().lines().next() {
            Some(rest) if !rest.is_empty() => format!("there is '{}'", shortened(rest, 40)),
            _ => "it ends".to_owned(),
        };
        format!("wants {wanted} at character {}, where {there}", self.text[..self.at].chars().count() + 1)
    }
}

/// True for a description that is only a type: probably a type behind a colon, as other languages write it.
fn is_type(description: &str) -> bool {
    WORDS.iter().any(|known| known.0 == description) || (description.starts_with('[') && description.ends_with(']'))
}

/// One choice of a type, as the text gives it.
enum ShortChoice {
    /// `null`
    Null,
    /// A type.
    Type(Value),
    /// One of the values allowed.
    Value(Value),
}

/// The schema that allows only these values: numbers where all are numbers.
fn enumeration(values: Vec<Value>, is_nullable: bool) -> Value {
    let numbers: Option<Vec<Value>> =
        values.iter().map(|value| serde_json::from_str(value.as_str()?).ok().filter(Value::is_number)).collect();
    let name = if numbers.is_some() { "number" } else { "string" };
    let mut values = numbers.unwrap_or(values);
    if is_nullable {
        values.push(Value::Null);
        return json!({ "type": [name, "null"], "enum": values });
    }
    json!({ "type": name, "enum": values })
}

#[cfg(test)]
mod tests;
