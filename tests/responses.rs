//! The Responses API: the same words and the same answers as over chat, told in its own shapes.

use serde_json::{Value, json};

use crate::replies::{event, json_reply, stream_of};
use crate::util::Run;

/// A run over the Responses API.
fn asking(answer: Vec<u8>) -> Run {
    Run::asking(answer).args(["--api", "responses", "hi"])
}

/// A response with these output items.
fn response(status: &str, output: &Value) -> Value {
    json!({
        "id": "resp_1",
        "object": "response",
        "status": status,
        "model": "m-served",
        "output": output,
        "usage": {"input_tokens": 5, "output_tokens": 7, "total_tokens": 12,
                  "output_tokens_details": {"reasoning_tokens": 3}},
    })
}

/// A message item that says `text`.
fn message(text: &str) -> Value {
    json!({"type": "message", "id": "msg_1", "role": "assistant", "status": "completed",
           "content": [{"type": "output_text", "text": text, "annotations": []}]})
}

/// A whole reply that says `text`.
fn says(text: &str) -> Vec<u8> {
    json_reply(200, &response("completed", &json!([message(text)])))
}

/// The events of a stream, each with its type as name.
fn stream(events: &[Value]) -> Vec<u8> {
    let named = |document: &Value| format!("event: {}\n{}", document["type"].as_str().unwrap_or(""), event(document));
    let events: Vec<String> = events.iter().map(named).collect();
    stream_of(&events.iter().map(String::as_str).collect::<Vec<_>>())
}

/// A stretch of the answer.
fn text_delta(text: &str) -> Value {
    json!({"type": "response.output_text.delta", "item_id": "msg_1", "output_index": 0, "content_index": 0, "delta": text})
}

/// The last event of a stream that went well.
fn completed(text: &str) -> Value {
    json!({"type": "response.completed", "response": response("completed", &json!([message(text)]))})
}

#[test]
fn answer_is_printed() {
    asking(says("Paris")).gives("Paris\n");
}

#[test]
fn request_has_its_own_shape_and_is_never_stored() {
    let request = asking(says("x")).args(["-s", "be brief", "--max-tokens", "20", "-e", "low"]).gives("x\n").request();
    assert_eq!(request.line, "POST /v1/responses HTTP/1.1");
    let body = request.json();
    assert_eq!((&body["instructions"], &body["max_output_tokens"]), (&json!("be brief"), &json!(20)));
    assert_eq!(
        (&body["reasoning"], &body["store"], &body["stream"]),
        (&json!({"effort": "low"}), &json!(false), &json!(false))
    );
    assert!(body.get("messages").is_none() && body.to_string().contains("\"hi\""), "{body}");
}

#[test]
fn full_endpoint_of_a_base_url_chooses_the_api() {
    let server = crate::server::Server::new([says("x")]);
    let url = format!("{}/responses", server.url());
    let run = Run::new(["-b", &url, "-m", "m", "--no-key", "hi"]).beside(server);
    assert_eq!(run.gives("x\n").request().line, "POST /v1/responses HTTP/1.1");
}

#[test]
fn stream_is_printed_once() {
    let events = [
        json!({"type": "response.created", "response": {"id": "resp_1", "status": "in_progress"}}),
        text_delta("Pa"),
        text_delta("ris"),
        json!({"type": "response.output_text.done", "output_index": 0, "content_index": 0, "text": "Paris"}),
        json!({"type": "response.output_item.done", "output_index": 0, "item": message("Paris")}),
        completed("Paris"),
    ];
    asking(stream(&events)).args(["--stream"]).gives("Paris\n");
}

#[test]
fn text_told_only_at_the_end_is_printed() {
    asking(stream(&[completed("Paris")])).args(["--stream"]).gives("Paris\n");
}

