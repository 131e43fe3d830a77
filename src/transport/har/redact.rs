//! What a recording must not hold: keys, logins and what identifies an account.

use memchr::memmem;

use crate::request::Call;

/// What stands in place of a credential.
pub(super) const REDACTED: &str = "REDACTED";
/// A shorter value is no key, and may occur anywhere.
const LEAST_SECRET_BYTES: usize = 8;

/// The credentials of a call as a server may repeat them: without `Bearer`.
pub(super) fn secrets(call: &Call) -> Vec<String> {
    let secret = call.headers.iter().filter(|header| header.secret).map(|header| header.value.reveal());
    let bare = secret.map(|value| value.rsplit(' ').next().unwrap_or_default());
    bare.filter(|value| value.len() >= LEAST_SECRET_BYTES).map(str::to_owned).collect()
}

/// Text with every secret replaced.
pub(super) fn redacted(text: &str, secrets: &[String]) -> String {
    secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, REDACTED))
}

/// Bytes with every secret replaced; not copied if there is none.
pub(super) fn redacted_bytes(bytes: Vec<u8>, secrets: &[String]) -> Vec<u8> {
    secrets.iter().fold(bytes, |bytes, secret| {
        let places: Vec<usize> = memmem::find_iter(&bytes, secret).collect();
        if places.is_empty() {
            return bytes;
        }
        let mut out = Vec::with_capacity(bytes.len());
        let mut from = 0;
        for place in places {
            out.extend_from_slice(&bytes[from..place]);
            out.extend_from_slice(REDACTED.as_bytes());
            from = place + secret.len();
        }
        out.extend_from_slice(&bytes[from..]);
        out
    })
}

/// A URL without credentials, keys in its query replaced.
pub(super) fn redacted_url(url: &str) -> String {
    let (base, pairs) = split_query(url);
    let base = match base.split_once("://") {
        Some((scheme, rest)) => {
            let host_end = rest.find('/').unwrap_or(rest.len());
            let host_start = rest[..host_end].rfind('@').map_or(0, |at| at + 1);
            format!("{scheme}://{}", &rest[host_start..])
        }
        None => base.to_owned(),
    };
    let query = pairs.into_iter().map(|(name, value)| {
        let value = if is_secret_parameter(name) { REDACTED } else { value };
        if value.is_empty() { name.to_owned() } else { format!("{name}={value}") }
    });
    let query = query.collect::<Vec<_>>().join("&");
    if query.is_empty() { base } else { format!("{base}?{query}") }
}

/// Splits a URL into what comes before its query and the query's pairs as they are written.
pub(super) fn split_query(url: &str) -> (&str, Vec<(&str, &str)>) {
    let url = url.split('#').next().unwrap_or_default();
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    (base, pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect())
}

/// Whether a query parameter of this name may hold a key.
pub(super) fn is_secret_parameter(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name == "sig" || ["key", "token", "secret", "signature", "password"].iter().any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_tell_no_login() {
        let table = [
            ("https://u:p@h:1/v1?api-version=1&api-key=x&y", "https://h:1/v1?api-version=1&api-key=REDACTED&y"),
            ("http://h/v1", "http://h/v1"),
            ("http://h?token=x#y", "http://h?token=REDACTED"),
        ];
        for (url, expected) in table {
            assert_eq!(redacted_url(url), expected);
        }
    }
}
