//! Generation settings: one table of them, and the order of precedence of flags, URI parameters, `-o` and config
//! options.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde_json::{Number, Value};

use super::body_option::BodyOption;
use super::origin::{Origin, Setting, rejected};
use super::values;
use crate::args::choices::{Effort, Verbosity, word, words};
use crate::args::{Args, GenerationArgs};
use crate::closest::suggest;
use crate::failure::Failure;
use crate::request::Dialect;
use crate::request::body_field::{self, BodyField, FIELDS, Sampling};

/// A generation setting: the body field it fills and how people give it. Its flag and its path in each API stand with
/// the field.
struct GenerationRow {
    /// The body field, whose name is that of the URI parameter.
    field: &'static BodyField,
    /// What its values are.
    kind: ValueKind,
    /// What its flag was given; empty where there is no flag.
    typed: fn(&GenerationArgs) -> Vec<String>,
}

/// What the values of a setting are.
enum ValueKind {
    /// A number of this form.
    Number(fn(&str) -> Result<Number, &'static str>),
    /// One of these words.
    Word(fn() -> Vec<String>),
    /// A list of texts, which no URI has.
    Texts,
}

/// Every generation setting, in the order that messages name them and `--print config` shows them.
static TABLE: [GenerationRow; 8] = [
    GenerationRow {
        field: &body_field::TEMPERATURE,
        kind: ValueKind::Number(values::number),
        typed: |args| texts(&args.temperature),
    },
    GenerationRow {
        field: &body_field::TOP_P,
        kind: ValueKind::Number(values::number),
        typed: |args| texts(&args.top_p),
    },
    GenerationRow { field: &body_field::TOP_K, kind: ValueKind::Number(values::integer), typed: |_| Vec::new() },
    GenerationRow {
        field: &body_field::MAX_TOKENS,
        kind: ValueKind::Number(values::integer),
        typed: |args| texts(&args.max_tokens),
    },
    GenerationRow {
        field: &body_field::SEED,
        kind: ValueKind::Number(values::integer),
        typed: |args| texts(&args.seed),
    },
    GenerationRow { field: &body_field::STOP, kind: ValueKind::Texts, typed: |args| texts(&args.stop) },
    GenerationRow {
        field: &body_field::REASONING_EFFORT,
        kind: ValueKind::Word(words::<Effort>),
        typed: |args| args.effort.map(word).into_iter().collect(),
    },
    GenerationRow {
        field: &body_field::VERBOSITY,
        kind: ValueKind::Word(words::<Verbosity>),
        typed: |args| args.verbosity.map(word).into_iter().collect(),
    },
];

/// Sampling fields without a setting of ours, which `-o` may set.
const OTHER_SAMPLING: [&str; 4] = ["frequency_penalty", "presence_penalty", "logit_bias", "n"];

/// The texts given to a flag, empty ones left out.
fn texts<'a>(given: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    given.into_iter().filter(|text| !text.is_empty()).cloned().collect()
}

/// A body field and the value a setting gives it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FieldValue {
    /// The field.
    pub(crate) field: &'static BodyField,
    /// The value; numbers are spelled as typed.
    pub(crate) value: Value,
}

impl FieldValue {
    /// Reads a URI parameter.
    ///
    /// # Errors
    /// Why there is none, and what to write instead.
    pub(crate) fn parse(name: &str, text: &str) -> Result<Self, (String, String)> {
        let mut parameters = TABLE.iter().filter(|row| !matches!(row.kind, ValueKind::Texts));
        let names = parameters.clone().map(|row| row.field.name);
        let Some(GenerationRow { field, kind, .. }) = parameters.find(|row| row.field.name == name) else {
            return Err((format!("unknown parameter '{name}'"), suggest(name, names)));
        };
        let value = match kind {
            ValueKind::Number(parse) => Value::Number(
                parse(text)
                    .map_err(|why| (format!("{name} '{text}' is {why}"), format!("write it as {name}=NUMBER")))?,
            ),
            ValueKind::Word(words) if !words().iter().any(|word| word == text) => {
                return Err((
                    format!("{name} '{text}' is not known"),
                    suggest(text, words().iter().map(String::as_str)),
                ));
            }
            ValueKind::Word(_) | ValueKind::Texts => text.into(),
        };
        Ok(Self { field, value })
    }
}

/// The generation flags; they apply to every route.
#[derive(Debug, Default)]
pub(crate) struct GenerationFlags {
    /// Settings of the table.
    settings: Vec<Setting<FieldValue>>,
    /// Body fields (`-o`).
    options: Vec<BodyOption>,
}

impl GenerationFlags {
    /// Reads the flags.
    ///
    /// # Errors
    /// `Usage` for a value that is no number or an option without a key.
    pub(crate) fn parse(args: &Args) -> Result<Self, Failure> {
        let mut settings = Vec::new();
        for GenerationRow { field, kind, typed } in &TABLE {
            let mut texts = typed(&args.generation);
            let (Some(text), Some(flag)) = (texts.pop(), field.flag) else { continue };
            let origin = Origin::Flag(flag);
            let value = match kind {
                ValueKind::Number(parse) => {
                    Value::Number(parse(&text).map_err(|why| rejected("value", &text, &origin, why))?)
                }
                ValueKind::Word(_) => text.into(),
                ValueKind::Texts => texts.into_iter().chain([text]).collect(),
            };
            settings.push(Setting::new(FieldValue { field, value }, origin));
        }
        let option = |text: &String| BodyOption::parse(text, Origin::Flag("--option"));
        Ok(Self { settings, options: args.generation.option.iter().map(option).collect::<Result<_, _>>()? })
    }
}

