//! A reply that refuses becomes one [`Failure`]: every known error body, HTML and empty ones among them.
//!
//! Must not know how the reply came or whether it will be tried again.

use std::time::SystemTime;

use crate::failure::{Failure, Kind};
use crate::response::Headers;

/// The failure behind any reply that is not 2xx; `now` turns dates of the server into waits.
pub(crate) fn refusal(place: &str, status: u16, headers: &Headers, body: &[u8], now: SystemTime) -> Failure {
    let _ = (headers, body, now);
    Failure::new(Kind::Server, format!("{place} answered {status}"), "")
}

/// Fills in what the headers know about a failure told inside a 200: request id and advice on retrying.
pub(crate) fn advise(failure: &mut Failure, headers: &Headers, now: SystemTime) {
    let _ = (failure, headers, now);
}
