//! Tests of `server.rs`.

use super::*;

#[test]
fn ollama_host_has_every_form_that_ollama_reads() {
    for (value, url) in [
        ("gpu.lan", "http://gpu.lan:11434/v1"),
        ("gpu.lan:8080", "http://gpu.lan:8080/v1"),
        (":8080", "http://127.0.0.1:8080/v1"),
        ("0.0.0.0", "http://127.0.0.1:11434/v1"),
        ("0.0.0.0:9999", "http://127.0.0.1:9999/v1"),
        ("::", "http://[::1]:11434/v1"),
        ("[::]:9999", "http://[::1]:9999/v1"),
        ("::1", "http://[::1]:11434/v1"),
        ("[fe80::1]:80", "http://[fe80::1]:80/v1"),
        ("http://gpu.lan", "http://gpu.lan/v1"),
        ("https://gpu.lan", "https://gpu.lan/v1"),
        ("https://gpu.lan:8443/ollama/", "https://gpu.lan:8443/ollama/v1"),
        ("http://gpu.lan:1/v1", "http://gpu.lan:1/v1"),
    ] {
        assert_eq!(ollama(value), url, "{value}");
    }
}

#[test]
fn a_search_stays_on_this_machine() {
    let urls = |env: Env| local_servers(&env).into_iter().map(|(_, url)| url).collect::<Vec<_>>();
    let others = ["http://localhost:1234/v1", "http://localhost:8080/v1", "http://localhost:8000/v1"];
    let with = |first| [&[first][..], &others].concat();
    assert_eq!(urls(Env::default()), with("http://localhost:11434/v1"));
    assert_eq!(urls([("OLLAMA_HOST", ":9")].into()), with("http://127.0.0.1:9/v1"));
    assert_eq!(urls([("OLLAMA_HOST", "gpu.lan")].into()), with("http://localhost:11434/v1"));
}

#[test]
fn a_server_has_the_quirks_of_the_preset_at_home_there() {
    let provider = |name, is_named| ProviderFacts { name, preset: preset(name), config: None, is_named };
    for (name, is_named, url, quirks_of) in [
        ("openai", false, "https://api.openai.com/v1", "openai"),
        ("openai", false, "https://API.mistral.ai/v1", "mistral"),
        ("openai", false, "https://res.openai.azure.com/openai/v1", "azure"),
        ("openai", false, "http://127.0.0.1:1", ""),
        ("openai", true, "http://127.0.0.1:1", "openai"),
        ("mistral", true, "https://gateway.example", "mistral"),
        ("work", true, "https://gateway.example", ""),
    ] {
        assert_eq!(quirks(&provider(name, is_named), url).name, quirks_of, "{name} {url}");
    }
}
