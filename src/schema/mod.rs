//! The schema gate: parse and compile a schema, say how it goes over the wire, judge an answer by it.
//!
//! Pure: text and values in, documents and failures out. The only room that knows the `jsonschema` crate; it must
//! not know files, the environment, streams or any dialect.

mod compile;
#[cfg(any(test, fuzzing))]
mod conform;
pub(crate) mod document;
pub(crate) mod fence;
pub(crate) mod find;
pub(crate) mod items;
mod judge;
#[cfg(any(test, fuzzing))]
pub(crate) mod laws;
mod node;
mod number;
pub(crate) mod print;
mod scan;
pub(crate) mod short;
pub(crate) mod strict;
mod tape;
mod words;

use std::cell::OnceCell;

use jsonschema::Draft;
use serde_json::Value;

use self::compile::{Compiled, Engine};
use self::document::Document;
use self::find::Found;
use self::strict::Rewrite;
use crate::failure::{Failure, Kind};
use crate::request::WireSchema;

/// The longest name of a schema on the wire.
const NAME: usize = 64;

/// When a schema is sent for strict enforcement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strict {
    /// Where it can be expressed in the strict subset.
    Auto,
    /// Always; a schema that cannot be expressed is a usage failure.
    Always,
    /// Never; the original goes out.
    Never,
}

/// What the model is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// One document under the schema.
    Document,
    /// A list, the schema describing one item of it (`--each`).
    Each,
}

/// The form of the schema an answer was given under: decides whether nulls are mapped back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// The strict rewrite ([`WireSchema::strict`] was true): added nulls are taken out again.
    Strict,
    /// The original: nulls stay as the model wrote them.
    Plain,
}

impl Form {
    /// The form in which an answer to this comes.
    pub(crate) fn of(wire: &WireSchema) -> Self {
        if wire.strict { Self::Strict } else { Self::Plain }
    }
}

/// An answer that was judged and found good.
#[derive(Debug)]
pub(crate) struct Judged<'t> {
    /// The document, unwrapped and mapped back; valid under the original schema.
    pub(crate) document: Document<'t>,
    /// Where in the answer it stood; [`Found::notice`] is the line to say about it.
    pub(crate) found: Found,
}

/// A schema as the user gave it. Compiled at most once for a size of text, and only when [`Schema::check`] or a judgement asks; rewritten
/// at most once for each scope.
pub(crate) struct Schema {
    /// The schema itself, key order kept.
    value: Value,
    /// Where it came from, as messages name it.
    origin: String,
    /// The draft it is written for.
    draft: Draft,
    /// The validator for each size of text, or why there is none. One whose patterns cannot go back is for all sizes.
    compiled: [OnceCell<Result<Compiled, Failure>>; compile::LEVELS],
    /// The strict rewrite for a document.
    rewrite: OnceCell<Rewrite>,
    /// The strict rewrite for a list.
    each: OnceCell<Rewrite>,
}

impl Schema {
    /// Parses JSON or the short form; `origin` names it in messages (`commit.json`, `stdin`, `-S`).
    ///
    /// # Errors
    /// Usage: not JSON and not the short form, too deep, an unknown `$schema`.
    pub(crate) fn parse(text: &str, origin: &str) -> Result<Self, Failure> {
        let text = text.trim_start_matches('\u{feff}').trim_ascii();
        if text.starts_with('{') || matches!(text, "true" | "false") {
            let value = serde_json::from_str(text).map_err(|flaw| not_json(origin, &flaw))?;
            return Self::of(value, origin);
        }
        Self::of(short::parse(text, origin)?, origin)
    }

    /// Takes a schema that is JSON already, such as the parameters of a tool.
    ///
    /// # Errors
    /// Usage: not an object or boolean, an unknown `$schema`.
    pub(crate) fn of(value: Value, origin: &str) -> Result<Self, Failure> {
        if !value.is_object() && !value.is_boolean() {
            return Err(Failure::usage(format!("schema {origin}"), "a schema is an object, true or false"));
        }
        let draft = compile::draft_of(&value, origin)?;
        Ok(Self {
            value,
            origin: origin.to_owned(),
            draft,
            compiled: Default::default(),
            rewrite: OnceCell::new(),
            each: OnceCell::new(),
        })
    }

