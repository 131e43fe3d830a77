//! Takes exchanges down as a HAR file, one entry after another, and hands it over when it is whole.

use std::fs;
use std::io::{self, BufWriter, Read, Write};
use std::path::PathBuf;

use super::entry::Exchange;
use super::spool::{Scratch, Spool};
use crate::failure::{Failure, Kind, os_reason};
use crate::request::Call;
use crate::response::Headers;

/// What stands before the entries.
const START: &str = concat!(
    r#"{"log":{"version":"1.2","creator":{"name":"lmpipe","version":""#,
    env!("CARGO_PKG_VERSION"),
    r#""},"entries":["#
);
/// What stands behind them.
const END: &str = "]}}\n";

/// A HAR file that is being written.
pub(super) struct Recorder {
    /// Where it will be.
    path: String,
    /// Where it is until then; `None` once it was handed over.
    draft: Option<BufWriter<Scratch>>,
    /// The body of the reply that is coming.
    spool: Spool,
    /// The exchange that goes on.
    exchange: Option<Exchange>,
    /// How many entries are written.
    entries: usize,
    /// The first fault met in writing; the run goes on, and it is told at the end.
    fault: Option<io::Error>,
}

impl Recorder {
    /// Begins the file that will be `path`.
    ///
    /// # Errors
    /// `Local` where it cannot be written.
    pub(super) fn begin(path: &str) -> Result<Self, Failure> {
        let begun = stem(path).and_then(|stem| {
            let scratch = |suffix: &str| PathBuf::from(format!("{stem}.{}.{suffix}", std::process::id()));
            let mut draft = BufWriter::new(Scratch::create(scratch("part"))?);
            draft.write_all(START.as_bytes())?;
            Ok((Spool::begin(scratch("body"))?, draft))
        });
        let (spool, draft) = begun.map_err(|error| unwritable(path, &error))?;
        Ok(Self { path: path.to_owned(), draft: Some(draft), spool, exchange: None, entries: 0, fault: None })
    }

    /// A call is sent: the exchange before it is over.
    pub(super) fn call(&mut self, call: &Call) {
        self.write_entry();
        self.exchange = Some(Exchange::new(call.clone()));
    }

    /// The head of its reply came.
    pub(super) fn head(&mut self, status: u16, headers: &Headers) {
        if let Some(exchange) = &mut self.exchange {
            exchange.head(status, headers.clone());
        }
    }

    /// A stretch of its body came.
    pub(super) fn chunk(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        if let Some(exchange) = &mut self.exchange {
            exchange.chunk(bytes.len());
            let pushed = self.spool.push(bytes);
            self.note(pushed);
        }
    }

    /// It failed.
    pub(super) fn fault(&mut self, failure: &Failure) {
        if let Some(exchange) = &mut self.exchange {
            exchange.fault(failure.clone());
        }
    }

    /// Ends the file and hands its path and text to `place`.
    ///
    /// # Errors
    /// `Local` where any of it could not be written; whatever `place` fails with.
    pub(super) fn close(
        &mut self,
        place: impl FnOnce(&str, &mut dyn Read) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.write_entry();
        let Some(mut draft) = self.draft.take() else { return Ok(()) };
        let written = match self.fault.take() {
            Some(fault) => Err(fault),
            None => draft.write_all(END.as_bytes()).and_then(|()| draft.flush()),
        };
        let text = written.and_then(|()| draft.get_ref().reader());
        let mut text = text.map_err(|error| unwritable(&self.path, &error))?;
        place(&self.path, &mut text)
    }

    /// Writes the exchange that went on, if any.
    fn write_entry(&mut self) {
        let Some(exchange) = self.exchange.take() else { return };
        let Some(draft) = &mut self.draft else { return };
        if self.fault.is_some() {
            return;
        }
        let separator = if self.entries == 0 { "\n" } else { ",\n" };
        let written = draft
            .write_all(separator.as_bytes())
            .and_then(|()| serde_json::to_writer(draft, &exchange.entry(&self.spool)).map_err(io::Error::from));
        self.entries += 1;
        let cleared = self.spool.clear();
        self.note(written.and(cleared));
    }

    /// Keeps the first fault.
    fn note(&mut self, written: io::Result<()>) {
        if let Err(error) = written {
            self.fault.get_or_insert(error);
        }
    }
}

/// What the names of files that are needed until then begin with: beside `path` there is room for it, but not where
/// it is no regular file (a FIFO, `/dev/stdout`).
fn stem(path: &str) -> io::Result<String> {
    match fs::metadata(path) {
        Ok(known) if known.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        Ok(known) if !known.is_file() => Ok(std::env::temp_dir().join("lmpipe").display().to_string()),
        _ => Ok(path.to_owned()),
    }
}

/// The failure for a file that cannot be written.
fn unwritable(path: &str, error: &io::Error) -> Failure {
    Failure::new(Kind::Local, format!("cannot write '{path}' (from --capture)"), os_reason(error))
}
