//! What was typed: the one clap command behind parsing, help, man page and completions.
//!
//! No environment, no defaults, no I/O: `settings` decides what the words mean.

use clap::{ArgAction, Parser, ValueEnum};

/// When colour and decoration are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On terminals that want it.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What stdout holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// The answer.
    Text,
    /// One envelope object.
    Json,
    /// The same facts as JSON Lines while they arrive.
    Events,
}

/// The form errors take on stderr.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ErrorForm {
    /// One line for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// The API spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Api {
    /// Chat completions.
    Chat,
    /// Responses.
    Responses,
    /// Responses with a ChatGPT login.
    Codex,
}

/// What `--print` shows instead of sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Print {
    /// The request body.
    Request,
    /// A curl command.
    Curl,
    /// Every setting and its origin.
    Config,
}

/// When schemas are sent for strict enforcement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Strict {
    /// Where the schema can be expressed.
    Auto,
    /// Always; a schema that cannot be expressed is an error.
    Always,
    /// Never.
    Never,
}

/// The form in which a server is asked for a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaMode {
    /// `json_schema`.
    JsonSchema,
    /// `json_object`, the schema in the prompt.
    JsonObject,
    /// The prompt alone.
    Prompt,
}

/// How closely the model looks at images.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Detail {
    /// The model decides.
    Auto,
    /// Coarse.
    Low,
    /// Fine.
    High,
}

/// The shells completions are made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shell {
    /// bash
    Bash,
    /// zsh
    Zsh,
    /// fish
    Fish,
    /// PowerShell
    Powershell,
    /// elvish
    Elvish,
}

/// The command line, word for word.
#[derive(Debug, Default, Parser)]
#[command(name = "lmpipe", version, about, disable_help_subcommand = true, args_override_self = true)]
pub(crate) struct Args {
    /// Prompt words, joined by one space
    #[arg(value_name = "PROMPT")]
    pub(crate) prompt: Vec<String>,

