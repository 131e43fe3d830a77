//! From the words of a command line to [`Args`], to a text that is asked for, or to a mistake.

use std::ffi::{OsStr, OsString};
use std::mem::ManuallyDrop;

use clap::{Command, FromArgMatches};

use super::choices::{Color, ErrorForm};
use super::command::{Args, Topic, command};
use super::glance::Glance;
use super::{mistake, rules, tasks};
use crate::failure::Failure;

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
    let mistake =
        |failure| Stop::Mistake { failure: Box::new(failure), errors: args.output.errors, color: args.output.color };
    rules::check_dependent(&args).map_err(mistake)?;
    match &args.tasks {
        tasks if tasks.man => return Err(Stop::Show(Topic::Man)),
        tasks::TaskArgs { completions: Some(shell), .. } => return Err(Stop::Show(Topic::Completions(*shell))),
        _ => {}
    }
    rules::check(&args).map_err(mistake)?;
    Ok(args)
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
