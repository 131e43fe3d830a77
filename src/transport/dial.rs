//! Opens TCP connections: one time limit covers resolving a name and connecting to its addresses.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{ConnectionDetails, Connector, Either, NextTimeout, Transport, time};
use ureq::{Error, Timeout};

use super::socket::Socket;
use crate::url::Host;

/// Most addresses of a name that ureq takes.
const MOST_ADDRESSES: usize = 16;

/// The port of a URL; that of its scheme if none is written.
pub(super) fn port(uri: &Uri) -> u16 {
    uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 })
}

/// The error of a host that could not be connected to.
#[derive(Debug)]
pub(super) struct Unreached {
    /// The host, without its port.
    pub(super) host: String,
    /// The reason.
    pub(super) obstacle: Obstacle,
}

/// Why there is no connection.
#[derive(Debug)]
pub(super) enum Obstacle {
    /// The name could not be resolved.
    Name(io::Error),
    /// No address could be connected to; the error of the last one.
    Connection(io::Error),
    /// The time limit was reached.
    Limit,
}

impl fmt::Display for Unreached {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {:?}", self.host, self.obstacle)
    }
}

impl std::error::Error for Unreached {}

/// Connects to the host of a URL, or to the proxy that its request is sent to.
#[derive(Debug)]
pub(super) struct Dial {
    /// The proxy to connect to in place of the host.
    pub(super) forward: Option<ureq::Proxy>,
    /// The size of the output buffer.
    pub(super) output_bytes: usize,
}

impl<In: Transport> Connector<In> for Dial {
    type Out = Either<In, Socket>;

    fn connect(&self, details: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, Error> {
        if let Some(open) = chained {
            return Ok(Some(Either::A(open)));
        }
        let (host, port) = match &self.forward {
            Some(proxy) => (proxy.host(), proxy.port()),
            None => (details.uri.host().unwrap_or_default(), port(details.uri)),
        };
        let began = match details.now {
            time::Instant::Exact(began) => began,
            _ => Instant::now(),
        };
        let deadline = began + *details.timeout.after;
        let stream = reach(host, port, deadline).map_err(|obstacle| match obstacle {
            Obstacle::Limit => Error::Timeout(details.timeout.reason),
            obstacle => Error::Other(Box::new(Unreached { host: host.to_owned(), obstacle })),
        })?;
        stream.set_nodelay(true)?;
        let absolute = self.forward.is_some().then(|| origin(details.uri));
        let socket = Socket::new(stream, deadline, absolute, self.output_bytes);
        Ok(Some(Either::B(socket)))
    }
}

/// Scheme, host and port of a URL: no path, no query, no credentials.
pub(super) fn origin(uri: &Uri) -> String {
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{}://{host}", uri.scheme_str().unwrap_or("http"))
}

/// Resolves the names of SOCKS proxies for ureq's own client. For every other connection [`Dial`] does it, so that one
/// limit covers resolving and connecting.
#[derive(Debug)]
pub(super) struct Names;

impl Resolver for Names {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let mut found = self.empty();
        if !config.proxy().is_some_and(is_socks) {
            return Ok(found);
        }
        let host = uri.host().unwrap_or_default();
        // The default port of SOCKS is not that of a known scheme.
        let port = uri.port_u16().unwrap_or(match uri.scheme_str() {
            Some("http" | "https") => port(uri),
            _ => 1080,
        });
        let deadline = Instant::now() + *timeout.after;
        let addresses = lookup(host, port, deadline).map_err(|obstacle| match obstacle {
            Obstacle::Limit => Error::Timeout(Timeout::Connect),
            obstacle => Error::Other(Box::new(Unreached { host: host.to_owned(), obstacle })),
        })?;
        for address in addresses.into_iter().take(MOST_ADDRESSES) {
            found.push(address);
        }
        Ok(found)
    }
}

/// Whether the protocol of a proxy is SOCKS.
pub(super) fn is_socks(proxy: &ureq::Proxy) -> bool {
    use ureq::ProxyProtocol::{Socks4, Socks4A, Socks5, Socks5h};
    matches!(proxy.protocol(), Socks4 | Socks4A | Socks5 | Socks5h)
}

