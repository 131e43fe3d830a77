//! The words that some flags choose from, one enum each: the only place where these words are written. No logic.

use clap::ValueEnum;

/// How much the model reasons. Source: the OpenAI API's `reasoning_effort`; which of them a model takes is the
/// server's matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Effort {
    /// Not at all.
    None,
    /// As little as the model can.
    Minimal,
    /// Little.
    Low,
    /// Some.
    Medium,
    /// Much.
    High,
    /// More than high.
    Xhigh,
    /// As much as the model can.
    Max,
}

/// How closely the model looks at images.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Detail {
    /// The model decides.
    Auto,
    /// Coarse.
    Low,
    /// Fine.
    High,
}

/// How wordy the answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Verbosity {
    /// Short.
    Low,
    /// Between the two.
    Medium,
    /// Long.
    High,
}

/// When colour and decoration are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On terminals that want it.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What stdout holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// The answer.
    Text,
    /// One envelope object.
    Json,
    /// The same facts as JSON Lines while they arrive.
    Events,
}

/// The form errors take on stderr.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ErrorForm {
    /// One line for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// What `--print` shows instead of sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Print {
    /// The request body.
    Request,
    /// A curl command.
    Curl,
    /// One line for batch engines.
    Batch,
    /// Every setting and its origin.
    Config,
}

/// When schemas are sent for strict enforcement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Strict {
    /// Where the schema can be expressed.
    Auto,
    /// Always; a schema that cannot be expressed is an error.
    Always,
    /// Never.
    Never,
}

/// The form in which a server is asked for a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum SchemaMode {
    /// `json_schema`.
    JsonSchema,
    /// `json_object`, the schema in the prompt.
    JsonObject,
    /// The prompt alone.
    Prompt,
}

/// The pace of a replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReplaySpeed {
    /// As fast as the server was.
    Real,
    /// As fast as it goes.
    Instant,
}

/// The shells completions are made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shell {
    /// bash
    Bash,
    /// zsh
    Zsh,
    /// fish
    Fish,
    /// PowerShell
    Powershell,
    /// elvish
    Elvish,
}

/// The word of a choice, as it is typed.
pub(crate) fn word(choice: impl ValueEnum) -> String {
    choice.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}

/// The words of a choice, in the order of its variants.
pub(crate) fn words<Choice: ValueEnum>() -> Vec<String> {
    Choice::value_variants().iter().map(|choice| word(choice.clone())).collect()
}

/// The choice of a word; `None` if it is not one of them.
pub(crate) fn choice<Choice: ValueEnum>(word: &str) -> Option<Choice> {
    Choice::from_str(word, false).ok()
}
