//! Answers calls from a HAR file: one of ours, or one that a browser or mitmproxy saved.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::format::{Har, HarChunk, HarEntry};
use super::matching::{Compared, Difference, difference};
use crate::failure::{Failure, os_reason};
use crate::request::Call;
use crate::response::Headers;

/// Headers about the coding of a body; a recorded body is decoded.
const CODING_HEADERS: &[&str] = &["content-encoding", "content-length", "transfer-encoding"];

/// How fast a recording answers (`--replay-speed`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Pace {
    /// Without any wait.
    #[default]
    Instant,
    /// With the recorded waits.
    Real,
}

/// Status, headers and body of a recorded reply.
pub(crate) type Replayed = (u16, Headers, Playback);

/// The exchanges of a HAR file; each answers once.
pub(super) struct HarReplay {
    /// The path of the file, for messages.
    path: String,
    /// How fast it answers.
    pub(super) pace: Pace,
    /// The exchanges in their order; `None` once it answered.
    entries: Vec<Option<HarEntry>>,
}

impl HarReplay {
    /// Reads a HAR file.
    ///
    /// # Errors
    /// `Usage` if it cannot be read or is no HAR file.
    pub(super) fn read(path: &str, pace: Pace) -> Result<Self, Failure> {
        let bytes = fs::read(path).map_err(|error| unreadable(path, os_reason(&error)))?;
        let json = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let har: Har =
            serde_json::from_slice(json).map_err(|error| unreadable(path, format!("not a HAR file: {error}")))?;
        Ok(Self { path: path.to_owned(), pace, entries: har.log.entries.into_iter().map(Some).collect() })
    }

    /// The reply of the first unused exchange whose method, path, query and body are those of `call`.
    ///
    /// # Errors
    /// `Usage` if there is none, naming the first difference from the nearest one; else the recorded failure.
    pub(super) fn answer(&mut self, call: &Call) -> Result<Replayed, Failure> {
        let body = call.body.as_ref().map(|body| String::from_utf8(body.to_vec()).unwrap_or_default());
        let asked = Compared { method: call.method, url: &call.url, body: body.as_deref() };
        let mut nearest: Option<Difference> = None;
        for place in 0..self.entries.len() {
            let Some(entry) = &self.entries[place] else { continue };
            match difference(&asked, &entry.compared()) {
                Some(miss) if nearest.as_ref().is_none_or(|nearest| nearest.place < miss.place) => nearest = Some(miss),
                Some(_) => {}
                None => match self.entries[place].take() {
                    Some(entry) => return entry.reply(&self.path, self.pace),
                    None => continue,
                },
            }
        }
        let why = nearest.as_ref().map_or("every recorded exchange is used", |miss| miss.words.as_str());
        Err(Failure::usage(format!("no exchange in '{}' answers this call", self.path), why))
    }
}

/// The body of a recorded reply.
pub(crate) struct Playback {
    /// The body.
    bytes: Vec<u8>,
    /// How many bytes of it were read.
    position: usize,
    /// The reads in which it came, the next one last.
    chunks: Vec<HarChunk>,
    /// The failure that ends it; returned once.
    failure: Option<Failure>,
    /// When the call was sent; `None` if nothing waits.
    clock: Option<Instant>,
}

impl Playback {
    /// Reads the next recorded chunk, or what of it fits, into `buffer`; 0 is the end.
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Failure> {
        let rest = &self.bytes[self.position..];
        if rest.is_empty() {
            return self.failure.take().map_or(Ok(0), Err);
        }
        // What lies behind the last recorded chunk comes at once.
        let next = self.chunks.last().copied().unwrap_or(HarChunk { time: 0.0, size: rest.len() });
        wait_until(self.clock, next.time);
        let count = next.size.min(rest.len()).min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.position += count;
        match self.chunks.last_mut() {
            Some(chunk) if count < chunk.size => chunk.size -= count,
            _ => drop(self.chunks.pop()),
        }
        Ok(count)
    }
}

/// The failure of a file that cannot be replayed.
fn unreadable(path: &str, why: impl Into<String>) -> Failure {
    Failure::usage(format!("cannot replay '{path}' (from --replay)"), why)
}

/// Waits until so many milliseconds have passed on `clock`.
fn wait_until(clock: Option<Instant>, milliseconds: f64) {
    if let Some(clock) = clock {
        let due = Duration::try_from_secs_f64(milliseconds / 1e3).unwrap_or_default();
        thread::sleep(due.saturating_sub(clock.elapsed()));
    }
}

impl HarEntry {
    /// The parts of the call that are compared.
    fn compared(&self) -> Compared<'_> {
        let body = self.request.post_data.as_ref().and_then(|posted| posted.text.as_deref());
        Compared { method: &self.request.method, url: &self.request.url, body }
    }

    /// The reply, or the failure in its place.
    fn reply(self, path: &str, pace: Pace) -> Result<Replayed, Failure> {
        let clock = (pace == Pace::Real).then(Instant::now);
        wait_until(clock, self.timings.wait);
        let failure = self.failure.map(Failure::from);
        let bodiless = |why: &str| unreadable(path, why);
        let status = match u16::try_from(self.response.status) {
            Ok(status) if status > 0 => status,
            _ => return Err(failure.unwrap_or_else(|| bodiless("the recorded call was not answered"))),
        };
        let content = self.response.content;
        let bytes = match (content.text, content.encoding.as_deref()) {
            (Some(text), Some("base64")) => {
                STANDARD.decode(text).map_err(|_| bodiless("the recorded answer is no base64"))?
            }
            (Some(text), _) => text.into_bytes(),
            (None, _) if content.size > 0 => return Err(bodiless("the recorded answer was saved without its text")),
            (None, _) => Vec::new(),
        };
        let headers = self.response.headers.into_iter().map(|pair| (pair.name.to_ascii_lowercase(), pair.value));
        let headers = headers.filter(|(name, _)| !CODING_HEADERS.contains(&name.as_str()));
        let chunks = self.chunks.into_iter().rev().filter(|chunk| chunk.size > 0).collect();
        Ok((status, Headers(headers.collect()), Playback { bytes, position: 0, chunks, failure, clock }))
    }
}
