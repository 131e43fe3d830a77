//! Claims about where a request goes: base URL, API, headers, ways of the server.

use super::{aim, failure, route, settled_with};
use crate::request::Dialect;
use crate::request::body_field::Rename;
use crate::settings::route::KeySource;

/// A key that is set, so that no local server is looked for.
const KEY: (&str, &str) = ("OPENAI_API_KEY", "sk-1");

#[test]
fn the_base_url_comes_from_the_strongest_place() {
    for (words, variable, base_url) in [
        ("", ("", ""), "https://api.openai.com/v1"),
        ("", ("OPENAI_BASE_URL", "http://127.0.0.1:1/v1/"), "http://127.0.0.1:1/v1"),
        ("", ("OPENAI_BASE_URL", ""), "https://api.openai.com/v1"),
        ("", ("OPENAI_API_BASE", "http://127.0.0.1:2"), "http://127.0.0.1:2"),
        ("-b http://127.0.0.1:3", ("OPENAI_BASE_URL", "http://127.0.0.1:1/v1"), "http://127.0.0.1:3"),
        ("-b=", ("OPENAI_BASE_URL", "http://127.0.0.1:1/v1"), "http://127.0.0.1:1/v1"),
        ("-p openai-responses", ("OPENAI_BASE_URL", "http://127.0.0.1:1/v1"), "http://127.0.0.1:1/v1"),
        ("-p groq", ("OPENAI_BASE_URL", "http://127.0.0.1:1/v1"), "https://api.groq.com/openai/v1"),
        ("-m groq:x", ("OPENAI_BASE_URL", "http://127.0.0.1:1/v1"), "https://api.groq.com/openai/v1"),
        ("-p groq -b http://127.0.0.1:3/v1", ("", ""), "http://127.0.0.1:3/v1"),
        ("-p ollama", ("OLLAMA_HOST", "127.0.0.1:9"), "http://127.0.0.1:9/v1"),
        ("-p lmstudio", ("OLLAMA_HOST", "127.0.0.1:9"), "http://localhost:1234/v1"),
        ("-p perplexity", ("", ""), "https://api.perplexity.ai"),
    ] {
        assert_eq!(aim(&route(words, [KEY, variable])).2, base_url, "{words} {variable:?}");
    }
}

#[test]
fn variables_beat_the_config_file() {
    let config = "[provider.openai]\nbase_url = 'http://127.0.0.1:4/v1'";
    let found = |words: &str, env| aim(&settled_with(words, env, config).unwrap().routes[0]).2.to_owned();
    assert_eq!(found("", [KEY, ("", "")]), "http://127.0.0.1:4/v1");
    assert_eq!(found("", [KEY, ("OPENAI_BASE_URL", "http://127.0.0.1:1")]), "http://127.0.0.1:1");
}

#[test]
fn bad_urls_name_where_they_came_from() {
    let hint = "a base URL looks like http://127.0.0.1:8080/v1";
    assert_eq!(
        failure("-b localhost:8080", [], ""),
        format!("base URL 'localhost:8080' (from --base-url): no http:// or https:// before it: {hint}")
    );
    assert_eq!(
        failure("", [("OPENAI_BASE_URL", "ftp://h")], ""),
        format!("base URL 'ftp://h' (from OPENAI_BASE_URL): neither http nor https: {hint}")
    );
    assert_eq!(
        failure("", [], "[provider.a]\nbase_url = 'h'"),
        format!("base URL 'h' (from /etc/c.toml:2:12): no http:// or https:// before it: {hint}")
    );
}

#[test]
fn a_provider_without_a_base_url_is_refused() {
    assert_eq!(
        failure("-p a", [], "[provider.a]\nmodel = 'm'"),
        "provider 'a' (from /etc/c.toml:1:11): it has no base_url: add one to its table, or give --base-url"
    );
    assert_eq!(
        failure("-p azure -m m", [], ""),
        "provider 'azure' (from --provider): no base URL is set: set AZURE_OPENAI_ENDPOINT or give --base-url"
    );
}

