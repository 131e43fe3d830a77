//! Reading a reply: its status, then its pieces, until the terminator or the first failure.

use std::time::SystemTime;

use crate::failure::Failure;
use crate::request::Endpoint;
use crate::response::Piece;
use crate::transport::http::Incoming;
use crate::url::display_url;
use crate::wire::Progress;
use crate::wire::reader::ReplyReader;
use crate::wire::refusal;

/// How much of the network is read at once; also the most that is written to stdout at once.
const READ_BYTES: usize = 16 * 1024;
/// How much is kept of an error body. Source: docs/contract.md §4.
const ERROR_BODY_BYTES: usize = 64 * 1024;

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

/// What takes the pieces of one reply.
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

/// Reads a body to its terminator, or its end. `read` fills a buffer with the next bytes and returns their number; 0 is
/// the end.
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
