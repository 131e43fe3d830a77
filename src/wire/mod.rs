//! The dialects: a request becomes a call, reply bytes become pieces, a refusal becomes a failure. Pure: no socket,
//! no clock, no environment.
//!
//! A dialect is a folder: what its API can do, a request as a body, and replies as pieces. To add one, copy the
//! folder that is most like it and follow the compiler.

pub(crate) mod batch;
pub(crate) mod body;
mod body_json;
pub(crate) mod call;
mod chat;
mod codex;
pub(crate) mod curl;
mod decode_error;
mod decoder;
pub(crate) mod detect;
mod fast_path;
pub(crate) mod html;
mod lenient;
pub(crate) mod models;
pub(crate) mod reader;
pub(crate) mod recognise;
pub(crate) mod refusal;
mod responses;
mod retry_after;
mod server_error;
mod spec;
mod sse;
#[cfg(any(test, fuzzing))]
pub(crate) mod tests;
mod usage;

use crate::request::Dialect;
use spec::DialectSpec;

pub(crate) use call::{encode, models_call, transcript};
pub(crate) use decoder::Progress;

impl Dialect {
    /// What its API can do.
    pub(crate) fn spec(self) -> &'static DialectSpec {
        match self {
            Self::Chat => &chat::SPEC,
            Self::Responses => &responses::SPEC,
            Self::Codex => &codex::SPEC,
        }
    }
}