#[test]
fn the_api_comes_from_the_strongest_place() {
    let config = "[provider.work]\nbase_url = 'http://127.0.0.1:4'\napi = 'responses'";
    for (words, variable, api) in [
        ("", ("", ""), Dialect::Chat),
        ("", ("LMPIPE_API", "responses"), Dialect::Responses),
        ("--api chat", ("LMPIPE_API", "responses"), Dialect::Chat),
        ("-p work", ("", ""), Dialect::Responses),
        ("-p work", ("LMPIPE_API", "chat"), Dialect::Chat),
        ("-p openai-responses", ("", ""), Dialect::Responses),
        ("-p openai-responses", ("LMPIPE_API", "chat"), Dialect::Responses),
        ("-m openai-responses:x", ("", ""), Dialect::Responses),
        ("-p openai-responses --api chat", ("", ""), Dialect::Chat),
        ("-b http://127.0.0.1/v1/responses", ("LMPIPE_API", "chat"), Dialect::Responses),
        ("-b http://127.0.0.1/v1/responses --api chat", ("", ""), Dialect::Chat),
        ("", ("OPENAI_BASE_URL", "http://127.0.0.1/v1/responses"), Dialect::Responses),
        ("-p openai-codex", ("LMPIPE_API", "chat"), Dialect::Codex),
        ("-p openai-codex -b http://127.0.0.1/responses", ("", ""), Dialect::Codex),
    ] {
        let found = settled_with(words, [KEY, ("HOME", "/h"), variable], config).unwrap();
        assert_eq!(found.routes[0].dialect.value, api, "{words} {variable:?}");
    }
    assert_eq!(
        failure("", [("LMPIPE_API", "respones")], ""),
        "API 'respones' (from LMPIPE_API): not known: did you mean 'responses'?"
    );
}

#[test]
fn asked_for_the_codex_api_openai_is_openai_codex() {
    let home = ("HOME", "/h");
    let base_url = "https://chatgpt.com/backend-api/codex";
    for words in ["--api codex", "-p openai --api codex", "-p openai-codex", "-m openai-codex:x"] {
        let route = route(words, [KEY, home, ("OPENAI_BASE_URL", "http://127.0.0.1:1")]);
        assert_eq!((route.provider.value.as_str(), aim(&route).2), ("openai-codex", base_url), "{words}");
        assert_eq!(route.key.value, KeySource::CodexLogin("/h/.codex/auth.json".into()));
    }
    assert_eq!(
        failure("-p groq --api codex", [], ""),
        "the codex API (from --api): provider 'groq' has none: \
         it goes with provider openai-codex, or with one of your own in the config file"
    );
    assert_eq!(
        failure("-p openai-codex --api chat", [], ""),
        "provider 'openai-codex' (from --provider): it speaks the codex API alone: \
         leave --api away, or ask provider openai"
    );
}

#[test]
fn azure_has_two_paths() {
    let endpoint = ("AZURE_OPENAI_ENDPOINT", "https://res.openai.azure.com/");
    let version = ("OPENAI_API_VERSION", "2024-10-21");
    for (words, env, base_url) in [
        ("-m gpt", [endpoint, ("", "")], "https://res.openai.azure.com/openai/v1"),
        (
            "-m my␣gpt",
            [endpoint, version],
            "https://res.openai.azure.com/openai/deployments/my%20gpt?api-version=2024-10-21",
        ),
        ("-m gpt --api responses", [endpoint, version], "https://res.openai.azure.com/openai?api-version=2024-10-21"),
        ("-m gpt --list-models", [endpoint, version], "https://res.openai.azure.com/openai?api-version=2024-10-21"),
        (
            "-m gpt",
            [("AZURE_OPENAI_ENDPOINT", "https://res.openai.azure.com/openai/v1/"), version],
            "https://res.openai.azure.com/openai/v1",
        ),
        ("-m gpt -b http://127.0.0.1:1/x", [endpoint, version], "http://127.0.0.1:1/x"),
    ] {
        let route = route(&format!("-p azure {words}"), env);
        assert_eq!(aim(&route).2, base_url, "{words}");
        assert_eq!(route.renames, [COMPLETION_TOKENS]);
    }
    assert_eq!(
        failure("-p azure", [endpoint, version], ""),
        "base URL 'https://res.openai.azure.com' (from AZURE_OPENAI_ENDPOINT): with OPENAI_API_VERSION the path names the deployment: \
         give its name with --model"
    );
}

