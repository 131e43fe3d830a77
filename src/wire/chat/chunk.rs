//! The members of a chat reply that are read. Any of them may be missing, null or of another type.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};

use crate::wire::lenient::{Raw, count, is_truthy};

/// A chunk of a stream or a whole reply: both have the same members, and some servers mix them up.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub(super) struct ChatChunk<'a> {
    /// `chatcmpl-…`.
    pub(super) id: Raw<'a>,
    /// The model that serves.
    pub(super) model: Raw<'a>,
    /// The answers; missing or null on errors and keep-alives.
    pub(super) choices: Option<ChatChoices<'a>>,
    /// Tokens spent.
    pub(super) usage: Raw<'a>,
    /// Groq: a second place for usage and errors.
    pub(super) x_groq: Option<Groq<'a>>,
    /// An error, unless falsy.
    pub(super) error: Raw<'a>,
    /// `chat.completion`, `chat.completion.chunk` or `error`.
    pub(super) object: Raw<'a>,
    /// `error`, or the event type of another API.
    #[serde(rename = "type")]
    pub(super) kind: Raw<'a>,
    /// FastAPI's error.
    pub(super) detail: Raw<'a>,
    /// A flat error's message.
    pub(super) message: Raw<'a>,
}

/// Groq's own member.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub(super) struct Groq<'a> {
    /// Tokens spent.
    pub(super) usage: Raw<'a>,
    /// An error.
    pub(super) error: Raw<'a>,
}

/// A list of choices that allocates from the second choice on.
#[derive(Default)]
pub(super) struct ChatChoices<'a> {
    /// The first of the list.
    pub(super) first: Option<ChatChoice<'a>>,
    /// The others.
    pub(super) rest: Vec<ChatChoice<'a>>,
}

/// One answer, or a piece of one.
#[derive(Default, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub(super) struct ChatChoice<'a> {
    /// Which of several answers.
    pub(super) index: Raw<'a>,
    /// What a chunk adds.
    pub(super) delta: Option<ChatMessage<'a>>,
    /// The message of a whole reply.
    pub(super) message: Option<ChatMessage<'a>>,
    /// Why the model stopped.
    pub(super) finish_reason: Raw<'a>,
    /// Moonshot: a third place for usage.
    pub(super) usage: Raw<'a>,
    /// OpenRouter: an error of this choice.
    pub(super) error: Raw<'a>,
}

/// A message, or what a chunk adds to it.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub(super) struct ChatMessage<'a> {
    /// Text, or a list of parts.
    pub(super) content: Raw<'a>,
    /// Text of a refusal.
    pub(super) refusal: Raw<'a>,
    /// Reasoning at llama.cpp, DeepSeek, xAI.
    pub(super) reasoning_content: Raw<'a>,
    /// Reasoning at vLLM, Ollama, OpenRouter, Groq.
    pub(super) reasoning: Raw<'a>,
    /// Reasoning at OpenRouter, as a list of parts.
    pub(super) reasoning_details: Raw<'a>,
    /// A list of calls or of their fragments.
    pub(super) tool_calls: Raw<'a>,
    /// The one call of the deprecated form.
    pub(super) function_call: Raw<'a>,
}

/// One entry of `tool_calls`.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub(super) struct ToolCallEntry<'a> {
    /// Missing or null on some servers, from 1 on others.
    pub(super) index: Raw<'a>,
    /// On the first fragment, or on all.
    pub(super) id: Raw<'a>,
    /// A function's name and arguments.
    pub(super) function: Option<CalledTool<'a>>,
    /// A custom tool's name and input.
    pub(super) custom: Option<CalledTool<'a>>,
}

/// A tool and what it is called with.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub(super) struct CalledTool<'a> {
    /// The tool's name.
    pub(super) name: Raw<'a>,
    /// JSON as a string, or as it is.
    pub(super) arguments: Raw<'a>,
    /// A custom tool's input.
    pub(super) input: Raw<'a>,
}

impl ChatChunk<'_> {
    /// True where there is an error in any of the places where servers put it.
    pub(super) fn is_error(&self) -> bool {
        let named = |raw: Raw<'_>| raw.is_some_and(|raw| raw.get() == "\"error\"");
        let flat = self.choices.is_none()
            && (is_truthy(self.detail)
                || self.message.is_some_and(|raw| raw.get().len() > 2 && raw.get().starts_with('"')));
        is_truthy(self.error)
            || self.x_groq.as_ref().is_some_and(|groq| is_truthy(groq.error))
            || self.choices.as_ref().is_some_and(|choices| choices.iter().any(|choice| is_truthy(choice.error)))
            || named(self.object)
            || named(self.kind)
            || flat
    }

    /// True where the object belongs to the Responses API.
    pub(super) fn is_of_responses(&self) -> bool {
        let begins = |raw: Raw<'_>| raw.is_some_and(|raw| raw.get().starts_with("\"response"));
        begins(self.kind) || begins(self.object)
    }
}

impl<'a> ChatChoices<'a> {
    /// The choices in the order sent.
    pub(super) fn iter(&self) -> impl Iterator<Item = &ChatChoice<'a>> {
        self.first.iter().chain(&self.rest)
    }

    /// Their indices: the one given, else the place in the list.
    pub(super) fn indices(&self) -> impl Iterator<Item = u64> {
        (0..).zip(self.iter()).map(|(place, choice)| count(choice.index).unwrap_or(place))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for ChatChoices<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// Collects the list.
        struct ChoicesVisitor;
        impl<'de> Visitor<'de> for ChoicesVisitor {
            type Value = ChatChoices<'de>;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a list of choices")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut choices = ChatChoices::default();
                while let Some(choice) = list.next_element::<Option<ChatChoice<'de>>>()? {
                    let Some(choice) = choice else { continue };
                    if choices.first.is_none() {
                        choices.first = Some(choice);
                    } else {
                        choices.rest.push(choice);
                    }
                }
                Ok(choices)
            }
        }
        deserializer.deserialize_seq(ChoicesVisitor)
    }
}
