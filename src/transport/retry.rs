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
mod tests {
    use super::*;
    use crate::failure::Kind;

    /// A failure worth another try, with the server's advice.
    fn failure(after: Option<Duration>, should_retry: Option<bool>) -> Failure {
        let mut failure = Failure::new(Kind::Server, "no answer", "").transient();
        failure.reply.retry_after = after;
        failure.reply.should_retry = should_retry;
        failure
    }

    #[test]
    fn advice_is_followed_up_to_two_minutes() {
        for (advice, expected) in [(20, Some(20)), (60, Some(60)), (120, Some(120)), (121, None), (u64::MAX, None)] {
            let failure = failure(Some(Duration::from_secs(advice)), None);
            assert_eq!(wait(&failure, 0, 2, 1.0), expected.map(Duration::from_secs), "{advice} s");
        }
    }

    #[test]
    fn waits_double_up_to_eight_seconds() {
        let waits: Vec<_> = (0..1000).filter_map(|done| wait(&failure(None, None), done, 1000, 0.0)).collect();
        let mut expected = vec![Duration::from_secs(8); 1000];
        for (place, millis) in [500, 1000, 2000, 4000].into_iter().enumerate() {
            expected[place] = Duration::from_millis(millis);
        }
        assert_eq!(waits, expected);
    }

    #[test]
    fn chance_takes_at_most_a_quarter() {
        assert_eq!(wait(&failure(None, None), 1, 2, 1.0), Some(Duration::from_millis(750)));
        assert_eq!(wait(&failure(None, None), 1, 2, 0.5), Some(Duration::from_millis(875)));
    }

    #[test]
    fn no_retry_is_left_after_the_last() {
        assert_eq!(wait(&failure(None, Some(true)), 2, 2, 0.0), None);
        assert_eq!(wait(&failure(None, None), 0, 0, 0.0), None);
    }

    #[test]
    fn the_server_decides_whether_to_retry() {
        let lasting = Failure::new(Kind::Rejected, "no", "");
        assert_eq!(wait(&lasting, 0, 2, 0.0), None);
        assert_eq!(wait(&failure(None, Some(false)), 0, 2, 0.0), None);
        let mut asked = lasting;
        asked.reply.should_retry = Some(true);
        assert_eq!(wait(&asked, 0, 2, 0.0), Some(Duration::from_millis(500)));
        asked.reply.retry_after = Some(Duration::from_secs(121));
        assert_eq!(wait(&asked, 0, 2, 0.0), None);
    }
}