/// Connects to the first address of a host that accepts. Each address but the last gets half of the remaining time, so
/// that one that drops packets does not use it all.
fn reach(host: &str, port: u16, deadline: Instant) -> Result<TcpStream, Obstacle> {
    let addresses = lookup(host, port, deadline)?;
    let mut obstacle = Obstacle::Limit;
    for (place, address) in addresses.iter().enumerate() {
        let left = remaining(deadline);
        let share = if place + 1 == addresses.len() { left } else { left / 2 };
        if share.is_zero() {
            return Err(Obstacle::Limit);
        }
        match TcpStream::connect_timeout(address, share) {
            Ok(stream) => return Ok(stream),
            Err(error) if error.kind() == io::ErrorKind::TimedOut => obstacle = Obstacle::Limit,
            Err(error) => obstacle = Obstacle::Connection(error),
        }
    }
    Err(obstacle)
}

/// The addresses of a host. Literals and `localhost` are resolved here, so that no file is opened and no thread started
/// for a server on this machine. For `localhost` IPv4 comes first: local servers listen on it.
fn lookup(host: &str, port: u16, deadline: Instant) -> Result<Vec<SocketAddr>, Obstacle> {
    let addresses: &[IpAddr] = match Host::new(host) {
        Host::Address(address) => &[address],
        here @ Host::Name(_) if here.is_this_machine() => &[Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()],
        Host::Name(_) => return ask_system(host.to_owned(), port, deadline),
    };
    Ok(addresses.iter().map(|address| SocketAddr::new(*address, port)).collect())
}

/// Asks the system for the addresses of a name. Its resolver has no time limit, so it runs on a thread that is left
/// behind when the limit is reached.
fn ask_system(name: String, port: u16, deadline: Instant) -> Result<Vec<SocketAddr>, Obstacle> {
    let left = remaining(deadline);
    if left.is_zero() {
        return Err(Obstacle::Limit);
    }
    let (answer, answers) = mpsc::sync_channel(1);
    let question = move || {
        // The receiver is gone if the limit was reached first.
        let _ = answer.send((name.as_str(), port).to_socket_addrs().map(Iterator::collect::<Vec<_>>));
    };
    thread::Builder::new().spawn(question).map_err(Obstacle::Name)?;
    match answers.recv_timeout(left) {
        Ok(Ok(addresses)) if addresses.is_empty() => {
            Err(Obstacle::Name(io::Error::new(io::ErrorKind::NotFound, "no address")))
        }
        Ok(found) => found.map_err(Obstacle::Name),
        Err(RecvTimeoutError::Timeout) => Err(Obstacle::Limit),
        Err(RecvTimeoutError::Disconnected) => Err(Obstacle::Name(io::Error::other("the resolver died"))),
    }
}

/// The time until a deadline.
fn remaining(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(10)
    }

    #[test]
    fn literals_and_localhost_are_known() {
        let table = [
            ("127.0.0.1", vec!["127.0.0.1:7"]),
            ("[::1]", vec!["[::1]:7"]),
            ("LocalHost", vec!["127.0.0.1:7", "[::1]:7"]),
            ("localhost.", vec!["127.0.0.1:7", "[::1]:7"]),
        ];
        for (host, expected) in table {
            let expected: Vec<SocketAddr> = expected.iter().map(|text| text.parse().unwrap()).collect();
            assert_eq!(lookup(host, 7, soon()).unwrap(), expected, "{host}");
        }
    }

    #[test]
    fn a_name_without_address_is_an_error() {
        // RFC 6761: `.invalid` never resolves.
        assert!(matches!(lookup("host.invalid", 7, soon()), Err(Obstacle::Name(_))));
    }

    #[test]
    fn a_spent_limit_does_not_wait_for_the_resolver() {
        assert!(matches!(lookup("host.invalid", 7, Instant::now()), Err(Obstacle::Limit)));
        assert!(matches!(reach("127.0.0.1", 7, Instant::now()), Err(Obstacle::Limit)));
    }

    #[test]
    fn origin_hides_path_and_credentials() {
        assert_eq!(origin(&"http://u:p@h.example:81/v1?key=x".parse().unwrap()), "http://h.example:81");
    }
}
