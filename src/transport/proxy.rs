//! Which proxy, if any, a URL goes through. The HTTP client does not read the environment itself.

use std::net::IpAddr;

use ureq::ProxyProtocol;
use ureq::http::Uri;
use ureq::http::uri::Scheme;

use crate::failure::Failure;
use crate::request::Net;
use crate::url::{Host, split_port};

/// A proxy and the setting it comes from.
#[derive(Clone, Debug)]
pub(super) struct Proxy {
    /// Address and credentials, percent-decoded.
    pub(super) server: ureq::Proxy,
    /// `--proxy`, `HTTPS_PROXY`, …
    setting: &'static str,
}

impl Proxy {
    /// Parses a proxy URL; a missing scheme is `http`.
    ///
    /// # Errors
    /// `Usage` for anything else, naming `setting` and no credentials.
    fn parse(url: &str, setting: &'static str) -> Result<Self, Failure> {
        let unusable = |why: &str| {
            let shown = url.rsplit('@').next().unwrap_or_default();
            Failure::usage(format!("proxy '{shown}' (from {setting})"), why)
                .hint("it reads like http://HOST:PORT, https://… or socks5h://…")
        };
        let server = ureq::Proxy::new(url.strip_suffix('/').unwrap_or(url)).map_err(|_| unusable("not a proxy URL"))?;
        // The parser takes the default port in place of one it cannot read.
        let authority = server.uri().authority().map_or("", |authority| authority.as_str());
        match authority.rsplit_once(':') {
            Some((_, port)) if !port.ends_with(']') && port.parse::<u16>().is_err() => Err(unusable("bad port")),
            _ if server.host().is_empty() => Err(unusable("no host")),
            _ => Ok(Self { server, setting }),
        }
    }

    /// Whether a request for `uri` is sent to the proxy itself, the whole URL in its first line. That is for `http://`,
    /// since proxies commonly refuse to tunnel to any port but 443; everything else goes through a tunnel.
    pub(super) fn forwards(&self, uri: &Uri) -> bool {
        uri.scheme() == Some(&Scheme::HTTP) && self.server.protocol() == ProxyProtocol::Http
    }

    /// The proxy as messages name it, without credentials.
    pub(super) fn shown(&self) -> String {
        let scheme = self.server.uri().scheme_str().unwrap_or("http");
        format!("{scheme}://{}:{} (from {})", self.server.host(), self.server.port(), self.setting)
    }
}

/// The proxy for `uri`, or `None` if the host is reached directly.
///
/// `--proxy` outranks the environment and alone applies to loopback hosts; an empty one means no proxy. `NO_PROXY`
/// excludes hosts from both. Source: docs/contract.md §6.
///
/// # Errors
/// `Usage` for a proxy URL that cannot be used, naming where it came from.
pub(super) fn proxy_for(net: &Net, uri: &Uri) -> Result<Option<Proxy>, Failure> {
    let scheme_proxy = match uri.scheme_str() {
        Some("https") => (&net.https_proxy, "HTTPS_PROXY"),
        _ => (&net.http_proxy, "HTTP_PROXY"),
    };
    let of_environment = [scheme_proxy, (&net.all_proxy, "ALL_PROXY")];
    let (url, setting) = match &net.proxy {
        Some(url) => (url.as_str(), "--proxy"),
        None => {
            let mut set = of_environment.into_iter().filter_map(|(url, name)| Some((url.as_deref()?, name)));
            match set.find(|(url, _)| !url.trim().is_empty()) {
                Some(found) => found,
                None => return Ok(None),
            }
        }
    };
    let host = ProxiedHost::of(uri);
    let exempt = net.proxy.is_none() && host.host.is_this_machine();
    let excluded = || net.no_proxy.as_deref().is_some_and(|list| host.is_in(list));
    if url.trim().is_empty() || exempt || excluded() {
        return Ok(None);
    }
    Proxy::parse(url.trim(), setting).map(Some)
}

/// The host and port of a URL, as `NO_PROXY` names them.
struct ProxiedHost<'a> {
    /// The host.
    host: Host<'a>,
    /// The port; that of the scheme if none is written.
    port: u16,
}

impl<'a> ProxiedHost<'a> {
    /// Takes host and port out of a URL.
    fn of(uri: &'a Uri) -> Self {
        Self { host: Host::new(uri.host().unwrap_or_default()), port: super::dial::port(uri) }
    }

    /// Whether a `NO_PROXY` list names the host. Commas or blanks separate its entries.
    fn is_in(&self, list: &str) -> bool {
        list.split(|sign: char| sign == ',' || sign.is_whitespace()).any(|entry| self.is_named_by(entry))
    }

    /// Whether one entry names the host. It is `*`, a domain (with or without `.` or `*.` in front; its subdomains are
    /// included), an address, a network (`10.0.0.0/8`) or a prefix (`192.168.*`); `:port` behind any but a network
    /// limits it to that port.
    fn is_named_by(&self, entry: &str) -> bool {
        if let Some((network, bits)) = entry.split_once('/') {
            return match (self.host, Host::new(network), bits.parse()) {
                (Host::Address(host), Host::Address(network), Ok(bits)) => shares_prefix(host, network, bits),
                _ => false,
            };
        }
        let (name, port) = split_port(entry);
        if name.is_empty() || port.is_some_and(|port| port.parse() != Ok(self.port)) {
            return false;
        }
        let name = match Host::new(name) {
            Host::Address(named) => return matches!(self.host, Host::Address(host) if host == named),
            Host::Name(name) => name.to_ascii_lowercase(),
        };
        if name == "*" {
            return true;
        }
        if let Some(prefix) = name.strip_suffix('*') {
            return self.host.to_string().starts_with(prefix);
        }
        if matches!(self.host, Host::Address(_)) {
            return false;
        }
        let domain = name.strip_prefix('*').unwrap_or(&name);
        let domain = domain.strip_prefix('.').unwrap_or(domain);
        self.host.to_string().strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }
}

/// Whether two addresses of one family have the same first `bits` bits.
fn shares_prefix(one: IpAddr, other: IpAddr, bits: u32) -> bool {
    match (one, other) {
        (IpAddr::V4(one), IpAddr::V4(other)) => {
            bits <= 32 && (one.to_bits() ^ other.to_bits()).checked_shr(32 - bits).unwrap_or(0) == 0
        }
        (IpAddr::V6(one), IpAddr::V6(other)) => {
            bits <= 128 && (one.to_bits() ^ other.to_bits()).checked_shr(128 - bits).unwrap_or(0) == 0
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
