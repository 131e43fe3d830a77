//! The only door to the dialects: a request becomes a call, reply bytes become pieces, a refusal becomes a failure.
//! Pure: no socket, no clock, no environment.
pub(crate) mod advice;
pub(crate) mod batch;
pub(crate) mod body;
pub(crate) mod call;
pub(crate) mod chat;
pub(crate) mod chat_reply;
pub(crate) mod codex;
pub(crate) mod complaint;
pub(crate) mod content;
pub(crate) mod curl;
pub(crate) mod dialect;
pub(crate) mod items;
pub(crate) mod loose;
pub(crate) mod models;
pub(crate) mod page;
pub(crate) mod reader;
pub(crate) mod recognise;
pub(crate) mod refusal;
pub(crate) mod responses;
pub(crate) mod responses_reply;
#[cfg(test)]
mod scripted;
pub(crate) mod shortcut;
pub(crate) mod sse;
pub(crate) mod tree;
pub(crate) mod trouble;
pub(crate) mod usage;

pub(crate) use body::indent;
pub(crate) use call::{encode, models_call, transcript};
