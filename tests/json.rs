//! The machine-readable faces: `-O json`, `-O events`, `--meta`, and usage, reasoning and `-v` on stderr.

use serde_json::{Value, json};

use crate::replies::{DONE, completion, delta, error, event, finish, json_reply, stream_of};
use crate::util::{Finished, Run, steady};

/// One document a line, every place that changes from run to run (port, times) made steady.
fn documents(bytes: &[u8]) -> Vec<Value> {
    let text = steady(&String::from_utf8_lossy(bytes));
    let mut documents: Vec<Value> = text.lines().map(document).collect();
    documents.iter_mut().for_each(|document| still(document, ""));
    documents
}

/// A line as JSON.
fn document(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

/// Puts 0 in place of every number of milliseconds.
fn still(value: &mut Value, name: &str) {
    match value {
        Value::Object(members) => members.iter_mut().for_each(|(name, value)| still(value, name)),
        Value::Array(items) => items.iter_mut().for_each(|item| still(item, "")),
        Value::Number(_) if name.ends_with("milliseconds") => *value = json!(0),
        _ => {}
    }
}

/// The one document on stdout.
#[track_caller]
fn envelope(finished: &Finished) -> Value {
    let mut documents = documents(&finished.stdout);
    assert_eq!(documents.len(), 1, "{}", finished.stdout());
    documents.remove(0)
}

/// A completion with reasoning and detailed usage.
fn thoughtful() -> Value {
    let mut document = completion("Paris", "stop");
    document["choices"][0]["message"]["reasoning_content"] = json!("France…");
    document["usage"]["completion_tokens_details"] = json!({"reasoning_tokens": 3});
    document["usage"]["prompt_tokens_details"] = json!({"cached_tokens": 2});
    document
}

/// The one attempt of a run against the scripted server.
fn attempt(status: u16, exit: u8) -> Value {
    json!({
        "provider": "openai",
        "model": "m",
        "url": "http://SERVER/v1/chat/completions",
        "status": status,
        "exit": exit,
        "milliseconds": 0,
    })
}

/// The times of a run that was answered.
fn timings() -> Value {
    json!({"first_byte_milliseconds": 0, "first_text_milliseconds": 0, "total_milliseconds": 0})
}

#[test]
fn envelope_has_every_member() {
    let finished = Run::asking(json_reply(200, &thoughtful())).args(["-O", "json", "hi"]).finish();
    assert_eq!(
        envelope(&finished),
        json!({
            "text": "Paris",
            "json": null,
            "tool_calls": null,
            "finish": "stop",
            "refusal": null,
            "reasoning": "France…",
            "usage": {"input_tokens": 5, "output_tokens": 7, "total_tokens": 12, "reasoning_tokens": 3, "cached_tokens": 2},
            "model": "m-served",
            "id": "chatcmpl-1",
            "attempts": [attempt(200, 0)],
            "adapted": [],
            "timings": timings(),
        })
    );
    assert_eq!((finished.code(), finished.stderr().as_str()), (0, ""));
}

#[test]
fn envelope_is_printed_whatever_the_exit_once_a_reply_arrived() {
    let finished = Run::asking(json_reply(200, &completion("Once", "length"))).args(["-O", "json", "hi"]).finish();
    let envelope = envelope(&finished);
    assert_eq!((&envelope["text"], &envelope["finish"]), (&json!("Once"), &json!("length")));
    assert_eq!((finished.code(), envelope["attempts"][0]["exit"].clone()), (8, json!(8)));
}

#[test]
fn envelope_of_an_error_reply_tells_of_the_attempt() {
    let finished = Run::asking(error(400, "no", None)).args(["-O", "json", "hi"]).finish();
    let envelope = envelope(&finished);
    assert_eq!((finished.code(), &envelope["text"], &envelope["finish"]), (4, &Value::Null, &Value::Null));
    assert_eq!(envelope["attempts"], json!([attempt(400, 4)]));
}

#[test]
fn total_time_holds_that_of_a_refused_attempt() {
    let server = crate::server::Server::replying(|_| {
        std::thread::sleep(std::time::Duration::from_millis(5));
        error(400, "no", None)
    });
    let words = ["-b", &server.url(), "-m", "m", "--no-key", "-O", "json", "hi"];
    let envelope = document(Run::new(words).beside(server).finish().stdout().trim_end());
    let [attempt, total] =
        ["/attempts/0/milliseconds", "/timings/total_milliseconds"].map(|place| envelope.pointer(place));
    assert!(attempt.and_then(Value::as_u64) >= Some(5), "{envelope}");
    assert!(total.and_then(Value::as_u64) >= attempt.and_then(Value::as_u64), "{envelope}");
}

#[test]
fn extract_holds_in_the_envelope_and_in_events() {
    let answer = crate::replies::chat("So:\n```sh\nls\n```\nDone.");
    let finished = Run::asking(answer.clone()).args(["-x", "-O", "json", "hi"]).finish();
    assert_eq!(envelope(&finished)["text"], "ls\n");
    let finished = Run::asking(answer).args(["-x", "-O", "events", "hi"]).finish();
    assert_eq!(documents(&finished.stdout)[0], json!({"type": "text", "text": "ls\n"}));
}

#[test]
fn envelope_stays_away_where_no_reply_came() {
    let words = ["-b", "http://127.0.0.1:1/v1", "-m", "m", "--no-key", "--retries", "0", "-O", "json", "hi"];
    let finished = Run::new(words).finish();
    assert_eq!((finished.code(), finished.stdout()), (7, String::new()));
}

#[test]
fn envelope_of_a_stream_equals_that_of_a_document() {
    let usage = json!({"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12});
    let first = json!({"id": "chatcmpl-1", "model": "m-served", "choices": [{"index": 0, "delta": {"content": "Pa"}}]});
    let end = event(&json!({"choices": [], "usage": usage}));
    let events = [&event(&first), &delta("ris"), &finish("stop"), &end, DONE];
    let streamed = Run::asking(stream_of(&events)).args(["-O", "json", "--stream", "hi"]).finish();
    let whole = Run::asking(json_reply(200, &completion("Paris", "stop"))).args(["-O", "json", "hi"]).finish();
    assert_eq!(envelope(&streamed), envelope(&whole));
}

#[test]
fn events_are_json_lines_and_end_with_the_facts() {
    let thought = event(&json!({"id": "c", "model": "s", "choices": [{"delta": {"reasoning": "hm"}}]}));
    let usage =
        event(&json!({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}}));
    let events = [&thought, &delta("Pa"), &delta("ris"), &finish("stop"), &usage, DONE];
    let finished = Run::asking(stream_of(&events)).args(["-O", "events", "hi"]).finish();
    let lines = documents(&finished.stdout);
    let (last, told) = lines.split_last().unwrap();
    let joined = |kind: &str| -> String {
        told.iter().filter(|line| line["type"] == kind).map(|line| line["text"].as_str().unwrap()).collect()
    };
    assert_eq!((joined("reasoning").as_str(), joined("text").as_str()), ("hm", "Paris"));
    assert_eq!(
        last,
        &json!({
            "type": "end",
            "finish": "stop",
            "refusal": null,
            "reasoning": "hm",
            "usage": {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3, "reasoning_tokens": null, "cached_tokens": null},
            "model": "s",
            "id": "c",
            "attempts": [attempt(200, 0)],
            "adapted": [],
            "timings": timings(),
        })
    );
    assert_eq!((finished.code(), finished.stderr().as_str()), (0, ""));
}

#[test]
fn events_ask_for_a_stream_with_usage() {
    let finished = Run::asking(stream_of(&[&delta("x"), DONE])).args(["-O", "events", "hi"]).finish();
    let body = finished.request().json();
    assert_eq!((&body["stream"], &body["stream_options"]), (&json!(true), &json!({"include_usage": true})));
}

#[test]
fn usage_in_a_stream_is_asked_for_only_where_it_is_wanted() {
    for (words, wanted) in [
        (&["--stream"][..], false),
        (&["--stream", "-u"], true),
        (&["--stream", "--meta", "meta.json"], true),
        (&["--stream", "-O", "json"], true),
        (&["-u"], false),
    ] {
        let finished = Run::asking(stream_of(&[&delta("x"), DONE])).args(words).args(["hi"]).finish();
        assert_eq!(finished.code(), 0, "{words:?}: {}", finished.stderr());
        assert_eq!(finished.request().json().get("stream_options").is_some(), wanted, "{words:?}");
    }
}

#[test]
fn meta_holds_the_envelope_without_the_answer() {
    let run = Run::asking(json_reply(200, &thoughtful())).args(["--meta", "meta.json", "hi"]);
    let finished = run.gives("Paris\n");
    assert_eq!(
        documents(&finished.file("meta.json").unwrap()),
        [json!({
            "finish": "stop",
            "refusal": null,
            "reasoning": "France…",
            "usage": {"input_tokens": 5, "output_tokens": 7, "total_tokens": 12, "reasoning_tokens": 3, "cached_tokens": 2},
            "model": "m-served",
            "id": "chatcmpl-1",
            "attempts": [attempt(200, 0)],
            "adapted": [],
            "timings": timings(),
        })]
    );
}

#[test]
fn meta_tells_every_attempt() {
    let run = Run::asking_all([error(503, "busy", None), json_reply(200, &completion("x", "stop"))]);
    let finished = run.args(["-q", "--meta", "meta.json", "hi"]).gives("x\n");
    let meta = documents(&finished.file("meta.json").unwrap()).remove(0);
    assert_eq!(meta["attempts"], json!([attempt(503, 5), attempt(200, 0)]));
}

#[test]
fn meta_that_cannot_be_written_exits_1_after_the_answer() {
    Run::asking(json_reply(200, &completion("x", "stop"))).args(["--meta", "gone/meta.json", "hi"]).ends(
        1,
        "x\n",
        "lmpipe: cannot write 'gone/meta.json' (from --meta): no such file or directory\n",
    );
}

#[test]
fn usage_is_one_line_on_stderr() {
    Run::asking(json_reply(200, &thoughtful())).args(["-u", "hi"]).ends(
        0,
        "Paris\n",
        "usage: input 5, output 7, total 12, reasoning 3, cached 2\n",
    );
}

#[test]
fn usage_the_server_did_not_tell_is_said_to_be_unknown() {
    let mut document = completion("x", "stop");
    document.as_object_mut().unwrap().remove("usage");
    Run::asking(json_reply(200, &document)).args(["-u", "hi"]).ends(0, "x\n", "usage: the server told none\n");
}

#[test]
fn reasoning_is_printed_on_stderr_when_asked_for() {
    Run::asking(json_reply(200, &thoughtful())).args(["-r", "hi"]).ends(0, "Paris\n", "France…\n");
}

#[test]
fn reasoning_comes_in_whatever_place_the_server_puts_it() {
    let messages = [
        json!({"content": "x", "reasoning": "hm"}),
        json!({"content": "x", "reasoning_content": "hm"}),
        json!({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}, {"type": "text", "text": "x"}]}),
    ];
    for message in messages {
        let document = json!({"choices": [{"message": message, "finish_reason": "stop"}]});
        Run::asking(json_reply(200, &document)).args(["-r", "hi"]).ends(0, "x\n", "hm\n");
    }
}

