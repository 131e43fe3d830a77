//! The gate between the model's answer and stdout: what was asked for as JSON is printed valid, or not at all.

use std::path::Path;

use serde_json::value::RawValue;

use crate::args;
use crate::failure::{Failure, Kind};
use crate::input::gather;
use crate::input::stdin::Stdin;
use crate::json::escape;
use crate::output::Output;
use crate::request::{Request, Shape, Text, WireSchema};
use crate::schema::{self, Document, Form, ItemSplitter, Judged, Layout, ListEnd, Schema, SchemaSource, Scope};
use crate::settings::{Answer, SchemaAnswer};

/// What an answer must be.
pub(crate) enum Gate {
    /// Any text.
    Text,
    /// Any text, of which the first code block is wanted (`-x`).
    Block,
    /// Any one JSON document (`--json`).
    Json,
    /// One document under a schema.
    Document(Schema),
    /// A list of items, each under a schema (`--each`).
    Items(Schema),
}

impl Gate {
    /// Loads and compiles what the settings name, before anything is sent. Notices about it go to stderr.
    ///
    /// # Errors
    /// [`Kind::Usage`] for a schema that cannot be read or is none.
    pub(crate) fn load(answer: &Answer, stdin: &mut Stdin, output: &mut Output) -> Result<Self, Failure> {
        match answer {
            Answer::Text => Ok(Self::Text),
            Answer::Block => Ok(Self::Block),
            Answer::Json => Ok(Self::Json),
            Answer::Schema(asked) => {
                let schema = schema(asked, stdin, output)?;
                schema.check()?;
                Ok(if asked.each { Self::Items(schema) } else { Self::Document(schema) })
            }
        }
    }

    /// The schema that judges, if one does.
    pub(crate) fn schema(&self) -> Option<&Schema> {
        match self {
            Self::Document(schema) | Self::Items(schema) => Some(schema),
            Self::Text | Self::Block | Self::Json => None,
        }
    }

    /// What of the text of an answer is wanted.
    pub(crate) fn wanted<'t>(&self, text: &'t str) -> &'t str {
        if matches!(self, Self::Block) { schema::extract(text) } else { text }
    }

    /// Asks for the answer in `request`, and returns the fallbacks for a server that refuses the form.
    ///
    /// # Errors
    /// [`Kind::Usage`] where strict mode is asked for and cannot express the schema.
    pub(crate) fn ask_for(
        &self,
        answer: &Answer,
        request: &mut Request,
        output: &mut Output,
    ) -> Result<JsonFallback, Failure> {
        let (schema, asked) = match (self, answer) {
            (Self::Document(schema) | Self::Items(schema), Answer::Schema(asked)) => (schema, asked),
            (Self::Json, _) => {
                request.shape = Shape::Object;
                return Ok(JsonFallback { prompt: ANY_PROMPT.into(), is_fixed: false });
            }
            _ => return Ok(JsonFallback::default()),
        };
        let scope = scope(asked);
        let prompt = schema.prompt_text(scope);
        match asked.mode {
            Some(args::SchemaMode::JsonObject) => ask_as(request, Shape::Object, Some(&prompt)),
            Some(args::SchemaMode::Prompt) => ask_as(request, Shape::Text, Some(&prompt)),
            Some(args::SchemaMode::JsonSchema) | None => {
                let (wire, notices) = wire(schema, scope, asked)?;
                for notice in notices {
                    output.notice(&notice);
                }
                request.shape = Shape::Schema(wire);
            }
        }
        Ok(JsonFallback { prompt, is_fixed: asked.mode.is_some() })
    }

    /// The form in which an answer to be asked for is expected.
    ///
    /// # Errors
    /// As [`Gate::ask_for`].
    pub(crate) fn expected_form(&self, answer: &Answer) -> Result<Form, Failure> {
        let (Some(schema), Answer::Schema(asked)) = (self.schema(), answer) else { return Ok(Form::Plain) };
        match asked.mode {
            Some(args::SchemaMode::JsonObject | args::SchemaMode::Prompt) => Ok(Form::Plain),
            Some(args::SchemaMode::JsonSchema) | None => Ok(Form::of(&wire(schema, scope(asked), asked)?.0)),
        }
    }

    /// The document in a whole answer, compact or indented; `None` where any text will do.
    ///
    /// # Errors
    /// [`Kind::Invalid`] with what is wrong.
    pub(crate) fn judge<'t>(&self, answer: &'t str, form: Form) -> Result<Option<Judged<'t>>, Failure> {
        match self {
            Self::Text | Self::Block | Self::Items(_) => Ok(None),
            Self::Json => schema::judge_any(answer).map(Some),
            Self::Document(schema) => schema.judge(answer, form).map(Some),
        }
    }
}

/// Fallbacks for asking JSON: `json_schema`, then `json_object`, then the prompt alone.
#[derive(Clone, Debug, Default)]
pub(crate) struct JsonFallback {
    /// The text added to the prompt where the body no longer asks for JSON.
    pub(crate) prompt: String,
    /// True where the form asked for is the only one (`--schema-mode`).
    pub(crate) is_fixed: bool,
}

