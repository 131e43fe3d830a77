//! Whether to try again and how long to wait before. Pure: the random number is an argument.

use std::time::Duration;

use crate::failure::Failure;

/// The longest wait that a server may ask for; beyond it the run gives up at once. Source: docs/contract.md §5.
pub(crate) const LONGEST_ADVICE: Duration = Duration::from_secs(120);
/// The first wait without advice, in seconds; each further one is twice as long.
const FIRST_SECONDS: f64 = 0.5;
/// The longest wait without advice, in seconds.
const LONGEST_SECONDS: f64 = 8.0;
/// The largest share by which a wait is shortened at random.
const JITTER_SHARE: f64 = 0.25;

/// The wait before the next try, or `None` if there is to be none.
///
/// `retries_done` counts from 0, `jitter` is 0 to 1. `x-should-retry` outranks `transient`; a `Retry-After` beyond
/// [`LONGEST_ADVICE`] outranks both. Source: docs/contract.md §5, docs/wire.md §1.8 (openai-python).
pub(crate) fn wait(failure: &Failure, retries_done: u32, retries_max: u32, jitter: f64) -> Option<Duration> {
    let advice = failure.reply.retry_after;
    let may = failure.reply.should_retry.unwrap_or(failure.transient);
    if retries_done >= retries_max || !may || advice.is_some_and(|advice| advice > LONGEST_ADVICE) {
        return None;
    }
    Some(advice.unwrap_or_else(|| backoff(retries_done, jitter)))
}

/// The wait without advice: min(0.5·2ⁿ, 8) seconds less up to a quarter.
fn backoff(retries_done: u32, jitter: f64) -> Duration {
    let doubled = 2f64.powi(i32::try_from(retries_done).unwrap_or(i32::MAX));
    let seconds = (FIRST_SECONDS * doubled).min(LONGEST_SECONDS);
    Duration::from_secs_f64(seconds * (1.0 - JITTER_SHARE * jitter.clamp(0.0, 1.0)))
}

#[cfg(test)]
mod tests;
