//! The interface of a dialect's reply decoder.

use std::fmt::Debug;

use super::decode_error::DecodeError;
use super::lenient::{Raw, some_text};
use crate::failure::Failure;
use crate::response::Piece;

/// Takes the pieces of a reply in order; an error of its own ends the reading.
pub(crate) type Sink<'s> = dyn FnMut(Piece<'_>) -> Result<(), Failure> + 's;

/// Whether a reply needs further bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// More may come.
    More,
    /// The reply is complete: stop reading at once, whatever follows.
    Done,
}

/// Passes on the id and the model of a reply, each once.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReplyOrigin {
    /// Whether the id was passed on.
    has_id: bool,
    /// Whether the model was passed on.
    has_model: bool,
}

impl ReplyOrigin {
    /// Passes on what came first with these members.
    pub(crate) fn emit(&mut self, id: Raw<'_>, model: Raw<'_>, sink: &mut Sink<'_>) -> Result<(), Failure> {
        if !self.has_id
            && let Some(id) = some_text(id)
        {
            self.has_id = true;
            sink(Piece::Id(id))?;
        }
        if !self.has_model
            && let Some(model) = some_text(model)
        {
            self.has_model = true;
            sink(Piece::Model(model))?;
        }
        Ok(())
    }
}

/// Decodes the JSON objects of one reply; what is no object, and the stream's own `[DONE]` and `error` events, are
/// handled before it.
pub(crate) trait Decoder: Debug {
    /// Passes the pieces of one stream event to `sink`; `Done` after the event that ends the stream.
    ///
    /// # Errors
    /// What the reply is instead of an answer, after the pieces that came before it.
    fn take_event(&mut self, json: &str, sink: &mut Sink<'_>) -> Result<Progress, DecodeError>;

    /// Passes the pieces of a whole reply to `sink`.
    ///
    /// # Errors
    /// As [`Decoder::take_event`].
    fn take_document(&mut self, json: &str, sink: &mut Sink<'_>) -> Result<(), DecodeError>;

    /// True once any part of an answer came, even an empty one.
    fn has_answer(&self) -> bool;

    /// True where the answer is complete though no terminator came.
    fn is_whole(&self) -> bool;

    /// A copy, for tests that end one reply at every byte.
    #[cfg(test)]
    fn copy(&self) -> Box<dyn Decoder>;
}

#[cfg(test)]
impl Clone for Box<dyn Decoder> {
    fn clone(&self) -> Self {
        (**self).copy()
    }
}
