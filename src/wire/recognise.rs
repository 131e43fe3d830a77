//! Recognises refusals that lmpipe can answer by asking in another way (contract §3, adaptation).
//!
//! Judges the server's words alone: what was sent, and whether adaptation is wanted, is the caller's knowledge.

use crate::failure::Failure;

/// The request field a 400 or 422 refuses as unknown or unsupported, among those lmpipe maps itself:
/// `max_tokens`, `max_completion_tokens`, `stream_options`.
pub(crate) fn unsupported_field(failure: &Failure) -> Option<&'static str> {
    let _ = failure;
    None
}

/// True where the server refuses the form of `response_format` (or `text.format`) that was sent, not the schema in it.
pub(crate) fn refuses_format(failure: &Failure) -> bool {
    let _ = failure;
    false
}

/// True where the server does not know the model.
pub(crate) fn unknown_model(failure: &Failure) -> bool {
    let _ = failure;
    false
}
