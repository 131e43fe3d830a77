//! Text in, one request, text out: what is sent when nothing else is asked for, and what stdout then holds.

use serde_json::json;

use crate::replies::{chat, completion, head, json_reply, reply, stream_of};
use crate::server::{Answer, Step};
use crate::util::Run;

#[test]
fn answer_is_printed_with_one_newline_added() {
    Run::asking(chat("Paris")).args(["hi"]).gives("Paris\n");
}

#[test]
fn answer_that_ends_in_a_newline_gets_no_second() {
    Run::asking(chat("Paris\n")).args(["hi"]).gives("Paris\n");
}

#[test]
fn answer_is_printed_byte_for_byte() {
    let odd = "  \t\r\n\u{feff}a\u{0}b\u{1b}[31m ü 🦀\u{2028} \n\n\n";
    Run::asking(chat(odd)).args(["hi"]).gives(odd);
}

#[test]
fn request_holds_nothing_the_user_did_not_ask_for() {
    let request = Run::asking(chat("x")).args(["hi"]).gives("x\n").request();
    assert_eq!(request.line, "POST /v1/chat/completions HTTP/1.1");
    assert_eq!(request.json(), json!({"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": false}));
}

#[test]
fn request_head_is_short_and_exact() {
    let request = Run::asking(chat("x")).args(["hi"]).gives("x\n").request();
    let mut names: Vec<String> = request.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    names.sort();
    assert_eq!(names, ["accept", "accept-encoding", "content-length", "content-type", "host", "user-agent"]);
    assert_eq!(request.header("accept"), Some("application/json"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("content-length"), Some(request.body.len().to_string().as_str()));
    assert_eq!(request.header("user-agent"), Some(concat!("lmpipe/", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn system_text_is_the_first_message() {
    let request = Run::asking(chat("x")).args(["-s", "be brief", "hi"]).gives("x\n").request();
    let system = json!({"role": "system", "content": "be brief"});
    assert_eq!(request.json()["messages"], json!([system, {"role": "user", "content": "hi"}]));
}

#[test]
fn content_in_parts_is_joined() {
    let mut document = completion("", "stop");
    document["choices"][0]["message"]["content"] =
        json!([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]);
    Run::asking(json_reply(200, &document)).args(["hi"]).gives("ab\n");
}

#[test]
fn lone_surrogates_become_replacement_characters() {
    let body = r#"{"choices":[{"message":{"content":"a\ud800b\udc00c\ud83e\udd80"},"finish_reason":"stop"}]}"#;
    Run::asking(reply(200, &[], body)).args(["hi"]).gives("a\u{fffd}b\u{fffd}c🦀\n");
}

#[test]
fn reply_with_the_least_a_server_can_say_is_enough() {
    Run::asking(reply(200, &[], r#"{"choices":[{"message":{"content":"x"}}]}"#)).args(["hi"]).gives("x\n");
}

#[test]
fn reply_is_read_as_json_whatever_its_content_type_says() {
    for media in ["text/html", "text/event-stream", "application/octet-stream"] {
        let header = format!("Content-Type: {media}");
        Run::asking(reply(200, &[&header], completion("x", "stop").to_string())).args(["hi"]).gives("x\n");
    }
}

#[test]
fn stream_where_a_document_was_asked_for_is_read() {
    let events = [crate::replies::delta("a"), crate::replies::delta("b"), crate::replies::DONE.into()];
    let events: Vec<&str> = events.iter().map(String::as_str).collect();
    Run::asking(stream_of(&events)).args(["hi"]).gives("ab\n");
}

#[test]
fn empty_lines_before_the_document_are_skipped() {
    let body = format!("\n\n\r\n  \n{}", completion("x", "stop"));
    Run::asking(reply(200, &[], body)).args(["hi"]).gives("x\n");
}

#[test]
fn document_without_a_stated_length_ends_with_the_connection() {
    let mut bytes = head(200, &[], "X-Nothing: here");
    bytes.extend(completion("x", "stop").to_string().into_bytes());
    Run::asking(bytes).args(["hi"]).gives("x\n");
}

#[test]
fn reply_in_single_bytes_is_the_same_reply() {
    Run::asking(Answer::new([Step::Trickle(chat("ü 🦀"))])).args(["hi"]).gives("ü 🦀\n");
}

#[test]
fn informational_replies_before_the_answer_are_skipped() {
    let early = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n".to_vec();
    Run::asking([early, chat("x")].concat()).args(["hi"]).gives("x\n");
}

#[test]
fn further_choices_are_a_notice() {
    let mut document = completion("first", "stop");
    let other = json!({"index": 1, "message": {"content": "second"}, "finish_reason": "stop"});
    document["choices"].as_array_mut().unwrap().push(other);
    Run::asking(json_reply(200, &document)).args(["hi"]).ends(0, "first\n", "lmpipe: a further choice is left out\n");
}

#[test]
fn text_cut_by_the_token_limit_is_printed_and_exits_8() {
    Run::asking(json_reply(200, &completion("Once upon", "length"))).args(["hi"]).ends(
        8,
        "Once upon\n",
        "lmpipe: the answer is incomplete: it was cut by the token limit: raise --max-tokens or the model's limit\n",
    );
}

#[test]
fn extract_prints_the_first_fenced_block_only() {
    let answer = "Here:\n\n```rust\nfn main() {}\n```\n\nand\n\n```\nother\n```\n";
    Run::asking(chat(answer)).args(["-x", "hi"]).gives("fn main() {}\n");
}

#[test]
fn extract_without_a_block_prints_everything() {
    Run::asking(chat("no `code` here")).args(["-x", "hi"]).gives("no `code` here\n");
}

#[test]
fn extract_reads_tilde_fences_and_longer_ones() {
    Run::asking(chat("~~~\na\n~~~")).args(["-x", "hi"]).gives("a\n");
    Run::asking(chat("````md\n```\na\n```\n````\n")).args(["-x", "hi"]).gives("```\na\n```\n");
}

#[test]
fn extract_of_an_open_block_takes_what_there_is() {
    Run::asking(chat("```\na\nb")).args(["-x", "hi"]).gives("a\nb\n");
}
