//! What the words on the command line mean: every setting with its value and where it came from.
//!
//! Pure: arguments, environment and the text of the config file are handed in, values come out. Nothing here reads
//! a file, a clock, a terminal or the process's own environment. Place in the flow: after `args`, before `input`.

pub(crate) mod base_url;
mod body_option;
pub(crate) mod config;
mod connection;
mod effective;
pub(crate) mod env;
mod flags;
mod generation;
mod headers;
mod key;
#[cfg(any(test, fuzzing))]
pub(crate) mod laws;
mod model;
mod network;
mod origin;
mod paths;
mod plan;
pub(crate) mod providers;
mod resolve;
mod rewrite;
pub(crate) mod route;
pub(crate) mod server;
pub(crate) mod show;
mod target;
#[cfg(test)]
mod tests;
mod values;

pub(crate) use self::effective::*;
pub(crate) use self::origin::{Origin, Setting};
pub(crate) use self::paths::config_path;
pub(crate) use self::resolve::{color, settle};
