//! The edge to the network: a [`Call`](crate::request::Call) goes out, an [`Incoming`](http::Incoming) comes back.
//!
//! Knows nothing of dialects: a status of 300 and above is an ordinary answer here, judged by the wire room.
pub(crate) mod http;
pub(crate) mod proxy;
pub(crate) mod retry;