    /// Compiles the schema now, so that a bad one fails before anything is sent.
    ///
    /// # Errors
    /// Usage, naming the JSON pointer of what is wrong.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        self.compiled(0).map(|_| ())
    }

    /// The schema for the wire and notices to print about it. `asked` is `--schema-name`, `stem` the stem of the
    /// schema file; the name is the first that there is of `asked`, the schema's title and `stem`, else `answer`.
    ///
    /// # Errors
    /// Usage: [`Strict::Always`] and a schema that strict mode cannot express.
    pub(crate) fn wire(
        &self,
        scope: Scope,
        strict: Strict,
        asked: Option<&str>,
        stem: Option<&str>,
    ) -> Result<(WireSchema, Vec<String>), Failure> {
        let rewrite = self.rewrite(scope);
        let mut notices = Vec::new();
        let is_strict = strict != Strict::Never && rewrite.expressible;
        if !rewrite.expressible && strict != Strict::Never {
            let problem = rewrite.obstacle();
            let why = problem.map(|problem| format!("at '{}': {}", problem.pointer, problem.what)).unwrap_or_default();
            if strict == Strict::Always {
                return Err(Failure::usage(format!("schema {} under --strict always", self.origin), why)
                    .hint("--lint-schema names all that strict mode rejects"));
            }
            notices.push(format!("schema {} is sent without strict: {why}", self.origin));
        }
        let text = |keyword: &str| self.value.get(keyword).and_then(Value::as_str);
        let name = [asked, text("title"), stem].into_iter().flatten().map(sanitised).find(|name| !name.is_empty());
        let wire = WireSchema {
            name: name.unwrap_or_else(|| "answer".to_owned()),
            description: text("description").map(str::to_owned),
            schema: if is_strict { rewrite.schema.clone() } else { rewrite.plain(&self.value, scope) },
            strict: is_strict,
        };
        Ok((wire, notices))
    }

    /// What strict mode rejects in the schema and the schema that it accepts (`--lint-schema`).
    pub(crate) fn lint(&self) -> &Rewrite {
        self.rewrite(Scope::Document)
    }

    /// The instruction and schema that go into the prompt where the server takes no schema; holds the word JSON.
    pub(crate) fn prompt_text(&self, scope: Scope) -> String {
        let schema = self.rewrite(scope).plain(&self.value, scope);
        format!(
            "Answer with one JSON document that is valid under this JSON schema, and with nothing else: \
             no other text, no code fence.\n\n{schema}"
        )
    }

    /// The strict rewrite, made when first asked for.
    fn rewrite(&self, scope: Scope) -> &Rewrite {
        let cell = match scope {
            Scope::Document => &self.rewrite,
            Scope::Each => &self.each,
        };
        cell.get_or_init(|| {
            let ignores_siblings = matches!(self.draft, Draft::Draft4 | Draft::Draft6 | Draft::Draft7);
            strict::rewrite(&self.value, ignores_siblings, scope)
        })
    }

    /// The validator for a text of this size, compiled when first asked for.
    fn compiled(&self, bytes: usize) -> Result<&Compiled, Failure> {
        let compiled = |level: usize| {
            let compile = || compile::compile(&self.value, self.draft, &self.origin, level);
            self.compiled[level].get_or_init(compile).as_ref().map_err(Clone::clone)
        };
        let first = compiled(0)?;
        if first.engine == Engine::Linear { Ok(first) } else { compiled(compile::level_of(bytes)) }
    }
}

/// Judges an answer by no schema: any one JSON document (`--json`).
///
/// # Errors
/// Invalid: no JSON value, two, or a cut one.
pub(crate) fn judge_any(answer: &str) -> Result<Judged<'_>, Failure> {
    let (document, found) = find::find(answer)?;
    Ok(Judged { document, found })
}

/// The message that asks the model again (`--repair`), from the failure of a judgement.
pub(crate) fn repair_text(failure: &Failure) -> String {
    let mut text = format!("This is not accepted: {}", failure.what);
    if !failure.why.is_empty() {
        text.push_str(&format!(": {}", failure.why));
    }
    for violation in &failure.violations {
        text.push_str(&format!("\n- at '{}': {}; there is {}", violation.pointer, violation.rule, violation.value));
    }
    text.push_str("\n\nAnswer again with the whole corrected JSON document, and with nothing else.");
    text
}

/// The failure of a schema that is no JSON.
fn not_json(origin: &str, flaw: &serde_json::Error) -> Failure {
    let flaw = flaw.to_string();
    let why = match flaw.strip_prefix("recursion limit exceeded") {
        Some(place) => format!("it is nested deeper than 127 levels{place}"),
        None => format!("it is not JSON: {flaw}"),
    };
    Failure::new(Kind::Usage, format!("schema {origin}"), why)
}

/// A text as a name on the wire: `A-Za-z0-9_-`, at most [`NAME`] characters.
fn sanitised(text: &str) -> String {
    let name: String = text
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '_' })
        .take(NAME)
        .collect();
    name.trim_matches('_').to_owned()
}

#[cfg(test)]
mod tests;
