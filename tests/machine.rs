//! This machine as it can be: streams that are full, slow, closed or no files, signals at every stage, no home, little
//! room, a crowded environment, many copies at once.
//!
//! The simpler cases (a reader that leaves, a full disk, signals in a stream) are in `pipes`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::replies::{chat, chat_stream, error, reply};
use crate::running::{Running, ignores_signal};
use crate::server::{Answer, FullPort, Gate, Server, Sign, Step};
use crate::util::{Folder, Run};

/// A fresh FIFO and the folder it lives in.
fn fifo() -> (Folder, String) {
    let folder = Folder::new();
    let path = folder.0.join("fifo").display().to_string();
    let made = Command::new("mkfifo").arg(&path).status();
    assert!(made.expect("mkfifo is installed").success());
    (folder, path)
}

/// A run that ends by this signal with the exit code a shell reports for it, nothing on stdout.
#[track_caller]
fn ends_by(mut running: Running, ready: impl FnOnce(&mut Running), signal: &str, code: i32) {
    ready(&mut running);
    running.signal(signal);
    let finished = running.finish_holding_stdin();
    assert_eq!((finished.code(), finished.stdout().as_str()), (code, ""), "{}", finished.stderr());
}

/// The signals that end a program, with the exit codes a shell reports.
const SIGNALS: [(&str, i32); 3] = [("INT", 130), ("TERM", 143), ("HUP", 129)];

/// The signals of them that the program does not ignore.
fn signals() -> impl Iterator<Item = (&'static str, i32)> {
    SIGNALS.into_iter().filter(|(_, code)| !ignores_signal(*code))
}

#[test]
fn signals_end_the_wait_for_stdin() {
    for (signal, code) in signals() {
        let running = Run::asking_all(Vec::<Answer>::new()).stdin_held().start();
        let waits = |running: &mut Running| {
            running.says("lmpipe: waiting for stdin to end: give --no-stdin to leave it alone\n");
        };
        ends_by(running, waits, signal, code);
    }
}

#[test]
fn signals_end_the_wait_for_a_fifo_without_a_writer() {
    let (_folder, path) = fifo();
    for (signal, code) in signals() {
        let running = Run::asking_all(Vec::<Answer>::new()).args(["--prompt-file", &path]).start();
        ends_by(running, Running::sleeps, signal, code);
    }
}

#[test]
fn signals_end_the_wait_for_a_connection() {
    for (signal, code) in signals() {
        let full = FullPort::new();
        let running = Run::new(["-b", &full.url(), "-m", "m", "--no-key", "hi"]).start();
        ends_by(running, Running::sleeps, signal, code);
    }
}

#[test]
fn signals_end_the_wait_for_an_answer() {
    for (signal, code) in signals() {
        let (asked, tell) = Sign::new();
        let running = Run::asking(Answer::new([tell, Step::AwaitClose])).args(["hi"]).start();
        ends_by(running, |_| asked.wait(), signal, code);
    }
}

#[test]
fn signals_end_the_wait_before_a_retry() {
    for (signal, code) in signals() {
        let busy = reply(503, &["Retry-After: 60"], "");
        let running = Run::asking(busy).args(["hi"]).start();
        ends_by(running, Running::speaks, signal, code);
    }
}

#[test]
fn signals_end_the_wait_for_a_key_command() {
    for (signal, code) in signals() {
        let run = Run::new(["-b", "http://127.0.0.1:1/v1", "-m", "m", "hi"]).env("PATH", "/usr/bin:/bin");
        let running = run.args(["--api-key-command", "echo started >&2; exec sleep 1"]).start();
        ends_by(running, Running::speaks, signal, code);
    }
}

#[test]
fn slow_reader_gets_every_byte() {
    let answer = "slow ".repeat(1 << 20);
    let (gate, wait) = Gate::new();
    let stream = chat_stream(&[&answer, "end"]);
    let mut running = Run::asking(Answer::new([Step::Send(stream), wait])).args(["--stream", "hi"]).start();
    running.some();
    // The pipe is full by now and stays so until the answer has left the server.
    gate.open();
    let finished = running.finish();
    assert_eq!(finished.code(), 0);
    assert!(finished.stdout() == format!("{answer}end\n"));
}

#[test]
fn full_disk_behind_meta_exits_1_after_the_answer() {
    Run::asking(chat("x")).args(["--meta", "/dev/full", "hi"]).ends(
        1,
        "x\n",
        "lmpipe: cannot write '/dev/full' (from --meta): no space left on device\n",
    );
}

#[test]
fn fifo_is_read_like_a_file() {
    let (_folder, path) = fifo();
    let run = Run::asking(chat("x")).args(["--prompt-file", &path]);
    let running = run.start();
    fs::write(&path, "from a fifo").expect("the program opens the fifo");
    assert_eq!(running.finish().is(0, "x\n", "").request().prompt(), "from a fifo");
}

#[test]
fn full_stderr_changes_neither_answer_nor_exit_code() {
    Run::asking(chat("x")).args(["-v", "-u", "hi"]).after("exec 2>/dev/full").gives("x\n");
    let refused = Run::asking(error(401, "no", None)).args(["hi"]).after("exec 2>/dev/full");
    refused.ends(3, "", "");
}

