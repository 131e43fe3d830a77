//! How a run ends badly: one exit code a kind, one whole line on stderr, nothing on stdout.

use serde_json::{Value, json};

use crate::replies::{chat, completion, error, gzip, head, json_reply, reply};
use crate::server::{Answer, Step};
use crate::util::Run;

/// A run that is answered once.
fn answered(answer: impl Into<Answer>) -> Run {
    Run::asking(answer).args(["--retries", "0", "hi"])
}

/// A run answered by this document with status 200.
fn told(document: &Value) -> Run {
    answered(json_reply(200, document))
}

/// A run that must fail before it talks to its server.
fn unsent(words: &[&str]) -> Run {
    Run::asking_all(Vec::<Vec<u8>>::new()).args(words)
}

#[test]
fn unknown_flag_exits_2() {
    unsent(&["--nonsense"]).fails(
        2,
        "unknown flag '--nonsense': lmpipe --help lists the flags; a prompt that starts with - goes after --",
    );
}

#[test]
fn bad_url_exits_2() {
    Run::new(["-b", "not a url", "-m", "m", "hi"]).fails(2, "base URL 'not a url' (from --base-url): no http:// or https:// before it: a base URL looks like http://SERVER/v1");
    Run::new(["-b", "ftp://127.0.0.1/", "-m", "m", "hi"]).fails(
        2,
        "base URL 'ftp://127.0.0.1/' (from --base-url): neither http nor https: a base URL looks like http://SERVER/v1",
    );
}

#[test]
fn bad_url_in_a_variable_is_named_by_it() {
    Run::new(["-m", "m", "hi"]).env("OPENAI_BASE_URL", "localhost:8080").fails(2, "base URL 'localhost:8080' (from OPENAI_BASE_URL): no http:// or https:// before it: a base URL looks like http://SERVER/v1");
}

#[test]
fn unknown_preset_exits_2_with_the_closest_names() {
    Run::new(["-p", "mistrall", "hi"])
        .fails(2, "provider 'mistrall' (from --provider): not known: did you mean 'mistral'?");
}

#[test]
fn header_without_a_colon_exits_2() {
    unsent(&["-H", "X-Team docs", "hi"])
        .fails(2, "header (from --header): no colon in it: a header looks like 'X-Team: docs'");
}

#[test]
fn bad_number_exits_2() {
    unsent(&["-t", "warm", "hi"])
        .fails(2, "value 'warm' (from --temperature): not a number as JSON writes it, such as 0.5");
    unsent(&["--timeout", "soon", "hi"])
        .fails(2, "value 'soon' (from --timeout): not a time: seconds, or a number with ms, s, m or h");
    unsent(&["--max-reply", "big", "hi"]).fails(
        2,
        "value 'big' (from --max-reply): not a size: bytes, or a number with K, M, G (1024) or KB, MB, GB (1000)",
    );
}

#[test]
fn wrong_key_exits_3() {
    answered(error(401, "Incorrect API key provided", Some("invalid_api_key"))).fails(3, "http://SERVER/v1 answered 401 Unauthorized: Incorrect API key provided: no key was sent: set the server's key variable, or give --api-key-file");
}

#[test]
fn forbidden_exits_3() {
    answered(error(403, "Country not supported", None)).fails(3, "http://SERVER/v1 answered 403 Forbidden: Country not supported: no key was sent: set the server's key variable, or give --api-key-file");
}

#[test]
fn rejected_request_exits_4() {
    answered(error(400, "messages: too long", Some("context_length_exceeded")))
        .fails(4, "http://SERVER/v1 answered 400 Bad Request: messages: too long: shorten the input");
    // llama.cpp: the code is a number, the word for it stands beside.
    let body =
        json!({"error": {"code": 400, "message": "too long", "type": "exceed_context_size_error", "n_ctx": 4096}});
    answered(json_reply(400, &body)).fails(4, "http://SERVER/v1 answered 400 Bad Request: too long: shorten the input");
}

#[test]
fn redirect_exits_4_naming_the_place() {
    let names =
        ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"];
    for (status, name) in [301, 302, 303, 307, 308].into_iter().zip(names) {
        let place = "https://elsewhere.example/v1/chat/completions";
        let why = format!("it points to '{place}', and redirects are not followed");
        answered(reply(status, &[&format!("Location: {place}")], ""))
            .fails(4, &format!("http://SERVER/v1 answered {name}: {why}"));
    }
}

