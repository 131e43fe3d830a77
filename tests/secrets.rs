//! A marked key in every place a key can be, through every mode that talks and every way to fail: it is seen nowhere.
//!
//! What the model says is the model's: an answer that holds the key is printed as it is.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::inside::{Terminals, run};
use crate::replies::{DONE, chat, chat_stream, error, event, json_reply, models, reply, stream_of};
use crate::server::{Answer, Request, Server, Sign, Step};
use crate::util::{Folder, Run};

/// The key no output may hold.
const KEY: &str = "sk-marked-0123456789abcdef";

/// One place a key can be: the words, variables and files that put it there.
#[derive(Default)]
struct Place {
    /// What it is called.
    name: &'static str,
    /// Words on the command line; `URL` stands for the server's base URL, `DIR` for the folder.
    words: Vec<String>,
    /// Variables, with the same stand-ins.
    env: Vec<(&'static str, String)>,
    /// Files in the folder.
    files: Vec<(&'static str, String)>,
    /// Whether the words name the server.
    names_server: bool,
}

impl Place {
    /// A place of this name.
    fn new(name: &'static str) -> Self {
        Self { name, ..Self::default() }
    }

    /// With these words.
    fn words(mut self, words: &[&str]) -> Self {
        self.words.extend(words.iter().map(|word| word.replace("KEY", KEY)));
        self
    }

    /// With this variable.
    fn env(mut self, name: &'static str, value: &str) -> Self {
        self.env.push((name, value.replace("KEY", KEY)));
        self
    }

    /// With this file.
    fn file(mut self, name: &'static str, text: &str) -> Self {
        self.files.push((name, text.replace("KEY", KEY)));
        self
    }

    /// The same, with the server named already.
    fn naming_the_server(mut self) -> Self {
        self.names_server = true;
        self
    }
}

/// Every place.
#[cfg(unix)]
fn places() -> Vec<Place> {
    let login =
        r#"{"tokens": {"id_token": "KEY", "access_token": "KEY", "refresh_token": "KEY", "account_id": "KEY"}}"#;
    let login_with_key = r#"{"OPENAI_API_KEY": "KEY"}"#;
    let codex = &["--api", "codex"];
    let config = "[provider.mine]\nbase_url = \"URL\"\nheaders = { \"X-Key\" = \"KEY\" }\n";
    let config_with_key = "[provider.mine]\nbase_url = \"URL\"\napi_key = \"KEY\"\n";
    let named = &["-p", "mine", "--config", "DIR/config.toml"];
    vec![
        Place::new("the variable").env("OPENAI_API_KEY", "KEY"),
        Place::new("numbered variables").env("OPENAI_API_KEY_1", "KEY").env("OPENAI_API_KEY_2", "KEY-2"),
        Place::new("a variable of another name").words(&["--api-key-env", "MINE"]).env("MINE", "KEY"),
        Place::new("a preset's variable").words(&["-p", "groq"]).env("GROQ_API_KEY", "KEY"),
        Place::new("azure's variable").words(&["-p", "azure"]).env("AZURE_OPENAI_API_KEY", "KEY"),
        Place::new("a key file").words(&["--api-key-file", "DIR/key"]).file("key", "KEY\n"),
        Place::new("a key file of two lines").words(&["--api-key-file", "DIR/key"]).file("key", "KEY\nKEY\n"),
        Place::new("a key command").words(&["--api-key-command", "cat DIR/key"]).file("key", "KEY"),
        Place::new("a key command that fails").words(&["--api-key-command", "cat DIR/key; exit 3"]).file("key", "KEY"),
        Place::new("a key no header can carry").env("OPENAI_API_KEY", "KEY\u{7f}KEY"),
        Place::new("a header flag").words(&["-H", "Authorization: Bearer KEY", "-H", "x-api-key: KEY"]),
        Place::new("a broken header flag").words(&["-H", "Authorization\u{1}: KEY"]),
        Place::new("custom headers").env("OPENAI_CUSTOM_HEADERS", "X-Gateway-Key: KEY\nCookie: session=KEY"),
        Place::new("broken custom headers").env("OPENAI_CUSTOM_HEADERS", "X-Gateway-Key KEY"),
        Place::new("a header of the config").words(named).file("config.toml", config).naming_the_server(),
        Place::new("the config, where it may not be").words(named).file("config.toml", config_with_key),
        Place::new("the URL's user").words(&["-b", "https://user:KEY@h.example/v1"]).naming_the_server(),
        Place::new("the URL variable's user").env("OPENAI_BASE_URL", "https://KEY@h.example/v1").naming_the_server(),
        Place::new("the URL's query").words(&["-b", "URL?api-key=KEY"]).naming_the_server(),
        Place::new("the URL variable's query").env("OPENAI_BASE_URL", "URL?key=KEY&v=1").naming_the_server(),
        Place::new("a broken URL").words(&["-b", "ht tp://user:KEY@h.example/v1?key=KEY"]).naming_the_server(),
        Place::new("a proxy flag").words(&["--proxy", "http://user:KEY@127.0.0.1:1"]),
        Place::new("a broken proxy flag").words(&["--proxy", "nonsense://user:KEY@127.0.0.1:1:2"]),
        Place::new("a proxy variable").env("HTTP_PROXY", "http://user:KEY@127.0.0.1:1"),
        Place::new("a SOCKS proxy").env("ALL_PROXY", "socks5://user:KEY@127.0.0.1:1"),
        Place::new("a login").words(codex).env("CODEX_HOME", "DIR").file("auth.json", login),
        Place::new("a login with a key").words(codex).env("CODEX_HOME", "DIR").file("auth.json", login_with_key),
        Place::new("a broken login").words(codex).env("CODEX_HOME", "DIR").file("auth.json", "{\"tokens\": {KEY"),
        Place::new("a client certificate")
            .env("OPENAI_MTLS_CLIENT_CERT_FILE", "DIR/key")
            .env("OPENAI_MTLS_CLIENT_KEY_FILE", "DIR/key")
            .file("key", "-----BEGIN PRIVATE KEY-----\nKEY\n-----END PRIVATE KEY-----\n"),
    ]
}

/// Every mode that talks.
const MODES: [&[&str]; 21] = [
    &["hi"],
    &["-v", "hi"],
    &["-v", "--stream", "-u", "-r", "hi"],
    &["-O", "json", "hi"],
    &["-O", "events", "hi"],
    &["--meta", "DIR/out-meta.json", "hi"],
    &["--save-messages", "DIR/out-messages.json", "hi"],
    &["--errors", "json", "-v", "hi"],
    &["--json", "-v", "hi"],
    &["-S", "name", "--repair", "1", "-v", "hi"],
    &["--fallback", "other", "-v", "hi"],
    &["--print", "request", "-v", "hi"],
    &["--print", "curl", "-v", "hi"],
    &["--print", "config", "hi"],
    &["--list-models", "-v"],
    &["--list-models", "-O", "json"],
    &["--probe"],
    &["--probe", "-O", "json", "-v"],
    &["--lint-schema", "-S", "name"],
    &["--nonsense"],
    &[],
];

/// Every answer that may make a run talk or fail, made of what the server saw of the key.
const ANSWERS: [fn(&str) -> Vec<u8>; 18] = [
    |_| chat("x"),
    |_| chat_stream(&["x"]),
    |_| models(&["m"]),
    |_| Vec::new(),
    |_| b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".to_vec(),
    |seen| error(401, &told(seen), Some("invalid_api_key")),
    |seen| error(403, &told(seen), None),
    |seen| error(429, &told(seen), Some("insufficient_quota")),
    |seen| error(404, &told(seen), Some("model_not_found")),
    |seen| json_reply(400, &failure(seen)),
    |seen| json_reply(200, &failure(seen)),
    |seen| json_reply(500, &json!({"detail": [{"msg": told(seen)}]})),
    |seen| stream_of(&[&event(&failure(seen)), DONE]),
    |seen| reply(502, &["Content-Type: text/html"], format!("<title>{}</title>", told(seen))),
    |seen| reply(500, &["Content-Type: text/plain"], told(seen)),
    |seen| reply(302, &[&format!("Location: https://elsewhere.example/?key={seen}")], ""),
    |seen| reply(200, &[&format!("X-Request-Id: {seen}"), &format!("X-RateLimit-Reset: {seen}")], told(seen)),
    |seen| format!("HTTP/1.1 {seen}\r\n{seen}\r\n\r\n").into_bytes(),
];

/// What a server says about a key it does not like.
fn told(seen: &str) -> String {
    format!("Incorrect API key provided: {seen}. Header was '{seen}'.")
}

/// An error that says it in every member.
fn failure(seen: &str) -> Value {
    json!({"error": {"message": told(seen), "code": seen, "type": seen, "param": seen}})
}

/// All that a request holds of the key: its target and its headers.
fn seen(request: &Request) -> String {
    let target = request.line.split(' ').nth(1).unwrap_or_default();
    let values = request.headers.iter().map(|(_, value)| value.as_str());
    values.chain([target]).filter(|value| value.contains(KEY)).collect::<Vec<_>>().join(" ")
}

/// Runs a mode with the key in a place against a server that always gives this answer: what shows the key.
fn leak(place: &Place, mode: &[&str], answer: fn(&str) -> Vec<u8>) -> Option<String> {
    let folder = Folder::new();
    // How often the server is asked is another test's claim.
    let server = Server::replying(move |request| answer(&seen(request)));
    let settled = |text: &str| text.replace("URL", &server.url()).replace("DIR", &folder.0.to_string_lossy());
    for (name, text) in &place.files {
        fs::write(folder.0.join(name), settled(text)).expect("the test's folder is writable");
    }
    let url = server.url();
    let named = if place.names_server { vec!["-m", "m"] } else { vec!["-b", url.as_str(), "-m", "m"] };
    let words = named.into_iter().chain(["--retries", "0", "--timeout", "5"]).map(str::to_owned);
    let words: Vec<String> =
        words.chain(place.words.iter().map(String::as_str).chain(mode.iter().copied()).map(settled)).collect();
    let env: Vec<(&str, String)> = place.env.iter().map(|(name, value)| (*name, settled(value))).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let env: Vec<(&str, &str)> =
        env.iter().map(|(name, value)| (*name, value.as_str())).chain([("PATH", "/usr/bin:/bin")]).collect();
    let (code, stdout, stderr) = run(&words, &env, Terminals::default());
    let all = [stdout, stderr, written(&folder.0)].concat();
    all.contains(KEY).then(|| format!("key in {}, {mode:?}, exit {code}: {all}", place.name))
}

/// All that a run wrote into files.
fn written(folder: &Path) -> String {
    let files = fs::read_dir(folder).expect("the folder is there").flatten().map(|entry| entry.path());
    let ours = files.filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("out-")));
    ours.map(|path| String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned()).collect()
}

