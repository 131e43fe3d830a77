//! `--response`: a saved reply is worth what the same bytes from a server are worth; `--print batch` and the way round.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::replies::{DONE, chat, completion, delta, finish, reply};
use crate::util::Run;

/// A person: a name and, if known, an age.
const PERSON: &str = r#"{"title":"Person","type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}},"required":["name"],"additionalProperties":false}"#;

/// A run that judges these bytes.
fn judging(bytes: impl AsRef<[u8]>) -> Run {
    Run::new(["--response", "r"]).file("r", bytes)
}

/// A run that judges a chat completion that says `text`.
fn saying(text: &str) -> Run {
    judging(completion(text, "stop").to_string())
}

/// A result line of the Batch API.
fn result(id: &str, status: u16, body: &Value) -> String {
    let response = json!({"status_code": status, "request_id": format!("req_{id}"), "body": body});
    json!({"id": "batch_req_1", "custom_id": id, "response": response, "error": null}).to_string() + "\n"
}

/// A result line of `vllm run-batch` for a request that was refused.
fn refused_by_vllm(id: &str, status: u16, message: &str) -> String {
    let response = json!({"status_code": status, "request_id": "vllm-1", "body": null});
    let error = json!({"error": {"message": message, "type": "BadRequestError", "param": null, "code": status}});
    json!({"id": "vllm-1", "custom_id": id, "response": response, "error": error}).to_string() + "\n"
}

/// Every file under a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("readable").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn recorded_replies_end_as_they_do_over_the_network() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire");
    for api in ["chat", "responses"] {
        for path in files(&root.join(api)) {
            let bytes = fs::read(&path).unwrap();
            let is_stream = path.extension().is_some_and(|kind| kind == "sse");
            let kind = if is_stream { "Content-Type: text/event-stream" } else { "Content-Type: application/json" };
            let words = ["-q", "--retries", "0", if is_stream { "--stream" } else { "--no-stream" }];
            let live = Run::asking(reply(200, &[kind], &bytes)).args(words).args(["--api", api, "hi"]).finish();
            // The reply itself tells its API.
            let saved = judging(&bytes).args(words).finish();
            let name = path.display();
            assert_eq!((saved.code(), saved.stdout()), (live.code(), live.stdout()), "{name}: {}", saved.stderr());
        }
    }
}

#[test]
fn every_shape_of_a_reply_gives_the_same_answer() {
    let document = completion("Paris", "stop");
    let response = json!({"object": "response", "status": "completed",
        "output": [{"type": "message", "content": [{"type": "output_text", "text": "Paris"}]}]});
    let events = json!({"type": "response.completed", "response": response});
    for bytes in [
        document.to_string(),
        format!("{document:#}\n"),
        [&delta("Pa"), &delta("ris"), &finish("stop"), DONE].concat(),
        response.to_string(),
        format!("event: response.completed\ndata: {events}\n\n"),
        result("a", 200, &document),
        result("a", 200, &response),
    ] {
        judging(&bytes).gives("Paris\n");
        Run::new(["--response", "-"]).stdin(&bytes).gives("Paris\n");
    }
}

#[test]
fn neither_key_nor_model_nor_server_is_needed() {
    saying("Paris").args(["-p", "groq", "-v"]).env("OPENAI_BASE_URL", "http://127.0.0.1:1/v1").gives("Paris\n");
    saying("Paris").env("LMPIPE_PROVIDER", "azure").gives("Paris\n");
}

#[test]
fn stdin_is_left_alone() {
    let mut running = saying("Paris").stdin_held().start();
    running.shows("Paris\n");
    running.finish_holding_stdin().is(0, "Paris\n", "");
}

#[test]
fn stdin_cannot_be_reply_and_schema() {
    let line = "--schema - and --response -: stdin can be read once";
    Run::new(["--response", "-", "-S", "-"]).stdin("{}").fails(2, line);
}

#[test]
fn words_beside_a_saved_reply_are_refused() {
    let line = "--response and the prompt 'b.json': they exclude each other: leave one of them out";
    Run::new(["--response", "a.json", "b.json"]).fails(2, line);
}

#[test]
fn flags_about_the_request_may_stay() {
    saying("Paris")
        .args(["-m", "m", "-t", "0", "-s", "Be brief.", "--repair", "2", "-S", "true"])
        .fails(10, "the answer is not JSON: wanted a value at line 1, column 1, there is 'Paris'");
}

