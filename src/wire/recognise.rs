//! Recognises refusals after which lmpipe can ask in another form (docs/contract.md §3), or list the models
//! (docs/contract.md §6).
//!
//! Looks at the server's words alone; the caller compares them with what was sent.

use crate::failure::Failure;

/// Phrases with which servers refuse a field or a value.
const UNWANTED: &[&str] = &[
    "unsupported",
    "not supported",
    "not support",
    "unknown",
    "unrecognized",
    "unrecognised",
    "unavailable",
    "not available",
    "not permitted",
    "not allowed",
    "not implemented",
    "extra inputs",
    "extraneous",
    "unexpected",
];

/// Further phrases, for a value that has only certain forms.
const OTHER_FORMS: &[&str] = &[
    "must be one of",
    "must be 'json_schema'",
    "must be 'text'",
    "input should be",
    "does not match any of the expected",
    "invalid value",
    "invalid input",
    "cannot be combined",
];

/// Phrases that show that the server takes the format and refuses something in or around it.
const NOT_THE_FORM: &[&str] = &[
    "invalid schema",
    "grammar",
    "must be provided",
    "missing",
    "field required",
    "contain the word",
    "must be an object",
];

/// Further phrases, for a kind of content part. Sources: OpenAI, vLLM, DeepSeek, Groq.
const NO_PARTS: &[&str] = &["only supported", "not a multimodal", "at most 0", "must be a string"];

/// The request field that a 400 or 422 refuses as unknown or unsupported, if it is one that lmpipe can rename or leave
/// out:
/// `max_tokens`, `max_completion_tokens`, `max_output_tokens`, `stream_options`.
pub(crate) fn unsupported_field(failure: &Failure) -> Option<&'static str> {
    let fields = [
        ("max_tokens", "max_tokens"),
        ("max_completion_tokens", "max_completion_tokens"),
        ("max_output_tokens", "max_output_tokens"),
        ("stream_options", "stream_options"),
        ("include_usage", "stream_options"),
    ];
    let words = refused_words(failure)?;
    if !has_any(&words, UNWANTED) || words.contains("at the same time") {
        return None;
    }
    let param = failure.reply.param.as_deref().unwrap_or_default();
    let by_param = fields.iter().find(|(name, _)| param.split('.').any(|step| step == *name));
    // "'max_tokens' is not supported, use 'max_completion_tokens' instead": the first one is refused.
    let named = || fields.iter().filter_map(|field| Some((words.find(field.0)?, field))).min().map(|(_, field)| field);
    by_param.or_else(named).map(|(_, field)| *field)
}

/// True where the server refuses the form of `response_format` (or `text.format`) that was sent, not the schema in it.
pub(crate) fn refuses_format(failure: &Failure) -> bool {
    let Some(words) = refused_words(failure) else { return false };
    let param = failure.reply.param.as_deref().unwrap_or_default();
    let param = param.strip_prefix("body.").unwrap_or(param);
    let names = [
        "response_format",
        "response format",
        "json_schema",
        "json_object",
        "json mode",
        "text.format",
        "structured output",
    ];
    let about_it = has_any(&words, &names) || param.starts_with("response_format") || param.starts_with("text.format");
    about_it && !has_any(&words, NOT_THE_FORM) && (has_any(&words, UNWANTED) || has_any(&words, OTHER_FORMS))
}

/// True where the server refuses a kind of content part: an image, audio or a document. llama.cpp answers 500 then.
pub(crate) fn refuses_part(failure: &Failure) -> bool {
    let names = ["content", "image", "audio", "file", "pdf", "multimodal"];
    let words = failure.why.to_lowercase();
    matches!(failure.reply.status, Some(400 | 415 | 422 | 500))
        && has_any(&words, &names)
        && [UNWANTED, OTHER_FORMS, NO_PARTS].iter().any(|phrases| has_any(&words, phrases))
}

/// True where the server does not know the model.
pub(crate) fn unknown_model(failure: &Failure) -> bool {
    let code = failure.reply.code.as_deref().unwrap_or_default();
    if !matches!(failure.reply.status, Some(400 | 403 | 404 | 422)) {
        return false;
    }
    if matches!(code, "model_not_found" | "model_not_supported" | "DeploymentNotFound" | "invalid_model") {
        return true;
    }
    let words = failure.why.to_lowercase();
    let missing = [
        "not found",
        "does not exist",
        "not exist",
        "no such model",
        "unknown model",
        "invalid model",
        "not a valid model",
        "unable to access model",
        "model is not supported",
    ];
    // Anthropic's whole message is `model: NAME`.
    words.contains("model") && (has_any(&words, &missing) || code == "not_found_error" && words.starts_with("model: "))
}

/// The message of a 400 or 422, in lower case.
fn refused_words(failure: &Failure) -> Option<String> {
    matches!(failure.reply.status, Some(400 | 422)).then(|| failure.why.to_lowercase())
}

/// True where the message contains any of the phrases.
fn has_any(words: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| words.contains(phrase))
}

#[cfg(test)]
mod tests;
