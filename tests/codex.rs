//! Requests under the login of `codex login`: read from its file, never written, never sent where it is not meant.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::replies::{event, json_reply, stream_of};
use crate::server::Server;
use crate::util::Run;

/// A token that expires at this second.
fn token(expires: u64) -> String {
    let claims = json!({"exp": expires});
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.marked", part(&json!({"alg": "none"})), part(&claims))
}

/// A second of the year 2100.
const LATER: u64 = 4_102_444_800;

/// A login file with this token.
fn login(token: &str) -> String {
    let tokens = json!({"id_token": token, "access_token": token, "refresh_token": "r", "account_id": "acct-1"});
    json!({"auth_mode": "chatgpt", "tokens": tokens, "last_refresh": "2026-11-01T00:00:00Z"}).to_string()
}

/// A stream that says "x".
fn stream() -> Vec<u8> {
    let delta = json!({"type": "response.output_text.delta", "output_index": 0, "content_index": 0, "delta": "x"});
    let done = json!({"type": "response.completed", "response": {"id": "r", "status": "completed", "output": []}});
    stream_of(&[&event(&delta), &event(&done)])
}

/// A run under a login, against a server of its own.
fn asking(answers: Vec<Vec<u8>>, login: &str) -> Run {
    let server = Server::new(answers);
    let words = ["--api", "codex", "-b", &server.url(), "-m", "m", "hi"];
    Run::new(words).file("home/.codex/auth.json", login).beside(server)
}

#[test]
fn login_travels_with_its_account_and_our_own_name() {
    let token = token(LATER);
    let finished = asking(vec![stream()], &login(&token)).gives("x\n");
    assert_eq!(finished.file("home/.codex/auth.json"), Some(login(&token).into_bytes()));
    let request = finished.request();
    assert_eq!(request.line, "POST /v1/responses HTTP/1.1");
    assert_eq!(request.header("authorization"), Some(format!("Bearer {token}").as_str()));
    assert_eq!((request.header("chatgpt-account-id"), request.header("originator")), (Some("acct-1"), Some("lmpipe")));
    let body = request.json();
    assert_eq!((&body["stream"], &body["store"]), (&json!(true), &json!(false)));
    assert!(body["instructions"].as_str().is_some_and(|text| !text.is_empty()), "{body}");
    assert!(body["input"].is_array(), "{body}");
}

#[test]
fn codex_home_names_the_folder() {
    let server = Server::new([stream()]);
    let run = Run::new(["--api", "codex", "-b", &server.url(), "-m", "m", "hi"]);
    run.file("elsewhere/auth.json", login(&token(LATER))).env("CODEX_HOME", "elsewhere").beside(server).gives("x\n");
}

#[test]
fn expired_login_exits_3_naming_what_to_run() {
    asking(Vec::new(), &login(&token(1_700_000_000))).fails(3, "the login in DIR/home/.codex/auth.json (from the preset): it expired on Tue, 14 Nov 2023 22:13:20 GMT: run 'codex login'");
}

#[test]
fn missing_login_exits_3_naming_what_to_run() {
    let server = Server::untouched();
    Run::new(["--api", "codex", "-b", &server.url(), "-m", "m", "hi"]).beside(server).fails(3, "the login in DIR/home/.codex/auth.json (from the preset): no such file or directory: run 'codex login'; a login kept in the system's keyring cannot be read, cli_auth_credentials_store = \"file\" in Codex's config.toml puts it in a file");
}

#[test]
fn login_that_is_none_exits_3() {
    asking(Vec::new(), "{").fails(
        3,
        "the login in DIR/home/.codex/auth.json (from the preset): it is not a login file: run 'codex login'",
    );
    asking(Vec::new(), "{}").fails(
        3,
        "the login in DIR/home/.codex/auth.json (from the preset): it holds no key and no token: run 'codex login'",
    );
}

#[test]
fn sampling_and_token_flags_exit_2() {
    for words in [["--max-tokens", "9"], ["-t", "0"], ["--top-p", "1"], ["--seed", "1"], ["--stop", "x"]] {
        let finished = asking(Vec::new(), &login(&token(LATER))).args(words).finish();
        assert_eq!((finished.code(), finished.stdout().as_str()), (2, ""), "{words:?}: {}", finished.stderr());
    }
}

