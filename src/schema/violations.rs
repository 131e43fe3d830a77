//! The messages for validation errors: where and how a document breaks its schema, or a schema its draft.

use jsonschema::error::{TypeKind, ValidationErrorKind as ErrorKind};
use jsonschema::{JsonTypeSet, ReferencingError, ValidationError};
use serde_json::Value;

use super::document::Document;
use crate::failure::{Violation, shortened};
use crate::json::pointer_token;

/// The most violations reported.
pub(super) const MOST_VIOLATIONS: usize = 20;

/// The most bytes quoted of an offending value.
const QUOTED_BYTES: usize = 80;

/// The most characters quoted of a rule.
const RULE_CHARACTERS: usize = 200;

/// How deep alternatives inside alternatives are reported.
const NESTED: usize = 3;

/// The first [`MOST_VIOLATIONS`] violations of a document.
pub(super) fn of<'e>(errors: impl IntoIterator<Item = ValidationError<'e>>, document: &Document<'_>) -> Vec<Violation> {
    let mut violations = Vec::new();
    for error in errors {
        if violations.len() == MOST_VIOLATIONS {
            break;
        }
        add(&error, "", NESTED, document, &mut violations);
    }
    violations
}

/// What is wrong with a schema, and at which JSON pointer.
pub(super) fn schema_flaw(error: &ValidationError<'_>, schema: &Value) -> String {
    let at = |reference: &str, why: &str| match place_of(schema, reference, String::new()) {
        Some(pointer) => format!("at '{pointer}': '{}' {why}", shortened(reference, RULE_CHARACTERS)),
        None => format!("'{}' {why}", shortened(reference, RULE_CHARACTERS)),
    };
    match error.kind() {
        ErrorKind::Referencing(ReferencingError::Unretrievable { uri, .. }) => {
            at(uri, "lies outside the schema, and nothing is ever fetched")
        }
        ErrorKind::Referencing(ReferencingError::PointerToNowhere { pointer }) => at(pointer, "leads nowhere"),
        ErrorKind::Referencing(flaw) => shortened(&flaw.to_string(), RULE_CHARACTERS).into_owned(),
        ErrorKind::Format { format } if format == "regex" => {
            format!("at '{}': it is no pattern", error.instance_path())
        }
        ErrorKind::AnyOf { context } => {
            let listed = context.iter().flatten().find(|error| matches!(error.kind(), ErrorKind::Enum { .. }));
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
            let inner = format!("{pointer}/{}", pointer_token(name));
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

/// Adds the violation of `error`; where no alternative fits, also the violations of the nearest one.
fn add(
    error: &ValidationError<'_>,
    prefix: &str,
    nested: usize,
    document: &Document<'_>,
    violations: &mut Vec<Violation>,
) {
    let pointer = error.instance_path().to_string();
    let value = document.resolve(&pointer).map(|place| document.excerpt(place, QUOTED_BYTES)).unwrap_or_default();
    violations.push(Violation { pointer, rule: format!("{prefix}{}", rule(error)), value });
    let (ErrorKind::AnyOf { context } | ErrorKind::OneOfNotValid { context }) = error.kind() else { return };
    if nested == 0 {
        return;
    }
    let own = error.instance_path().as_str();
    let nearest =
        context.iter().filter_map(|branch| Some((distance(branch, own)?, branch))).min_by_key(|(far, _)| *far);
    for error in nearest.map(|(_, branch)| branch).into_iter().flatten() {
        if violations.len() < MOST_VIOLATIONS {
            add(error, "nearest alternative: ", nested - 1, document, violations);
        }
    }
}

/// How far an alternative is from fitting: wrong constants, which distinguish alternatives, count most. `None` where
/// even the type or constant at the pointer `own` is wrong.
fn distance(branch: &[ValidationError<'_>], own: &str) -> Option<usize> {
    branch.iter().try_fold(0, |far, error| match error.kind() {
        ErrorKind::Type { .. } | ErrorKind::Constant { .. } | ErrorKind::Enum { .. } | ErrorKind::FalseSchema
            if error.instance_path().as_str() == own =>
        {
            None
        }
        ErrorKind::Constant { .. } | ErrorKind::Enum { .. } => Some(far + 100),
        _ => Some(far + 1),
    })
}

/// The broken rule in words.
fn rule(error: &ValidationError<'_>) -> String {
    let text = match error.kind() {
        ErrorKind::Type { kind: TypeKind::Single(name) } => format!("must be {}", with_article(name.as_str())),
        ErrorKind::Type { kind: TypeKind::Multiple(names) } => format!("must be one of {}", types(*names)),
        ErrorKind::Constant { expected_value } => format!("must be {expected_value}"),
        ErrorKind::Enum { options } => format!("must be one of {}", list(options)),
        ErrorKind::Required { property } => format!("must have the key {property}"),
        ErrorKind::AdditionalProperties { unexpected } | ErrorKind::UnevaluatedProperties { unexpected } => {
            let keys: Vec<String> = unexpected.iter().map(|key| format!("'{key}'")).collect();
            format!("must not have the key {}", keys.join(", "))
        }
        ErrorKind::AnyOf { context } | ErrorKind::OneOfNotValid { context } => {
            format!("must fit one of {} alternatives and fits none", context.len())
        }
        ErrorKind::OneOfMultipleValid { context } => {
            format!("must fit exactly one of {} alternatives and fits more", context.len())
        }
        ErrorKind::Format { format } => format!("must be of the format '{format}'"),
        ErrorKind::Pattern { pattern } => format!("must match the pattern '{pattern}'"),
        ErrorKind::MinLength { limit } => format!("must be at least {limit} characters long"),
        ErrorKind::MaxLength { limit } => format!("must be at most {limit} characters long"),
        ErrorKind::MinItems { limit } => format!("must have at least {limit} items"),
        ErrorKind::MaxItems { limit } => format!("must have at most {limit} items"),
        ErrorKind::AdditionalItems { limit } => format!("must have at most {limit} items"),
        ErrorKind::MinProperties { limit } => format!("must have at least {limit} keys"),
        ErrorKind::MaxProperties { limit } => format!("must have at most {limit} keys"),
        ErrorKind::Minimum { limit } => format!("must be at least {limit}"),
        ErrorKind::Maximum { limit } => format!("must be at most {limit}"),
        ErrorKind::ExclusiveMinimum { limit } => format!("must be greater than {limit}"),
        ErrorKind::ExclusiveMaximum { limit } => format!("must be less than {limit}"),
        ErrorKind::MultipleOf { multiple_of } => format!("must be a multiple of {multiple_of}"),
        ErrorKind::UniqueItems => "must not hold an item twice".to_owned(),
        ErrorKind::UnevaluatedItems { .. } => "must not have further items".to_owned(),
        ErrorKind::Contains => "must contain items as 'contains' asks".to_owned(),
        ErrorKind::Not { schema } => format!("must not fit {schema}"),
        ErrorKind::FalseSchema => "must not be there".to_owned(),
        ErrorKind::PropertyNames { error } => format!("must have other keys: a key {}", rule(error)),
        ErrorKind::ContentEncoding { content_encoding } => format!("must be encoded as '{content_encoding}'"),
        ErrorKind::ContentMediaType { content_media_type } => {
            format!("must be of the media type '{content_media_type}'")
        }
        ErrorKind::FromUtf8 { .. } => "must decode to UTF-8".to_owned(),
        ErrorKind::BacktrackLimitExceeded { .. } | ErrorKind::RegexEngineFailure { .. } => {
            "must match a pattern that takes too many steps".to_owned()
        }
        ErrorKind::Referencing(flaw) => flaw.to_string(),
        ErrorKind::Custom { message, .. } => message.clone(),
    };
    shortened(&text, RULE_CHARACTERS).into_owned()
}

/// The name of a type with its article.
fn with_article(name: &str) -> String {
    match name {
        "null" => "null".to_owned(),
        "integer" | "array" | "object" => format!("an {name}"),
        _ => format!("a {name}"),
    }
}

/// The names of types, separated by commas.
fn types(names: JsonTypeSet) -> String {
    names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ")
}

/// The values of a list, separated by commas.
fn list(values: &Value) -> String {
    match values {
        Value::Array(values) => values.iter().map(Value::to_string).collect::<Vec<_>>().join(", "),
        value => value.to_string(),
    }
}
