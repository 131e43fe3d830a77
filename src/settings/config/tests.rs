//! Claims about the config file.

use serde_json::{Value, json};

use super::*;
use crate::args::choices;
use crate::settings::body_option::OWN;

/// A file with every setting.
const WHOLE: &str = r#"
default_provider = "work"
model = "gpt-5-mini"
fallback = ["groq:x", "y?seed=1"]
connect_timeout = 1.5
timeout = "2m"
max_time = 30
max_reply = "10M"
retries = 0
proxy = "http://127.0.0.1:3128"
cacert = "ca.pem"
color = "never"
adapt = false
[options]
temperature = 0.20
big = 1_000_000_000_000_000_000_000
"a.b" = 1
nested.deep = { x = [1, "two", { three = 3.5 }], empty = {} }
[provider.work]
base_url = "https://llm.example.com/v1/"
api = "responses"
api_key_env = "WORK_LLM_KEY"
model = "qwen3-32b"
headers = { "X-Team" = "docs" }
options = { top_p = 0.9 }
[provider.file]
api_key_file = "~/key"
[provider.command]
api_key_command = "pass llm"
[rewrite]
"gpt-4(.*)" = "gpt-4o$1"
'a' = 'b'
"#;

/// The file of a text.
fn parsed(text: &str) -> ConfigFile {
    ConfigFile::parse(text, "c.toml").unwrap()
}

/// The failure of a text.
fn error(text: &str) -> String {
    ConfigFile::parse(text, "c.toml").unwrap_err().line()
}

/// A value at a line and column.
fn at<T>(value: T, line: usize, column: usize) -> Setting<T> {
    Setting::new(value, Origin::Config { path: "c.toml".into(), line, column })
}

/// Body fields as text: path, value, place.
fn shown(options: &[BodyOption]) -> Vec<String> {
    options.iter().map(|option| format!("{} = {} {}", option.path.join("/"), option.value, option.origin)).collect()
}

#[test]
fn every_setting_is_read_with_its_place() {
    let file = parsed(WHOLE);
    assert_eq!(file.provider, Some(at("work".into(), 2, 20)));
    assert_eq!(file.model, Some(at("gpt-5-mini".into(), 3, 9)));
    assert_eq!(file.fallback, [at("groq:x".into(), 4, 13), at("y?seed=1".into(), 4, 23)]);
    assert_eq!(file.connect_timeout, Some(at(Duration::from_millis(1500), 5, 19)));
    assert_eq!(file.timeout, Some(at(Duration::from_secs(120), 6, 11)));
    assert_eq!(file.max_time, Some(at(Duration::from_secs(30), 7, 12)));
    assert_eq!(file.max_reply, Some(at(10 << 20, 8, 13)));
    assert_eq!(file.retries, Some(at(0, 9, 11)));
    assert_eq!(file.proxy, Some(at("http://127.0.0.1:3128".into(), 10, 9)));
    assert_eq!(file.cacert, Some(at("ca.pem".into(), 11, 10)));
    assert_eq!(file.color, Some(at(Color::Never, 12, 9)));
    assert_eq!(file.adapt, Some(at(false, 13, 9)));
    assert_eq!(
        shown(&file.options),
        [
            "temperature = 0.20 from c.toml:15:1",
            "big = 1000000000000000000000 from c.toml:16:1",
            "a.b = 1 from c.toml:17:1",
            "nested/deep/x = [1,\"two\",{\"three\":3.5}] from c.toml:18:17",
            "nested/deep/empty = {} from c.toml:18:50",
        ]
    );
    let rule = |pattern: &str, replacement: &str, line| RewriteRule {
        pattern: pattern.into(),
        replacement: replacement.into(),
        origin: at((), line, 1).origin,
    };
    assert_eq!(file.rewrite, [rule("gpt-4(.*)", "gpt-4o$1", 31), rule("a", "b", 32)]);
}

#[test]
fn providers_are_read_with_their_places() {
    let file = parsed(WHOLE);
    let names: Vec<_> = file.providers.iter().map(|provider| provider.name.as_str()).collect();
    assert_eq!(names, ["work", "file", "command"]);
    let work = file.provider("work").unwrap();
    assert_eq!(work.base_url.as_ref().unwrap().url, at("https://llm.example.com/v1".into(), 20, 12));
    assert_eq!(work.api, Some(at(Dialect::Responses, 21, 7)));
    assert_eq!(work.key, Some(at(ConfigKey::Variable("WORK_LLM_KEY".into()), 22, 15)));
    assert_eq!(work.model, Some(at("qwen3-32b".into(), 23, 9)));
    assert_eq!(work.headers, [("X-Team".to_owned(), at(Secret::new("docs".into()), 24, 24))]);
    assert_eq!(shown(&work.options), ["top_p = 0.9 from c.toml:25:13"]);
    assert_eq!(file.providers[1].key, Some(at(ConfigKey::File("~/key".into()), 27, 16)));
    assert_eq!(file.providers[2].key, Some(at(ConfigKey::Command("pass llm".into()), 29, 19)));
}

