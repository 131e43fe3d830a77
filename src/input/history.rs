//! `--messages`: the conversation so far.
use serde_json::Value;

use crate::failure::Failure;
use crate::request::Request;
use crate::response::Response;

/// The messages in the bytes of `--messages FILE`.
pub(crate) fn parse(bytes: &[u8], path: &str) -> Result<Vec<Value>, Failure> {
    unimplemented!("{bytes:?} {path}")
}

/// Checks that a history without a prompt ends in something to answer.
pub(crate) fn check_end(history: &[Value], path: &str) -> Result<(), Failure> {
    unimplemented!("{history:?} {path}")
}

/// Writes the conversation with its new answer (`--save-messages FILE`).
pub(crate) fn save(path: &str, request: &Request, response: &Response) -> Result<(), Failure> {
    unimplemented!("{path} {request:?} {response:?}")
}
