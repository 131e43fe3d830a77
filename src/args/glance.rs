//! A first look at a command line that clap does not have to accept: which words are flags, values and prompt.
//!
//! It serves what must hold beside every mistake, and the values that clap has no word for.

use std::ffi::OsString;

use clap::{Arg, Command, ValueEnum};

use super::choices::choice;
use super::command::Topic;

/// The words of a command line and what each is.
pub(super) struct Glance<'a> {
    /// The words.
    words: &'a [OsString],
    /// The flags that exist, in their order.
    flags: Vec<Given<'a>>,
    /// The places of the prompt words.
    prompt: Vec<usize>,
}

/// A flag that was given.
struct Given<'a> {
    /// The flag.
    arg: &'a Arg,
    /// The place of its word.
    place: usize,
    /// How many bytes of its word belong to letters before it: `-q` in `-qm`.
    before: usize,
    /// Its value; `None` for a switch, and where the value is missing.
    value: Option<String>,
    /// True where the value is a word of its own.
    is_apart: bool,
}

impl<'a> Glance<'a> {
    /// Looks at every word.
    pub(super) fn new(command: &'a Command, words: &'a [OsString]) -> Self {
        let mut glance = Self { words, flags: Vec::new(), prompt: Vec::new() };
        let mut place = 0;
        while let Some(word) = words.get(place) {
            let word = word.to_string_lossy();
            if !is_flag(&word) {
                glance.prompt.push(place);
            } else if word == "--" {
                glance.prompt.extend(place + 1..words.len());
                break;
            } else if let Some(long) = word.strip_prefix("--") {
                let (name, value) = long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value)));
                if let Some(arg) = long_flag(command, name) {
                    glance.push(arg, place, 0, value);
                }
            } else {
                glance.letters(command, place, &word);
            }
            place += 1 + usize::from(glance.flags.last().is_some_and(|last| last.place == place && last.is_apart));
        }
        glance
    }

    /// Looks at the letters of one word; the first that takes a value takes the rest, or the next word.
    fn letters(&mut self, command: &'a Command, place: usize, word: &str) {
        for (at, letter) in word.char_indices().skip(1) {
            let Some(arg) = command.get_arguments().find(|arg| arg.get_short() == Some(letter)) else { return };
            let rest = &word[at + letter.len_utf8()..];
            let value = (!rest.is_empty()).then(|| rest.strip_prefix('=').unwrap_or(rest));
            let before = if at == 1 { 0 } else { at };
            self.push(arg, place, before, value);
            if arg.get_action().takes_values() {
                return;
            }
        }
    }

    /// Adds a flag with the value that came with it, or the next word where it needs one.
    fn push(&mut self, arg: &'a Arg, place: usize, before: usize, attached: Option<&str>) {
        let takes_value = arg.get_action().takes_values();
        if !takes_value && attached.is_some() {
            // A switch with a value is a mistake and switches nothing.
            return;
        }
        let next = self.words.get(place + 1).map(|word| word.to_string_lossy());
        let next = next.filter(|word| attached.is_none() && (arg.is_allow_hyphen_values_set() || !is_flag(word)));
        let is_apart = takes_value && next.is_some();
        let value = attached.map(str::to_owned).or(next.map(|word| word.into_owned())).filter(|_| takes_value);
        self.flags.push(Given { arg, place, before, value, is_apart });
    }

    /// Help or version, if one of them is asked for.
    pub(super) fn topic(&self) -> Option<Topic> {
        let is_given = |id: &str| self.flags.iter().any(|flag| flag.arg.get_id() == id);
        let is_long = |flag: &Given<'_>| flag.arg.get_id() == "help" && self.words[flag.place] == "--help";
        match () {
            () if self.flags.iter().any(is_long) => Some(Topic::Help),
            () if is_given("help") => Some(Topic::ShortHelp),
            () if is_given("version") => Some(Topic::Version),
            () => None,
        }
    }

    /// The last value of a flag that chooses from words.
    pub(super) fn choice<Choice: ValueEnum>(&self, id: &str) -> Option<Choice> {
        let values = self.flags.iter().rev().filter(|flag| flag.arg.get_id() == id);
        values.filter_map(|flag| choice(flag.value.as_deref()?)).next()
    }

    /// Whether a flag that takes a value was given without one.
    pub(super) fn lacks_value(&self, id: &str) -> bool {
        self.flags.iter().any(|flag| flag.arg.get_id() == id && flag.value.is_none())
    }

    /// The flag whose value is missing because this unknown flag stands in its place.
    pub(super) fn flag_before(&self, unknown: &str) -> Option<&'a Arg> {
        let stands_after = |flag: &&Given<'a>| {
            flag.value.is_none()
                && flag.arg.get_action().takes_values()
                && self.words.get(flag.place + 1).is_some_and(|word| word.to_string_lossy().starts_with(unknown))
        };
        self.flags.iter().find(stands_after).map(|flag| flag.arg)
    }

    /// The word after a flag whose value is missing.
    pub(super) fn word_instead_of_value(&self, id: &str) -> Option<String> {
        let flag = self.flags.iter().find(|flag| flag.arg.get_id() == id && flag.value.is_none())?;
        self.words.get(flag.place + 1).map(|word| word.to_string_lossy().into_owned())
    }

    /// The prompt words.
    pub(super) fn prompt(&self) -> Vec<String> {
        self.prompt.iter().map(|place| self.words[*place].to_string_lossy().into_owned()).collect()
    }

    /// The words without the choices and counts whose last value is empty, which means that they are not given.
    pub(super) fn without_unset(&self) -> Vec<OsString> {
        let mut words: Vec<Option<OsString>> = self.words.iter().cloned().map(Some).collect();
        for flag in self.flags.iter().rev() {
            let same = || self.flags.iter().filter(|other| other.arg.get_id() == flag.arg.get_id());
            if !is_unset_by_empty(flag.arg) || flag.value.as_deref() != Some("") {
                continue;
            }
            for given in same().take_while(|given| given.place <= flag.place) {
                let before = self.words[given.place].to_string_lossy()[..given.before].to_owned();
                words[given.place] = (given.before > 0).then(|| before.into());
                if given.is_apart {
                    words[given.place + 1] = None;
                }
            }
        }
        words.into_iter().flatten().collect()
    }

    /// The words with `-1` for the prompt words that are negative numbers, and with the values that are negative
    /// numbers attached to their flags; `None` where there are neither.
    pub(super) fn with_plain_numbers(&self) -> Option<Vec<OsString>> {
        let is_negative = |word: &OsString| word.as_encoded_bytes().starts_with(b"-") && word.len() > 1;
        let mut words: Vec<Option<OsString>> = self.words.iter().cloned().map(Some).collect();
        for place in self.prompt.iter().filter(|place| is_negative(&self.words[**place])) {
            words[*place] = Some("-1".into());
        }
        for Given { place, .. } in self.flags.iter().filter(|flag| flag.is_apart) {
            if let Some(value) = words[place + 1].take_if(|value| is_negative(value)) {
                let flag = words[*place].get_or_insert_default();
                flag.push("=");
                flag.push(value);
            }
        }
        let words: Vec<OsString> = words.into_iter().flatten().collect();
        (words != self.words).then_some(words)
    }
}

/// The flag of this long name.
fn long_flag<'a>(command: &'a Command, name: &str) -> Option<&'a Arg> {
    command.get_arguments().find(|arg| {
        arg.get_long() == Some(name) || arg.get_all_aliases().is_some_and(|aliases| aliases.contains(&name))
    })
}

/// True for a word that is no value and no prompt: it starts with `-`, is more than that, and is no number.
fn is_flag(word: &str) -> bool {
    word.len() > 1 && word.starts_with('-') && word.parse::<f64>().is_err()
}

/// True where an empty value counts as not given: settings that are one of a few words or a count. What the others do
/// with an empty text depends on what the text is for, and `--print ''` must not send.
fn is_unset_by_empty(arg: &Arg) -> bool {
    let is_task = arg.get_id() == "print" || arg.get_id() == "completions";
    let is_count = arg.get_value_names().is_some_and(|names| names == ["N"]);
    !is_task && arg.get_action().takes_values() && (is_count || !arg.get_possible_values().is_empty())
}
