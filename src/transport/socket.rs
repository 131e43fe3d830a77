//! A TCP connection as a transport of the HTTP client: buffers and time limits.
//!
//! It replaces ureq's own because it sends headers and body in one write, has small buffers for short calls, reads the
//! reply of a server that closed the connection during the upload, and applies the connect limit to all steps of
//! connecting together.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::ops::Range;
use std::time::{Duration, Instant};

use ureq::unversioned::transport::{Buffers, NextTimeout, Transport};
use ureq::{Error, Timeout};

/// Longest status line and headers of a reply. Source: docs/contract.md §4.
pub(super) const HEAD_BYTES: usize = 64 * 1024;
/// The largest input buffer: the longest headers and a little more, so that longer ones are noticed.
const INPUT_BYTES: usize = HEAD_BYTES + 1024;
/// The first input buffer.
const FIRST_INPUT_BYTES: usize = 8 * 1024;
/// The largest output buffer.
pub(super) const OUTPUT_BYTES: usize = 32 * 1024;

/// One connection, used for one call.
pub(super) struct Socket {
    /// The connection.
    stream: TcpStream,
    /// The deadline for connecting, including proxy and TLS.
    connect_by: Instant,
    /// The buffers.
    queue: Queue,
    /// `http://HOST:PORT` to put in front of the request's path, for a proxy that needs the whole URL.
    absolute: Option<String>,
    /// Whether the peer stopped reading; what it sent before is still to be read.
    is_write_closed: bool,
    /// The read timeout that is set on the connection.
    read_limit: Option<Duration>,
    /// The write timeout that is set on the connection.
    write_limit: Option<Duration>,
}

impl Socket {
    /// A transport over a new connection.
    pub(super) fn new(stream: TcpStream, connect_by: Instant, absolute: Option<String>, output_bytes: usize) -> Self {
        let queue = Queue::new(output_bytes);
        Self { stream, connect_by, queue, absolute, is_write_closed: false, read_limit: None, write_limit: None }
    }

    /// The time left for one read or write, and the limit it comes from. While proxy and TLS are set up, that is the
    /// connect limit for all steps together; ureq would start it anew for some of them.
    fn left(&self, timeout: NextTimeout, per_io: NextTimeout) -> Result<(Duration, Timeout), Error> {
        let (left, reason) = match timeout.reason {
            Timeout::Connect => (self.connect_by.saturating_duration_since(Instant::now()), Timeout::Connect),
            _ => (*per_io.after, per_io.reason),
        };
        if left.is_zero() { Err(Error::Timeout(reason)) } else { Ok((left, reason)) }
    }

    /// Sends what is held back. A peer that stopped reading is no error yet: it may have sent a reply.
    fn flush(&mut self, timeout: NextTimeout) -> Result<(), Error> {
        if self.queue.held == 0 || self.is_write_closed {
            self.queue.held = 0;
            return Ok(());
        }
        let (left, reason) = self.left(timeout, timeout.for_write())?;
        if self.write_limit != Some(left) {
            self.stream.set_write_timeout(Some(left))?;
            self.write_limit = Some(left);
        }
        let output = &self.queue.output[..self.queue.held];
        let written = match self.absolute.take() {
            Some(origin) => write_all(&self.stream, &absolute_form(output, &origin), left),
            None => write_all(&self.stream, output, left),
        };
        self.queue.held = 0;
        match written {
            Err(error) if is_hangup(&error) => self.is_write_closed = true,
            Err(error) if is_late(&error) => return Err(Error::Timeout(reason)),
            written => written?,
        }
        Ok(())
    }

    /// Reads what has come, waiting no longer than `left`; a signal does not restart the wait.
    fn read(&mut self, left: Duration) -> io::Result<usize> {
        let began = Instant::now();
        let mut limit = left;
        loop {
            if self.read_limit != Some(limit) {
                self.stream.set_read_timeout(Some(limit))?;
                self.read_limit = Some(limit);
            }
            match self.stream.read(self.queue.input_append_buf()) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                    limit = left.saturating_sub(began.elapsed());
                    if limit.is_zero() {
                        return Err(io::ErrorKind::TimedOut.into());
                    }
                }
                read => return read,
            }
        }
    }
}

