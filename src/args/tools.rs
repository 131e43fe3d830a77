//! Tools the model may call.

/// The flags under the heading "Tools" of the help.
#[derive(clap::Args, Debug, Default)]
#[command(next_help_heading = "Tools")]
#[group(skip)]
pub(crate) struct ToolArgs {
    /// Tools the model may call (JSON); calls are printed as JSON Lines
    ///
    /// A line is {"id","name","arguments"}, the arguments checked against the tool's own schema. lmpipe runs
    /// nothing: results go back with --messages.
    #[arg(long = "tools", value_name = "FILE")]
    pub(crate) files: Vec<String>,

    /// What must be called: auto, none, required, or the name of a tool
    ///
    /// A server may not hold to it: no call where one is required, a call where none is allowed, and a call of
    /// another tool than the one named end with exit 10.
    #[arg(long, value_name = "CHOICE")]
    pub(crate) tool_choice: Option<String>,

    /// At most one call in an answer
    #[arg(long)]
    pub(crate) no_parallel_tools: bool,
}
