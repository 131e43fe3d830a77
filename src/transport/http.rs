//! The door of the room: one call out, one reply back, from the network or from a recording.

use std::time::Instant;

use super::har::{Playback, Tapes};
use super::network::{Network, Stream};
use crate::failure::Failure;
use crate::request::{Call, Limits, Net};
use crate::response::Headers;

/// Sends the calls of one run; nothing is built before the first of them.
pub(crate) struct Client {
    /// The way to the network.
    network: Network,
    /// What is recorded, and the recording that answers in the network's place.
    tapes: Tapes,
}

impl Client {
    /// A client that has not touched the network yet.
    pub(crate) fn new(net: Net, limits: Limits, started: Instant) -> Self {
        Self { network: Network::new(net, limits, started), tapes: Tapes::default() }
    }

    /// The same client, recorded or answered from a recording.
    pub(crate) fn with_tapes(mut self, tapes: Tapes) -> Self {
        self.tapes = tapes;
        self
    }

    /// Sends a call and returns once the head of the reply is there; any status is a reply.
    ///
    /// # Errors
    /// `Network` for what happens on the way (transient where another try may help), `Server` for a head that is no
    /// HTTP, `Usage` for a URL, header, proxy or certificate file that cannot be used, and for a call the recording
    /// does not know.
    pub(crate) fn send(&mut self, call: &Call) -> Result<Incoming, Failure> {
        self.tapes.begin(call);
        let reply = match self.tapes.replay(call) {
            Some(recorded) => recorded.map(|(status, headers, body)| (status, headers, Body::Recording(body))),
            None => self.network.send(call).map(|(status, headers, body)| (status, headers, Body::Network(body))),
        };
        match reply {
            Ok((status, headers, body)) => {
                self.tapes.head(status, &headers);
                Ok(Incoming { status, headers, body, tapes: self.tapes.clone() })
            }
            Err(failure) => {
                self.tapes.fault(&failure);
                Err(failure)
            }
        }
    }
}

/// A reply whose head is there and whose body is still to be read.
pub(crate) struct Incoming {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The headers, in the order they came, names in lower case.
    pub(crate) headers: Headers,
    /// The body.
    body: Body,
    /// Where it is recorded.
    tapes: Tapes,
}

/// Where a body comes from.
enum Body {
    /// The network.
    Network(Stream),
    /// A recording.
    Recording(Playback),
}

impl Incoming {
    /// Reads what has come into `buffer`, over the borders of chunks, and returns how much; 0 is the end of the body.
    ///
    /// # Errors
    /// `Network` for silence, `--max-time` and a body that is cut, `Server` for damaged gzip.
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Failure> {
        let read = match &mut self.body {
            Body::Network(stream) => stream.read(buffer),
            Body::Recording(playback) => playback.read(buffer),
        };
        match &read {
            Ok(count) => self.tapes.chunk(&buffer[..*count]),
            Err(failure) => self.tapes.fault(failure),
        }
        read
    }

    /// The first `limit` bytes of the body, for error bodies: what came before a fault is kept, the fault is not told.
    pub(crate) fn read_bounded(mut self, limit: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut buffer = [0; 4096];
        while bytes.len() < limit {
            let room = buffer.len().min(limit - bytes.len());
            match self.read(&mut buffer[..room]) {
                Ok(0) | Err(_) => break,
                Ok(count) => bytes.extend_from_slice(&buffer[..count]),
            }
        }
        bytes
    }
}
