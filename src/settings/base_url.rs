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
mod tests;
