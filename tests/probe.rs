//! `--probe`: what a server really does, in few small requests.

use serde_json::Value;

use crate::replies::{chat, error};
use crate::server::Server;
use crate::util::Run;

#[test]
fn server_that_answers_chat_exits_0() {
    let server = Server::always(chat("hello"));
    let finished = Run::new(["-b", &server.url(), "-m", "m", "--no-key", "--probe", "-O", "json"]).finish();
    let report: Value = serde_json::from_slice(&finished.stdout).unwrap_or_default();
    assert_eq!((finished.code(), finished.stderr().as_str()), (0, ""), "{}", finished.stdout());
    assert!(report.is_object(), "{}", finished.stdout());
    let requests = server.requests();
    assert!(requests.len() <= 12, "{} requests", requests.len());
    assert!(requests.iter().all(|request| request.body.len() < 4096));
}

#[test]
fn table_has_a_line_a_feature() {
    let server = Server::always(chat("hello"));
    let finished = Run::new(["-b", &server.url(), "-m", "m", "--no-key", "--probe"]).finish();
    for feature in ["chat", "stream", "json_schema", "json_object", "tools", "images", "responses"] {
        let told = finished.stdout().lines().any(|line| line.to_lowercase().contains(feature));
        assert!(told, "{feature} is missing: {}", finished.stdout());
    }
    drop(server);
}

#[test]
fn server_that_refuses_chat_exits_as_chat_would() {
    let server = Server::always(error(401, "wrong key", None));
    let finished = Run::new(["-b", &server.url(), "-m", "m", "--no-key", "--probe"]).finish();
    assert_eq!(finished.code(), 3, "{}", finished.stderr());
    drop(server);
}
