//! From a request to a call: URL, headers and body.
use crate::failure::Failure;
use crate::request::{Body, Call, Endpoint, Request};
use crate::response::Response;

/// The call that puts `request` to `endpoint`.
pub(crate) fn encode(request: &Request, endpoint: &Endpoint) -> Result<Call, Failure> {
    unimplemented!("{request:?} {endpoint:?}")
}

/// The call that lists the models of `endpoint`.
pub(crate) fn models_call(endpoint: &Endpoint) -> Call {
    unimplemented!("{endpoint:?}")
}

/// The conversation with its new answer, as a JSON array of chat messages (`--save-messages`).
pub(crate) fn transcript(request: &Request, response: &Response) -> Body {
    unimplemented!("{request:?} {response:?}")
}
