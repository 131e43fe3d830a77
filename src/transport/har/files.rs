//! The HAR files of a run, shared by all its clients: one being written, one that answers, both or neither.

use std::cell::RefCell;
use std::rc::Rc;

use super::recorder::{Capture, HarRecorder};
use super::replay::{HarReplay, Pace, Replayed};
use crate::failure::Failure;
use crate::request::Call;
use crate::response::Headers;

/// The files of `--capture` and `--replay`; by default neither.
#[derive(Clone, Default)]
pub(crate) struct HarFiles {
    /// Records every exchange.
    recorder: Option<Rc<RefCell<HarRecorder>>>,
    /// Answers in place of the network.
    replay: Option<Rc<RefCell<HarReplay>>>,
}

impl HarFiles {
    /// Begins the file `capture` and reads the file `replay`, if they are given. Of each reply about
    /// `reply_bytes` are recorded.
    ///
    /// # Errors
    /// `Local` if `capture` cannot be written, `Usage` if `replay` cannot be read or is no HAR file.
    pub(crate) fn open(
        capture: Option<&str>,
        replay: Option<&str>,
        pace: Pace,
        reply_bytes: usize,
    ) -> Result<Self, Failure> {
        let replay = replay.map(|path| HarReplay::read(path, pace)).transpose()?;
        let recorder = capture.map(|path| HarRecorder::begin(path, reply_bytes)).transpose()?;
        Ok(Self {
            recorder: recorder.map(|recorder| Rc::new(RefCell::new(recorder))),
            replay: replay.map(|replay| Rc::new(RefCell::new(replay))),
        })
    }

    /// Ends the recording, if there is one, and returns it; the caller puts it in its place.
    ///
    /// # Errors
    /// `Local` if a part of it could not be written.
    pub(crate) fn close(self) -> Result<Option<Capture>, Failure> {
        self.recorder.map(|recorder| recorder.borrow_mut().close()).transpose()
    }

    /// Whether nothing waits: retries do not either.
    pub(crate) fn is_instant(&self) -> bool {
        self.replay.as_ref().is_some_and(|replay| replay.borrow().pace == Pace::Instant)
    }

    /// Whether no network is needed, and so no key either.
    pub(crate) fn is_replay(&self) -> bool {
        self.replay.is_some()
    }

    /// Records that a call is sent.
    pub(crate) fn begin(&self, call: &Call) {
        self.record(|recorder| recorder.begin_exchange(call));
    }

    /// Records status and headers of its reply.
    pub(crate) fn head(&self, status: u16, headers: &Headers) {
        self.record(|recorder| recorder.head(status, headers));
    }

    /// Records what one read returned of its body; nothing is its end.
    pub(crate) fn chunk(&self, bytes: &[u8]) {
        self.record(|recorder| recorder.chunk(bytes));
    }

    /// Records the failure that ends the exchange.
    pub(crate) fn fail(&self, failure: &Failure) {
        self.record(|recorder| recorder.fail(failure));
    }

    /// The recorded reply to a call; `None` if the network is to be asked.
    pub(crate) fn replay(&self, call: &Call) -> Option<Result<Replayed, Failure>> {
        self.replay.as_ref().map(|replay| replay.borrow_mut().answer(call))
    }

    /// Calls the recorder, if there is one.
    fn record(&self, step: impl FnOnce(&mut HarRecorder)) {
        if let Some(recorder) = &self.recorder {
            step(&mut recorder.borrow_mut());
        }
    }
}
