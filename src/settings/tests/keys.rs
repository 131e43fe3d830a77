//! Claims about which key goes to which server.

use super::{failure, native, route, settled, settled_with};
use crate::settings::route::{KeySource, KeyStyle, KeyVariable};

/// Bearer keys from these variables.
fn variables(names: &[&str]) -> KeySource {
    let bearer = |name: &&str| KeyVariable { name: (*name).to_owned(), style: KeyStyle::Bearer };
    KeySource::Variables(names.iter().map(bearer).collect())
}

/// The key that is missing.
fn missing(names: &[&str]) -> KeySource {
    KeySource::Missing(names.iter().map(|name| (*name).to_owned()).collect())
}

#[test]
fn a_key_goes_to_the_server_it_was_meant_for() {
    let env = [
        ("OPENAI_API_KEY", "sk-1"),
        ("GROQ_API_KEY", "gsk-1"),
        ("OLLAMA_API_KEY", "o-1"),
        ("OLLAMA_HOST", "https://gpu.lan"),
        ("A", "a"),
    ];
    for (words, key) in [
        ("", variables(&["OPENAI_API_KEY"])),
        ("-p openai", variables(&["OPENAI_API_KEY"])),
        ("-p openai-responses", variables(&["OPENAI_API_KEY"])),
        ("-b https://own.example", variables(&["OPENAI_API_KEY"])),
        ("-p openai -b https://own.example", variables(&["OPENAI_API_KEY"])),
        ("-p groq", variables(&["GROQ_API_KEY"])),
        ("-m groq:x", variables(&["GROQ_API_KEY"])),
        ("-p groq -b https://API.groq.com/v2", variables(&["GROQ_API_KEY"])),
        ("-p groq -b https://own.example", KeySource::None),
        ("-p groq -b http://127.0.0.1:1", KeySource::None),
        ("-p groq -b https://own.example --api-key-env GROQ_API_KEY", variables(&["GROQ_API_KEY"])),
        ("-p ollama", variables(&["OLLAMA_API_KEY"])),
        ("-p ollama -b https://own.example", KeySource::None),
        ("-p lmstudio", KeySource::None),
        ("-p xai", missing(&["XAI_API_KEY"])),
        ("-p gemini", missing(&["GEMINI_API_KEY", "GOOGLE_API_KEY"])),
        ("-p xai -b https://own.example", KeySource::None),
        ("--api-key-env A", variables(&["A"])),
        ("--api-key-env B", missing(&["B"])),
        ("-p xai --api-key-file f", KeySource::File("f".into())),
        ("--api-key-command pass", KeySource::Command("pass".into())),
        ("-p groq --no-key", KeySource::NotWanted),
        ("-p groq -H authorization:x", KeySource::NotWanted),
    ] {
        assert_eq!(route(words, env).key.value, key, "{words}");
    }
}

#[test]
fn a_key_that_stays_at_home_is_said() {
    let notices = |words: &str| settled(words, [("GROQ_API_KEY", "gsk-1")]).notices;
    assert_eq!(
        notices("-p groq -b https://own.example --fallback x"),
        ["GROQ_API_KEY is not sent to own.example: it belongs to provider groq: \
          name it with a key flag to send it there"]
    );
    assert_eq!(notices("-p groq"), Vec::<String>::new());
    assert_eq!(notices("-p xai -b https://own.example"), Vec::<String>::new());
}

#[test]
fn openai_needs_a_key_at_home_only() {
    let env = [("OPENAI_API_KEY", "")];
    assert_eq!(route("-p openai", env).key.value, missing(&["OPENAI_API_KEY"]));
    assert_eq!(route("-b https://own.example", env).key.value, KeySource::None);
}

#[test]
fn several_keys_keep_their_order() {
    let env = [("OPENAI_API_KEY_2", "b"), ("OPENAI_API_KEY_10", "c"), ("OPENAI_API_KEY", "a"), ("GEMINI_API_KEY", "g")];
    let names = ["OPENAI_API_KEY", "OPENAI_API_KEY_2", "OPENAI_API_KEY_10"];
    assert_eq!(route("", env).key.value, variables(&names));
}

#[test]
fn azure_keys_have_their_own_header_and_tokens_do_not() {
    let env = [
        ("AZURE_OPENAI_ENDPOINT", "https://res.openai.azure.com"),
        ("AZURE_OPENAI_API_KEY", "k"),
        ("AZURE_OPENAI_AD_TOKEN", "t"),
    ];
    let key = |name: &str, style| KeyVariable { name: name.to_owned(), style };
    let api_key = KeyStyle::Header("api-key");
    let token = key("AZURE_OPENAI_AD_TOKEN", KeyStyle::Bearer);
    let found = |words: &str| route(words, env).key.value;
    assert_eq!(found("-p azure -m x"), KeySource::Variables(vec![key("AZURE_OPENAI_API_KEY", api_key), token.clone()]));
    assert_eq!(found("-p azure -m x --api-key-env AZURE_OPENAI_AD_TOKEN"), KeySource::Variables(vec![token]));
    assert_eq!(found("-p azure -m x -H api-key:k"), KeySource::NotWanted);
    assert_eq!(route("-p azure -m x --api-key-file f", env).key_style, api_key);
}

