//! What the rest of the program asks about a dialect: its paths, and what its API can do.

use super::body_json::BodyJson;
use super::decoder::Decoder;
use super::detect::ReplySigns;
use crate::failure::Failure;
use crate::request::{Endpoint, Request};

/// The facts of one dialect. Code that needs to know how APIs differ reads a field here instead of comparing names,
/// so that a new dialect answers every question in one place.
pub(crate) struct DialectSpec {
    /// Path of the endpoint under the base URL.
    pub(crate) path: &'static str,
    /// Path of the model list under the base URL.
    pub(crate) models_path: &'static str,
    /// URL of the endpoint in a line of the Batch API; `None` where the API has no batches.
    pub(crate) batch_path: Option<&'static str>,
    /// Headers that every call carries.
    pub(crate) headers: &'static [(&'static str, &'static str)],
    /// True where the reply is a stream whatever was asked.
    pub(crate) always_streams: bool,
    /// True where the key is the login that `codex login` wrote; such an API is the only one of its server.
    pub(crate) needs_login: bool,
    /// False where the server refuses every sampling field and token limit, also one given by `-o`.
    pub(crate) has_sampling: bool,
    /// Why a setting that the API has no field for is refused, and what to do about it.
    pub(crate) missing_field: (&'static str, &'static str),
    /// False where the server stores nothing, so that `store` may only be false.
    pub(crate) can_store: bool,
    /// True where every server reports an answer that the token limit cut.
    pub(crate) reports_cut: bool,
    /// True where Azure expects the name of the deployment in the path.
    pub(crate) names_deployment: bool,
    /// The body of a request, without the user's own fields; fails for a setting or part the API has no form for.
    pub(super) body: for<'a> fn(&'a Request, &Endpoint) -> Result<BodyJson<'a>, Failure>,
    /// A decoder at the start of a reply.
    pub(super) decoder: fn() -> Box<dyn Decoder>,
    /// Whether a JSON object with these members is a reply, or an event of one, of this API.
    pub(super) recognises: fn(&ReplySigns<'_>) -> bool,
}
