//! What help, man page and README say beside the flags. Words only.

/// The program in one sentence.
pub const SENTENCE: &str =
    "Text in, one request to any OpenAI-compatible server, and text, streamed text or checked JSON out";

/// The date of the man page: when its text last changed in a way readers notice.
pub const DATE: &str = "2026-11-22";

/// What the command line looks like.
pub const USAGE: &str = "lmpipe [OPTIONS] [PROMPT]...";

/// The rule about stdin, a paragraph each.
pub const STDIN: &[&str] = &[
    "Stdin is read to its end when it is not a terminal. The user message is PROMPT, a blank line, and stdin; where \
     only one of them is present, just that one. {{stdin}} in PROMPT places the input there instead, and -n leaves it \
     alone. Every word that is no flag is PROMPT, joined by one space; -- ends the flags.",
];

/// What is promised about stdout and the exit code, a paragraph each.
pub const PROMISES: &[&str] = &[
    "Stdout is the answer and nothing else: notices, errors, reasoning and usage go to stderr. The exit code tells \
     whether the answer is whole, and valid where validity was asked for.",
    "Nothing is sent that was not asked for: no default temperature, no token limit. Input is sent byte for byte. \
     No state is kept: no log, no cache, no telemetry.",
];

/// What the short form of a schema is for, a paragraph each; its grammar follows.
pub const SHORT_FORM: &[&str] = &[
    "SRC of --schema may be a line such as `name, age int, tags [string], note? : free text`: the fields of one object \
     that has no others. An argument that starts with { is JSON, the name of a file is that file, anything else is the \
     short form:",
];

/// Environment variables, in the order of the tables that show them. Empty counts as unset.
pub const ENVIRONMENT: &[(&str, &str)] = &[
    ("LMPIPE_MODEL", "the model, as --model"),
    ("LMPIPE_PROVIDER", "the provider, as --provider"),
    ("LMPIPE_API", "the API, as --api"),
    ("LMPIPE_CONFIG", "the config file, as --config"),
    ("OPENAI_API_KEY", "the key; OPENAI_API_KEY_1, _2, ... are further keys, tried in turn"),
    ("OPENAI_BASE_URL", "the base URL, as --base-url; else OPENAI_API_BASE"),
    ("OPENAI_ORG_ID, OPENAI_PROJECT_ID", "organisation and project, sent as headers"),
    ("OPENAI_CUSTOM_HEADERS", "further headers, one 'Name: value' a line"),
    ("GROQ_API_KEY, ...", "the key of another provider; --print config names the variable"),
    ("OLLAMA_HOST, AZURE_OPENAI_ENDPOINT", "where the providers ollama and azure are"),
    ("CODEX_HOME", "the directory of the Codex login [default: ~/.codex]"),
    ("HTTPS_PROXY, HTTP_PROXY, ALL_PROXY", "proxies; NO_PROXY lists the hosts without one"),
    ("SSL_CERT_FILE", "certificates to trust beside the known ones, as --cacert"),
    ("OPENAI_MTLS_CLIENT_CERT_FILE, OPENAI_MTLS_CLIENT_KEY_FILE", "a client certificate and its key (PEM)"),
    ("NO_COLOR, TERM=dumb", "no colour and no spinner"),
    ("CLICOLOR_FORCE", "colour even where no terminal is; 0 counts as unset, NO_COLOR beats it"),
];

/// Files that are read without being named.
pub const FILES: &[(&str, &str)] = &[
    ("$XDG_CONFIG_HOME/lmpipe/config.toml", "the config file; without XDG_CONFIG_HOME, ~/.config/lmpipe/config.toml"),
    ("$CODEX_HOME/auth.json", "the login of codex login, for --api codex; never written"),
];

/// Examples of the man page: what it does, and the command.
pub const EXAMPLES: &[(&str, &str)] = &[
    (
        "Ask about a file, and keep the answer only if it is whole:",
        "lmpipe \"Three bullet points for users:\" < CHANGELOG.md > notes.md ||\n    echo \"failed with $?\"",
    ),
    (
        "Ask a local server, with the model named there:",
        "lmpipe -b http://localhost:8080/v1 -m qwen3 \"Why is the sky blue?\"",
    ),
    ("Put the input where it belongs:", "git diff | lmpipe \"Here is a change: {{stdin}} Is it safe?\""),
    ("Get data, or nothing and exit 10:", "lmpipe -S 'name, age int, tags [string]' \"Who is it?\" < letter.txt"),
    ("See what would be sent, without sending it:", "lmpipe --print curl -m gpt-5-mini -t 0 \"Hello\""),
    (
        "One request for each line of a file:",
        "while IFS= read -r line; do\n    lmpipe -n \"Translate into French: $line\"\ndone < lines.txt",
    ),
];