#[test]
fn same_answer_over_both_apis_gives_the_same_output() {
    let said = |text: &str| json!({"type": "message", "content": [{"type": "output_text", "text": text}]});
    let call = json!({"type": "function_call", "call_id": "c", "name": "f", "arguments": "{\"a\":1}"});
    let chat_calls = json!([{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{\"a\":1}"}}]);
    let refusal = json!({"type": "message", "content": [{"type": "refusal", "refusal": "no"}]});
    let thought = json!({"type": "reasoning", "summary": [{"type": "summary_text", "text": "hm"}]});
    let cut = |reason: &str| json!({"reason": reason});
    let rows = [
        (json!({"content": "Paris"}), "stop", json!([said("Paris")]), Value::Null),
        (json!({"content": "Par"}), "length", json!([said("Par")]), cut("max_output_tokens")),
        (json!({"content": "Par"}), "content_filter", json!([said("Par")]), cut("content_filter")),
        (json!({"content": null, "refusal": "no"}), "stop", json!([refusal]), Value::Null),
        (json!({"content": null, "tool_calls": chat_calls}), "tool_calls", json!([call]), Value::Null),
        (json!({"content": "So", "tool_calls": chat_calls}), "tool_calls", json!([said("So"), call]), Value::Null),
        (json!({"content": "x", "reasoning_content": "hm"}), "stop", json!([thought, said("x")]), Value::Null),
        (json!({"content": "", "reasoning_content": "hm"}), "stop", json!([thought]), Value::Null),
        (json!({"content": ""}), "stop", json!([]), Value::Null),
        (json!({"content": "{\"a\":\"x\"}"}), "stop", json!([said("{\"a\":\"x\"}")]), Value::Null),
    ];
    for (message, finish, output, incomplete) in rows {
        let over_chat = json!({
            "id": "i", "model": "m", "choices": [{"message": message, "finish_reason": finish}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3},
        });
        let status = if incomplete.is_null() { "completed" } else { "incomplete" };
        let over_responses = json!({
            "id": "i", "object": "response", "model": "m", "status": status, "incomplete_details": incomplete,
            "output": output, "usage": {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3},
        });
        for words in ["-r -u", "-O json", "-O events", "-S a\u{a0}int --errors json", "--json -O json"] {
            let words: Vec<String> = words.split(' ').map(|word| word.replace('\u{a0}', " ")).collect();
            let told = |run: Run| {
                let finished = run.args(["-q", "hi"]).args(&words).finish();
                let stdout = finished.stdout().replace("/chat/completions", "/responses");
                (finished.code(), without_times(&stdout), finished.stderr())
            };
            let chat = told(Run::asking(json_reply(200, &over_chat)));
            assert_eq!(chat, told(asking(json_reply(200, &over_responses))), "{words:?} {message}");
        }
    }
}

/// JSON with 0 in place of every number of milliseconds.
fn without_times(text: &str) -> String {
    let mut steady = String::new();
    let mut rest = text;
    while let Some(place) = rest.find("milliseconds\":") {
        let (before, after) = rest.split_at(place + "milliseconds\":".len());
        steady += before;
        rest = after.trim_start_matches(|digit: char| digit.is_ascii_digit());
    }
    steady + rest
}

#[test]
fn answer_as_long_as_its_limit_may_be_cut_and_a_notice_says_so() {
    let mut reply = response("completed", &json!([message("Once")]));
    reply["usage"] = json!({"input_tokens": 1, "output_tokens": 4, "total_tokens": 5});
    let notice = "lmpipe: the answer may be cut: it has the 4 tokens it may have, and the server calls it complete\n";
    asking(json_reply(200, &reply)).args(["--max-tokens", "4"]).ends(0, "Once\n", notice);
    asking(json_reply(200, &reply)).args(["--max-tokens", "5"]).gives("Once\n");
    asking(json_reply(200, &reply)).gives("Once\n");
}

#[test]
fn incomplete_response_exits_8_with_its_text() {
    let mut cut = response("incomplete", &json!([message("Once")]));
    cut["incomplete_details"] = json!({"reason": "max_output_tokens"});
    asking(json_reply(200, &cut)).ends(
        8,
        "Once\n",
        "lmpipe: the answer is incomplete: it was cut by the token limit: raise --max-tokens or the model's limit\n",
    );
    let events = [text_delta("Once"), json!({"type": "response.incomplete", "response": cut})];
    asking(stream(&events)).args(["--stream"]).ends(
        8,
        "Once\n",
        "lmpipe: the answer is incomplete: it was cut by the token limit: raise --max-tokens or the model's limit\n",
    );
    // vLLM sends the wrong event with the right status.
    let events = [text_delta("Once"), json!({"type": "response.completed", "response": cut})];
    asking(stream(&events)).args(["--stream"]).ends(
        8,
        "Once\n",
        "lmpipe: the answer is incomplete: it was cut by the token limit: raise --max-tokens or the model's limit\n",
    );
}

