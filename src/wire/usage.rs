//! Token counts of every API under one set of names.

use serde::Deserialize;

use super::lenient::{Raw, count};
use crate::response::Usage;

/// A `usage` object with the names of chat, of Responses and of single providers.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
struct Counts<'a> {
    /// Chat.
    prompt_tokens: Raw<'a>,
    /// Responses.
    input_tokens: Raw<'a>,
    /// Chat.
    completion_tokens: Raw<'a>,
    /// Responses.
    output_tokens: Raw<'a>,
    /// Both.
    total_tokens: Raw<'a>,
    /// Chat.
    prompt_tokens_details: Raw<'a>,
    /// Responses.
    input_tokens_details: Raw<'a>,
    /// Chat.
    completion_tokens_details: Raw<'a>,
    /// Responses.
    output_tokens_details: Raw<'a>,
    /// DeepSeek.
    prompt_cache_hit_tokens: Raw<'a>,
}

/// Either `…_details` object.
#[derive(Default, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
struct Details<'a> {
    /// Of the input.
    cached_tokens: Raw<'a>,
    /// Of the output.
    reasoning_tokens: Raw<'a>,
}

/// The counts in a `usage` member; `None` where it has none.
pub(crate) fn usage(raw: Raw<'_>) -> Option<Usage> {
    let counts: Counts<'_> = serde_json::from_str(raw?.get()).ok()?;
    let details = |chat: Raw<'_>, responses: Raw<'_>| {
        let details = chat.or(responses).map(|raw| serde_json::from_str::<Details<'_>>(raw.get()).unwrap_or_default());
        details.map_or((None, None), |details| (count(details.cached_tokens), count(details.reasoning_tokens)))
    };
    let (cached, _) = details(counts.prompt_tokens_details, counts.input_tokens_details);
    let (_, reasoning) = details(counts.completion_tokens_details, counts.output_tokens_details);
    let mut usage = Usage {
        input: count(counts.prompt_tokens).or_else(|| count(counts.input_tokens)),
        output: count(counts.completion_tokens).or_else(|| count(counts.output_tokens)),
        total: count(counts.total_tokens),
        reasoning,
        cached: cached.or_else(|| count(counts.prompt_cache_hit_tokens)),
    };
    if let Usage { input: Some(input), output: Some(output), total: Some(total), reasoning: Some(reasoning), .. } =
        usage
        && reasoning > 0
        && input.checked_add(output).and_then(|sum| sum.checked_add(reasoning)) == Some(total)
    {
        // xAI leaves reasoning out of the completion tokens, but not out of the total.
        usage.output = Some(output + reasoning);
    }
    (usage != Usage::default()).then_some(usage)
}

#[cfg(test)]
mod tests {
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
}
