//! Claims about settled settings as a whole: which model, which server, which key.

mod hostile;
mod keys;
mod servers;

use std::path::PathBuf;

use serde_json::Value;

use super::config::ConfigFile;
use super::env::Env;
use super::route::Route;
use super::{Settings, Streaming, config_path, settle, show};
use crate::args::Args;
use crate::failure::Failure;
use crate::request::body_field::{SEED, TEMPERATURE};

/// A config file with one provider of the user's own, as the contract shows it.
const CONFIG: &str = r#"
provider = "work"
model = "gpt-5-mini"
timeout = "90s"
[options]
temperature = 0.2
[provider.work]
base_url = "https://llm.example.com/v1"
api_key_env = "WORK_LLM_KEY"
model = "qwen3-32b"
headers = { "X-Team" = "docs" }
options = { top_p = 0.9 }
[rewrite]
"gpt-4(.*)" = "gpt-4o$1"
"#;

/// A path of these parts, as the system writes it.
fn native(parts: &[&str]) -> String {
    parts.iter().collect::<PathBuf>().to_string_lossy().into_owned()
}

/// Arguments from words; `␣` stands for a blank inside one.
fn args(words: &str) -> Args {
    let words = words.split_whitespace().map(|word| word.replace('␣', " "));
    Args::typed(words)
}

/// What words, variables and a config file settle to.
fn settled_with<const N: usize>(words: &str, env: [(&str, &str); N], config: &str) -> Result<Settings, Failure> {
    let config = ConfigFile::parse(config, "/etc/c.toml")?;
    settle(&args(words), &Env::from(env), Some(&config))
}

/// What words and variables settle to.
fn settled<const N: usize>(words: &str, env: [(&str, &str); N]) -> Settings {
    settled_with(words, env, "").unwrap()
}

/// The first route of words and variables.
fn route<const N: usize>(words: &str, env: [(&str, &str); N]) -> Route {
    settled(words, env).routes.remove(0)
}

/// The failure of words, variables and a config file.
fn failure<const N: usize>(words: &str, env: [(&str, &str); N], config: &str) -> String {
    settled_with(words, env, config).unwrap_err().line()
}

/// Provider, model and base URL of a route, with `?` for what is not settled.
fn aim(route: &Route) -> (&str, &str, &str) {
    let model = route.model.as_ref().map_or("?", |model| &model.value);
    let base_url = route.base_url.as_ref().map_or("?", |base_url| &base_url.value);
    (&route.provider.value, model, base_url)
}

#[test]
fn provider_and_model_come_from_the_strongest_place() {
    let config = CONFIG;
    for (words, env, provider, model) in [
        ("", [("", "")], "work", "qwen3-32b"),
        ("-m x", [("", "")], "work", "x"),
        ("-p groq -m x", [("", "")], "groq", "x"),
        ("-m groq:x", [("", "")], "groq", "x"),
        ("", [("LMPIPE_MODEL", "groq:x")], "groq", "x"),
        ("", [("LMPIPE_PROVIDER", "groq")], "groq", "gpt-5-mini"),
        ("-m xai:x", [("LMPIPE_PROVIDER", "groq")], "xai", "x"),
        ("-m x", [("LMPIPE_PROVIDER", "groq")], "groq", "x"),
        ("-p xai -m x", [("LMPIPE_MODEL", "groq:y")], "xai", "x"),
        ("-p ollama -m mistral:7b", [("", "")], "ollama", "mistral:7b"),
        ("-p ollama -m ollama:mistral:7b", [("", "")], "ollama", "mistral:7b"),
        ("-p work -m work:qwen3:8b", [("", "")], "work", "qwen3:8b"),
        ("-m work:qwen3:8b", [("", "")], "work", "qwen3:8b"),
    ] {
        let settings = settled_with(words, env, config).unwrap();
        let (found, name, _) = aim(&settings.routes[0]);
        assert_eq!((found, name), (provider, model), "{words} {env:?}");
    }
}

