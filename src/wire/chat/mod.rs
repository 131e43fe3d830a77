//! Chat completions: `POST /chat/completions`, which nearly every server has.

mod chunk;
mod content;
mod decode;
pub(super) mod encode;

use super::spec::DialectSpec;

/// What the chat API can do.
pub(super) const SPEC: DialectSpec = DialectSpec {
    path: "/chat/completions",
    models_path: "/models",
    batch_path: Some("/v1/chat/completions"),
    headers: &[],
    always_streams: false,
    needs_login: false,
    has_sampling: true,
    missing_settings: &[],
    token_field: |field| Some(field.name()),
    can_store: true,
    reports_cut: true,
    names_deployment: true,
    body: |request, token_field| Ok(encode::body(request, token_field)),
    decoder: || Box::<decode::ChatDecoder>::default(),
    recognises: |signs| signs.choices.is_some() || signs.object_starts("\"chat."),
};