#[test]
fn unknown_path_exits_4_naming_the_url() {
    answered(json_reply(404, &json!({"detail": "Not Found"})))
        .fails(4, "http://SERVER/v1 answered 404 Not Found: Not Found: check the base URL");
}

#[test]
fn path_without_v1_at_lm_studio_says_so() {
    let body = json!({"error": "Unexpected endpoint or method. (POST /chat/completions)"});
    let server = crate::server::Server::new([json_reply(200, &body)]);
    let words = ["-b", &server.origin(), "-m", "m", "--no-key", "hi"];
    Run::new(words).beside(server).fails(5, "http://SERVER reported an error in its answer: Unexpected endpoint or method. (POST /chat/completions): does the base URL want /v1: http://SERVER/v1?");
}

#[test]
fn unknown_model_exits_4_with_the_closest_names() {
    let list = crate::replies::models(&["qwen3-32b", "smollm2", "other"]);
    let refusal = error(404, "The model `qwen3-32` does not exist", Some("model_not_found"));
    Run::asking_all([refusal, list]).args(["-m", "qwen3-32", "hi"]).fails(
        4,
        "http://SERVER/v1 answered 404 Not Found: The model `qwen3-32` does not exist: did you mean 'qwen3-32b'?",
    );
}

#[test]
fn unknown_model_at_a_server_without_a_list_exits_4_all_the_same() {
    let refusal = error(404, "The model `m` does not exist", Some("model_not_found"));
    Run::asking_all([refusal, error(404, "no such route", None)]).args(["hi"]).fails(
        4,
        "http://SERVER/v1 answered 404 Not Found: The model `m` does not exist: --list-models shows the names it knows",
    );
}

#[test]
fn server_error_exits_5() {
    answered(error(500, "something broke", None))
        .fails(5, "http://SERVER/v1 answered 500 Internal Server Error: something broke");
}

#[test]
fn html_error_page_is_its_title_only() {
    let page = "<html><head><title>502 Bad Gateway</title></head><body><p>1.2.3.4</p></body></html>";
    answered(reply(502, &["Content-Type: text/html"], page))
        .fails(5, "http://SERVER/v1 answered 502 Bad Gateway: a web page titled '502 Bad Gateway'");
}

#[test]
fn empty_error_body_is_its_status() {
    answered(reply(503, &[], "")).fails(5, "http://SERVER/v1 answered 503 Service Unavailable");
}

#[test]
fn html_in_a_200_exits_5() {
    answered(reply(200, &["Content-Type: text/html"], "<!doctype html><title>Welcome</title>"))
        .fails(5, "http://SERVER/v1 sent no answer: a web page titled 'Welcome'");
}

#[test]
fn empty_body_exits_5() {
    answered(reply(200, &["Content-Type: application/json"], "")).fails(5, "http://SERVER/v1 sent an empty reply");
}

#[test]
fn text_that_is_no_json_exits_5() {
    answered(reply(200, &[], "ok then"))
        .fails(5, "http://SERVER/v1 sent a reply that makes no sense: neither JSON nor a stream of events");
}

#[test]
fn document_without_choices_exits_5() {
    told(&json!({"object": "chat.completion"}))
        .fails(5, "http://SERVER/v1 sent a reply that makes no sense: there is no answer in it");
    told(&json!({"choices": []}))
        .fails(5, "http://SERVER/v1 sent a reply that makes no sense: there is no answer in it");
    told(&json!({"choices": null}))
        .fails(5, "http://SERVER/v1 sent a reply that makes no sense: there is no answer in it");
}

#[test]
fn damaged_gzip_exits_5() {
    let mut body = gzip(completion("x", "stop").to_string().as_bytes());
    let middle = body.len() / 2;
    body[middle] ^= 0xff;
    body[middle + 1] ^= 0xff;
    answered(reply(200, &["Content-Encoding: gzip"], body)).fails(5, "the answer of http://SERVER cannot be read: damaged gzip (corrupt gzip stream does not have a matching checksum)");
}

