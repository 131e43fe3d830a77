//! When to try again and how long to wait. Pure: failure, clock and chance are handed in.

use std::time::{Duration, SystemTime};

use crate::failure::Failure;
use crate::response::Headers;

/// How long to wait before try `retries_done + 2`, or `None` where another try is not to be made. `jitter` is 0 to 1.
pub(crate) fn wait(failure: &Failure, retries_done: u32, retries_max: u32, jitter: f64) -> Option<Duration> {
    let _ = (failure, retries_done, retries_max, jitter);
    None
}

/// How long the server asks to wait: `retry-after-ms`, then `Retry-After` as seconds or date; `None` for what makes
/// no sense or is not above 0.
pub(crate) fn retry_after(headers: &Headers, now: SystemTime) -> Option<Duration> {
    let _ = (headers, now);
    None
}
