//! Codex: the Responses API of the ChatGPT backend, with the login of `codex login`.
//!
//! It always streams, stores nothing, requires `instructions` and a list of items, and refuses sampling fields and
//! token limits; replies are those of Responses.
//! Source: docs/codex.md §3.4.

use crate::failure::Failure;
use crate::request::Request;

use super::body_json::BodyJson;
use super::responses::input::TextForm;
use super::responses::{self, encode};
use super::spec::DialectSpec;

/// What the ChatGPT backend can do.
pub(super) const SPEC: DialectSpec = DialectSpec {
    // Any other version hides the models made for later clients.
    models_path: "/models?client_version=0.0.0",
    batch_path: None,
    headers: &[("originator", "lmpipe")],
    always_streams: true,
    needs_login: true,
    has_sampling: false,
    missing_settings: &["temperature", "top_p", "top_k", "max_tokens", "stop", "seed"],
    token_field: |_| None,
    can_store: false,
    body: |request, _| body(request),
    ..responses::SPEC
};

/// `instructions` where the user gives no system text: the backend refuses a request without them.
const INSTRUCTIONS: &str = "You are a helpful assistant.";

/// The body of `request`, without the user's own fields (`-o`).
///
/// # Errors
/// Usage, for a setting or part the backend refuses.
pub(super) fn body(request: &Request) -> Result<BodyJson<'_>, Failure> {
    let sampling = &request.sampling;
    encode::refuse(
        &[
            ("--max-tokens", sampling.max_tokens.is_some()),
            ("--temperature", sampling.temperature.is_some()),
            ("--top-p", sampling.top_p.is_some()),
            ("--stop", !sampling.stop.is_empty()),
            ("--seed", sampling.seed.is_some()),
        ],
        "the Codex backend refuses it",
        "leave it out, or use --api responses with a key",
    )?;
    let mut body = encode::fields(request, TextForm::Listed)?;
    let system = request.system.as_ref().filter(|text| !text.is_empty());
    body.put("instructions", system.map_or(INSTRUCTIONS.into(), BodyJson::from));
    body.put("stream", true);
    Ok(body)
}
