//! Documents 100,000 levels deep, wherever a document can come from: an error, never a crash.

use serde_json::json;

use crate::replies::{chat, completion, event, head, json_reply, reply, stream_of};
use crate::server::Answer;
use crate::util::Run;

/// How deep.
const DEPTH: usize = 100_000;

/// Lists in lists.
fn lists() -> String {
    "[".repeat(DEPTH) + &"]".repeat(DEPTH)
}

/// Objects in objects, each under `key`.
fn objects(key: &str) -> String {
    format!("{{\"{key}\":").repeat(DEPTH) + "{}" + &"}".repeat(DEPTH)
}

/// A reply of status 200 with this body.
fn document(body: String) -> Vec<u8> {
    reply(200, &["Content-Type: application/json"], body)
}

/// A run that this file goes into, and nothing of it out.
#[track_caller]
fn refused(words: &[&str], file: &str) {
    let finished = Run::asking_all(Vec::<Answer>::new()).file("deep", file).args(words).finish();
    assert_eq!((finished.code(), finished.stdout().as_str()), (2, ""), "{words:?}: {}", finished.stderr());
    assert!(finished.stderr().len() < 1000, "{words:?}: {}", finished.stderr());
}

/// A run that is answered this and prints nothing but an error of ordinary length.
#[track_caller]
fn answered(bytes: Vec<u8>, words: &[&str], code: i32) {
    let finished = Run::asking(bytes).args(["--retries", "0", "hi"]).args(words).finish();
    assert_eq!((finished.code(), finished.stdout().as_str()), (code, ""), "{words:?}: {}", finished.stderr());
    assert!(finished.stderr().len() < 1500, "{words:?}: {}", finished.stderr());
}

#[test]
fn deep_schemas_exit_2() {
    for schema in [objects("items"), objects("not"), objects("properties"), objects("x"), objects("$defs"), lists()] {
        refused(&["-S", "deep", "hi"], &schema);
        refused(&["-S", "deep", "--lint-schema"], &schema);
        refused(&["-S", "deep", "--each", "--strict", "always", "hi"], &schema);
    }
    refused(&["-S", "deep", "hi"], &format!("{{\"allOf\":{}}}", lists()));
    refused(&["-S", "deep", "hi"], &format!("{{\"const\":{}}}", lists()));
}

#[test]
fn deep_short_forms_exit_2() {
    for (open, close) in [("a {", "}"), ("a [", "]")] {
        // What one argument can hold.
        let text = open.repeat(20_000) + &close.repeat(20_000);
        let finished = Run::asking_all(Vec::<Answer>::new()).args(["-S", &text, "hi"]).finish();
        assert_eq!((finished.code(), finished.stdout().as_str()), (2, ""), "{}", finished.stderr());
        assert!(finished.stderr().len() < 1000, "{}", finished.stderr());
    }
}

#[test]
fn deep_tools_and_histories_exit_2() {
    for file in [objects("parameters"), lists()] {
        refused(&["--tools", "deep", "hi"], &file);
        refused(&["--messages", "deep", "hi"], &file);
    }
    let tool = format!("[{{\"name\":\"f\",\"parameters\":{}}}]", objects("items"));
    refused(&["--tools", "deep", "hi"], &tool);
    refused(&["--messages", "deep", "hi"], &format!("[{{\"role\":\"user\",\"content\":{}}}]", lists()));
}

#[test]
fn deep_configs_exit_2() {
    refused(&["--config", "deep", "hi"], &format!("[options]\na = {}", lists()));
    refused(&["--config", "deep", "hi"], &format!("[options]\n{}a = 1", "a.".repeat(DEPTH)));
    refused(&["--config", "deep", "hi"], &format!("[options]\na = {}1{}", "{a=".repeat(DEPTH), "}".repeat(DEPTH)));
}

#[test]
fn deep_options_exit_2() {
    let run = Run::asking_all(Vec::<Answer>::new()).args(["-o", &format!("{}a=1", "a.".repeat(60_000)), "hi"]);
    run.fails(2, "option 'a.…' (from --option): nested deeper than 100 levels");
    // What is no JSON is a string.
    let deep = "[".repeat(60_000) + &"]".repeat(60_000);
    let request = Run::asking(chat("x")).args(["-o", &format!("a={deep}"), "hi"]).gives("x\n").request();
    assert_eq!(request.json()["a"], deep);
}

#[test]
fn deep_answers_are_no_json() {
    for answer in [lists(), objects("a"), "[".repeat(DEPTH), format!("```json\n{}\n```", lists())] {
        answered(chat(&answer), &["--json"], 10);
        answered(chat(&answer), &["-S", "{}"], 10);
        answered(chat(&answer), &["-S", r##"{"type":"array","items":{"$ref":"#"}}"##], 10);
        answered(chat(&format!("{{\"items\":[{answer}]}}")), &["-S", "{}", "--each"], 10);
    }
}

#[test]
fn deep_arguments_of_a_call_exit_10() {
    for arguments in [lists(), objects("a")] {
        let call = json!({"id": "1", "type": "function", "function": {"name": "f", "arguments": arguments}});
        let message = json!({"choices": [{"message": {"tool_calls": [call]}, "finish_reason": "tool_calls"}]});
        answered(json_reply(200, &message), &[], 10);
    }
}

#[test]
fn deep_replies_exit_5() {
    for body in [lists(), objects("choices"), objects("error"), format!("{{\"choices\":{}}}", lists())] {
        answered(document(body.clone()), &[], 5);
        answered(document(body.clone()), &["--api", "responses"], 5);
        answered(stream_of(&[&format!("data: {body}\n\n")]), &["--stream"], 5);
        answered(stream_of(&[&format!("data: {body}\n\n")]), &["--stream", "--api", "responses"], 5);
        let listed = Run::asking(document(body)).args(["--list-models", "--retries", "0"]).finish();
        assert_eq!((listed.code(), listed.stdout().as_str()), (5, ""), "{}", listed.stderr());
    }
}

#[test]
fn deep_members_nobody_asked_for_do_no_harm() {
    let text = completion("x", "stop").to_string();
    let body = format!("{{\"extra\":{},{}", lists(), &text[1..]);
    let finished = Run::asking(document(body)).args(["hi"]).finish();
    assert!(matches!((finished.code(), finished.stdout().as_str()), (0, "x\n") | (5, "")), "{}", finished.stderr());
}

#[test]
fn deep_error_bodies_are_told_by_their_status() {
    for body in [lists(), objects("error"), format!("{{\"error\":{{\"message\":{}}}}}", lists())] {
        answered(reply(400, &["Content-Type: application/json"], &body), &[], 4);
        answered(reply(500, &["Content-Type: application/json"], &body), &[], 5);
        let open = [head(500, &[], "X-No: length"), body.into_bytes()].concat();
        answered(open, &[], 5);
    }
}

#[test]
fn deep_events_exit_5() {
    let deep = event(&json!({"choices": []})).replace("[]", &lists());
    answered(stream_of(&[&deep]), &["--stream"], 5);
}
