//! Reads the content of a chat message or delta: a string, a list of parts, or any other JSON.
//!
//! Source: docs/wire.md §0 rule 10, §3.3 Mistral and OpenRouter.

use std::borrow::Cow;

use serde::Deserialize;

use crate::wire::lenient::{Raw, append, text_of};

/// Depth of lists that are read: Mistral nests two, and a hostile reply must not exhaust the stack.
const DEEPEST: u8 = 4;

/// The content of a message by what it is for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ChatContent<'a> {
    /// The answer.
    pub(crate) text: Cow<'a, str>,
    /// Reasoning among the parts.
    pub(crate) reasoning: Cow<'a, str>,
    /// A refusal among the parts.
    pub(crate) refusal: Cow<'a, str>,
}

/// One part of a list.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
struct ContentPart<'a> {
    /// `text`, `output_text`, `thinking`, `refusal`; other types have no text.
    #[serde(rename = "type")]
    kind: Raw<'a>,
    /// Text.
    text: Raw<'a>,
    /// Mistral: reasoning as a string or as parts.
    thinking: Raw<'a>,
    /// OpenRouter: a summary of reasoning.
    summary: Raw<'a>,
    /// A refusal.
    refusal: Raw<'a>,
}

/// Reads a `content` member.
pub(crate) fn content(raw: Raw<'_>) -> ChatContent<'_> {
    content_at(raw, 0)
}

/// Reads a value that lies this deep within a `content` member.
fn content_at(raw: Raw<'_>, depth: u8) -> ChatContent<'_> {
    let mut found = ChatContent::default();
    if depth < DEEPEST {
        add(raw, depth, &mut found);
    }
    found
}

/// Reads OpenRouter's `reasoning_details`.
pub(crate) fn details(raw: Raw<'_>) -> Cow<'_, str> {
    let found = content(raw.filter(|raw| raw.get().starts_with('[')));
    joined(found.reasoning, found.text)
}

/// Adds the content of one value.
fn add<'a>(raw: Raw<'a>, depth: u8, found: &mut ChatContent<'a>) {
    let Some(json) = raw.map(serde_json::value::RawValue::get) else { return };
    match json.as_bytes().first() {
        Some(b'[') => {
            for item in serde_json::from_str::<Vec<Raw<'a>>>(json).unwrap_or_default() {
                let ChatContent { text, reasoning, refusal } = content_at(item, depth + 1);
                append(&mut found.text, text);
                append(&mut found.reasoning, reasoning);
                append(&mut found.refusal, refusal);
            }
        }
        Some(b'{') => match serde_json::from_str::<ContentPart<'a>>(json) {
            Ok(part) if part.kind.is_some() || part.text.is_some() => add_part(&part, depth, found),
            // An object that is no part is the answer itself, as JSON.
            _ => append(&mut found.text, Cow::Borrowed(json)),
        },
        _ => append(&mut found.text, text_of(raw).unwrap_or_default()),
    }
}

/// Adds the content of one part.
fn add_part<'a>(part: &ContentPart<'a>, depth: u8, found: &mut ChatContent<'a>) {
    let kind = text_of(part.kind).unwrap_or_default();
    match &*kind {
        "" | "text" | "output_text" => append(&mut found.text, text_of(part.text).unwrap_or_default()),
        "refusal" => append(&mut found.refusal, text_of(part.refusal).unwrap_or_default()),
        kind if kind == "thinking" || kind.starts_with("reasoning") => {
            let inner = content_at(part.thinking.or(part.text).or(part.summary), depth + 1);
            append(&mut found.reasoning, joined(inner.reasoning, inner.text));
        }
        _ => {}
    }
}

/// Two texts as one, copied only where neither is empty.
fn joined<'a>(mut first: Cow<'a, str>, second: Cow<'a, str>) -> Cow<'a, str> {
    append(&mut first, second);
    first
}

#[cfg(test)]
mod tests;
