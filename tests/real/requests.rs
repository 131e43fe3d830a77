//! Request bodies of every pair of flags against OpenAI's own description of them.

use std::env;
use std::fs;
use std::path::PathBuf;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::util::Run;

/// Flags that exclude each other: a command line has one choice of a group.
type Groups = &'static [&'static [&'static [&'static str]]];

/// What both APIs know.
const BOTH: Groups = &[
    &[&[], &["-s", "be brief"]],
    &[&[], &["-t", "0.5", "--top-p", "0.9"]],
    &[&[], &["--max-tokens", "64"]],
    &[&[], &["-e", "low", "--verbosity", "low"], &["-e", "xhigh"], &["-e", "none", "--verbosity", "high"]],
    &[&[], &["--stream"], &["--stream", "-u"]],
    &[
        &[],
        &["--json"],
        &["-S", "name, age int"],
        &["-S", r#"{"type":"array","items":{"type":"string"}}"#, "--strict", "always", "--schema-name", "names"],
        &["-S", "name, age int", "--schema-mode", "json_object"],
        &["-S", "name, age int", "--schema-mode", "prompt"],
        &["-S", "name, age int", "--each", "--strict", "never"],
    ],
    &[
        &[],
        &["--tools", "tools.json"],
        &["--tools", "tools.json", "--tool-choice", "auto"],
        &["--tools", "tools.json", "--tool-choice", "none"],
        &["--tools", "tools.json", "--tool-choice", "required"],
        &["--tools", "tools.json", "--tool-choice", "clock", "--no-parallel-tools"],
    ],
    &[
        &[],
        &["-i", "a.gif", "--image-detail", "low"],
        &["-i", "https://example.com/a.png", "-i", "data:image/png;base64,iVBORw0KGgo="],
        &["-a", "r.pdf", "-a", "n.txt"],
    ],
    &[&[], &["--messages", "history.json"], &["--messages", "called.json"]],
    &[&[], &["-o", "metadata.topic=x", "-o", "service_tier=flex", "-o", "top_logprobs=2"]],
];

/// What chat alone knows.
const CHAT: Groups = &[&[&[], &["--stop", "A", "--stop", "B", "--seed", "7"]], &[&[], &["-a", "s.wav"]]];

/// The validator of one request schema.
fn validator(name: &str) -> Validator {
    let shared = env::var_os("LMPIPE_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let path = shared.join("data/openai-requests.schema.json");
    let text = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    // Its alternatives overlap (an easy message is a message too): one of them is as much as it can ask.
    let text = String::from_utf8_lossy(&text).replace("\"oneOf\"", "\"anyOf\"");
    let mut schema: Value = serde_json::from_str(&text).expect("the description is JSON");
    schema["$ref"] = json!(format!("#/$defs/{name}"));
    jsonschema::validator_for(&schema).expect("the description compiles")
}

/// Every command line that takes one choice of each of two groups.
fn pairs(groups: &[&'static [&'static [&'static str]]]) -> Vec<Vec<&'static str>> {
    let mut lines = Vec::new();
    for (place, first) in groups.iter().enumerate() {
        for second in &groups[place + 1..] {
            lines.extend(first.iter().flat_map(|one| second.iter().map(|other| [*one, *other].concat())));
        }
    }
    lines.sort();
    lines.dedup();
    lines
}

/// Demands that the body of every pair is valid, and streams only where that was asked for.
fn valid(api: &str, name: &str, groups: &[Groups]) {
    let validator = validator(name);
    let history = r#"[{"role":"user","content":"hi"},{"role":"assistant","content":"hello"}]"#;
    let called = r#"[{"role":"system","content":"be kind"},{"role":"user","content":"what time is it?"},
        {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"clock","arguments":"{}"}}]},
        {"role":"tool","tool_call_id":"c1","content":"noon"}]"#;
    for words in pairs(&groups.concat()) {
        let finished = Run::new(["-p", "openai", "--api", api, "-m", "m", "--print", "request", "hi"])
            .args(&words)
            .file("tools.json", r#"[{"name":"clock","parameters":{"type":"object","properties":{}}}]"#)
            .file("history.json", history)
            .file("called.json", called)
            .file("a.gif", b"GIF89a\x01\0\x01\0")
            .file("r.pdf", b"%PDF-1.7\n\xff")
            .file("s.wav", b"RIFF\x24\0\0\0WAVEfmt ")
            .file("n.txt", "notes\n")
            .finish();
        assert_eq!(finished.code(), 0, "{words:?}: {}", finished.stderr());
        let body: Value = serde_json::from_slice(&finished.stdout).unwrap_or_default();
        let errors: Vec<String> =
            validator.iter_errors(&body).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{words:?}: {errors:#?}\n{body}");
        let streamed = words.contains(&"--stream") || words.contains(&"--each");
        assert_eq!(body["stream"], streamed, "{words:?}");
    }
}

#[test]
fn model_uri_bodies_are_valid() {
    for (api, name) in [("chat", "CreateChatCompletionRequest"), ("responses", "CreateResponse")] {
        let uri = "m?temperature=0.5&top_p=0.9&max_tokens=64&reasoning_effort=low&verbosity=low";
        let finished = Run::new(["-p", "openai", "--api", api, "-m", uri, "--print", "request", "hi"]).finish();
        let body: Value = serde_json::from_slice(&finished.stdout).unwrap_or_default();
        assert!(validator(name).is_valid(&body), "{body}");
    }
}

#[test]
fn every_chat_body_is_valid() {
    valid("chat", "CreateChatCompletionRequest", &[BOTH, CHAT]);
}

#[test]
fn every_responses_body_is_valid() {
    valid("responses", "CreateResponse", &[BOTH]);
}
