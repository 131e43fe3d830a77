//! Tests of `values.rs`.

use super::*;

#[test]
fn numbers_keep_their_spelling() {
    for text in ["0", "-1", "0.10", "1e-7", "12345678901234567890123"] {
        assert_eq!(number(text).unwrap().to_string(), text);
    }
    for text in ["", " 1", "1 ", ".5", "5.", "+1", "0x1", "NaN", "inf", "1,5", "01", "one"] {
        number(text).unwrap_err();
    }
}

#[test]
fn integers_have_digits_alone() {
    for text in ["0", "-1", "512", "12345678901234567890123"] {
        assert_eq!(integer(text).unwrap().to_string(), text);
    }
    for text in ["", "-", "1.0", "1e3", "--1", "007", "five"] {
        integer(text).unwrap_err();
    }
}

#[test]
fn times_have_units() {
    for (text, millis) in
        [("1.5", 1500), ("90s", 90_000), ("2m", 120_000), ("1h", 3_600_000), ("500ms", 500), (".5", 500), ("1.", 1000)]
    {
        assert_eq!(duration(text), Ok(Duration::from_millis(millis)), "{text}");
    }
    for text in ["", "0", "0s", "-1", "1d", "s", "1 s", "1e3", "inf", "NaN", "1.2.3", "1000000h", "."] {
        duration(text).unwrap_err();
    }
}

#[test]
fn sizes_have_units() {
    for (text, bytes) in
        [("1", 1), ("10M", 10 << 20), ("64KiB", 64 << 10), ("1.5k", 1536), ("2GB", 2_000_000_000), ("3kb", 3000)]
    {
        assert_eq!(size(text), Ok(bytes), "{text}");
    }
    for text in ["", "0", "0.5", "-1", "10T", "M", "1 M", "99999999999999999999"] {
        size(text).unwrap_err();
    }
}
