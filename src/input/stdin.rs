//! Stdin, read once and never without need: who reads it, and what is said while it is silent.

use std::io::Read;
use std::time::Duration;

use crate::failure::Failure;
use crate::input::text::{Encoding, read_escaped};
use crate::json::escape;
use crate::output::Output;
use crate::request::Text;

/// The place in a prompt where stdin goes.
pub(crate) const PLACEHOLDER: &str = "{{stdin}}";
/// Silence after which it is said what is awaited.
const PATIENCE: Duration = Duration::from_secs(2);

/// Stdin as the world hands it in.
pub(crate) struct Stdin {
    /// The bytes.
    pub(crate) source: Box<dyn Read>,
    /// Whether bytes, an end or an error are there within the given time.
    pub(crate) ready: fn(Duration) -> bool,
    /// Whether a person types it.
    pub(crate) is_terminal: bool,
    /// The flag that reads it (`--system-file -`); it can be read only once.
    claimed: Option<&'static str>,
}

impl Stdin {
    /// Stdin that nobody reads yet.
    pub(crate) fn new(source: Box<dyn Read>, ready: fn(Duration) -> bool, is_terminal: bool) -> Self {
        Self { source, ready, is_terminal, claimed: None }
    }

    /// Notes that `flag` reads stdin, so that the prompt does not; that only one does was settled before.
    pub(crate) fn claim(&mut self, flag: &'static str) {
        self.claimed = Some(flag);
    }

    /// The flag that reads stdin, if one does.
    pub(crate) fn claimed(&self) -> Option<&'static str> {
        self.claimed
    }

    /// All bytes, for a flag that claimed stdin.
    ///
    /// # Errors
    /// [`crate::failure::Kind::Local`] when reading fails.
    pub(crate) fn bytes(&mut self, output: &mut Output) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        let mut buffer = vec![0; 64 * 1024];
        let mut notice = Notice::new(self.ready, self.claimed);
        loop {
            notice.wait(output);
            match self.source.read(&mut buffer) {
                Ok(0) => return Ok(bytes),
                Ok(length) => bytes.extend_from_slice(&buffer[..length]),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(super::broken("stdin", &error)),
            }
        }
    }

    /// All text, escaped, appended to `out`.
    fn escaped(&mut self, encoding: Encoding, out: &mut String, output: &mut Output) -> Result<(), Failure> {
        let mut notice = Notice::new(self.ready, None);
        read_escaped(&mut self.source, "stdin", encoding, out, &mut || notice.wait(output))
    }

    /// The user message: prompt, a blank line, stdin; only one of them present, just that one; with `{{stdin}}` in
    /// the prompt, stdin goes there instead (contract §1). Stdin takes no part where a flag claimed it, where
    /// `leave_alone` says so (`--no-stdin`), or where it is a terminal. `None` when there is neither.
    ///
    /// # Errors
    /// [`crate::failure::Kind::Usage`] for a placeholder that cannot be filled and for text that is not UTF-8.
    pub(crate) fn compose(
        &mut self,
        prompt: Option<&str>,
        leave_alone: bool,
        encoding: Encoding,
        output: &mut Output,
    ) -> Result<Option<Text>, Failure> {
        if let Some(prompt) = prompt.filter(|prompt| prompt.contains(PLACEHOLDER)) {
            return self.fill(prompt, leave_alone, encoding, output).map(Some);
        }
        let mut out = String::new();
        escape(prompt.unwrap_or_default(), &mut out);
        let prompt_end = out.len();
        if !leave_alone && !self.is_terminal && self.claimed.is_none() {
            if prompt.is_some() {
                out.push_str("\\n\\n");
            }
            let input_start = out.len();
            self.escaped(encoding, &mut out, output)?;
            if out.len() == input_start {
                out.truncate(prompt_end);
            }
        }
        Ok((prompt.is_some() || !out.is_empty()).then(|| Text::from_escaped(out)))
    }

    /// The prompt with stdin in place of every `{{stdin}}`.
    fn fill(
        &mut self,
        prompt: &str,
        leave_alone: bool,
        encoding: Encoding,
        output: &mut Output,
    ) -> Result<Text, Failure> {
        let cannot = |why: String| Failure::usage("the prompt has {{stdin}}", why);
        if leave_alone {
            return Err(cannot("--no-stdin leaves it alone".into()));
        }
        if let Some(flag) = self.claimed {
            return Err(cannot(format!("stdin is read by {flag}")));
        }
        if self.is_terminal {
            return Err(cannot("stdin is a terminal".into()).hint("pipe the input in"));
        }
        let mut pieces = prompt.split(PLACEHOLDER);
        let mut out = String::new();
        escape(pieces.next().unwrap_or_default(), &mut out);
        let start = out.len();
        self.escaped(encoding, &mut out, output)?;
        let end = out.len();
        escape(pieces.next().unwrap_or_default(), &mut out);
        for piece in pieces {
            out.extend_from_within(start..end);
            escape(piece, &mut out);
        }
        Ok(Text::from_escaped(out))
    }
}

/// Says once what is awaited.
struct Notice {
    /// Whether stdin has something to tell within the given time.
    ready: fn(Duration) -> bool,
    /// The flag that reads stdin; where none does, stdin may be left alone.
    reader: Option<&'static str>,
    /// Whether it was said.
    said: bool,
}

impl Notice {
    /// Nothing said yet.
    fn new(ready: fn(Duration) -> bool, reader: Option<&'static str>) -> Self {
        Self { ready, reader, said: false }
    }

    /// Waits for stdin, and says so after two silent seconds; never gives up.
    fn wait(&mut self, output: &mut Output) {
        if !self.said && !(self.ready)(PATIENCE) {
            self.said = true;
            match self.reader {
                Some(flag) => output.notice(&format!("waiting for stdin to end: {flag} - reads it")),
                None => output.notice("waiting for stdin to end: give --no-stdin to leave it alone"),
            }
        }
    }
}
