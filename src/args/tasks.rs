//! What is done instead of sending a request.

use super::choices::{Print, Shell};

/// The flags under the heading "Instead of a request" of the help.
#[derive(clap::Args, Debug, Default)]
#[command(next_help_heading = "Instead of a request")]
#[group(skip)]
pub(crate) struct TaskArgs {
    /// Print what would be sent, and send nothing: the body, a curl command, a line for batch engines, or every
    /// setting and its origin
    ///
    /// No key is needed and none is shown. request is the body byte for byte; with -v the request line and the
    /// headers are on stderr. batch is one line for the OpenAI Batch API and vllm run-batch, never streamed; its
    /// results come back with --response.
    #[arg(long, value_name = "WHAT")]
    pub(crate) print: Option<Print>,

    /// Judge a saved reply instead of asking: a JSON body, an event stream or batch results; - is stdin
    ///
    /// Behind the bytes everything is as if a server had sent them: schema, tools, output and exit code. No key,
    /// model or server is needed, and stdin is left alone. Flags about the request change nothing, so those given
    /// with --print batch may stay. Which API it is shows in the reply itself; where it does not, --api says it.
    /// A batch result with the status of an error ends as that error does.
    #[arg(long, value_name = "FILE", conflicts_with = "prompt")]
    pub(crate) response: Option<String>,

    /// Id of a batch line: of the one --print batch writes, of the one --response judges
    ///
    /// A line written without it has a number made of the request, the same for the same request. Results that
    /// are more than one line need it.
    #[arg(long, value_name = "ID")]
    pub(crate) id: Option<String>,

    /// List the server's models, one a line
    #[arg(long, conflicts_with = "prompt")]
    pub(crate) list_models: bool,

    /// Find out with small requests what the server can do
    #[arg(long, conflicts_with = "prompt")]
    pub(crate) probe: bool,

    /// Print the completion script of a shell
    #[arg(long, value_name = "SHELL")]
    pub(crate) completions: Option<Shell>,

    /// Print the manual page, as roff: lmpipe --man | man -l -
    #[arg(long)]
    pub(crate) man: bool,

    /// Print help: a screenful with -h, every flag with --help
    #[arg(short = 'h', long)]
    pub(crate) help: bool,

    /// Print the version
    #[arg(short = 'V', long)]
    pub(crate) version: bool,
}
