//! The flags of other tools, and what to type for them here. No logic.

/// A flag that other tools have and lmpipe has not: its names, why it is missing, what to type.
pub(super) struct Foreign {
    /// The names people type, without dashes.
    pub(super) names: &'static [&'static str],
    /// Why there is no such flag; may be empty.
    pub(super) why: &'static str,
    /// What to type instead.
    pub(super) instead: &'static str,
}

/// The flags of llm, aichat, mods, codex, claude, curl and of the openai command, and what they are here.
pub(super) const FOREIGN: &[Foreign] = &[
    foreign(
        &["api-key", "key", "k", "token", "apikey", "openai-api-key", "bearer", "auth"],
        "a key on the command line can be read by every process of this machine",
        "put it into OPENAI_API_KEY, or use --api-key-env NAME, --api-key-file FILE or --api-key-command CMD",
    ),
    foreign(&["endpoint", "url", "api-base", "api-url", "base", "host", "server"], "", "use --base-url URL"),
    foreign(&["org", "organization", "organisation"], "", "set OPENAI_ORG_ID"),
    foreign(&["project", "project-id"], "", "set OPENAI_PROJECT_ID"),
    foreign(&["system-prompt", "append-system-prompt", "instructions", "role"], "", "use --system TEXT"),
    foreign(&["system-prompt-file"], "", "use --system-file FILE"),
    foreign(&["template", "pattern", "macro"], "", "use --prompt-file FILE or --system-file FILE"),
    foreign(&["prompt", "message", "query", "user"], "every word that is no flag is prompt", "write it as it is"),
    foreign(
        &["file", "f", "input", "input-file", "context", "fragment", "fragments"],
        "",
        "pipe it (cat FILE | lmpipe ...) or use --attach FILE",
    ),
    foreign(&["attachment", "attachments", "at", "attachment-type", "pdf", "audio"], "", "use --attach SRC"),
    foreign(&["stdin"], "stdin is read by itself when it is no terminal", "leave it out"),
    foreign(
        &["max-output-tokens", "max-completion-tokens", "max-new-tokens", "n-predict", "num-predict"],
        "",
        "use --max-tokens N",
    ),
    foreign(&["reasoning-effort", "thinking", "think"], "", "use --effort EFFORT"),
    foreign(&["no-think", "no-thinking", "no-reasoning"], "", "use --effort none"),
    foreign(&["show-thinking", "show-reasoning"], "", "use --reasoning"),
    foreign(&["hide-reasoning", "hidethinking", "R"], "reasoning is only shown with --reasoning", "leave it out"),
    foreign(&["streaming"], "", "use --stream"),
    foreign(&["json-object", "json-mode", "j"], "", "use --json"),
    foreign(&["jsonschema", "response-schema", "schema-file"], "", "use --schema SRC"),
    foreign(&["schema-multi"], "", "use --schema SRC --each"),
    foreign(&["response-format"], "", "use --schema SRC or --json"),
    foreign(
        &["output-format", "format", "format-as"],
        "",
        "use --json or --schema SRC for JSON from the model, --output json for facts about the run",
    ),
    foreign(&["format-error"], "", "use --errors json"),
    foreign(&["transform", "jq", "get"], "stdout is the answer", "pipe it to jq"),
    foreign(&["code", "extract-last", "xl"], "", "use --extract: it prints the first fenced code block"),
    foreign(&["output-last-message", "output-file", "outfile", "out"], "stdout is the answer", "write > FILE"),
    foreign(
        &["raw", "raw-output", "no-md", "no-markdown", "glamour", "word-wrap", "nowordwrap"],
        "the answer is printed byte for byte",
        "leave it out",
    ),
    foreign(&["log", "no-log", "cache", "no-cache", "database"], "nothing is kept", "leave it out"),
    foreign(&["dry-run"], "", "use --print request"),
    foreign(&["settings", "info", "show-config"], "", "use --print config"),
    foreign(&["models", "list", "show-models"], "", "use --list-models"),
    foreign(&["max-retries", "num-retries", "retry", "retry-count"], "", "use --retries N"),
    foreign(&["request-timeout"], "", "use --timeout SECONDS"),
    foreign(&["http-proxy", "https-proxy"], "", "use --proxy URL"),
    foreign(&["P"], "", "use --top-p NUMBER"),
    foreign(&["top-k", "topk"], "", "use -o top_k=N"),
    foreign(&["min-p"], "", "use -o min_p=N"),
    foreign(&["frequency-penalty"], "", "use -o frequency_penalty=N"),
    foreign(&["presence-penalty"], "", "use -o presence_penalty=N"),
    foreign(&["logprobs"], "", "use -o logprobs=true and --capture FILE: the whole reply is in it"),
    foreign(&["service-tier"], "", "use -o service_tier=TIER"),
    foreign(&["tool", "T", "function", "functions", "mcp-config"], "", "use --tools FILE"),
    foreign(&["user-agent", "A"], "", "use --header 'User-Agent: NAME'"),
    foreign(&["debug", "trace"], "", "use --verbose"),
    foreign(&["silent"], "", "use --quiet"),
    foreign(&["no-color", "no-colour"], "", "use --color never"),
    foreign(&["colour"], "", "use --color WHEN"),
    foreign(&["insecure", "no-verify"], "certificates are always checked", "use --cacert FILE to trust one more"),
    foreign(&["ca-cert", "ca-bundle"], "", "use --cacert FILE"),
    foreign(
        &["interactive", "chat", "repl", "c", "C", "continue", "session", "resume", "save", "load"],
        "a run is one request",
        "carry on with --messages FILE and --save-messages FILE",
    ),
    foreign(&["max-turns", "chain-limit", "agent", "execute", "shell"], "a run is one request", "leave it out"),
    foreign(&["n", "count", "choices"], "a run prints one answer", "run it again for another"),
];

/// Builds one row of [`FOREIGN`].
const fn foreign(names: &'static [&'static str], why: &'static str, instead: &'static str) -> Foreign {
    Foreign { names, why, instead }
}
