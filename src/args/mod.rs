//! What was typed: clap reads the command line into [`Args`], one struct for each heading of the help.
//!
//! No environment, no defaults, no I/O: `settings` decides what the words mean.

pub(crate) mod choices;
mod command;
mod foreign;
mod generation;
mod glance;
mod input;
mod json;
mod mistake;
mod network;
mod output;
mod parse;
mod rules;
mod server;
mod tasks;
mod tools;

pub(crate) use self::choices::{Color, ErrorForm, Format, Print, ReplaySpeed, SchemaMode, Shell, Strict};
pub(crate) use self::command::{Args, Topic, command, set};
pub(crate) use self::generation::GenerationArgs;
pub(crate) use self::parse::{Stop, parse};

#[cfg(test)]
mod tests;