#[test]
#[cfg(unix)]
fn key_is_seen_in_no_mode() {
    let mut leaks = Vec::new();
    for (place, mode) in places().iter().flat_map(|place| MODES.map(|mode| (place, mode))) {
        leaks.extend(leak(place, mode, |_| chat("x")));
        leaks.extend(leak(place, mode, |seen| error(401, &told(seen), None)));
    }
    assert!(leaks.is_empty(), "{} leaks\n{}", leaks.len(), leaks.join("\n"));
}

#[test]
#[cfg(unix)]
fn key_is_seen_in_no_failure() {
    let meta = ["--fallback", "other", "--meta", "DIR/out-meta.json", "-O", "json", "hi"];
    let modes: [&[&str]; 4] =
        [&["-v", "hi"], &["--errors", "json", "-v", "--stream", "hi"], &meta, &["--list-models", "-v"]];
    let mut leaks = Vec::new();
    for place in &places() {
        for (answer, mode) in ANSWERS.iter().flat_map(|answer| modes.map(|mode| (answer, mode))) {
            leaks.extend(leak(place, mode, *answer));
        }
    }
    assert!(leaks.is_empty(), "{} leaks\n{}", leaks.len(), leaks.join("\n"));
}

#[test]
fn key_that_a_message_cuts_is_not_seen_in_part() {
    for length in 0..300 {
        let server = Server::always(error(401, &format!("{} {KEY}", "x".repeat(length)), None));
        let words = ["-b", &server.url(), "-m", "m", "hi"];
        let (code, stdout, stderr) = run(&words, &[("OPENAI_API_KEY", KEY)], Terminals::default());
        assert_eq!((code, stdout.as_str()), (3, ""));
        assert!(!stderr.contains(&KEY[..12]), "{stderr}");
    }
}

