//! The config file: TOML text in, known settings with their lines out.

use crate::failure::Failure;

/// What the config file says.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConfigFile {}

impl ConfigFile {
    /// Reads the text of the file at `path`.
    ///
    /// # Errors
    /// `Usage` with `path:line:column` for anything that is not a known setting of the right type.
    pub(crate) fn parse(text: &str, path: &str) -> Result<Self, Failure> {
        unimplemented!("{text} {path}")
    }
}
