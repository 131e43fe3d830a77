//! Answers calls from a HAR file: ours, or one a browser or mitmproxy saved.

#[cfg(any(test, fuzzing))]
pub(crate) mod laws;

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::differ::{Asked, Difference, difference};
use crate::failure::{Failure, Kind, TABLE, os_reason};
use crate::request::Call;
use crate::response::Headers;

/// Headers about how a body travelled: a recorded one is decoded.
const TRAVEL_HEADERS: &[&str] = &["content-encoding", "content-length", "transfer-encoding"];

/// How fast a recording answers (`--replay-speed`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Pace {
    /// As fast as it can.
    #[default]
    Instant,
    /// As fast as the server did.
    Real,
}

/// Status, headers and body of a recorded reply.
pub(crate) type Replayed = (u16, Headers, Playback);

/// The exchanges of a file, each of which answers once.
pub(super) struct Recording {
    /// The file.
    path: String,
    /// How fast it answers.
    pub(super) pace: Pace,
    /// The exchanges in their order; one that answered is gone.
    entries: Vec<Option<Entry>>,
}

impl Recording {
    /// Reads a HAR file.
    ///
    /// # Errors
    /// `Usage` where it cannot be read or is no HAR file.
    pub(super) fn read(path: &str, pace: Pace) -> Result<Self, Failure> {
        let bytes = fs::read(path).map_err(|error| unreadable(path, os_reason(&error)))?;
        Self::parse(&bytes, path, pace)
    }

    /// Reads the text of a HAR file.
    ///
    /// # Errors
    /// `Usage` where it is none.
    fn parse(bytes: &[u8], path: &str, pace: Pace) -> Result<Self, Failure> {
        let json = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let har: Har =
            serde_json::from_slice(json).map_err(|error| unreadable(path, format!("not a HAR file: {error}")))?;
        Ok(Self { path: path.to_owned(), pace, entries: har.log.entries.into_iter().map(Some).collect() })
    }

