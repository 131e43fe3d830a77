//! One call and its reply: send, read, take the pieces, until the terminator or the first failure.

use std::time::{Instant, SystemTime};

use crate::failure::Failure;
use crate::request::{Call, Endpoint};
use crate::response::{Headers, Piece};
use crate::run::live::Live;
use crate::transport::http::{Client, Incoming};
use crate::url::display_url;
use crate::wire::Progress;
use crate::wire::reader::ReplyReader;
use crate::wire::refusal;

/// How much of the network is read at once; also the most that is written to stdout at once.
const READ_BYTES: usize = 16 * 1024;
/// How much is kept of an error body. Source: contract §4.
const ERROR_BODY_BYTES: usize = 64 * 1024;

/// Sends `call` and feeds the reply to `live`; `status` is told as soon as there is one.
///
/// # Errors
/// Of the transport, wire and output rooms; partial text may have been shown.
pub(crate) fn exchange(
    client: &mut Client,
    call: &Call,
    endpoint: &Endpoint,
    reply_bytes: usize,
    live: &mut Live<'_>,
    verbose: bool,
    status: &mut Option<u16>,
) -> Result<(), Failure> {
    let began = Instant::now();
    if verbose {
        live.output.say(&format!("> {} {}", call.method, display_url(&call.url)));
    }
    live.output.wait();
    let mut incoming = client.send(call)?;
    *status = Some(incoming.status);
    if verbose {
        tell_head(live, &incoming, began);
    }
    incoming = accepted(incoming, endpoint)?;
    let headers = std::mem::take(&mut incoming.headers);
    let reader = ReplyReader::new(endpoint.dialect, &display_url(&endpoint.base_url), reply_bytes);
    let read = read_pieces(|buffer| incoming.read(buffer), reader, live);
    if verbose {
        live.output.say(&format!("< end after {} ms", began.elapsed().as_millis()));
    }
    read.map_err(|mut failure| {
        refusal::advise(&mut failure, &headers, SystemTime::now());
        failure
    })
}

/// The reply, if its status is 2xx.
///
/// # Errors
/// What the server says about any other status.
pub(crate) fn accepted(incoming: Incoming, endpoint: &Endpoint) -> Result<Incoming, Failure> {
    let status = incoming.status;
    if (200..300).contains(&status) {
        return Ok(incoming);
    }
    let headers = incoming.headers.clone();
    let body = incoming.read_bounded(ERROR_BODY_BYTES);
    Err(refusal::refusal(&display_url(&endpoint.base_url), status, &headers, &body, SystemTime::now()))
}

/// Takes the pieces of one reply, and hears about the pauses between reads.
pub(crate) trait Taker {
    /// Takes the next piece.
    ///
    /// # Errors
    /// Of the taker; they end the reading.
    fn take(&mut self, piece: Piece<'_>) -> Result<(), Failure>;

    /// Called when all pieces of one read are taken, also in front of a failure.
    ///
    /// # Errors
    /// As [`Taker::take`].
    fn pause(&mut self) -> Result<(), Failure>;
}

/// Reads a body to its terminator, or its end. `read` fills a buffer with what comes next and returns how much that
/// is; 0 is the end.
///
/// # Errors
/// Of `read`, the wire room and the taker.
pub(crate) fn read_pieces(
    mut read: impl FnMut(&mut [u8]) -> Result<usize, Failure>,
    mut reader: ReplyReader,
    taker: &mut impl Taker,
) -> Result<(), Failure> {
    let mut buffer = vec![0; READ_BYTES];
    loop {
        let length = read(&mut buffer)?;
        let fed = if length == 0 {
            reader.finish(&mut |piece| taker.take(piece)).map(|()| Progress::Done)
        } else {
            reader.feed(&buffer[..length], &mut |piece| taker.take(piece))
        };
        taker.pause()?;
        if fed? == Progress::Done {
            return Ok(());
        }
    }
}

/// Says what the head of a reply tells (`-v`): status, time, request id, rate limits; never a key.
fn tell_head(live: &mut Live<'_>, incoming: &Incoming, began: Instant) {
    let head = format!("< {} after {} ms", incoming.status, began.elapsed().as_millis());
    live.output.say(&head);
    for line in telling(&incoming.headers) {
        live.output.say(&format!("< {line}"));
    }
}

/// The headers worth showing. Source: wire §1.8, codex §3.5.
fn telling(headers: &Headers) -> impl Iterator<Item = String> + '_ {
    const NAMES: &[&str] = &["retry-after", "retry-after-ms", "server"];
    const STARTS: &[&str] = &["x-ratelimit-", "x-codex-", "openai-"];
    headers.0.iter().filter_map(|(name, value)| {
        let name = name.to_ascii_lowercase();
        let is_known = |known: &[&str]| known.contains(&name.as_str());
        let told =
            is_known(NAMES) || is_known(refusal::REQUEST_IDS) || STARTS.iter().any(|start| name.starts_with(start));
        told.then(|| format!("{name}: {value}"))
    })
}
