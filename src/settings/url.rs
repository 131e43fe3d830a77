//! Base URLs: what is accepted, what is trimmed, and which hosts are this machine. Knows no provider.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv6Addr};

use super::{Origin, Setting, rejected};
use crate::failure::Failure;
use crate::request::Dialect;

/// A base URL ready to have an endpoint appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BaseUrl {
    /// The URL: no trailing slash, no endpoint; the query stays.
    pub(crate) url: Setting<String>,
    /// The API that the endpoint at its end named, if it had one.
    pub(crate) api: Option<Dialect>,
}

impl BaseUrl {
    /// Reads a URL as it was typed: trailing slashes and a full endpoint are trimmed, nothing is ever added.
    ///
    /// # Errors
    /// `Usage` naming the origin, for anything an HTTP client could not use. A user name or password in it is an
    /// error too, and never shown.
    pub(crate) fn parse(text: &str, origin: Origin) -> Result<Self, Failure> {
        check(text).map_err(|why| {
            rejected("base URL", &masked(text), &origin, why).hint("a base URL looks like http://127.0.0.1:8080/v1")
        })?;
        let (path, query) = text.split_at(text.find('?').unwrap_or(text.len()));
        let path = path.trim_end_matches('/');
        let endpoint = |api: Dialect| Some((path.strip_suffix(api.spec().path)?.trim_end_matches('/'), Some(api)));
        let (path, api) = Dialect::ALL.into_iter().find_map(endpoint).unwrap_or((path, None));
        Ok(Self { url: Setting::new(format!("{path}{query}"), origin), api })
    }
}

/// Says why `text` is no usable base URL.
fn check(text: &str) -> Result<(), &'static str> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return Err("no http:// or https:// before it");
    };
    if !is_http(scheme) {
        return Err("neither http nor https");
    }
    if text.bytes().any(|byte| byte <= b' ' || byte == 0x7f) {
        return Err("it has a blank or a control character");
    }
    if !text.is_ascii() {
        return Err("it has letters outside ASCII: write the host in punycode and the path percent-encoded");
    }
    if text.contains('#') {
        return Err("it has a fragment (#)");
    }
    let authority = authority(rest);
    if authority.contains('@') {
        return Err("it has a user name or password: name the key with --api-key-env, --api-key-file or -H");
    }
    let (host, port) = split_port(authority);
    let named = !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    let numbered = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    if !named && numbered.is_none_or(|host| host.parse::<Ipv6Addr>().is_err()) {
        return Err("it has no valid host");
    }
    match port {
        Some(port) if !port.parse::<u16>().is_ok_and(|port| port > 0) => Err("it has no valid port"),
        _ => Ok(()),
    }
}

/// Whether a scheme is `http` or `https`; case does not count.
fn is_http(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
}

/// The part of a URL between `://` and the path.
fn authority(rest: &str) -> &str {
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

/// Splits an authority into host and port text; the brackets of an IPv6 address stay.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

/// The host of a URL, without port and brackets; empty where there is none.
pub(crate) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    split_port(authority(rest)).0.trim_start_matches('[').trim_end_matches(']')
}

/// Whether two URLs have the same host; case does not count.
pub(crate) fn same_host(one: &str, other: &str) -> bool {
    host(one).eq_ignore_ascii_case(host(other))
}

/// Whether a URL's host is this machine.
pub(crate) fn is_loopback(url: &str) -> bool {
    let host = host(url);
    let name = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    match host.parse::<IpAddr>() {
        // The unspecified address reaches this machine where it is accepted at all.
        Ok(address) => address.to_canonical().is_loopback() || address.is_unspecified(),
        Err(_) => name == "localhost" || name.ends_with(".localhost"),
    }
}

/// Whether a key sent to a URL would cross a network in the clear.
pub(crate) fn is_exposed(url: &str) -> bool {
    let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
    scheme.eq_ignore_ascii_case("http") && !is_loopback(url)
}

/// Text percent-encoded so that it is one path segment or query value.
pub(crate) fn encoded(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if text.bytes().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let encode = |byte: u8| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    Cow::Owned(text.bytes().map(encode).collect())
}

/// A URL fit to be shown: without user name and password, and without the values of query parameters that may be
/// keys.
pub(crate) fn masked(url: &str) -> Cow<'_, str> {
    let start = url.find("://").map_or(0, |place| place + 3);
    let login = authority(&url[start..]).rfind('@');
    let query = url.find('?').map(|place| &url[place + 1..]);
    if login.is_none() && !query.is_some_and(|query| query.split('&').any(may_be_key)) {
        return Cow::Borrowed(url);
    }
    let path = &url[login.map_or(start, |length| start + length)..url.find('?').unwrap_or(url.len())];
    let mut shown = format!("{}{}{path}", &url[..start], if login.is_some() { "…" } else { "" });
    for (place, parameter) in query.into_iter().flat_map(|query| query.split('&')).enumerate() {
        shown.push(if place == 0 { '?' } else { '&' });
        match parameter.split_once('=') {
            Some((name, _)) if may_be_key(parameter) => {
                shown.push_str(name);
                shown.push_str("=…");
            }
            _ => shown.push_str(parameter),
        }
    }
    Cow::Owned(shown)
}

