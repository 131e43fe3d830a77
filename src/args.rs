//! What was typed: the flags, and the one way from the words of a command line to [`Args`].
//!
//! No environment, no defaults, no I/O: `settings` decides what the words mean. The list of flags is data
//! (`flags`), read here, by the help, the man page and the completions. A parser of its own instead of a clap
//! command built on every run: 0.02 M instructions instead of 0.35 M of the 1.2 M a short request may cost.

mod choices;
mod flag;
mod flags;
mod mistake;

use std::ffi::OsString;
use std::iter::Peekable;

pub(crate) use choices::{Api, Color, Detail, ErrorForm, Format, Print, ReplaySpeed, SchemaMode, Shell, Strict};
pub(crate) use flag::Flag;
pub(crate) use flags::{Args, FLAGS};

use crate::failure::Failure;
use crate::manual;

/// Why a command line is not run: it asks for a text, or it is wrong.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Print this on stdout and end well: help, version, man page, a completion script.
    Text(&'static str),
    /// End with this failure; what was read of the command line says how it is told.
    Failure(Box<Failure>, Box<Args>),
}

/// What `--version` prints.
const VERSION: &str = concat!("lmpipe ", env!("CARGO_PKG_VERSION"), "\n");

/// Flags that are another name for one of ours, kept out of the help. Source: claude, codex.
const ALIASES: &[(&str, &str)] = &[("json-schema", "schema"), ("output-schema", "schema")];

/// Flags, by field, that exclude each other.
const EXCLUSIVE: &[(&str, &str)] = &[("system", "system_file"), ("schema", "json")];

/// Flags, by field, that leave no room for prompt words.
const WORDLESS: &[&str] = &["prompt_file", "response", "list_models", "probe"];

/// Flags, by field, that mean nothing without another.
const DEPENDENT: &[(&str, &str)] = &[
    ("schema_name", "schema"),
    ("each", "schema"),
    ("strict", "schema"),
    ("schema_mode", "schema"),
    ("repair", "schema"),
    ("lint_schema", "schema"),
    ("tool_choice", "tools"),
    ("no_parallel_tools", "tools"),
    ("replay_speed", "replay"),
];

/// Reads a command line, the program's name left out.
///
/// All of it is read before anything is judged, so help and version outrank every mistake, wherever they stand,
/// and a mistake is told in the form that `--errors` and `--color` ask for.
///
/// # Errors
/// [`Stop::Text`] where a text is asked for, [`Stop::Failure`] of kind usage for the first mistake.
pub(crate) fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Args, Stop> {
    let mut parser = Parser {
        words: words.into_iter().peekable(),
        place: 0,
        args: Args::default(),
        given: Vec::new(),
        at_length: false,
        mistake: None,
    };
    parser.read();
    parser.judge();
    let Parser { args, at_length, mistake, .. } = parser;
    match args {
        Args { help: true, .. } => Err(Stop::Text(if at_length { manual::HELP } else { manual::SHORT_HELP })),
        Args { version: true, .. } => Err(Stop::Text(VERSION)),
        args if let Some(failure) = mistake => Err(Stop::Failure(Box::new(failure), Box::new(args))),
        Args { man: true, .. } => Err(Stop::Text(manual::man())),
        Args { completions: Some(shell), .. } => Err(Stop::Text(manual::completion(shell))),
        args => Ok(args),
    }
}

/// A command line on its way into [`Args`].
struct Parser<Words: Iterator<Item = OsString>> {
    /// The words not read yet.
    words: Peekable<Words>,
    /// How many words were read.
    place: usize,
    /// What was read so far.
    args: Args,
    /// The flags that were given, in their order.
    given: Vec<&'static Flag>,
    /// True once help was asked for by its long name.
    at_length: bool,
    /// The first mistake.
    mistake: Option<Failure>,
}

impl<Words: Iterator<Item = OsString>> Parser<Words> {
    /// Reads every word.
    fn read(&mut self) {
        let mut flags_ended = false;
        while let Some(word) = self.next_if(|_| true) {
            if flags_ended || !is_flag(&word) {
                self.args.prompt.push(word);
            } else if word == "--" {
                flags_ended = true;
            } else if let Some(long) = word.strip_prefix("--") {
                self.read_long(long);
            } else {
                self.read_letters(&word[1..]);
            }
        }
    }

