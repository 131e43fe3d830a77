//! How long a server asks to wait before the next request, from headers or the error's text.
//!
//! Source: docs/wire.md §1.8; docs/codex.md §3.5.

use std::time::{Duration, SystemTime};

use super::server_error::ServerError;
use crate::response::Headers;

/// Longest wait returned, so that sums of dates cannot overflow.
const CENTURY: Duration = Duration::from_secs(100 * 366 * 24 * 3600);

/// The wait in the headers: `retry-after-ms`, else `retry-after` as seconds or a date. `None` for zero, a past date and
/// anything else.
pub(crate) fn of_headers(headers: &Headers, now: SystemTime) -> Option<Duration> {
    let milliseconds = headers.first("retry-after-ms").and_then(|text| wait(text, 1e-3));
    milliseconds.or_else(|| {
        let text = headers.first("retry-after")?.trim();
        let date = || httpdate::parse_http_date(text).ok()?.duration_since(now).ok();
        let wait = if text.parse::<f64>().is_ok() { wait(text, 1.0) } else { date() };
        wait.filter(|wait| !wait.is_zero())
    })
}

/// The wait in an error's text: "try again in 1.3s", "retry in 33.4s", "retry after 20 seconds", "in 7m12.5s".
/// The text must be in lower case.
pub(crate) fn in_prose(lower: &str) -> Option<Duration> {
    let phrases = ["try again in ", "retry in ", "retry after "];
    let at = phrases.iter().find_map(|phrase| Some(lower.find(phrase)? + phrase.len()))?;
    let mut rest = &lower[at..];
    let mut total = None;
    loop {
        let digits = rest.find(|character: char| !character.is_ascii_digit() && character != '.').unwrap_or(rest.len());
        let (number, after) = rest.split_at(digits);
        let after = after.strip_prefix(' ').unwrap_or(after);
        let letters = after.find(|character: char| !character.is_ascii_lowercase()).unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        let seconds = match unit {
            "ms" | "millisecond" | "milliseconds" => 1e-3,
            "s" | "sec" | "second" | "seconds" => 1.0,
            "m" | "min" | "minute" | "minutes" => 60.0,
            "h" | "hour" | "hours" => 3600.0,
            "d" | "day" | "days" => 86400.0,
            _ => return total,
        };
        let Some(wait) = wait(number.trim_end_matches('.'), seconds) else { return total };
        total = Some(total.unwrap_or_default() + wait);
        rest = after;
    }
}

/// A number of units as a duration, if it is positive and finite.
fn wait(text: &str, seconds_per_unit: f64) -> Option<Duration> {
    let seconds = text.trim().parse::<f64>().ok()? * seconds_per_unit;
    let wait = Duration::try_from_secs_f64(seconds).ok()?;
    (!wait.is_zero()).then_some(wait.min(CENTURY))
}

/// Computes the wait from the date when a limit ends, or the date from the wait, where the server sent only one.
pub(crate) fn complete_reset(error: &mut ServerError, now: SystemTime) {
    let now = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    error.resets_at = error.resets_at.or_else(|| Some((now + error.wait?.min(CENTURY)).as_secs()));
    error.wait = error.wait.or_else(|| Some(within_a_century(error.resets_at?).saturating_sub(now)));
}

/// Seconds since 1970, limited to what a date can show.
pub(crate) fn within_a_century(seconds: u64) -> Duration {
    Duration::from_secs(seconds).min(CENTURY)
}

#[cfg(test)]
mod tests;