#[test]
fn a_provider_beside_the_model_leaves_its_name_whole() {
    let env = [("LMPIPE_PROVIDER", "ollama"), ("LMPIPE_MODEL", "mistral:7b")];
    assert_eq!(aim(&route("", env)), ("ollama", "mistral:7b", "http://localhost:11434/v1"));
    let config = "provider = 'ollama'\nmodel = 'mistral:7b'";
    assert_eq!(
        aim(&settled_with("", [], config).unwrap().routes[0]),
        ("ollama", "mistral:7b", "http://localhost:11434/v1")
    );
}

#[test]
fn unknown_providers_get_the_closest_names() {
    assert_eq!(failure("-p grok", [], ""), "provider 'grok' (from --provider): not known: did you mean 'groq'?");
    assert_eq!(
        failure("", [("LMPIPE_PROVIDER", "wrk")], CONFIG),
        "provider 'wrk' (from LMPIPE_PROVIDER): not known: did you mean 'work'?"
    );
    assert_eq!(
        failure("", [], "provider = 'olama'"),
        "provider 'olama' (from /etc/c.toml:1:12): not known: did you mean 'ollama'?"
    );
}

#[test]
fn an_empty_model_flag_is_no_model_and_an_empty_variable_is_unset() {
    assert_eq!(
        failure("-m=", [], ""),
        "model '' (from --model): it names no model: a model looks like gpt-5-mini or ollama:qwen3:8b"
    );
    assert_eq!(aim(&route("", [("LMPIPE_MODEL", "")])), ("openai", "?", "?"));
}