    /// The answer of the first exchange not used yet whose method, path, query and body are those of `call`.
    ///
    /// # Errors
    /// `Usage` where there is none, naming what differs from the nearest one; else the failure that was recorded.
    pub(super) fn answer(&mut self, call: &Call) -> Result<Replayed, Failure> {
        let body = call.body.as_ref().map(|body| String::from_utf8(body.to_vec()).unwrap_or_default());
        let asked = Asked { method: call.method, url: &call.url, body: body.as_deref() };
        let mut nearest: Option<Difference> = None;
        for place in 0..self.entries.len() {
            let Some(entry) = &self.entries[place] else { continue };
            match difference(&asked, &entry.asked()) {
                Some(miss) if nearest.as_ref().is_none_or(|nearest| nearest.part < miss.part) => nearest = Some(miss),
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
    /// How much of it is handed out.
    position: usize,
    /// The stretches in which it came, the next one last.
    chunks: Vec<Chunk>,
    /// What ends it; told once.
    failure: Option<Failure>,
    /// When the call was sent, where time passes.
    clock: Option<Instant>,
}

impl Playback {
    /// Hands out the next stretch, or what of it fits; 0 is the end.
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Failure> {
        let rest = &self.bytes[self.position..];
        if rest.is_empty() {
            return self.failure.take().map_or(Ok(0), Err);
        }
        // Behind the last stretch that is told of, everything else comes at once.
        let stretch = self.chunks.last().copied().unwrap_or(Chunk { time: 0.0, size: rest.len() });
        wait_until(self.clock, stretch.time);
        let count = stretch.size.min(rest.len()).min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.position += count;
        match self.chunks.last_mut() {
            Some(chunk) if count < chunk.size => chunk.size -= count,
            _ => drop(self.chunks.pop()),
        }
        Ok(count)
    }
}

/// The failure of a file that cannot answer.
fn unreadable(path: &str, why: impl Into<String>) -> Failure {
    Failure::usage(format!("cannot replay '{path}' (from --replay)"), why)
}

/// Waits until so many milliseconds have passed, where time passes.
fn wait_until(clock: Option<Instant>, milliseconds: f64) {
    if let Some(clock) = clock {
        let due = Duration::try_from_secs_f64(milliseconds / 1e3).unwrap_or_default();
        thread::sleep(due.saturating_sub(clock.elapsed()));
    }
}

/// A HAR file, as far as it answers calls.
#[derive(Deserialize)]
struct Har {
    /// Its one member.
    log: Log,
}

/// The log of a HAR file.
#[derive(Deserialize)]
struct Log {
    /// The exchanges.
    entries: Vec<Entry>,
}

/// One exchange.
#[derive(Deserialize)]
struct Entry {
    /// What was asked.
    request: Request,
    /// What was answered.
    response: Response,
    /// Where the time went.
    #[serde(default)]
    timings: Timings,
    /// When how much of the body came.
    #[serde(rename = "_chunks", default)]
    chunks: Vec<Chunk>,
    /// How it failed.
    #[serde(rename = "_failure")]
    failure: Option<Told>,
}

/// A call.
#[derive(Deserialize)]
struct Request {
    /// `POST` or `GET`.
    method: String,
    /// The URL.
    url: String,
    /// The body.
    #[serde(rename = "postData")]
    post_data: Option<Posted>,
}

/// The body of a call.
#[derive(Deserialize)]
struct Posted {
    /// The text, where it was saved.
    text: Option<String>,
}

/// A reply.
#[derive(Deserialize)]
struct Response {
    /// The status; 0 or negative where none came.
    status: i32,
    /// The headers.
    #[serde(default)]
    headers: Vec<Pair>,
    /// The body.
    #[serde(default)]
    content: Content,
}

/// The body of a reply.
#[derive(Default, Deserialize)]
struct Content {
    /// The text, where it was saved.
    text: Option<String>,
    /// `base64`, where it is not text.
    encoding: Option<String>,
    /// Its length.
    #[serde(default)]
    size: i64,
}

/// A header.
#[derive(Deserialize)]
struct Pair {
    /// Its name.
    name: String,
    /// Its value.
    value: String,
}

/// Where the time went.
#[derive(Default, Deserialize)]
struct Timings {
    /// Milliseconds until the head of the reply.
    #[serde(default)]
    wait: f64,
}

/// A stretch of a body.
#[derive(Clone, Copy, Deserialize)]
struct Chunk {
    /// Milliseconds since the call.
    time: f64,
    /// Bytes.
    size: usize,
}

/// How an exchange failed.
#[derive(Deserialize)]
struct Told {
    /// The name in the exit table.
    kind: String,
    /// What failed.
    what: String,
    /// Why.
    why: String,
    /// What to do.
    hint: String,
    /// Whether another try may help.
    transient: bool,
}

impl Entry {
    /// What was asked.
    fn asked(&self) -> Asked<'_> {
        let body = self.request.post_data.as_ref().and_then(|posted| posted.text.as_deref());
        Asked { method: &self.request.method, url: &self.request.url, body }
    }

    /// What was answered.
    fn reply(self, path: &str, pace: Pace) -> Result<Replayed, Failure> {
        let clock = (pace == Pace::Real).then(Instant::now);
        wait_until(clock, self.timings.wait);
        let failure = self.failure.map(Told::failure);
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
        let headers = headers.filter(|(name, _)| !TRAVEL_HEADERS.contains(&name.as_str()));
        let chunks = self.chunks.into_iter().rev().filter(|chunk| chunk.size > 0).collect();
        Ok((status, Headers(headers.collect()), Playback { bytes, position: 0, chunks, failure, clock }))
    }
}

impl Told {
    /// The failure that was told; one of a kind nobody knows is `Network`, as nearly all of this room are.
    fn failure(self) -> Failure {
        let kind = TABLE.iter().find(|row| row.name == self.kind).map_or(Kind::Network, |row| row.kind);
        let failure = Failure::new(kind, self.what, self.why).hint(self.hint);
        if self.transient { failure.transient() } else { failure }
    }
}
