//! The APIs that lmpipe speaks.

use clap::ValueEnum;

/// The API spoken: decides path, body and events.
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

impl Dialect {
    /// Every dialect; of two with the same path the first is the one a URL ending in it means.
    pub(crate) const ALL: [Self; 3] = [Self::Chat, Self::Responses, Self::Codex];

    /// Its name in flags, variables, the config file and messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Responses => "responses",
            Self::Codex => "codex",
        }
    }
}
