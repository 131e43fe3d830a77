//! A request body as bytes: its length, and a reader for sending it.
//!
//! A body is a list of segments, so that a prompt or a picture is in memory once however often it is sent; base64 is
//! made while sending.

use std::io::{self, Read};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::request::{Body, Segment};

/// Reads a body segment by segment; files are encoded into the caller's buffer.
pub(crate) struct BodyReader<'a> {
    /// The segment being read and those after it.
    segments: &'a [Segment],
    /// Bytes of the first segment that are read already, counted before encoding.
    read: usize,
    /// One encoded group for a buffer with less than four bytes of room.
    group: [u8; 4],
    /// How many bytes at the end of `group` are still to be read.
    held: usize,
}

impl Body {
    /// Length of the body in bytes as it is sent, base64 included.
    pub(crate) fn len(&self) -> u64 {
        self.segments
            .iter()
            .map(|segment| match segment {
                Segment::Bytes(bytes) => bytes.len() as u64,
                Segment::Text(text) => text.len() as u64,
                Segment::Base64(blob) => (blob.0.len() as u64).div_ceil(3) * 4,
            })
            .sum()
    }

    /// A reader at the first byte; each attempt takes a new one.
    pub(crate) fn reader(&self) -> BodyReader<'_> {
        BodyReader { segments: &self.segments, read: 0, group: [0; 4], held: 0 }
    }

    /// The whole body in memory, for printing and comparing.
    pub(crate) fn to_vec(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(usize::try_from(self.len()).unwrap_or_default());
        self.reader().read_to_end(&mut bytes).expect("a body is read from memory");
        bytes
    }
}

impl Read for BodyReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            let room = &mut buffer[filled..];
            filled += if self.held > 0 {
                let count = self.held.min(room.len());
                let from = self.group.len() - self.held;
                room[..count].copy_from_slice(&self.group[from..from + count]);
                self.held -= count;
                count
            } else {
                match self.segments.first() {
                    None => break,
                    Some(Segment::Bytes(bytes)) => self.copy(bytes, room),
                    Some(Segment::Text(text)) => self.copy(text.as_bytes(), room),
                    Some(Segment::Base64(blob)) => self.encode(&blob.0, room),
                }
            };
        }
        Ok(filled)
    }
}

impl<'a> BodyReader<'a> {
    /// Copies what fits of a plain segment and returns the count; goes to the next segment at its end.
    fn copy(&mut self, bytes: &'a [u8], room: &mut [u8]) -> usize {
        let rest = &bytes[self.read..];
        let count = rest.len().min(room.len());
        room[..count].copy_from_slice(&rest[..count]);
        self.advance(count, bytes.len());
        count
    }

    /// Encodes as many whole groups of a file as fit and returns the characters written; a group that does not fit
    /// is kept for the next read.
    fn encode(&mut self, bytes: &'a [u8], room: &mut [u8]) -> usize {
        let rest = &bytes[self.read..];
        let taken = rest.len().min((room.len() / 4).max(1) * 3);
        // A multiple of three except at the end of the file, so that padding stands at the end alone.
        self.advance(taken, bytes.len());
        let fits = "the output has four bytes for each three of the input";
        if taken.div_ceil(3) * 4 <= room.len() {
            return STANDARD.encode_slice(&rest[..taken], room).expect(fits);
        }
        self.held = STANDARD.encode_slice(&rest[..taken], &mut self.group).expect(fits);
        0
    }

    /// Counts `count` more bytes read of a segment of `length` bytes.
    fn advance(&mut self, count: usize, length: usize) {
        self.read += count;
        if self.read == length {
            self.segments = &self.segments[1..];
            self.read = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use proptest::prelude::*;

    use super::*;
    use crate::request::Blob;

    /// Reads a body in pieces of `step` bytes.
    fn read_by(body: &Body, step: usize) -> Vec<u8> {
        let mut reader = body.reader();
        let mut buffer = vec![0; step];
        let mut all = Vec::new();
        loop {
            let count = reader.read(&mut buffer).unwrap();
            if count == 0 {
                return all;
            }
            all.extend_from_slice(&buffer[..count]);
        }
    }

    fn body(blob: Vec<u8>) -> Body {
        Body {
            segments: vec![
                Segment::Bytes(b"{\"a\":\"".to_vec()),
                Segment::Text(Rc::new("shared".into())),
                Segment::Bytes(Vec::new()),
                Segment::Base64(Blob(Rc::new(blob))),
                Segment::Bytes(b"\"}".to_vec()),
            ],
        }
    }

    proptest! {
        #[test]
        fn every_buffer_size_reads_the_same_bytes(blob: Vec<u8>, step in 1usize..40) {
            let body = body(blob.clone());
            let expected = format!("{{\"a\":\"shared{}\"}}", STANDARD.encode(&blob));
            prop_assert_eq!(body.len(), expected.len() as u64);
            prop_assert_eq!(read_by(&body, step), expected.as_bytes());
            prop_assert_eq!(body.to_vec(), expected.as_bytes());
        }
    }

    #[test]
    fn an_empty_body_has_no_bytes() {
        assert_eq!((Body::default().len(), Body::default().to_vec()), (0, Vec::new()));
    }

    #[test]
    fn a_body_is_read_anew_by_each_reader() {
        let body = body(vec![1, 2, 3, 4]);
        assert_eq!(read_by(&body, 7), read_by(&body, 7));
    }
}
