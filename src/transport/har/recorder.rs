//! Writes exchanges into a HAR file, one entry after another.
//!
//! The entries go into a file without a name, so that nothing of it is left however the run ends.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, Write};
use std::path::Path;

use super::exchange::HarExchange;
use crate::failure::{Failure, Kind, os_reason};
use crate::request::Call;
use crate::response::Headers;

/// The text before the entries.
const START: &str = concat!(
    r#"{"log":{"version":"1.2","creator":{"name":"lmpipe","version":""#,
    env!("CARGO_PKG_VERSION"),
    r#""},"entries":["#
);
/// The text behind them.
const END: &str = "]}}\n";

/// A HAR file that is being written.
pub(super) struct HarRecorder {
    /// The path it will have.
    path: String,
    /// The text so far.
    draft: BufWriter<File>,
    /// How many entries are written.
    entries: usize,
    /// The exchange that goes on.
    exchange: Option<HarExchange>,
    /// How many bytes are kept of each reply.
    reply_bytes: usize,
    /// Whether a reply was longer than that.
    is_cut: bool,
    /// The first error in writing; the run goes on, and fails with it at its end.
    error: Option<io::Error>,
}

/// A HAR file that is complete and not in its place yet.
pub(crate) struct Capture {
    /// The path it will have.
    pub(crate) path: String,
    /// Its text.
    pub(crate) text: File,
    /// What the user should know about it.
    pub(crate) notice: Option<String>,
}

impl HarRecorder {
    /// Begins the file that will be `path`.
    ///
    /// # Errors
    /// `Local` if it cannot be written.
    pub(super) fn begin(path: &str, reply_bytes: usize) -> Result<Self, Failure> {
        let draft = draft(Path::new(path)).map_err(|error| unwritable(path, &error))?;
        Ok(Self { path: path.to_owned(), draft, entries: 0, exchange: None, reply_bytes, is_cut: false, error: None })
    }

    /// A call is sent: the exchange before it is over.
    pub(super) fn begin_exchange(&mut self, call: &Call) {
        self.end_exchange();
        self.exchange = Some(HarExchange::new(call.clone(), self.reply_bytes));
    }

    /// Status and headers of the reply came.
    pub(super) fn head(&mut self, status: u16, headers: &Headers) {
        if let Some(exchange) = &mut self.exchange {
            exchange.head(status, headers.clone());
        }
    }

    /// A read returned these bytes of its body.
    pub(super) fn chunk(&mut self, bytes: &[u8]) {
        if let Some(exchange) = self.exchange.as_mut().filter(|_| !bytes.is_empty()) {
            exchange.chunk(bytes);
        }
    }

    /// The exchange failed.
    pub(super) fn fail(&mut self, failure: &Failure) {
        if let Some(exchange) = &mut self.exchange {
            exchange.fail(failure);
        }
    }

    /// Ends the file.
    ///
    /// # Errors
    /// `Local` if a part of it could not be written.
    pub(super) fn close(&mut self) -> Result<Capture, Failure> {
        self.end_exchange();
        let text = self.error.take().map_or_else(|| self.end_text(), Err);
        let text = text.map_err(|error| unwritable(&self.path, &error))?;
        let notice = self.is_cut.then(|| {
            let (path, most) = (&self.path, self.reply_bytes);
            format!("'{path}' does not hold the whole reply: --capture keeps {most} bytes of one (--max-reply)")
        });
        Ok(Capture { path: self.path.clone(), text, notice })
    }

    /// Writes the end of the file and goes back to its start.
    fn end_text(&mut self) -> io::Result<File> {
        self.draft.write_all(END.as_bytes())?;
        self.draft.flush()?;
        self.draft.rewind()?;
        self.draft.get_ref().try_clone()
    }

    /// Writes the exchange that went on, if any.
    fn end_exchange(&mut self) {
        let Some(exchange) = self.exchange.take() else { return };
        self.is_cut |= exchange.is_cut();
        if self.error.is_none() {
            self.error = self.write_entry(exchange).err();
        }
    }

    /// Writes one entry.
    fn write_entry(&mut self, exchange: HarExchange) -> io::Result<()> {
        self.draft.write_all(if self.entries == 0 { "\n" } else { ",\n" }.as_bytes())?;
        self.entries += 1;
        Ok(serde_json::to_writer(&mut self.draft, &exchange.into_entry())?)
    }
}

/// A file without a name that holds [`START`]: in the folder of `path`, where there should be room for it, or in that
/// of temporary files if `path` is a FIFO or device.
fn draft(path: &Path) -> io::Result<BufWriter<File>> {
    let file = match fs::metadata(path) {
        Ok(known) if known.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(known) if !known.is_file() => tempfile::tempfile()?,
        _ => tempfile::tempfile_in(path.parent().unwrap_or(Path::new("")))?,
    };
    let mut draft = BufWriter::new(file);
    draft.write_all(START.as_bytes())?;
    Ok(draft)
}

/// The failure of a file that cannot be written.
fn unwritable(path: &str, error: &io::Error) -> Failure {
    Failure::new(Kind::Local, format!("cannot write '{path}' (from --capture)"), os_reason(error))
}
