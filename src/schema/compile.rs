//! Turns a schema into a validator: the one place that sets the validator's options.
//!
//! Formats are asserted, nothing is ever fetched, and patterns run on the linear-time engine; only a schema with a
//! pattern that this engine refuses (look-around, back-references) runs on the backtracking one, under a step limit.

use jsonschema::{Draft, PatternOptions, ValidationError, ValidationOptions, Validator, options_for};
use serde_json::Value;

use super::doc_json::DocJson;
use super::violations;
use crate::failure::{Failure, shortened};

/// The most backtracking steps of a pattern on one string, by the size of the document: (up to so many bytes, so many
/// steps). A step may read the whole string, so that time is bounded only by the product of the two.
const STEPS: [(usize, usize); 5] =
    [(1_000, 100_000), (10_000, 10_000), (100_000, 1_000), (1_000_000, 100), (usize::MAX, 20)];

/// How many limits there are.
pub(super) const LEVELS: usize = STEPS.len();

/// The index into [`STEPS`] for a text of this size.
pub(super) fn level_of(bytes: usize) -> usize {
    STEPS.iter().position(|(most, _)| bytes <= *most).unwrap_or_default()
}

/// The engine that patterns run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Engine {
    /// Linear time, whatever the text.
    Linear,
    /// Backtracks, up to so many steps.
    Backtracking(usize),
}

/// A compiled schema.
pub(super) struct Compiled {
    /// The validator.
    pub(super) validator: Validator<DocJson>,
    /// The engine of its patterns.
    pub(super) engine: Engine,
}

/// The draft a schema is written for: its `$schema`, else 2020-12. Without `$schema`, a list under `items` means
/// 2019-09, the last draft that has it: TypeBox still writes its tuples that way.
///
/// # Errors
/// Usage: a `$schema` that is none of the five drafts.
pub(super) fn draft_of(schema: &Value, origin: &str) -> Result<Draft, Failure> {
    if schema.get("$schema").is_none() && has_item_list(schema) {
        return Ok(Draft::Draft201909);
    }
    match Draft::default().detect(schema) {
        draft @ (Draft::Draft4 | Draft::Draft6 | Draft::Draft7 | Draft::Draft201909 | Draft::Draft202012) => Ok(draft),
        _ => {
            let name = schema["$schema"].to_string();
            Err(Failure::usage(format!("schema {origin}"), format!("unknown $schema {}", shortened(&name, 100)))
                .hint("use draft 4, 6, 7, 2019-09 or 2020-12"))
        }
    }
}

/// True when an `items` below holds a list. Recurses as deep as the schema is nested, which its parser has bounded.
fn has_item_list(schema: &Value) -> bool {
    match schema {
        Value::Object(members) => {
            members.get("items").is_some_and(Value::is_array) || members.values().any(has_item_list)
        }
        Value::Array(schemas) => schemas.iter().any(has_item_list),
        _ => false,
    }
}

/// Compiles a schema for texts of one of the [`LEVELS`].
///
/// # Errors
/// Usage, naming the JSON pointer: the schema breaks its meta-schema, a pattern is invalid, or a reference leads
/// nowhere or out of the schema.
pub(super) fn compile(schema: &Value, draft: Draft, origin: &str, level: usize) -> Result<Compiled, Failure> {
    let linear = options_for::<DocJson>().with_pattern_options(PatternOptions::regex());
    if let Ok(validator) = build(linear, schema, draft) {
        return Ok(Compiled { validator, engine: Engine::Linear });
    }
    let steps = STEPS[level].1;
    let backtracking =
        options_for::<DocJson>().with_pattern_options(PatternOptions::fancy_regex().backtrack_limit(steps));
    match build(backtracking, schema, draft) {
        Ok(validator) => Ok(Compiled { validator, engine: Engine::Backtracking(steps) }),
        Err(error) => Err(Failure::usage(format!("schema {origin}"), violations::schema_flaw(&error, schema))),
    }
}

/// The validator's options.
type Options<'i> = ValidationOptions<'i, std::sync::Arc<dyn jsonschema::Retrieve>, DocJson>;

/// Builds a validator; `options` set the engine of its patterns.
fn build(options: Options<'_>, schema: &Value, draft: Draft) -> Result<Validator<DocJson>, ValidationError<'static>> {
    options.should_validate_formats(true).offline().with_draft(draft).build(schema)
}
