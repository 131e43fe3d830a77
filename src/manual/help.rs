//! Writes the text of `--help`.

use super::topics::{ENVIRONMENT, SENTENCE, STDIN, USAGE, exits};
use crate::args::{FLAGS, Flag};

/// The columns of the help: a terminal of the usual width.
const WIDTH: usize = 80;

/// The column in which explanations begin.
const EXPLANATION: usize = 30;

/// What `--help` prints.
pub(super) fn help() -> String {
    let mut text = format!("{}\nUsage: {USAGE}\n", wrapped(SENTENCE, 0));
    for paragraph in STDIN {
        text += &format!("\n{}", wrapped(paragraph, 0));
    }
    for group in FLAGS.chunk_by(|one, next| one.group == next.group) {
        text += &format!("\n{}:\n", group[0].group);
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

/// The paragraphs of a flag's comment.
pub(super) fn paragraphs(flag: &Flag) -> Vec<String> {
    flag.docs
        .split(|line| line.is_empty())
        .map(|lines| lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" "))
        .collect()
}

/// The first paragraph of a flag, with what else is to be said about its value before the notes in brackets.
pub(super) fn explanation(flag: &Flag) -> String {
    let first = paragraphs(flag).swap_remove(0);
    let (text, notes) = first.split_at(purpose(&first).len());
    match flag.choices {
        [] if flag.repeatable => format!("{text} (repeatable){notes}"),
        [] => first,
        choices => format!("{text} ({}){notes}", choices.join(", ")),
    }
}

/// The text before its notes `[env: …]` and `[default: …]`.
pub(super) fn purpose(text: &str) -> &str {
    let end = [" [env: ", " [default: "].iter().filter_map(|note| text.find(note)).min();
    &text[..end.unwrap_or(text.len())]
}

/// The names of a flag as the help shows them: `  -m, --model MODEL`.
fn names(flag: &Flag) -> String {
    let letter = flag.letter.map_or("    ".to_owned(), |letter| format!("-{letter}, "));
    format!("  {letter}{}", flag.usage())
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
pub(super) fn wrapped(text: &str, indent: usize) -> String {
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
