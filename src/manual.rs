//! The texts about lmpipe that lmpipe carries: help, man page and completion scripts, embedded as they are committed.
//!
//! Except for the short help they are generated from the flags; the test `artifacts` regenerates and compares them.

use crate::args::Shell;

/// What `-h` prints: a screenful, written by hand and checked against the flags.
pub(crate) const SHORT_HELP: &str = include_str!("../man/help-short.txt");

/// What `--help` prints.
pub(crate) const HELP: &str = include_str!("../man/help.txt");

/// The man page as roff.
pub(crate) fn man() -> &'static str {
    include_str!("../man/lmpipe.1")
}

/// The completion script of a shell.
pub(crate) fn completion(shell: Shell) -> &'static str {
    match shell {
        Shell::Bash => include_str!("../completions/lmpipe.bash"),
        Shell::Zsh => include_str!("../completions/_lmpipe"),
        Shell::Fish => include_str!("../completions/lmpipe.fish"),
        Shell::Powershell => include_str!("../completions/lmpipe.ps1"),
        Shell::Elvish => include_str!("../completions/lmpipe.elv"),
    }
}

#[cfg(test)]
mod artifacts;
#[cfg(test)]
mod completions;
#[cfg(test)]
mod help;
#[cfg(test)]
mod roff;
#[cfg(test)]
mod tables;
#[cfg(test)]
mod topics;
