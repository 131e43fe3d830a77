//! The failure of a command line that clap refuses: what is wrong and what to type instead.
//!
//! Pure words. The value of an unknown flag is never quoted: it may be a key.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, Error};

use super::foreign::FOREIGN;
use super::glance::Glance;
use crate::closest::{closest, suggest};
use crate::failure::{Failure, shortened};

/// Most characters of a word that a message quotes.
const QUOTED: usize = 60;

/// The failure of what clap refused.
pub(super) fn failure(error: &Error, command: &Command, glance: &Glance<'_>) -> Failure {
    let named = text(error, ContextKind::InvalidArg);
    let arg = |name: &str| command.get_arguments().find(|arg| is_named(arg, name));
    match (error.kind(), arg(named)) {
        (ErrorKind::UnknownArgument, _) => match glance.flag_before(named) {
            Some(arg) => value_missing(arg, glance),
            None => unknown(named, command),
        },
        (ErrorKind::TooManyValues, Some(arg)) => {
            Failure::usage(long(arg), "takes no value").hint("leave out everything from the = on")
        }
        (ErrorKind::InvalidValue, Some(arg)) if glance.lacks_value(arg.get_id().as_str()) => value_missing(arg, glance),
        (ErrorKind::InvalidValue | ErrorKind::ValueValidation, Some(arg)) => {
            value_unfit(arg, text(error, ContextKind::InvalidValue))
        }
        (ErrorKind::ArgumentConflict, one) => excluded(one, arg(text(error, ContextKind::PriorArg)), command, glance),
        // What clap may refuse beside that: its first line says it.
        _ => Failure::usage(error.to_string().lines().next().unwrap_or_default(), ""),
    }
}

/// The first text of a context that clap gives with an error.
fn text(error: &Error, kind: ContextKind) -> &str {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text,
        Some(ContextValue::Strings(texts)) => texts.first().map_or("", String::as_str),
        _ => "",
    }
}

/// Whether clap's name for a flag, such as `--model <MODEL>`, is this one's.
fn is_named(arg: &Arg, name: &str) -> bool {
    let name = name.split([' ', '=']).next().unwrap_or_default();
    name.strip_prefix("--").is_some_and(|name| arg.get_long() == Some(name))
}

/// The long name as typed.
fn long(arg: &Arg) -> String {
    format!("--{}", arg.get_long().unwrap_or_default())
}

/// The long name as typed, and the value's name if it takes one: `--model MODEL`.
pub(super) fn usage(arg: &Arg) -> String {
    let value = arg.get_value_names().filter(|_| arg.get_action().takes_values()).and_then(<[_]>::first);
    value.map_or_else(|| long(arg), |value| format!("{} {value}", long(arg)))
}

/// A flag that lmpipe has not, named with its dashes.
fn unknown(typed: &str, command: &Command) -> Failure {
    let plain = typed.trim_start_matches('-').replace('_', "-");
    let (why, instead) = match FOREIGN.iter().find(|foreign| foreign.names.contains(&plain.as_str())) {
        Some(foreign) => (foreign.why, foreign.instead.to_owned()),
        None => ("", near(&plain, command).unwrap_or_else(no_idea)),
    };
    Failure::usage(format!("unknown flag '{}'", shortened(typed, QUOTED)), why).hint(instead)
}

/// The flag of lmpipe whose name is most like `plain`, as an offer.
fn near(plain: &str, command: &Command) -> Option<String> {
    let name = *closest(plain, command.get_arguments().filter_map(Arg::get_long)).first()?;
    let arg = command.get_arguments().find(|arg| arg.get_long() == Some(name))?;
    Some(format!("did you mean {}?", usage(arg)))
}

/// What to do about a flag that is like none.
fn no_idea() -> String {
    "lmpipe --help lists the flags; a prompt that starts with - goes after --".to_owned()
}

/// A flag that needs a value and got none, or a word that looks like another flag.
fn value_missing(arg: &Arg, glance: &Glance<'_>) -> Failure {
    match glance.word_instead_of_value(arg.get_id().as_str()) {
        Some(next) => Failure::usage(long(arg), format!("its value is missing before '{}'", shortened(&next, QUOTED)))
            .hint(format!("write {}=VALUE where the value starts with -", long(arg))),
        None => {
            let choices = choices(arg);
            let choices =
                if choices.is_empty() { choices.concat() } else { format!(", one of {}", choices.join(", ")) };
            Failure::usage(long(arg), "its value is missing").hint(format!("write {}{choices}", usage(arg)))
        }
    }
}

/// A value that a flag does not take.
fn value_unfit(arg: &Arg, value: &str) -> Failure {
    let what = format!("{} '{}'", long(arg), shortened(value, QUOTED));
    match choices(arg) {
        choices if choices.is_empty() => {
            Failure::usage(what, "not a whole number").hint(format!("write {}", usage(arg)))
        }
        choices => Failure::usage(what, "no such choice").hint(suggest(value, choices.iter().map(String::as_str))),
    }
}

/// The words that a flag chooses from; empty for any.
fn choices(arg: &Arg) -> Vec<String> {
    let values = if arg.get_action().takes_values() { arg.get_possible_values() } else { Vec::new() };
    values.iter().map(|value| value.get_name().to_owned()).collect()
}

/// A word of the command line, counted from 1, that is not UTF-8.
pub(super) fn not_utf8(place: usize) -> Failure {
    Failure::usage(format!("argument {place}"), "not UTF-8").hint("give text that is not UTF-8 on stdin, with --lossy")
}

/// Two flags that exclude each other, in the order of the help, or a flag that leaves no room for prompt words.
fn excluded(one: Option<&Arg>, other: Option<&Arg>, command: &Command, glance: &Glance<'_>) -> Failure {
    let flags =
        command.get_arguments().filter(|arg| [one, other].iter().flatten().any(|flag| flag.get_id() == arg.get_id()));
    let mut names: Vec<String> = flags.map(long).collect();
    if names.len() < 2 {
        let prompt = glance.prompt();
        names.push(format!("the prompt '{}'", shortened(prompt.first().map_or("", String::as_str), QUOTED)));
    }
    Failure::usage(names.join(" and "), "they exclude each other").hint("leave one of them out")
}
