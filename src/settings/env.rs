//! The process environment as it was handed in. Knows no variable by name.

use std::ffi::{OsStr, OsString};

use crate::failure::Failure;

/// Variables by name; an empty one counts as unset.
#[derive(Clone, Debug, Default)]
pub(crate) struct Env(Vec<(OsString, OsString)>);

impl Env {
    /// An environment of these variables.
    pub(crate) fn new(variables: Vec<(OsString, OsString)>) -> Self {
        Self(variables)
    }

    /// The value of a variable that is set, not empty, and UTF-8.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.get_os(name)?.to_str()
    }

    /// The value of a variable that is set and not empty, whatever its bytes: for paths.
    pub(crate) fn get_os(&self, name: &str) -> Option<&OsStr> {
        let (_, value) = self.0.iter().find(|(key, _)| key == name)?;
        (!value.is_empty()).then_some(value)
    }

    /// The value of a variable that is set and not empty.
    ///
    /// # Errors
    /// `Usage` when it is not UTF-8.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, Failure> {
        match self.get_os(name) {
            None => Ok(None),
            Some(value) => value.to_str().map(Some).ok_or_else(|| Failure::usage(name, "the value is not UTF-8")),
        }
    }
}
