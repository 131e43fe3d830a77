//! How a run fails: a [`Kind`] for the exit code and a [`Failure`] for the words.
//!
//! Shared by all rooms. The exit table stands here once; help, man page and README are made from it.

use std::borrow::Cow;
use std::error::Error;
use std::time::Duration;
use std::{fmt, io};

/// What went wrong, as far as a script needs to know: one variant per exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// This machine could not read or write: disk full, permission.
    Local,
    /// Flags, config, schema or input are wrong; nothing was sent.
    Usage,
    /// No key, no login, no server found to talk to, or 401 and 403.
    Auth,
    /// The server rejected the request: any other 4xx, and redirects.
    Rejected,
    /// The server failed: 5xx, an error inside a 200, an unintelligible reply.
    Server,
    /// Rate limit or quota: 429 and 402.
    Limit,
    /// Resolve, connect, TLS, silence, or cut before the end.
    Network,
    /// Token limit, content filter, or an empty answer.
    Incomplete,
    /// The model refused.
    Refused,
    /// Not JSON, not the schema, invalid tool arguments, a required tool not called.
    Invalid,
    /// Interrupted by the person at the terminal.
    Interrupted,
    /// The reader of stdout left.
    Closed,
    /// Terminated from outside.
    Terminated,
}

/// One row of the exit table: the code, the name in `--errors json`, whether another try may help, the meaning.
pub(crate) struct ExitRow {
    /// The kind this row is for.
    pub(crate) kind: Kind,
    /// The process exit code.
    pub(crate) exit: u8,
    /// The name in machine-readable errors, lower case.
    pub(crate) name: &'static str,
    /// True where the same command may succeed later.
    pub(crate) retryable: bool,
    /// The meaning, as `--help`, the man page and the README print it.
    pub(crate) meaning: &'static str,
}

/// The exit table. Source: docs/contract.md §5.
pub(crate) const TABLE: &[ExitRow] = &[
    row(Kind::Local, 1, "local", false, "this machine could not read or write (disk full, permission)"),
    row(Kind::Usage, 2, "usage", false, "flags, config, schema or input are wrong; nothing was sent"),
    row(Kind::Auth, 3, "auth", false, "no key, no login, no server to talk to; 401, 403"),
    row(Kind::Rejected, 4, "rejected", false, "the server rejected the request: other 4xx, a redirect"),
    row(Kind::Server, 5, "server", true, "the server failed: 5xx, an error inside a 200, an unintelligible reply"),
    row(Kind::Limit, 6, "limit", true, "rate limit or quota: 429, 402 (a spent quota says so: not worth retrying)"),
    row(Kind::Network, 7, "network", true, "network: resolve, connect, TLS, silence, cut before the end"),
    row(Kind::Incomplete, 8, "incomplete", false, "token limit, content filter or empty answer (any text was printed)"),
    row(Kind::Refused, 9, "refused", false, "the model refused (its words are on stderr)"),
    row(
        Kind::Invalid,
        10,
        "invalid",
        false,
        "not JSON, not the schema, invalid tool arguments, a required tool not called",
    ),
    row(Kind::Interrupted, 130, "interrupted", false, "interrupted"),
    row(Kind::Closed, 141, "closed", false, "the reader of stdout left"),
    row(Kind::Terminated, 143, "terminated", false, "terminated"),
];

/// Builds one row of [`TABLE`].
const fn row(kind: Kind, exit: u8, name: &'static str, retryable: bool, meaning: &'static str) -> ExitRow {
    ExitRow { kind, exit, name, retryable, meaning }
}

impl Kind {
    /// The row of the exit table for this kind.
    pub(crate) fn row(self) -> &'static ExitRow {
        &TABLE[self as usize]
    }

    /// The process exit code.
    pub(crate) fn exit(self) -> u8 {
        self.row().exit
    }
}

/// One way in which a JSON document breaks its schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    /// JSON pointer to the offending place in the document; empty for the root.
    pub(crate) pointer: String,
    /// The rule that is broken, in words.
    pub(crate) rule: String,
    /// The offending value as JSON, cut to a readable length.
    pub(crate) value: String,
}

/// Facts of the HTTP reply behind a failure; all unknown when no reply came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ReplyFacts {
    /// The HTTP status, also one reported inside a 200.
    pub(crate) status: Option<u16>,
    /// The machine-readable error code of the body (`context_length_exceeded`, …).
    pub(crate) code: Option<String>,
    /// The request field the server complains about.
    pub(crate) param: Option<String>,
    /// How long the server asks to wait.
    pub(crate) retry_after: Option<Duration>,
    /// The server's own advice (`x-should-retry`).
    pub(crate) should_retry: Option<bool>,
    /// The request id to quote to the operator.
    pub(crate) request_id: Option<String>,
}

