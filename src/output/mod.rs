//! EDGE out: the one owner of stdout and stderr.
//!
//! Knows nothing of requests or dialects. Text is held until the reader of the network pauses and then written at
//! once; a closed pipe and a full disk are failures here and nowhere else.

pub(crate) mod envelope;
mod interrupt;
pub(crate) mod terminal;

use std::borrow::Cow;
use std::io::{self, ErrorKind, Write};

use serde::Serialize;

use crate::args::ErrorForm;
use crate::failure::{Failure, Kind, os_reason};
use crate::json;
use crate::secret::Masker;
use terminal::Spinner;

/// How stderr and stdout look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    /// Stdout is a terminal: text on it is escaped, JSON indented.
    pub(crate) stdout_is_terminal: bool,
    /// Stderr is a terminal: what is written there is escaped.
    pub(crate) stderr_is_terminal: bool,
    /// Errors are coloured.
    pub(crate) color: bool,
    /// A spinner may be drawn.
    pub(crate) spinner: bool,
    /// Notices are left out.
    pub(crate) quiet: bool,
    /// Errors as text or JSON.
    pub(crate) errors: ErrorForm,
}

/// The two streams, and what is not written to them yet.
pub(crate) struct Output {
    /// Stdout.
    stdout: Box<dyn Write>,
    /// Stderr.
    stderr: Box<dyn Write>,
    /// Makes a second handle on stderr for the spinner's thread.
    spinner_terminal: fn() -> Box<dyn Write + Send>,
    /// The spinner, while it is drawn.
    spinner: Option<Spinner>,
    /// How both look.
    style: Style,
    /// Bytes for stdout that wait for [`Output::flush`].
    waiting: Vec<u8>,
    /// A carriage return whose next character is not known yet (terminals only).
    carriage_return: bool,
    /// The last byte given to stdout, if any.
    last_byte: Option<u8>,
    /// Stderr ends in the middle of a line (streamed reasoning).
    stderr_open_line: bool,
    /// Keeps keys off stderr: servers quote them in their errors.
    masker: Masker,
}

/// Bytes held before they are written without waiting for a pause.
const HOLD_BYTES: usize = 64 * 1024;

impl Output {
    /// Takes both streams over.
    pub(crate) fn new(
        stdout: Box<dyn Write>,
        stderr: Box<dyn Write>,
        spinner_terminal: fn() -> Box<dyn Write + Send>,
        style: Style,
    ) -> Self {
        Self {
            stdout,
            stderr,
            spinner_terminal,
            spinner: None,
            style,
            waiting: Vec::new(),
            carriage_return: false,
            last_byte: None,
            stderr_open_line: false,
            masker: Masker::default(),
        }
    }

    /// Keeps keys off stderr; takes those that were read.
    pub(crate) fn masker(&mut self) -> &mut Masker {
        &mut self.masker
    }

    /// Sets how things look once the settings are known.
    pub(crate) fn restyle(&mut self, style: Style) {
        self.style = style;
    }

    /// How things look.
    pub(crate) fn style(&self) -> Style {
        self.style
    }

    /// Draws the spinner until something is written.
    pub(crate) fn wait(&mut self) {
        if self.style.spinner && self.spinner.is_none() {
            self.spinner = Some(Spinner::start((self.spinner_terminal)()));
        }
    }

    /// Clears the spinner.
    pub(crate) fn stop_waiting(&mut self) {
        self.spinner = None;
    }

    /// Takes text for stdout; it is written at the next [`Output::flush`].
    ///
    /// # Errors
    /// As [`Output::flush`], once much is waiting.
    pub(crate) fn text(&mut self, text: &str) -> Result<(), Failure> {
        if self.style.stdout_is_terminal {
            self.terminal_text(text);
        } else {
            self.waiting.extend_from_slice(text.as_bytes());
        }
        if let Some(&byte) = text.as_bytes().last() {
            self.last_byte = Some(byte);
        }
        if self.waiting.len() >= HOLD_BYTES { self.flush() } else { Ok(()) }
    }

    /// Escapes text for the terminal; a carriage return at the end waits for the character after it.
    fn terminal_text(&mut self, text: &str) {
        let mut text = Cow::Borrowed(text);
        if std::mem::take(&mut self.carriage_return) {
            text = format!("\r{text}").into();
        }
        let kept = text.strip_suffix('\r');
        self.carriage_return = kept.is_some();
        self.waiting.extend_from_slice(terminal::escape(kept.unwrap_or(&text)).as_bytes());
    }

