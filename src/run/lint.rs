//! `--lint-schema`: what strict mode rejects in a schema, offline.

use crate::failure::Failure;
use crate::input::stdin::Stdin;
use crate::output::Output;
use crate::settings::Settings;

/// x
pub(crate) fn lint(_settings: &Settings, _stdin: &mut Stdin, _output: &mut Output) -> Result<(), Failure> {
    Err(Failure::usage("lint", ""))
}
