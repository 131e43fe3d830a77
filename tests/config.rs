//! The config file and the model URI: defaults, providers of one's own, rewrites, and what is wrong with them.

use serde_json::{Value, json};

use crate::replies::chat;
use crate::server::Server;
use crate::util::Run;

/// A run with this config file in its place.
fn with(config: &str, words: &[&str]) -> Run {
    Run::new(words).file("home/.config/lmpipe/config.toml", config)
}

/// A run with a config file whose provider `work` is a server of its own.
fn working(config: &str, words: &[&str]) -> Run {
    let server = Server::new([chat("x")]);
    with(&config.replace("URL", &server.url()), words).beside(server)
}

/// The body a run would send.
#[track_caller]
fn body(run: Run) -> Value {
    let finished = run.args(["--print", "request", "hi"]).finish();
    assert_eq!(finished.code(), 0, "{}", finished.stderr());
    serde_json::from_slice(&finished.stdout).unwrap_or_default()
}

/// A run that must fail over its config file.
fn refused(config: &str) -> Run {
    with(config, &["-m", "m", "hi"])
}

#[test]
fn provider_of_ones_own_brings_everything() {
    let config = r#"
        provider = "work"
        [provider.work]
        base_url = "URL"
        api_key_env = "WORK_KEY"
        model = "qwen3-32b"
        headers = { "X-Team" = "docs" }
        options = { top_p = 0.9 }
    "#;
    let request = working(config, &["hi"]).env("WORK_KEY", "sk-work").gives("x\n").request();
    assert_eq!((request.header("authorization"), request.header("x-team")), (Some("Bearer sk-work"), Some("docs")));
    let body = request.json();
    assert_eq!((&body["model"], &body["top_p"]), (&json!("qwen3-32b"), &json!(0.9)));
}

#[test]
fn options_are_body_fields_of_every_request_and_flags_beat_them() {
    let config = "[options]\ntemperature = 0.2\nseed = 1\n";
    let sent = body(with(config, &["-m", "m", "-t", "0.7"]));
    assert_eq!((&sent["temperature"], &sent["seed"]), (&json!(0.7), &json!(1)));
}

#[test]
fn config_flag_and_variable_name_the_file() {
    let config = "model = \"from-file\"\n";
    let run = |words: &[&str]| Run::new(words).file("mine.toml", config);
    assert_eq!(body(run(&["--config", "mine.toml"]))["model"], "from-file");
    assert_eq!(body(run(&[]).env("LMPIPE_CONFIG", "mine.toml"))["model"], "from-file");
    assert_eq!(body(run(&["--config", "mine.toml", "-m", "flag"]))["model"], "flag");
    assert_eq!(body(run(&["--config", "mine.toml"]).env("LMPIPE_MODEL", "env"))["model"], "env");
}

#[test]
fn named_config_that_is_missing_exits_2() {
    Run::new(["--config", "gone.toml", "-m", "m", "hi"])
        .fails(2, "cannot read 'gone.toml' (from --config): no such file or directory");
    Run::new(["-m", "m", "hi"])
        .env("LMPIPE_CONFIG", "gone.toml")
        .fails(2, "cannot read 'gone.toml' (from LMPIPE_CONFIG): no such file or directory");
}

#[test]
fn unknown_key_exits_2_with_line_and_column() {
    refused("model = \"m\"\n  modle = \"m\"\n")
        .fails(2, "DIR/home/.config/lmpipe/config.toml:2:3: unknown key 'modle': did you mean 'model'?");
    refused("[provider.work]\nbase_url = \"http://127.0.0.1:1\"\nbase_ulr = 1\n")
        .fails(2, "DIR/home/.config/lmpipe/config.toml:3:1: unknown key 'base_ulr': did you mean 'base_url'?");
}

#[test]
fn wrong_type_exits_2_with_line_and_column() {
    refused("model = 3\n")
        .fails(2, "DIR/home/.config/lmpipe/config.toml:1:9: 'model' is an integer, a string is wanted");
}

#[test]
fn broken_toml_exits_2_with_line_and_column() {
    refused("model = \"m\n").fails(2, "DIR/home/.config/lmpipe/config.toml:1:11: invalid basic string, expected `\"`");
}

#[test]
fn key_in_the_file_exits_2_without_quoting_it() {
    refused("[provider.work]\napi_key = \"sk-marked\"\n").fails(2, "DIR/home/.config/lmpipe/config.toml:2:1: 'api_key' is not known: a config file never holds a key, it gets shared and copied: name the place of the key with api_key_env, api_key_file or api_key_command");
}