#[test]
fn a_reserve_at_another_provider_gets_nothing_meant_for_the_first() {
    let env = [("OPENAI_API_KEY", "sk-1"), ("GROQ_API_KEY", "gsk-1"), ("LMPIPE_API", "responses")];
    let words = "-b http://127.0.0.1:1 -H X-Key:k --api-key-env A -m a --fallback groq:b --fallback c";
    let routes = settled(words, env).routes;
    assert_eq!(routes[1].key.value, variables(&["GROQ_API_KEY"]));
    assert_eq!(routes[1].headers, []);
    assert_eq!(routes[1].base_url.as_ref().unwrap().value, "https://api.groq.com/openai/v1");
    assert_eq!(routes[1].dialect.value, crate::request::Dialect::Chat);
    assert_eq!(routes[2].key, routes[0].key);
    assert_eq!(routes[2].base_url, routes[0].base_url);
    assert_eq!(settled("--no-key --fallback groq:b", env).routes[1].key.value, KeySource::NotWanted);
}

#[test]
fn a_key_where_its_variable_is_due_is_refused_without_quoting_it() {
    for key in ["sk-proj-abc", "gsk_0123456789abcdefgh", "a b", "1A", "Ä"] {
        let words = format!("-m m --api-key-env {}", key.replace(' ', "␣"));
        assert_eq!(
            failure(&words, [], ""),
            "--api-key-env: this is no name of a variable, perhaps the key itself: put the key into a variable and name \
             that; it is not shown here",
            "{key}"
        );
    }
}

#[test]
fn the_config_file_names_the_place_of_a_key() {
    let config = "[provider.a]\nbase_url = 'https://a.example'\napi_key_env = 'A'\n\
                  [provider.b]\nbase_url = 'https://b.example'\napi_key_file = 'keys/b'\n\
                  [provider.c]\nbase_url = 'https://c.example'\napi_key_file = '~/c'\n\
                  [provider.d]\nbase_url = 'https://d.example'\napi_key_command = 'pass d'\n\
                  [provider.e]\nbase_url = 'https://e.example'\n\
                  [provider.groq]\nbase_url = 'https://gateway.example'";
    let env = [("A", "a"), ("OPENAI_API_KEY", "sk-1"), ("GROQ_API_KEY", "g"), ("HOME", "/h")];
    for (words, key) in [
        ("-p a", variables(&["A"])),
        ("-p a -b https://other.example", KeySource::None),
        ("-p a -b https://a.example/v2", variables(&["A"])),
        ("-p b", KeySource::File(native(&["/etc", "keys", "b"]))),
        ("-p c", KeySource::File(native(&["/h", "c"]))),
        ("-p d", KeySource::Command("pass d".into())),
        ("-p d --api-key-env A", variables(&["A"])),
        ("-p e", KeySource::None),
        ("-p groq", variables(&["GROQ_API_KEY"])),
    ] {
        let found = settled_with(words, env, config).unwrap().routes.remove(0).key.value;
        assert_eq!(found, key, "{words}");
    }
    let found = settled_with("-p a", [], config).unwrap().routes.remove(0).key.value;
    assert_eq!(found, missing(&["A"]));
}

#[test]
fn no_key_crosses_a_network_in_the_clear() {
    let key = ("OPENAI_API_KEY", "sk-1");
    let hint = "--no-key sends none, --allow-plain-http sends it all the same";
    for (words, variable, what, place) in [
        (
            "",
            ("OPENAI_BASE_URL", "http://10.0.0.1/v1"),
            "base URL 'http://10.0.0.1/v1' (from OPENAI_BASE_URL)",
            "OPENAI_API_KEY",
        ),
        ("-b http://gpu.lan --api-key-file f", ("", ""), "base URL 'http://gpu.lan' (from --base-url)", "the key in f"),
        (
            "-b http://gpu.lan --no-key -H Authorization:x",
            ("", ""),
            "base URL 'http://gpu.lan' (from --base-url)",
            "header 'Authorization' (from --header)",
        ),
        (
            "-p openai-codex -b http://gpu.lan",
            ("HOME", "/h"),
            "base URL 'http://gpu.lan' (from --base-url)",
            &format!("the login in {}", native(&["/h", ".codex", "auth.json"])),
        ),
        (
            "-p openai --fallback ollama:x",
            ("OLLAMA_API_KEY", "o"),
            "base URL 'http://gpu.lan:11434/v1' (from OLLAMA_HOST)",
            "OLLAMA_API_KEY",
        ),
    ] {
        let env = [key, variable, ("OLLAMA_HOST", "gpu.lan")];
        let hint = if place.starts_with("header") {
            hint.replace("--no-key sends none", "leave it away")
        } else {
            hint.into()
        };
        assert_eq!(failure(words, env, ""), format!("{what}: {place} would cross the network in the clear: {hint}"));
        settled(&format!("{words} --allow-plain-http"), env);
        settled(&format!("{words} --print request"), env);
    }
    for words in ["-b http://gpu.lan --no-key", "-b http://127.0.0.1:1", "-b https://gpu.lan", "-p ollama"] {
        settled(words, [key, ("OLLAMA_HOST", "gpu.lan")]);
    }
}
