//! The streams around the program: a reader that leaves, a full disk, descriptors that are closed, signals.

use crate::replies::{chat, chunk, delta, stream_head};
use crate::server::{Answer, Gate, Step};
use crate::util::Run;

/// An answer that streams one piece, waits for the gate, streams a second and then waits for the client to go.
fn two_pieces() -> (Gate, Answer) {
    let (gate, wait) = Gate::new();
    let first = Step::Send([stream_head(), chunk(delta("Once"))].concat());
    (gate, Answer::new([first, wait, Step::Send(chunk(delta(" upon"))), Step::AwaitClose]))
}

#[test]
fn reader_that_leaves_ends_the_request_quietly_with_141() {
    let (gate, answer) = two_pieces();
    let mut running = Run::asking(answer).args(["--stream", "hi"]).start();
    running.shows("Once");
    running.close_stdout();
    gate.open();
    running.finish().is(141, "", "");
}

#[test]
fn reader_that_left_before_the_answer_exits_141() {
    let (gate, wait) = Gate::new();
    let mut running = Run::asking(Answer::new([wait, Step::Send(chat("x"))])).args(["hi"]).start();
    running.close_stdout();
    gate.open();
    running.finish().is(141, "", "");
}

#[test]
fn reader_of_a_few_bytes_ends_a_long_stream_with_141() {
    let long = Step::Send([stream_head(), chunk(delta(&"long ".repeat(1 << 20)))].concat());
    let mut running = Run::asking(Answer::new([long, Step::AwaitClose])).args(["--stream", "hi"]).start();
    running.some();
    running.close_stdout();
    running.finish().is(141, "", "");
}

#[test]
#[cfg(unix)]
fn full_disk_exits_1() {
    Run::asking(chat("x")).args(["hi"]).stdout_to("/dev/full").ends(
        1,
        "",
        "lmpipe: cannot write to stdout: no space left on device\n",
    );
}

#[test]
#[cfg(unix)]
fn full_disk_ends_a_stream() {
    let first = Step::Send([stream_head(), chunk(delta("Once"))].concat());
    let answer = Answer::new([first, Step::AwaitClose]);
    Run::asking(answer).args(["--stream", "hi"]).stdout_to("/dev/full").ends(
        1,
        "",
        "lmpipe: cannot write to stdout: no space left on device\n",
    );
}

#[test]
#[cfg(unix)]
fn full_disk_spoils_no_help() {
    Run::new(["--help"]).stdout_to("/dev/full").ends(
        1,
        "",
        "lmpipe: cannot write to stdout: no space left on device\n",
    );
}

#[test]
fn reader_that_leaves_spoils_no_help() {
    let mut running = Run::new(["--help"]).stdin_held().start();
    running.close_stdout();
    let finished = running.finish();
    assert!(matches!(finished.code(), 0 | 141), "exit {}", finished.code());
    assert_eq!(finished.stderr(), "");
}

#[test]
#[cfg(unix)]
fn closed_stdin_is_an_empty_one() {
    Run::asking(chat("x")).args(["hi"]).stdin_closed().gives("x\n");
}

#[test]
#[cfg(unix)]
fn closed_stdin_and_no_prompt_exits_2() {
    Run::asking_all(Vec::<Vec<u8>>::new())
        .stdin_closed()
        .fails(2, "no prompt: stdin is empty: give one: lmpipe \"your question\", or pipe text in; --help shows more");
}

#[test]
#[cfg(unix)]
fn closed_stdout_does_no_harm() {
    // Rust opens /dev/null in its place before main.
    Run::asking(chat("x")).args(["hi"]).stdout_closed().gives("");
}

#[test]
#[cfg(unix)]
fn closed_stderr_changes_no_exit_code() {
    let finished = Run::asking(crate::replies::error(401, "no", None)).args(["hi"]).stderr_closed().finish();
    assert_eq!((finished.code(), finished.stdout()), (3, String::new()));
}

#[test]
#[cfg(unix)]
fn interrupt_exits_130_and_keeps_what_was_printed() {
    signalled("INT", 130);
}

#[test]
#[cfg(unix)]
fn termination_exits_143_and_keeps_what_was_printed() {
    signalled("TERM", 143);
}

/// A stream ended by a signal after its first piece.
#[track_caller]
#[cfg(unix)]
fn signalled(name: &str, code: i32) {
    if crate::running::ignores_signal(code) {
        return;
    }
    let first = Step::Send([stream_head(), chunk(delta("Once"))].concat());
    let mut running = Run::asking(Answer::new([first, Step::AwaitClose])).args(["--stream", "hi"]).start();
    running.shows("Once");
    running.signal(name);
    let finished = running.finish();
    assert_eq!((finished.code(), finished.stdout().trim_end()), (code, "Once"));
}

#[test]
fn server_that_hangs_up_during_the_upload_is_no_closed_pipe() {
    let large = "x".repeat(32 << 20);
    let answer = Answer::new([]).unread();
    let finished = Run::asking(answer).args(["--retries", "0"]).stdin(large).finish();
    assert_eq!((finished.code(), finished.stdout()), (7, String::new()), "{}", finished.stderr());
}
