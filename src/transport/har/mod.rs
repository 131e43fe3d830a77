//! Recordings of exchanges as HAR 1.2: written beside the network (`--capture`), or answering in its place
//! (`--replay`).
//!
//! Source: HAR 1.2 (Odvarko). Beside it an entry has `_chunks`, when how many bytes of the body came, and, where the
//! exchange failed on our side, `_failure`, what was told.

mod differ;
mod entry;
mod recorder;
mod recording;
mod shape;
mod spool;

use std::cell::RefCell;
use std::io::Read;
use std::rc::Rc;

use self::recorder::Recorder;
pub(crate) use self::recording::Pace;
use self::recording::Recording;
#[cfg(any(test, fuzzing))]
pub(super) use self::recording::laws;
pub(super) use self::recording::{Playback, Replayed};
use crate::failure::Failure;
use crate::request::Call;
use crate::response::Headers;

/// What stands for a login, a key or an organisation.
const REDACTED: &str = "REDACTED";

/// What is recorded and what answers, for every client of a run; by default neither.
#[derive(Clone, Default)]
pub(crate) struct Tapes {
    /// Takes every exchange down.
    recorder: Option<Rc<RefCell<Recorder>>>,
    /// Answers in the network's place.
    recording: Option<Rc<RefCell<Recording>>>,
}

impl Tapes {
    /// Begins the file `capture` and reads the file `replay`, where they are named.
    ///
    /// # Errors
    /// `Local` where `capture` cannot be written, `Usage` where `replay` cannot be read or is no HAR file.
    pub(crate) fn open(capture: Option<&str>, replay: Option<&str>, pace: Pace) -> Result<Self, Failure> {
        let recording = replay.map(|path| Recording::read(path, pace)).transpose()?;
        let recorder = capture.map(Recorder::begin).transpose()?;
        Ok(Self {
            recorder: recorder.map(|recorder| Rc::new(RefCell::new(recorder))),
            recording: recording.map(|recording| Rc::new(RefCell::new(recording))),
        })
    }

    /// Ends the capture, if there is one, and hands its path and text to `place`.
    ///
    /// # Errors
    /// `Local` where it could not be written; whatever `place` fails with.
    pub(crate) fn close(self, place: impl FnOnce(&str, &mut dyn Read) -> Result<(), Failure>) -> Result<(), Failure> {
        self.recorder.map_or(Ok(()), |recorder| recorder.borrow_mut().close(place))
    }

    /// Whether time does not pass: waits between tries are left out too.
    pub(crate) fn is_instant(&self) -> bool {
        self.recording.as_ref().is_some_and(|recording| recording.borrow().pace == Pace::Instant)
    }

    /// Whether no network is needed, and so no key either.
    pub(crate) fn is_replay(&self) -> bool {
        self.recording.is_some()
    }

    /// Notes that a call is sent.
    pub(super) fn begin(&self, call: &Call) {
        self.record(|recorder| recorder.call(call));
    }

    /// Notes the head of its reply.
    pub(super) fn head(&self, status: u16, headers: &Headers) {
        self.record(|recorder| recorder.head(status, headers));
    }

    /// Notes a stretch of its body; an empty one is its end.
    pub(super) fn chunk(&self, bytes: &[u8]) {
        self.record(|recorder| recorder.chunk(bytes));
    }

    /// Notes how it failed.
    pub(super) fn fault(&self, failure: &Failure) {
        self.record(|recorder| recorder.fault(failure));
    }

    /// The recorded answer to a call; `None` where the network is to be asked.
    pub(super) fn replay(&self, call: &Call) -> Option<Result<Replayed, Failure>> {
        self.recording.as_ref().map(|recording| recording.borrow_mut().answer(call))
    }

    /// Tells the recorder something, if there is one.
    fn record(&self, tell: impl FnOnce(&mut Recorder)) {
        if let Some(recorder) = &self.recorder {
            tell(&mut recorder.borrow_mut());
        }
    }
}

/// Splits a URL into what comes before its query and the query's pairs as they are written.
fn split_query(url: &str) -> (&str, Vec<(&str, &str)>) {
    let url = url.split('#').next().unwrap_or_default();
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    (base, pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect())
}

/// Whether a query parameter of this name may hold a key.
fn is_secret_parameter(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name == "sig" || ["key", "token", "secret", "signature", "password"].iter().any(|part| name.contains(part))
}