impl Transport for Socket {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.queue
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.queue.held += amount;
        // Only when the buffer is full, so that headers and body of a short request are sent together.
        if self.queue.output().is_empty() { self.flush(timeout) } else { Ok(()) }
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.flush(timeout)?;
        self.queue.has_room()?;
        let (left, reason) = self.left(timeout, timeout.for_read())?;
        let amount = match self.read(left) {
            Err(error) if is_late(&error) => return Err(Error::Timeout(reason)),
            read => read?,
        };
        self.queue.input_appended(amount);
        Ok(amount > 0)
    }

    /// False: a connection serves one call; a check whether it could serve another costs more than it saves.
    fn is_open(&mut self) -> bool {
        false
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Socket").field("peer", &self.stream.peer_addr().ok()).finish()
    }
}

/// The buffers for input and output. Small at first: filling them with zeros was half the work of a short request.
pub(super) struct Queue {
    /// The input buffer.
    input: Vec<u8>,
    /// The part of `input` that is not read yet.
    unread: Range<usize>,
    /// Whether the reader consumed anything at its last look.
    is_useful: bool,
    /// The output buffer.
    output: Vec<u8>,
    /// Bytes at the start of `output` that are complete and not sent yet.
    held: usize,
}

impl Queue {
    /// Empty buffers; that for output has `output_bytes`.
    pub(super) fn new(output_bytes: usize) -> Self {
        Self { input: Vec::new(), unread: 0..0, is_useful: false, output: vec![0; output_bytes], held: 0 }
    }

    /// Checks that there is room for more.
    ///
    /// # Errors
    /// Headers, or the first line of a chunk, that are too long.
    pub(super) fn has_room(&self) -> Result<(), Error> {
        match self.unread.len() {
            INPUT_BYTES => Err(Error::LargeResponseHeader(INPUT_BYTES, HEAD_BYTES)),
            _ => Ok(()),
        }
    }
}

impl Buffers for Queue {
    fn output(&mut self) -> &mut [u8] {
        &mut self.output[self.held..]
    }

    fn input(&self) -> &[u8] {
        &self.input[self.unread.clone()]
    }

    /// The room behind the unread part; the buffer doubles if it was filled to its end.
    fn input_append_buf(&mut self) -> &mut [u8] {
        if self.unread.end == self.input.len() {
            let size = (self.input.len() * 2).clamp(FIRST_INPUT_BYTES, INPUT_BYTES);
            self.input.resize(size, 0);
        }
        if self.unread.start > 0 {
            self.input.copy_within(self.unread.clone(), 0);
            self.unread = 0..self.unread.len();
        }
        &mut self.input[self.unread.end..]
    }

    fn input_appended(&mut self, amount: usize) {
        self.unread.end += amount;
    }

    fn input_consume(&mut self, amount: usize) {
        self.is_useful = amount > 0;
        self.unread.start += amount;
    }

    /// The output alone: the other is for chunked bodies, which we never send.
    fn tmp_and_output(&mut self) -> (&mut [u8], &mut [u8]) {
        (&mut [], &mut self.output[self.held..])
    }

    fn can_use_input(&self) -> bool {
        !self.unread.is_empty() && self.is_useful
    }
}

/// The start of a request with the origin put in front of its path: `POST http://host/v1 HTTP/1.1`.
fn absolute_form(output: &[u8], origin: &str) -> Vec<u8> {
    let path = output.iter().position(|byte| *byte == b' ').map_or(0, |space| space + 1);
    [&output[..path], origin.as_bytes(), &output[path..]].concat()
}

/// Writes all of it within `limit`. A write that reaches its timeout returns the bytes sent before as a success;
/// writing the rest would wait once more.
fn write_all(mut stream: &TcpStream, mut bytes: &[u8], limit: Duration) -> io::Result<()> {
    loop {
        let began = Instant::now();
        match stream.write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(length) if length == bytes.len() => return Ok(()),
            Ok(_) if began.elapsed() >= limit => return Err(io::ErrorKind::TimedOut.into()),
            Ok(length) => bytes = &bytes[length..],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Whether a write failed because the peer reads no more.
fn is_hangup(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset)
}

/// Whether a read or write ended because its limit was reached.
fn is_late(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}