/// Outputs that show a value of the request, or what the server says of it. The last word names what is in question.
const OUTPUTS: [(&[&str], &str); 6] = [
    (&["--print", "config", "hi"], "config"),
    (&["--print", "curl", "hi"], "curl"),
    (&["--print", "request", "-v", "hi"], "request"),
    (&["-v", "hi"], "stderr"),
    (&["--meta", "DIR/out-meta.json", "hi"], "meta"),
    (&["--capture", "DIR/out-run.har", "-q", "hi"], "har"),
];

/// The outputs that show the value of a header or query parameter, of those that show any such value.
fn showing(name: &str, is_header: bool) -> (Vec<&'static str>, usize) {
    let place = if is_header {
        Place::new("a header").words(&["-H", &format!("{name}: KEY")])
    } else {
        Place::new("a query").words(&["-b", &format!("URL?{name}=KEY")]).naming_the_server()
    };
    // Headers are named alone in the settings, and the query is left out of the request line.
    let able = OUTPUTS.iter().filter(|(_, output)| *output != if is_header { "config" } else { "request" });
    let echo = |output: &str| -> fn(&str) -> Vec<u8> {
        match output {
            "meta" | "har" => |seen| {
                json_reply(
                    200,
                    &json!({"model": seen, "id": seen, "choices": [{"finish_reason": seen, "message": {"content": "x"}}]}),
                )
            },
            _ => |seen| error(401, &told(seen), None),
        }
    };
    let showing = able.clone().filter(|(mode, output)| leak(&place, mode, echo(output)).is_some());
    (showing.map(|(_, output)| *output).collect(), able.count())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_one_output_masks_all_mask(
        name in "(X-|x_|)(Team|api|Auth|author|code|sig|signal|pwd|sign|Key|access|Cookie|project|[a-z]{2,6})([-_]?(Token|tokens|id|Key|code|secret|Signature|[a-z]{2,5})){0,2}",
        is_header: bool,
    ) {
        let (showing, outputs) = showing(&name, is_header);
        prop_assert!(showing.is_empty() || showing.len() == outputs, "{name} is shown by {showing:?} alone");
    }
}

