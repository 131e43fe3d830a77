//! LiteLLM: a proxy in front of llama.cpp, of nobody, and of mocks that fail in known ways.

use crate::util::Run;
use crate::{answers, at, documents, fails};

/// A run through the proxy.
fn proxied(model: &str) -> Run {
    at(10).env("OPENAI_API_KEY", "sk-rig-master").args(["-m", model])
}

#[test]
fn mocked_answer_is_told_to_the_letter() {
    for way in ["--stream", "--no-stream"] {
        proxied("gpt-4o-mini").args([way, "Hello"]).gives("The capital of France is Paris.\n");
    }
}

#[test]
fn question_is_answered_through_the_proxy() {
    for way in ["--stream", "--no-stream"] {
        answers(proxied("smollm2").args([way, "Name a colour."]));
    }
}

#[test]
fn anthropic_protocol_upstream_answers() {
    for way in ["--stream", "--no-stream"] {
        answers(proxied("anthropic/claude-opus-4-8").args([way, "Name a colour."]));
    }
}

#[test]
fn reasoning_passes_through_the_proxy() {
    let run = proxied("smollm2-think").args(["--max-tokens", "64", "-O", "json", "What is 2+2?"]);
    let envelope = documents(&run.finish()).remove(0);
    assert!(envelope["reasoning"].as_str().is_some_and(|text| !text.is_empty()), "{envelope}");
}

#[test]
fn usage_comes_in_streams() {
    let envelope = documents(&proxied("smollm2").args(["--stream", "-O", "json", "Hello"]).finish()).remove(0);
    assert!(envelope["usage"]["total_tokens"].is_u64(), "{envelope}");
}

#[test]
fn models_of_the_proxy_are_listed() {
    let finished = proxied("smollm2").args(["--list-models"]).finish();
    assert!(finished.stdout().lines().any(|line| line == "smollm2-tools"), "{}", finished.stdout());
    assert_eq!((finished.code(), finished.stderr().as_str()), (0, ""));
}

#[test]
fn unknown_model_exits_4_with_the_closest_names() {
    fails(proxied("smollm3").args(["Hello"]), 4, &["smollm3", "smollm2"]);
}

#[test]
fn rate_limit_exits_6() {
    for way in ["--stream", "--no-stream"] {
        fails(proxied("mock-rate-limit").args([way, "Hello"]), 6, &["mock rate limit error"]);
    }
}

#[test]
fn context_overflow_exits_4() {
    for way in ["--stream", "--no-stream"] {
        fails(proxied("mock-context-window").args([way, "Hello"]), 4, &["context window exceeded"]);
    }
}

#[test]
fn internal_error_exits_5() {
    for way in ["--stream", "--no-stream"] {
        fails(proxied("mock-internal-error").args([way, "Hello"]), 5, &["mock internal server error"]);
    }
}

#[test]
fn dead_upstream_exits_5() {
    fails(proxied("dead-upstream").args(["Hello"]), 5, &["Connection error"]);
}

#[test]
fn key_the_upstream_refuses_exits_3() {
    fails(proxied("badkey-upstream").args(["Hello"]), 3, &["Invalid API Key"]);
}

#[test]
fn wrong_key_of_the_proxy_fails_without_a_word_on_stdout() {
    // Without a database LiteLLM tells a wrong key as 400, a missing one as 500 with code 401 inside.
    let finished = proxied("smollm2").env("OPENAI_API_KEY", "sk-wrong").args(["Hello"]).finish();
    assert!(matches!(finished.code(), 3 | 4), "exit {}: {}", finished.code(), finished.stderr());
    assert_eq!(finished.stdout(), "");
}
