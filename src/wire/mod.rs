//! The only door to the dialects: a request becomes a call, reply bytes become pieces, a refusal becomes a failure.
//! Pure: no socket, no clock, no environment.
mod advice;
pub(crate) mod batch;
pub(crate) mod body;
pub(crate) mod call;
pub(crate) mod chat;
mod chat_reply;
pub(crate) mod codex;
mod complaint;
mod content;
pub(crate) mod curl;
pub(crate) mod dialect;
pub(crate) mod items;
#[cfg(any(test, fuzzing))]
pub(crate) mod laws;
mod loose;
pub(crate) mod models;
pub(crate) mod page;
pub(crate) mod reader;
pub(crate) mod recognise;
pub(crate) mod refusal;
pub(crate) mod responses;
mod responses_reply;
#[cfg(any(test, fuzzing))]
#[cfg_attr(not(test), allow(dead_code, reason = "the laws need a part of it"))]
mod scripted;
mod shortcut;
pub(crate) mod spec;
mod sse;
pub(crate) mod tree;
mod trouble;
mod usage;

use crate::request::Dialect;
use spec::DialectSpec;

pub(crate) use call::{encode, is_secret, models_call, transcript};

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
