//! Time limits: each stage that can fall silent, against the limit that bounds it. Silence is never tried again.

use std::time::{Duration, Instant};

use crate::replies::{DONE, LAST_CHUNK, chunk, delta, finish, head, stream_head};
use crate::server::{Answer, Gate, Server, Step};
use crate::util::Run;

/// A run whose server falls silent behind these bytes until it is over.
#[track_caller]
fn silent_after(bytes: Vec<u8>, words: &[&str], code: i32, stdout: &str, stderr: &str) {
    let answer = Answer::new([Step::Send(bytes), Step::AwaitClose]);
    let began = Instant::now();
    Run::asking(answer).args(["--retries", "2", "hi"]).args(words).ends(code, stdout, stderr);
    let took = began.elapsed();
    assert!(took >= Duration::from_millis(300) && took < Duration::from_secs(10), "took {took:?}");
}

#[test]
fn silence_before_the_head_exits_7() {
    silent_after(
        Vec::new(),
        &["--timeout", "0.3"],
        7,
        "",
        "lmpipe: no answer from http://SERVER: silent for 0.3 s: --timeout sets the limit\n",
    );
}

#[test]
fn silence_inside_the_head_exits_7() {
    silent_after(
        b"HTTP/1.1 200 OK\r\nContent-Ty".to_vec(),
        &["--timeout", "0.3"],
        7,
        "",
        "lmpipe: no answer from http://SERVER: silent for 0.3 s: --timeout sets the limit\n",
    );
}

#[test]
fn silence_before_the_body_exits_7() {
    silent_after(
        head(200, &[], "Content-Length: 100"),
        &["--timeout", "0.3"],
        7,
        "",
        "lmpipe: no answer from http://SERVER: silent for 0.3 s: --timeout sets the limit\n",
    );
}

#[test]
fn silence_inside_a_document_exits_7() {
    let bytes = [head(200, &[], "Content-Length: 100"), b"{\"choices\":".to_vec()].concat();
    silent_after(
        bytes,
        &["--timeout", "0.3"],
        7,
        "",
        "lmpipe: no answer from http://SERVER: silent for 0.3 s: --timeout sets the limit\n",
    );
}

#[test]
fn silence_inside_a_stream_keeps_the_text_and_exits_7() {
    let bytes = [stream_head(), chunk(delta("Once"))].concat();
    silent_after(
        bytes,
        &["--stream", "--timeout", "0.3"],
        7,
        "Once",
        "lmpipe: no answer from http://SERVER: silent for 0.3 s: --timeout sets the limit\n",
    );
}

#[test]
fn silence_after_the_finish_reason_exits_7() {
    let bytes = [stream_head(), chunk(delta("x")), chunk(finish("stop"))].concat();
    silent_after(
        bytes,
        &["--stream", "--timeout", "0.3"],
        7,
        "x",
        "lmpipe: no answer from http://SERVER: silent for 0.3 s: --timeout sets the limit\n",
    );
}

#[test]
fn max_time_bounds_the_whole_run() {
    silent_after(
        Vec::new(),
        &["--max-time", "0.3"],
        7,
        "",
        "lmpipe: no whole answer from http://SERVER: --max-time of 0.3 s is over\n",
    );
    let bytes = [stream_head(), chunk(delta("Once"))].concat();
    silent_after(
        bytes,
        &["--stream", "--max-time", "0.3"],
        7,
        "Once",
        "lmpipe: no whole answer from http://SERVER: --max-time of 0.3 s is over\n",
    );
}

#[test]
fn comments_count_as_life() {
    let mut steps = vec![Step::Send([stream_head(), chunk(delta("x"))].concat())];
    let mut gates = Vec::new();
    for _ in 0..6 {
        let (gate, wait) = Gate::new();
        gates.push(gate);
        steps.extend([wait, Step::Send(chunk(": ping\n\n"))]);
    }
    steps.push(Step::Send([chunk(DONE), LAST_CHUNK.to_vec()].concat()));
    let running = Run::asking(Answer::new(steps)).args(["--stream", "--timeout", "1", "hi"]).start();
    for gate in gates {
        // Six pauses, each well below the limit and together above it.
        std::thread::sleep(Duration::from_millis(250));
        gate.open();
    }
    running.finish().is(0, "x\n", "");
}

#[test]
fn connect_timeout_bounds_the_tls_handshake() {
    let server = Server::new([Answer::new([Step::AwaitClose]).unread()]);
    let url = format!("https://{}/v1", server.address());
    let words = ["-b", &url, "-m", "m", "--no-key", "--retries", "0", "--connect-timeout", "0.3", "hi"];
    let began = Instant::now();
    Run::new(words)
        .beside(server)
        .fails(7, "cannot reach https://SERVER: no connection within 0.3 s: --connect-timeout sets the limit");
    assert!(began.elapsed() < Duration::from_secs(10));
}
