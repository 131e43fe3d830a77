//! Says in words where and how a document breaks its schema, or a schema its draft.

use jsonschema::error::{TypeKind, ValidationErrorKind as Flaw};
use jsonschema::{JsonTypeSet, ReferencingError, ValidationError};
use serde_json::Value;

use super::document::Document;
use crate::failure::Violation;

/// How many violations are told at most.
pub(super) const TOLD: usize = 20;

/// How much of an offending value is quoted, in bytes.
const QUOTED: usize = 80;

/// How much of a rule is quoted, in bytes.
const RULE: usize = 200;

/// How deep alternatives inside alternatives are told.
const NESTED: usize = 3;

/// The first [`TOLD`] violations of a document.
pub(super) fn violations<'e>(
    errors: impl IntoIterator<Item = ValidationError<'e>>,
    document: &Document<'_>,
) -> Vec<Violation> {
    let mut told = Vec::new();
    for error in errors {
        if told.len() == TOLD {
            break;
        }
        tell(&error, "", NESTED, document, &mut told);
    }
    told
}

/// Says what is wrong with a schema and at which JSON pointer.
pub(super) fn schema_flaw(error: &ValidationError<'_>, schema: &Value) -> String {
    let at = |reference: &str, why: &str| match place_of(schema, reference, String::new()) {
        Some(pointer) => format!("at '{pointer}': '{}' {why}", cut(reference, RULE)),
        None => format!("'{}' {why}", cut(reference, RULE)),
    };
    match error.kind() {
        Flaw::Referencing(ReferencingError::Unretrievable { uri, .. }) => {
            at(uri, "lies outside the schema, and nothing is ever fetched")
        }
        Flaw::Referencing(ReferencingError::PointerToNowhere { pointer }) => at(pointer, "leads nowhere"),
        Flaw::Referencing(flaw) => cut(&flaw.to_string(), RULE),
        Flaw::Format { format } if format == "regex" => format!("at '{}': it is no pattern", error.instance_path()),
        Flaw::AnyOf { context } => {
            let listed = context.iter().flatten().find(|error| matches!(error.kind(), Flaw::Enum { .. }));
            format!("at '{}': {}", error.instance_path(), rule(listed.unwrap_or(error)))
        }
        _ => format!("at '{}': {}", error.instance_path(), rule(error)),
    }
}

/// The JSON pointer to the first `$ref` that ends with `reference`. Recurses as deep as the schema is nested, which
/// its parser has bounded.
fn place_of(schema: &Value, reference: &str, pointer: String) -> Option<String> {
    match schema {
        Value::Object(members) => members.iter().find_map(|(name, value)| {
            let inner = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
            match value {
                Value::String(text) if name == "$ref" && text.ends_with(reference) => Some(inner),
                _ => place_of(value, reference, inner),
            }
        }),
        Value::Array(values) => values
            .iter()
            .enumerate()
            .find_map(|(index, value)| place_of(value, reference, format!("{pointer}/{index}"))),
        _ => None,
    }
}

/// Shortens a text to about `limit` bytes.
pub(super) fn cut(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    format!("{}…", &text[..text.floor_char_boundary(limit)])
}

/// Adds the violation behind `error`; where it is that no alternative fits, also what the nearest one lacks.
fn tell(error: &ValidationError<'_>, prefix: &str, nested: usize, document: &Document<'_>, told: &mut Vec<Violation>) {
    let pointer = error.instance_path().to_string();
    let value = document.resolve(&pointer).map(|place| document.excerpt(place, QUOTED)).unwrap_or_default();
    told.push(Violation { pointer, rule: format!("{prefix}{}", rule(error)), value });
    let (Flaw::AnyOf { context } | Flaw::OneOfNotValid { context }) = error.kind() else { return };
    if nested == 0 {
        return;
    }
    let own = error.instance_path().as_str();
    let nearest =
        context.iter().filter_map(|branch| Some((distance(branch, own)?, branch))).min_by_key(|(far, _)| *far);
    for error in nearest.map(|(_, branch)| branch).into_iter().flatten() {
        if told.len() < TOLD {
            tell(error, "nearest alternative: ", nested - 1, document, told);
        }
    }
}

