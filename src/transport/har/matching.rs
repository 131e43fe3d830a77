//! Whether a call is the recorded one, and if not, which field differs first.

use serde_json::Value;

use crate::secret::is_secret_parameter;
use crate::url::Url;

/// Most characters of a value that a message shows.
const SHOWN_CHARACTERS: usize = 60;

/// The parts of a call that are compared: neither host nor headers.
pub(super) struct Compared<'a> {
    /// `POST` or `GET`.
    pub(super) method: &'a str,
    /// The URL.
    pub(super) url: &'a str,
    /// The body, if it is known.
    pub(super) body: Option<&'a str>,
}

/// The first part of two calls that differs, in the order in which they are compared: the later, the nearer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum DiffersIn {
    /// The method.
    Method,
    /// The path.
    Path,
    /// The query.
    Query,
    /// The body.
    Body,
}

/// The first field that differs.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// The part of the call.
    pub(super) place: DiffersIn,
    /// A sentence with both values.
    pub(super) words: String,
}

/// The first difference between a call and a recorded one; `None` if they agree.
pub(super) fn difference(asked: &Compared<'_>, recorded: &Compared<'_>) -> Option<Difference> {
    let differs = |place, words| Some(Difference { place, words });
    if !asked.method.eq_ignore_ascii_case(recorded.method) {
        return differs(DiffersIn::Method, unlike("method", asked.method, recorded.method));
    }
    let (paths, queries) = (path(asked.url), query(asked.url));
    if paths != path(recorded.url) {
        return differs(DiffersIn::Path, unlike("path", paths, path(recorded.url)));
    }
    if queries != query(recorded.url) {
        return differs(DiffersIn::Query, unlike("query", &queries.join("&"), &query(recorded.url).join("&")));
    }
    let (asked, recorded) = (asked.body.unwrap_or_default(), recorded.body?);
    // Large bodies are mostly equal byte for byte, and then not parsed.
    if asked == recorded {
        return None;
    }
    match (serde_json::from_str(asked), serde_json::from_str(recorded)) {
        (Ok(asked), Ok(recorded)) => {
            value_difference(&asked, &recorded, "").and_then(|words| differs(DiffersIn::Body, words))
        }
        _ => differs(DiffersIn::Body, unlike("body", asked, recorded)),
    }
}

/// The first difference between two JSON values; the order of members does not count.
fn value_difference(asked: &Value, recorded: &Value, pointer: &str) -> Option<String> {
    match (asked, recorded) {
        (Value::Object(asked), Value::Object(recorded)) => {
            let differing = asked.iter().find_map(|(name, value)| match recorded.get(name) {
                Some(other) => value_difference(value, other, &format!("{pointer}/{name}")),
                None => Some(format!("body field {pointer}/{name} is not in the recording")),
            });
            let missing = || recorded.keys().find(|name| !asked.contains_key(*name));
            differing.or_else(|| Some(format!("body field {pointer}/{} is only in the recording", missing()?)))
        }
        (Value::Array(asked), Value::Array(recorded)) => {
            let pairs = asked.iter().zip(recorded).enumerate();
            let differing = pairs
                .map(|(place, (asked, recorded))| value_difference(asked, recorded, &format!("{pointer}/{place}")))
                .find_map(|difference| difference);
            differing.or_else(|| {
                let (count, other) = (asked.len(), recorded.len());
                (count != other).then(|| format!("body field {pointer} has {count} items, recorded {other}"))
            })
        }
        (asked, recorded) if asked == recorded => None,
        (asked, recorded) => Some(unlike(&format!("body field {pointer}"), &asked.to_string(), &recorded.to_string())),
    }
}

/// The path of a URL.
fn path(url: &str) -> &str {
    let path = Url::split(url).path;
    if path.is_empty() { "/" } else { path }
}

/// The sorted query of a URL without keys, which are redacted in a recording.
fn query(url: &str) -> Vec<String> {
    let pairs = Url::split(url).parameters().filter(|parameter| !is_secret_parameter(parameter.name));
    let mut pairs: Vec<String> =
        pairs.map(|parameter| format!("{}={}", parameter.name, parameter.value.unwrap_or_default())).collect();
    pairs.sort();
    pairs
}

/// The sentence for two values that differ, both cut to a readable length around the first difference.
fn unlike(name: &str, asked: &str, recorded: &str) -> String {
    let same = asked.chars().zip(recorded.chars()).take_while(|(one, other)| one == other).count();
    let from = if same > SHOWN_CHARACTERS / 2 { same - SHOWN_CHARACTERS / 4 } else { 0 };
    let shown = |text: &str| {
        let start = if from > 0 { "…" } else { "" };
        let end = if text.chars().count() > from + SHOWN_CHARACTERS { "…" } else { "" };
        format!("{start}{}{end}", text.chars().skip(from).take(SHOWN_CHARACTERS).collect::<String>())
    };
    format!("{name} is {}, recorded {}", shown(asked), shown(recorded))
}

#[cfg(test)]
mod tests;
