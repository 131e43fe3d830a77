//! The flags about the connection to a server.

use crate::args::{Args, set};
use crate::request::Dialect;

/// The flags about a server that apply to one route. They are meant for the first-choice server: a fallback model at
/// another provider must not get its key, its headers or its URL.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Connection<'a> {
    /// `--base-url`.
    pub(crate) base_url: Option<&'a str>,
    /// `--api`.
    pub(crate) api: Option<Dialect>,
    /// `--api-key-file`.
    pub(crate) key_file: Option<&'a str>,
    /// `--api-key-command`.
    pub(crate) key_command: Option<&'a str>,
    /// `--api-key-env`.
    pub(crate) key_env: Option<&'a str>,
    /// `--no-key`; holds everywhere.
    pub(crate) no_key: bool,
    /// `--header`.
    pub(crate) headers: &'a [String],
    /// True for the first-choice server; only there `LMPIPE_API` applies.
    pub(crate) is_asked_server: bool,
}

impl<'a> Connection<'a> {
    /// All flags, for the first-choice server.
    pub(super) fn asked(args: &'a Args) -> Self {
        Self {
            base_url: set(args.server.base_url.as_ref()),
            api: args.server.api,
            key_file: set(args.server.api_key_file.as_ref()),
            key_command: set(args.server.api_key_command.as_ref()),
            key_env: set(args.server.api_key_env.as_ref()),
            no_key: args.server.no_key,
            headers: &args.server.header,
            is_asked_server: true,
        }
    }

    /// The flags that apply to any other server.
    pub(super) fn elsewhere(args: &'a Args) -> Self {
        Self { no_key: args.server.no_key, ..Self::default() }
    }

    /// Whether a flag names a key.
    pub(super) fn names_key(&self) -> bool {
        self.key_file.is_some() || self.key_command.is_some() || self.key_env.is_some()
    }
}
