//! Codex: the Responses API of the ChatGPT backend, with the login of `codex login`.
//!
//! It always streams, stores nothing, requires `instructions` and a list of items, and refuses sampling fields and
//! token limits; replies are those of Responses.
//! Source: docs/codex.md §3.4.

use crate::failure::Failure;
use crate::request::{Endpoint, Request};

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
    missing_field: ("the Codex backend refuses it", "leave it out, or use --api responses with a key"),
    can_store: false,
    body,
    ..responses::SPEC
};

/// `instructions` where the user gives no system text: the backend refuses a request without them.
const INSTRUCTIONS: &str = "You are a helpful assistant.";

/// The body of `request`, without the user's own fields (`-o`).
///
/// # Errors
/// Usage, for a part the backend refuses.
pub(super) fn body<'a>(request: &'a Request, endpoint: &Endpoint) -> Result<BodyJson<'a>, Failure> {
    let mut body = encode::fields(request, endpoint, TextForm::Listed)?;
    let system = request.system.as_ref().filter(|text| !text.is_empty());
    body.put("instructions", system.map_or(INSTRUCTIONS.into(), BodyJson::from));
    body.put("stream", true);
    Ok(body)
}