    /// Takes bytes for stdout that are UTF-8, but for what a person put into a file name.
    ///
    /// # Errors
    /// As [`Output::flush`].
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.text(&String::from_utf8_lossy(bytes))
    }

    /// Takes one line for stdout that is our own: JSON, a model name, a table row.
    ///
    /// # Errors
    /// As [`Output::flush`].
    pub(crate) fn line(&mut self, line: &str) -> Result<(), Failure> {
        self.text(line)?;
        self.text("\n")
    }

    /// Serialises `value` as one line of JSON on stdout; indented on a terminal where `indent` is true.
    ///
    /// # Errors
    /// As [`Output::flush`].
    pub(crate) fn json(&mut self, value: &impl Serialize, indent: bool) -> Result<(), Failure> {
        let text = serde_json::to_string(value)
            .map_err(|error| Failure::new(Kind::Local, "cannot write JSON", error.to_string()))?;
        if indent && self.style.stdout_is_terminal { self.line(&json::indented(&text)) } else { self.line(&text) }
    }

    /// Adds a newline where text was written that lacks one.
    ///
    /// # Errors
    /// As [`Output::flush`].
    pub(crate) fn end_line(&mut self) -> Result<(), Failure> {
        if self.last_byte.is_some_and(|byte| byte != b'\n') { self.text("\n") } else { Ok(()) }
    }

    /// Writes what waits. The reader of the network calls this at the end of each read.
    ///
    /// # Errors
    /// [`Kind::Closed`] when the reader of stdout left, [`Kind::Local`] when it cannot be written.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        self.stop_waiting();
        let written = self.stdout.write_all(&self.waiting).and_then(|()| self.stdout.flush());
        self.waiting.clear();
        written.map_err(|error| {
            if has_left(&error) {
                Failure::new(Kind::Closed, "stdout", "its reader left")
            } else {
                Failure::new(Kind::Local, "cannot write to stdout", os_reason(&error))
            }
        })
    }

    /// Writes what waits, a carriage return held back included.
    ///
    /// # Errors
    /// As [`Output::flush`].
    pub(crate) fn finish(&mut self) -> Result<(), Failure> {
        if std::mem::take(&mut self.carriage_return) {
            self.waiting.extend_from_slice(b"\\r");
        }
        self.stop_waiting();
        self.flush()
    }

    /// Writes text to stderr as it comes (reasoning, a refusal), escaped on a terminal.
    pub(crate) fn aside(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.stop_waiting();
        self.write_stderr(text);
        self.stderr_open_line = !text.ends_with('\n');
    }

    /// Ends the line that [`Output::aside`] left open.
    pub(crate) fn end_aside(&mut self) {
        if std::mem::take(&mut self.stderr_open_line) {
            self.write_stderr("\n");
        }
    }

    /// Writes a one-line notice, unless notices are left out.
    pub(crate) fn notice(&mut self, notice: &str) {
        if !self.style.quiet {
            self.say(&format!("lmpipe: {notice}"));
        }
    }

    /// Writes a line to stderr that was asked for (`-u`, `-v`, `--lint-schema`).
    pub(crate) fn say(&mut self, line: &str) {
        self.stop_waiting();
        self.end_aside();
        let line = line.replace('\n', " ");
        self.write_stderr(&format!("{line}\n"));
    }

    /// Writes a failure in the form asked for; nothing where the reader of stdout left.
    pub(crate) fn failure(&mut self, failure: &Failure) {
        if failure.kind == Kind::Closed {
            return;
        }
        if self.style.errors == ErrorForm::Json {
            let line = serde_json::to_string(&envelope::error(failure)).unwrap_or_default();
            self.say(&line);
            return;
        }
        let mut line = String::from("lmpipe");
        for (place, part) in failure.parts().into_iter().enumerate() {
            let part = self.masker.mask(&part.replace('\n', " ")).into_owned();
            let part = if self.style.stderr_is_terminal { terminal::escape(&part) } else { part.as_str().into() };
            let (paint, end) = match (self.style.color, place) {
                (true, 0) => ("\x1b[1m", "\x1b[0m"),
                (true, 1) => ("\x1b[2m", "\x1b[0m"),
                _ => ("", ""),
            };
            line.push_str(&format!(": {paint}{part}{end}"));
        }
        self.stop_waiting();
        self.end_aside();
        line.push('\n');
        let _ = self.stderr.write_all(line.as_bytes());
        for violation in &failure.violations {
            self.say(&format!("{}: {}: {}", violation.pointer, violation.rule, violation.value));
        }
    }

    /// Writes to stderr, escaped on a terminal. A stderr that cannot be written to changes nothing: the exit code
    /// is still right.
    fn write_stderr(&mut self, text: &str) {
        let text = self.masker.mask(text);
        let text = if self.style.stderr_is_terminal { terminal::escape(&text) } else { text.as_ref().into() };
        let _ = self.stderr.write_all(text.as_bytes());
    }
}

/// Whether an error of writing means that the reader left. Windows has a third number for it (233, no process is on the
/// other end of the pipe) that the standard library counts among the others.
fn has_left(error: &io::Error) -> bool {
    /// `ERROR_PIPE_NOT_CONNECTED`.
    const NOT_CONNECTED: i32 = 233;
    error.kind() == ErrorKind::BrokenPipe || cfg!(windows) && error.raw_os_error() == Some(NOT_CONNECTED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reader_that_left_is_told_apart_from_a_disk_that_is_full() {
        assert!(has_left(&ErrorKind::BrokenPipe.into()));
        assert!(!has_left(&ErrorKind::StorageFull.into()));
        assert_eq!(has_left(&io::Error::from_raw_os_error(233)), cfg!(windows));
    }
}
