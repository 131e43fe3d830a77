//! The only door to the dialects: a request becomes a call, reply bytes become pieces, a refusal becomes a failure.
//! Pure: no socket, no clock, no environment.
mod advice;
pub(crate) mod body;
pub(crate) mod chat;
mod chat_reply;
pub(crate) mod codex;
mod complaint;
mod content;
mod loose;
mod page;
pub(crate) mod reader;
pub(crate) mod recognise;
pub(crate) mod refusal;
pub(crate) mod responses;
mod responses_reply;
#[cfg(test)]
mod scripted;
mod shortcut;
mod sse;
mod trouble;
mod usage;
