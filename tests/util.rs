//! Runs the built program the way a shell does and compares everything it leaves behind.
//!
//! Nothing of the machine leaks in: the environment is cleared, home is an empty folder that is removed again.
//! Nothing goes unchecked: a run ends in status, stdout and stderr, compared whole; a failure prints all three.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::running::Running;
use crate::server::{Answer, Request, Server};

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
    /// What a shell does before the program takes its place.
    shell: Vec<String>,
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
            shell: Vec::new(),
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
    #[cfg(unix)]
    pub fn stdin_closed(self) -> Self {
        self.after("exec <&-")
    }

    /// Redirects stdout to a file.
    pub fn stdout_to(mut self, path: impl Into<PathBuf>) -> Self {
        self.target = Target::File(path.into());
        self
    }

    /// Closes stdout, as `>&-` does.
    #[cfg(unix)]
    pub fn stdout_closed(self) -> Self {
        self.after("exec >&-")
    }

    /// Writes a file that nobody else may read into the folder the program is started in.
    pub fn file(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let path = self.folder.0.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).expect("the test's folder is writable");
        }
        fs::write(path, bytes).expect("the test's folder is writable");
        #[cfg(unix)]
        let this = self.mode(name, 0o600);
        #[cfg(not(unix))]
        let this = self;
        this
    }

    /// Sets who may read a file.
    #[cfg(unix)]
    pub fn mode(self, name: &str, mode: u32) -> Self {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::Permissions::from_mode(mode);
        fs::set_permissions(self.folder.0.join(name), mode).expect("the file is the test's");
        self
    }

    /// Closes stderr, as `2>&-` does.
    #[cfg(unix)]
    pub fn stderr_closed(self) -> Self {
        self.after("exec 2>&-")
    }

    /// Starts the program in the place of a shell that has done this: `ulimit -n 9`, `unset HOME`, `exec 2>FILE`.
    #[cfg(unix)]
    pub fn after(mut self, command: &str) -> Self {
        self.shell.push(format!("{command} && "));
        self
    }

    /// Starts the program where there is no network, not even loopback, as far as this machine can do that.
    #[cfg(unix)]
    pub fn without_network(self) -> Self {
        let can = Command::new("unshare").args(["-rn", "true"]).output().is_ok_and(|tried| tried.status.success());
        if can { self.after("exec unshare -rn \"$@\"") } else { self }
    }

    /// The folder the program is started in.
    pub fn folder(&self) -> &Path {
        &self.folder.0
    }

    /// Starts the program and leaves it running.
    pub fn start(self) -> Running {
        let mut command = self.command();
        command
            .env_clear()
            .env("HOME", self.folder.0.join("home"))
            .env("XDG_CONFIG_HOME", self.folder.0.join("home/.config"))
            // Where coverage is measured, the program's part is written there too; Windows has no sockets without its root.
            .envs(std::env::vars_os().filter(|(name, _)| name == "LLVM_PROFILE_FILE" || name == "SystemRoot"))
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
        let child = command.spawn().expect("the program was built beside this test");
        let case = Case { line: format!("{:?}", self.args), folder: self.folder, server: self.server };
        match self.input {
            Input::Bytes(bytes) => Running::fed(child, bytes, case),
            _ => Running::new(child, case),
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

    /// The command before environment and streams: the program itself, or a shell that has something to do first.
    fn command(&self) -> Command {
        let program = env!("CARGO_BIN_EXE_lmpipe");
        if self.shell.is_empty() {
            let mut command = Command::new(program);
            command.args(&self.args);
            return command;
        }
        let mut command = Command::new("/bin/sh");
        let script = format!("{}exec \"$@\"", self.shell.concat());
        command.args(["-c", &script, "sh", program]).args(&self.args);
        command
    }
}

/// What belongs to a run from its start until the test has looked at all of it.
pub struct Case {
    /// The words of the command line, for failures.
    pub line: String,
    /// The folder it is started in.
    folder: Folder,
    /// Its server, checked when the value goes.
    server: Option<Server>,
}

/// A run that has ended.
pub struct Finished {
    /// How it ended.
    pub status: ExitStatus,
    /// All of stdout.
    pub stdout: Vec<u8>,
    /// All of stderr.
    pub stderr: Vec<u8>,
    /// What belongs to it.
    pub case: Case,
}

impl Finished {
    /// The exit code, as a shell sees it: 128 and the signal's number after a signal.
    pub fn code(&self) -> i32 {
        #[cfg(unix)]
        let signal = std::os::unix::process::ExitStatusExt::signal(&self.status);
        #[cfg(not(unix))]
        let signal: Option<i32> = None;
        self.status.code().or(signal.map(|number| 128 + number)).expect("the program ended")
    }

    /// Stdout as text, its changing parts (the port, the folder) by the names `SERVER` and `DIR`.
    pub fn stdout(&self) -> String {
        self.steady(&self.stdout)
    }

    /// Stderr as text, its changing parts by the same names.
    pub fn stderr(&self) -> String {
        self.steady(&self.stderr)
    }

    /// See [`Finished::stdout`].
    fn steady(&self, bytes: &[u8]) -> String {
        steady(&String::from_utf8_lossy(bytes).replace(&*self.case.folder.0.to_string_lossy(), "DIR"))
    }

    /// Demands exactly this exit code, stdout and stderr.
    #[track_caller]
    pub fn is(self, code: i32, stdout: &str, stderr: &str) -> Self {
        if (self.code(), self.stdout().as_str(), self.stderr().as_str()) != (code, stdout, stderr) {
            let mut report = format!("lmpipe {}\n", self.case.line);
            for (name, expected, got) in [("stdout", stdout, self.stdout()), ("stderr", stderr, self.stderr())] {
                let _ = writeln!(report, "{name} expected: {expected:?}\n{name}      got: {got:?}");
            }
            panic!("{report}exit expected: {code}, got: {}", self.code());
        }
        self
    }

    /// The bytes of a file in the run's folder; `None` if there is none.
    pub fn file(&self, name: &str) -> Option<Vec<u8>> {
        fs::read(self.case.folder.0.join(name)).ok()
    }

    /// The only request its server got.
    pub fn request(mut self) -> Request {
        self.case.server.take().expect("the run has a server").request()
    }

    /// All requests its server got.
    pub fn requests(mut self) -> Vec<Request> {
        self.case.server.take().expect("the run has a server").requests()
    }

    /// The run's folder.
    pub fn folder(&self) -> &Path {
        &self.case.folder.0
    }
}

/// The text with every `127.0.0.1:PORT` written `SERVER`.
pub fn steady(text: &str) -> String {
    let mut pieces = text.split("127.0.0.1:");
    let mut steady = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let rest = piece.trim_start_matches(|digit: char| digit.is_ascii_digit());
        steady += if rest.len() < piece.len() { "SERVER" } else { "127.0.0.1:" };
        steady += rest;
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
