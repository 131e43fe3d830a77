//! Typed access to TOML values, each with the place it stands at. Knows no setting by name, apart from the one
//! spelling that TOML itself does not allow (see [`ConfigReader::document`]).

use clap::ValueEnum;
use std::borrow::Cow;
use std::rc::Rc;

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::super::body_option::BodyOption;
use super::super::origin::{Origin, Setting};
use crate::args::choices;
use crate::closest::suggest;
use crate::failure::Failure;
use crate::secret::{is_credential, looks_like_key};

/// A key and its place.
pub(super) type TomlKey<'t> = Spanned<Cow<'t, str>>;
/// A value and its place.
pub(super) type TomlItem<'t> = Spanned<DeValue<'t>>;

/// How the top-level `provider` is spelled while TOML reads it: as long, so that every place stays the same.
const PROVIDER_FOR_TOML: &str = "PROVIDER";

/// The text of a config file and its name.
pub(super) struct ConfigReader<'t> {
    /// The text as it is in the file.
    text: &'t str,
    /// The text as TOML reads it, of the same length.
    toml: Cow<'t, str>,
    /// The file as it was named.
    path: Rc<str>,
}

impl<'t> ConfigReader<'t> {
    /// A reader of the `text` found at `path`.
    pub(super) fn new(text: &'t str, path: &str) -> Self {
        Self { text, toml: without_clash(text), path: path.into() }
    }

