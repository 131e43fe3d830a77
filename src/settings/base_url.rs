//! Base URLs as people give them: what is accepted and what is trimmed. Knows no provider.

use std::net::Ipv6Addr;

use clap::ValueEnum;

use super::origin::{Origin, Setting, rejected};
use crate::failure::Failure;
use crate::request::Dialect;
use crate::secret::masked_url;
use crate::url::Url;

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
            rejected("base URL", &masked_url(text), &origin, why).hint("a base URL looks like http://127.0.0.1:8080/v1")
        })?;
        let (path, query) = text.split_at(text.find('?').unwrap_or(text.len()));
        let path = path.trim_end_matches('/');
        let endpoint = |api: &Dialect| Some((path.strip_suffix(api.spec().path)?.trim_end_matches('/'), Some(*api)));
        let (path, api) = Dialect::value_variants().iter().find_map(endpoint).unwrap_or((path, None));
        Ok(Self { url: Setting::new(format!("{path}{query}"), origin), api })
    }
}

/// Says why `text` is no usable base URL.
fn check(text: &str) -> Result<(), &'static str> {
    let Some((scheme, _)) = text.split_once("://") else {
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
    let url = Url::split(text);
    if url.login.is_some() {
        return Err("it has a user name or password: name the key with --api-key-env, --api-key-file or -H");
    }
    let host = url.host;
    let named = !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    let numbered = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    if !named && numbered.is_none_or(|host| host.parse::<Ipv6Addr>().is_err()) {
        return Err("it has no valid host");
    }
    match url.port {
        Some(port) if !port.parse::<u16>().is_ok_and(|port| port > 0) => Err("it has no valid port"),
        _ => Ok(()),
    }
}

/// Whether a scheme is `http` or `https`; case does not count.
fn is_http(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
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
}
