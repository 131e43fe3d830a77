//! The edge to the network: a [`Call`](crate::request::Call) goes out, an [`Incoming`](http::Incoming) comes back.
//!
//! Knows nothing of dialects: a status of 300 and above is an ordinary answer here, judged by the wire room. Nothing
//! outside this room knows which HTTP client is used.
//!
//! `http` sends and reads; `dial` opens the connection and `socket` moves its bytes; `proxy` says which way a URL is
//! reached, `tls` whom we trust, `fault` what went wrong in words, `retry` whether to try again.

mod dial;
mod fault;
pub(crate) mod har;
pub(crate) mod http;
#[cfg(any(test, fuzzing))]
pub(crate) mod laws;
mod network;
mod proxy;
pub(crate) mod retry;
mod socket;
mod tls;
mod trust;

#[cfg(test)]
mod tests;