#[test]
fn usage_limit_exits_6_with_the_reset_time_and_is_not_tried_again() {
    let limit = json!({"error": {"type": "usage_limit_reached", "message": "The usage limit has been reached",
                                 "plan_type": "plus", "resets_at": 4_102_444_800_u64, "resets_in_seconds": 7200}});
    asking(vec![json_reply(429, &limit)], &login(&token(LATER))).fails(6, "http://SERVER/v1 answered 429 Too Many Requests: The usage limit has been reached (resets Mon, 17 Mar 2070 00:00:00 GMT): wait until then, or ask another model");
}

#[test]
fn refused_token_exits_3() {
    let refusal = json!({"error": {"code": "token_expired", "message": "Provided authentication token is expired."}});
    asking(vec![json_reply(401, &refusal)], &login(&token(LATER))).fails(3, "http://SERVER/v1 answered 401 Unauthorized: Provided authentication token is expired: run 'codex login' to renew the login in DIR/home/.codex/auth.json");
}

#[test]
fn detail_of_a_rejection_is_told() {
    let refusal = json!({"detail": "The 'm' model is not supported when using Codex with a ChatGPT account."});
    let list = json!({"models": [{"slug": "gpt-5-codex"}]});
    let run = asking(vec![json_reply(400, &refusal), json_reply(200, &list)], &login(&token(LATER)));
    run.fails(4, "http://SERVER/v1 answered 400 Bad Request: The 'm' model is not supported when using Codex with a ChatGPT account: it lists only 'gpt-5-codex'");
}

#[test]
fn cloudflare_page_is_one_line_without_addresses() {
    let page =
        "<html><head><title>Attention Required! | Cloudflare</title></head><body>Your IP: 192.0.2.77</body></html>";
    let reply = crate::replies::reply(403, &["Content-Type: text/html", "cf-ray: 8a1b2c"], page);
    asking(vec![reply], &login(&token(LATER))).fails(3, "http://SERVER/v1 answered 403 Forbidden: a web page titled 'Attention Required! | Cloudflare' (cf-ray 8a1b2c): what stands in front of the server answered, not the server: try again later, or from another network");
}

#[test]
fn login_is_not_sent_over_plain_http_to_another_machine() {
    let words = ["--api", "codex", "-b", "http://192.0.2.1/v1", "-m", "m", "hi"];
    Run::new(words).file("home/.codex/auth.json", login(&token(LATER))).fails(2, "base URL 'http://192.0.2.1/v1' (from --base-url): the login in DIR/home/.codex/auth.json would cross the network in the clear: --no-key sends none, --allow-plain-http sends it all the same");
}

#[test]
fn storing_exits_2() {
    asking(Vec::new(), &login(&token(LATER)))
        .args(["-o", "store=true"])
        .fails(2, "store (from --option): the codex API stores nothing: leave it away");
}

#[test]
fn usage_limit_inside_the_stream_exits_6_with_the_reset_time() {
    let error =
        json!({"type": "usage_limit_reached", "message": "The limit is reached", "resets_at": 4_102_444_800_u64});
    let failed = json!({"type": "response.failed", "response": {"status": "failed", "error": error}});
    asking(vec![stream_of(&[&event(&failed)])], &login(&token(LATER))).fails(6, "http://SERVER/v1 reported an error in its answer: The limit is reached (resets Mon, 17 Mar 2070 00:00:00 GMT): wait until then, or ask another model");
}

#[test]
#[cfg(unix)]
fn login_file_is_never_written() {
    let run =
        asking(vec![stream()], &login(&token(LATER))).mode("home/.codex/auth.json", 0o400).mode("home/.codex", 0o500);
    let folder = run.folder().join("home/.codex");
    let state = |folder: &std::path::Path| {
        let file = std::fs::metadata(folder.join("auth.json")).expect("the login is there");
        let names: Vec<_> =
            std::fs::read_dir(folder).expect("the folder opens").map(|entry| entry.unwrap().file_name()).collect();
        (file.modified().unwrap(), file.permissions(), file.len(), names)
    };
    let before = state(&folder);
    let finished = run.gives("x\n");
    assert_eq!(state(&folder), before);
    std::fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    drop(finished);
}
