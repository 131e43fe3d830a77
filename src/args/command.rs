//! The command line as clap knows it.

use clap::{Command, CommandFactory, Parser};

use super::choices::Shell;
use super::{generation, input, json, network, output, server, tasks, tools};

/// The command line. A flag given twice counts as it was given last, a list keeps every value.
#[derive(Debug, Default, Parser)]
#[command(
    name = "lmpipe",
    no_binary_name = true,
    args_override_self = true,
    disable_help_flag = true,
    disable_version_flag = true
)]
pub(crate) struct Args {
    /// Prompt words, joined by one space
    #[arg(value_name = "PROMPT", allow_negative_numbers = true)]
    pub(crate) prompt: Vec<String>,

    /// Heading "Input".
    #[command(flatten)]
    pub(crate) input: input::InputArgs,

    /// Heading "Server".
    #[command(flatten)]
    pub(crate) server: server::ServerArgs,

    /// Heading "Generation".
    #[command(flatten)]
    pub(crate) generation: generation::GenerationArgs,

    /// Heading "Output".
    #[command(flatten)]
    pub(crate) output: output::OutputArgs,

    /// Heading "JSON".
    #[command(flatten)]
    pub(crate) json: json::JsonArgs,

    /// Heading "Tools".
    #[command(flatten)]
    pub(crate) tools: tools::ToolArgs,

    /// Heading "Network".
    #[command(flatten)]
    pub(crate) network: network::NetworkArgs,

    /// Heading "Instead of a request".
    #[command(flatten)]
    pub(crate) tasks: tasks::TaskArgs,
}

/// A text that is printed instead of asking a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    /// A screenful of help.
    ShortHelp,
    /// Every flag.
    Help,
    /// Name and version.
    Version,
    /// The manual page.
    Man,
    /// A completion script.
    Completions(Shell),
}

/// The flags as clap knows them.
pub(crate) fn command() -> Command {
    Args::command().allow_negative_numbers(true)
}

/// A flag's value; an empty one counts as not given.
pub(crate) fn set(value: Option<&String>) -> Option<&str> {
    value.map(String::as_str).filter(|value| !value.is_empty())
}
