//! A program that runs: its pipes read and written while it does, its end waited for with a limit.

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::util::{Case, Finished};

/// Longest a run may take before it counts as hung.
const PATIENCE: Duration = Duration::from_secs(60);

/// A run that has begun.
pub struct Running {
    /// The pipe into the program, if the test holds it.
    stdin: Option<ChildStdin>,
    /// The pipe out of the program.
    stdout: Option<Listener>,
    /// The program's errors.
    stderr: Option<Listener>,
    /// The process.
    process: Process,
    /// What belongs to the run.
    case: Case,
}

/// The child process, ended with the test at the latest.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only where it has ended and was waited for.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    /// Takes over a program that was started; stdin, if it is a pipe, is the test's to write and close.
    pub fn new(mut child: Child, case: Case) -> Self {
        Self {
            stdin: child.stdin.take(),
            stdout: child.stdout.take().map(Listener::new),
            stderr: child.stderr.take().map(Listener::new),
            process: Process(child),
            case,
        }
    }

    /// Takes over a program that was started, feeds it and closes its stdin.
    pub fn fed(mut child: Child, bytes: Vec<u8>, case: Case) -> Self {
        let mut pipe = child.stdin.take().expect("stdin is a pipe");
        // The program may leave without reading all of it: no failure of the test's.
        thread::spawn(move || pipe.write_all(&bytes));
        Self::new(child, case)
    }

    /// Writes into the held stdin.
    pub fn write(&mut self, bytes: impl AsRef<[u8]>) {
        let pipe = self.stdin.as_mut().expect("stdin is held");
        pipe.write_all(bytes.as_ref()).expect("the program reads its stdin");
    }

    /// Closes the held stdin.
    pub fn close_stdin(&mut self) {
        self.stdin = None;
    }

    /// Closes the reading end of stdout.
    pub fn close_stdout(&mut self) {
        self.stdout.take().expect("stdout is a pipe").close();
    }

    /// Waits until stdout has brought at least as many bytes as `expected` and demands them.
    #[track_caller]
    pub fn shows(&mut self, expected: &str) {
        let seen = self.stdout.as_mut().expect("stdout is a pipe").at_least(expected.len());
        assert_eq!(String::from_utf8_lossy(seen), expected, "first bytes of stdout of {}", self.case.line);
    }

    /// Waits until stdout has brought anything.
    pub fn some(&mut self) {
        assert!(
            !self.stdout.as_mut().expect("stdout is a pipe").at_least(1).is_empty(),
            "{} says nothing",
            self.case.line
        );
    }

    /// Waits until stderr has brought anything.
    pub fn speaks(&mut self) {
        assert!(
            !self.stderr.as_mut().expect("stderr is a pipe").at_least(1).is_empty(),
            "{} says nothing",
            self.case.line
        );
    }

    /// Waits until the program waits for something itself (Linux).
    pub fn sleeps(&mut self) {
        let path = format!("/proc/{}/stat", self.process.0.id());
        let state = || std::fs::read_to_string(&path).ok()?.rsplit_once(") ")?.1.chars().next();
        while state().expect("the program runs") != 'S' {
            thread::yield_now();
        }
    }

    /// Waits until stderr has brought at least as many bytes as `expected` and demands them.
    #[track_caller]
    pub fn says(&mut self, expected: &str) {
        let seen = self.stderr.as_mut().expect("stderr is a pipe").at_least(expected.len());
        assert_eq!(String::from_utf8_lossy(seen), expected, "first bytes of stderr of {}", self.case.line);
    }

    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.process.0.id()
    }

    /// Sends a signal by name (`INT`, `TERM`, `HUP`).
    #[cfg(unix)]
    pub fn signal(&self, name: &str) {
        let status = Command::new("/bin/sh").args(["-c", &format!("kill -s {name} {}", self.process.0.id())]).status();
        assert!(status.expect("a shell is installed").success(), "kill -s {name}");
    }

    /// Closes stdin and waits for the end.
    pub fn finish(mut self) -> Finished {
        self.stdin = None;
        self.finish_holding_stdin()
    }

    /// Waits for the end with stdin still open.
    pub fn finish_holding_stdin(mut self) -> Finished {
        let stderr = self.stderr.take().expect("stderr is a pipe");
        let stderr = thread::spawn(|| stderr.rest());
        let stdout = self.stdout.take().map_or(Some(Vec::new()), Listener::rest);
        let (Some(stdout), Some(stderr)) = (stdout, stderr.join().expect("the reader does not panic")) else {
            panic!("{} hangs", self.case.line);
        };
        let status = self.process.0.wait().expect("the program is our child");
        Finished { status, stdout, stderr, case: self.case }
    }
}

/// Reads a pipe on a thread of its own, a stretch whenever the test asks for one: waiting for it can have a limit,
/// and the pipe can be closed while the program writes.
struct Listener {
    /// Asks for the next stretch; hanging up closes the pipe.
    demand: Sender<()>,
    /// Stretches; disconnected at the end.
    stretches: Receiver<Vec<u8>>,
    /// What has arrived.
    seen: Vec<u8>,
    /// The reader.
    thread: JoinHandle<()>,
}

impl Listener {
    /// Takes the pipe over.
    fn new(mut pipe: impl Read + Send + 'static) -> Self {
        let (demand, demanded) = mpsc::channel();
        let (sender, stretches) = mpsc::channel();
        let thread = thread::spawn(move || {
            let mut buffer = vec![0; 64 * 1024];
            while demanded.recv().is_ok()
                && let Ok(count @ 1..) = pipe.read(&mut buffer)
                && sender.send(buffer[..count].to_vec()).is_ok()
            {}
        });
        Self { demand, stretches, seen: Vec::new(), thread }
    }

    /// The next stretch; an error at the end and when it does not come.
    fn next(&mut self) -> Result<(), RecvTimeoutError> {
        // A reader that has ended disconnects the stretches: told below.
        let _ = self.demand.send(());
        self.seen.extend(self.stretches.recv_timeout(PATIENCE)?);
        Ok(())
    }

    /// Everything seen, once it is at least `count` bytes or the pipe has ended.
    fn at_least(&mut self, count: usize) -> &[u8] {
        while self.seen.len() < count && self.next().is_ok() {}
        &self.seen
    }

    /// Everything up to the end of the pipe, or `None` if the end does not come.
    fn rest(mut self) -> Option<Vec<u8>> {
        loop {
            match self.next() {
                Ok(()) => {}
                Err(RecvTimeoutError::Disconnected) => return Some(self.seen),
                Err(RecvTimeoutError::Timeout) => return None,
            }
        }
    }

    /// Closes the pipe; behind this the program writes to nobody.
    fn close(self) {
        drop(self.demand);
        self.thread.join().expect("the reader does not panic");
    }
}

/// Whether this process, and so a program it starts, ignores the signal that ends a program with `code`: a shell's
/// `&` ignores INT, nohup HUP.
pub fn ignores_signal(code: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    ignored >> (code - 129) & 1 == 1
}
