//! Takes exchanges down into a HAR file, one entry after another, and puts the file in its place when it is whole.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use super::entry::Exchange;
use super::spool::{Spool, create};
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
    /// Where it is until then.
    draft: PathBuf,
    /// The draft; `None` once it is put in its place.
    file: Option<BufWriter<File>>,
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
        let beside = |suffix: &str| PathBuf::from(format!("{path}.{}.{suffix}", std::process::id()));
        let draft = beside("part");
        let begun = Spool::begin(beside("body")).and_then(|spool| {
            let mut file = BufWriter::new(create(&draft)?);
            file.write_all(START.as_bytes())?;
            Ok((spool, file))
        });
        let (spool, file) = begun.map_err(|error| unwritable(path, &error))?;
        let (file, exchange, entries, fault) = (Some(file), None, 0, None);
        Ok(Self { path: path.to_owned(), draft, file, spool, exchange, entries, fault })
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

    /// Ends the file and puts it in its place.
    ///
    /// # Errors
    /// `Local` where any of it could not be written; then there is no file.
    pub(super) fn close(&mut self) -> Result<(), Failure> {
        self.write_entry();
        let Some(mut file) = self.file.take() else { return Ok(()) };
        let written = match self.fault.take() {
            Some(fault) => Err(fault),
            None => file.write_all(END.as_bytes()).and_then(|()| file.flush()),
        };
        drop(file);
        let placed = written.and_then(|()| fs::rename(&self.draft, &self.path));
        if placed.is_err() {
            self.remove_draft();
        }
        placed.map_err(|error| unwritable(&self.path, &error))
    }

    /// Writes the exchange that went on, if any.
    fn write_entry(&mut self) {
        let Some(exchange) = self.exchange.take() else { return };
        let Some(file) = &mut self.file else { return };
        if self.fault.is_some() {
            return;
        }
        let separator = if self.entries == 0 { "\n" } else { ",\n" };
        let written = file
            .write_all(separator.as_bytes())
            .and_then(|()| serde_json::to_writer(file, &exchange.entry(&self.spool)).map_err(io::Error::from));
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

    /// Removes what is not finished.
    fn remove_draft(&self) {
        // Nothing is left to do about a file that cannot be removed.
        let _ = fs::remove_file(&self.draft);
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        if self.file.is_some() {
            self.remove_draft();
        }
    }
}

/// The failure for a file that cannot be written.
fn unwritable(path: &str, error: &io::Error) -> Failure {
    Failure::new(Kind::Local, format!("cannot write '{path}' (from --capture)"), os_reason(error))
}
