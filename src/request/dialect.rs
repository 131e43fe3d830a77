//! The APIs that lmpipe speaks.

use clap::ValueEnum;

/// The API of a server: decides path, body and events. Of two with the same path the first is the one that a URL ending
/// in it means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Dialect {
    /// `POST {base}/chat/completions`.
    #[default]
    Chat,
    /// `POST {base}/responses`.
    Responses,
    /// Responses with a ChatGPT login: always streamed, never stored.
    Codex,
}
