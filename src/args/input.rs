//! What becomes the prompt.

use super::choices::Detail;

/// The flags under the heading "Input" of the help.
#[derive(clap::Args, Debug, Default)]
#[command(next_help_heading = "Input")]
#[group(skip)]
pub(crate) struct InputArgs {
    /// Leave stdin alone, like `ssh -n`
    ///
    /// For `while read` loops, whose remaining lines would otherwise go into the first prompt, and for cron.
    #[arg(short = 'n', long)]
    pub(crate) no_stdin: bool,

    /// System text: what the model is told before the prompt
    #[arg(short = 's', long, value_name = "TEXT", allow_hyphen_values = true, conflicts_with = "system_file")]
    pub(crate) system: Option<String>,

    /// Read the system text from a file; - is stdin
    #[arg(long, value_name = "FILE")]
    pub(crate) system_file: Option<String>,

    /// Read the prompt from a file; - is stdin
    ///
    /// The file may hold {{stdin}} to place the input. It is sent as it is, last newline included.
    #[arg(long, value_name = "FILE", conflicts_with = "prompt")]
    pub(crate) prompt_file: Option<String>,

    /// Replace what is not UTF-8 in the input by U+FFFD instead of failing
    #[arg(long)]
    pub(crate) lossy: bool,

    /// Send an image: file, URL, data: URL, or - for stdin
    ///
    /// PNG, JPEG, GIF and WebP are recognised by their first bytes, never by the name. URLs are passed on to the
    /// server, which fetches them itself. The order given is the order sent.
    #[arg(short = 'i', long, value_name = "SRC")]
    pub(crate) image: Vec<String>,

    /// How closely the model looks at images
    #[arg(long, value_name = "DETAIL")]
    pub(crate) image_detail: Option<Detail>,

    /// Send a file as it is: image, PDF, WAV, MP3 or UTF-8 text
    ///
    /// Text becomes a part of its own, headed by the name of the file. What is attached is sent behind the
    /// images; where the order among them matters, give the images to --attach too.
    #[arg(short = 'a', long, value_name = "SRC")]
    pub(crate) attach: Vec<String>,

    /// Chat history (JSON array of messages); the prompt becomes the next user message
    ///
    /// Messages are sent unchanged, so tool results (role tool, with their tool_call_id) come back this way.
    /// Without a prompt the history must end in a user or tool message.
    #[arg(long, value_name = "FILE")]
    pub(crate) messages: Option<String>,

    /// Write the history with the new answer
    #[arg(long, value_name = "FILE")]
    pub(crate) save_messages: Option<String>,
}
