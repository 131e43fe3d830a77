//! The process around a run: everything that is read from it or written to it comes in here.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::time::Duration;

/// Everything a run may know of the process around it.
pub struct World {
    /// The command line, program name first.
    pub args: Vec<OsString>,
    /// The environment.
    pub env: Vec<(OsString, OsString)>,
    /// Stdin.
    pub stdin: Box<dyn Read>,
    /// Whether stdin has bytes, an end or an error within the given time.
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
