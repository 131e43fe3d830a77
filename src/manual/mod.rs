//! The texts about lmpipe that lmpipe carries: help, man page and completion scripts, embedded as they are committed.
//!
//! Except for the short help they are made from the flags, by a test that also compares them (`tests/artifacts`).

pub mod sources;

use crate::args::{Shell, Topic};

/// The text of a topic.
pub(crate) fn text(topic: Topic) -> &'static str {
    match topic {
        Topic::ShortHelp => include_str!("../../man/help-short.txt"),
        Topic::Help => include_str!("../../man/help.txt"),
        Topic::Version => concat!("lmpipe ", env!("CARGO_PKG_VERSION"), "\n"),
        Topic::Man => include_str!("../../man/lmpipe.1"),
        Topic::Completions(Shell::Bash) => include_str!("../../completions/lmpipe.bash"),
        Topic::Completions(Shell::Zsh) => include_str!("../../completions/_lmpipe"),
        Topic::Completions(Shell::Fish) => include_str!("../../completions/lmpipe.fish"),
        Topic::Completions(Shell::Powershell) => include_str!("../../completions/lmpipe.ps1"),
        Topic::Completions(Shell::Elvish) => include_str!("../../completions/lmpipe.elv"),
    }
}
