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
mod tests {
    use super::*;

    fn read(json: &str) -> (String, String, String) {
        let found = content(serde_json::from_str(json).expect("test JSON parses"));
        (found.text.into_owned(), found.reasoning.into_owned(), found.refusal.into_owned())
    }

    fn told(text: &str, reasoning: &str, refusal: &str) -> (String, String, String) {
        (text.into(), reasoning.into(), refusal.into())
    }

    #[test]
    fn content_of_every_type_is_read() {
        let rows = [
            ("null", told("", "", "")),
            (r#""a""#, told("a", "", "")),
            ("7.50", told("7.50", "", "")),
            (r#"{"b":1.0,"a":2}"#, told(r#"{"b":1.0,"a":2}"#, "", "")),
            ("[]", told("", "", "")),
            (r#"["a",null,"b"]"#, told("ab", "", "")),
            (r#"[{"type":"text","text":"a"},{"type":"output_text","text":"b"}]"#, told("ab", "", "")),
            (r#"[{"text":"a"},{"type":"image_url","image_url":{}}]"#, told("a", "", "")),
            (r#"[{"type":"refusal","refusal":"no"}]"#, told("", "", "no")),
            (r#"{"type":"text","text":"a"}"#, told("a", "", "")),
        ];
        for (json, want) in rows {
            assert_eq!(read(json), want, "{json}");
        }
    }

    #[test]
    fn lists_within_lists_end_somewhere() {
        let deep = format!("[\"a\",{}{}]", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(read(&deep), told("a", "", ""));
        let part = r#"[{"type":"thinking","thinking":"#;
        let deep = format!("{}\"b\"{}", part.repeat(1000), "}]".repeat(1000));
        assert_eq!(read(&deep), told("", "", ""));
    }

    #[test]
    fn mistral_thinking_is_reasoning() {
        let json = r#"[{"type":"thinking","thinking":[{"type":"text","text":"hm"},{"type":"text","text":", yes"}]},
            {"type":"text","text":"4"}]"#;
        assert_eq!(read(json), told("4", "hm, yes", ""));
        assert_eq!(read(r#"[{"type":"thinking","thinking":"hm"}]"#), told("", "hm", ""));
    }

    #[test]
    fn openrouter_details_are_reasoning() {
        let json = r#"[{"type":"reasoning.summary","summary":"a"},{"type":"reasoning.text","text":"b"},
            {"type":"reasoning.encrypted","data":"xyz"}]"#;
        assert_eq!(details(serde_json::from_str(json).expect("test JSON parses")), "ab");
    }
}
