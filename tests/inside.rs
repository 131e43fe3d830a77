//! Runs the library in this process: for claims about terminals, and where a process a case would be too slow.

use std::cell::RefCell;
use std::ffi::OsString;
use std::io::{self, Write};
use std::rc::Rc;

use lmpipe::World;

use crate::util::steady;

/// Which streams are terminals.
#[derive(Clone, Copy, Default)]
pub struct Terminals {
    /// Stdin.
    pub stdin: bool,
    /// Stdout.
    pub stdout: bool,
    /// Stderr.
    pub stderr: bool,
    /// Whether they take escape sequences for letters.
    pub plain: bool,
}

/// A stream that the test reads afterwards.
#[derive(Clone, Default)]
struct Kept(Rc<RefCell<Vec<u8>>>);

impl Kept {
    /// What was written, the port of a scripted server by the name `SERVER`.
    fn text(&self) -> String {
        steady(&String::from_utf8_lossy(&self.0.borrow()))
    }
}

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A run in this process: exit code, stdout and stderr.
pub fn run(words: &[&str], env: &[(&str, &str)], terminals: Terminals) -> (u8, String, String) {
    let (stdout, stderr) = (Kept::default(), Kept::default());
    let world = World {
        args: ["lmpipe"].iter().chain(words).map(OsString::from).collect(),
        env: env.iter().map(|(name, value)| (name.into(), value.into())).collect(),
        stdin: Box::new(io::empty()),
        stdin_ready: |_| true,
        stdout: Box::new(stdout.clone()),
        stderr: Box::new(stderr.clone()),
        spinner: || Box::new(io::sink()),
        stdin_is_terminal: terminals.stdin,
        stdout_is_terminal: terminals.stdout,
        stderr_is_terminal: terminals.stderr,
        terminal_understands_escapes: !terminals.plain,
    };
    (lmpipe::run(world), stdout.text(), stderr.text())
}