#[test]
fn gzip_is_read_where_it_comes() {
    let body = gzip(completion("x", "stop").to_string().as_bytes());
    answered(reply(200, &["Content-Encoding: gzip"], body)).gives("x\n");
}

#[test]
fn rate_limit_exits_6() {
    answered(error(429, "slow down", Some("rate_limit_exceeded")))
        .fails(6, "http://SERVER/v1 answered 429 Too Many Requests: slow down: try again later");
}

#[test]
fn spent_quota_exits_6_and_says_so() {
    answered(error(429, "You exceeded your current quota", Some("insufficient_quota"))).fails(6, "http://SERVER/v1 answered 429 Too Many Requests: You exceeded your current quota: check plan and billing of the account");
}

#[test]
fn payment_required_exits_6() {
    answered(error(402, "add credits", None))
        .fails(6, "http://SERVER/v1 answered 402 Payment Required: add credits: check plan and billing of the account");
}

#[test]
fn refused_connection_exits_7() {
    // Port 1 of loopback: nobody listens there.
    Run::new(["-b", "http://127.0.0.1:1/v1", "-m", "m", "--no-key", "--retries", "0", "hi"])
        .fails(7, "cannot reach http://SERVER: connection refused: is the server running?");
}

#[test]
fn refused_connection_names_the_variable_behind_the_url() {
    // The same whether the model is known or its list is asked for first.
    for more in [&["-m", "m", "hi"][..], &["hi"], &["--list-models"]] {
        Run::new(["--no-key", "--retries", "0"])
            .args(more)
            .env("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
            .fails(7, "cannot reach http://SERVER: connection refused: is the server running? The base URL is from OPENAI_BASE_URL");
    }
}

#[test]
fn unknown_host_exits_7() {
    // A label of more than 63 characters: no resolver asks anybody about it.
    let url = format!("http://{}.invalid/v1", "x".repeat(64));
    Run::new(["-b", &url, "-m", "m", "--no-key", "--retries", "0", "hi"]).fails(7, "cannot reach http://xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.invalid: cannot resolve 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.invalid': name or service not known: check the base URL");
}

#[test]
fn connection_closed_without_a_reply_exits_7() {
    answered(Answer::new([])).fails(7, "no answer from http://SERVER: the connection was closed without a reply");
}

#[test]
fn connection_reset_without_a_reply_exits_7() {
    answered(Answer::new([]).resetting()).fails(7, "no answer from http://SERVER: connection reset by peer");
}

#[test]
fn reply_cut_before_its_length_exits_7() {
    let whole = chat("x");
    answered(whole[..whole.len() - 9].to_vec())
        .fails(7, "the answer of http://SERVER is cut: the connection was closed before its end");
}

#[test]
fn document_cut_by_a_closed_connection_exits_7() {
    let document = completion("x", "stop").to_string();
    let cut = &document[..document.len() - 9];
    answered([head(200, &[], "X-Nothing: here"), cut.into()].concat())
        .fails(7, "http://SERVER/v1 cut the answer off: it ended before its JSON was whole");
}

#[test]
fn head_cut_in_the_middle_exits_7() {
    answered(b"HTTP/1.1 200 OK\r\nContent-Ty".to_vec())
        .fails(7, "no answer from http://SERVER: the connection was closed without a reply");
}

#[test]
fn bytes_that_are_no_http_exit_5() {
    answered(b"SSH-2.0-OpenSSH_9.9\r\n".to_vec())
        .fails(5, "cannot understand http://SERVER: its reply is not HTTP (http parse fail: invalid HTTP version)");
}

#[test]
fn bad_chunk_size_exits_7() {
    let bytes = [head(200, &[], "Transfer-Encoding: chunked"), b"zz\r\n{}\r\n0\r\n\r\n".to_vec()].concat();
    answered(bytes)
        .fails(7, "the answer of http://SERVER is cut: broken framing (chunk length cannot be read as a number)");
}

#[test]
fn empty_answer_exits_8() {
    told(&completion("", "stop")).fails(8, "the answer is incomplete: it is empty (finish reason: stop)");
}

#[test]
fn null_answer_at_the_token_limit_exits_8() {
    let mut document = completion("", "length");
    document["choices"][0]["message"]["content"] = Value::Null;
    told(&document)
        .fails(8, "the answer is incomplete: it was cut by the token limit: raise --max-tokens or the model's limit");
}

#[test]
fn filtered_answer_exits_8() {
    told(&completion("", "content_filter")).fails(8, "the answer is incomplete: it was cut by a content filter");
}

#[test]
fn refusal_exits_9_with_its_words() {
    let mut document = completion("", "stop");
    document["choices"][0]["message"] = json!({"role": "assistant", "content": null, "refusal": "I can't help."});
    told(&document).fails(9, "the model refused: I can't help.");
}

#[test]
fn answer_that_is_no_json_where_json_was_asked_for_exits_10() {
    answered(chat("sorry, no"))
        .args(["--json"])
        .fails(10, "the answer is not JSON: wanted a value at line 1, column 1, there is 'sorry, no'");
}

#[test]
fn error_inside_a_200_exits_5() {
    told(&json!({"error": {"message": "model not loaded"}}))
        .fails(5, "http://SERVER/v1 reported an error in its answer: model not loaded");
}

#[test]
fn error_inside_a_200_has_the_exit_of_its_code() {
    for (code, exit) in [(401, 3), (403, 3), (404, 4), (422, 4), (429, 6), (402, 6), (500, 5), (503, 5)] {
        let finished = told(&json!({"error": {"message": "m", "code": code}})).finish();
        assert_eq!((finished.code(), finished.stdout()), (exit, String::new()), "code {code}: {}", finished.stderr());
    }
}

#[test]
fn errors_json_prints_one_object() {
    let finished = answered(error(429, "slow down", Some("rate_limit_exceeded"))).args(["--errors", "json"]).finish();
    let line: Value = serde_json::from_str(finished.stderr().trim_end()).unwrap();
    let names: Vec<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["exit", "kind", "message", "hint", "status", "retryable", "retry_after", "request_id"]);
    assert_eq!((&line["exit"], &line["kind"], &line["status"]), (&json!(6), &json!("limit"), &json!(429)));
    finished.is(6, "", "{\"exit\":6,\"kind\":\"limit\",\"message\":\"http://SERVER/v1 answered 429 Too Many Requests: slow down\",\"hint\":\"try again later\",\"status\":429,\"retryable\":true,\"retry_after\":null,\"request_id\":null}\n");
}

