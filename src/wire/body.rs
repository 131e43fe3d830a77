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
mod tests;
