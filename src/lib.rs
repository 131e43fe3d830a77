//! lmpipe: text in, one request to any OpenAI-compatible server, and text, streamed text or checked JSON out.
//!
//! The library exists for the binary and its tests and is no public API. Data flows one way, and a room knows only
//! the rooms below it in this list:
//!
//! | room | does |
//! |---|---|
//! | `run` | the story of one invocation; the only loops around a request |
//! | `args` | what was typed |
//! | `settings` | what it means; every value keeps its origin |
//! | `input` | EDGE in: stdin, files, keys |
//! | `schema` | the gate: compiles, rewrites, judges |
//! | `wire` | one file per dialect: requests to bytes, bytes to pieces |
//! | `transport` | EDGE net: one call out, one reply in |
//! | `output` | EDGE out: the one owner of stdout and stderr |
//! | `request`, `response`, `failure`, `json` | the words all rooms share |

mod args;
mod closest;
mod failure;
mod input;
mod json;
#[cfg(any(test, fuzzing))]
pub mod laws;
mod manual;
mod output;
mod request;
mod response;
mod run;
mod schema;
mod secret;
mod settings;
mod transport;
mod url;
mod wire;

use std::ffi::OsString;
use std::io::{Read, Write};
use std::time::Duration;

#[doc(hidden)]
pub use manual::sources;
pub use run::run;

/// Everything a run may know of the process around it.
pub struct World {
    /// The command line, program name first.
    pub args: Vec<OsString>,
    /// The environment.
    pub env: Vec<(OsString, OsString)>,
    /// Stdin.
    pub stdin: Box<dyn Read>,
    /// Whether stdin has bytes, an end or an error to tell within the given time.
    pub stdin_ready: fn(Duration) -> bool,
    /// Stdout, unbuffered.
    pub stdout: Box<dyn Write>,
    /// Stderr, unbuffered.
    pub stderr: Box<dyn Write>,
    /// A second handle on stderr for the thread that draws the spinner.
    pub spinner: fn() -> Box<dyn Write + Send>,
    /// Whether a person types stdin.
    pub stdin_is_terminal: bool,
    /// Whether a person reads stdout.
    pub stdout_is_terminal: bool,
    /// Whether a person reads stderr.
    pub stderr_is_terminal: bool,
    /// Whether terminals here understand escape sequences: without them no colour and no spinner.
    pub terminal_understands_escapes: bool,
}
