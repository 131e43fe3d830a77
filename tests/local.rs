//! The search for a local server: its ports are fixed, so every test has a loopback of its own.
//!
//! `unshare` gives a test process its own network (Linux); where it is not allowed to, these tests prove nothing
//! and pass.

use std::env;
use std::net::TcpListener;
use std::process::Command;

use crate::replies::{chat, models, reply};
use crate::server::{Answer, Server};
use crate::util::Run;

/// Set in the process that has a loopback of its own.
const ALONE: &str = "LMPIPE_TEST_IS_ALONE";

/// Runs the test of this name once more, in a network of its own, where `body` is done.
#[track_caller]
#[cfg(unix)]
fn alone(name: &str, body: fn()) {
    if env::var_os(ALONE).is_some() {
        return body();
    }
    let unshare = |command: &str| {
        let mut unshare = Command::new("unshare");
        unshare.args(["-rn", "/bin/sh", "-c", &format!("ip link set lo up && {command}")]);
        unshare
    };
    if !unshare("true").output().is_ok_and(|output| output.status.success()) {
        return;
    }
    let program = env::current_exe().expect("a test has a path");
    let again = unshare("exec \"$0\" \"$@\"")
        .arg(program)
        .args(["--exact", "--nocapture", &format!("local::{name}")])
        .env(ALONE, "1")
        .output()
        .expect("unshare ran a moment ago");
    assert!(again.status.success(), "{}", String::from_utf8_lossy(&[again.stdout, again.stderr].concat()));
}

/// A server on a port the search looks at.
fn on(port: u16, answers: impl IntoIterator<Item = Vec<u8>>) -> Server {
    let listener = TcpListener::bind(("127.0.0.1", port)).expect("nobody else is on this loopback");
    Server::on(listener, answers.into_iter().map(Answer::from))
}

#[test]
#[cfg(unix)]
fn server_found_by_looking_is_used_and_said() {
    alone("server_found_by_looking_is_used_and_said", || {
        let server = on(8080, [models(&["only"]), chat("x")]);
        let requests = Run::new(["hi"])
            .beside(server)
            .ends(0, "x\n", "lmpipe: no key and no server given: using llamacpp at http://localhost:8080/v1\n")
            .requests();
        assert_eq!(requests[0].line, "GET /v1/models HTTP/1.1");
        assert_eq!(requests[1].json()["model"], "only");
        assert!(requests.iter().all(|request| request.header("authorization").is_none()), "{requests:#?}");
    });
}

#[test]
#[cfg(unix)]
fn first_of_the_known_ports_wins() {
    alone("first_of_the_known_ports_wins", || {
        let last = on(8000, []);
        let first = on(1234, [models(&["a", "m"]), chat("x")]);
        Run::new(["-m", "m", "hi"]).beside(first).ends(
            0,
            "x\n",
            "lmpipe: no key and no server given: using lmstudio at http://localhost:1234/v1\n",
        );
        drop(last);
    });
}

#[test]
#[cfg(unix)]
fn server_that_lists_no_models_is_passed_over() {
    alone("server_that_lists_no_models_is_passed_over", || {
        let other = on(11434, [reply(200, &[], "<html>not a model in sight</html>")]);
        let server = on(8000, [models(&["m"]), chat("x")]);
        Run::new(["-q", "hi"]).beside(server).gives("x\n");
        drop(other);
    });
}

#[test]
#[cfg(unix)]
fn server_without_a_model_is_named_where_there_is_no_other() {
    alone("server_without_a_model_is_named_where_there_is_no_other", || {
        let server = on(11434, [models(&[])]);
        Run::new(["-m", "m", "hi"]).beside(server).fails(3, "no server to ask: no key is set, and http://localhost:11434/v1 (ollama) has no model: load a model there, set OPENAI_API_KEY, or name another server with --base-url");
    });
}

#[test]
#[cfg(unix)]
fn no_server_exits_3_naming_key_and_ports() {
    alone("no_server_exits_3_naming_key_and_ports", || {
        Run::new(["-m", "m", "hi"]).fails(3, "no server to ask: no key is set, and nothing answers at http://localhost:11434/v1 (ollama), http://localhost:1234/v1 (lmstudio), http://localhost:8080/v1 (llamacpp), http://localhost:8000/v1 (vllm): set OPENAI_API_KEY, start a local server, or name one with --base-url");
    });
}

#[test]
#[cfg(unix)]
fn list_models_looks_too() {
    alone("list_models_looks_too", || {
        let server = on(11434, [models(&["a", "b"]), models(&["a", "b"])]);
        Run::new(["--list-models", "-q"]).beside(server).gives("a\nb\n");
    });
}

#[test]
#[cfg(unix)]
fn nobody_looks_where_a_server_is_named() {
    alone("nobody_looks_where_a_server_is_named", || {
        let bystander = on(8080, []);
        let words = ["-b", "http://127.0.0.1:9/v1", "-m", "m", "--retries", "0", "hi"];
        assert_eq!(Run::new(words).finish().code(), 7);
        drop(bystander);
    });
}