#[test]
fn the_default_provider_may_stand_above_the_table_of_its_name() {
    for text in [
        "provider = \"work\"\nmodel = \"m\"\n[provider.work]\nmodel = \"n\"\n",
        "  # é\n\n  provider  =  'work'\r\n[provider.work]\r\nmodel = 'n'",
        "provider='work'\n[provider]\nwork = { model = 'n' }",
    ] {
        let file = parsed(text);
        assert_eq!(file.provider.map(|provider| provider.value).as_deref(), Some("work"), "{text}");
        assert_eq!(file.providers[0].model.as_ref().unwrap().value, "n", "{text}");
    }
    assert_eq!(error("provider = 'work'\nmodle = 1"), "c.toml:2:1: unknown key 'modle': did you mean 'model'?");
    assert_eq!(
        error("PROVIDER = 'work'"),
        "c.toml:1:1: unknown key 'PROVIDER': did you mean 'provider' or 'default_provider'?"
    );
    assert_eq!(error("provider = 'a'\ndefault_provider = 'b'"), "c.toml:2:1: the default provider is named twice");
}

#[test]
fn empty_counts_as_unset() {
    let file = parsed("provider = ''\nmodel = ''\ntimeout = ''\ncolor = ''\n[provider.a]\nbase_url = ''\napi = ''");
    assert_eq!((file.provider, file.model, file.timeout, file.color), (None, None, None, None));
    assert!(file.providers[0].base_url.is_none() && file.providers[0].api.is_none());
    assert!(parsed("").providers.is_empty());
}

#[test]
fn what_is_not_known_has_line_and_column() {
    for (text, why) in [
        ("model = 'a'\n\n  modle = 1", "3:3: unknown key 'modle': did you mean 'model'?"),
        ("[provider.a]\nbase_ulr = ''", "2:1: unknown key 'base_ulr': did you mean 'base_url'?"),
        ("é = 1", "1:1: invalid unquoted key, expected letters, numbers, `-`, `_`"),
        ("model = 1", "1:9: 'model' is an integer, a string is wanted"),
        ("model = [1]", "1:9: 'model' is an array, a string is wanted"),
        ("retries = true", "1:11: 'retries' is a boolean, a number or a string is wanted"),
        ("retries = -1", "1:11: retries '-1': not a count"),
        ("retries = 1.5", "1:11: retries '1.5': not a count"),
        ("timeout = 'soon'", "1:11: timeout 'soon': not a time: seconds, or a number with ms, s, m or h"),
        ("timeout = 1979-05-27", "1:11: 'timeout' is a date, a number or a string is wanted"),
        (
            "max_reply = '1T'",
            "1:13: max_reply '1T': not a size: bytes, or a number with K, M, G (1024) or KB, MB, GB (1000)",
        ),
        ("color = 'sometimes'", "1:9: color 'sometimes' is not known: one of auto, always, never"),
        ("adapt = 'no'", "1:9: 'adapt' is a string, true or false is wanted"),
        ("fallback = 'x'", "1:12: 'fallback' is a string, a list of strings is wanted"),
        ("fallback = ['']", "1:13: an empty string"),
        ("options = 1", "1:11: 'options' is an integer, a table is wanted"),
        ("[options]\nx = nan", "2:5: 'x' is no number that JSON knows"),
        ("[options]\nx = 1979-05-27", "2:5: 'x' is a date, what JSON knows, a string perhaps, is wanted"),
        ("[options]\n'' = 1", "2:1: an empty key"),
        ("provider.a = 1", "1:14: 'a' is an integer, a table is wanted"),
        ("provider = 1", "1:12: 'provider' is an integer, a string is wanted"),
        ("[provider.'a:b']", "1:11: 'a:b' is no name for a provider: no ':', '?' or '/' in it"),
        ("[provider.a]\napi = 'caht'", "2:7: api 'caht' is not known: did you mean 'chat'?"),
        ("[provider.a]\nheaders = { 'X Y' = '1' }", "2:13: header 'X Y': not a header name"),
        ("[provider.a]\napi_key_env = 'sk-proj'", "2:15: this is no name of a variable, perhaps the key itself"),
        ("[provider.a]\napi_key_env = 'A'\napi_key_file = 'b'", "3:1: the key of provider 'a' is named twice"),
        ("[rewrite]\na = ''", "2:5: a model name is never rewritten to nothing"),
        ("[rewrite]\na = 1", "2:5: 'a' is an integer, a string is wanted"),
        ("model = 'a'\nmodel = 'b'", "2:1: duplicate key"),
        ("model", "1:6: key with no value, expected `=`"),
        ("model = ", "1:9: string values must be quoted, expected literal string"),
        ("[options", "1:9: unclosed table, expected `]`"),
    ] {
        assert_eq!(error(text), format!("c.toml:{why}"), "{text}");
    }
    assert_eq!(
        error("[options]\nstream = true"),
        "option 'stream' (from c.toml:2:1): this field is lmpipe's own: say --stream or --no-stream"
    );
}