/// A run that did not give what was asked for: `lmpipe: what: why: hint`.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// Decides the exit code.
    pub(crate) kind: Kind,
    /// What failed, naming the thing (flag, file, URL, variable).
    pub(crate) what: String,
    /// Why, the server's own words among it; may be empty.
    pub(crate) why: String,
    /// What to do or type; may be empty.
    pub(crate) hint: String,
    /// True where the same command may succeed later; the kind's default unless set otherwise.
    pub(crate) retryable: bool,
    /// True where lmpipe itself may try again before the first byte of answer (docs/contract.md §5, retries).
    pub(crate) transient: bool,
    /// Facts of the reply, if one came.
    pub(crate) reply: Box<ReplyFacts>,
    /// Schema violations, empty unless a schema judged.
    pub(crate) violations: Vec<Violation>,
}

impl Failure {
    /// A failure of `kind` with no hint, never retried by itself.
    pub(crate) fn new(kind: Kind, what: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            kind,
            what: what.into(),
            why: why.into(),
            hint: String::new(),
            retryable: kind.row().retryable,
            transient: false,
            reply: Box::default(),
            violations: Vec::new(),
        }
    }

    /// A usage failure (exit 2).
    pub(crate) fn usage(what: impl Into<String>, why: impl Into<String>) -> Self {
        Self::new(Kind::Usage, what, why)
    }

    /// The same failure with a hint: what to do or type.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// The same failure, marked as one lmpipe may try again by itself.
    pub(crate) fn transient(mut self) -> Self {
        self.transient = true;
        self
    }

    /// What, why and hint, those that are there; a full stop in front of the next part is left out, since servers end
    /// their sentences with one.
    pub(crate) fn parts(&self) -> Vec<&str> {
        let mut parts: Vec<&str> = [&self.what, &self.why, &self.hint].map(String::as_str).into();
        parts.retain(|part| !part.is_empty());
        if let Some((_, leading)) = parts.split_last_mut() {
            for part in leading {
                *part = part.trim_end_matches('.');
            }
        }
        parts
    }

    /// The line after `lmpipe: `: the parts joined by `: `.
    pub(crate) fn line(&self) -> String {
        self.parts().join(": ")
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.line())
    }
}

impl Error for Failure {}

/// The operating system's words for an error: without its number and full stop, lower case. Windows has whole
/// sentences; what is common has our own words there.
pub(crate) fn os_reason(error: &io::Error) -> String {
    if cfg!(windows)
        && error.raw_os_error().is_some()
        && let Some(words) = common_reason(error.kind())
    {
        return words.to_owned();
    }
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default().trim_end_matches('.');
    let text = text.strip_prefix("failed to lookup address information: ").unwrap_or(text);
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Linux's and macOS's words for a common error.
fn common_reason(kind: io::ErrorKind) -> Option<&'static str> {
    Some(match kind {
        io::ErrorKind::NotFound => "no such file or directory",
        io::ErrorKind::PermissionDenied => "permission denied",
        io::ErrorKind::ConnectionRefused => "connection refused",
        io::ErrorKind::ConnectionReset => "connection reset by peer",
        io::ErrorKind::StorageFull => "no space left on device",
        _ => return None,
    })
}

/// The system's words for reading a folder as a file.
#[cfg(test)]
pub(crate) const IS_FOLDER: &str = if cfg!(windows) { "permission denied" } else { "is a directory" };

/// Longest stretch of a model's words in a message, in characters.
pub(crate) const QUOTED: usize = 200;

/// A text for a message: at most `most` characters, and an ellipsis where more are left out.
pub(crate) fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// The beginning of a text on one line, at most `most` characters.
pub(crate) fn quote(text: &str, most: usize) -> String {
    shortened(text.trim(), most).replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_have_neither_number_nor_full_stop_nor_capital() {
        assert_eq!(os_reason(&io::Error::other("The disk is gone. (os error 19)")), "the disk is gone");
        assert_eq!(os_reason(&std::fs::read("no-such-file").unwrap_err()), "no such file or directory");
        assert_eq!(common_reason(io::ErrorKind::ConnectionRefused), Some("connection refused"));
        assert_eq!(common_reason(io::ErrorKind::TimedOut), None);
    }

    #[test]
    fn table_is_in_the_order_of_the_kinds() {
        for (place, row) in TABLE.iter().enumerate() {
            assert_eq!(row.kind as usize, place, "{}", row.name);
        }
    }

    #[test]
    fn line_leaves_out_what_is_empty() {
        assert_eq!(Failure::usage("no prompt", "").hint("give one").line(), "no prompt: give one");
    }

    #[test]
    fn line_has_no_full_stop_inside() {
        assert_eq!(Failure::usage("a", "It broke.").hint("mend it").line(), "a: It broke: mend it");
        assert_eq!(Failure::usage("a", "It broke.").line(), "a: It broke.");
    }
}
