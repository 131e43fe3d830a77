//! JSON values of any type, read as text, count or truth: in replies of some servers a string is a number, a number is
//! a fraction or a string, and anything may be null.

use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::json;

/// A member of any type as its JSON text; `None` where it is missing or null. A struct of these borrows its members
/// with one `#[serde(bound(deserialize = "'de: 'a"))]`.
pub(crate) type Raw<'a> = Option<&'a RawValue>;

/// The content of a string, or the JSON text of anything else; lone surrogates become U+FFFD.
pub(crate) fn text_of(raw: Raw<'_>) -> Option<Cow<'_, str>> {
    raw.map(|raw| spelled(raw.get()))
}

/// As [`text_of`], but `None` for an empty string.
pub(crate) fn some_text(raw: Raw<'_>) -> Option<Cow<'_, str>> {
    text_of(raw).filter(|words| !words.is_empty())
}

/// The content of a string, or `json` itself.
fn spelled(spelling: &str) -> Cow<'_, str> {
    let Some(inner) = spelling.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return Cow::Borrowed(spelling);
    };
    match memchr::memchr(b'\\', inner.as_bytes()) {
        Some(_) => json::unescape(inner).unwrap_or(Cow::Borrowed(inner)),
        None => Cow::Borrowed(inner),
    }
}

/// A count: an integer, a fraction rounded down, or either as a string; `None` for a negative one.
pub(crate) fn count(raw: Raw<'_>) -> Option<u64> {
    let json = raw?.get().trim_matches('"');
    json.parse().ok().or_else(|| {
        let number: f64 = json.parse().ok()?;
        // The cast saturates.
        (number.is_finite() && number >= 0.0).then_some(number as u64)
    })
}

/// True unless the value is missing, null, false, zero or empty (as JavaScript and Python judge it).
pub(crate) fn is_truthy(raw: Raw<'_>) -> bool {
    let Some(json) = raw.map(RawValue::get) else { return false };
    let inside = |open, close| json.strip_prefix(open).and_then(|rest: &str| rest.strip_suffix(close));
    let empty = inside('{', '}').or_else(|| inside('[', ']')).is_some_and(|inner| inner.trim().is_empty());
    !empty && !matches!(json, "false" | "\"\"" | "0" | "0.0")
}

/// Appends `text` to `whole`, without a copy where `whole` is empty.
pub(crate) fn append<'a>(whole: &mut Cow<'a, str>, text: Cow<'a, str>) {
    if whole.is_empty() {
        *whole = text;
    } else if !text.is_empty() {
        whole.to_mut().push_str(&text);
    }
}

#[cfg(test)]
mod tests;
