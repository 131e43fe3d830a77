//! llama.cpp's own server: one plain, one with a tools template, one that thinks.

use serde_json::Value;

use crate::util::Run;
use crate::{answers, at, documents, fails};

/// The plain server, which wants a key.
fn plain() -> Run {
    at(0).env("OPENAI_API_KEY", "sk-rig-local").args(["-m", "smollm2-135m-instruct"])
}

/// The server with a thinking model.
fn thinking() -> Run {
    at(2).args(["-m", "smollm2-think", "--max-tokens", "64"])
}

#[test]
fn question_is_answered() {
    answers(plain().args(["Name a colour."]));
}

#[test]
fn piped_text_is_streamed() {
    answers(plain().args(["--stream", "Continue:"]).stdin("Once upon a time\n"));
}

#[test]
fn system_text_and_sampling_are_accepted() {
    answers(plain().args(["-s", "Be brief.", "-t", "0", "--top-p", "0.9", "--seed", "1", "--stop", "###", "Hello"]));
}

#[test]
fn unicode_survives_both_ways() {
    answers(plain().args(["--stream", "Repeat: ü 🦀 漢字"]));
}

#[test]
fn extract_always_leaves_something() {
    answers(plain().args(["-x", "Write hello world in Python."]));
}

#[test]
fn model_is_found_where_only_one_is_served() {
    answers(at(1).args(["Hello"]));
}

#[test]
fn envelope_is_filled() {
    for way in ["--stream", "--no-stream"] {
        let finished = plain().args([way, "-O", "json", "Hello"]).finish();
        let envelope = documents(&finished).remove(0);
        assert!(matches!(finished.code(), 0 | 8), "{}", finished.stderr());
        assert!(envelope["text"].as_str().is_some_and(|text| !text.is_empty()), "{envelope}");
        assert!(envelope["usage"]["output_tokens"].as_u64().is_some_and(|count| count > 0), "{envelope}");
        assert_eq!(envelope["model"], "smollm2-135m-instruct");
        assert_eq!(envelope["attempts"][0]["status"], 200);
    }
}

#[test]
fn events_add_up_to_a_text() {
    let finished = plain().args(["-O", "events", "Hello"]).finish();
    let lines = documents(&finished);
    let (last, told) = lines.split_last().unwrap();
    let text: String = told.iter().filter_map(|line| line["text"].as_str()).collect();
    assert!(!text.is_empty(), "{}", finished.stdout());
    assert!(last["finish"].is_string() && last["usage"]["total_tokens"].is_u64(), "{last}");
}

#[test]
fn meta_tells_usage_and_times() {
    let finished = answers(plain().args(["--meta", "meta.json", "Hello"]));
    let meta: Value = serde_json::from_slice(&finished.file("meta.json").unwrap()).unwrap();
    assert!(meta["usage"]["input_tokens"].is_u64() && meta["timings"]["total_milliseconds"].is_u64(), "{meta}");
}

#[test]
fn usage_is_told_on_stderr() {
    for way in ["--stream", "--no-stream"] {
        let finished = plain().args([way, "-u", "Hello"]).finish();
        assert!(finished.stderr().starts_with("usage: "), "{}", finished.stderr());
    }
}

#[test]
fn reasoning_is_told_on_stderr_only_when_asked_for() {
    let loud = thinking().args(["-r", "What is 2+2?"]).finish();
    assert!(matches!(loud.code(), 0 | 8) && !loud.stderr().is_empty(), "{}", loud.stderr());
    let envelope = documents(&thinking().args(["-O", "json", "What is 2+2?"]).finish()).remove(0);
    assert!(envelope["reasoning"].as_str().is_some_and(|text| !text.is_empty()), "{envelope}");
}

#[test]
fn json_object_is_one_document() {
    let finished = plain().args(["--json", "-t", "0", "--max-tokens", "80", "Describe a cat as JSON."]).finish();
    match finished.code() {
        0 => assert!(documents(&finished).len() == 1, "{}", finished.stdout()),
        8 => assert_eq!(finished.stdout(), ""),
        code => panic!("exit {code}: {}", finished.stderr()),
    }
}

#[test]
fn token_limit_exits_8_with_the_text() {
    for way in ["--stream", "--no-stream"] {
        let finished = plain().args([way, "--max-tokens", "2", "Tell me a long story."]).finish();
        assert_eq!(finished.code(), 8, "{}", finished.stderr());
        assert!(!finished.stdout().is_empty());
    }
}

#[test]
fn models_are_listed() {
    plain().args(["--list-models"]).gives("smollm2-135m-instruct\n");
    at(1).args(["--list-models"]).gives("smollm2-tools\n");
}

#[test]
fn wrong_key_exits_3() {
    let run = plain().env("OPENAI_API_KEY", "sk-wrong").args(["Hello"]);
    fails(run, 3, &["Invalid API Key", "OPENAI_API_KEY"]);
    fails(plain().args(["--no-key", "Hello"]), 3, &["Invalid API Key"]);
}

#[test]
fn prompt_beyond_the_context_exits_4_with_the_servers_words() {
    for way in ["--stream", "--no-stream"] {
        fails(plain().args([way]).stdin("word ".repeat(6000)), 4, &["context size"]);
    }
}

#[test]
fn refused_field_exits_4_with_the_servers_words() {
    fails(plain().args(["-o", "temperature=\"warm\"", "Hello"]), 4, &["temperature"]);
}

#[test]
fn wrong_path_exits_4() {
    let url = crate::url(0).replace("/v1", "/v2");
    fails(plain().args(["-b", &url, "Hello"]), 4, &["/v2"]);
}

#[test]
fn reader_that_leaves_stops_the_server() {
    let mut running = plain().args(["--stream", "--max-tokens", "1500", "Tell me a long story."]).start();
    running.some();
    running.close_stdout();
    running.finish().is(141, "", "");
}
