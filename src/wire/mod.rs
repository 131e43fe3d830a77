//! The only door to the dialects: a request becomes a call, reply bytes become pieces, a refusal becomes a failure.
//! Pure: no socket, no clock, no environment.
pub(crate) mod advice;
pub(crate) mod body;
pub(crate) mod chat;
pub(crate) mod chat_reply;
pub(crate) mod codex;
pub(crate) mod complaint;
pub(crate) mod content;
pub(crate) mod loose;
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
pub(crate) mod trouble;
pub(crate) mod usage;