impl JsonFallback {
    /// Changes the request to the next form. Returns what is refused and what is asked for instead; `None` where no
    /// form is left. `is_any` is true where any JSON document will do (`--json`).
    pub(crate) fn step_down(&self, request: &mut Request, is_any: bool) -> Option<(&'static str, &'static str)> {
        if self.is_fixed {
            return None;
        }
        let (shape, needs_prompt, from, to) = match &request.shape {
            Shape::Schema(_) => (Shape::Object, true, "json_schema", "json_object, the schema in the prompt"),
            // The prompt asks since the step before, but for `--json`.
            Shape::Object => (Shape::Text, is_any, "json_object", "the prompt alone"),
            Shape::Text => return None,
        };
        ask_as(request, shape, needs_prompt.then_some(&self.prompt));
        Some((from, to))
    }
}

/// Asks in `shape`, with `prompt` behind the system text.
fn ask_as(request: &mut Request, shape: Shape, prompt: Option<&String>) {
    if let Some(prompt) = prompt {
        let mut system = request.system.as_ref().map_or_else(String::new, |text| format!("{}\\n\\n", text.escaped()));
        escape(prompt, &mut system);
        request.system = Some(Text::from_escaped(system));
    }
    request.shape = shape;
}

/// What asks for JSON where a server takes no `json_object`.
const ANY_PROMPT: &str = "Answer with one JSON document and nothing else.";

/// The form in which the answer to a request is to be expected.
pub(crate) fn form(shape: &Shape) -> Form {
    match shape {
        Shape::Schema(wire) => Form::of(wire),
        Shape::Text | Shape::Object => Form::Plain,
    }
}

/// Reads and parses the SRC of `--schema`.
///
/// # Errors
/// [`Kind::Usage`] for a file that cannot be read and text that is no schema.
pub(crate) fn schema(asked: &SchemaAnswer, stdin: &mut Stdin, output: &mut Output) -> Result<Schema, Failure> {
    let source = source(asked);
    let origin = source.origin();
    let path = match source {
        SchemaSource::Inline(text) => return Schema::parse(text, origin),
        SchemaSource::Stdin => "-",
        SchemaSource::File(path) => path,
    };
    let bytes = gather::bytes("--schema", path, stdin, output)?;
    let text = String::from_utf8(bytes)
        .map_err(|error| crate::input::text::not_utf8(origin, error.utf8_error().valid_up_to() as u64))?;
    Schema::parse(&text, origin)
}

/// What the SRC of `--schema` is.
pub(crate) fn source(asked: &SchemaAnswer) -> SchemaSource<'_> {
    SchemaSource::recognise(&asked.source, Path::new(&asked.source).exists())
}

/// What the schema describes.
fn scope(asked: &SchemaAnswer) -> Scope {
    if asked.each { Scope::Each } else { Scope::Document }
}

/// The schema as it goes over the wire, and what there is to say about it.
fn wire(schema: &Schema, scope: Scope, asked: &SchemaAnswer) -> Result<(WireSchema, Vec<String>), Failure> {
    schema.wire(scope, asked.strict, asked.name.as_deref(), source(asked).stem())
}

/// A document as raw JSON for the envelope.
///
/// # Errors
/// Never for a document that was parsed; [`Kind::Local`] otherwise.
pub(crate) fn raw(document: &Document<'_>) -> Result<Box<RawValue>, Failure> {
    RawValue::from_string(document.text(Layout::Compact))
        .map_err(|error| Failure::new(Kind::Local, "cannot write JSON", error.to_string()))
}

/// Judges the items of a list while the model still writes.
pub(crate) struct ItemGate<'s> {
    /// The schema of an item.
    schema: &'s Schema,
    /// Splits the list.
    items: ItemSplitter,
    /// The form the answer comes in.
    pub(crate) form: Form,
    /// Most bytes of text since an item closed: what an item that is open can hold.
    pub(crate) open_bytes: usize,
    /// How many items closed.
    count: usize,
}

impl<'s> ItemGate<'s> {
    /// A gate that has seen nothing yet.
    pub(crate) fn new(schema: &'s Schema, form: Form) -> Self {
        Self { schema, items: ItemSplitter::default(), form, open_bytes: 0, count: 0 }
    }

    /// Takes the next stretch of the answer and hands every valid item that closed to `show`.
    ///
    /// # Errors
    /// [`Kind::Invalid`] at the first item that is not; of `show`.
    pub(crate) fn feed(
        &mut self,
        text: &str,
        mut show: impl FnMut(&Document<'_>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let Self { schema, items, form, open_bytes, count } = self;
        *open_bytes += text.len();
        items.feed(text.as_bytes(), |item| {
            *open_bytes = text.len();
            *count += 1;
            let judged = schema.judge_item(item, *form);
            show(&judged.map_err(|failure| Failure { what: format!("item {count}: {}", failure.what), ..failure })?)
        })
    }

    /// Whether the list was closed.
    ///
    /// # Errors
    /// [`Kind::Invalid`] where it was not, or none was there.
    pub(crate) fn finish(&self) -> Result<(), Failure> {
        let why = match self.items.ending() {
            ListEnd::Closed => return Ok(()),
            ListEnd::Open => "the list is not closed",
            ListEnd::NoList => "there is no list in it",
        };
        Err(Failure::new(Kind::Invalid, "the answer is no list of items", why))
    }
}
