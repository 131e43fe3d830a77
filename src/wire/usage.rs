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
mod tests;
