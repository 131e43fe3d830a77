//! Stdin: which flag reads it, the user message made from it, and the notice while nothing comes.

use std::io::Read;
use std::time::Duration;

use crate::failure::Failure;
use crate::input::files::broken;
use crate::input::text::{Encoding, read_escaped};
use crate::json::escape;
use crate::output::Output;
use crate::request::Text;

/// Stands in a prompt for the text of stdin.
pub(crate) const PLACEHOLDER: &str = "{{stdin}}";
/// The silence before the notice.
const PATIENCE: Duration = Duration::from_secs(2);

/// Stdin, which can be read once.
pub(crate) struct Stdin {
    /// The bytes.
    pub(crate) source: Box<dyn Read>,
    /// Whether bytes, an end or an error come within the given time.
    pub(crate) ready: fn(Duration) -> bool,
    /// Whether it is a terminal.
    pub(crate) is_terminal: bool,
    /// The flag that reads it (`--system-file -`), if one does.
    claimed: Option<&'static str>,
}

impl Stdin {
    /// Stdin without a flag that reads it.
    pub(crate) fn new(source: Box<dyn Read>, ready: fn(Duration) -> bool, is_terminal: bool) -> Self {
        Self { source, ready, is_terminal, claimed: None }
    }

    /// Sets the flag that reads stdin; the prompt does not take it then. `settings` refuses a second flag.
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
        let mut notice = StdinNotice::new(self.ready, self.claimed);
        loop {
            notice.wait(output);
            match self.source.read(&mut buffer) {
                Ok(0) => return Ok(bytes),
                Ok(length) => bytes.extend_from_slice(&buffer[..length]),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(broken("stdin", &error)),
            }
        }
    }

    /// All text, escaped, appended to `out`.
    fn escaped(&mut self, encoding: Encoding, out: &mut String, output: &mut Output) -> Result<(), Failure> {
        let mut notice = StdinNotice::new(self.ready, None);
        read_escaped(&mut self.source, "stdin", encoding, out, &mut || notice.wait(output))
    }

    /// The user message: prompt, a blank line, stdin; if only one of them is there, just that; stdin replaces `{{stdin}}`
    /// in the prompt (docs/contract.md §1). Stdin is not read if a flag claimed it, with `leave_alone` (`--no-stdin`), or
    /// if it is a terminal. `None` if there is neither.
    ///
    /// # Errors
    /// [`crate::failure::Kind::Usage`] for a placeholder without stdin and for text that is not UTF-8.
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

/// Shows one notice that stdin is awaited.
struct StdinNotice {
    /// Whether bytes, an end or an error come within the given time.
    ready: fn(Duration) -> bool,
    /// The flag that reads stdin; without one the notice names `--no-stdin`.
    reader: Option<&'static str>,
    /// Whether it was shown.
    shown: bool,
}

impl StdinNotice {
    /// A notice not shown yet.
    fn new(ready: fn(Duration) -> bool, reader: Option<&'static str>) -> Self {
        Self { ready, reader, shown: false }
    }

    /// Waits for stdin and shows the notice after [`PATIENCE`]; the read that follows waits for ever.
    fn wait(&mut self, output: &mut Output) {
        if !self.shown && !(self.ready)(PATIENCE) {
            self.shown = true;
            match self.reader {
                Some(flag) => output.notice(&format!("waiting for stdin to end: {flag} - reads it")),
                None => output.notice("waiting for stdin to end: give --no-stdin to leave it alone"),
            }
        }
    }
}