#[test]
fn parameters_and_headers_that_hold_keys_are_masked_everywhere() {
    for name in
        ["key", "api-key", "access_token", "sig", "signature", "code", "pwd", "auth", "password", "client_secret"]
    {
        assert_eq!(showing(name, false).0, [""; 0], "{name}");
    }
    for name in ["X-Auth-Token", "Cookie", "apikey", "Ocp-Apim-Subscription-Key", "Proxy-Authorization", "X-Signature"]
    {
        assert_eq!(showing(name, true).0, [""; 0], "{name}");
    }
    assert_eq!(showing("api-version", false).0, ["config", "curl", "stderr", "meta", "har"]);
    assert_eq!(showing("X-Team", true).0, ["curl", "request", "stderr", "meta", "har"]);
}

#[test]
fn key_in_the_answer_is_the_models_word() {
    Run::asking(chat(KEY)).args(["hi"]).env("OPENAI_API_KEY", KEY).gives(&format!("{KEY}\n"));
}

#[test]
#[cfg(target_os = "linux")]
fn key_is_on_no_command_line() {
    let sent = ["the variable", "numbered variables", "a variable of another name", "a key file", "a key command"];
    for place in places().into_iter().filter(|place| sent.contains(&place.name)) {
        let (asked, tell) = Sign::new();
        let server = Server::new([Answer::new([tell, Step::AwaitClose])]);
        let run = Run::new(["-b", &server.url(), "-m", "m", "hi"]);
        let folder = run.folder().to_string_lossy().into_owned();
        let words: Vec<String> = place.words.iter().map(|word| word.replace("DIR", &folder)).collect();
        let mut run = run.args(words).env("PATH", "/usr/bin:/bin");
        for (name, value) in &place.env {
            run = run.env(name, value);
        }
        for (name, text) in &place.files {
            run = run.file(name, text);
        }
        let running = run.beside(server).start();
        asked.wait();
        let line = fs::read(format!("/proc/{}/cmdline", running.id())).expect("the program runs");
        assert!(!String::from_utf8_lossy(&line).contains(KEY), "key in {}", place.name);
        running.signal("TERM");
        running.finish();
    }
}
