//! When a request is sent again, how often, and when never. Waits are the server's own: one millisecond.

use serde_json::json;

use crate::replies::{DONE, chat, chat_stream, delta, error, event, finish, json_reply, reply, stream_of};
use crate::server::{Answer, Server};
use crate::util::Run;

/// An error with these further headers and advice to come back at once.
fn passing(status: u16, headers: &[&str]) -> Vec<u8> {
    let headers = [&["Content-Type: application/json", "retry-after-ms: 1"], headers].concat();
    reply(status, &headers, json!({"error": {"message": "try later"}}).to_string())
}

#[test]
fn passing_failures_are_tried_again() {
    for status in [408, 409, 429, 500, 502, 503, 504] {
        let finished = Run::asking_all([passing(status, &[]), chat("x")]).args(["-q", "hi"]).gives("x\n");
        let requests = finished.requests();
        assert_eq!(requests[0].body, requests[1].body, "{status}");
    }
}

#[test]
fn retry_is_said_in_one_line() {
    Run::asking_all([passing(503, &[]), chat("x")]).args(["hi"]).ends(
        0,
        "x\n",
        "lmpipe: http://SERVER/v1 answered 503 Service Unavailable: try later: trying again in 0.0 s\n",
    );
}

#[test]
fn two_retries_are_made_and_no_third() {
    let run = Run::asking_all([passing(503, &[]), passing(503, &[]), passing(503, &[])]);
    run.args(["-q", "hi"]).fails(5, "http://SERVER/v1 answered 503 Service Unavailable: try later");
}

#[test]
fn retries_0_sends_once() {
    Run::asking(passing(503, &[]))
        .args(["--retries", "0", "hi"])
        .fails(5, "http://SERVER/v1 answered 503 Service Unavailable: try later");
}

#[test]
fn rejections_are_not_tried_again() {
    for (status, code) in [(400, 4), (401, 3), (403, 3), (404, 4), (413, 4), (422, 4)] {
        assert_eq!(Run::asking(passing(status, &[])).args(["hi"]).finish().code(), code, "{status}");
    }
}

#[test]
fn spent_quota_is_not_tried_again() {
    let body = json!({"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}});
    Run::asking(reply(429, &["retry-after-ms: 1"], body.to_string())).args(["hi"]).fails(6, "http://SERVER/v1 answered 429 Too Many Requests: You exceeded your current quota: check plan and billing of the account");
}

#[test]
fn server_advice_against_a_retry_is_obeyed() {
    Run::asking(passing(503, &["x-should-retry: false"]))
        .args(["hi"])
        .fails(5, "http://SERVER/v1 answered 503 Service Unavailable: try later");
}

#[test]
fn server_advice_for_a_retry_is_obeyed() {
    Run::asking_all([passing(400, &["x-should-retry: true"]), chat("x")]).args(["-q", "hi"]).gives("x\n");
}

#[test]
fn wait_longer_than_two_minutes_is_given_up_at_once() {
    let body = json!({"error": {"message": "try tomorrow"}}).to_string();
    Run::asking(reply(429, &["Retry-After: 121"], body))
        .args(["hi"])
        .fails(6, "http://SERVER/v1 answered 429 Too Many Requests: try tomorrow: try again in 121 s");
}

#[test]
fn wait_that_ends_the_run_is_told_whatever_the_status() {
    let body = json!({"error": {"message": "busy"}}).to_string();
    Run::asking(reply(503, &["Retry-After: 300"], body))
        .args(["hi"])
        .fails(5, "http://SERVER/v1 answered 503 Service Unavailable: busy: try again in 300 s");
}

#[test]
fn retry_after_as_a_date_in_the_far_future_is_given_up_at_once() {
    let body = json!({"error": {"message": "try later"}}).to_string();
    Run::asking(reply(503, &["Retry-After: Tue, 31 Dec 2199 23:59:59 GMT"], body))
        .args(["hi"])
        .fails(5, "http://SERVER/v1 answered 503 Service Unavailable: try later: try again another day");
}

#[test]
fn connection_closed_without_a_reply_is_tried_again() {
    // The second try waits half a second: no server can ask for less here.
    Run::asking_all([Answer::new([]), chat("x").into()]).args(["-q", "hi"]).gives("x\n");
}

#[test]
fn refused_connection_is_tried_again() {
    let words = ["-b", "http://127.0.0.1:1/v1", "-m", "m", "--no-key", "--retries", "1", "hi"];
    let finished = Run::new(words).finish();
    let told = finished.stderr();
    let (first, last) = told.split_once('\n').unwrap();
    // Half a second, less up to a quarter of it by chance.
    assert!(
        ["0.4 s", "0.5 s"].map(|wait| format!("{REFUSED}: trying again in {wait}")).contains(&first.into()),
        "{told}"
    );
    assert_eq!((finished.code(), last), (7, format!("{REFUSED}: is the server running?\n").as_str()));
}

/// What is said where nobody listens.
const REFUSED: &str = "lmpipe: cannot reach http://SERVER: connection refused";

#[test]
fn error_inside_a_200_before_the_first_text_is_tried_again() {
    let busy = json!({"error": {"message": "busy", "code": 503}});
    Run::asking_all([json_reply(200, &busy), chat("x")]).args(["-q", "hi"]).gives("x\n");
    let streamed = [stream_of(&[&event(&busy)]), chat_stream(&["x"])];
    Run::asking_all(streamed).args(["-q", "--stream", "hi"]).gives("x\n");
}

#[test]
fn nothing_is_tried_again_after_the_first_text() {
    let broken = event(&json!({"error": {"message": "busy", "code": 503}}));
    Run::asking(stream_of(&[&delta("Once"), &broken])).args(["--stream", "hi"]).ends(
        5,
        "Once",
        "lmpipe: http://SERVER/v1 reported an error in its answer: busy\n",
    );
}

#[test]
fn incomplete_and_refused_answers_are_not_tried_again() {
    Run::asking(stream_of(&[&finish("stop"), DONE]))
        .args(["--stream", "-q", "hi"])
        .fails(8, "the answer is incomplete: it is empty (finish reason: stop)");
}

#[test]
fn usage_errors_never_reach_the_server() {
    let server = Server::untouched();
    Run::new(["-b", &server.url(), "-m", "m", "--retries", "many", "hi"])
        .beside(server)
        .fails(2, "--retries 'many': not a whole number: write --retries N");
}

#[test]
fn errors_of_tries_before_the_last_are_not_the_last_word() {
    let run = Run::asking_all([passing(503, &[]), error(400, "no such thing", None)]);
    run.args(["-q", "hi"]).fails(4, "http://SERVER/v1 answered 400 Bad Request: no such thing");
}