/// The generation settings of one route, the weakest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Generation(Vec<Choice>);

/// One choice about generation.
#[derive(Clone, Debug, PartialEq)]
enum Choice {
    /// A setting of the table.
    Field(Setting<FieldValue>),
    /// Any other body field.
    Option(BodyOption),
}

impl Generation {
    /// Brings all choices about generation together, the weakest first: the config file's options for every provider,
    /// then those for this one, URI parameters, flags, `-o`. A stronger one replaces a weaker one of the same field,
    /// under any of its names.
    ///
    /// # Errors
    /// `Usage` for a setting that the API has no field for.
    pub(crate) fn resolve(
        flags: &GenerationFlags,
        uri: &[Setting<FieldValue>],
        options: [&[BodyOption]; 2],
        dialect: Dialect,
    ) -> Result<Self, Failure> {
        let config = options.into_iter().flatten().cloned().map(Choice::Option);
        let fields = uri.iter().chain(&flags.settings).cloned().map(Choice::Field);
        let choices: Vec<Choice> =
            config.chain(fields).chain(flags.options.iter().cloned().map(Choice::Option)).collect();
        let mut stronger = Stronger::default();
        let is_kept: Vec<bool> = choices.iter().rev().map(|choice| stronger.takes(choice)).collect();
        let mut is_kept = is_kept.into_iter().rev();
        let mut generation = Self(choices);
        generation.0.retain(|_| is_kept.next() == Some(true));
        generation.0.iter().try_for_each(|choice| choice.check(dialect))?;
        Ok(generation)
    }

    /// The same settings, ready to send.
    pub(crate) fn sampling(&self) -> Sampling {
        let mut sampling = Sampling::default();
        for choice in &self.0 {
            match choice {
                Choice::Field(Setting { value: FieldValue { field, value }, .. }) => sampling.set(field, value.clone()),
                Choice::Option(option) => sampling.extra.push((option.path.clone(), option.value.clone())),
            }
        }
        sampling
    }

    /// The same settings for `--print config`, as name, value and origin.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (String, String, &Origin)> {
        self.0.iter().map(|choice| match choice {
            Choice::Field(Setting { value: FieldValue { field, value }, origin }) => {
                (field.name.to_owned(), value.to_string(), origin)
            }
            Choice::Option(BodyOption { path, value, origin }) => {
                (format!("option {}", path.join(".")), value.to_string(), origin)
            }
        })
    }
}

/// The choices that are stronger than the next one.
#[derive(Default)]
struct Stronger<'a> {
    /// The settings among them.
    fields: Vec<&'static BodyField>,
    /// The paths of the options among them.
    paths: BTreeSet<Vec<&'a str>>,
}

impl<'a> Stronger<'a> {
    /// Takes a choice in; false if stronger ones leave nothing of it.
    fn takes(&mut self, choice: &'a Choice) -> bool {
        match choice {
            Choice::Field(Setting { value: FieldValue { field, .. }, .. }) => {
                let mut paths = field.paths().map(|path| path.split('.').collect::<Vec<_>>());
                let is_kept = !self.fields.contains(field) && !paths.any(|path| self.paths.contains(&path));
                self.fields.push(field);
                is_kept
            }
            Choice::Option(BodyOption { path, .. }) => {
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                let is_field =
                    |field: &&BodyField| field.paths().any(|known| known.split('.').eq(path.iter().copied()));
                let is_kept = !(1..=path.len()).any(|length| self.paths.contains(&path[..length]))
                    && !self.fields.iter().any(is_field);
                self.paths.insert(path);
                is_kept
            }
        }
    }
}

impl Choice {
    /// Refuses what an API has no field for.
    fn check(&self, dialect: Dialect) -> Result<(), Failure> {
        match self {
            Self::Field(Setting { value: FieldValue { field, .. }, origin }) if field.path(dialect).is_none() => {
                Err(foreign(field.name, origin, dialect))
            }
            Self::Field(_) => Ok(()),
            Self::Option(BodyOption { path, value, origin }) => {
                if !dialect.spec().has_sampling && is_sampling(&path[0]) {
                    return Err(foreign(&path[0], origin, dialect));
                }
                if !dialect.spec().can_store && *path == ["store"] && *value != Value::Bool(false) {
                    let why = format!("the {} API stores nothing", word(dialect));
                    return Err(Failure::usage(format!("store ({origin})"), why).hint("leave it away"));
                }
                Ok(())
            }
        }
    }
}

/// Whether a body field steers sampling or bounds the answer, under any of its names.
fn is_sampling(name: &str) -> bool {
    FIELDS.iter().any(|field| field.is_sampling && field.paths().any(|path| path == name))
        || OTHER_SAMPLING.contains(&name)
}

/// The failure of a setting that an API has no field for.
fn foreign(name: &str, origin: &Origin, dialect: Dialect) -> Failure {
    let what = format!("{name} ({origin})");
    let api = word(dialect);
    if dialect.spec().has_sampling {
        Failure::usage(what, format!("the {api} API has no such field"))
            .hint(format!("-o {name}=… sends it all the same, --api chat has it"))
    } else {
        Failure::usage(what, format!("the {api} API takes no sampling or token fields"))
            .hint("leave it away, or ask provider openai")
    }
}