#[test]
fn no_descriptor_at_all_is_survived() {
    let finished = Run::asking(chat("x")).args(["-v", "hi"]).stdin_closed().stdout_closed().stderr_closed().finish();
    assert_eq!(finished.code(), 0);
}

#[test]
fn no_home_is_no_failure() {
    Run::asking(chat("x")).args(["hi"]).after("unset HOME XDG_CONFIG_HOME").gives("x\n");
}

#[test]
fn strange_homes_are_no_failure() {
    for home in ["", "/dev/null", "/nonexistent", "relative/path", "/proc"] {
        Run::asking(chat("x")).args(["hi"]).env("HOME", home).after("unset XDG_CONFIG_HOME").gives("x\n");
    }
}

#[test]
fn home_is_left_as_it_was() {
    let finished = Run::asking(chat("x")).args(["-v", "hi"]).finish();
    assert_eq!(finished.code(), 0);
    let home = finished.folder().join("home");
    assert_eq!(fs::read_dir(home).expect("home is there").count(), 0);
}

#[test]
fn read_only_home_is_no_failure() {
    let run = Run::asking(chat("x")).args(["hi"]);
    let home = run.folder().join("home");
    let mode = |mode| fs::set_permissions(&home, fs::Permissions::from_mode(mode)).expect("home is ours");
    mode(0o500);
    let finished = run.finish();
    mode(0o700);
    finished.is(0, "x\n", "");
}

#[test]
fn no_resolver_file_is_no_failure() {
    // In a mount namespace of its own; where none may be made, there is nothing to see.
    let hide = "mount -t tmpfs none /etc";
    if !Command::new("unshare").args(["-rm", "sh", "-c", hide]).output().is_ok_and(|tried| tried.status.success()) {
        return;
    }
    let hidden = format!("exec unshare -rm sh -c '{hide} && exec \"$@\"' sh \"$@\"");
    Run::asking(chat("x")).args(["hi"]).after(&hidden).gives("x\n");
    let run = Run::new(["-b", "http://host.invalid/v1", "-m", "m", "--no-key", "--retries", "0", "hi"]);
    let finished = run.after(&hidden).finish();
    assert_eq!((finished.code(), finished.stdout().as_str()), (7, ""), "{}", finished.stderr());
    assert!(finished.stderr().contains("cannot resolve 'host.invalid'"), "{}", finished.stderr());
}

#[test]
fn folder_that_is_gone_is_no_failure() {
    Run::asking(chat("x")).args(["hi"]).after("mkdir gone && cd gone && rmdir ../gone").gives("x\n");
}

#[test]
fn ten_thousand_variables_are_no_failure() {
    let mut run = Run::asking(chat("x")).args(["hi"]);
    for number in 0..10_000 {
        run = run.env(&format!("FILLER_{number}"), "value");
    }
    run.gives("x\n");
}

#[test]
fn variables_that_are_not_utf8_are_no_failure() {
    use std::os::unix::ffi::OsStrExt;
    let bytes = std::ffi::OsStr::from_bytes(b"\xff\xfe");
    Run::asking(chat("x")).args(["hi"]).env("FILLER", bytes).env("TERM", bytes).env("LANG", bytes).gives("x\n");
}

#[test]
fn little_memory_is_enough_for_a_short_answer() {
    Run::asking(chat("x")).args(["hi"]).after("ulimit -v 60000").gives("x\n");
}

#[test]
fn too_little_memory_leaves_nothing_on_stdout() {
    let finished = Run::asking_all(Vec::<Answer>::new()).stdin("x".repeat(64 << 20)).after("ulimit -v 60000").finish();
    // Rust ends a program that gets no memory by SIGABRT, with one line on stderr.
    assert_eq!((finished.code(), finished.stdout().as_str()), (134, ""), "{}", finished.stderr());
}

#[test]
fn too_few_descriptors_exit_by_a_code_of_the_table() {
    // With three the loader gives up before the program begins.
    for count in 4..8 {
        let server = Server::always(chat("x"));
        let run = Run::new(["-b", &server.url(), "-m", "m", "--no-key", "--retries", "0", "hi"]);
        let finished = run.beside(server).after(&format!("ulimit -n {count}")).finish();
        let seen = (finished.code(), finished.stdout());
        assert!(matches!(seen.0, 0 | 1 | 7), "{count} descriptors: {seen:?}: {}", finished.stderr());
        assert_eq!(seen.1, if seen.0 == 0 { "x\n" } else { "" });
    }
}

#[test]
fn file_size_limit_ends_the_run_and_keeps_the_old_file() {
    // SIGXFSZ, as for every program that leaves it alone.
    let run = Run::asking(chat("x")).args(["--save-messages", "talk.json", "hi"]).file("talk.json", "[]");
    let finished = run.after("ulimit -f 0").finish();
    assert_eq!((finished.code(), finished.stdout().as_str()), (153, "x\n"));
    assert_eq!(finished.file("talk.json").as_deref(), Some(&b"[]"[..]));
}

#[test]
fn many_copies_at_once_all_answer() {
    let server = Server::always(chat("x"));
    let url = server.url();
    let copies: Vec<Running> = (0..50).map(|_| Run::new(["-b", &url, "-m", "m", "--no-key", "hi"]).start()).collect();
    for copy in copies {
        copy.finish().is(0, "x\n", "");
    }
    assert_eq!(server.requests().len(), 50);
}