/// How far an alternative is from fitting: wrong constants, which tell alternatives apart, count most. `None` where
/// already the type at the pointer `own` is another.
fn distance(branch: &[ValidationError<'_>], own: &str) -> Option<usize> {
    branch.iter().try_fold(0, |far, error| match error.kind() {
        Flaw::Type { .. } | Flaw::Constant { .. } | Flaw::Enum { .. } | Flaw::FalseSchema
            if error.instance_path().as_str() == own =>
        {
            None
        }
        Flaw::Constant { .. } | Flaw::Enum { .. } => Some(far + 100),
        _ => Some(far + 1),
    })
}

/// The broken rule in words.
fn rule(error: &ValidationError<'_>) -> String {
    let text = match error.kind() {
        Flaw::Type { kind: TypeKind::Single(name) } => format!("must be {}", with_article(name.as_str())),
        Flaw::Type { kind: TypeKind::Multiple(names) } => format!("must be one of {}", types(*names)),
        Flaw::Constant { expected_value } => format!("must be {expected_value}"),
        Flaw::Enum { options } => format!("must be one of {}", list(options)),
        Flaw::Required { property } => format!("must have the key {property}"),
        Flaw::AdditionalProperties { unexpected } | Flaw::UnevaluatedProperties { unexpected } => {
            let keys: Vec<String> = unexpected.iter().map(|key| format!("'{key}'")).collect();
            format!("must not have the key {}", keys.join(", "))
        }
        Flaw::AnyOf { context } | Flaw::OneOfNotValid { context } => {
            format!("must fit one of {} alternatives and fits none", context.len())
        }
        Flaw::OneOfMultipleValid { context } => {
            format!("must fit exactly one of {} alternatives and fits more", context.len())
        }
        Flaw::Format { format } => format!("must be of the format '{format}'"),
        Flaw::Pattern { pattern } => format!("must match the pattern '{pattern}'"),
        Flaw::MinLength { limit } => format!("must be at least {limit} characters long"),
        Flaw::MaxLength { limit } => format!("must be at most {limit} characters long"),
        Flaw::MinItems { limit } => format!("must have at least {limit} items"),
        Flaw::MaxItems { limit } => format!("must have at most {limit} items"),
        Flaw::AdditionalItems { limit } => format!("must have at most {limit} items"),
        Flaw::MinProperties { limit } => format!("must have at least {limit} keys"),
        Flaw::MaxProperties { limit } => format!("must have at most {limit} keys"),
        Flaw::Minimum { limit } => format!("must be at least {limit}"),
        Flaw::Maximum { limit } => format!("must be at most {limit}"),
        Flaw::ExclusiveMinimum { limit } => format!("must be greater than {limit}"),
        Flaw::ExclusiveMaximum { limit } => format!("must be less than {limit}"),
        Flaw::MultipleOf { multiple_of } => format!("must be a multiple of {multiple_of}"),
        Flaw::UniqueItems => "must not hold an item twice".to_owned(),
        Flaw::UnevaluatedItems { .. } => "must not have further items".to_owned(),
        Flaw::Contains => "must contain items as 'contains' asks".to_owned(),
        Flaw::Not { schema } => format!("must not fit {schema}"),
        Flaw::FalseSchema => "must not be there".to_owned(),
        Flaw::PropertyNames { error } => format!("must have other keys: a key {}", rule(error)),
        Flaw::ContentEncoding { content_encoding } => format!("must be encoded as '{content_encoding}'"),
        Flaw::ContentMediaType { content_media_type } => format!("must be of the media type '{content_media_type}'"),
        Flaw::FromUtf8 { .. } => "must decode to UTF-8".to_owned(),
        Flaw::BacktrackLimitExceeded { .. } | Flaw::RegexEngineFailure { .. } => {
            "must match a pattern that takes too many steps".to_owned()
        }
        Flaw::Referencing(flaw) => flaw.to_string(),
        Flaw::Custom { message, .. } => message.clone(),
    };
    cut(&text, RULE)
}

/// The name of a type with its article.
fn with_article(name: &str) -> String {
    match name {
        "null" => "null".to_owned(),
        "integer" | "array" | "object" => format!("an {name}"),
        _ => format!("a {name}"),
    }
}

/// The names of types in a row.
fn types(names: JsonTypeSet) -> String {
    names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ")
}

/// The values of a list in a row.
fn list(values: &Value) -> String {
    match values {
        Value::Array(values) => values.iter().map(Value::to_string).collect::<Vec<_>>().join(", "),
        value => value.to_string(),
    }
}
