//! Heads, lengths and chunks that are wrong, odd or someone else's.

use serde_json::json;

use crate::replies::{
    DONE, LAST_CHUNK, chat, chat_stream, chunk, completion, delta, finish, head, json_reply, reply, stream_head,
};
use crate::server::{Answer, Step};
use crate::util::Run;

/// A document that says "x".
fn document() -> String {
    completion("x", "stop").to_string()
}

/// A run that these bytes answer, without a second try.
fn answered(bytes: impl Into<Vec<u8>>) -> Run {
    Run::asking(bytes.into()).args(["--retries", "0", "hi"])
}

/// The exit code of a run that these bytes answer; nothing may be on stdout.
#[track_caller]
fn ends_without_answer(bytes: impl Into<Vec<u8>>) -> i32 {
    let finished = answered(bytes).finish();
    assert_eq!(finished.stdout(), "", "{}", finished.stderr());
    finished.code()
}

#[test]
fn longer_length_than_the_body_exits_7() {
    let bytes = [head(200, &[], "Content-Length: 9999"), document().into()].concat();
    assert_eq!(ends_without_answer(bytes), 7);
}

#[test]
fn shorter_length_than_the_document_exits_7() {
    let bytes = [head(200, &[], "Content-Length: 40"), document().into()].concat();
    assert_eq!(ends_without_answer(bytes), 7);
}

#[test]
fn lengths_that_contradict_each_other_exit_5() {
    let body = document();
    for framing in [
        format!("Content-Length: {}\r\nContent-Length: 7", body.len()),
        format!("Content-Length: 7\r\nContent-Length: {}", body.len()),
        "Content-Length: -1".into(),
        "Content-Length: many".into(),
        "Content-Length: 99999999999999999999999999".into(),
    ] {
        let bytes = [head(200, &[], &framing), body.clone().into()].concat();
        assert_eq!(ends_without_answer(bytes), 5, "{framing}");
    }
}

#[test]
fn chunks_win_over_a_length() {
    for framing in
        ["Content-Length: 3\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 3"]
    {
        let bytes = [head(200, &[], framing), chunk(document()), LAST_CHUNK.into()].concat();
        answered(bytes).gives("x\n");
    }
}

#[test]
fn bad_chunk_sizes_exit_7() {
    for size in ["zz", "-1", "", "0x10", "ffffffffffffffff", "fffffffffffffffff", "1 0", "5;"] {
        let first = [stream_head(), chunk(delta("Once"))].concat();
        let bytes = [first, format!("{size}\r\ndata:\r\n0\r\n\r\n").into()].concat();
        breaks_off(bytes);
    }
}

#[test]
fn chunk_without_its_line_end_exits_7() {
    let bytes = [stream_head(), chunk(delta("Once")), b"3\r\nabcdef0\r\n\r\n".to_vec()].concat();
    breaks_off(bytes);
}

/// A stream whose framing breaks behind "Once": exit 7. What came in one read with the broken bytes may be lost.
#[track_caller]
fn breaks_off(bytes: Vec<u8>) {
    let finished = Run::asking(bytes).args(["--stream", "hi"]).finish();
    assert!(
        matches!((finished.code(), finished.stdout().as_str()), (7, "Once" | "Once\n" | "")),
        "{}",
        finished.stderr()
    );
}

#[test]
fn chunk_extensions_and_trailers_are_read_over() {
    let body = document();
    let chunk = format!("{:X};name=\"value\"\r\n{body}\r\n0;last\r\nX-Trailer: 1\r\n\r\n", body.len());
    answered([head(200, &[], "Transfer-Encoding: chunked"), chunk.into()].concat()).gives("x\n");
}

#[test]
fn old_http_is_read() {
    let whole = format!("HTTP/1.0 200 OK\r\nContent-Length: {}\r\n\r\n{}", document().len(), document());
    let open = format!("HTTP/1.0 200 OK\r\n\r\n{}", document());
    let bare = format!("HTTP/1.1 200\r\n\r\n{}", document());
    for bytes in [whole, open, bare] {
        answered(bytes).gives("x\n");
    }
    let stream = ["HTTP/1.0 200 OK\r\n\r\n", &delta("x"), &finish("stop"), DONE].concat();
    Run::asking(stream.into_bytes()).args(["--stream", "hi"]).gives("x\n");
}

