//! Runs the built program the way a shell does and compares everything it leaves behind.
//!
//! Nothing of the machine leaks in: the environment is cleared, home is an empty folder that is removed again.
//! Nothing goes unchecked: a run ends in status, stdout and stderr, compared whole; a failure prints all three.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::server::{Answer, Request, Server};

/// Longest a run may take before it counts as hung.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the program finds on its stdin.
enum Input {
    /// `/dev/null`.
    Null,
    /// A pipe with these bytes, closed behind them.
    Bytes(Vec<u8>),
    /// A pipe the test writes to and closes itself.
    Held,
    /// A file or folder, opened for reading.
    Open(PathBuf),
}

/// Where the program's stdout goes.
enum Target {
    /// A pipe the test reads to its end.
    Pipe,
    /// A file, opened for writing.
    File(PathBuf),
}

/// One run of the program in the making.
pub struct Run {
    /// Words of the command line.
    args: Vec<OsString>,
    /// The whole environment beside the two folders.
    env: Vec<(OsString, OsString)>,
    /// Stdin.
    input: Input,
    /// Stdout.
    target: Target,
    /// Redirections of a shell that close descriptors.
    closed: Vec<&'static str>,
    /// The folder the program is started in, with the test's files.
    folder: Folder,
    /// The server it asks, if it has one of its own.
    server: Option<Server>,
}

impl Run {
    /// A run with these words, an empty environment and nothing on stdin.
    pub fn new<W: AsRef<OsStr>>(words: impl IntoIterator<Item = W>) -> Self {
        let args = words.into_iter().map(|word| word.as_ref().to_owned()).collect();
        Self {
            args,
            env: Vec::new(),
            input: Input::Null,
            target: Target::Pipe,
            closed: Vec::new(),
            folder: Folder::new(),
            server: None,
        }
    }

    /// A run without a key against a server that gives this one answer to the model `m`.
    pub fn asking(answer: impl Into<Answer>) -> Self {
        Self::asking_all([answer.into()])
    }

    /// The same with several answers, one a connection.
    pub fn asking_all<A: Into<Answer>>(answers: impl IntoIterator<Item = A>) -> Self {
        let server = Server::new(answers);
        Self::new(["-b", &server.url(), "-m", "m", "--no-key"]).beside(server)
    }

    /// Keeps a server until the run has ended; its script must have been followed by then.
    pub fn beside(mut self, server: Server) -> Self {
        self.server = Some(server);
        self
    }

    /// Adds words to the command line.
    pub fn args<W: AsRef<OsStr>>(mut self, words: impl IntoIterator<Item = W>) -> Self {
        self.args.extend(words.into_iter().map(|word| word.as_ref().to_owned()));
        self
    }

    /// Sets a variable of the otherwise empty environment.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.env.push((name.into(), value.as_ref().to_owned()));
        self
    }

    /// Pipes these bytes into the program.
    pub fn stdin(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.input = Input::Bytes(bytes.as_ref().to_vec());
        self
    }

    /// Opens a pipe into the program that stays open until the test closes it.
    pub fn stdin_held(mut self) -> Self {
        self.input = Input::Held;
        self
    }

    /// Redirects stdin from a file or folder.
    pub fn stdin_from(mut self, path: impl Into<PathBuf>) -> Self {
        self.input = Input::Open(path.into());
        self
    }

    /// Closes stdin, as `<&-` does.
    pub fn stdin_closed(mut self) -> Self {
        self.closed.push("<&-");
        self
    }

    /// Redirects stdout to a file.
    pub fn stdout_to(mut self, path: impl Into<PathBuf>) -> Self {
        self.target = Target::File(path.into());
        self
    }

    /// Closes stdout, as `>&-` does.
    pub fn stdout_closed(mut self) -> Self {
        self.closed.push(">&-");
        self
    }

    /// Writes a file into the folder the program is started in.
    pub fn file(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let path = self.folder.0.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).expect("the test's folder is writable");
        }
        fs::write(path, bytes).expect("the test's folder is writable");
        self
    }

    /// Closes stderr, as `2>&-` does.
    pub fn stderr_closed(mut self) -> Self {
        self.closed.push("2>&-");
        self
    }

    /// Starts the program and leaves it running.
    pub fn start(self) -> Running {
        let mut command = self.command();
        command
            .env_clear()
            .env("HOME", self.folder.0.join("home"))
            .env("XDG_CONFIG_HOME", self.folder.0.join("home/.config"))
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .current_dir(&self.folder.0)
            .stderr(Stdio::piped());
        match &self.input {
            Input::Null => command.stdin(Stdio::null()),
            Input::Bytes(_) | Input::Held => command.stdin(Stdio::piped()),
            Input::Open(path) => command.stdin(File::open(path).expect("the stdin of the test opens")),
        };
        match &self.target {
            Target::Pipe => command.stdout(Stdio::piped()),
            Target::File(path) => {
                command.stdout(File::options().append(true).open(path).expect("the stdout of the test opens"))
            }
        };
        let mut child = command.spawn().expect("the program was built beside this test");
        let mut stdin = child.stdin.take();
        if let Input::Bytes(bytes) = self.input {
            let pipe = stdin.take();
            // The program may leave without reading all of it: no failure of the test's.
            thread::spawn(move || pipe.map(|mut pipe| pipe.write_all(&bytes)));
        }
        Running {
            line: format!("{:?}", self.args),
            stdin,
            stdout: child.stdout.take().map(Listener::new),
            stderr: child.stderr.take().map(Listener::new),
            process: Process(child),
            folder: self.folder,
            server: self.server,
        }
    }

    /// Runs to the end.
    pub fn finish(self) -> Finished {
        self.start().finish()
    }

    /// Runs to the end and demands exit 0, exactly this stdout and nothing on stderr.
    #[track_caller]
    pub fn gives(self, stdout: &str) -> Finished {
        self.ends(0, stdout, "")
    }

    /// Runs to the end and demands this exit code, nothing on stdout and exactly this one line on stderr.
    #[track_caller]
    pub fn fails(self, code: i32, line: &str) -> Finished {
        self.ends(code, "", &format!("lmpipe: {line}\n"))
    }

    /// Runs to the end and demands exactly this exit code, stdout and stderr.
    #[track_caller]
    pub fn ends(self, code: i32, stdout: &str, stderr: &str) -> Finished {
        self.finish().is(code, stdout, stderr)
    }

    /// The command before environment and streams: the program itself, or a shell that closes descriptors first.
    fn command(&self) -> Command {
        let program = env!("CARGO_BIN_EXE_lmpipe");
        if self.closed.is_empty() {
            let mut command = Command::new(program);
            command.args(&self.args);
            return command;
        }
        let mut command = Command::new("/bin/sh");
        let closing = format!("exec \"$@\" {}", self.closed.join(" "));
        command.args(["-c", &closing, "sh", program]).args(&self.args);
        command
    }
}

