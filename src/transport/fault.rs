//! Turns errors of the HTTP client into a [`Failure`].
//!
//! Its kind follows docs/contract.md §5. Broken framing is `Network`: bad chunks, a body that is too short. A reply that
//! makes no sense is `Server`: one that is not HTTP, has contradicting or endless headers, or damaged gzip.

use std::io;
use std::time::Duration;

use ureq::{Error, Timeout};

use super::dial::{Obstacle, Unreached};
use super::{tls, trust};
use crate::failure::{Failure, Kind, os_reason};
use crate::request::Limits;

/// The server of a call, for messages, and its limits.
#[derive(Clone, Debug)]
pub(super) struct Peer {
    /// Scheme, host and port of the URL.
    pub(super) origin: String,
    /// The proxy in front of it, with the setting it comes from.
    pub(super) proxy: Option<String>,
    /// The limits of the call.
    pub(super) limits: Limits,
}

impl Peer {
    /// The failure of an error before the headers of the reply were complete.
    pub(super) fn unanswered(&self, error: Error) -> Failure {
        match error {
            Error::Io(fault) if is_end(&fault) => {
                self.no_answer("the connection was closed without a reply").transient()
            }
            Error::Io(fault) => self.no_answer(os_reason(&fault)).transient(),
            Error::Other(inner) => match inner.downcast::<Unreached>() {
                Ok(unreached) => self.unreached(&unreached),
                Err(inner) => self.no_answer(inner.to_string()),
            },
            Error::Rustls(fault) => self.untrusted(&fault),
            Error::ConnectProxyFailed(reason) => self.refused_by_proxy(&reason),
            Error::LargeResponseHeader(..) => self.unintelligible("its reply has more than 64 KiB of headers"),
            Error::Protocol(fault) => self.unintelligible(&format!("its reply is not HTTP ({fault})")),
            Error::Timeout(limit) => self.late(limit),
            other => self.no_answer(other.to_string()),
        }
    }

    /// The failure of an error while the body was read.
    pub(super) fn cut(&self, error: Error) -> Failure {
        const CLOSED: &str = "the connection was closed before its end";
        let cut = |why: String| Failure::new(Kind::Network, format!("the answer of {} is cut", self.origin), why);
        match error {
            // ureq's own "Peer disconnected" comes out of the decoder as an error of the decoder.
            Error::Decompress(_, fault) if !is_disconnect(&fault) => Failure::new(
                Kind::Server,
                format!("the answer of {} cannot be read", self.origin),
                format!("damaged gzip ({})", os_reason(&fault)),
            ),
            Error::Io(fault) | Error::Decompress(_, fault) if is_end(&fault) => cut(CLOSED.into()),
            // The error for a connection closed within the size of a chunk.
            Error::BodyStalled => cut(CLOSED.into()),
            Error::Io(fault) => cut(os_reason(&fault)),
            Error::Protocol(fault) => cut(format!("broken framing ({fault})")),
            Error::LargeResponseHeader(..) => cut("broken framing (a chunk without size)".into()),
            Error::Timeout(limit) => self.late(limit),
            other => cut(other.to_string()),
        }
    }

    /// The failure of a proxy that answers 407 to a request sent to it.
    pub(super) fn unknown_to_proxy(&self) -> Failure {
        self.refused_by_proxy("407")
    }

    /// The failure of a limit that was reached.
    pub(super) fn late(&self, limit: Timeout) -> Failure {
        match limit {
            Timeout::Connect | Timeout::Resolve => self
                .unreachable(format!("no connection within {}", seconds(self.limits.connect)))
                .hint("--connect-timeout sets the limit")
                .transient(),
            Timeout::Global => {
                let total = self.limits.total.unwrap_or_default();
                Failure::new(Kind::Network, format!("no whole answer from {}", self.origin), "")
                    .hint(format!("--max-time of {} is over", seconds(total)))
            }
            _ => {
                self.no_answer(format!("silent for {}", seconds(self.limits.silence))).hint("--timeout sets the limit")
            }
        }
    }

    /// The failure of a host or proxy that could not be connected to.
    fn unreached(&self, unreached: &Unreached) -> Failure {
        match &unreached.obstacle {
            Obstacle::Name(fault) => {
                // `EAI_AGAIN` in the words of glibc, the BSDs and musl; an unknown name stays unknown.
                let text = os_reason(fault);
                let passes = ["temporary failure", "try again"].iter().any(|sign| text.contains(sign));
                let failure = self.unreachable(format!("cannot resolve '{}': {text}", unreached.host));
                if passes { failure.transient() } else { failure }
            }
            Obstacle::Connection(fault) => self.unreachable(os_reason(fault)).transient(),
            Obstacle::Limit => self.late(Timeout::Connect),
        }
    }

    /// The failure of a TLS handshake.
    fn untrusted(&self, fault: &rustls::Error) -> Failure {
        trust::bad_file(fault).unwrap_or_else(|| {
            let (why, hint) = tls::words(fault);
            Failure::new(Kind::Network, format!("cannot trust {}", self.with_proxy()), why).hint(hint)
        })
    }

    /// The failure of a proxy that refuses; `reason` begins or ends with its status.
    fn refused_by_proxy(&self, reason: &str) -> Failure {
        let proxy = self.proxy.as_deref().unwrap_or_default();
        let status = reason.rsplit(|sign: char| !sign.is_ascii_digit()).find(|digits| digits.len() == 3);
        let what = format!("proxy {proxy} does not let us through to {}", self.origin);
        match status {
            Some("407") => Failure::new(Kind::Network, what, "it wants a name and password (407)")
                .hint("put them into its URL: http://NAME:PASSWORD@HOST:PORT"),
            Some(status) => Failure::new(Kind::Network, what, format!("it answered {status}")),
            None => Failure::new(Kind::Network, what, reason),
        }
    }

    /// The failure of a host, or the proxy in front of it, without a connection.
    fn unreachable(&self, why: impl Into<String>) -> Failure {
        Failure::new(Kind::Network, format!("cannot reach {}", self.with_proxy()), why)
    }

    /// The host, and the proxy in front of it, which may be the cause.
    fn with_proxy(&self) -> String {
        match &self.proxy {
            Some(proxy) => format!("{} through proxy {proxy}", self.origin),
            None => self.origin.clone(),
        }
    }

    /// The failure of a connection without a reply.
    fn no_answer(&self, why: impl Into<String>) -> Failure {
        Failure::new(Kind::Network, format!("no answer from {}", self.origin), why)
    }

    /// The failure of bytes that are no HTTP reply.
    fn unintelligible(&self, why: &str) -> Failure {
        Failure::new(Kind::Server, format!("cannot understand {}", self.origin), why)
    }
}

/// A duration in seconds: `10 s`, `0.2 s`.
fn seconds(limit: Duration) -> String {
    format!("{} s", limit.as_secs_f64())
}

/// Whether the peer closed the connection.
fn is_end(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::UnexpectedEof
}

/// Whether this is ureq's own error for a closed connection.
fn is_disconnect(error: &io::Error) -> bool {
    is_end(error) && error.get_ref().is_some_and(|inner| inner.to_string() == "Peer disconnected")
}