#[test]
fn errors_json_holds_for_the_command_line_too() {
    unsent(&["--errors", "json", "--nonsense"]).ends(2, "", "{\"exit\":2,\"kind\":\"usage\",\"message\":\"unknown flag '--nonsense'\",\"hint\":\"lmpipe --help lists the flags; a prompt that starts with - goes after --\",\"status\":null,\"retryable\":false,\"retry_after\":null,\"request_id\":null}\n");
}

#[test]
fn stated_retry_after_and_request_id_are_passed_on() {
    let body = json!({"error": {"message": "slow down"}}).to_string();
    answered(reply(429, &["Retry-After: 7", "x-request-id: req_1"], body)).args(["--errors", "json"]).ends(6, "", "{\"exit\":6,\"kind\":\"limit\",\"message\":\"http://SERVER/v1 answered 429 Too Many Requests: slow down\",\"hint\":\"try again in 7 s\",\"status\":429,\"retryable\":true,\"retry_after\":7.0,\"request_id\":\"req_1\"}\n");
}

#[test]
fn control_characters_of_a_server_stay_out_of_the_terminal() {
    answered(error(400, "a\u{1b}]0;title\u{7}b\u{202e}c\nd", None))
        .fails(4, "http://SERVER/v1 answered 400 Bad Request: a\u{1b}]0;title\u{7}b\u{202e}c d");
}

#[test]
fn long_error_text_is_cut() {
    answered(error(400, &"long ".repeat(2000), None)).fails(4, "http://SERVER/v1 answered 400 Bad Request: long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long …");
}

#[test]
fn answer_given_before_the_request_was_read_is_heard() {
    let large = "x".repeat(8 << 20);
    let answer = Answer::new([Step::Send(error(413, "too large", None))]).unread();
    let finished = Run::asking(answer).args(["--retries", "0"]).stdin(&large).finish();
    assert!(matches!(finished.code(), 4 | 7), "exit {}: {}", finished.code(), finished.stderr());
    assert_eq!(finished.stdout(), "");
}