/// A run that has begun.
pub struct Running {
    /// The words of the command line, for failures.
    line: String,
    /// The pipe into the program, if the test holds it.
    stdin: Option<ChildStdin>,
    /// The pipe out of the program.
    stdout: Option<Listener>,
    /// The program's errors.
    stderr: Option<Listener>,
    /// The process.
    process: Process,
    /// Its folder.
    folder: Folder,
    /// Its server.
    server: Option<Server>,
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
        assert_eq!(String::from_utf8_lossy(seen), expected, "first bytes of stdout of {}", self.line);
    }

    /// Waits until stdout has brought anything.
    pub fn some(&mut self) {
        assert!(!self.stdout.as_mut().expect("stdout is a pipe").at_least(1).is_empty(), "{} says nothing", self.line);
    }

    /// Waits until stderr has brought at least as many bytes as `expected` and demands them.
    #[track_caller]
    pub fn says(&mut self, expected: &str) {
        let seen = self.stderr.as_mut().expect("stderr is a pipe").at_least(expected.len());
        assert_eq!(String::from_utf8_lossy(seen), expected, "first bytes of stderr of {}", self.line);
    }

    /// Sends a signal by name (`INT`, `TERM`, `HUP`).
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
            panic!("{} hangs", self.line);
        };
        let status = self.process.0.wait().expect("the program is our child");
        Finished { line: self.line, status, stdout, stderr, folder: self.folder, server: self.server }
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
            while let (Ok(()), Ok(count @ 1..)) = (demanded.recv(), pipe.read(&mut buffer)) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
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

/// A run that has ended.
pub struct Finished {
    /// The words of the command line, for failures.
    line: String,
    /// How it ended.
    status: ExitStatus,
    /// All of stdout.
    pub stdout: Vec<u8>,
    /// All of stderr.
    pub stderr: Vec<u8>,
    /// Its folder, kept until the test has looked at it.
    folder: Folder,
    /// Its server, checked when the value goes.
    server: Option<Server>,
}

impl Finished {
    /// The exit code, as a shell sees it: 128 and the signal's number after a signal.
    pub fn code(&self) -> i32 {
        self.status.code().or_else(|| self.status.signal().map(|number| 128 + number)).expect("the program ended")
    }

    /// Stdout as text.
    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Stderr as text, its changing parts (the port, the folder) by the names `SERVER` and `DIR`.
    pub fn stderr(&self) -> String {
        steady(&String::from_utf8_lossy(&self.stderr).replace(&*self.folder.0.to_string_lossy(), "DIR"))
    }

    /// Demands exactly this exit code, stdout and stderr.
    #[track_caller]
    pub fn is(self, code: i32, stdout: &str, stderr: &str) -> Self {
        if (self.code(), self.stdout().as_str(), self.stderr().as_str()) != (code, stdout, stderr) {
            let mut report = format!("lmpipe {}\n", self.line);
            for (name, expected, got) in [("stdout", stdout, self.stdout()), ("stderr", stderr, self.stderr())] {
                let _ = writeln!(report, "{name} expected: {expected:?}\n{name}      got: {got:?}");
            }
            panic!("{report}exit expected: {code}, got: {}", self.code());
        }
        self
    }

    /// The bytes of a file in the run's folder; `None` if there is none.
    pub fn file(&self, name: &str) -> Option<Vec<u8>> {
        fs::read(self.folder.0.join(name)).ok()
    }

    /// The only request its server got.
    pub fn request(mut self) -> Request {
        self.server.take().expect("the run has a server").request()
    }

    /// All requests its server got.
    pub fn requests(mut self) -> Vec<Request> {
        self.server.take().expect("the run has a server").requests()
    }

    /// The run's folder.
    pub fn folder(&self) -> &Path {
        &self.folder.0
    }
}

/// The text with every `127.0.0.1:PORT` written `SERVER`.
pub fn steady(text: &str) -> String {
    let mut pieces = text.split("127.0.0.1:");
    let mut steady = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        steady += "SERVER";
        steady += piece.trim_start_matches(|digit: char| digit.is_ascii_digit());
    }
    steady
}

/// A fresh folder with an empty home in it, removed with the value.
pub struct Folder(pub PathBuf);

impl Folder {
    /// Makes one that no other test has.
    pub fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{number}", std::process::id()));
        fs::create_dir_all(path.join("home")).expect("the target folder is writable");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed lies in the target folder and goes with it.
        let _ = fs::remove_dir_all(&self.0);
    }
}
