//! Reply bytes become [`Piece`]s: the body is read as what it is, one JSON document or a stream, whatever was asked.
//!
//! Must not know sockets, statuses or what becomes of the pieces.

use crate::failure::{Failure, Kind};
use crate::request::Dialect;
use crate::response::Piece;

/// Takes the pieces of a reply in the order they are told; a failure of its own ends the reading.
pub(crate) type Sink<'s> = dyn FnMut(Piece<'_>) -> Result<(), Failure> + 's;

/// Whether a reply needs further bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// More may come.
    More,
    /// The terminator was read: stop reading at once, whatever follows.
    Done,
}

/// Reads the body of one reply with a 2xx status.
#[derive(Debug)]
pub(crate) struct Reader {
    /// The API that was spoken.
    dialect: Dialect,
    /// The server's name for messages.
    place: String,
    /// Longest document or single event, in bytes.
    limit_bytes: usize,
}

impl Reader {
    /// A reader at the start of a body; `place` names the server in messages, `limit_bytes` bounds a whole document
    /// and a single stream event.
    pub(crate) fn new(dialect: Dialect, place: &str, limit_bytes: usize) -> Self {
        Self { dialect, place: place.to_owned(), limit_bytes }
    }

    /// Takes the next bytes in, however they were cut.
    ///
    /// # Errors
    /// `Server` and the kinds of [`super::refusal`] for an error inside the reply or a reply that makes no sense;
    /// whatever `sink` fails with.
    pub(crate) fn feed(&mut self, _bytes: &[u8], _sink: &mut Sink<'_>) -> Result<Progress, Failure> {
        Ok(Progress::More)
    }

    /// Ends the body: nothing further will come.
    ///
    /// # Errors
    /// `Network` where the reply was cut before its end, else as [`Reader::feed`].
    pub(crate) fn finish(&mut self, _sink: &mut Sink<'_>) -> Result<(), Failure> {
        Err(Failure::new(Kind::Server, &self.place, "an empty reply"))
    }
}