#[test]
fn schema_judges_a_saved_reply() {
    saying("```json\n{\"name\": \"Ada\"}\n```").args(["-q", "-S", PERSON]).gives("{\"name\":\"Ada\"}\n");
    let finished = saying(r#"{"name": 1}"#).args(["-S", PERSON]).finish();
    assert_eq!((finished.code(), finished.stdout().as_str()), (10, ""));
    assert!(finished.stderr().contains("/name"), "{}", finished.stderr());
}

#[test]
fn schema_takes_the_wrapped_and_the_bare_form() {
    let schema = r#"{"type":"array","items":{"type":"integer"}}"#;
    for answer in ["[1,2]", r#"{"value":[1,2]}"#] {
        saying(answer).args(["-q", "-S", schema]).gives("[1,2]\n");
    }
}

#[test]
fn nulls_of_the_strict_form_are_taken_out_as_after_a_request() {
    let answer = r#"{"name":"Ada","age":null}"#;
    saying(answer).args(["-S", PERSON]).gives("{\"name\":\"Ada\"}\n");
    let finished = saying(answer).args(["-S", PERSON, "--strict", "never"]).finish();
    assert_eq!(finished.code(), 10);
}

#[test]
fn items_come_line_by_line_up_to_the_first_bad_one() {
    let answer = r#"{"items":[{"name":"Ada"},{"name":"Bob","age":null},{"name":3}]}"#;
    let finished = saying(answer).args(["-S", PERSON, "--each"]).finish();
    assert_eq!((finished.code(), finished.stdout().as_str()), (10, "{\"name\":\"Ada\"}\n{\"name\":\"Bob\"}\n"));
}

#[test]
fn tool_calls_are_checked_and_printed() {
    let tools = r#"[{"name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}]"#;
    let calling = |arguments: &str| {
        let call = json!({"id": "a", "type": "function", "function": {"name": "weather", "arguments": arguments}});
        let message = json!({"role": "assistant", "content": null, "tool_calls": [call]});
        let body = json!({"choices": [{"message": message, "finish_reason": "tool_calls"}]});
        judging(body.to_string()).file("tools.json", tools).args(["--tools", "tools.json"])
    };
    calling(r#"{"city": "Oslo"}"#).gives("{\"id\":\"a\",\"name\":\"weather\",\"arguments\":{\"city\":\"Oslo\"}}\n");
    assert_eq!(calling("{}").finish().code(), 10);
    let uncalled =
        saying("Oslo").file("tools.json", tools).args(["--tools", "tools.json", "--tool-choice", "required"]);
    assert_eq!(uncalled.finish().code(), 10);
}

#[test]
fn first_code_block_is_extracted() {
    saying("So:\n```sh\nls\n```\n").args(["-x"]).gives("ls\n");
}

#[test]
fn envelope_has_no_attempts() {
    let finished = saying(r#"{"name":"Ada"}"#).args(["-O", "json", "--meta", "meta", "-S", PERSON]).finish();
    assert_eq!((finished.code(), finished.stderr().as_str()), (0, ""));
    let envelope: Value = serde_json::from_slice(&finished.stdout).unwrap();
    let facts = |value: &Value| ["finish", "model", "id", "attempts", "violations"].map(|name| value[name].clone());
    let expected = [json!("stop"), json!("m-served"), json!("chatcmpl-1"), json!([]), json!([])];
    assert_eq!(facts(&envelope), expected);
    assert_eq!((&envelope["json"], &envelope["usage"]["total_tokens"]), (&json!({"name": "Ada"}), &json!(12)));
    let meta: Value = serde_json::from_slice(&finished.file("meta").unwrap()).unwrap();
    assert_eq!(facts(&meta), expected);
}

#[test]
fn envelope_of_a_refused_result_is_printed_too() {
    let body = json!({"error": {"message": "slow down"}});
    let finished = judging(result("a", 429, &body)).args(["-O", "json"]).finish();
    let envelope: Value = serde_json::from_slice(&finished.stdout).unwrap();
    assert_eq!((finished.code(), &envelope["text"]), (6, &Value::Null));
}

#[test]
fn events_and_usage_tell_what_a_stream_said() {
    let bytes = [&delta("Pa"), &delta("ris"), &finish("stop"), DONE].concat();
    let finished = judging(bytes).args(["-O", "events", "-u"]).finish();
    let lines: Vec<Value> = finished.stdout().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let texts: String = lines.iter().filter_map(|line| line["text"].as_str()).collect();
    assert_eq!((texts.as_str(), &lines.last().unwrap()["attempts"]), ("Paris", &json!([])));
    assert_eq!((finished.code(), finished.stderr().as_str()), (0, "usage: the server told none\n"));
}

#[test]
fn cut_and_broken_replies_have_their_exit_codes() {
    let whole = completion("Paris", "stop").to_string();
    let refusal = json!({"choices": [{"message": {"content": null, "refusal": "No."}, "finish_reason": "stop"}]});
    for (bytes, code) in [
        (delta("Pa"), 7),
        (whole[..whole.len() - 9].to_owned(), 7),
        (String::new(), 5),
        ("<html><title>Bad gateway</title></html>".into(), 5),
        ("certainly not a reply".into(), 5),
        (json!({"error": {"message": "boom"}}).to_string(), 5),
        (json!({"error": {"message": "no", "code": 401}}).to_string(), 3),
        (completion("", "stop").to_string(), 8),
        (completion("Par", "content_filter").to_string(), 8),
        (refusal.to_string(), 9),
    ] {
        let finished = judging(&bytes).finish();
        assert_eq!(finished.code(), code, "{bytes}: {}", finished.stderr());
        assert!(finished.stderr().starts_with("lmpipe: "), "{bytes}: {}", finished.stderr());
    }
    let cut = judging(completion("Par", "length").to_string());
    cut.ends(
        8,
        "Par\n",
        "lmpipe: the answer is incomplete: it was cut by the token limit: raise --max-tokens or the model's limit\n",
    );
}

#[test]
fn results_with_an_error_end_as_the_error_does() {
    let body = |message: &str| json!({"error": {"message": message, "type": "x", "param": null, "code": null}});
    for (line, code, words) in [
        (result("a", 401, &body("bad key")), 3, "answered 401 Unauthorized: bad key"),
        (result("a", 400, &body("too long")), 4, "answered 400 Bad Request: too long"),
        (result("a", 500, &body("boom")), 5, "answered 500 Internal Server Error: boom"),
        (result("a", 429, &body("slow down")), 6, "answered 429 Too Many Requests: slow down"),
        (refused_by_vllm("a", 400, "too long"), 4, "answered 400 Bad Request: too long"),
        (
            r#"{"custom_id":"a","response":null,"error":{"code":"batch_expired","message":"late"}}"#.into(),
            5,
            "reported an error in its answer: late",
        ),
    ] {
        judging(line).fails(code, &format!("the server behind 'r' {words}"));
    }
}

#[test]
fn error_line_carries_status_and_request_id_of_a_result() {
    let line = result("a", 429, &json!({"error": {"message": "slow down"}}));
    let finished = judging(line).args(["--errors", "json"]).finish();
    let error: Value = serde_json::from_str(&finished.stderr()).unwrap();
    let facts = ["exit", "status", "retryable", "request_id"].map(|name| error[name].clone());
    assert_eq!(facts, [json!(6), json!(429), json!(true), json!("req_a")]);
}

#[test]
fn id_picks_one_result_of_many() {
    let says = |text: &str| completion(text, "stop");
    let file = result("a", 200, &says("Oslo")) + &refused_by_vllm("b", 400, "no") + &result("c", 200, &says("Rom"));
    judging(&file).args(["--id", "c"]).gives("Rom\n");
    judging(&file).args(["--id", "b"]).fails(4, "the server behind 'r' answered 400 Bad Request: no");
    let of = "'r' (from --response)";
    judging(&file).fails(2, &format!("{of}: it has more than one result: pick one with --id"));
    judging(&file).args(["--id", "z"]).fails(2, &format!("{of}: none of its 3 results has the id 'z'"));
    saying("x").args(["--id", "z"]).fails(2, &format!("{of}: it has no batch results: leave --id out"));
}

#[test]
fn file_that_is_not_there_exits_2() {
    Run::new(["--response", "gone"]).fails(2, "cannot read 'gone' (from --response): no such file or directory");
}

#[test]
fn reply_beyond_its_limit_exits_5() {
    let finished = saying(&"x".repeat(5000)).args(["--max-reply", "4KiB"]).finish();
    assert_eq!((finished.code(), finished.stdout().as_str()), (5, ""));
}

#[test]
fn batch_line_holds_the_request() {
    let run = Run::new(["-m", "m", "--print", "batch", "--id", "row \"1\"", "--stream", "-u", "hi"]);
    run.gives(concat!(
        r#"{"custom_id":"row \"1\"","method":"POST","url":"/v1/chat/completions","#,
        r#""body":{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":false}}"#,
        "\n"
    ));
    let run = Run::new(["--api", "responses", "-m", "m", "--print", "batch", "--id", "1", "hi"]);
    run.gives(concat!(
        r#"{"custom_id":"1","method":"POST","url":"/v1/responses","#,
        r#""body":{"model":"m","input":"hi","store":false,"stream":false}}"#,
        "\n"
    ));
}

#[test]
fn batch_line_without_an_id_has_one_made_of_its_request() {
    let id = |prompt: &str| {
        let line: Value =
            serde_json::from_slice(&Run::new(["-m", "m", "--print", "batch", prompt]).finish().stdout).unwrap();
        line["custom_id"].clone()
    };
    assert_eq!(id("hi"), id("hi"));
    assert_ne!(id("hi"), id("ho"));
}

#[test]
fn codex_has_no_batches() {
    let run = Run::new(["--api", "codex", "-m", "m", "--print", "batch", "--id", "1", "hi"]);
    run.fails(2, "--print batch: the Codex backend has no batches");
}

#[test]
fn id_means_nothing_alone() {
    Run::new(["--id", "a", "hi"]).fails(2, "--id: means nothing alone: add --print batch or --response FILE");
}

#[test]
fn batch_line_goes_through_an_engine_and_back_under_the_same_flags() {
    let flags = ["-m", "m", "-t", "0", "-S", PERSON, "--id", "7"];
    let printed = Run::new(flags).args(["--print", "batch", "Who?"]).finish();
    let line: Value = serde_json::from_slice(&printed.stdout).unwrap();
    let sent = Run::asking(chat(r#"{"name":"Ada"}"#)).args(["-t", "0", "-S", PERSON, "Who?"]).finish().request().json();
    assert_eq!((&line["custom_id"], &line["body"]), (&json!("7"), &sent));
    let answer = completion(r#"{"name":"Ada","age":null}"#, "stop");
    judging(result("7", 200, &answer)).args(flags).gives("{\"name\":\"Ada\"}\n");
}
