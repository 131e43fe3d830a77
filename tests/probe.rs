//! `--probe`: what a server really does, in few small requests.

use serde_json::{Value, json};

use crate::replies::{chat, completion, error, json_reply};
use crate::server::{Request, Server};
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
    let limited =
        |request: &Request| request.body.is_empty() || request.body.windows(8).any(|part| part == b"_tokens\"");
    assert!(requests.iter().all(limited), "every request has a token limit");
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

/// The verdicts of a probe, by feature.
fn verdicts(server: &Server, words: &[&str]) -> (i32, Value) {
    let finished = Run::new(["-b", &server.url(), "-m", "m", "--no-key", "--probe", "-O", "json"]).args(words).finish();
    let report: Value = serde_json::from_slice(&finished.stdout).unwrap_or_default();
    let checks = report["checks"].as_array().cloned().unwrap_or_default();
    let verdict = |check: &Value| (check["feature"].as_str().unwrap_or_default().to_owned(), check["verdict"].clone());
    (finished.code(), checks.iter().map(verdict).collect())
}

/// Answers one API and knows no path of the other.
fn only(path: &'static str) -> impl Fn(&Request) -> Vec<u8> + Clone + Send + 'static {
    move |request| match request.line.contains(path) {
        false => error(404, "no such path", None),
        true if path.contains("chat") => chat("hello"),
        true => json_reply(
            200,
            &json!({"id": "r", "object": "response", "status": "completed",
                    "output": [{"type": "message", "content": [{"type": "output_text", "text": "hello"}]}]}),
        ),
    }
}

#[test]
fn rows_of_the_apis_are_about_these_apis_whichever_is_in_force() {
    let server = Server::replying(only("/chat/completions"));
    let (code, found) = verdicts(&server, &[]);
    assert_eq!(
        (code, &found["chat"], &found["responses"], &found["images"]),
        (0, &json!("yes"), &json!("refused"), &json!("yes"))
    );
    let (code, found) = verdicts(&server, &["--api", "responses"]);
    assert_eq!(
        (code, &found["chat"], &found["responses"], &found["images"]),
        (4, &json!("yes"), &json!("refused"), &json!("refused"))
    );
    let server = Server::replying(only("/responses"));
    let (code, found) = verdicts(&server, &["--api", "responses"]);
    assert_eq!(
        (code, &found["chat"], &found["responses"], &found["images"]),
        (0, &json!("refused"), &json!("yes"), &json!("yes"))
    );
}

#[test]
fn name_of_the_token_limit_is_found_out() {
    let server = Server::replying(|request| {
        if request.text().contains("\"max_tokens\"") {
            return error(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.", None);
        }
        json_reply(200, &completion("hello", "stop"))
    });
    let finished = Run::new(["-b", &server.url(), "-m", "m", "--no-key", "--probe"]).finish();
    let line = finished.stdout().lines().find(|line| line.starts_with("token limit")).map(str::to_owned);
    assert_eq!(line.as_deref(), Some("token limit    yes (max_completion_tokens)"));
    let server = Server::replying(|request| {
        if request.text().contains("_tokens\"") {
            return error(400, "Unsupported parameter: 'max_tokens' and 'max_completion_tokens' are unknown.", None);
        }
        json_reply(200, &completion("hello", "stop"))
    });
    let (code, found) = verdicts(&server, &[]);
    assert_eq!(
        (code, &found["chat"], &found["token limit"], &found["tools"]),
        (0, &json!("yes"), &json!("refused"), &json!("accepted"))
    );
    let requests = server.requests().len();
    assert!(requests <= 12, "{requests} requests");
}

#[test]
fn server_that_nobody_reaches_or_that_wants_a_key_is_asked_no_further() {
    let finished = Run::new(["-b", "http://127.0.0.1:1/v1", "-m", "m", "--no-key", "--probe"]).finish();
    let table = "models         no (connection refused)\nchat           no (connection refused)\n";
    finished.is(7, table, "lmpipe: cannot reach http://SERVER: connection refused: is the server running?\n");
    let server = Server::always(error(401, "wrong key", None));
    let finished = Run::new(["-b", &server.url(), "-m", "m", "--probe"]).env("OPENAI_API_KEY", "sk-marked").finish();
    let table = "models         refused (wrong key)\nchat           refused (wrong key)\n";
    finished.is(
        3,
        table,
        "lmpipe: http://SERVER/v1 answered 401 Unauthorized: wrong key: check the key from OPENAI_API_KEY\n",
    );
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn model_that_only_reasoned_is_told_from_one_that_would_not_follow() {
    let thought = json!({"choices": [{"message": {"content": "", "reasoning": "Hm"}, "finish_reason": "length"}]});
    let server = Server::always(json_reply(200, &thought));
    let finished = Run::new(["-b", &server.url(), "-m", "m", "--no-key", "--probe"]).finish();
    for feature in ["json_schema    ", "json_object    ", "tools          "] {
        let line = format!("{feature}accepted, not followed (it said nothing within 24 tokens)");
        assert!(finished.stdout().lines().any(|told| told == line), "{line}: {}", finished.stdout());
    }
    drop(server);
}
