//! URLs: their parts, which hosts are this machine, and the forms that are shown. Nothing is resolved or checked here.

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// The characters that do not stand for themselves in a path segment or query value.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The parts of a URL, as they are written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Url<'a> {
    /// What stands before `://`; empty where that is missing.
    pub(crate) scheme: &'a str,
    /// User name and password, without the `@`.
    pub(crate) login: Option<&'a str>,
    /// The host, the brackets of an IPv6 address included.
    pub(crate) host: &'a str,
    /// What stands behind the colon.
    pub(crate) port: Option<&'a str>,
    /// The path from its first slash; may be empty.
    pub(crate) path: &'a str,
    /// The query without its question mark.
    pub(crate) query: Option<&'a str>,
}

impl<'a> Url<'a> {
    /// Splits a URL; anything at all has parts, though they may be empty. The fragment is left out.
    pub(crate) fn split(text: &'a str) -> Self {
        let text = text.split('#').next().unwrap_or_default();
        let (text, query) = match text.split_once('?') {
            Some((text, query)) => (text, Some(query)),
            None => (text, None),
        };
        let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (login, place) = match authority.rsplit_once('@') {
            Some((login, place)) => (Some(login), place),
            None => (None, authority),
        };
        let (host, port) = split_port(place);
        Self { scheme, login, host, port, path, query }
    }

    /// The host.
    pub(crate) fn host(&self) -> Host<'a> {
        Host::new(self.host)
    }

    /// Whether everything sent there can be read on the way: plain http to another machine.
    pub(crate) fn is_exposed(&self) -> bool {
        self.scheme.eq_ignore_ascii_case("http") && !self.host().is_this_machine()
    }

    /// The parameters of the query in their order, empty ones left out.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = Parameter<'a>> + use<'a> {
        let pairs = self.query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
        pairs.map(|pair| {
            let (name, value) = pair.split_once('=').map_or((pair, None), |(name, value)| (name, Some(value)));
            Parameter { name, value }
        })
    }

    /// The URL from its scheme to the end of its path, `login` in place of user name and password.
    pub(crate) fn address(&self, login: &str) -> String {
        let end = if self.scheme.is_empty() { "" } else { "://" };
        let colon = if self.port.is_some() { ":" } else { "" };
        [self.scheme, end, login, self.host, colon, self.port.unwrap_or_default(), self.path].concat()
    }
}

/// A parameter of a query, percent-encoded as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parameter<'a> {
    /// What stands before the first `=`.
    pub(crate) name: &'a str,
    /// What stands behind it; `None` without one.
    pub(crate) value: Option<&'a str>,
}

/// Splits `host:port`; the brackets of an IPv6 address stay, and a bare one has no port.
pub(crate) fn split_port(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(':') {
        Some((host, port)) if host.ends_with(']') || !host.contains(':') => (host, Some(port)),
        _ => (text, None),
    }
}

/// A host. Two that differ in case, in a trailing dot or in the spelling of an address are the same one.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Host<'a> {
    /// An address; an IPv4 address written in IPv6 is the IPv4 one.
    Address(IpAddr),
    /// A name, without a trailing dot; empty where there is no host.
    Name(&'a str),
}

impl<'a> Host<'a> {
    /// A host as it stands in a URL, with or without brackets.
    pub(crate) fn new(text: &'a str) -> Self {
        let name = text.trim_start_matches('[').trim_end_matches(']');
        let name = name.strip_suffix('.').unwrap_or(name);
        name.parse::<IpAddr>().map_or(Self::Name(name), |address| Self::Address(address.to_canonical()))
    }

    /// Whether it is this machine whatever a resolver answers: a loopback address or `localhost`. Not the unspecified
    /// address, which reaches this machine on some systems only, and not the names under `localhost`, which a resolver
    /// may send anywhere.
    pub(crate) fn is_this_machine(&self) -> bool {
        match self {
            Self::Address(address) => address.is_loopback(),
            Self::Name(name) => name.eq_ignore_ascii_case("localhost"),
        }
    }
}

impl fmt::Display for Host<'_> {
    /// The address, or the name in lower case.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(formatter),
            Self::Name(name) => formatter.write_str(&name.to_ascii_lowercase()),
        }
    }
}

impl PartialEq for Host<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Address(one), Self::Address(other)) => one == other,
            (Self::Name(one), Self::Name(other)) => one.eq_ignore_ascii_case(other),
            _ => false,
        }
    }
}

/// A URL as messages show it: neither login nor query.
pub(crate) fn display_url(url: &str) -> String {
    Url::split(url).address("")
}

/// Text percent-encoded so that it is one path segment or query value.
pub(crate) fn encode(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, RESERVED).into()
}

/// Percent-encoded text decoded; a plus stays a plus. `None` for a bad sequence or bytes that are not UTF-8.
pub(crate) fn decode(text: &str) -> Option<Cow<'_, str>> {
    let is_pair = |rest: &str| rest.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    text.split('%').skip(1).all(is_pair).then(|| percent_decode_str(text).decode_utf8().ok())?
}

#[cfg(test)]
mod tests;
