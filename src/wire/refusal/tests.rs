//! Every row of docs/wire.md §3.2 and every misleading status, with recorded bodies where there are recordings.

use std::time::{Duration, SystemTime};

use super::*;

/// Sun, 22 Nov 2026 12:00:00 GMT.
fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_348_800)
}

fn headers(list: &[(&str, &str)]) -> Headers {
    Headers(list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

fn refused(status: u16, body: &str) -> Failure {
    refusal("http://h/v1", status, &Headers::default(), body.as_bytes(), now())
}

/// Exit code, the server's message and its code.
fn said(status: u16, body: &str) -> (u8, String, Option<String>) {
    let failure = refused(status, body);
    (failure.kind.exit(), failure.why, failure.reply.code)
}

#[test]
fn every_shape_of_error_body_is_understood() {
    let rows = [
        (
            404,
            r#"{"error":{"message":"no such model","type":"invalid_request_error","param":"model","code":"model_not_found"}}"#,
            4,
            "no such model",
            "model_not_found",
        ),
        (
            401,
            r#"{"error":{"message":"Invalid API Key","type":"authentication_error","code":401}}"#,
            3,
            "Invalid API Key",
            "authentication_error",
        ),
        (
            400,
            r#"{"error":{"message":"smollm2 is not a multimodal model","type":"BadRequestError","param":null,"code":400}}"#,
            4,
            "smollm2 is not a multimodal model",
            "BadRequestError",
        ),
        (
            429,
            r#"{"error":{"message":"litellm.RateLimitError: slow\n\nLiteLLM: no fallback","type":"throttling_error","param":"None","code":"429","provider_specific_fields":null}}"#,
            6,
            "litellm.RateLimitError: slow LiteLLM: no fallback",
            "throttling_error",
        ),
        (
            401,
            r#"{"error":{"code":"401","message":"Access denied due to invalid subscription key"}}"#,
            3,
            "Access denied due to invalid subscription key",
            "",
        ),
        (
            400,
            r#"{"error":{"message":"filtered","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation"}}}"#,
            4,
            "filtered",
            "content_filter",
        ),
        (
            502,
            r#"{"error":{"message":"Provider returned error","code":502,"metadata":{"provider_name":"P","raw":"boom"}}}"#,
            5,
            "Provider returned error: boom",
            "",
        ),
        (
            429,
            r#"{"error":{"message":"Provider returned error","code":429,"metadata":{"raw":{"error":{"message":"busy"}}}}}"#,
            6,
            "Provider returned error: busy",
            "",
        ),
        (
            400,
            r#"{"error":{"message":"Failed to call a function.","type":"invalid_request_error","code":"tool_use_failed","failed_generation":"<f>"}}"#,
            4,
            "Failed to call a function.",
            "tool_use_failed",
        ),
        (401, r#"{"error":"Unauthorized"}"#, 3, "Unauthorized", ""),
        (
            400,
            r#"{"code":"Client specified an invalid argument","error":"Incorrect API key provided: xa***"}"#,
            3,
            "Incorrect API key provided: xa***",
            "Client specified an invalid argument",
        ),
        (
            400,
            r#"{"object":"error","message":"too long","type":"BadRequestError","param":null,"code":400}"#,
            4,
            "too long",
            "BadRequestError",
        ),
        (
            422,
            r#"{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","max_completion_tokens"],"msg":"Extra inputs are not permitted","input":5}]},"type":"invalid_request_error","code":null}"#,
            4,
            "body.max_completion_tokens: Extra inputs are not permitted",
            "invalid_request_error",
        ),
        (
            422,
            r#"{"object":"error","message":[{"type":"missing","loc":["body","messages",0,"content"],"msg":"Field required"},{"msg":"and more"}]}"#,
            4,
            "body.messages.0.content: Field required; and more",
            "",
        ),
        (
            400,
            r#"{"object":"error","message":"{\"object\":\"error\",\"message\":\"inner words\",\"type\":\"inner\"}","type":"outer"}"#,
            4,
            "inner words",
            "inner",
        ),
        (401, r#"{"message":"Unauthorized","request_id":"abc"}"#, 3, "Unauthorized", ""),
        (404, r#"{"detail":"Not Found"}"#, 4, "Not Found", ""),
        (
            422,
            r#"{"detail":[{"loc":["body","n"],"msg":"value is not a valid integer","type":"type_error.integer"}]}"#,
            4,
            "body.n: value is not a valid integer",
            "",
        ),
        (400, r#"{"detail":"Stream must be set to true"}"#, 4, "Stream must be set to true", ""),
        (
            400,
            r#"[{"error":{"code":400,"message":"Unknown name \"x\": Cannot find field.","status":"INVALID_ARGUMENT"}}]"#,
            4,
            "Unknown name \"x\": Cannot find field.",
            "INVALID_ARGUMENT",
        ),
        (
            429,
            r#"{"statusCode":429,"message":"Rate limit is exceeded. Try again in 8 seconds."}"#,
            6,
            "Rate limit is exceeded. Try again in 8 seconds.",
            "",
        ),
        (
            400,
            r#"{"type":"error","status":400,"error":{"type":"invalid_request_error","message":"The 'x' model is not supported"}}"#,
            4,
            "The 'x' model is not supported",
            "invalid_request_error",
        ),
        (
            502,
            "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body></html>",
            5,
            "a web page titled '502 Bad Gateway'",
            "",
        ),
        (
            403,
            "<!DOCTYPE html><html><head><title>Just a moment...</title></head>",
            3,
            "a web page titled 'Just a moment...'",
            "",
        ),
        (
            400,
            r#"{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error","n_prompt_tokens":9000,"n_ctx":4096}}"#,
            4,
            "the request exceeds the available context size",
            "exceed_context_size_error",
        ),
        (400, r#"{"error":{"message":"m","code":"cyber_policy"}}"#, 4, "m", "cyber_policy"),
        (500, "", 5, "", ""),
        (500, "  \n", 5, "", ""),
        (503, "upstream connect error\nor  disconnect", 5, "upstream connect error or disconnect", ""),
        (500, r#""only a string""#, 5, "only a string", ""),
        (500, r#"{"unheard":"of"}"#, 5, r#"{"unheard":"of"}"#, ""),
        (500, r#"{"error":{"unheard":"of"}}"#, 5, r#"{"unheard":"of"}"#, ""),
        (
            500,
            "data: {\"error\": {\"message\": \"Error processing stream start\", \"type\": \"internal_server_error\", \"param\": null, \"code\": \"500\"}}\n\ndata: [DONE]\n\n",
            5,
            "Error processing stream start",
            "internal_server_error",
        ),
    ];
    for (status, body, exit, why, code) in rows {
        let code = (!code.is_empty()).then(|| code.to_owned());
        assert_eq!(said(status, body), (exit, why.to_owned(), code), "{status} {body}");
    }
}

#[test]
fn line_names_server_status_and_the_server_s_words() {
    assert_eq!(
        refused(401, r#"{"error":"Unauthorized"}"#).line(),
        "http://h/v1 answered 401 Unauthorized: Unauthorized"
    );
    assert_eq!(refused(502, "").line(), "http://h/v1 answered 502 Bad Gateway");
    assert_eq!(refused(299, "").line(), "http://h/v1 answered 299");
}

#[test]
fn status_decides_kind_and_retry() {
    let rows: &[(&[u16], u8, bool)] = &[
        (&[401, 403], 3, false),
        (&[400, 404, 405, 413, 422, 498, 499], 4, false),
        (&[408, 409], 4, true),
        (&[402], 6, false),
        (&[429], 6, true),
        (&[500, 502, 503, 504, 520, 524, 529], 5, true),
    ];
    for (statuses, exit, transient) in rows {
        for status in *statuses {
            let failure = refused(*status, r#"{"error":{"message":"m"}}"#);
            assert_eq!((failure.kind.exit(), failure.transient), (*exit, *transient), "{status}");
            assert_eq!(failure.reply.status, Some(*status));
        }
    }
}

#[test]
fn spent_quota_is_told_from_pace() {
    let rows = [
        (
            429,
            r#"{"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","code":"insufficient_quota"}}"#,
            false,
        ),
        (429, r#"{"error":{"message":"m","code":"credit_balance_exhausted"}}"#, false),
        (429, r#"{"error":{"message":"m","type":"usage_limit_reached"}}"#, false),
        (403, r#"{"error":{"message":"m","code":"insufficient_quota"}}"#, false),
        (402, r#"{"error":{"message":"Insufficient Balance","type":"unknown_error"}}"#, false),
        (429, r#"{"error":{"message":"Your credit balance is too low"}}"#, false),
        (
            429,
            r#"{"error":{"message":"Rate limit reached for requests. Please try again in 20s. Visit the billing page","code":"rate_limit_exceeded"}}"#,
            true,
        ),
        (
            429,
            r#"[{"error":{"code":429,"message":"You exceeded your current quota. Please retry in 33.4s.","status":"RESOURCE_EXHAUSTED"}}]"#,
            true,
        ),
    ];
    for (status, body, worth) in rows {
        let failure = refused(status, body);
        assert_eq!((failure.kind, failure.retryable, failure.transient), (Kind::Limit, worth, worth), "{body}");
    }
}

#[test]
fn credits_that_come_back_say_when() {
    let body = r#"{"error":{"message":"Insufficient credits","code":402}}"#;
    let failure = refusal("p", 402, &headers(&[("Retry-After", "30")]), body.as_bytes(), now());
    let facts = (failure.kind, failure.retryable, failure.transient, failure.reply.retry_after);
    assert_eq!(facts, (Kind::Limit, true, true, Some(Duration::from_secs(30))));
}

#[test]
fn statuses_that_lie_are_seen_through() {
    let rows = [
        // LiteLLM without a key.
        (
            500,
            r#"{"error":{"message":"Authentication Error, No api key passed in.","type":"auth_error","param":"None","code":"401"}}"#,
            Kind::Auth,
            false,
        ),
        // LiteLLM with a wrong key and no database.
        (
            400,
            r#"{"error":{"message":"No connected db.","type":"no_db_connection","param":null,"code":"400"}}"#,
            Kind::Auth,
            false,
        ),
        // llama.cpp, and LiteLLM in front of it.
        (
            500,
            r#"{"error":{"code":500,"message":"image input is not supported - hint: if this is unexpected, you may need to provide the mmproj","type":"server_error"}}"#,
            Kind::Server,
            false,
        ),
        (
            500,
            r#"{"error":{"message":"litellm.InternalServerError: InternalServerError: OpenAIException - image input is not supported - hint: mmproj","type":"internal_server_error","param":null,"code":"500"}}"#,
            Kind::Server,
            false,
        ),
        (
            500,
            r#"{"error":{"code":500,"message":"Failed to parse tool call arguments as JSON: [json.exception.parse_error.101]","type":"server_error"}}"#,
            Kind::Server,
            false,
        ),
        (503, r#"{"error":{"message":"Loading model","type":"unavailable_error","code":503}}"#, Kind::Server, true),
        // xAI and Gemini with a wrong key.
        (
            400,
            r#"{"code":"Client specified an invalid argument","error":"Incorrect API key provided: ab***yz."}"#,
            Kind::Auth,
            false,
        ),
        (
            400,
            r#"[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}]"#,
            Kind::Auth,
            false,
        ),
        // A gateway that hides the status of the server behind it.
        (500, r#"{"error":{"message":"slow down","code":429}}"#, Kind::Limit, true),
    ];
    for (status, body, kind, transient) in rows {
        let failure = refused(status, body);
        assert_eq!((failure.kind, failure.transient, failure.reply.status), (kind, transient, Some(status)), "{body}");
    }
}

#[test]
fn redirect_names_its_place() {
    let list = headers(&[("Location", "https://elsewhere.example/v1/chat/completions")]);
    let failure = refusal("http://h/v1", 308, &list, b"<html><title>308</title></html>", now());
    let want = "http://h/v1 answered 308 Permanent Redirect: it points to \
                'https://elsewhere.example/v1/chat/completions', and redirects are not followed";
    assert_eq!((failure.kind, failure.line().as_str(), failure.transient), (Kind::Rejected, want, false));
    assert_eq!(refused(302, "").line(), "http://h/v1 answered 302 Found: a redirect that names no place");
}

#[test]
fn id_is_found_under_every_name() {
    for name in REQUEST_IDS {
        let reply = refusal("p", 500, &headers(&[(name, "id_1")]), b"", now()).reply;
        assert_eq!(reply.request_id.as_deref(), Some("id_1"), "{name}");
    }
}

#[test]
fn page_of_a_guard_keeps_the_id_a_person_can_quote() {
    let page = b"<html><head><title>Just a moment...</title></head><body>Your IP: 192.0.2.77</body></html>";
    let failure = refusal("p", 403, &headers(&[("cf-ray", "8f-OSL")]), page, now());
    assert_eq!(failure.why, "a web page titled 'Just a moment...' (cf-ray 8f-OSL)");
}

#[test]
fn headers_tell_id_and_advice() {
    let list = headers(&[
        ("cf-ray", "ray"),
        ("X-Request-Id", "req_1"),
        ("retry-after-ms", "1500"),
        ("Retry-After", "9"),
        ("X-Should-Retry", "false"),
    ]);
    let reply = refusal("p", 503, &list, b"", now()).reply;
    assert_eq!(reply.request_id.as_deref(), Some("req_1"));
    assert_eq!(reply.retry_after, Some(Duration::from_millis(1500)));
    assert_eq!(reply.should_retry, Some(false));
    let of_body = refused(401, r#"{"message":"m","request_id":"body_id"}"#).reply;
    assert_eq!(of_body.request_id.as_deref(), Some("body_id"));
    let date = refusal("p", 503, &headers(&[("Retry-After", "Sun, 22 Nov 2026 12:00:20 GMT")]), b"", now()).reply;
    assert_eq!(date.retry_after, Some(Duration::from_secs(20)));
}

#[test]
fn chatgpt_usage_limit_names_its_end() {
    let rows = [
        r#"{"error":{"type":"usage_limit_reached","message":"The usage limit has been reached","plan_type":"plus","resets_at":1795352400,"resets_in_seconds":3600}}"#,
        r#"{"error":{"type":"usage_limit_reached","message":"The usage limit has been reached","resets_at":1795352400}}"#,
        r#"{"error":{"type":"usage_limit_reached","message":"The usage limit has been reached","resets_in_seconds":3600}}"#,
    ];
    for body in rows {
        let failure = refused(429, body);
        assert_eq!(failure.why, "The usage limit has been reached (resets Sun, 22 Nov 2026 13:00:00 GMT)", "{body}");
        assert_eq!((failure.kind, failure.retryable, failure.transient), (Kind::Limit, false, false));
        assert_eq!(failure.reply.retry_after, Some(Duration::from_secs(3600)));
    }
    let far = refused(429, r#"{"error":{"type":"usage_limit_reached","message":"m","resets_at":1e300}}"#);
    assert!(far.why.starts_with("m (resets "), "no date is too far: {}", far.why);
}

#[test]
fn chatgpt_reason_is_found_in_its_headers() {
    let list = headers(&[("x-openai-authorization-error", "token revoked"), ("cf-ray", "8f-OSL")]);
    let failure = refusal("p", 401, &list, b"", now());
    assert_eq!((failure.why.as_str(), failure.reply.request_id.as_deref()), ("token revoked", Some("8f-OSL")));
    let encoded = STANDARD.encode(r#"{"error":{"code":"token_expired","message":"sign in again"}}"#);
    let failure = refusal("p", 401, &headers(&[("x-error-json", &encoded)]), b"", now());
    assert_eq!((failure.why.as_str(), failure.reply.code.as_deref()), ("sign in again", Some("token_expired")));
}

#[test]
fn words_of_any_length_become_one_short_line() {
    for body in
        [format!(r#"{{"error":{{"message":"{}"}}}}"#, "é\\n ".repeat(5000)), "é\n ".repeat(5000), "x".repeat(70000)]
    {
        let why = refused(400, &body).why;
        assert!(why.chars().count() == 301 && why.ends_with('…') && !why.contains('\n'), "{why}");
    }
}

#[test]
fn error_without_a_sentence_is_told_as_it_is() {
    assert_eq!(refused(500, r#"{"type":"error"}"#).why, r#"{"type":"error"}"#);
}

#[test]
fn any_body_is_survived() {
    let deep = "[".repeat(100_000);
    for body in
        [deep.as_str(), "{\"error\":", "\u{feff}{\"error\":\"m\"}", "\0\u{1b}[2J", "data:", "<", "null", "{}", "[]"]
    {
        assert!(!refused(500, body).line().is_empty());
    }
    let failure = refusal("p", 500, &Headers::default(), b"\xff\xfe bytes", now());
    assert_eq!(failure.why, "\u{fffd}\u{fffd} bytes");
}