/// Whether a query parameter's name says that its value is a secret.
fn may_be_key(parameter: &str) -> bool {
    let name = parameter.split('=').next().unwrap_or(parameter).to_ascii_lowercase();
    ["key", "token", "sig", "secret", "password"].iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The trimmed URL and the API it names.
    fn parsed(text: &str) -> (String, Option<Dialect>) {
        let base = BaseUrl::parse(text, Origin::Flag("--base-url")).unwrap();
        (base.url.value, base.api)
    }

    #[test]
    fn slashes_and_endpoints_are_trimmed_and_the_query_stays() {
        for (text, url, api) in [
            ("http://h/v1", "http://h/v1", None),
            ("http://h", "http://h", None),
            ("http://h/", "http://h", None),
            ("https://h:8443/a/b///", "https://h:8443/a/b", None),
            ("http://h/v1/?a=1&b", "http://h/v1?a=1&b", None),
            ("http://h/v1/chat/completions", "http://h/v1", Some(Dialect::Chat)),
            ("http://h/chat/completions/", "http://h", Some(Dialect::Chat)),
            ("http://h/v1/responses", "http://h/v1", Some(Dialect::Responses)),
            (
                "https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21",
                "https://r.openai.azure.com/openai/deployments/d?api-version=2024-10-21",
                Some(Dialect::Chat),
            ),
            ("http://[::1]:11434/v1", "http://[::1]:11434/v1", None),
            ("HTTP://Host_1.example./v1", "HTTP://Host_1.example./v1", None),
        ] {
            assert_eq!(parsed(text), (url.into(), api), "{text}");
        }
    }

    #[test]
    fn bad_urls_name_their_origin_and_why() {
        for (text, why) in [
            ("localhost:8080", "no http:// or https:// before it"),
            ("api.openai.com/v1", "no http:// or https:// before it"),
            ("ftp://h/v1", "neither http nor https"),
            ("file:///etc/passwd", "neither http nor https"),
            ("http://h/a b", "it has a blank or a control character"),
            (" http://h", "neither http nor https"),
            ("http://h/\u{b}", "it has a blank or a control character"),
            ("http://", "it has no valid host"),
            ("http:///v1", "it has no valid host"),
            ("http://:80/v1", "it has no valid host"),
            ("http://h!/v1", "it has no valid host"),
            ("http://[::1/v1", "it has no valid host"),
            ("http://[nope]/v1", "it has no valid host"),
            ("http://h:0/v1", "it has no valid port"),
            ("http://h:x/v1", "it has no valid port"),
            ("http://h:/v1", "it has no valid port"),
            ("http://h:65536/v1", "it has no valid port"),
            ("http://h/v1#top", "it has a fragment (#)"),
        ] {
            let failure = BaseUrl::parse(text, Origin::Variable("OPENAI_BASE_URL".into())).unwrap_err();
            let expected = format!(
                "base URL '{}' (from OPENAI_BASE_URL): {why}: a base URL looks like http://127.0.0.1:8080/v1",
                text.replace('\u{b}', "\\u{b}")
            );
            assert_eq!(failure.line(), expected);
        }
    }

    #[test]
    fn a_login_in_the_url_is_refused_and_not_shown() {
        let failure = BaseUrl::parse("https://me:hunter2@h/v1", Origin::Flag("--base-url")).unwrap_err();
        assert!(failure.line().starts_with("base URL 'https://…@h/v1' (from --base-url): it has a user name"));
    }

    #[test]
    fn loopback_is_this_machine_alone() {
        for url in [
            "http://localhost:1",
            "http://LOCALHOST",
            "http://localhost./v1",
            "http://ollama.localhost/v1",
            "http://127.0.0.1:8080/v1",
            "http://127.1.2.3",
            "http://[::1]:8080",
            "http://[::ffff:127.0.0.1]",
            "http://0.0.0.0:8000",
        ] {
            assert!(is_loopback(url) && !is_exposed(url), "{url}");
        }
        for url in
            ["http://192.168.1.5:8000/v1", "http://localhost.example/v1", "http://127.0.0.1.example", "HTTP://10.0.0.1"]
        {
            assert!(!is_loopback(url) && is_exposed(url), "{url}");
        }
        assert!(!is_exposed("https://api.openai.com/v1"));
    }

    #[test]
    fn secrets_in_a_query_are_masked() {
        for (url, shown) in [
            ("http://h/v1?api-version=1", "http://h/v1?api-version=1"),
            ("http://h/v1?key=AIza1&a=2", "http://h/v1?key=…&a=2"),
            ("http://me@h/v1?access_token=x", "http://…@h/v1?access_token=…"),
            ("nonsense", "nonsense"),
        ] {
            assert_eq!(masked(url), shown);
        }
    }
}