    /// The whole document.
    ///
    /// `provider = "work"` above `[provider.work]` is what people write and what TOML calls extending a string; the
    /// first one is given another name while TOML reads it, and its own by [`ConfigReader::name`].
    ///
    /// # Errors
    /// `Usage` with the place of what is not TOML.
    pub(super) fn document(&self) -> Result<DeTable<'_>, Failure> {
        DeTable::parse(&self.toml)
            .map(Spanned::into_inner)
            .map_err(|error| self.failure(error.span().map_or(0, |span| span.start), error.message()))
    }

    /// A key as it is spelled in the file; quotes are gone.
    pub(super) fn name<'k>(&self, key: &'k TomlKey<'_>) -> &'k str {
        let spelled = self.text.get(key.span()).unwrap_or_default();
        if key.get_ref() == PROVIDER_FOR_TOML && spelled == "provider" { "provider" } else { key.get_ref() }
    }

    /// The place of a key or value.
    pub(super) fn origin<T>(&self, item: &Spanned<T>) -> Origin {
        let (line, column) = self.place(item.span().start);
        Origin::Config { path: Rc::clone(&self.path), line, column }
    }

    /// Line and column of a byte offset, both from 1, the column in characters.
    fn place(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |place| place + 1);
        let line = 1 + before.bytes().filter(|byte| *byte == b'\n').count();
        (line, 1 + before[line_start..].chars().count())
    }

    /// A failure at a byte offset.
    fn failure(&self, offset: usize, why: impl Into<String>) -> Failure {
        let (line, column) = self.place(offset);
        Failure::usage(format!("{}:{line}:{column}", self.path), why)
    }

    /// A failure at a key or value.
    pub(super) fn wrong<T>(&self, item: &Spanned<T>, why: impl Into<String>) -> Failure {
        self.failure(item.span().start, why)
    }

    /// The failure of a value of the wrong type.
    fn mistyped(&self, key: &TomlKey<'_>, value: &TomlItem<'_>, wanted: &str) -> Failure {
        let found = match value.get_ref() {
            DeValue::Integer(_) => "an integer",
            DeValue::Array(_) => "an array",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date",
            DeValue::Float(_) => "a float",
            DeValue::String(_) => "a string",
            DeValue::Table(_) => "a table",
        };
        self.wrong(value, format!("'{}' is {found}, {wanted} is wanted", self.name(key)))
    }

    /// The failure of a key that is not one of `known`; a key's key gets the reason it is none.
    pub(super) fn unknown(&self, key: &TomlKey<'_>, known: &[&'static str]) -> Failure {
        let name = self.name(key);
        if name.rsplit(['-', '_']).next().is_some_and(is_credential) {
            return self
                .wrong(
                    key,
                    format!("'{name}' is not known: a config file never holds a key, it gets shared and copied"),
                )
                .hint("name the place of the key with api_key_env, api_key_file or api_key_command");
        }
        self.wrong(key, format!("unknown key '{name}'")).hint(suggest(name, known.iter().copied()))
    }

    /// Refuses text that looks like a key, without showing it.
    fn no_key(&self, item: &TomlItem<'_>, text: &str) -> Result<(), Failure> {
        if !looks_like_key(text) {
            return Ok(());
        }
        Err(self
            .wrong(item, "this looks like a key: a config file never holds one, it gets shared and copied")
            .hint("name the place of the key with api_key_env, api_key_file or api_key_command"))
    }

    /// A string.
    fn string<'v>(&self, key: &TomlKey<'_>, value: &'v TomlItem<'_>) -> Result<&'v str, Failure> {
        let DeValue::String(text) = value.get_ref() else { return Err(self.mistyped(key, value, "a string")) };
        self.no_key(value, text)?;
        Ok(text)
    }

    /// A string; an empty one counts as unset.
    pub(super) fn text(&self, key: &TomlKey<'_>, value: &TomlItem<'_>) -> Result<Option<Setting<String>>, Failure> {
        let text = self.string(key, value)?;
        Ok((!text.is_empty()).then(|| Setting::new(text.to_owned(), self.origin(value))))
    }

    /// A list of strings, none of them empty.
    pub(super) fn texts(&self, key: &TomlKey<'_>, value: &TomlItem<'_>) -> Result<Vec<Setting<String>>, Failure> {
        let DeValue::Array(items) = value.get_ref() else {
            return Err(self.mistyped(key, value, "a list of strings"));
        };
        let text = |item| self.text(key, item)?.ok_or_else(|| self.wrong(item, "an empty string"));
        items.iter().map(text).collect()
    }

    /// A value given as a string or a number, read as its flag is.
    pub(super) fn parsed<T>(
        &self,
        key: &TomlKey<'_>,
        value: &TomlItem<'_>,
        parse: impl FnOnce(&str) -> Result<T, &'static str>,
    ) -> Result<Option<Setting<T>>, Failure> {
        let text = match value.get_ref() {
            DeValue::String(text) if text.is_empty() => return Ok(None),
            DeValue::String(text) => text.as_ref(),
            DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            _ => return Err(self.mistyped(key, value, "a number or a string")),
        };
        let parsed = parse(text).map_err(|why| self.wrong(value, format!("{} '{text}': {why}", self.name(key))))?;
        Ok(Some(Setting::new(parsed, self.origin(value))))
    }

    /// One of a few words.
    pub(super) fn word<T: ValueEnum>(
        &self,
        key: &TomlKey<'_>,
        value: &TomlItem<'_>,
    ) -> Result<Option<Setting<T>>, Failure> {
        let text = self.string(key, value)?;
        if text.is_empty() {
            return Ok(None);
        }
        match choices::choice(text) {
            Some(choice) => Ok(Some(Setting::new(choice, self.origin(value)))),
            None => Err(self
                .wrong(value, format!("{} '{text}' is not known", self.name(key)))
                .hint(suggest(text, choices::words::<T>().iter().map(String::as_str)))),
        }
    }

    /// A boolean.
    pub(super) fn truth(&self, key: &TomlKey<'_>, value: &TomlItem<'_>) -> Result<Setting<bool>, Failure> {
        match value.get_ref() {
            DeValue::Boolean(truth) => Ok(Setting::new(*truth, self.origin(value))),
            _ => Err(self.mistyped(key, value, "true or false")),
        }
    }

    /// A table, in the order of the file.
    pub(super) fn table<'v, 'd>(
        &self,
        key: &TomlKey<'_>,
        value: &'v TomlItem<'d>,
    ) -> Result<Vec<(&'v TomlKey<'d>, &'v TomlItem<'d>)>, Failure> {
        match value.get_ref() {
            DeValue::Table(table) => Ok(in_order(table)),
            _ => Err(self.mistyped(key, value, "a table")),
        }
    }

    /// A table of body fields; tables inside it are taken apart, so that `-o a.b=1` changes one leaf.
    pub(super) fn options(&self, key: &TomlKey<'_>, value: &TomlItem<'_>) -> Result<Vec<BodyOption>, Failure> {
        let mut options = Vec::new();
        for (key, value) in self.table(key, value)? {
            self.option(&[], key, value, &mut options)?;
        }
        Ok(options)
    }

    /// Adds the body field `above.key` and those inside it to `options`.
    fn option(
        &self,
        above: &[String],
        key: &TomlKey<'_>,
        value: &TomlItem<'_>,
        options: &mut Vec<BodyOption>,
    ) -> Result<(), Failure> {
        if key.get_ref().is_empty() {
            return Err(self.wrong(key, "an empty key"));
        }
        let mut path = above.to_vec();
        path.push(key.get_ref().clone().into_owned());
        match value.get_ref() {
            DeValue::Table(table) if !table.is_empty() => {
                in_order(table).into_iter().try_for_each(|(key, value)| self.option(&path, key, value, options))
            }
            _ => {
                let option = BodyOption { path, value: self.json(key, value)?, origin: self.origin(key) };
                option.check()?;
                options.push(option);
                Ok(())
            }
        }
    }

    /// A value as JSON; numbers keep their spelling.
    fn json(&self, key: &TomlKey<'_>, value: &TomlItem<'_>) -> Result<Value, Failure> {
        let number = |text: &str| match text.strip_prefix('+').unwrap_or(text).parse() {
            Ok(number) => Ok(Value::Number(number)),
            Err(_) => Err(self.wrong(value, format!("'{}' is no number that JSON knows", self.name(key)))),
        };
        Ok(match value.get_ref() {
            DeValue::String(text) => {
                self.no_key(value, text)?;
                Value::String(text.clone().into_owned())
            }
            DeValue::Integer(digits) if digits.radix() == 10 => number(digits.as_str())?,
            DeValue::Integer(digits) => match i64::from_str_radix(digits.as_str(), digits.radix()) {
                Ok(integer) => Value::from(integer),
                Err(_) => number("")?,
            },
            DeValue::Float(digits) => number(digits.as_str())?,
            DeValue::Boolean(truth) => Value::Bool(*truth),
            DeValue::Datetime(_) => return Err(self.mistyped(key, value, "what JSON knows, a string perhaps,")),
            DeValue::Array(items) => {
                Value::Array(items.iter().map(|item| self.json(key, item)).collect::<Result<_, _>>()?)
            }
            DeValue::Table(table) => Value::Object(
                in_order(table)
                    .into_iter()
                    .map(|(key, value)| Ok((key.get_ref().clone().into_owned(), self.json(key, value)?)))
                    .collect::<Result<_, Failure>>()?,
            ),
        })
    }
}

/// The entries of a table in the order of the file.
pub(super) fn in_order<'v, 'd>(table: &'v DeTable<'d>) -> Vec<(&'v TomlKey<'d>, &'v TomlItem<'d>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

/// The text with the name of a top-level `provider = "…"` changed to [`PROVIDER_FOR_TOML`].
fn without_clash(text: &str) -> Cow<'_, str> {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let statement = line.trim_start();
        // The first table ends the top level.
        if statement.starts_with('[') {
            break;
        }
        let value = statement.strip_prefix("provider").and_then(|rest| rest.trim_start().strip_prefix('='));
        if value.is_some_and(|value| value.trim_start().starts_with(['"', '\''])) {
            let start = offset + line.len() - statement.len();
            let end = start + PROVIDER_FOR_TOML.len();
            return Cow::Owned([&text[..start], PROVIDER_FOR_TOML, &text[end..]].concat());
        }
        offset += line.len();
    }
    Cow::Borrowed(text)
}
