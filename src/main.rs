//! The lmpipe binary: gathers the world, runs, returns the exit code. Nothing below asks the process again.

use std::io::{self, IsTerminal, Read, Write};
use std::process::ExitCode;
use std::time::Duration;

use lmpipe::World;

fn main() -> ExitCode {
    let world = World {
        args: std::env::args_os().collect(),
        env: std::env::vars_os().collect(),
        stdin: stdin(),
        stdin_ready,
        stdout: stdout(),
        stderr: Box::new(io::stderr()),
        spinner: || Box::new(io::stderr()),
        stdin_is_terminal: io::stdin().is_terminal(),
        stdout_is_terminal: io::stdout().is_terminal(),
        stderr_is_terminal: io::stderr().is_terminal(),
        terminal_understands_escapes: understands_escapes(),
    };
    ExitCode::from(lmpipe::run(world))
}

/// Stdin without the standard library's buffer: input is read in large pieces, once.
#[cfg(unix)]
fn stdin() -> Box<dyn Read> {
    use std::os::fd::AsFd;
    match io::stdin().as_fd().try_clone_to_owned() {
        Ok(descriptor) => Box::new(std::fs::File::from(descriptor)),
        Err(_) => Box::new(io::stdin()),
    }
}

/// Stdin as the standard library gives it; on Windows it also translates console input.
#[cfg(not(unix))]
fn stdin() -> Box<dyn Read> {
    Box::new(io::stdin())
}

/// Stdout without the standard library's line buffer: the output room decides when bytes go out.
#[cfg(unix)]
fn stdout() -> Box<dyn Write> {
    use std::os::fd::AsFd;
    match io::stdout().as_fd().try_clone_to_owned() {
        Ok(descriptor) => Box::new(std::fs::File::from(descriptor)),
        Err(_) => Box::new(io::stdout()),
    }
}

/// Stdout as the standard library gives it; on Windows it also translates console output.
#[cfg(not(unix))]
fn stdout() -> Box<dyn Write> {
    Box::new(io::stdout())
}

/// Whether terminals understand escape sequences: here they all do; those that do not say `TERM=dumb`.
#[cfg(not(windows))]
fn understands_escapes() -> bool {
    true
}

/// Whether the console understands escape sequences: older ones of Windows do once they are asked to, or not at all.
#[cfg(windows)]
fn understands_escapes() -> bool {
    enable_ansi_support::enable_ansi_support().is_ok()
}

/// Whether stdin has bytes, an end or an error within `patience`.
#[cfg(unix)]
fn stdin_ready(patience: Duration) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let stdin = io::stdin();
    let limit = Timespec { tv_sec: patience.as_secs() as i64, tv_nsec: i64::from(patience.subsec_nanos()) };
    !matches!(poll(&mut [PollFd::new(&stdin, PollFlags::IN)], Some(&limit)), Ok(0))
}

/// Always true: without poll the waiting notice is left out.
#[cfg(not(unix))]
fn stdin_ready(_patience: Duration) -> bool {
    true
}
