//! Writes the text of `--help`.

use clap::{Arg, ArgAction};
use lmpipe::sources::exits;

use super::topics::{ENVIRONMENT, SENTENCE, STDIN, USAGE};

/// The columns of the help: a terminal of the usual width.
const WIDTH: usize = 80;

/// The column in which explanations begin.
const EXPLANATION: usize = 30;

/// What `--help` prints.
pub fn help() -> String {
    let mut text = format!("{}\nUsage: {USAGE}\n", wrapped(SENTENCE, 0));
    for paragraph in STDIN {
        text += &format!("\n{}", wrapped(paragraph, 0));
    }
    for group in flags().chunk_by(|one, next| one.get_help_heading() == next.get_help_heading()) {
        text += &format!("\n{}:\n", group[0].get_help_heading().unwrap_or_default());
        for flag in group {
            text += &row(&names(flag), &explanation(flag).replace('`', ""), EXPLANATION);
        }
    }
    text += "\nEnvironment (a flag beats it; empty counts as unset):\n";
    for (name, meaning) in ENVIRONMENT {
        text += &row(&format!("  {name}"), meaning, EXPLANATION);
    }
    text += "\nExit status (* worth retrying):\n";
    for exit in exits() {
        let mark = if exit.retryable { "*" } else { "" };
        text += &row(&format!("  {:>3}{mark}", exit.code), exit.meaning, 8);
    }
    text
}

/// Every flag, in the order of the help.
pub fn flags() -> Vec<Arg> {
    lmpipe::sources::flags().get_arguments().filter(|arg| !arg.is_positional()).cloned().collect()
}

/// The paragraphs of a flag's comment: the first is the help, all of them the man page.
pub fn paragraphs(flag: &Arg) -> Vec<String> {
    let text = flag.get_long_help().or(flag.get_help()).map(ToString::to_string).unwrap_or_default();
    text.split("\n\n").map(|paragraph| paragraph.trim().to_owned()).collect()
}

/// The long name without dashes.
pub fn long(flag: &Arg) -> &str {
    flag.get_long().expect("every flag has a long name")
}

/// The name of the value; `None` for a switch.
pub fn value(flag: &Arg) -> Option<&str> {
    flag.get_value_names().filter(|_| flag.get_action().takes_values())?.first().map(|name| name.as_str())
}

/// The only words the flag takes; empty for any.
pub fn choices(flag: &Arg) -> Vec<String> {
    let values = if value(flag).is_some() { flag.get_possible_values() } else { Vec::new() };
    values.iter().map(|value| value.get_name().to_owned()).collect()
}

/// Whether every time it is given counts.
pub fn is_repeatable(flag: &Arg) -> bool {
    matches!(flag.get_action(), ArgAction::Append)
}

/// The long name as typed, and the value's name if it takes one: `--model MODEL`.
pub fn usage(flag: &Arg) -> String {
    value(flag).map_or_else(|| format!("--{}", long(flag)), |value| format!("--{} {value}", long(flag)))
}

/// The first paragraph of a flag, with what else is to be said about its value before the notes in brackets.
pub fn explanation(flag: &Arg) -> String {
    let first = paragraphs(flag).swap_remove(0);
    let (text, notes) = first.split_at(purpose(&first).len());
    let choices = choices(flag);
    match choices.is_empty() {
        true if is_repeatable(flag) => format!("{text} (repeatable){notes}"),
        true => first,
        false => format!("{text} ({}){notes}", choices.join(", ")),
    }
}

/// The text before its notes `[env: …]` and `[default: …]`.
pub fn purpose(text: &str) -> &str {
    let end = [" [env: ", " [default: "].iter().filter_map(|note| text.find(note)).min();
    &text[..end.unwrap_or(text.len())]
}

/// The names of a flag as the help shows them: `  -m, --model MODEL`.
fn names(flag: &Arg) -> String {
    let letter = flag.get_short().map_or("    ".to_owned(), |letter| format!("-{letter}, "));
    format!("  {letter}{}", usage(flag))
}

/// A name, and beside it from `column` on, or below where it is too long, what it means.
fn row(name: &str, meaning: &str, column: usize) -> String {
    if name.chars().count() + 2 > column {
        return format!("{name}\n{}", wrapped(meaning, column));
    }
    format!("{name}{}", &wrapped(meaning, column)[name.len()..])
}

/// The text in lines of at most [`WIDTH`], each after `indent` spaces; ends with a newline. Breaks no note in brackets
/// that fits into a line.
pub fn wrapped(text: &str, indent: usize) -> String {
    let mut lines = " ".repeat(indent);
    let mut used = indent;
    for word in words(text) {
        let length = word.chars().count();
        if used > indent && used + 1 + length > WIDTH {
            lines += &format!("\n{}", " ".repeat(indent));
            used = indent;
        } else if used > indent {
            lines.push(' ');
            used += 1;
        }
        lines += word;
        used += length;
    }
    lines + "\n"
}

/// The words of a text; a short note such as `[env: NO_COLOR]` is one word.
fn words(text: &str) -> Vec<&str> {
    /// The longest note kept whole.
    const NOTE: usize = 40;
    let mut words = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let note = if rest.starts_with('[') { rest.find(']').filter(|end| *end < NOTE) } else { None };
        let from = note.unwrap_or(0);
        let end = rest[from..].find(' ').map_or(rest.len(), |end| from + end);
        words.push(&rest[..end]);
        rest = rest[end..].trim_start();
    }
    words
}
