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
    assert_eq!(printed.stdout().strip_suffix('\n'), Some(request.text()));
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
        .ends(0, "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":false}\n", "?");
}

#[test]
fn print_curl_sends_the_same_request() {
    let server = Server::new([chat("pasted")]);
    let run = Run::new(["-b", &server.url(), "-m", "m", "--print", "curl", "it's \\ \"ü\" $HOME\n!"]);
    let printed = run.env("OPENAI_API_KEY", "sk-1").finish();
    assert_eq!((printed.code(), printed.stderr().as_str()), (0, ""), "{}", printed.stdout());
    if Command::new("curl").arg("--version").output().is_err() {
        return;
    }
    let pasted = Command::new("sh").args(["-c", &printed.stdout()]).env("OPENAI_API_KEY", "sk-1").output().unwrap();
    assert!(pasted.status.success(), "{}", String::from_utf8_lossy(&pasted.stderr));
    let request = server.request();
    assert_eq!(request.header("authorization"), Some("Bearer sk-1"));
    assert_eq!(request.prompt(), "it's \\ \"ü\" $HOME\n!");
    assert_eq!(request.header("content-type"), Some("application/json"));
}

#[test]
fn print_curl_names_the_key_by_its_variable() {
    let run = Run::new(["-p", "groq", "-m", "m", "--print", "curl", "hi"]).env("GROQ_API_KEY", "sk-marked");
    run.ends(0, "?", "");
}

#[test]
fn print_config_shows_every_setting_and_its_origin() {
    Run::new(["--print", "config", "-m", "m", "-t", "0.5"])
        .env("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
        .env("OPENAI_API_KEY", "sk-marked")
        .ends(0, "?", "");
}
