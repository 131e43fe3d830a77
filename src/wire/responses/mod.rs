//! The Responses API: `POST /responses`, of OpenAI and some others.

mod decode;
pub(super) mod encode;
mod event;
pub(super) mod input;
mod output;

use super::spec::DialectSpec;

/// What the Responses API can do.
pub(super) const SPEC: DialectSpec = DialectSpec {
    path: "/responses",
    models_path: "/models",
    batch_path: Some("/v1/responses"),
    headers: &[],
    always_streams: false,
    needs_login: false,
    has_sampling: true,
    missing_field: ("the Responses API has no such setting", "leave it out or use --api chat"),
    can_store: true,
    // llama.cpp, also behind LiteLLM, calls a cut answer complete.
    reports_cut: false,
    names_deployment: false,
    body: encode::body,
    decoder: || Box::<decode::ResponsesDecoder>::default(),
    recognises: |signs| {
        signs.output.is_some() || signs.object_starts("\"response\"") || signs.event_starts("\"response.")
    },
};
