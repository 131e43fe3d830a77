//! How the answer is generated.

use super::choices::{Effort, Verbosity};

/// The flags under the heading "Generation" of the help.
#[derive(clap::Args, Debug, Default)]
#[command(next_help_heading = "Generation")]
#[group(skip)]
pub(crate) struct GenerationArgs {
    /// Sampling temperature
    #[arg(short = 't', long, value_name = "NUMBER")]
    pub(crate) temperature: Option<String>,

    /// Nucleus sampling: the share of probability to draw from
    #[arg(long, value_name = "NUMBER")]
    pub(crate) top_p: Option<String>,

    /// Most tokens the answer may have; an answer cut there is exit 8
    ///
    /// Sent under the name the server knows: max_completion_tokens, max_tokens or max_output_tokens.
    #[arg(long, value_name = "N")]
    pub(crate) max_tokens: Option<String>,

    /// End the answer before this text
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) stop: Vec<String>,

    /// Seed of the sampling, for servers that can repeat themselves
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<String>,

    /// How much the model reasons
    #[arg(short = 'e', long, value_name = "EFFORT")]
    pub(crate) effort: Option<Effort>,

    /// How wordy the answer is
    #[arg(long, value_name = "LEVEL")]
    pub(crate) verbosity: Option<Verbosity>,

    /// Set any other field of the request
    ///
    /// VALUE is JSON if it parses as JSON and a string otherwise; a dot in KEY nests: -o a.b=1 sends
    /// {"a":{"b":1}}. It beats the flag that sets the same field. The fields model, messages, input and stream are
    /// set by flags alone.
    #[arg(short = 'o', long, value_name = "KEY=VALUE")]
    pub(crate) option: Vec<String>,

    /// Never change the request after the server refused a field
    ///
    /// Otherwise a refusal that names one field is answered once by the other spelling of that field, and said
    /// on stderr. Nothing you typed is ever dropped.
    #[arg(long)]
    pub(crate) no_adapt: bool,
}
