//! Where a setting came from, and how messages name it.

use std::fmt;
use std::rc::Rc;

use crate::failure::{Failure, shortened};

/// Where a setting came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A flag, by its long name with dashes.
    Flag(&'static str),
    /// The model URI: its provider or one of its parameters.
    Uri,
    /// An environment variable, by name.
    Variable(String),
    /// The config file.
    Config {
        /// The file as it was named.
        path: Rc<str>,
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
    },
    /// The preset of the provider.
    Preset,
    /// lmpipe itself.
    BuiltIn,
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) => write!(formatter, "from {name}"),
            Self::Uri => formatter.write_str("from the model URI"),
            Self::Variable(name) => write!(formatter, "from {name}"),
            Self::Config { path, line, column } => write!(formatter, "from {path}:{line}:{column}"),
            Self::Preset => formatter.write_str("from the preset"),
            Self::BuiltIn => formatter.write_str("built in"),
        }
    }
}

/// A value and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Setting<T> {
    /// The value.
    pub(crate) value: T,
    /// Where it came from.
    pub(crate) origin: Origin,
}

impl<T> Setting<T> {
    /// A value from `origin`.
    pub(crate) fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }

    /// The value made into another one, from the same place.
    pub(super) fn map<U>(self, make: impl FnOnce(T) -> U) -> Setting<U> {
        Setting { value: make(self.value), origin: self.origin }
    }
}

/// The usage failure of a value that makes no sense: `name 'value' (origin): why`. Long values are cut, control
/// characters escaped.
pub(super) fn rejected(name: &str, value: &str, origin: &Origin, why: impl Into<String>) -> Failure {
    /// Longest value quoted, in characters.
    const LONGEST: usize = 120;
    let mut shown = String::new();
    for letter in shortened(value, LONGEST).chars() {
        if letter.is_control() {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    Failure::usage(format!("{name} '{shown}' ({origin})"), why)
}
