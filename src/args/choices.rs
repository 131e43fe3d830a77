//! The words that some flags choose from, one enum each. No logic.

use super::flag::choices;

/// The words of `--effort`. Source: the OpenAI API's `reasoning_effort`; which of them a model knows is the server's.
pub(super) const EFFORTS: &[&str] = &["none", "minimal", "low", "medium", "high", "xhigh", "max"];

/// The words of `--verbosity`.
pub(super) const LEVELS: &[&str] = &["low", "medium", "high"];

choices! {
    /// When colour and decoration are used.
    Color {
        /// On terminals that want it.
        Auto = "auto",
        /// Always.
        Always = "always",
        /// Never.
        Never = "never",
    }

    /// What stdout holds.
    Format {
        /// The answer.
        Text = "text",
        /// One envelope object.
        Json = "json",
        /// The same facts as JSON Lines while they arrive.
        Events = "events",
    }

    /// The form errors take on stderr.
    ErrorForm {
        /// One line for people.
        Text = "text",
        /// One JSON object a line.
        Json = "json",
    }

    /// The API spoken.
    Api {
        /// Chat completions.
        Chat = "chat",
        /// Responses.
        Responses = "responses",
        /// Responses with a ChatGPT login.
        Codex = "codex",
    }

    /// What `--print` shows instead of sending.
    Print {
        /// The request body.
        Request = "request",
        /// A curl command.
        Curl = "curl",
        /// One line for batch engines.
        Batch = "batch",
        /// Every setting and its origin.
        Config = "config",
    }

    /// When schemas are sent for strict enforcement.
    Strict {
        /// Where the schema can be expressed.
        Auto = "auto",
        /// Always; a schema that cannot be expressed is an error.
        Always = "always",
        /// Never.
        Never = "never",
    }

    /// The form in which a server is asked for a schema.
    SchemaMode {
        /// `json_schema`.
        JsonSchema = "json_schema",
        /// `json_object`, the schema in the prompt.
        JsonObject = "json_object",
        /// The prompt alone.
        Prompt = "prompt",
    }

    /// The pace of a replay.
    ReplaySpeed {
        /// As fast as the server was.
        Real = "real",
        /// As fast as it goes.
        Instant = "instant",
    }

    /// How closely the model looks at images.
    Detail {
        /// The model decides.
        Auto = "auto",
        /// Coarse.
        Low = "low",
        /// Fine.
        High = "high",
    }

    /// The shells completions are made for.
    Shell {
        /// bash
        Bash = "bash",
        /// zsh
        Zsh = "zsh",
        /// fish
        Fish = "fish",
        /// PowerShell
        Powershell = "powershell",
        /// elvish
        Elvish = "elvish",
    }
}