#[test]
fn keys_are_refused_with_the_reason_and_not_shown() {
    const HINT: &str = "name the place of the key with api_key_env, api_key_file or api_key_command";
    for (text, why) in [
        ("api_key = 'x'", "1:1: 'api_key' is not known: a config file never holds a key, it gets shared and copied"),
        (
            "[provider.a]\nAPI-Key = 'x'",
            "2:1: 'API-Key' is not known: a config file never holds a key, it gets shared and copied",
        ),
        (
            "[provider.a]\napi_key_env = 'sk-proj-0123456789abcdef'",
            "2:15: this looks like a key: a config file never holds one, it gets shared and copied",
        ),
        (
            "[options]\nx = ['Bearer 0123456789abcdef']",
            "2:6: this looks like a key: a config file never holds one, it gets shared and copied",
        ),
        (
            "[provider.a.headers]\nauthorization = 'x'",
            "2:1: 'authorization' carries a key: a config file never holds one, it gets shared and copied",
        ),
    ] {
        assert_eq!(error(text), format!("c.toml:{why}: {HINT}"), "{text}");
    }
    for model in ["sk-learn", "sk-a-model-without-any-digits", "gpt-4o-mini-2024-07-18"] {
        parsed(&format!("model = '{model}'"));
    }
}

/// The schema for editors.
fn schema() -> Value {
    serde_json::from_str(include_str!("../../../docs/config.schema.json")).unwrap()
}

/// A file as JSON, as an editor sees it.
fn as_json(text: &str) -> Value {
    serde_json::to_value(toml::from_str::<toml::Table>(text).unwrap()).unwrap()
}

#[test]
fn the_schema_for_editors_knows_the_same_keys() {
    let schema = schema();
    let names = |place: &Value| -> Vec<String> { place.as_object().unwrap().keys().cloned().collect() };
    assert_eq!(names(&schema["properties"]), KEYS);
    assert_eq!(names(&schema["$defs"]["provider"]["properties"]), PROVIDER_KEYS);
    let words = |words: Vec<String>| json!([words, vec![String::new()]].concat());
    assert_eq!(schema["$defs"]["provider"]["properties"]["api"]["enum"], words(choices::words::<Dialect>()));
    assert_eq!(schema["properties"]["color"]["enum"], words(choices::words::<Color>()));
    assert_eq!(schema["$defs"]["options"]["propertyNames"]["not"]["enum"], json!(OWN.map(|(field, _)| field)));
}

#[test]
fn the_schema_for_editors_agrees_about_whole_files() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    for text in [WHOLE, "", "provider = 'a'", "timeout = ''\nretries = '3'\nmax_reply = 5"] {
        parsed(text);
        assert!(validator.is_valid(&as_json(&text.replace("1_000_000_000_000_000_000_000", "1"))), "{text}");
    }
    for text in [
        "modle = 'x'",
        "model = 1",
        "api_key = 'x'",
        "timeout = 'soon'",
        "timeout = 0",
        "max_reply = '1T'",
        "retries = -1",
        "adapt = 'no'",
        "fallback = ['']",
        "color = 'sometimes'",
        "[options]\nstream = true",
        "[options]\nmodel = 'm'",
        "[rewrite]\na = ''",
        "[provider.'a:b']",
        "[provider.a]\napi_key = 'x'",
        "[provider.a]\napi = 'x'",
        "[provider.a]\nbase_url = 'h'",
        "[provider.a]\napi_key_env = 'A'\napi_key_file = 'b'",
    ] {
        error(text);
        assert!(!validator.is_valid(&as_json(text)), "{text}");
    }
}

#[test]
fn config_file_of_the_docs_is_one() {
    let page = include_str!("../../../docs/providers.md");
    let file = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let config = ConfigFile::parse(file, "docs/providers.md").unwrap();
    assert_eq!((config.providers.len(), config.rewrite.len(), config.options.len()), (2, 1, 1));
}