#[test]
fn interim_answers_are_read_over() {
    let hints = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n".to_vec();
    let proceed = b"HTTP/1.1 100 Continue\r\n\r\n".to_vec();
    let processing = b"HTTP/1.1 102 Processing\r\n\r\n".to_vec();
    answered([proceed, hints, processing.clone(), processing, chat("x")].concat()).gives("x\n");
}

#[test]
fn answers_without_a_body_exit_5() {
    for status in [204, 205, 304] {
        assert_ne!(ends_without_answer(head(status, &[], "X-Nothing: here")), 0, "{status}");
    }
    assert_eq!(ends_without_answer(head(204, &[], "X-Nothing: here")), 5);
    assert_eq!(ends_without_answer(reply(200, &[], "")), 5);
}

#[test]
fn other_protocols_exit_5() {
    for banner in [
        "SSH-2.0-OpenSSH_9.9\r\n",
        "220 mail.example ESMTP\r\n",
        "-ERR unknown command 'POST'\r\n",
        "RTSP/1.0 200 OK\r\n\r\n",
        "<!doctype html><title>hello</title>\n",
        "HTTP/9.9 200 OK\r\n\r\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon here\r\n\r\n",
        "\r\n\r\n\r\n",
        "\u{15}\u{3}\u{1}\u{0}\u{2}\u{2}\u{16}",
    ] {
        let code = ends_without_answer(banner);
        // Bytes that may be the beginning of a head count as a head that was cut.
        assert!(matches!(code, 5 | 7), "{banner:?}: exit {code}");
    }
}

#[test]
fn replies_of_another_api_exit_5() {
    for document in [
        json!({"id": "msg_1", "type": "message", "content": [{"type": "text", "text": "x"}], "stop_reason": "end_turn"}),
        json!({"model": "m", "message": {"role": "assistant", "content": "x"}, "done": true}),
        json!({"object": "list", "data": [{"id": "m", "object": "model"}]}),
        json!([{"generated_text": "x"}]),
        json!("x"),
        json!(null),
        json!({}),
        json!({"choices": "x"}),
        json!({"choices": [[]]}),
        json!({"choices": [{"message": 7}]}),
        json!({"output": {"text": "x"}}),
    ] {
        assert_eq!(ends_without_answer(json_reply(200, &document)), 5, "{document}");
        let finished = answered(json_reply(200, &document)).args(["--api", "responses"]).finish();
        assert_eq!((finished.code(), finished.stdout().as_str()), (5, ""), "{document}");
    }
}

#[test]
fn second_reply_behind_the_first_is_not_ours() {
    answered([chat("x"), chat("someone else's")].concat()).gives("x\n");
    let stream = [chat_stream(&["x"]), chat_stream(&["someone else's"])].concat();
    Run::asking(stream).args(["--stream", "hi"]).gives("x\n");
}

#[test]
fn server_that_answers_before_the_upload_is_over_is_heard() {
    // The close behind it may reset the connection before the answer is read: then it is a network failure.
    let answer = Answer::new([Step::Send(crate::replies::error(413, "too large", None))]).unread();
    let finished = Run::asking(answer).args(["--retries", "0"]).stdin("x".repeat(32 << 20)).finish();
    assert!(matches!(finished.code(), 4 | 7), "exit {}: {}", finished.code(), finished.stderr());
    assert_eq!(finished.stdout(), "");
}

#[test]
fn server_that_answers_and_waits_during_the_upload_is_heard() {
    let answer = Answer::new([Step::Send(crate::replies::error(413, "too large", None)), Step::AwaitClose]).unread();
    let run = Run::asking(answer).args(["--retries", "0", "--timeout", "20"]).stdin("x".repeat(32 << 20));
    run.fails(4, "http://SERVER/v1 answered 413 Content Too Large: too large");
}
