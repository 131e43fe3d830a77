//! Tests of `usage.rs`.

use super::*;

fn read(json: &str) -> Option<Usage> {
    usage(serde_json::from_str(json).expect("test JSON parses"))
}

fn told(input: u64, output: u64, total: u64, reasoning: Option<u64>, cached: Option<u64>) -> Option<Usage> {
    Some(Usage { input: Some(input), output: Some(output), total: Some(total), reasoning, cached })
}

#[test]
fn both_apis_give_the_same_usage() {
    let chat = r#"{"prompt_tokens":5,"completion_tokens":3,"total_tokens":8,
        "prompt_tokens_details":{"cached_tokens":2},"completion_tokens_details":{"reasoning_tokens":1}}"#;
    let responses = r#"{"input_tokens":5,"output_tokens":3,"total_tokens":8,
        "input_tokens_details":{"cached_tokens":2},"output_tokens_details":{"reasoning_tokens":1}}"#;
    assert_eq!(read(chat), told(5, 3, 8, Some(1), Some(2)));
    assert_eq!(read(responses), read(chat));
}

#[test]
fn partial_null_and_fractional_counts_are_read_as_far_as_they_go() {
    assert_eq!(read("null"), None);
    assert_eq!(read("{}"), None);
    assert_eq!(read("[]"), None);
    assert_eq!(read(r#"{"completion_tokens":null,"prompt_tokens_details":null}"#), None);
    assert_eq!(read(r#"{"completion_tokens":3.0}"#), Some(Usage { output: Some(3), ..Usage::default() }));
    assert_eq!(
        read(r#"{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,"prompt_tokens_details":[]}"#),
        told(1, 2, 3, None, None)
    );
}

#[test]
fn deepseek_cache_hits_are_cached_tokens() {
    let json = r#"{"prompt_tokens":9,"completion_tokens":1,"total_tokens":10,"prompt_cache_hit_tokens":8}"#;
    assert_eq!(read(json), told(9, 1, 10, None, Some(8)));
}

#[test]
fn xai_reasoning_counts_as_output() {
    let json = r#"{"prompt_tokens":9,"completion_tokens":1,"total_tokens":30,
        "completion_tokens_details":{"reasoning_tokens":20}}"#;
    assert_eq!(read(json), told(9, 21, 30, Some(20), None));
}