    // ---- Input
    /// Leave stdin alone
    #[arg(short = 'n', long, help_heading = "Input")]
    pub(crate) no_stdin: bool,
    /// System text
    #[arg(short, long, value_name = "TEXT", help_heading = "Input", conflicts_with = "system_file")]
    pub(crate) system: Option<String>,
    /// System text from a file
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) system_file: Option<String>,
    /// Prompt from a file
    #[arg(long, value_name = "FILE", help_heading = "Input", conflicts_with = "prompt")]
    pub(crate) prompt_file: Option<String>,
    /// Replace bytes that are not UTF-8 by U+FFFD instead of failing
    #[arg(long, help_heading = "Input")]
    pub(crate) lossy: bool,
    /// Image file, URL, data: URL or - for stdin
    #[arg(short, long, value_name = "SRC", help_heading = "Input")]
    pub(crate) image: Vec<String>,
    /// How closely the model looks at images
    #[arg(long, value_enum, value_name = "DETAIL", help_heading = "Input")]
    pub(crate) image_detail: Option<Detail>,
    /// File to attach: image, PDF, WAV, MP3 or UTF-8 text
    #[arg(short, long, value_name = "SRC", help_heading = "Input")]
    pub(crate) attach: Vec<String>,
    /// Chat history as JSON; the prompt becomes the next user message
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) messages: Option<String>,
    /// Write the history with the new answer
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) save_messages: Option<String>,

    // ---- Server
    /// Model, as [PROVIDER:]MODEL[?key=value&…]
    #[arg(short, long, value_name = "MODEL", help_heading = "Server")]
    pub(crate) model: Option<String>,
    /// Base URL of the server
    #[arg(short, long, value_name = "URL", help_heading = "Server")]
    pub(crate) base_url: Option<String>,
    /// Provider: a preset or one from the config file
    #[arg(short, long, value_name = "NAME", help_heading = "Server")]
    pub(crate) provider: Option<String>,
    /// API to speak
    #[arg(long, value_enum, value_name = "API", help_heading = "Server")]
    pub(crate) api: Option<Api>,
    /// Read the key from a file
    #[arg(long, value_name = "FILE", help_heading = "Server")]
    pub(crate) api_key_file: Option<String>,
    /// Run a command for the key
    #[arg(long, value_name = "CMD", help_heading = "Server")]
    pub(crate) api_key_command: Option<String>,
    /// Name of the variable that holds the key
    #[arg(long, value_name = "NAME", help_heading = "Server")]
    pub(crate) api_key_env: Option<String>,
    /// Send no key
    #[arg(long, help_heading = "Server")]
    pub(crate) no_key: bool,
    /// Send the key over plain http to a host that is not loopback
    #[arg(long, help_heading = "Server")]
    pub(crate) allow_plain_http: bool,
    /// Further request header
    #[arg(short = 'H', long, value_name = "NAME: VALUE", help_heading = "Server")]
    pub(crate) header: Vec<String>,
    /// Config file
    #[arg(long, value_name = "FILE", help_heading = "Server")]
    pub(crate) config: Option<String>,
    /// Model in reserve, tried when the one before fails
    #[arg(long, value_name = "MODEL", help_heading = "Server")]
    pub(crate) fallback: Vec<String>,
    /// Leave the model name as it is
    #[arg(long, help_heading = "Server")]
    pub(crate) no_rewrite: bool,

    // ---- Generation
    /// Sampling temperature
    #[arg(short, long, value_name = "NUMBER", help_heading = "Generation", allow_negative_numbers = true)]
    pub(crate) temperature: Option<String>,
    /// Nucleus sampling
    #[arg(long, value_name = "NUMBER", help_heading = "Generation", allow_negative_numbers = true)]
    pub(crate) top_p: Option<String>,
    /// Token limit of the answer
    #[arg(long, value_name = "N", help_heading = "Generation", allow_negative_numbers = true)]
    pub(crate) max_tokens: Option<String>,
    /// Stop sequence
    #[arg(long, value_name = "TEXT", help_heading = "Generation", allow_hyphen_values = true)]
    pub(crate) stop: Vec<String>,
    /// Seed
    #[arg(long, value_name = "N", help_heading = "Generation", allow_negative_numbers = true)]
    pub(crate) seed: Option<String>,
    /// Reasoning effort
    #[arg(short, long, value_name = "EFFORT", help_heading = "Generation",
        value_parser = ["none", "minimal", "low", "medium", "high", "xhigh", "max"])]
    pub(crate) effort: Option<String>,
    /// Verbosity of the answer
    #[arg(long, value_name = "LEVEL", help_heading = "Generation", value_parser = ["low", "medium", "high"])]
    pub(crate) verbosity: Option<String>,
    /// Any other body field; VALUE is JSON if it parses, else a string; a.b=1 nests
    #[arg(short, long, value_name = "KEY=VALUE", help_heading = "Generation")]
    pub(crate) option: Vec<String>,
    /// Never change the request after a refusal
    #[arg(long, help_heading = "Generation")]
    pub(crate) no_adapt: bool,

    // ---- Output
    /// Stream the answer
    #[arg(long, help_heading = "Output", overrides_with = "no_stream")]
    pub(crate) stream: bool,
    /// Print the answer when it is whole
    #[arg(long, help_heading = "Output", overrides_with = "stream")]
    pub(crate) no_stream: bool,
    /// What stdout holds
    #[arg(short = 'O', long, value_enum, value_name = "FORMAT", help_heading = "Output")]
    pub(crate) output: Option<Format>,
    /// Print the first fenced code block only
    #[arg(short = 'x', long, help_heading = "Output")]
    pub(crate) extract: bool,
    /// Print the reasoning on stderr
    #[arg(short, long, help_heading = "Output")]
    pub(crate) reasoning: bool,
    /// Print token usage on stderr
    #[arg(short, long, help_heading = "Output")]
    pub(crate) usage: bool,
    /// Print request line, timings, request id and rate limits on stderr
    #[arg(short, long, help_heading = "Output")]
    pub(crate) verbose: bool,
    /// No notices
    #[arg(short, long, help_heading = "Output")]
    pub(crate) quiet: bool,
    /// Write the facts of the run to a file
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) meta: Option<String>,
    /// Form of errors
    #[arg(long, value_enum, value_name = "FORM", help_heading = "Output")]
    pub(crate) errors: Option<ErrorForm>,
    /// Colour
    #[arg(long, value_enum, value_name = "WHEN", help_heading = "Output")]
    pub(crate) color: Option<Color>,

    // ---- JSON
    /// JSON schema the answer must satisfy: file, inline JSON, - or the short form
    #[arg(short = 'S', long, value_name = "SRC", help_heading = "JSON",
        aliases = ["json-schema", "output-schema"])]
    pub(crate) schema: Option<String>,
    /// Name of the schema on the wire
    #[arg(long, value_name = "NAME", help_heading = "JSON", requires = "schema")]
    pub(crate) schema_name: Option<String>,
    /// SRC describes one item; print finished items as JSON Lines
    #[arg(long, help_heading = "JSON", requires = "schema")]
    pub(crate) each: bool,
    /// Any one JSON document
    #[arg(long, help_heading = "JSON", conflicts_with = "schema")]
    pub(crate) json: bool,
    /// When a schema is sent for strict enforcement
    #[arg(long, value_enum, value_name = "WHEN", help_heading = "JSON", requires = "schema")]
    pub(crate) strict: Option<Strict>,
    /// Form in which the schema is sent
    #[arg(long, value_enum, value_name = "MODE", help_heading = "JSON", requires = "schema")]
    pub(crate) schema_mode: Option<SchemaMode>,
    /// Send violations back and ask again, at most N times
    #[arg(long, value_name = "N", help_heading = "JSON", requires = "schema")]
    pub(crate) repair: Option<u32>,
    /// Say what strict mode rejects in the schema, and print the rewritten one
    #[arg(long, help_heading = "JSON", requires = "schema")]
    pub(crate) lint_schema: bool,

    // ---- Tools
    /// Tools the model may call, as JSON
    #[arg(long, value_name = "FILE", help_heading = "Tools")]
    pub(crate) tools: Vec<String>,
    /// Which tools the model must or may call: auto, none, required or a name
    #[arg(long, value_name = "CHOICE", help_heading = "Tools", requires = "tools")]
    pub(crate) tool_choice: Option<String>,
    /// One tool call at most
    #[arg(long, help_heading = "Tools", requires = "tools")]
    pub(crate) no_parallel_tools: bool,

    // ---- Network
    /// Further tries after a passing failure
    #[arg(long, value_name = "N", help_heading = "Network")]
    pub(crate) retries: Option<u32>,
    /// Time for resolving, connecting and TLS
    #[arg(long, value_name = "SECONDS", help_heading = "Network")]
    pub(crate) connect_timeout: Option<String>,
    /// Longest silence of the server
    #[arg(long, value_name = "SECONDS", help_heading = "Network")]
    pub(crate) timeout: Option<String>,
    /// Time for the whole run
    #[arg(long, value_name = "SECONDS", help_heading = "Network")]
    pub(crate) max_time: Option<String>,
    /// Longest whole reply or single event
    #[arg(long, value_name = "SIZE", help_heading = "Network")]
    pub(crate) max_reply: Option<String>,
    /// Proxy for every host
    #[arg(long, value_name = "URL", help_heading = "Network")]
    pub(crate) proxy: Option<String>,
    /// Certificates to trust beside the known ones (PEM)
    #[arg(long, value_name = "FILE", help_heading = "Network")]
    pub(crate) cacert: Option<String>,

    // ---- Instead of a request
    /// Show what would be sent; nothing is sent and no key is needed
    #[arg(long, value_enum, value_name = "WHAT", help_heading = "Instead of a request")]
    pub(crate) print: Option<Print>,
    /// List the server's models
    #[arg(long, help_heading = "Instead of a request", conflicts_with = "prompt")]
    pub(crate) list_models: bool,
    /// Try what the server can do
    #[arg(long, help_heading = "Instead of a request", conflicts_with = "prompt")]
    pub(crate) probe: bool,
    /// Print the completion script
    #[arg(long, value_enum, value_name = "SHELL", help_heading = "Instead of a request")]
    pub(crate) completions: Option<Shell>,
    /// Print the man page
    #[arg(long, help_heading = "Instead of a request", action = ArgAction::SetTrue)]
    pub(crate) man: bool,
}
