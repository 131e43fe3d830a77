//! Text as it stands inside a JSON string: what a prompt of 100 MB runs through, so bytes are looked at eight at once.
//!
//! Must not know what the text is.

/// Appends `plain` to `out` as it stands inside a JSON string: quotes, backslashes and C0 controls escaped,
/// everything else as it is.
pub(crate) fn escape(plain: &str, out: &mut String) {
    let mut clean = 0;
    while let Some(place) = next_escaped(plain.as_bytes(), clean) {
        out.push_str(&plain[clean..place]);
        escape_byte(plain.as_bytes()[place], out);
        clean = place + 1;
    }
    out.push_str(&plain[clean..]);
}

/// The place of the first byte at `from` or behind it that is escaped.
fn next_escaped(bytes: &[u8], mut from: usize) -> Option<usize> {
    while let Some(&block) = bytes[from..].first_chunk() {
        let marks = escaped_marks(u64::from_le_bytes(block));
        if marks != 0 {
            return Some(from + marks.trailing_zeros() as usize / 8);
        }
        from += block.len();
    }
    let is_escaped = |&byte: &u8| byte < b' ' || matches!(byte, b'"' | b'\\');
    bytes[from..].iter().position(is_escaped).map(|place| from + place)
}

/// Looks at eight bytes at once: the lowest bit set is the high bit of the first that is escaped, and no bit is set
/// where none is. A byte less than a blank, a quote or a backslash makes a subtraction borrow; what a borrow marks
/// besides stands behind it.
fn escaped_marks(bytes: u64) -> u64 {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH_BITS: u64 = ONES << 7;
    let less = |bytes: u64, limit: u8| bytes.wrapping_sub(ONES * u64::from(limit)) & !bytes;
    let equal = |byte: u8| less(bytes ^ (ONES * u64::from(byte)), 1);
    (less(bytes, b' ') | equal(b'"') | equal(b'\\')) & HIGH_BITS
}

/// Appends one byte that must be escaped.
fn escape_byte(byte: u8, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let short = match byte {
        b'"' => "\\\"",
        b'\\' => "\\\\",
        b'\n' => "\\n",
        b'\r' => "\\r",
        b'\t' => "\\t",
        0x08 => "\\b",
        0x0c => "\\f",
        _ => "\\u00",
    };
    out.push_str(short);
    if short.len() > 2 {
        out.extend([byte >> 4, byte & 15].map(|half| char::from(HEX[usize::from(half)])));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_agrees_with_serde_json() {
        let agrees = |text: &str| {
            let mut out = String::new();
            escape(text, &mut out);
            assert_eq!(format!("\"{out}\""), serde_json::to_string(text).expect("a string is JSON"));
        };
        let all = || (0..0x180u32).filter_map(char::from_u32);
        agrees(&all().collect::<String>());
        for place in 0..17 {
            all().for_each(|letter| agrees(&format!("{}{letter}! {letter}", "x".repeat(place))));
        }
    }
}
