//! Replies without an end: bounded memory, and an end all the same.
//!
//! The bound is a limit of the shell that the run must fit in; what needs more is killed, and its exit code tells.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::replies::{chunk, delta, head, stream_head};
use crate::server::{Answer, Step};
use crate::util::Run;

/// Address space a run must fit in: the program and its libraries, and a few MiB of what it holds.
const ROOM: &str = "ulimit -v 160000";

/// The end of a reply, or of an event of it, that is longer than it may be.
const TOO_LONG: &str = "http://SERVER/v1 sent too much: a reply or an event of it is longer than 1048576 bytes: raise \
                        the limit with --max-reply";
/// The end of an answer in more pieces than can be kept.
const TOO_MUCH: &str = "the answer is too long: more than 1048576 bytes of it are to be kept: raise the limit with \
                        --max-reply";

/// A run in little room against a server that sends `first` and then `again` until nobody listens.
#[cfg(unix)]
fn endless(first: Vec<u8>, again: impl Into<Vec<u8>>) -> Run {
    let answer = Answer::new([Step::Send(first), Step::Repeat(again.into())]);
    Run::asking(answer).args(["--retries", "0", "--max-reply", "1MiB", "hi"]).after(ROOM)
}

#[test]
#[cfg(unix)]
fn endless_headers_exit_5() {
    endless(b"HTTP/1.1 200 OK\r\n".into(), "X-More: of the same, again and again\r\n")
        .fails(5, "cannot understand http://SERVER: its reply is not HTTP (http parse resulted in too many headers)");
}

#[test]
#[cfg(unix)]
fn endless_header_exits_5() {
    endless(b"HTTP/1.1 200 OK\r\nX-Long: ".into(), "xxxxxxxxxxxxxxxx")
        .fails(5, "cannot understand http://SERVER: its reply has more than 64 KiB of headers");
}

#[test]
#[cfg(unix)]
fn endless_status_line_exits_5() {
    endless(b"HTTP/1.1 200 O".into(), "OOOOOOOOOOOOOOOO")
        .fails(5, "cannot understand http://SERVER: its reply has more than 64 KiB of headers");
}

#[test]
#[cfg(unix)]
fn endless_interim_answers_end_with_the_time_limit() {
    let finished = endless(Vec::new(), "HTTP/1.1 102 Processing\r\n\r\n").args(["--max-time", "1"]).finish();
    assert!(matches!(finished.code(), 5 | 7), "exit {}", finished.code());
}

#[test]
#[cfg(unix)]
fn endless_document_exits_5() {
    endless(head(200, &[], "X-No: length"), " ".repeat(1000)).fails(5, TOO_LONG);
    endless([head(200, &[], "X-No: length"), b"{\"choices\":\"".into()].concat(), "x".repeat(1000)).fails(5, TOO_LONG);
    endless(head(200, &[], "Transfer-Encoding: chunked"), chunk("{".repeat(1000))).fails(5, TOO_LONG);
}

#[test]
#[cfg(unix)]
fn endless_event_exits_5() {
    for (first, again) in [("data: {\"a\":\"", "x"), ("", "data: x\n"), (": ", "x"), ("event: ", "x"), ("", "x")] {
        let begin = if first.is_empty() { stream_head() } else { [stream_head(), chunk(first)].concat() };
        endless(begin, chunk(again.repeat(1000))).args(["--stream"]).fails(5, TOO_LONG);
    }
}

#[test]
#[cfg(unix)]
fn endless_error_body_is_cut_and_told() {
    for (status, code, again) in [(500, 5, "error "), (400, 4, "["), (429, 6, " ")] {
        let finished = endless(head(status, &[], "X-No: length"), again.repeat(1000)).finish();
        assert_eq!((finished.code(), finished.stdout().as_str()), (code, ""), "{}", finished.stderr());
        assert!(finished.stderr().len() < 500, "{}", finished.stderr());
    }
}

#[test]
#[cfg(unix)]
fn endless_chunk_size_exits_7() {
    endless(head(200, &[], "Transfer-Encoding: chunked"), "00000000")
        .fails(7, "the answer of http://SERVER is cut: broken framing (a chunk without size)");
}

#[test]
#[cfg(unix)]
fn endless_chunk_extension_exits_7() {
    endless([head(200, &[], "Transfer-Encoding: chunked"), b"1;".into()].concat(), "xxxxxxxx")
        .fails(7, "the answer of http://SERVER is cut: broken framing (a chunk without size)");
}

#[test]
#[cfg(unix)]
fn streamed_text_has_no_bound_and_needs_no_memory() {
    let finished = endless(stream_head(), chunk(delta(&"long ".repeat(20_000))))
        .args(["--stream", "--max-time", "3"])
        .stdout_to("/dev/null")
        .finish();
    assert_eq!(finished.code(), 7, "{}", finished.stderr());
}

#[test]
#[cfg(unix)]
fn text_that_is_held_back_is_bounded() {
    let run = endless(stream_head(), chunk(delta(&"long ".repeat(20_000)))).args(["--no-stream"]);
    run.fails(5, TOO_MUCH);
}

#[test]
#[cfg(unix)]
fn tool_calls_without_end_are_bounded() {
    let call = |index: &str| {
        chunk(format!(
            "data: {{\"choices\":[{{\"delta\":{{\"tool_calls\":[{{\"index\":{index},\"function\":{{\"name\":\"f\",\
             \"arguments\":\"{}\"}}}}]}}}}]}}\n\n",
            "x".repeat(1000)
        ))
    };
    endless(stream_head(), call("0")).args(["--stream"]).fails(5, TOO_MUCH);
    // A number far out is no place to make room for.
    let far = [stream_head(), call("4000000000"), chunk(crate::replies::DONE), b"0\r\n\r\n".to_vec()].concat();
    let finished = Run::asking(far).args(["--stream", "hi"]).after(ROOM).finish();
    assert_eq!(finished.code(), 10, "{}", finished.stderr());
}

#[test]
#[cfg(unix)]
fn reasoning_without_end_is_bounded() {
    let thought = format!("data: {{\"choices\":[{{\"delta\":{{\"reasoning\":\"{}\"}}}}]}}\n\n", "x".repeat(20_000));
    endless(stream_head(), chunk(thought)).args(["--stream"]).fails(5, TOO_MUCH);
}

#[test]
#[cfg(unix)]
fn gzip_bombs_exit_5() {
    let gzip = "Content-Encoding: gzip";
    for byte in [b' ', b'x', b'{', b'['] {
        let (first, again) = bomb(byte);
        for kind in ["Content-Type: application/json", "Content-Type: text/event-stream"] {
            let begin = [head(200, &[gzip, kind], "X-No: length"), first.clone()].concat();
            endless(begin, again.clone()).fails(5, TOO_LONG);
        }
        let begin = [head(500, &[gzip], "X-No: length"), first].concat();
        let finished = endless(begin, again).finish();
        assert_eq!((finished.code(), finished.stdout().as_str()), (5, ""), "{}", finished.stderr());
        assert!(finished.stderr().len() < 500, "{}", finished.stderr());
    }
}

/// The beginning of a gzip file, and a piece of it that can follow again and again: a MiB of the byte each.
fn bomb(byte: u8) -> (Vec<u8>, Vec<u8>) {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let mut first_length = 0;
    for _ in 0..2 {
        first_length = encoder.get_ref().len();
        encoder.write_all(&[byte; 1 << 20]).and_then(|()| encoder.flush()).expect("memory takes every byte");
    }
    let again = encoder.get_ref()[first_length..].to_vec();
    (encoder.get_ref()[..first_length].to_vec(), again)
}
