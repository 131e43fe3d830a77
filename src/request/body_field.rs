//! The body fields that generation settings fill, and what each API and server calls them.

use serde_json::Value;

use super::dialect::Dialect;

/// A body field that a generation setting fills.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BodyField {
    /// Its path on chat, which is also the setting's name in model URIs, in `--print config` and in messages.
    pub(crate) name: &'static str,
    /// Its path on Responses, keys separated by dots; `None` where that API has no such field.
    pub(crate) responses: Option<&'static str>,
    /// Other names that servers have for it on chat.
    pub(crate) aliases: &'static [&'static str],
    /// True where it steers sampling or bounds the answer; some APIs refuse all such fields.
    pub(crate) is_sampling: bool,
    /// The flag that sets it, if one does.
    pub(crate) flag: Option<&'static str>,
}

/// What most fields have in common.
const SAMPLING: BodyField = BodyField { name: "", responses: None, aliases: &[], is_sampling: true, flag: None };

/// The token limit.
pub(crate) static MAX_TOKENS: BodyField = BodyField {
    name: "max_tokens",
    responses: Some("max_output_tokens"),
    aliases: &["max_completion_tokens"],
    flag: Some("--max-tokens"),
    ..SAMPLING
};
/// Sampling temperature.
pub(crate) static TEMPERATURE: BodyField =
    BodyField { name: "temperature", responses: Some("temperature"), flag: Some("--temperature"), ..SAMPLING };
/// Nucleus sampling.
pub(crate) static TOP_P: BodyField =
    BodyField { name: "top_p", responses: Some("top_p"), flag: Some("--top-p"), ..SAMPLING };
/// Sampling among the best k tokens.
pub(crate) static TOP_K: BodyField = BodyField { name: "top_k", responses: Some("top_k"), ..SAMPLING };
/// Stop sequences.
pub(crate) static STOP: BodyField = BodyField { name: "stop", flag: Some("--stop"), ..SAMPLING };
/// The seed.
pub(crate) static SEED: BodyField =
    BodyField { name: "seed", aliases: &["random_seed"], flag: Some("--seed"), ..SAMPLING };
/// Reasoning effort.
pub(crate) static REASONING_EFFORT: BodyField = BodyField {
    name: "reasoning_effort",
    responses: Some("reasoning.effort"),
    is_sampling: false,
    flag: Some("--effort"),
    ..SAMPLING
};
/// Verbosity.
pub(crate) static VERBOSITY: BodyField = BodyField {
    name: "verbosity",
    responses: Some("text.verbosity"),
    is_sampling: false,
    flag: Some("--verbosity"),
    ..SAMPLING
};

/// Every field, in the order they are sent.
pub(crate) static FIELDS: [&BodyField; 8] =
    [&MAX_TOKENS, &TEMPERATURE, &TOP_P, &TOP_K, &STOP, &SEED, &REASONING_EFFORT, &VERBOSITY];

impl BodyField {
    /// Its path under an API; `None` where the API has no such field.
    pub(crate) fn path(&self, dialect: Dialect) -> Option<&'static str> {
        match dialect {
            Dialect::Chat => Some(self.name),
            Dialect::Responses => self.responses,
            Dialect::Codex => self.responses.filter(|_| !self.is_sampling),
        }
    }

    /// Its paths under all APIs and at all servers.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &'static str> {
        [self.name].into_iter().chain(self.responses).chain(self.aliases.iter().copied())
    }
}

/// A server's own name for a body field, for one that it calls otherwise on chat: the usual name, the server's.
pub(crate) type Rename = (&'static str, &'static str);

/// Generation settings the user asked for; what is not in it is not sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sampling {
    /// The settings in the order they are sent, numbers spelled as typed.
    pub(crate) fields: Vec<(&'static BodyField, Value)>,
    /// Any other body fields in the order given: path of keys and value. Later ones win.
    pub(crate) extra: Vec<(Vec<String>, Value)>,
}

impl Sampling {
    /// Sets a setting in place of its former value.
    pub(crate) fn set(&mut self, field: &'static BodyField, value: Value) {
        let place = |field: &BodyField| FIELDS.iter().position(|known| *known == field);
        self.fields.retain(|(known, _)| *known != field);
        let before = self.fields.partition_point(|(known, _)| place(known) < place(field));
        self.fields.insert(before, (field, value));
    }

    /// The value of a setting, if it was asked for.
    pub(crate) fn get(&self, field: &BodyField) -> Option<&Value> {
        self.fields.iter().find(|(known, _)| *known == field).map(|(_, value)| value)
    }
}