#[test]
fn failed_response_has_the_exit_of_its_code() {
    let mut failed = response("failed", &json!([]));
    failed["error"] = json!({"code": "server_error", "message": "it broke"});
    asking(json_reply(200, &failed))
        .args(["--retries", "0"])
        .fails(5, "http://SERVER/v1 reported an error in its answer: it broke");
    failed["error"] = json!({"code": "rate_limit_exceeded", "message": "slow down"});
    let events = [json!({"type": "response.failed", "response": failed})];
    asking(stream(&events))
        .args(["--stream", "--retries", "0"])
        .fails(6, "http://SERVER/v1 reported an error in its answer: slow down: try again later");
}

#[test]
fn error_event_is_told_once_in_both_of_its_shapes() {
    let flat = json!({"type": "error", "code": "insufficient_quota", "message": "quota is spent", "param": null});
    let nested = json!({"type": "error", "error": {"type": "insufficient_quota", "code": "insufficient_quota", "message": "quota is spent"}});
    for error in [flat, nested] {
        let mut failed = response("failed", &json!([]));
        failed["error"] = json!({"code": "insufficient_quota", "message": "quota is spent"});
        let events = [error, json!({"type": "response.failed", "response": failed})];
        asking(stream(&events)).args(["--stream", "--retries", "0"]).fails(
            6,
            "http://SERVER/v1 reported an error in its answer: quota is spent: check plan and billing of the account",
        );
    }
}

#[test]
fn refusal_part_exits_9() {
    let refusal =
        json!([{"type": "message", "role": "assistant", "content": [{"type": "refusal", "refusal": "I can't."}]}]);
    asking(json_reply(200, &response("completed", &refusal))).fails(9, "the model refused: I can't.");
}

#[test]
fn stream_cut_before_its_terminal_event_exits_7() {
    asking(stream(&[text_delta("Once")])).args(["--stream"]).ends(
        7,
        "Once",
        "lmpipe: http://SERVER/v1 cut the answer off: the stream ended before its terminator\n",
    );
}

#[test]
fn commentary_counts_as_reasoning() {
    let mut commentary = message("thinking aloud");
    commentary["phase"] = json!("commentary");
    let mut answer = message("Paris");
    answer["phase"] = json!("final_answer");
    let reply = json_reply(200, &response("completed", &json!([commentary, answer])));
    asking(reply).args(["-r"]).ends(0, "Paris\n", "thinking aloud\n");
}

#[test]
fn calls_carry_the_call_id() {
    let call =
        json!([{"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "weather", "arguments": "{}"}]);
    asking(json_reply(200, &response("completed", &call)))
        .gives("{\"id\":\"call_1\",\"name\":\"weather\",\"arguments\":{}}\n");
}

#[test]
fn schema_goes_out_as_a_flat_text_format() {
    let schema = r#"{"title":"N","type":"object","properties":{"n":{"type":"integer"}},"required":["n"],"additionalProperties":false}"#;
    let request = asking(says("{\"n\":1}")).args(["-S", schema]).gives("{\"n\":1}\n").request();
    let format = &request.json()["text"]["format"];
    assert_eq!(
        (&format["type"], &format["name"], &format["strict"]),
        (&json!("json_schema"), &json!("N"), &json!(true))
    );
    assert_eq!(format["schema"]["required"], json!(["n"]));
}

#[test]
fn image_is_a_plain_string_here() {
    let request = asking(says("x")).args(["-i", "https://h.example/a.png"]).gives("x\n").request();
    let body = request.json().to_string();
    assert!(body.contains(r#"{"type":"input_image","image_url":"https://h.example/a.png""#), "{body}");
}

#[test]
fn flags_this_api_does_not_know_exit_2() {
    Run::asking_all(Vec::<Vec<u8>>::new()).args(["--api", "responses", "--stop", "x", "hi"]).fails(
        2,
        "stop (from --stop): the responses API has no such field: -o stop=… sends it all the same, --api chat has it",
    );
    Run::asking_all(Vec::<Vec<u8>>::new()).args(["--api", "responses", "--seed", "1", "hi"]).fails(
        2,
        "seed (from --seed): the responses API has no such field: -o seed=… sends it all the same, --api chat has it",
    );
}