#[test]
fn rewrites_map_names_and_are_said() {
    let rewritten = |words: &str, rules: &str| {
        let settings = settled_with(words, [], &format!("[rewrite]\n{rules}")).unwrap();
        let (provider, model, _) = aim(&settings.routes[0]);
        (provider.to_owned(), model.to_owned(), settings.notices)
    };
    let said = |line: &str| vec![line.to_owned()];
    assert_eq!(
        rewritten("-m openai:gpt-4-turbo", r#""gpt-4(.*)" = "gpt-4o$1""#),
        (
            "openai".into(),
            "gpt-4o-turbo".into(),
            said("model 'gpt-4-turbo' is rewritten to 'gpt-4o-turbo' (from /etc/c.toml:2:1)")
        )
    );
    assert_eq!(
        rewritten("-m gpt-4", r#""gpt-4" = "ollama:qwen3:8b""#),
        (
            "ollama".into(),
            "qwen3:8b".into(),
            said("model 'gpt-4' is rewritten to 'ollama:qwen3:8b' (from /etc/c.toml:2:1)")
        )
    );
    assert_eq!(rewritten("-m gpt-4 --no-rewrite", r#""gpt-4" = "x""#), ("openai".into(), "gpt-4".into(), vec![]));
}

#[test]
fn parameters_typed_beat_those_of_a_rewrite() {
    let config = "[rewrite]\n'gpt-4' = 'gpt-4o?temperature=0.1&seed=1'";
    let settings = settled_with("-m gpt-4?temperature=0.9", [], config).unwrap();
    let sampling = settings.routes[0].generation.sampling();
    assert_eq!(sampling.get(&TEMPERATURE), Some(&Value::Number("0.9".parse().unwrap())));
    assert_eq!(sampling.get(&SEED), Some(&1.into()));
}

#[test]
fn models_in_reserve_follow_in_order() {
    let aims = |words: &str, config: &str| -> Vec<(String, String, String)> {
        let owned = |(a, b, c): (&str, &str, &str)| (a.to_owned(), b.to_owned(), c.to_owned());
        settled_with(words, [], config).unwrap().routes.iter().map(|route| owned(aim(route))).collect()
    };
    let aim = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
    let work = "https://llm.example.com/v1";
    assert_eq!(
        aims("-m a --fallback b --fallback groq:c --fallback mistral:7b", CONFIG),
        [
            aim("work", "a", work),
            aim("work", "b", work),
            aim("groq", "c", "https://api.groq.com/openai/v1"),
            aim("mistral", "7b", "https://api.mistral.ai/v1"),
        ]
    );
    let config = "fallback = ['groq:c']\n[rewrite]\nc = 'd'";
    let groq = "https://api.groq.com/openai/v1";
    assert_eq!(aims("-p xai -m a", config), [aim("xai", "a", "https://api.x.ai/v1"), aim("groq", "d", groq)]);
    assert_eq!(aims("-p groq -m a --fallback e", config), [aim("groq", "a", groq), aim("groq", "e", groq)]);
    assert_eq!(
        failure("-m a --fallback=", [], ""),
        "model '' (from --fallback): it names no model: a model looks like gpt-5-mini or ollama:qwen3:8b"
    );
}

#[test]
fn generation_settings_hold_for_every_route() {
    let settings = settled_with("-m a?seed=1 --fallback groq:b -t 0.5", [], CONFIG).unwrap();
    let rows = |place: usize| -> Vec<(String, String)> {
        let rows = settings.routes[place].generation.rows();
        rows.map(|(name, value, origin)| (name, format!("{value} {origin}"))).collect()
    };
    let row = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        rows(0),
        [
            row("option top_p", "0.9 from /etc/c.toml:12:13"),
            row("seed", "1 from the model URI"),
            row("temperature", "0.5 from --temperature")
        ]
    );
    assert_eq!(rows(1), [row("temperature", "0.5 from --temperature")]);
}

#[test]
fn answers_stream_by_themselves_where_they_are_shown_while_they_arrive() {
    for (words, streaming) in [
        ("", Streaming::Terminal),
        ("--stream", Streaming::On),
        ("--no-stream", Streaming::Off),
        ("--stream --no-stream", Streaming::Off),
        ("-S s", Streaming::Off),
        ("-S s --stream", Streaming::On),
        ("-S s --each", Streaming::On),
        ("-S s --each --no-stream", Streaming::Off),
        ("--json", Streaming::Off),
        ("-x", Streaming::Off),
        ("-O json", Streaming::Off),
        ("-O events", Streaming::On),
        ("-O events --no-stream", Streaming::Off),
    ] {
        assert_eq!(settled(words, []).output.streaming.value, streaming, "{words}");
    }
    assert!(Streaming::Terminal.is_on(true) && !Streaming::Terminal.is_on(false));
}

#[test]
fn usage_is_wanted_where_something_shows_it() {
    for (words, wanted) in [("", false), ("-u", true), ("--meta f", true), ("-O json", true), ("-r -v", false)] {
        assert_eq!(settled(words, []).output.wants_usage(), wanted, "{words}");
    }
}

#[test]
fn plain_terminals_get_no_spinner_and_no_colour() {
    let with = |words: &str, variables: [(&str, &str); 2]| {
        let output = settled(words, variables).output;
        (format!("{:?} {}", output.color.value, output.color.origin), output.spinner)
    };
    let found = |words: &str, variable: (&str, &str)| with(words, [variable, ("", "")]);
    assert_eq!(found("", ("TERM", "xterm")), ("Auto built in".into(), true));
    assert_eq!(found("", ("TERM", "dumb")), ("Never from TERM".into(), false));
    assert_eq!(found("", ("NO_COLOR", "1")), ("Never from NO_COLOR".into(), false));
    assert_eq!(found("", ("NO_COLOR", "")), ("Auto built in".into(), true));
    assert_eq!(found("--color always", ("NO_COLOR", "1")), ("Always from --color".into(), false));
    assert_eq!(found("-q", ("", "")), ("Auto built in".into(), false));
    let forced = ("CLICOLOR_FORCE", "1");
    assert_eq!(found("", forced), ("Always from CLICOLOR_FORCE".into(), true));
    assert_eq!(found("", ("CLICOLOR_FORCE", "0")), ("Auto built in".into(), true));
    assert_eq!(with("", [forced, ("TERM", "dumb")]), ("Always from CLICOLOR_FORCE".into(), false));
    assert_eq!(with("", [forced, ("NO_COLOR", "1")]), ("Never from NO_COLOR".into(), false));
    assert_eq!(found("--color never", forced), ("Never from --color".into(), false));
}

#[test]
fn bad_limits_name_their_flag() {
    for (words, error) in [
        ("--timeout soon", "value 'soon' (from --timeout): not a time: seconds, or a number with ms, s, m or h"),
        ("--connect-timeout 0", "value '0' (from --connect-timeout): a time limit must be longer than nothing"),
        (
            "--max-reply big",
            "value 'big' (from --max-reply): not a size: bytes, or a number with K, M, G (1024) or KB, MB, GB (1000)",
        ),
    ] {
        assert_eq!(failure(words, [], ""), error);
    }
    assert_eq!(
        failure("", [("OPENAI_MTLS_CLIENT_KEY_FILE", "k")], ""),
        "OPENAI_MTLS_CLIENT_KEY_FILE: OPENAI_MTLS_CLIENT_CERT_FILE is not set beside it"
    );
}

#[test]
fn the_config_file_is_where_flag_variable_or_the_base_directory_say() {
    let path = |words: &str, env: Env| {
        config_path(&args(words), &env).map(|(path, by)| (path.to_string_lossy().into_owned(), by))
    };
    let folder = if cfg!(windows) { "C:\\x" } else { "/x" };
    let home = ("HOME", "/home/u");
    assert_eq!(path("--config a", [("LMPIPE_CONFIG", "b")].into()), Some(("a".into(), Some("--config"))));
    assert_eq!(path("", [("LMPIPE_CONFIG", "b"), home].into()), Some(("b".into(), Some("LMPIPE_CONFIG"))));
    let expected = Some((native(&[folder, "lmpipe", "config.toml"]), None));
    assert_eq!(path("", [("XDG_CONFIG_HOME", folder), home].into()), expected);
    for env in [[("XDG_CONFIG_HOME", ""), home], [("XDG_CONFIG_HOME", "relative"), home]] {
        assert_eq!(path("", env.into()), Some((native(&["/home/u", ".config", "lmpipe", "config.toml"]), None)));
    }
    assert_eq!(path("", Env::default()), None);
}

#[test]
fn every_setting_is_shown_with_its_origin() {
    let env = [("WORK_LLM_KEY", "sk-secret"), ("HTTPS_PROXY", "http://p")];
    let settings =
        settled_with("-m gpt-4 -e low --retries 5 --fallback groq:x -H Cookie:␣secret", env, CONFIG).unwrap();
    let rows: Vec<String> =
        show::rows(&settings).into_iter().map(|(name, value, origin)| format!("{name} = {value} ({origin})")).collect();
    assert_eq!(
        rows,
        [
            "provider = work (from /etc/c.toml:2:12)",
            "api = chat (built in)",
            "base_url = https://llm.example.com/v1 (from /etc/c.toml:8:12)",
            "model = gpt-4o (from /etc/c.toml:14:1)",
            "key = WORK_LLM_KEY (from /etc/c.toml:9:15)",
            "header X-Team = (not shown) (from /etc/c.toml:11:24)",
            "header Cookie = (not shown) (from --header)",
            "option temperature = 0.2 (from /etc/c.toml:6:1)",
            "option top_p = 0.9 (from /etc/c.toml:12:13)",
            "reasoning_effort = \"low\" (from --effort)",
            "fallback 1 provider = groq (from the model URI)",
            "fallback 1 api = chat (from the preset)",
            "fallback 1 base_url = https://api.groq.com/openai/v1 (from the preset)",
            "fallback 1 model = x (from --fallback)",
            "fallback 1 key = missing: GROQ_API_KEY is not set (from the preset)",
            "fallback 1 option temperature = 0.2 (from /etc/c.toml:6:1)",
            "fallback 1 reasoning_effort = \"low\" (from --effort)",
            "connect_timeout = 10 s (built in)",
            "timeout = 90 s (from /etc/c.toml:4:11)",
            "max_reply = 268435456 bytes (built in)",
            "retries = 5 (from --retries)",
            "stream = on a terminal (built in)",
            "color = auto (built in)",
            "adapt = true (built in)",
        ]
    );
}
