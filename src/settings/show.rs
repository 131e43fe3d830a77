//! The rows of `--print config`.

use super::Settings;

/// Every effective setting: name, value and origin; secrets never shown.
pub(crate) fn rows(settings: &Settings) -> Vec<(String, String, String)> {
    unimplemented!("{settings:?}")
}
