//! A body as bytes: its length, a reader, an indented form.
use std::io::{self, Read, Write};

use crate::request::Body;

impl Body {
    /// Length of the body in bytes, base64 included.
    pub(crate) fn len(&self) -> u64 {
        unimplemented!()
    }

    /// A reader over the bytes sent; each attempt takes a new one.
    pub(crate) fn reader(&self) -> BodyReader<'_> {
        unimplemented!()
    }

    /// The whole body in memory.
    pub(crate) fn to_vec(&self) -> Vec<u8> {
        unimplemented!()
    }
}

/// Reads a body segment by segment, base64 encoded on the way.
pub(crate) struct BodyReader<'a>(&'a Body);

impl Read for BodyReader<'_> {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        unimplemented!()
    }
}

/// Copies compact JSON from `json` to `out`, indented by two spaces.
pub(crate) fn indent(json: impl Read, out: &mut dyn Write) -> io::Result<()> {
    drop((json, out));
    unimplemented!()
}
