//! What was typed: clap reads the command line into [`Args`], one struct for each heading of the help.
//!
//! No environment, no defaults, no I/O: `settings` decides what the words mean.

pub(crate) mod choices;
mod foreign;
mod generation;
mod glance;
mod input;
mod json;
mod mistake;
mod network;
mod output;
mod rules;
mod server;
mod tasks;
mod tools;

use std::ffi::{OsStr, OsString};
use std::mem::ManuallyDrop;

use clap::{Command, CommandFactory, FromArgMatches, Parser};

pub(crate) use self::choices::{Color, ErrorForm, Format, Print, ReplaySpeed, SchemaMode, Shell, Strict};
pub(crate) use self::generation::GenerationArgs;
use self::glance::Glance;
use crate::failure::Failure;

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
    pub(crate) generation: GenerationArgs,

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

/// Why a command line is not run.
#[derive(Debug)]
pub(crate) enum Stop {
    /// It asks for a text.
    Show(Topic),
    /// It is wrong.
    Mistake {
        /// What is wrong with it.
        failure: Box<Failure>,
        /// The form of the error, where the command line names one.
        errors: Option<ErrorForm>,
        /// When to use colour, where the command line says so.
        color: Option<Color>,
    },
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

/// Reads a command line without the program's name.
///
/// Help and version outrank every mistake, wherever they stand, and a mistake is shown in the form that `--errors` and
/// `--color` ask for.
///
/// # Errors
/// [`Stop::Show`] where a text is asked for, [`Stop::Mistake`] of kind usage for the first mistake.
pub(crate) fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Args, Stop> {
    let mut words: Vec<OsString> = words.into_iter().collect();
    if let [word] = words.as_slice()
        && let Some(topic) = only_topic(word)
    {
        return Err(Stop::Show(topic));
    }
    // Freeing the flags one by one costs as much as a tenth of a short run, which ends soon.
    let mut command = ManuallyDrop::new(command());
    if words.iter().any(|word| word.is_empty() || word.as_encoded_bytes().ends_with(b"=")) {
        words = Glance::new(&command, &words).without_unset();
    }
    let args = match read(&mut command, &words) {
        Ok(args) => args,
        Err(failure) => {
            let glance = Glance::new(&command, &words);
            return Err(match glance.topic() {
                Some(topic) => Stop::Show(topic),
                None => Stop::Mistake {
                    failure: Box::new(failure),
                    errors: glance.choice("errors"),
                    color: glance.choice("color"),
                },
            });
        }
    };
    let topic = match &args.tasks {
        tasks if tasks.help && words.iter().any(|word| word == "--help") => Some(Topic::Help),
        tasks if tasks.help => Some(Topic::ShortHelp),
        tasks if tasks.version => Some(Topic::Version),
        _ => None,
    };
    if let Some(topic) = topic {
        return Err(Stop::Show(topic));
    }
    if let Err(failure) = rules::check(&args) {
        let (errors, color) = (args.output.errors, args.output.color);
        return Err(Stop::Mistake { failure: Box::new(failure), errors, color });
    }
    match &args.tasks {
        tasks if tasks.man => Err(Stop::Show(Topic::Man)),
        tasks::TaskArgs { completions: Some(shell), .. } => Err(Stop::Show(Topic::Completions(*shell))),
        _ => Ok(args),
    }
}

/// The text that a command line of one word asks for, so that the flags need not be built for it.
fn only_topic(word: &OsStr) -> Option<Topic> {
    match word.to_str()? {
        "-h" => Some(Topic::ShortHelp),
        "--help" => Some(Topic::Help),
        "-V" | "--version" => Some(Topic::Version),
        _ => None,
    }
}

/// A flag's value; an empty one counts as not given.
pub(crate) fn set(value: Option<&String>) -> Option<&str> {
    value.map(String::as_str).filter(|value| !value.is_empty())
}

/// Has clap read the words.
///
/// # Errors
/// Usage, for the first mistake.
fn read(command: &mut Command, words: &[OsString]) -> Result<Args, Failure> {
    if let Some(place) = words.iter().position(|word| word.to_str().is_none()) {
        return Err(mistake::not_utf8(place + 1));
    }
    let read = |command: &mut Command, words: &[OsString]| {
        command.try_get_matches_from_mut(words).and_then(|mut matches| Args::from_arg_matches_mut(&mut matches))
    };
    let error = match read(command, words) {
        Ok(args) => return Ok(args),
        Err(error) => error,
    };
    // Numbers such as -.5 and -1e-3 are flags for clap: it is given others in their place.
    let glance = Glance::new(command, words);
    if let Some(masked) = glance.with_plain_numbers()
        && let Ok(mut args) = read(&mut command.clone(), &masked)
    {
        args.prompt = glance.prompt();
        return Ok(args);
    }
    Err(mistake::failure(&error, command, &glance))
}

#[cfg(test)]
impl Args {
    /// Reads words that are right.
    pub(crate) fn typed<W: AsRef<str>>(words: impl IntoIterator<Item = W>) -> Self {
        parse(words.into_iter().map(|word| word.as_ref().into())).expect("the words of a test are right")
    }
}

#[cfg(test)]
mod tests;
