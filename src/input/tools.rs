//! `--tools`: the tools offered to the model.
use crate::failure::Failure;
use crate::request::{Tool, ToolChoice};

/// The tools in the files of `--tools`, given as path and bytes.
pub(crate) fn parse(files: &[(String, Vec<u8>)]) -> Result<Vec<Tool>, Failure> {
    unimplemented!("{files:?}")
}

/// The meaning of `--tool-choice`.
pub(crate) fn parse_choice(word: &str, tools: &[Tool]) -> Result<ToolChoice, Failure> {
    unimplemented!("{word} {tools:?}")
}
