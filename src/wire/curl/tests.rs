//! Tests of `curl.rs`.

use std::process::{Command, Stdio};

use proptest::prelude::*;

use super::*;
use crate::request::{Dialect, Part, Request, Secret};
use crate::wire::{encode, models_call};

fn endpoint() -> Endpoint {
    Endpoint {
        provider: "openai".into(),
        base_url: "https://example.com/v1".into(),
        credential: Credential::Bearer(Secret::new("sk-secret".into())),
        key_origin: "OPENAI_API_KEY".into(),
        ..Endpoint::default()
    }
}

fn request(text: &str) -> Request {
    Request { model: "m".into(), user: vec![Part::Text(text.into())], ..Request::default() }
}

fn printed(request: &Request, endpoint: &Endpoint) -> String {
    String::from_utf8(command(&encode(request, endpoint).unwrap(), endpoint, &Net::default())).unwrap()
}

/// What curl gets: its arguments, then its standard input.
fn run(command: &str) -> Vec<String> {
    let script = format!("curl() {{ printf '%s\\0' \"$@\"; cat; }}\n{command}");
    let mut shell = Command::new("sh");
    shell.args(["-c", &script]).env("OPENAI_API_KEY", "sk-env").env("X_KEY", "x-env").stdin(Stdio::null());
    let output = shell.output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{command}\n{output:?}");
    String::from_utf8(output.stdout).unwrap().split('\0').map(String::from).collect()
}

#[test]
fn a_short_call_is_one_command() {
    let expected = concat!(
        "curl -sS 'https://example.com/v1/chat/completions' \\\n",
        "  -H 'Content-Type: application/json' \\\n",
        "  -H 'Accept: application/json' \\\n",
        "  -H 'User-Agent: lmpipe/",
        env!("CARGO_PKG_VERSION"),
        "' \\\n",
        "  -H \"Authorization: Bearer $OPENAI_API_KEY\" \\\n",
        r#"  --data-raw '{"model":"m","messages":[{"role":"user","content":"it'\''s"}],"stream":false}'"#,
        "\n"
    );
    assert_eq!(printed(&request("it's"), &endpoint()), expected);
}

#[test]
fn a_call_without_a_body_is_a_get() {
    let endpoint = Endpoint { credential: Credential::None, base_url: "http://[::1]:8080/v1".into(), ..endpoint() };
    let command = String::from_utf8(command(&models_call(&endpoint), &endpoint, &Net::default())).unwrap();
    assert_eq!(&run(&command)[..3], ["-sS", "--globoff", "http://[::1]:8080/v1/models"]);
    assert!(!command.contains("--data"));
}

#[test]
fn keys_come_from_where_they_came() {
    for (dialect, origin, expression) in [
        (Dialect::Chat, "WORK_key2", "$WORK_key2"),
        (Dialect::Chat, "--api-key-file /it's/key", r"$(cat '/it'\''s/key')"),
        (Dialect::Chat, "--api-key-command pass show llm", "$(pass show llm)"),
        (Dialect::Codex, "/home/me/.codex/auth.json", "$(jq -r .tokens.access_token '/home/me/.codex/auth.json')"),
        (Dialect::Chat, "", "$OPENAI_API_KEY"),
    ] {
        let endpoint = Endpoint { dialect, key_origin: origin.into(), ..endpoint() };
        let line = format!("-H \"Authorization: Bearer {expression}\" \\\n");
        let printed = printed(&request("hi"), &endpoint);
        assert!(printed.contains(&line), "{printed}");
    }
}

#[test]
fn flags_of_the_network_go_along_and_no_login() {
    let net = Net {
        proxy: Some("http://me:secret@proxy:3128".into()),
        roots: vec![("/it's/ca.pem".into(), "--cacert"), ("/variable.pem".into(), "SSL_CERT_FILE")],
        client_certificate: Some(("c.pem".into(), "k.pem".into())),
        ..Net::default()
    };
    let words = ["--proxy", "http://proxy:3128", "--cacert", "/it's/ca.pem", "--cert", "c.pem", "--key", "k.pem"];
    let command = command(&models_call(&endpoint()), &endpoint(), &net);
    let given = run(&String::from_utf8(command).unwrap());
    assert!(given.windows(words.len()).any(|window| window == words), "{given:?}");
}

#[test]
fn query_that_hides_a_key_is_filled_in_by_the_shell() {
    assert_eq!(url_word("https://h/v1/x"), "'https://h/v1/x'");
    assert_eq!(url_word("https://h/x?api-version=1"), "'https://h/x?api-version=1'");
    assert_eq!(url_word("https://h/x?key=k&v=1"), "'https://h/x?key='\"$KEY\"'&v=1'");
    assert_eq!(url_word("https://h/x?v=1&api-key=k"), "'https://h/x?v=1&api-key='\"$API_KEY\"");
}

#[test]
fn workspace_of_a_codex_login_is_sent_unless_given() {
    let mut endpoint = Endpoint { dialect: Dialect::Codex, key_origin: "/c/auth.json".into(), ..endpoint() };
    let line = "-H \"ChatGPT-Account-ID: $(jq -r '.tokens.account_id // empty' '/c/auth.json')\"";
    assert!(printed(&request("hi"), &endpoint).contains(line));
    endpoint.headers = vec![("chatgpt-account-id".into(), Secret::new("acct".into()))];
    assert!(!printed(&request("hi"), &endpoint).contains("jq -r '.tokens.account_id"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn the_shell_hands_curl_the_call_as_it_is(
        text in "[^\0]{0,40}",
        plain in "[ -~]{0,20}",
        repeat in prop_oneof![Just(1usize), Just(300usize)],
    ) {
        let mut endpoint = endpoint();
        endpoint.headers = vec![
            ("X-Team".into(), Secret::new(plain.clone())),
            ("X-Key".into(), Secret::new("x-secret".into())),
        ];
        let mut request = request(&text.repeat(repeat));
        request.stream = true;
        let body = String::from_utf8(encode(&request, &endpoint).unwrap().body.unwrap().to_vec()).unwrap();
        let command = printed(&request, &endpoint);
        prop_assert!(!command.contains("secret"));
        let given = run(&command);
        let team = if plain.is_empty() { "X-Team;".to_owned() } else { format!("X-Team: {plain}") };
        for header in ["Accept: text/event-stream", "Authorization: Bearer sk-env", "X-Key: x-env", &team] {
            prop_assert!(given.iter().any(|word| word == header), "{given:?}");
        }
        let inline = body.len() as u64 <= INLINE_BODY;
        let sent = &given[given.len() - if inline { 2 } else { 1 }];
        prop_assert_eq!(sent.trim_end_matches('\n'), body);
    }
}
