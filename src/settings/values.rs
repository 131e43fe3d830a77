//! Numbers, lengths of time and sizes as people type them. Knows no setting by name.

use std::time::Duration;

use serde_json::Number;

/// The longest time limit accepted: longer ones overflow the clocks of some systems and mean "none" anyway.
const LONGEST: f64 = 366.0 * 86_400.0;

/// A JSON number in the spelling given (`1e5` becomes `1e+5`).
///
/// # Errors
/// Why it is none.
pub(crate) fn number(text: &str) -> Result<Number, &'static str> {
    text.parse().map_err(|_| "not a number as JSON writes it, such as 0.5")
}

/// A JSON number without fraction or exponent, in the spelling given.
///
/// # Errors
/// Why it is none.
pub(crate) fn integer(text: &str) -> Result<Number, &'static str> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    match text.parse() {
        Ok(number) if digits.bytes().all(|byte| byte.is_ascii_digit()) => Ok(number),
        _ => Err("not a whole number"),
    }
}

/// A length of time: seconds, or a number with the unit `ms`, `s`, `m` or `h`.
///
/// # Errors
/// Why it is none. Zero is none: a limit nothing can meet is a slip.
pub(crate) fn duration(text: &str) -> Result<Duration, &'static str> {
    let (count, unit) = text.split_at(text.find(|letter: char| letter.is_ascii_alphabetic()).unwrap_or(text.len()));
    let unit_seconds = match unit {
        "" | "s" => 1.0,
        "ms" => 0.001,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return Err("not a time: seconds, or a number with ms, s, m or h"),
    };
    match plain_decimal(count).map(|count| count * unit_seconds) {
        None => Err("not a time: seconds, or a number with ms, s, m or h"),
        Some(seconds) if seconds <= 0.0 => Err("a time limit must be longer than nothing"),
        Some(seconds) if seconds > LONGEST => Err("longer than a year"),
        Some(seconds) => Ok(Duration::from_secs_f64(seconds).max(Duration::from_millis(1))),
    }
}

/// A size in bytes: a number, or a number with `K`, `M`, `G` (also `KiB`: powers of 1024) or `KB`, `MB`, `GB`
/// (powers of 1000), as GNU tools read them; case does not count.
///
/// # Errors
/// Why it is none. Zero is none.
pub(crate) fn size(text: &str) -> Result<usize, &'static str> {
    const WRONG: &str = "not a size: bytes, or a number with K, M, G (1024) or KB, MB, GB (1000)";
    let (count, unit) = text.split_at(text.find(|letter: char| letter.is_ascii_alphabetic()).unwrap_or(text.len()));
    let unit_bytes = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1.0,
        "k" | "kib" => 1024.0,
        "m" | "mib" => 1024.0 * 1024.0,
        "g" | "gib" => 1024.0 * 1024.0 * 1024.0,
        "kb" => 1e3,
        "mb" => 1e6,
        "gb" => 1e9,
        _ => return Err(WRONG),
    };
    match plain_decimal(count).map(|count| count * unit_bytes) {
        None => Err(WRONG),
        Some(bytes) if bytes < 1.0 => Err("a size must be at least one byte"),
        // 2^53: beyond it a float no longer counts single bytes, and no machine has them.
        Some(bytes) if bytes > 9_007_199_254_740_992.0 => Err("larger than any memory"),
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 2^53")]
        Some(bytes) => Ok(bytes as usize),
    }
}

/// A decimal number of digits and at most one point: no sign, no exponent, no `inf`.
fn plain_decimal(text: &str) -> Option<f64> {
    text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.').then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests;
