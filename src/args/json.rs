//! Answers that are JSON.

use super::choices::{SchemaMode, Strict};

/// The flags under the heading "JSON" of the help.
#[derive(clap::Args, Debug, Default)]
#[command(next_help_heading = "JSON")]
#[group(skip)]
pub(crate) struct JsonArgs {
    /// Print one JSON document that satisfies this JSON Schema, or nothing (exit 10)
    ///
    /// SRC is a file, inline JSON, - for stdin, or the short form described under SHORT SCHEMA FORM, such as
    /// `name, age int, tags [string]`. The answer is checked here, whatever the server promised.
    #[arg(short = 'S', long, aliases = ["json-schema", "output-schema"], value_name = "SRC")]
    pub(crate) schema: Option<String>,

    /// Name of the schema in the request [default: its title, else the name of the file]
    #[arg(long, value_name = "NAME")]
    pub(crate) schema_name: Option<String>,

    /// SRC describes one item: print each finished, valid item as a line of JSON
    ///
    /// The model is asked for a list, and items are printed while it still writes. An invalid item ends the run
    /// with exit 10, after the good ones before it.
    #[arg(long)]
    pub(crate) each: bool,

    /// Print one JSON document of any shape, or nothing (exit 10)
    #[arg(long = "json", conflicts_with = "schema")]
    pub(crate) any: bool,

    /// When the server is asked to enforce the schema strictly [default: auto]
    ///
    /// For strict servers a schema is rewritten where needed and the answer mapped back; your own schema
    /// judges it.
    #[arg(long, value_name = "WHEN")]
    pub(crate) strict: Option<Strict>,

    /// Form in which the server is asked for JSON [default: the first it accepts]
    #[arg(long, value_name = "MODE")]
    pub(crate) schema_mode: Option<SchemaMode>,

    /// Send violations back and ask again, at most N times [default: 0]
    #[arg(long, value_name = "N")]
    pub(crate) repair: Option<u32>,

    /// Say offline what strict mode rejects in the schema; print the rewritten one
    ///
    /// Exit 0 if SRC is strict as it is, 10 if not.
    #[arg(long)]
    pub(crate) lint_schema: bool,
}