/// What OpenAI and Azure call the token limit.
const COMPLETION_TOKENS: Rename = ("max_tokens", "max_completion_tokens");

#[test]
fn a_server_has_its_own_quirks() {
    const SEED: Rename = ("seed", "random_seed");
    for (words, renames, stream_options) in [
        ("", &[COMPLETION_TOKENS][..], true),
        ("-b http://127.0.0.1:1", &[], true),
        ("-b https://api.openai.com/v2", &[COMPLETION_TOKENS], true),
        ("-b https://res.openai.azure.com/openai/v1", &[COMPLETION_TOKENS], true),
        ("-p groq", &[], true),
        ("-p mistral", &[SEED][..], false),
        ("-b https://api.mistral.ai/v1", &[SEED], false),
    ] {
        let route = route(words, [KEY]);
        assert_eq!((route.renames, route.stream_options), (renames, stream_options), "{words}");
    }
}

#[test]
fn openai_variables_become_headers_of_openai_alone() {
    let env = [
        KEY,
        ("OPENAI_ORG_ID", "org-1"),
        ("OPENAI_PROJECT_ID", "proj-1"),
        ("OPENAI_CUSTOM_HEADERS", "X-A: 1\n\nX-B: 2\r\n"),
    ];
    let headers = |words: &str| -> Vec<String> {
        let shown = route(words, env).headers.into_iter();
        shown.map(|(name, value)| format!("{name}: {} {}", value.value.reveal(), value.origin)).collect()
    };
    assert_eq!(
        headers("-H x-a:␣9"),
        [
            "OpenAI-Organization: org-1 from OPENAI_ORG_ID",
            "OpenAI-Project: proj-1 from OPENAI_PROJECT_ID",
            "X-B: 2 from OPENAI_CUSTOM_HEADERS",
            "x-a: 9 from --header",
        ]
    );
    assert_eq!(headers("-p groq -H X-C:3"), ["X-C: 3 from --header"]);
    assert_eq!(
        failure("", [KEY, ("OPENAI_CUSTOM_HEADERS", "sk-secret")], ""),
        "header (from OPENAI_CUSTOM_HEADERS): no colon in it: a header looks like 'X-Team: docs'"
    );
    assert_eq!(
        failure("", [KEY, ("OPENAI_ORG_ID", "a\nb")], ""),
        "OPENAI_ORG_ID: the value has a line break, a control character or a letter outside ASCII"
    );
}

#[test]
fn a_local_server_is_looked_for_only_when_nothing_says_where_to_go() {
    for (words, variable, lost) in [
        ("", ("", ""), true),
        ("-m x", ("", ""), true),
        ("--no-key", ("", ""), true),
        ("--api responses", ("", ""), true),
        ("-H X-A:1", ("OPENAI_ORG_ID", "o"), true),
        ("", ("OPENAI_API_KEY", "k"), false),
        ("", ("OPENAI_API_KEY_3", "k"), false),
        ("", ("OPENAI_API_KEY", ""), true),
        ("", ("OPENAI_BASE_URL", "http://127.0.0.1:1"), false),
        ("-p openai", ("", ""), false),
        ("-m openai:x", ("", ""), false),
        ("", ("LMPIPE_PROVIDER", "openai"), false),
        ("-b http://127.0.0.1:1", ("", ""), false),
        ("--api-key-env A", ("", ""), false),
        ("--api-key-file f", ("", ""), false),
        ("-H Authorization:x", ("", ""), false),
        ("--api codex", ("HOME", "/h"), false),
    ] {
        assert_eq!(route(words, [variable]).base_url.is_none(), lost, "{words} {variable:?}");
    }
    let route = route("-H X-A:1", [("OPENAI_ORG_ID", "o")]);
    assert_eq!(route.key.value, KeySource::NotWanted);
    assert_eq!(route.headers.len(), 1);
}
