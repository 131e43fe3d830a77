//! Schemas, tools and the Responses API against servers that enforce, ignore and translate them.

use serde_json::Value;

use crate::util::{Finished, Run};
use crate::{answers, at, documents};

/// A person, in the short form.
const PERSON: &[&str] = &["-t", "0", "--max-tokens", "80", "-S", "name, age int", "Ada is 36 years old."];

/// A tool that tells the time.
const CLOCK: &str = r#"[{"name":"clock","parameters":{"type":"object","properties":{"city":{"type":"string","enum":["Oslo","Rome"]}},"required":["city"],"additionalProperties":false}}]"#;

/// llama.cpp, which enforces schemas on chat.
fn llama() -> Run {
    at(0).env("OPENAI_API_KEY", "sk-rig-local").args(["-m", "smollm2-135m-instruct"])
}

/// A model behind LiteLLM.
fn proxied(model: &str) -> Run {
    at(10).env("OPENAI_API_KEY", "sk-rig-master").args(["-m", model])
}

/// Demands one valid person.
#[track_caller]
fn is_person(finished: &Finished) {
    assert_eq!(finished.code(), 0, "{}", finished.stderr());
    let person = documents(finished).remove(0);
    assert!(person["name"].is_string() && person["age"].is_i64(), "{person}");
}

#[test]
fn enforced_schema_gives_a_document() {
    for way in ["--stream", "--no-stream"] {
        is_person(&llama().args(PERSON).args([way]).finish());
        is_person(&proxied("smollm2").args(PERSON).args([way]).finish());
    }
}

#[test]
fn every_way_of_asking_for_a_schema_is_accepted() {
    for mode in ["json_schema", "json_object", "prompt"] {
        let finished = llama().args(PERSON).args(["--schema-mode", mode]).finish();
        assert!(matches!(finished.code(), 0 | 8 | 10), "{mode}: {}", finished.stderr());
        assert_eq!(finished.stdout().is_empty(), finished.code() != 0, "{mode}: {}", finished.stdout());
    }
}

#[test]
fn ignored_schema_exits_10_and_prints_nothing() {
    // The Anthropic protocol has no schema, and LiteLLM drops it on the way.
    for way in ["--stream", "--no-stream"] {
        let finished = proxied("anthropic/claude-opus-4-8").args(PERSON).args([way]).finish();
        assert!(matches!(finished.code(), 8 | 10), "{}", finished.stderr());
        assert_eq!(finished.stdout(), "");
    }
}

#[test]
fn items_come_one_by_one() {
    let words = ["-t", "0", "--max-tokens", "120", "-S", "name, age int", "--each", "Ada is 36, Bob is 7."];
    let finished = llama().args(words).finish();
    assert!(matches!(finished.code(), 0 | 8), "{}", finished.stderr());
    let items = documents(&finished);
    assert!(!items.is_empty() && items.iter().all(|item| item["age"].is_i64()), "{items:?}");
}

#[test]
fn required_tool_is_called_on_both_apis() {
    for api in ["chat", "responses"] {
        for way in ["--stream", "--no-stream"] {
            let words = ["--max-tokens", "64", "--tools", "t.json", "--tool-choice", "required", "Time in Oslo?"];
            let run = at(1).args(["-m", "smollm2-tools", "--api", api, way]).args(words).file("t.json", CLOCK);
            let finished = run.finish();
            assert_eq!(finished.code(), 0, "{api} {way}: {}", finished.stderr());
            let call = documents(&finished).remove(0);
            assert!(call["name"] == "clock" && call["arguments"]["city"].is_string(), "{api} {way}: {call}");
        }
    }
}

#[test]
fn responses_api_answers_directly_and_through_the_proxy() {
    for way in ["--stream", "--no-stream"] {
        // llama.cpp reports an answer cut there as whole; the notice about it is the next test's.
        answers(llama().args(["-q", "--api", "responses", way, "Name a colour."]));
        answers(proxied("smollm2").args(["-q", "--api", "responses", way, "Name a colour."]));
        answers(proxied("anthropic/claude-opus-4-8").args(["--api", "responses", way, "Name a colour."]));
    }
}

#[test]
fn cut_that_the_responses_api_hides_is_a_notice() {
    for way in ["--stream", "--no-stream"] {
        let words = ["--api", "responses", "--max-tokens", "4", way, "Tell me a long story."];
        let finished = llama().args(words).finish();
        let notice =
            "lmpipe: the answer may be cut: it has the 4 tokens it may have, and the server calls it complete\n";
        assert_eq!((finished.code(), finished.stderr().as_str()), (0, notice), "{way}");
    }
}

#[test]
fn envelope_of_the_responses_api_is_filled() {
    for way in ["--stream", "--no-stream"] {
        let envelope = documents(&llama().args(["--api", "responses", way, "-O", "json", "Hello"]).finish()).remove(0);
        assert!(envelope["text"].is_string() && envelope["usage"]["total_tokens"].is_u64(), "{envelope}");
    }
}

#[test]
fn image_a_model_cannot_see_is_an_error_with_the_servers_words() {
    let run = llama().args(["-i", "a.gif", "What is this?"]).file("a.gif", b"GIF89a\x01\0\x01\0\0\0\0;");
    let finished = run.finish();
    assert_eq!((finished.code(), finished.stdout().as_str()), (5, ""), "{}", finished.stderr());
    assert!(finished.stderr().contains("image input is not supported"), "{}", finished.stderr());
}

#[test]
fn probe_tells_what_the_server_does() {
    let finished = at(1).args(["-m", "smollm2-tools", "--probe", "-O", "json"]).finish();
    assert_eq!((finished.code(), finished.stderr().as_str()), (0, ""));
    let report: Value = serde_json::from_slice(&finished.stdout).unwrap();
    let verdict = |name: &str| {
        let checks = report["checks"].as_array().unwrap();
        checks.iter().find(|check| check.to_string().contains(name)).cloned().unwrap_or_default().to_string()
    };
    assert!(verdict("json_schema").contains("enforced"), "{report}");
    assert!(verdict("images").contains("no"), "{report}");
}
