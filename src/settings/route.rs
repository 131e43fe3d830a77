//! One way to a model, as it was settled: server, API, model, key source, headers and generation settings.

use std::path::PathBuf;

use super::generation::Generation;
use super::origin::Setting;
use crate::request::Dialect;
use crate::request::body_field::Rename;
use crate::secret::Secret;

/// How a key is presented to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyStyle {
    /// `Authorization: Bearer KEY`.
    Bearer,
    /// A header of its own, such as `api-key: KEY`.
    Header(&'static str),
}

/// A variable that holds a key, and how its key is presented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyVariable {
    /// The variable's name.
    pub(crate) name: String,
    /// How its key is presented.
    pub(crate) style: KeyStyle,
}

/// Where the key is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum KeySource {
    /// Nowhere: no key is sent, by `--no-key`, because a header of the user carries one, or to a local server.
    NotWanted,
    /// Nowhere: none is set and the server may do without.
    None,
    /// Variables that are set, in the order they are tried; never empty.
    Variables(Vec<KeyVariable>),
    /// A file (`-` is stdin).
    File(String),
    /// The output of a command.
    Command(String),
    /// The login file of `codex login`.
    CodexLogin(PathBuf),
    /// The server needs a key and none of these variables is set; never empty.
    Missing(Vec<String>),
}

/// One way to a model.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Route {
    /// Name of the provider: a preset or one from the config file.
    pub(crate) provider: Setting<String>,
    /// The API spoken.
    pub(crate) dialect: Setting<Dialect>,
    /// Base URL without a trailing slash, query kept; `None` looks for a local server.
    pub(crate) base_url: Option<Setting<String>>,
    /// The model; `None` asks the server for its only one.
    pub(crate) model: Option<Setting<String>>,
    /// Where the key is to be read.
    pub(crate) key: Setting<KeySource>,
    /// How a key from a file or command is presented.
    pub(crate) key_style: KeyStyle,
    /// Further headers, each name once.
    pub(crate) headers: Vec<(String, Setting<Secret>)>,
    /// Body fields that the server has names of its own for.
    pub(crate) renames: &'static [Rename],
    /// Whether the server takes `stream_options` on chat.
    pub(crate) stream_options: bool,
    /// Generation settings.
    pub(crate) generation: Generation,
}
