//! Streamed text: shown while it comes, whole only with its terminator, and never said twice.

use serde_json::json;

use crate::replies::{
    DONE, LAST_CHUNK, chat, chat_stream, chunk, chunked, delta, event, finish, head, stream_head, stream_of,
};
use crate::server::{Answer, Gate, Step};
use crate::util::Run;

/// A run that asks for a stream.
fn streaming(answer: impl Into<Answer>) -> Run {
    Run::asking(answer).args(["--stream", "hi"])
}

/// A run whose stream holds these events and then ends in good order.
fn events(events: &[&str]) -> Run {
    streaming(stream_of(events))
}

#[test]
fn first_bytes_are_on_stdout_before_the_last_are_sent() {
    let (gate, wait) = Gate::new();
    let begin = [stream_head(), chunk(delta("Once"))].concat();
    let end = [chunk(delta(" upon")), chunk(DONE), LAST_CHUNK.to_vec()].concat();
    let mut running = streaming(Answer::new([Step::Send(begin), wait, Step::Send(end)])).start();
    running.shows("Once");
    gate.open();
    running.finish().is(0, "Once upon\n", "");
}

#[test]
fn stream_is_asked_for_and_nothing_else() {
    let request = streaming(chat_stream(&["x"])).gives("x\n").request();
    assert_eq!(request.json(), json!({"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": true}));
    assert_eq!(request.header("accept"), Some("text/event-stream"));
    assert_eq!(request.header("accept-encoding"), Some("identity"));
}

#[test]
fn pipe_is_not_streamed_to_unless_asked() {
    assert_eq!(Run::asking(chat("x")).args(["hi"]).gives("x\n").request().json()["stream"], false);
}

#[test]
fn last_of_stream_and_no_stream_wins() {
    let request = Run::asking(chat("x")).args(["--stream", "--no-stream", "hi"]).gives("x\n").request();
    assert_eq!(request.json()["stream"], false);
}

#[test]
fn document_where_a_stream_was_asked_for_is_read() {
    streaming(chat("all at once")).gives("all at once\n");
}

#[test]
fn every_byte_in_a_packet_of_its_own_gives_the_same_text() {
    streaming(Answer::new([Step::Trickle(chat_stream(&["ü", " 🦀", "\n"]))])).gives("ü 🦀\n");
}

#[test]
fn terminator_ends_the_stream_before_the_connection_does() {
    let bytes = [stream_head(), chunk(delta("x")), chunk(DONE)].concat();
    streaming(Answer::new([Step::Send(bytes), Step::AwaitClose])).gives("x\n");
}

#[test]
fn bytes_after_the_terminator_are_ignored() {
    events(&[&delta("x"), DONE, &delta("not this"), &event(&json!({"error": {"message": "nor this"}}))]).gives("x\n");
}

#[test]
fn finish_reason_and_a_clean_end_are_a_whole_stream() {
    events(&[&delta("x"), &finish("stop")]).gives("x\n");
}

#[test]
fn finish_reason_and_a_closed_connection_are_a_whole_stream() {
    let bytes = [head(200, &[], "X-Nothing: here"), delta("x").into(), finish("stop").into()].concat();
    streaming(bytes).gives("x\n");
}

#[test]
fn terminator_without_its_blank_line_counts() {
    events(&[&delta("x"), "data: [DONE]"]).gives("x\n");
}

#[test]
fn comments_and_empty_events_are_life_and_nothing_else() {
    events(&[": OPENROUTER PROCESSING\n\n", "data:\n\n", &delta("x"), ":\n", "event: ping\n\n", DONE]).gives("x\n");
}

#[test]
fn every_line_ending_ends_a_line() {
    for ending in ["\r\n", "\r", "\n"] {
        let text = [delta("a"), delta("b"), DONE.to_owned()].concat().replace('\n', ending);
        events(&[&text]).gives("ab\n");
    }
}

#[test]
fn usage_chunk_without_choices_is_no_text() {
    let usage =
        event(&json!({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}}));
    events(&[&delta("x"), &finish("stop"), &usage, DONE]).gives("x\n");
}

#[test]
fn chunks_with_nulls_are_read() {
    let nulls =
        event(&json!({"choices": [{"index": 0, "delta": {"content": null, "role": null, "tool_calls": null}}]}));
    let bare = event(&json!({"choices": null, "usage": null}));
    let no_delta = event(&json!({"choices": [{"delta": null}]}));
    events(&[&nulls, &bare, &no_delta, &delta("x"), DONE]).gives("x\n");
}

#[test]
fn reasoning_stays_off_stdout() {
    let thought = event(&json!({"choices": [{"delta": {"reasoning_content": "hmm"}}]}));
    let other = event(&json!({"choices": [{"delta": {"reasoning": "hmm"}}]}));
    events(&[&thought, &other, &delta("x"), DONE]).gives("x\n");
}

