//! What went wrong on the way, in words: every error of the HTTP client becomes one [`Failure`].
//!
//! Decides kinds as contract §5 says: what breaks off or is broken in its framing is `Network`, what cannot be
//! understood is `Server`. So broken chunks and short bodies are `Network`; a head that is no HTTP, contradicts itself
//! or is beyond all bounds, and damaged gzip, are `Server`.

use std::io;
use std::time::Duration;

use ureq::{Error, Timeout};

use super::dial::{Obstacle, Unreached};
use super::{tls, trust};
use crate::failure::{Failure, Kind, os_reason};
use crate::request::Limits;

/// Whom we talk to and for how long, as messages say it.
#[derive(Clone, Debug)]
pub(super) struct Peer {
    /// Scheme, host and port of the URL.
    pub(super) origin: String,
    /// The proxy in between, with the setting it comes from.
    pub(super) proxy: Option<String>,
    /// The bounds of the call.
    pub(super) limits: Limits,
}

impl Peer {
    /// The failure behind an error before the head of a reply was there.
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

    /// The failure behind an error while the body was read.
    pub(super) fn cut(&self, error: Error) -> Failure {
        const CLOSED: &str = "the connection was closed before its end";
        let cut = |why: String| Failure::new(Kind::Network, format!("the answer of {} is cut", self.origin), why);
        match error {
            // ureq lets its own "Peer disconnected" pass through the decoder as if the decoder had said it.
            Error::Decompress(_, fault) if !is_disconnect(&fault) => Failure::new(
                Kind::Server,
                format!("the answer of {} cannot be read", self.origin),
                format!("damaged gzip ({})", os_reason(&fault)),
            ),
            Error::Io(fault) | Error::Decompress(_, fault) if is_end(&fault) => cut(CLOSED.into()),
            // So ends a chunk that is cut within its size.
            Error::BodyStalled => cut(CLOSED.into()),
            Error::Io(fault) => cut(os_reason(&fault)),
            Error::Protocol(fault) => cut(format!("broken framing ({fault})")),
            Error::LargeResponseHeader(..) => cut("broken framing (a chunk without size)".into()),
            Error::Timeout(limit) => self.late(limit),
            other => cut(other.to_string()),
        }
    }

    /// The failure of a proxy that answers a forwarded request itself and asks who we are (407).
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

    /// The failure of a host or proxy no connection came to.
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

    /// The failure of a handshake.
    fn untrusted(&self, fault: &rustls::Error) -> Failure {
        trust::bad_file(fault).unwrap_or_else(|| {
            let (why, hint) = tls::words(fault);
            Failure::new(Kind::Network, format!("cannot trust {}", self.by_its_way()), why).hint(hint)
        })
    }

    /// The failure of a proxy that does not let us through; `reason` begins or ends with its status.
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

    /// No connection to the host, or to the proxy in front of it.
    fn unreachable(&self, why: impl Into<String>) -> Failure {
        Failure::new(Kind::Network, format!("cannot reach {}", self.by_its_way()), why)
    }

    /// The host, and the proxy in front of it, which may be to blame.
    fn by_its_way(&self) -> String {
        match &self.proxy {
            Some(proxy) => format!("{} through proxy {proxy}", self.origin),
            None => self.origin.clone(),
        }
    }

    /// A connection, but no reply over it.
    fn no_answer(&self, why: impl Into<String>) -> Failure {
        Failure::new(Kind::Network, format!("no answer from {}", self.origin), why)
    }

    /// Bytes came that are no reply.
    fn unintelligible(&self, why: &str) -> Failure {
        Failure::new(Kind::Server, format!("cannot understand {}", self.origin), why)
    }
}

/// Seconds without needless zeros: `10 s`, `0.2 s`.
fn seconds(limit: Duration) -> String {
    format!("{} s", limit.as_secs_f64())
}

/// Whether the peer closed the connection.
fn is_end(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::UnexpectedEof
}

/// Whether the peer closed the connection, in ureq's own words.
fn is_disconnect(error: &io::Error) -> bool {
    is_end(error) && error.get_ref().is_some_and(|inner| inner.to_string() == "Peer disconnected")
}
