//! What stdout and stderr hold.

use super::choices::{Color, ErrorForm, Format};

/// The flags under the heading "Output" of the help.
#[derive(clap::Args, Debug, Default)]
#[command(next_help_heading = "Output")]
#[group(skip)]
pub(crate) struct OutputArgs {
    /// Print the answer while it is written [default: when stdout is a terminal]
    #[arg(long, overrides_with = "no_stream")]
    pub(crate) stream: bool,

    /// Print the answer when it is whole, or nothing [default: when stdout is not a terminal]
    #[arg(long, overrides_with = "stream")]
    pub(crate) no_stream: bool,

    /// What stdout holds: the answer, one envelope object, or its facts as JSON Lines [default: text]
    ///
    /// The envelope has text, json, tool_calls, finish, refusal, reasoning, usage, model, id, attempts, adapted
    /// and timings; every member is there, null when there is nothing. With --extract, text is the code block.
    #[arg(short = 'O', long = "output", value_name = "FORMAT")]
    pub(crate) format: Option<Format>,

    /// Print the first fenced code block only; without one, the whole text
    #[arg(short = 'x', long)]
    pub(crate) extract: bool,

    /// Print the reasoning on stderr
    #[arg(short = 'r', long)]
    pub(crate) reasoning: bool,

    /// Print the token usage on stderr
    #[arg(short = 'u', long)]
    pub(crate) usage: bool,

    /// Print request line, timings, request id and rate limits on stderr; never a key
    #[arg(short = 'v', long)]
    pub(crate) verbose: bool,

    /// Print no notices on stderr, only errors
    #[arg(short = 'q', long)]
    pub(crate) quiet: bool,

    /// Write the facts of the run to a file: the envelope without the text
    #[arg(long, value_name = "FILE")]
    pub(crate) meta: Option<String>,

    /// Form of errors on stderr: a line for people or a JSON object a line [default: text]
    ///
    /// The object has exit, kind, message, hint, status, retryable, retry_after and request_id, and under a
    /// schema violations.
    #[arg(long, value_name = "FORM")]
    pub(crate) errors: Option<ErrorForm>,

    /// When to use colour and a spinner [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]
    #[arg(long, value_name = "WHEN")]
    pub(crate) color: Option<Color>,
}
