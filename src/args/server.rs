//! Which server is asked, for which model, with which key.

use crate::request::Dialect;

/// The flags under the heading "Server" of the help.
#[derive(clap::Args, Debug, Default)]
#[command(next_help_heading = "Server")]
#[group(skip)]
pub(crate) struct ServerArgs {
    /// Model to ask, as `[PROVIDER:]MODEL[?KEY=VALUE&...]` [env: LMPIPE_MODEL]
    ///
    /// PROVIDER is one of the known providers and nothing else, so qwen2.5vl:7b and meta/llama-3:free stay
    /// whole. KEY is temperature, top_p, top_k, max_tokens, seed, reasoning_effort or verbosity. When no model
    /// is named, the only one the server lists is used.
    #[arg(short = 'm', long, value_name = "MODEL")]
    pub(crate) model: Option<String>,

    /// Base URL of the server [env: OPENAI_BASE_URL] [default: `https://api.openai.com/v1`]
    ///
    /// The path is kept as given and the endpoint appended once; a full URL ending in /chat/completions or
    /// /responses is understood, and a query is kept. Beats the URL of every provider.
    #[arg(short = 'b', long, value_name = "URL")]
    pub(crate) base_url: Option<String>,

    /// Provider, a preset or one from the config file [env: LMPIPE_PROVIDER] [default: openai]
    ///
    /// A provider brings its base URL, its key variable and its API. OPENAI_BASE_URL and OPENAI_API_KEY belong
    /// to the provider openai and never reach another one.
    #[arg(short = 'p', long, value_name = "NAME")]
    pub(crate) provider: Option<String>,

    /// API to speak [env: LMPIPE_API] [default: chat]
    ///
    /// codex is the Responses API under the login of `codex login`, which is read and never written.
    #[arg(long, value_name = "API")]
    pub(crate) api: Option<Dialect>,

    /// Read the key from a file
    #[arg(long, value_name = "FILE")]
    pub(crate) api_key_file: Option<String>,

    /// Run a command that prints the key
    #[arg(long, value_name = "CMD")]
    pub(crate) api_key_command: Option<String>,

    /// Take the key from another variable [default: the provider's own, such as OPENAI_API_KEY]
    #[arg(long, value_name = "NAME")]
    pub(crate) api_key_env: Option<String>,

    /// Send no key
    #[arg(long)]
    pub(crate) no_key: bool,

    /// Send the key even over plain http to a host that is not loopback
    #[arg(long)]
    pub(crate) allow_plain_http: bool,

    /// Add a request header, 'Name: value' [env: OPENAI_CUSTOM_HEADERS]
    #[arg(short = 'H', long, value_name = "HEADER")]
    pub(crate) header: Vec<String>,

    /// Config file [env: LMPIPE_CONFIG] [default: $XDG_CONFIG_HOME/lmpipe/config.toml]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<String>,

    /// Ask this model when the one before fails
    ///
    /// Tried in order when the model before fails with exit 3 to 7 before the first byte of its answer.
    #[arg(long, value_name = "MODEL")]
    pub(crate) fallback: Vec<String>,

    /// Leave the model name as it is, whatever `[rewrite]` in the config file says
    #[arg(long)]
    pub(crate) no_rewrite: bool,
}