#[test]
fn stream_cut_before_its_end_keeps_the_text_and_exits_7() {
    events(&[&delta("Once")]).ends(
        7,
        "Once",
        "lmpipe: http://SERVER/v1 cut the answer off: the stream ended before its terminator\n",
    );
}

#[test]
fn stream_closed_inside_a_chunk_exits_7() {
    let bytes = [stream_head(), chunk(delta("Once")), b"40\r\ndata: {\"cho".to_vec()].concat();
    streaming(bytes).ends(
        7,
        "Once",
        "lmpipe: the answer of http://SERVER is cut: the connection was closed before its end\n",
    );
}

#[test]
fn stream_reset_in_the_middle_exits_7() {
    let (gate, wait) = Gate::new();
    let bytes = [stream_head(), chunk(delta("Once"))].concat();
    let mut running = streaming(Answer::new([Step::Send(bytes), wait]).resetting()).start();
    running.shows("Once");
    gate.open();
    running.finish().is(
        7,
        "Once",
        "lmpipe: the answer of http://SERVER is cut: the connection was closed before its end\n",
    );
}

#[test]
fn stream_of_comments_alone_exits_7() {
    events(&[": ping\n\n", ": ping\n\n"]).ends(
        7,
        "",
        "lmpipe: http://SERVER/v1 cut the answer off: the stream ended before its terminator\n",
    );
}

#[test]
fn error_event_after_text_keeps_the_text_and_exits_5() {
    let broken = event(&json!({"error": {"message": "the model crashed", "type": "server_error", "code": null}}));
    events(&[&delta("Once"), &broken, DONE]).ends(
        5,
        "Once",
        "lmpipe: http://SERVER/v1 reported an error in its answer: the model crashed\n",
    );
}

#[test]
fn error_event_with_a_code_has_the_exit_of_its_code() {
    let limit = event(&json!({"error": {"message": "slow down", "code": 429}}));
    events(&[&limit]).args(["--retries", "0"]).ends(
        6,
        "",
        "lmpipe: http://SERVER/v1 reported an error in its answer: slow down: try again later\n",
    );
}

#[test]
fn event_that_is_no_json_exits_5_without_quoting_it() {
    events(&[&delta("Once"), "data: {secret\n\n", DONE]).ends(
        5,
        "Once",
        "lmpipe: http://SERVER/v1 sent a reply that makes no sense: not JSON where JSON is due\n",
    );
}

#[test]
fn token_limit_in_a_stream_keeps_the_text_and_exits_8() {
    events(&[&delta("Once"), &finish("length"), DONE]).ends(
        8,
        "Once\n",
        "lmpipe: the answer is incomplete: it was cut by the token limit: raise --max-tokens or the model's limit\n",
    );
}

#[test]
fn content_filter_in_a_stream_keeps_the_text_and_exits_8() {
    events(&[&delta("Once"), &finish("content_filter"), DONE]).ends(
        8,
        "Once\n",
        "lmpipe: the answer is incomplete: it was cut by a content filter\n",
    );
}

#[test]
fn stream_without_text_exits_8() {
    events(&[&finish("stop"), DONE]).ends(
        8,
        "",
        "lmpipe: the answer is incomplete: it is empty (finish reason: stop)\n",
    );
}

#[test]
fn refusal_in_a_stream_exits_9() {
    let refusal = event(&json!({"choices": [{"delta": {"refusal": "I can't."}}]}));
    events(&[&refusal, &finish("stop"), DONE]).ends(9, "", "lmpipe: the model refused: I can't.\n");
}

#[test]
fn extract_holds_a_stream_back_until_it_is_whole() {
    streaming(chat_stream(&["text\n``", "`sh\nls\n", "```\nmore"])).args(["-x"]).gives("ls\n");
}

#[test]
fn stream_is_read_as_one_whatever_its_content_type_says() {
    let body = [delta("a"), delta("b"), DONE.to_owned()].concat();
    for media in ["text/plain", "application/octet-stream", "application/json"] {
        streaming(chunked(&[&format!("Content-Type: {media}")], body.as_bytes(), 7)).gives("ab\n");
    }
    streaming(chunked(&[], body.as_bytes(), 7)).gives("ab\n");
}

#[test]
fn error_of_a_running_vllm_is_told_though_a_terminator_follows() {
    let error = json!({"error": {"message": "engine died", "type": "InternalServerError", "param": null, "code": 500}});
    events(&[&delta("Once"), &event(&error), DONE]).ends(
        5,
        "Once",
        "lmpipe: http://SERVER/v1 reported an error in its answer: engine died\n",
    );
}
