//! The interface of the room: one call out, one reply back, from the network or from a recording.

use std::time::Instant;

use super::har::{HarFiles, Playback};
use super::network::{HttpBody, HttpSender};
use crate::failure::Failure;
use crate::request::{Call, Limits, Net};
use crate::response::Headers;

/// Sends the calls of one run.
pub(crate) struct Client {
    /// Sends them over the network.
    network: HttpSender,
    /// Records them, or answers in place of the network.
    har: HarFiles,
}

impl Client {
    /// A client; nothing is opened before the first call.
    pub(crate) fn new(net: Net, limits: Limits, started: Instant) -> Self {
        Self { network: HttpSender::new(net, limits, started), har: HarFiles::default() }
    }

    /// The same client, recorded or answered from a recording.
    pub(crate) fn with_har(mut self, har: HarFiles) -> Self {
        self.har = har;
        self
    }

    /// Sends a call and returns once status line and headers of the reply are there; any status is a reply.
    ///
    /// # Errors
    /// `Network` for a connection that fails (transient if another try may help), `Server` for a reply that is not
    /// HTTP, `Usage` for a URL, header, proxy or certificate file that cannot be used, and for a call that is not in
    /// the recording.
    pub(crate) fn send(&mut self, call: &Call) -> Result<Incoming, Failure> {
        self.har.begin(call);
        let reply = match self.har.replay(call) {
            Some(recorded) => recorded.map(|(status, headers, body)| (status, headers, ReplyBody::Recorded(body))),
            None => self.network.send(call).map(|(status, headers, body)| (status, headers, ReplyBody::Network(body))),
        };
        match reply {
            Ok((status, headers, body)) => {
                self.har.head(status, &headers);
                Ok(Incoming { status, headers, body, har: self.har.clone() })
            }
            Err(failure) => {
                self.har.fail(&failure);
                Err(failure)
            }
        }
    }
}

/// A reply whose body is still to be read.
pub(crate) struct Incoming {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The headers, in the order they came, names in lower case.
    pub(crate) headers: Headers,
    /// The body.
    body: ReplyBody,
    /// Records it.
    har: HarFiles,
}

/// The source of a body.
enum ReplyBody {
    /// The network.
    Network(HttpBody),
    /// A recording.
    Recorded(Playback),
}

impl Incoming {
    /// Reads what has come into `buffer`, several chunks at once, and returns how many bytes; 0 is the end.
    ///
    /// # Errors
    /// `Network` for silence, `--max-time` and a body that is cut, `Server` for damaged gzip; those of a recording.
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Failure> {
        let read = match &mut self.body {
            ReplyBody::Network(stream) => stream.read(buffer),
            ReplyBody::Recorded(playback) => playback.read(buffer),
        };
        match &read {
            Ok(count) => self.har.chunk(&buffer[..*count]),
            Err(failure) => self.har.fail(failure),
        }
        read
    }

    /// The first `limit` bytes of an error body. A failure ends it; what came before is kept.
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