#[test]
fn verbose_tells_request_line_times_and_ids_and_no_key() {
    let body = completion("x", "stop").to_string();
    let headers = ["apim-request-id: req_1", "x-ratelimit-remaining-requests: 9", "openai-organization: org_1"];
    let answer = crate::replies::reply(200, &headers, body);
    let server = crate::server::Server::new([answer]);
    let finished = Run::new(["-b", &server.url(), "-m", "m", "-v", "hi"])
        .env("OPENAI_API_KEY", "sk-marked")
        .beside(server)
        .finish();
    let told = finished.stderr();
    for fact in ["POST http://SERVER/v1/chat/completions", "req_1", "x-ratelimit-remaining-requests: 9", "org_1", " ms"]
    {
        assert!(told.contains(fact), "{fact} is missing: {told}");
    }
    assert!(!told.contains("sk-marked"), "{told}");
    assert_eq!((finished.code(), finished.stdout().as_str()), (0, "x\n"));
}

#[test]
fn json_prints_the_document_compact_with_its_own_spelling() {
    let answer = "{\n \"b\": 1.10,\n \"a\": [12345678901234567890123, 1e400]\n}";
    let finished = Run::asking(crate::replies::chat(answer)).args(["--json", "hi"]);
    let finished = finished.gives("{\"b\":1.10,\"a\":[12345678901234567890123,1e400]}\n");
    assert_eq!(finished.request().json()["response_format"], json!({"type": "json_object"}));
}
