//! `--print`: what would be sent, without a key, without a network.

use std::process::Command;

use serde_json::{Value, json};

use crate::replies::chat;
use crate::server::Server;
use crate::util::Run;

#[test]
fn print_request_is_the_body_byte_for_byte() {
    let words = ["-s", "be \"brief\"", "-t", "0.10", "-o", "a.b=[1, 2]", "prompt ü 🦀"];
    let printed = Run::new(["-m", "m", "--print", "request"]).args(words).stdin("in\n").finish();
    let request = Run::asking(chat("x")).args(words).stdin("in\n").gives("x\n").request();
    assert_eq!(printed.stdout(), request.text());
    assert_eq!((printed.code(), printed.stderr().as_str()), (0, ""));
}

#[test]
fn print_request_needs_no_key_and_no_server() {
    let run = Run::new(["-p", "groq", "-m", "m", "--print", "request", "hi"]);
    let body: Value = serde_json::from_slice(&run.finish().stdout).unwrap();
    assert_eq!(body, json!({"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": false}));
}

#[test]
fn print_request_with_v_shows_line_and_headers_on_stderr() {
    Run::new(["-b", "http://127.0.0.1:1/v1", "-m", "m", "--print", "request", "-v", "-H", "X-Team: docs", "hi"])
        .env("OPENAI_API_KEY", "sk-marked")
        .ends(0, "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":false}", "> POST http://SERVER/v1/chat/completions\n> Content-Type: application/json\n> Accept: application/json\n> User-Agent: lmpipe/0.1.0\n> Authorization: REDACTED\n> X-Team: docs\n");
}

#[test]
#[cfg(unix)]
fn print_curl_sends_the_same_request() {
    let server = Server::new([chat("pasted")]);
    let run = Run::new(["-b", &server.url(), "-m", "m", "--print", "curl", "it's \\ \"ü\" $HOME\n!"]);
    let printed = run.env("OPENAI_API_KEY", "sk-1").finish();
    assert_eq!((printed.code(), printed.stderr().as_str()), (0, ""), "{}", printed.stdout());
    if Command::new("curl").arg("--version").output().is_err() {
        return;
    }
    let pasted = Command::new("sh")
        .args(["-c", &String::from_utf8_lossy(&printed.stdout)])
        .env("OPENAI_API_KEY", "sk-1")
        .output()
        .unwrap();
    assert!(pasted.status.success(), "{}", String::from_utf8_lossy(&pasted.stderr));
    let request = server.request();
    assert_eq!(request.header("authorization"), Some("Bearer sk-1"));
    assert_eq!(request.prompt(), "it's \\ \"ü\" $HOME\n!");
    assert_eq!(request.header("content-type"), Some("application/json"));
}

#[test]
fn print_curl_names_the_key_by_its_variable() {
    let run = Run::new(["-p", "groq", "-m", "m", "--print", "curl", "hi"]).env("GROQ_API_KEY", "sk-marked");
    run.ends(0, "curl -sS 'https://api.groq.com/openai/v1/chat/completions' \\\n  -H 'Content-Type: application/json' \\\n  -H 'Accept: application/json' \\\n  -H 'User-Agent: lmpipe/0.1.0' \\\n  -H \"Authorization: Bearer $GROQ_API_KEY\" \\\n  --data-raw '{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":false}'\n", "");
}

#[test]
fn print_config_shows_every_setting_and_its_origin() {
    Run::new(["--print", "config", "-m", "m", "-t", "0.5"])
        .env("OPENAI_BASE_URL", "https://h.example/v1")
        .env("OPENAI_API_KEY", "sk-marked")
        .ends(0, "provider         openai                built in\napi              chat                  from the preset\nbase_url         https://h.example/v1  from OPENAI_BASE_URL\nmodel            m                     from --model\nkey              OPENAI_API_KEY        from the preset\ntemperature      0.5                   from --temperature\nconnect_timeout  10 s                  built in\ntimeout          600 s                 built in\nmax_reply        268435456 bytes       built in\nretries          2                     built in\nstream           on a terminal         built in\ncolor            auto                  built in\nadapt            true                  built in\n", "");
}
