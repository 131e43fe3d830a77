//! Tests of `retry.rs`.

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
