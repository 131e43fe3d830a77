//! Silence at each stage against each limit: the limit is kept to the tenth.
//!
//! The machine may be slow, the program may not: the fastest of several runs is held to the limit, and the first that
//! keeps it is enough.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::replies::{chunk, delta, head, stream_head};
use crate::server::{Answer, FullPort, Server, Step};
use crate::util::{Finished, Run};

/// What every limit is set to.
const LIMIT: Duration = Duration::from_secs(1);
/// How often a busy machine may keep a run from its end.
const TRIES: usize = 10;

/// Makes runs until one is over after the limit and within `bound`; each must end as `judge` demands.
#[track_caller]
fn ends_within(bound: Duration, judge: impl Fn(&Finished), run: impl Fn() -> Run) {
    let mut fastest = Duration::MAX;
    for _ in 0..TRIES {
        let began = Instant::now();
        let finished = run().args(["--retries", "0", "-m", "m", "--no-key"]).finish();
        fastest = fastest.min(began.elapsed());
        judge(&finished);
        assert!(fastest >= LIMIT, "over after {fastest:?}");
        if fastest <= bound {
            return;
        }
    }
    panic!("over after {fastest:?} at best");
}

/// A run that was ended by a limit: exit 7 and what stdout already held.
#[track_caller]
fn is_cut(finished: &Finished, stdout: &str) {
    assert_eq!((finished.code(), finished.stdout().trim_end()), (7, stdout), "{}", finished.stderr());
}

/// Each run must exit 7 with this stdout, and one must keep the limit to the tenth.
#[track_caller]
fn keeps_the_limit(stdout: &str, run: impl Fn() -> Run) {
    ends_within(LIMIT * 11 / 10, |finished| is_cut(finished, stdout), run);
}

/// A run against a server that sends this and falls silent.
fn silent_after(bytes: &[u8], words: &[&str]) -> Run {
    Run::asking(Answer::new([Step::Send(bytes.to_vec()), Step::AwaitClose])).args(words).args(["hi"])
}

#[test]
fn silence_while_connecting_ends_with_connect_timeout() {
    let full = FullPort::new();
    for limit in ["--connect-timeout", "--max-time"] {
        keeps_the_limit("", || Run::new(["-b", &full.url(), limit, "1", "hi"]));
    }
}

#[test]
fn silence_in_the_handshake_ends_with_each_limit() {
    for limit in ["--connect-timeout", "--max-time"] {
        keeps_the_limit("", || {
            let server = Server::new([Answer::new([Step::AwaitClose]).unread()]);
            Run::new(["-b", &format!("https://{}/v1", server.address()), limit, "1", "hi"]).beside(server)
        });
    }
}

#[test]
fn silence_before_the_head_ends_with_each_limit() {
    for limit in ["--timeout", "--max-time"] {
        keeps_the_limit("", || silent_after(b"", &[limit, "1"]));
    }
}

#[test]
fn silence_inside_the_head_ends_with_each_limit() {
    for limit in ["--timeout", "--max-time"] {
        keeps_the_limit("", || silent_after(b"HTTP/1.1 200 OK\r\nX-", &[limit, "1"]));
    }
}

#[test]
fn silence_before_the_first_byte_of_the_body_ends_with_each_limit() {
    for limit in ["--timeout", "--max-time"] {
        keeps_the_limit("", || silent_after(&head(200, &[], "Content-Length: 9"), &[limit, "1"]));
    }
}

#[test]
fn silence_inside_a_stream_ends_with_each_limit() {
    let bytes = [stream_head(), chunk(delta("Once"))].concat();
    for limit in ["--timeout", "--max-time"] {
        keeps_the_limit("Once", || silent_after(&bytes, &["--stream", limit, "1"]));
    }
}

#[test]
fn silence_inside_an_error_body_ends_with_each_limit() {
    // The status is known by then, but the server's words are not.
    let judge = |finished: &Finished| assert!(matches!(finished.code(), 5 | 7), "exit {}", finished.code());
    for limit in ["--timeout", "--max-time"] {
        ends_within(LIMIT * 11 / 10, judge, || silent_after(&head(500, &[], "Content-Length: 9"), &[limit, "1"]));
    }
}

#[test]
fn server_that_takes_no_upload_ends_with_each_limit() {
    // The system takes the connection and a few MiB into its buffers; nobody ever reads them.
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let url = format!("http://{}/v1", listener.local_addr().expect("a bound socket has an address"));
    // The silence begins when the buffers are full, so the limit is not over a tenth after the start.
    for limit in ["--timeout", "--max-time"] {
        let run = || Run::new(["-b", &url, limit, "1"]).stdin("x".repeat(8 << 20));
        ends_within(LIMIT * 2, |finished| is_cut(finished, ""), run);
    }
}

#[test]
fn signs_of_life_do_not_move_the_end_of_all() {
    let begin = [stream_head(), chunk(delta("Once"))].concat();
    let run = || {
        // Not as fast as they can: on a busy machine a program that always runs is late everywhere.
        let pings = Step::Beat(chunk(": ping\n\n"), Duration::from_millis(20));
        Run::asking(Answer::new([Step::Send(begin.clone()), pings])).args(["--stream", "--max-time", "1", "hi"])
    };
    keeps_the_limit("Once", run);
}
