//! Compares JSON numbers by their spelling, exactly where `f64` would round.

use std::cmp::Ordering;

/// A JSON number as sign, significant digits and power of ten: `-1.50e3` is `-`, `15`, 2.
#[derive(Debug, PartialEq, Eq)]
struct Decimal {
    /// Below zero; zero itself has no sign.
    negative: bool,
    /// Digits without zeros at either end; empty for zero.
    digits: String,
    /// The power of ten of the last digit.
    exponent: i64,
}

/// True when two JSON numbers are the same number, however spelled: `1`, `1.0` and `10e-1`.
pub(super) fn is_same(left: &str, right: &str) -> bool {
    left == right || parse(left) == parse(right)
}

/// True when a JSON number has no fractional part, however spelled: `1e400` and `2.50e2`, not `1e-400`.
pub(super) fn is_integer(text: &str) -> bool {
    if !text.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E')) {
        return true;
    }
    let decimal = parse(text);
    decimal.digits.is_empty() || decimal.exponent >= 0
}

/// Appends a text that is the same for equal numbers and differs for others.
pub(super) fn normalise(text: &str, out: &mut String) {
    let decimal = parse(text);
    out.push_str(if decimal.negative { "-" } else { "" });
    out.push_str(&decimal.digits);
    out.push('e');
    out.push_str(&decimal.exponent.to_string());
}

/// Takes a JSON number apart. Exponents beyond `i64` become its least or greatest value.
fn parse(text: &str) -> Decimal {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, power) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut digits = String::with_capacity(whole.len() + fraction.len());
    digits.push_str(whole.trim_start_matches('0'));
    digits.push_str(fraction);
    let kept = digits.trim_end_matches('0').len();
    let dropped = digits.len() - kept;
    digits.truncate(kept);
    let leading = digits.len() - digits.trim_start_matches('0').len();
    digits.drain(..leading);
    if digits.is_empty() {
        return Decimal { negative: false, digits, exponent: 0 };
    }
    let shift = dropped as i64 - fraction.len() as i64;
    Decimal { negative, digits, exponent: power_of_ten(power).saturating_add(shift) }
}

/// The value of an exponent; the least or greatest `i64` where it does not fit.
fn power_of_ten(text: &str) -> i64 {
    text.parse().unwrap_or(match text.as_bytes().first().cmp(&Some(&b'-')) {
        Ordering::Equal => i64::MIN,
        _ => i64::MAX,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_by_value_and_exactly() {
        let same = [("1", "1.0"), ("10e-1", "1"), ("-0", "0.00e9"), ("1E5", "100000"), ("0.10", "1e-1")];
        let other = [("1", "-1"), ("12345678901234567890123", "12345678901234567890124"), ("1e400", "1e401")];
        for (left, right) in same {
            assert!(is_same(left, right), "{left} {right}");
        }
        for (left, right) in other {
            assert!(!is_same(left, right), "{left} {right}");
        }
    }

    #[test]
    fn integers_are_known_by_value() {
        for text in ["0", "-3", "1.0", "2.50e2", "1e400", "0.0e-9", "12345678901234567890123"] {
            assert!(is_integer(text), "{text}");
        }
        for text in ["0.5", "1e-400", "2.5e0", "1.10"] {
            assert!(!is_integer(text), "{text}");
        }
    }

    #[test]
    fn endless_exponents_are_no_trouble() {
        assert!(is_integer("1e99999999999999999999"));
        assert!(!is_integer("1e-99999999999999999999"));
    }
}
