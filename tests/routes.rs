//! Models in reserve and several keys: tried in turn, never after the first byte of answer.

use serde_json::{Value, json};

use crate::replies::{chat, delta, error, stream_of};
use crate::server::Server;
use crate::util::Run;

/// A run with a config of two providers, each a server of its own, the first one asked.
fn two(first: Vec<Vec<u8>>, second: Vec<Vec<u8>>, words: &[&str]) -> (Run, Server) {
    let (first, second) = (Server::new(first), Server::new(second));
    let config =
        format!("[provider.one]\nbase_url = \"{}\"\n[provider.two]\nbase_url = \"{}\"\n", first.url(), second.url());
    let run = Run::new(["-m", "one:a", "--fallback", "two:b", "--retries", "0", "hi"]).args(words);
    (run.file("home/.config/lmpipe/config.toml", config).beside(first), second)
}

#[test]
fn fallback_is_asked_when_the_model_before_it_fails() {
    for status in [401, 404, 429, 500] {
        let (run, second) = two(vec![error(status, "no", None)], vec![chat("x")], &["-q"]);
        run.gives("x\n");
        assert_eq!(second.request().json()["model"], "b", "{status}");
    }
}

#[test]
fn fallback_is_said_in_one_line() {
    let (run, _second) = two(vec![error(500, "it broke", None)], vec![chat("x")], &[]);
    run.ends(
        0,
        "x\n",
        "lmpipe: http://SERVER/v1 answered 500 Internal Server Error: it broke: falling back to two:b\n",
    );
}

#[test]
fn fallback_is_not_asked_when_the_first_answers() {
    let (run, _second) = two(vec![chat("x")], Vec::new(), &[]);
    run.gives("x\n");
}

#[test]
fn fallback_is_not_asked_after_the_first_text() {
    let broken = crate::replies::event(&json!({"error": {"message": "it broke"}}));
    let (run, _second) = two(vec![stream_of(&[&delta("Once"), &broken])], Vec::new(), &["--stream"]);
    run.ends(5, "Once", "lmpipe: http://SERVER/v1 reported an error in its answer: it broke\n");
}

#[test]
fn fallback_is_not_asked_for_an_incomplete_answer() {
    let empty = crate::replies::json_reply(200, &crate::replies::completion("", "stop"));
    let (run, _second) = two(vec![empty], Vec::new(), &[]);
    run.fails(8, "the answer is incomplete: it is empty (finish reason: stop)");
}

#[test]
fn failure_of_the_last_model_is_the_last_word() {
    let (run, _second) = two(vec![error(500, "first", None)], vec![error(401, "second", None)], &["-q"]);
    run.fails(3, "http://SERVER/v1 answered 401 Unauthorized: second: no key was sent: set the server's key variable, or give --api-key-file");
}

#[test]
fn meta_tells_both_attempts() {
    let (run, _second) = two(vec![error(500, "no", None)], vec![chat("x")], &["-q", "--meta", "meta.json"]);
    let meta: Value = serde_json::from_slice(&run.gives("x\n").file("meta.json").unwrap()).unwrap();
    let told: Vec<_> =
        meta["attempts"].as_array().unwrap().iter().map(|a| (&a["provider"], &a["model"], &a["exit"])).collect();
    assert_eq!(told, [(&json!("one"), &json!("a"), &json!(5)), (&json!("two"), &json!("b"), &json!(0))]);
}

#[test]
fn next_key_is_tried_after_401_and_429() {
    for status in [401, 429] {
        let server = Server::new([error(status, "no", None), chat("x")]);
        let run = Run::new(["-b", &server.url(), "-m", "m", "-q", "--retries", "0", "hi"]).beside(server);
        let run = run.env("OPENAI_API_KEY_1", "sk-1").env("OPENAI_API_KEY_2", "sk-2");
        let requests = run.gives("x\n").requests();
        let keys: Vec<_> = requests.iter().map(|request| request.header("authorization")).collect();
        assert_eq!(keys, [Some("Bearer sk-1"), Some("Bearer sk-2")], "{status}");
    }
}

#[test]
fn next_key_is_not_tried_after_a_rejection() {
    let server = Server::new([error(400, "no", None)]);
    let run = Run::new(["-b", &server.url(), "-m", "m", "-q", "--retries", "0", "hi"]).beside(server);
    run.env("OPENAI_API_KEY_1", "sk-1")
        .env("OPENAI_API_KEY_2", "sk-2")
        .fails(4, "http://SERVER/v1 answered 400 Bad Request: no");
}
