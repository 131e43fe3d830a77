//! The edge to the network: a [`Call`](crate::request::Call) goes out, an [`Incoming`](http::Incoming) comes back.
//!
//! Independent of the dialects: any status is an ordinary reply here, which the wire room judges. The HTTP client is
//! used in this room alone.
//!
//! `http` is the interface. `network` sends one call with the HTTP client, for which `dial` opens connections, `socket`
//! and `tls` are its transports, `proxy` chooses the proxy and `trust` verifies certificates. `fault` turns errors
//! into failures, `retry` decides about another try, `har` records and replays.

mod dial;
mod fault;
pub(crate) mod har;
pub(crate) mod http;
mod network;
mod proxy;
pub(crate) mod retry;
mod socket;
mod tls;
mod trust;

#[cfg(any(test, fuzzing))]
pub(crate) mod tests;
