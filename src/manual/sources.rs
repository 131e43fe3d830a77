//! What the embedded texts and the tables of README and docs are made of. For the tests that make them; no public API.

use crate::failure::TABLE;
use crate::settings::providers::PRESETS;

pub use crate::schema::GRAMMAR;

/// A row of the exit table.
pub struct Exit {
    /// The process exit code.
    pub code: u8,
    /// What it means.
    pub meaning: &'static str,
    /// True where the same command may succeed later.
    pub retryable: bool,
}

/// A provider known by name.
pub struct Provider {
    /// The name after `-p`.
    pub name: &'static str,
    /// Base URL; empty where it is the user's own.
    pub base_url: &'static str,
    /// The environment variables of its key.
    pub keys: Vec<&'static str>,
}

/// The flags, in the order of the help.
#[must_use]
pub fn flags() -> clap::Command {
    crate::args::command()
}

/// The exit table, success first.
#[must_use]
pub fn exits() -> Vec<Exit> {
    let whole = "the answer is whole, and valid where validity was asked for";
    let failures = TABLE.iter().map(|row| Exit { code: row.exit, meaning: row.meaning, retryable: row.retryable });
    [Exit { code: 0, meaning: whole, retryable: false }].into_iter().chain(failures).collect()
}

/// The presets, in the order of the documents.
#[must_use]
pub fn providers() -> Vec<Provider> {
    let provider = |preset: &crate::settings::providers::Preset| Provider {
        name: preset.name,
        base_url: preset.base_url,
        keys: preset.keys.iter().map(|(name, _)| *name).collect(),
    };
    PRESETS.iter().map(provider).collect()
}