    /// Reads `name` or `name=value`.
    fn read_long(&mut self, long: &str) {
        let (name, value) = match long.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (long, None),
        };
        let own = ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, own)| own);
        match FLAGS.iter().find(|flag| flag.is_named(own)) {
            Some(flag) => {
                self.at_length |= flag.field == "help";
                self.fill(flag, value);
            }
            None => self.note(mistake::unknown("--", name)),
        }
    }

    /// Reads one letter after the other; the first that takes a value takes the rest, or the next word.
    fn read_letters(&mut self, letters: &str) {
        for (place, letter) in letters.char_indices() {
            let rest = &letters[place + letter.len_utf8()..];
            let Some(flag) = FLAGS.iter().find(|flag| flag.letter == Some(letter)) else {
                return self.note(mistake::unknown("-", &letters[place..place + letter.len_utf8()]));
            };
            let value = match flag.value {
                Some(_) if !rest.is_empty() => Some(rest.strip_prefix('=').unwrap_or(rest).to_owned()),
                _ => None,
            };
            self.fill(flag, value);
            if flag.value.is_some() {
                return;
            }
        }
    }

    /// Fills the field of a flag with the value that came with it, or the next word where it needs one.
    fn fill(&mut self, flag: &'static Flag, value: Option<String>) {
        let word = match (flag.value, value) {
            (None, None) => String::new(),
            (None, Some(_)) => return self.note(mistake::value_unwanted(flag)),
            (Some(_), Some(value)) => value,
            (Some(kind), None) => match self.next_if(|word| kind == "TEXT" || !is_flag(word)) {
                Some(word) => word,
                None => {
                    let next = self.words.peek().and_then(|word| word.to_str());
                    let failure = mistake::value_missing(flag, next);
                    return self.note(failure);
                }
            },
        };
        if word.is_empty() && flag.is_empty_unset() {
            // The flags that this one needs or excludes have nothing to say about it either.
            self.given.retain(|given| given.field != flag.field);
            (flag.fill)(&mut self.args, word);
            return;
        }
        let fits = flag.choices.is_empty() || flag.choices.contains(&word.as_str());
        if !fits || !(flag.fill)(&mut self.args, word.clone()) {
            return self.note(mistake::value_unfit(flag, &word));
        }
        match flag.field {
            "stream" => self.args.no_stream = false,
            "no_stream" => self.args.stream = false,
            _ => {}
        }
        self.given.push(flag);
    }

    /// Judges the flags beside each other.
    fn judge(&mut self) {
        for (one, other) in EXCLUSIVE {
            if let (Some(one), Some(other)) = (self.given(one), self.given(other)) {
                self.note(mistake::excluded(one, other));
            }
        }
        for (dependent, needed) in DEPENDENT {
            if let Some(flag) = self.given(dependent)
                && self.given(needed).is_none()
            {
                self.note(mistake::dependent(flag, needed));
            }
        }
        for alone in WORDLESS {
            if let (Some(flag), Some(word)) = (self.given(alone), self.args.prompt.first()) {
                let failure = mistake::wordless(flag, word);
                self.note(failure);
            }
        }
    }

    /// The flag of this field, if it was given.
    fn given(&self, field: &str) -> Option<&'static Flag> {
        self.given.iter().copied().find(|flag| flag.field == field)
    }

    /// The next word, if `wanted`. One that is not UTF-8 is noted and replaced.
    fn next_if(&mut self, wanted: impl Fn(&str) -> bool) -> Option<String> {
        let word = self.words.next_if(|word| wanted(&word.to_string_lossy()))?;
        self.place += 1;
        Some(word.into_string().unwrap_or_else(|word| {
            self.note(mistake::not_utf8(self.place));
            word.to_string_lossy().into_owned()
        }))
    }

    /// Keeps the mistake if it is the first.
    fn note(&mut self, failure: Failure) {
        self.mistake.get_or_insert(failure);
    }
}

/// True for a word that is no value and no prompt: it starts with `-`, is more than that, and is no number.
fn is_flag(word: &str) -> bool {
    word.len() > 1 && word.starts_with('-') && word.parse::<f64>().is_err()
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
