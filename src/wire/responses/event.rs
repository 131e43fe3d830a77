//! The members of a Responses event or reply that are read. Any of them may be missing, null or of another type.

use std::borrow::Cow;

use serde::Deserialize;

use crate::wire::lenient::{Raw, is_truthy, some_text, text_of};

/// One event of a stream.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub(super) struct ResponsesEvent<'a> {
    /// `response.…` or `error`; missing where the object is something else.
    #[serde(rename = "type")]
    pub(super) kind: Raw<'a>,
    /// What is added to a text or to arguments.
    pub(super) delta: Raw<'a>,
    /// A whole text.
    pub(super) text: Raw<'a>,
    /// A whole refusal.
    pub(super) refusal: Raw<'a>,
    /// Whole arguments.
    pub(super) arguments: Raw<'a>,
    /// The whole input of a custom tool.
    pub(super) input: Raw<'a>,
    /// Which item of the output; llama.cpp leaves it out.
    pub(super) output_index: Raw<'a>,
    /// Which part of a message.
    pub(super) content_index: Raw<'a>,
    /// Which part of a summary of reasoning.
    pub(super) summary_index: Raw<'a>,
    /// The item's id; on GitHub Copilot it changes from event to event.
    pub(super) item_id: Raw<'a>,
    /// An item that begins or is done.
    pub(super) item: Raw<'a>,
    /// A part that is done.
    pub(super) part: Raw<'a>,
    /// The reply so far.
    pub(super) response: Raw<'a>,
    /// An error inside the stream.
    pub(super) error: Raw<'a>,
    /// `response` where the object is a whole reply, `error` where it is a flat error.
    pub(super) object: Raw<'a>,
    /// The choices of a chat completion, which is a reply of another API.
    pub(super) choices: Raw<'a>,
    /// FastAPI's error.
    pub(super) detail: Raw<'a>,
    /// A flat error's message.
    pub(super) message: Raw<'a>,
}

/// A whole reply: the body of one that is not streamed, or a member of the event that ends a stream.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub(super) struct ResponsesBody<'a> {
    /// `resp_…`.
    pub(super) id: Raw<'a>,
    /// The model that served.
    pub(super) model: Raw<'a>,
    /// `completed`, `incomplete`, `failed`, …
    pub(super) status: Raw<'a>,
    /// Why it failed.
    pub(super) error: Raw<'a>,
    /// Why it is incomplete.
    pub(super) incomplete_details: Option<IncompleteDetails<'a>>,
    /// The items.
    pub(super) output: Option<Vec<Option<OutputItem<'a>>>>,
    /// Tokens spent.
    pub(super) usage: Raw<'a>,
}

/// Why a reply is incomplete.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub(super) struct IncompleteDetails<'a> {
    /// `max_output_tokens` or `content_filter`.
    pub(super) reason: Raw<'a>,
}

/// One item of the output.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub(super) struct OutputItem<'a> {
    /// `message`, `reasoning`, `function_call`, `custom_tool_call`, and many more.
    #[serde(rename = "type")]
    pub(super) kind: Raw<'a>,
    /// The item's id.
    pub(super) id: Raw<'a>,
    /// The id a tool's result must name.
    pub(super) call_id: Raw<'a>,
    /// The tool's name.
    pub(super) name: Raw<'a>,
    /// The tool's arguments.
    pub(super) arguments: Raw<'a>,
    /// A custom tool's input.
    pub(super) input: Raw<'a>,
    /// `commentary` or `final_answer`.
    pub(super) phase: Raw<'a>,
    /// A message's or reasoning's parts.
    pub(super) content: Raw<'a>,
    /// The parts of a summary of reasoning.
    pub(super) summary: Raw<'a>,
}

/// One part of a message, of reasoning or of its summary.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub(super) struct OutputPart<'a> {
    /// `output_text`, `refusal`, `reasoning_text`, `summary_text`.
    #[serde(rename = "type")]
    pub(super) kind: Raw<'a>,
    /// Text.
    pub(super) text: Raw<'a>,
    /// A refusal.
    pub(super) refusal: Raw<'a>,
}

/// What the text of a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PartKind {
    /// The answer, or commentary.
    Text,
    /// A refusal.
    Refusal,
    /// Reasoning.
    Reasoning,
    /// A summary of reasoning.
    Summary,
}

/// The text of one part of an item.
pub(super) struct PartText<'a> {
    /// What it is.
    pub(super) kind: PartKind,
    /// Which part, counted within the item.
    pub(super) index: u64,
    /// The text.
    pub(super) text: Cow<'a, str>,
}

impl ResponsesEvent<'_> {
    /// True where the event is an error, in either of its shapes or in that of another API.
    pub(super) fn is_error(&self) -> bool {
        let named = |raw: Raw<'_>| raw.is_some_and(|raw| raw.get() == "\"error\"");
        let flat = self.kind.is_none() && self.object.is_none() && self.choices.is_none();
        let has_words = is_truthy(self.detail) || self.message.is_some_and(|raw| raw.get().starts_with('"'));
        is_truthy(self.error) || named(self.kind) || named(self.object) || flat && has_words
    }
}

impl<'a> OutputItem<'a> {
    /// The texts of the item's parts in order.
    pub(super) fn texts(&self) -> Vec<PartText<'a>> {
        let mut texts = Vec::new();
        let kind = text_of(self.kind).unwrap_or_default();
        let is_reasoning = kind == "reasoning";
        if is_reasoning || kind == "message" || kind.is_empty() {
            add(self.summary, PartKind::Summary, &mut texts);
            add(self.content, if is_reasoning { PartKind::Reasoning } else { PartKind::Text }, &mut texts);
        }
        texts
    }

    /// True where the item is a call that lmpipe passes on.
    pub(super) fn is_call(&self) -> bool {
        matches!(text_of(self.kind).as_deref(), Some("function_call" | "custom_tool_call"))
    }

    /// The id that a tool's result must name.
    pub(super) fn call_id(&self) -> Option<Cow<'a, str>> {
        some_text(self.call_id).or_else(|| some_text(self.id))
    }

    /// The call's arguments.
    pub(super) fn call_arguments(&self) -> Cow<'a, str> {
        text_of(self.arguments.or(self.input)).unwrap_or_default()
    }
}

impl<'a> OutputPart<'a> {
    /// The text of the part and what it is; `plain` is what plain text is in its item.
    pub(super) fn text(&self, plain: PartKind) -> (PartKind, Cow<'a, str>) {
        let refusal = text_of(self.kind).is_some_and(|kind| kind == "refusal");
        let kind = if refusal { PartKind::Refusal } else { plain };
        (kind, text_of(if refusal { self.refusal.or(self.text) } else { self.text }).unwrap_or_default())
    }
}

/// Adds the texts of a list of parts, or of a string in its place.
fn add<'a>(raw: Raw<'a>, plain: PartKind, texts: &mut Vec<PartText<'a>>) {
    let Some(json) = raw else { return };
    match serde_json::from_str::<Vec<Option<OutputPart<'a>>>>(json.get()) {
        Ok(parts) => {
            for (index, part) in (0..).zip(parts.iter().flatten()) {
                let (kind, text) = part.text(plain);
                texts.push(PartText { kind, index, text });
            }
        }
        Err(_) => texts.push(PartText { kind: plain, index: 0, text: text_of(raw).unwrap_or_default() }),
    }
}