#[test]
fn options_that_a_flag_sets_exit_2() {
    refused("[options]\nmodel = \"m\"\n").fails(2, "option 'model' (from DIR/home/.config/lmpipe/config.toml:2:1): this field is lmpipe's own: name it with --model");
}

#[test]
fn unknown_provider_exits_2_with_the_closest_names() {
    let config = "[provider.work]\nbase_url = \"http://127.0.0.1:1/v1\"\n";
    with(config, &["-p", "wrok", "-m", "m", "hi"])
        .fails(2, "provider 'wrok' (from --provider): not known: did you mean 'work'?");
}

#[test]
fn rewrites_map_whole_names_and_the_first_match_wins() {
    let config = "[rewrite]\n\"gpt-4\" = \"small\"\n\"gpt-4(.*)\" = \"gpt-4o$1\"\n";
    let model = |name: &str, words: &[&str]| body(with(config, &["-m", name]).args(words))["model"].clone();
    assert_eq!(model("gpt-4", &[]), "small");
    assert_eq!(model("gpt-4-turbo", &[]), "gpt-4o-turbo");
    assert_eq!(model("my-gpt-4", &[]), "my-gpt-4");
    assert_eq!(model("gpt-4", &["--no-rewrite"]), "gpt-4");
}

#[test]
fn bad_rewrite_pattern_exits_2() {
    refused("[rewrite]\n\"gpt-(\" = \"x\"\n").fails(
        2,
        "rewrite rule 'gpt-(' (from DIR/home/.config/lmpipe/config.toml:2:1): not a regular expression: unclosed group",
    );
}

#[test]
fn model_uri_parameters_are_body_fields() {
    let uri = "m?temperature=0.5&top_p=0.9&top_k=40&max_tokens=7&seed=3&reasoning_effort=low&verbosity=high";
    let sent = body(Run::new(["-b", "http://127.0.0.1:1/v1", "-m", uri]));
    assert_eq!((&sent["model"], &sent["temperature"], &sent["top_k"]), (&json!("m"), &json!(0.5), &json!(40)));
    assert_eq!((&sent["max_tokens"], &sent["seed"]), (&json!(7), &json!(3)));
    assert_eq!((&sent["reasoning_effort"], &sent["verbosity"]), (&json!("low"), &json!("high")));
}

#[test]
fn flags_beat_model_uri_parameters() {
    assert_eq!(body(Run::new(["-m", "m?temperature=0.5", "-t", "0.7"]))["temperature"], 0.7);
}

#[test]
fn model_uri_provider_is_one_of_the_known() {
    let run = Run::new(["-m", "groq:llama", "--print", "curl", "hi"]);
    let finished = run.finish();
    assert!(finished.stdout().contains("https://api.groq.com/openai/v1/chat/completions"), "{}", finished.stdout());
    assert_eq!(body(Run::new(["-m", "qwen2.5vl:7b"]))["model"], "qwen2.5vl:7b");
}

#[test]
fn bad_model_uri_exits_2() {
    for uri in ["m?heat=1", "m?temperature=warm", "m?temperature=", "m?temperature", "groq:", "?seed=1"] {
        let finished = Run::new(["-m", uri, "--print", "request", "hi"]).finish();
        assert_eq!((finished.code(), finished.stdout().as_str()), (2, ""), "{uri}: {}", finished.stderr());
    }
}

#[test]
fn print_config_names_every_origin() {
    let config = "model = \"from-file\"\n[options]\nseed = 1\n";
    with(config, &["--print", "config", "-t", "0.5"]).env("OPENAI_BASE_URL", "https://h.example/v1").ends(0, "provider         openai                built in\napi              chat                  from the preset\nbase_url         https://h.example/v1  from OPENAI_BASE_URL\nmodel            from-file             from DIR/home/.config/lmpipe/config.toml:1:9\nkey              none                  from the preset\noption seed      1                     from DIR/home/.config/lmpipe/config.toml:3:1\ntemperature      0.5                   from --temperature\nconnect_timeout  10 s                  built in\ntimeout          600 s                 built in\nmax_reply        268435456 bytes       built in\nretries          2                     built in\nstream           on a terminal         built in\ncolor            auto                  built in\nadapt            true                  built in\n", "");
}
