//! Every flag lmpipe has: one list behind parsing, help, man page and completions. No logic.
//!
//! The first paragraph of a comment is the flag's text in `--help`; the man page prints all of it.

use super::choices::{
    Api, Color, Detail, EFFORTS, ErrorForm, Format, LEVELS, Print, ReplaySpeed, SchemaMode, Shell, Strict,
};
use super::flag::flags;

flags! {
    "Input" {
        /// Leave stdin alone, like `ssh -n`
        ///
        /// For `while read` loops, whose remaining lines would otherwise go into the first prompt, and for cron.
        'n' no_stdin: bool;

        /// System text: what the model is told before the prompt
        's' system: Option<String> = "TEXT";

        /// Read the system text from a file; - is stdin
        system_file: Option<String> = "FILE";

        /// Read the prompt from a file; - is stdin
        ///
        /// The file may hold {{stdin}} to place the input. It is sent as it is, last newline included.
        prompt_file: Option<String> = "FILE";

        /// Replace what is not UTF-8 in the input by U+FFFD instead of failing
        lossy: bool;

        /// Send an image: file, URL, data: URL, or - for stdin
        ///
        /// PNG, JPEG, GIF and WebP are told by their first bytes, never by the name. URLs are passed on to the
        /// server, which fetches them itself. The order given is the order sent.
        'i' image: Vec<String> = "SRC";

        /// How closely the model looks at images
        image_detail: Option<Detail> = "DETAIL";

        /// Send a file as it is: image, PDF, WAV, MP3 or UTF-8 text
        ///
        /// Text becomes a part of its own, headed by the name of the file. What is attached is sent behind the
        /// images; where the order among them matters, give the images to --attach too.
        'a' attach: Vec<String> = "SRC";

        /// Chat history (JSON array of messages); the prompt becomes the next user message
        ///
        /// Messages are sent unchanged, so tool results (role tool, with their tool_call_id) come back this way.
        /// Without a prompt the history must end in a user or tool message.
        messages: Option<String> = "FILE";

        /// Write the history with the new answer
        save_messages: Option<String> = "FILE";
    }

    "Server" {
        /// Model to ask, as `[PROVIDER:]MODEL[?KEY=VALUE&...]` [env: LMPIPE_MODEL]
        ///
        /// PROVIDER is one of the known providers and nothing else, so qwen2.5vl:7b and meta/llama-3:free stay
        /// whole. KEY is temperature, top_p, top_k, max_tokens, seed, reasoning_effort or verbosity. When no model
        /// is named, the only one the server lists is used.
        'm' model: Option<String> = "MODEL";

        /// Base URL of the server [env: OPENAI_BASE_URL] [default: `https://api.openai.com/v1`]
        ///
        /// The path is kept as given and the endpoint appended once; a full URL ending in /chat/completions or
        /// /responses is understood, and a query is kept. Beats the URL of every provider.
        'b' base_url: Option<String> = "URL";

        /// Provider, a preset or one from the config file [env: LMPIPE_PROVIDER] [default: openai]
        ///
        /// A provider brings its base URL, its key variable and its API. OPENAI_BASE_URL and OPENAI_API_KEY belong
        /// to the provider openai and never reach another one.
        'p' provider: Option<String> = "NAME";

        /// API to speak [env: LMPIPE_API] [default: chat]
        ///
        /// codex is the Responses API under the login of `codex login`, which is read and never written.
        api: Option<Api> = "API";

        /// Read the key from a file
        api_key_file: Option<String> = "FILE";

        /// Run a command that prints the key
        api_key_command: Option<String> = "CMD";

        /// Take the key from another variable [default: the provider's own, such as OPENAI_API_KEY]
        api_key_env: Option<String> = "NAME";

        /// Send no key
        no_key: bool;

        /// Send the key even over plain http to a host that is not loopback
        allow_plain_http: bool;

        /// Add a request header, 'Name: value' [env: OPENAI_CUSTOM_HEADERS]
        'H' header: Vec<String> = "HEADER";

        /// Config file [env: LMPIPE_CONFIG] [default: $XDG_CONFIG_HOME/lmpipe/config.toml]
        config: Option<String> = "FILE";

        /// Ask this model when the one before fails
        ///
        /// Tried in order when the model before fails with exit 3 to 7 before the first byte of its answer.
        fallback: Vec<String> = "MODEL";

        /// Leave the model name as it is, whatever `[rewrite]` in the config file says
        no_rewrite: bool;
    }

    "Generation" {
        /// Sampling temperature
        't' temperature: Option<String> = "NUMBER";

        /// Nucleus sampling: the share of probability to draw from
        top_p: Option<String> = "NUMBER";

        /// Most tokens the answer may have; an answer cut there is exit 8
        ///
        /// Sent under the name the server knows: max_completion_tokens, max_tokens or max_output_tokens.
        max_tokens: Option<String> = "N";

        /// End the answer before this text
        stop: Vec<String> = "TEXT";

        /// Seed of the sampling, for servers that can repeat themselves
        seed: Option<String> = "N";

        /// How much the model reasons
        'e' effort: Option<String> = "EFFORT" in EFFORTS;

        /// How wordy the answer is
        verbosity: Option<String> = "LEVEL" in LEVELS;

        /// Set any other field of the request
        ///
        /// VALUE is JSON if it parses as JSON and a string otherwise; a dot in KEY nests: -o a.b=1 sends
        /// {"a":{"b":1}}. It beats the flag that sets the same field. The fields model, messages, input and stream are
        /// set by flags alone.
        'o' option: Vec<String> = "KEY=VALUE";

        /// Never change the request after the server refused a field
        ///
        /// Otherwise a refusal that names one field is answered once by the other spelling of that field, and said
        /// on stderr. Nothing you typed is ever dropped.
        no_adapt: bool;
    }

    "Output" {
        /// Print the answer while it is written [default: when stdout is a terminal]
        stream: bool;

        /// Print the answer when it is whole, or nothing [default: when stdout is not a terminal]
        no_stream: bool;

        /// What stdout holds: the answer, one envelope object, or its facts as JSON Lines [default: text]
        ///
        /// The envelope has text, json, tool_calls, finish, refusal, reasoning, usage, model, id, attempts, adapted
        /// and timings; every member is there, null when there is nothing. With --extract, text is the code block.
        'O' output: Option<Format> = "FORMAT";

        /// Print the first fenced code block only; without one, the whole text
        'x' extract: bool;

        /// Print the reasoning on stderr
        'r' reasoning: bool;

        /// Print the token usage on stderr
        'u' usage: bool;

        /// Print request line, timings, request id and rate limits on stderr; never a key
        'v' verbose: bool;

        /// Print no notices on stderr, only errors
        'q' quiet: bool;

        /// Write the facts of the run to a file: the envelope without the text
        meta: Option<String> = "FILE";

        /// Form of errors on stderr: a line for people or a JSON object a line [default: text]
        ///
        /// The object has exit, kind, message, hint, status, retryable, retry_after and request_id, and under a
        /// schema violations.
        errors: Option<ErrorForm> = "FORM";

        /// When to use colour and a spinner [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]
        color: Option<Color> = "WHEN";
    }

    "JSON" {
        /// Print one JSON document that satisfies this JSON Schema, or nothing (exit 10)
        ///
        /// SRC is a file, inline JSON, - for stdin, or the short form described under SHORT SCHEMA FORM, such as
        /// `name, age int, tags [string]`. The answer is checked here, whatever the server promised.
        'S' schema: Option<String> = "SRC";

        /// Name of the schema in the request [default: its title, else the name of the file]
        schema_name: Option<String> = "NAME";

        /// SRC describes one item: print each finished, valid item as a line of JSON
        ///
        /// The model is asked for a list, and items are printed while it still writes. An invalid item ends the run
        /// with exit 10, after the good ones before it.
        each: bool;

        /// Print one JSON document of any shape, or nothing (exit 10)
        json: bool;

        /// When the server is asked to enforce the schema strictly [default: auto]
        ///
        /// For strict servers a schema is rewritten where needed and the answer mapped back; your own schema
        /// judges it.
        strict: Option<Strict> = "WHEN";

        /// Form in which the server is asked for JSON [default: the first it accepts]
        schema_mode: Option<SchemaMode> = "MODE";

        /// Send violations back and ask again, at most N times [default: 0]
        repair: Option<u32> = "N";

        /// Say offline what strict mode rejects in the schema; print the rewritten one
        ///
        /// Exit 0 if SRC is strict as it is, 10 if not.
        lint_schema: bool;
    }

    "Tools" {
        /// Tools the model may call (JSON); calls are printed as JSON Lines
        ///
        /// A line is {"id","name","arguments"}, the arguments checked against the tool's own schema. lmpipe runs
        /// nothing: results go back with --messages.
        tools: Vec<String> = "FILE";

        /// What must be called: auto, none, required, or the name of a tool
        ///
        /// A server may not hold to it: no call where one is required, a call where none is allowed, and a call of
        /// another tool than the one named end with exit 10.
        tool_choice: Option<String> = "CHOICE";

        /// At most one call in an answer
        no_parallel_tools: bool;
    }

    "Network" {
        /// Further tries after a failure that may pass [default: 2]
        ///
        /// Statuses 408, 409, 429 (unless a quota is spent) and 5xx and failed connections are tried again, after
        /// the time the server asks for (up to 120 s) or 0.5 s, doubling up to 8 s. Never after the first byte of answer.
        retries: Option<u32> = "N";

        /// Most time to resolve, connect and agree on TLS [default: 10]
        ///
        /// Here and below, SECONDS may also be a number with the unit ms, s, m or h.
        connect_timeout: Option<String> = "SECONDS";

        /// Longest silence of the server, before and within the answer [default: 600]
        timeout: Option<String> = "SECONDS";

        /// Most time for the whole run [default: none]
        max_time: Option<String> = "SECONDS";

        /// Longest whole reply or single event of a stream [default: 256MiB]
        ///
        /// SIZE is a number of bytes, or one with K, M, G (powers of 1024) or KB, MB, GB (powers of 1000). Streamed
        /// text as a whole has no bound.
        max_reply: Option<String> = "SIZE";

        /// Proxy for every host [env: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY]
        proxy: Option<String> = "URL";

        /// Also trust the certificates in this PEM file [env: SSL_CERT_FILE]
        cacert: Option<String> = "FILE";

        /// Write every exchange to a HAR 1.2 file: requests, replies, times; keys and logins are left out
        ///
        /// The file is readable by its owner alone and written as a whole, also when the run fails. Browsers open it,
        /// and --replay answers from it.
        capture: Option<String> = "FILE";

        /// Answer from a HAR file instead of the network
        ///
        /// Method, path, query and body of a request must be those of a recorded one, in any order of keys; a request
        /// that was not recorded is exit 2 and says what differs. No key and no network is needed. Recordings of
        /// browsers and of mitmproxy serve as well.
        replay: Option<String> = "FILE";

        /// Pace of a replay: as the server was, or at once [default: instant]
        replay_speed: Option<ReplaySpeed> = "SPEED";
    }

    "Instead of a request" {
        /// Print what would be sent, and send nothing: the body, a curl command, a line for batch engines, or every
        /// setting and its origin
        ///
        /// No key is needed and none is shown. request is the body byte for byte; with -v the request line and the
        /// headers are on stderr. batch is one line for the OpenAI Batch API and vllm run-batch, never streamed; its
        /// results come back with --response.
        print: Option<Print> = "WHAT";

        /// Judge a saved reply instead of asking: a JSON body, an event stream or batch results; - is stdin
        ///
        /// Behind the bytes everything is as if a server had sent them: schema, tools, output and exit code. No key,
        /// model or server is needed, and stdin is left alone. Flags about the request change nothing, so those given
        /// with --print batch may stay. Which API it is shows in the reply itself; where it does not, --api says it.
        /// A batch result with the status of an error ends as that error does.
        response: Option<String> = "FILE";

        /// Id of a batch line: of the one --print batch writes, of the one --response judges
        ///
        /// A line written without it has a number made of the request, the same for the same request. Results that
        /// are more than one line need it.
        id: Option<String> = "ID";

        /// List the server's models, one a line
        list_models: bool;

        /// Find out with small requests what the server can do
        probe: bool;

        /// Print the completion script of a shell
        completions: Option<Shell> = "SHELL";

        /// Print the manual page, as roff: lmpipe --man | man -l -
        man: bool;

        /// Print help: a screenful with -h, every flag with --help
        'h' help: bool;

        /// Print the version
        'V' version: bool;
    }
}
