//! The schema as the user gave it: parsed, compiled when first needed, and put into the forms that are sent.

use std::cell::OnceCell;

use jsonschema::Draft;
use serde_json::Value;

use super::compile::{self, Compiled, Engine};
use super::short;
use super::strict::{self, Rewrite, Scope};
use crate::args::Strict;
use crate::failure::Failure;
use crate::request::WireSchema;

/// The most characters of a schema's name on the wire.
const LONGEST_NAME: usize = 64;

/// A schema as the user gave it. Compiled when [`Schema::check`] or a judgement first needs it, once for each size
/// of text; rewritten for strict servers at most once for each scope.
pub(crate) struct Schema {
    /// The schema itself, key order kept.
    pub(super) value: Value,
    /// Where it came from, as messages name it.
    pub(super) origin: String,
    /// The draft it is written for.
    draft: Draft,
    /// The validator for each size of text, or why there is none. A schema whose patterns all run in linear time has
    /// one validator, the first, for all sizes.
    compiled: [OnceCell<Result<Compiled, Failure>>; compile::LEVELS],
    /// The strict rewrite for each [`Scope`].
    rewrites: [OnceCell<Rewrite>; 2],
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
        Ok(Self { value, origin: origin.to_owned(), draft, compiled: Default::default(), rewrites: Default::default() })
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
        let name = [asked, text("title"), stem].into_iter().flatten().map(wire_name).find(|name| !name.is_empty());
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

    /// The instruction and schema that go into the prompt where the server takes no schema. It contains the word
    /// JSON, without which some servers refuse `json_object`.
    pub(crate) fn prompt_text(&self, scope: Scope) -> String {
        let schema = self.rewrite(scope).plain(&self.value, scope);
        format!(
            "Answer with one JSON document that is valid under this JSON schema, and with nothing else: \
             no other text, no code fence.\n\n{schema}"
        )
    }

    /// The strict rewrite, made at the first call.
    pub(super) fn rewrite(&self, scope: Scope) -> &Rewrite {
        self.rewrites[scope as usize].get_or_init(|| {
            let ignores_siblings = matches!(self.draft, Draft::Draft4 | Draft::Draft6 | Draft::Draft7);
            strict::rewrite(&self.value, ignores_siblings, scope)
        })
    }

    /// The validator for a text of this size, compiled at the first call.
    pub(super) fn compiled(&self, bytes: usize) -> Result<&Compiled, Failure> {
        let compiled = |level: usize| {
            let compile = || compile::compile(&self.value, self.draft, &self.origin, level);
            self.compiled[level].get_or_init(compile).as_ref().map_err(Clone::clone)
        };
        let first = compiled(0)?;
        if first.engine == Engine::Linear { Ok(first) } else { compiled(compile::level_of(bytes)) }
    }
}

/// The failure of a schema that is not JSON.
fn not_json(origin: &str, flaw: &serde_json::Error) -> Failure {
    let flaw = flaw.to_string();
    let why = match flaw.strip_prefix("recursion limit exceeded") {
        Some(place) => format!("it is nested deeper than 127 levels{place}"),
        None => format!("it is not JSON: {flaw}"),
    };
    Failure::usage(format!("schema {origin}"), why)
}

/// A text as a name that servers accept: `A-Za-z0-9_-`, at most [`LONGEST_NAME`] characters.
fn wire_name(text: &str) -> String {
    let name: String = text
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '_' })
        .take(LONGEST_NAME)
        .collect();
    name.trim_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_compiled_before_it_is_asked_for() {
        let schema = Schema::parse(r#"{"type":"nonsense"}"#, "s.json").unwrap();
        assert!(schema.compiled[0].get().is_none());
        assert!(schema.wire(Scope::Document, Strict::Never, None, None).is_ok());
        assert!(schema.compiled[0].get().is_none() && schema.rewrites[Scope::Each as usize].get().is_none());
        assert!(schema.check().is_err() && schema.compiled[0].get().is_some());
    }
}
