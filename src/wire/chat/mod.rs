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
    missing_field: ("the chat API has no such setting", "leave it out"),
    can_store: true,
    reports_cut: true,
    names_deployment: true,
    body: |request, endpoint| Ok(encode::body(request, endpoint)),
    decoder: || Box::<decode::ChatDecoder>::default(),
    recognises: |signs| signs.choices.is_some() || signs.object_starts("\"chat."),
};
