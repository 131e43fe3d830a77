//! The [`Failure`] for an error reply: an error status, or an error inside a 200, with a body of JSON, HTML, text or
//! nothing.
//!
//! Source: docs/wire.md §1.7, §1.8, §3.2; docs/codex.md §3.5; docs/contract.md §5.

use std::time::SystemTime;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::html;
use super::retry_after;
use super::server_error::{ServerError, one_line, plain, server_error};
use crate::failure::{Failure, Kind};
use crate::response::Headers;

/// Headers that carry the request's id, the server's own before those of gateways in front of it.
pub(crate) const REQUEST_IDS: &[&str] = &[
    "x-request-id",
    "x-oai-request-id",
    "request-id",
    "apim-request-id",
    "x-generation-id",
    "x-litellm-call-id",
    "x-amzn-requestid",
    "cf-ray",
];

/// The failure for a reply whose status is not 2xx; `now` turns the server's dates into waits.
///
/// The kind follows the status, except where the body is known to be right and the status wrong: LiteLLM answers 500
/// to a missing key, xAI and Gemini 400 to a wrong one.
pub(crate) fn refusal(place: &str, status: u16, headers: &Headers, body: &[u8], now: SystemTime) -> Failure {
    let body = String::from_utf8_lossy(body);
    let mut error = error_of(&body, headers);
    retry_after::complete_reset(&mut error, now);
    let what = format!("{place} answered {}", named(status));
    if (300..400).contains(&status) {
        error.message = match headers.first("location") {
            Some(location) => format!("it points to '{}', and redirects are not followed", one_line(location)),
            None => "a redirect that names no place".to_owned(),
        };
    }
    let inner = error.status.filter(|inner| status >= 500 && (400..500).contains(inner));
    let mut failure = failure(what, inner.unwrap_or(status), error);
    failure.reply.status = Some(status);
    advise(&mut failure, headers, now);
    failure
}

/// The failure for an error inside a 200, before or after parts of the answer.
///
/// The kind follows the status in the error, a number or a known word; without one it is [`Kind::Server`].
pub(crate) fn inside(place: &str, error: ServerError) -> Failure {
    let status = error.status.or_else(|| error.code.as_deref().and_then(status_of_word));
    let own_status = error.status;
    let mut failure = failure(format!("{place} reported an error in its answer"), status.unwrap_or(0), error);
    failure.reply.status = own_status;
    failure
}

/// Adds what the headers say of the request: its id, and when to try again.
pub(crate) fn advise(failure: &mut Failure, headers: &Headers, now: SystemTime) {
    let reply = &mut failure.reply;
    let id = REQUEST_IDS.iter().find_map(|name| headers.first(name)).filter(|id| !id.is_empty());
    reply.request_id = id.map(str::to_owned).or_else(|| reply.request_id.take());
    reply.retry_after = retry_after::of_headers(headers, now).or(reply.retry_after);
    reply.should_retry = match headers.first("x-should-retry") {
        Some("true") => Some(true),
        Some("false") => Some(false),
        _ => None,
    };
    if failure.reply.status == Some(402) && failure.reply.retry_after.is_some() {
        // OpenRouter: a wait means that credits come back.
        failure.retryable = true;
        failure.transient = true;
    }
}

/// The error in the body; where that is empty, in the headers.
fn error_of(body: &str, headers: &Headers) -> ServerError {
    let text = body.trim_start_matches('\u{feff}').trim();
    // LiteLLM answers a stream that cannot begin with a 500 whose body is an event stream.
    let json = text.strip_prefix("data:").map_or(text, |event| event.lines().next().unwrap_or(event));
    if let Ok(value) = serde_json::from_str::<Value>(json) {
        return server_error(&value).unwrap_or_else(|| plain(value.as_str().unwrap_or(json)));
    }
    if text.starts_with('<') {
        // The id to quote to the operator of the proxy that answered.
        let ray = headers.first("cf-ray").map_or_else(String::new, |ray| format!(" (cf-ray {ray})"));
        return plain(&(html::title(text) + &ray));
    }
    if text.is_empty() { of_headers(headers).unwrap_or_default() } else { plain(text) }
}

/// The error in the headers of the ChatGPT backend, for an empty body.
fn of_headers(headers: &Headers) -> Option<ServerError> {
    let encoded = headers.first("x-error-json").and_then(|json| STANDARD.decode(json.trim()).ok());
    let body = encoded.and_then(|json| serde_json::from_slice::<Value>(&json).ok());
    body.as_ref().and_then(server_error).or_else(|| headers.first("x-openai-authorization-error").map(plain))
}

/// The failure for `error`, with the kind for `status`, which is 0 where none is known.
fn failure(what: String, status: u16, error: ServerError) -> Failure {
    let code = error.code.as_deref().unwrap_or_default();
    let lower = error.message.to_lowercase();
    let wait = error.wait.or_else(|| retry_after::in_prose(&lower));
    let spent = is_spent_code(code) || matches!(status, 402 | 429) && wait.is_none() && is_spent_text(&lower);
    let kind = match status {
        _ if spent && status < 500 => Kind::Limit,
        400 if is_key_refused(code, &lower) => Kind::Auth,
        401 | 403 => Kind::Auth,
        402 | 429 => Kind::Limit,
        300..=499 => Kind::Rejected,
        _ => Kind::Server,
    };
    let hopeless = spent || status == 402 || is_hopeless(&lower);
    let mut failure = Failure::new(kind, what, error.message);
    if let Some(seconds) = error.resets_at {
        let date = httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + retry_after::within_a_century(seconds));
        failure.why.push_str(&format!(" (resets {date})"));
    }
    failure.transient = !hopeless && (matches!(status, 408 | 409 | 429) || status >= 500) && kind != Kind::Auth;
    failure.retryable = failure.transient || failure.retryable && !hopeless;
    if code == "no_db_connection" {
        failure.hint = "this is how LiteLLM without a database answers a key it does not know".to_owned();
    }
    failure.reply.code = error.code;
    failure.reply.param = error.param;
    failure.reply.retry_after = wait;
    failure.reply.request_id = error.request_id;
    failure
}

/// The status that a code inside a 200 stands for.
fn status_of_word(code: &str) -> Option<u16> {
    Some(match code {
        "invalid_api_key" | "authentication_error" | "token_expired" | "unauthorized" => 401,
        "permission_error" | "permission_denied" | "PERMISSION_DENIED" => 403,
        "not_found" | "model_not_found" => 404,
        "context_length_exceeded"
        | "exceed_context_size_error"
        | "invalid_prompt"
        | "invalid_request"
        | "content_filter"
        | "content_policy_violation"
        | "cyber_policy"
        | "tool_use_failed"
        | "unsupported_parameter"
        | "unsupported_value"
        | "invalid_value"
        | "INVALID_ARGUMENT" => 400,
        "rate_limit_exceeded" | "rate_limit_error" | "too_many_requests" | "RESOURCE_EXHAUSTED" => 429,
        "server_error" | "internal_server_error" | "api_error" => 500,
        "server_is_overloaded" | "slow_down" | "overloaded_error" => 503,
        code if is_spent_code(code) => 429,
        _ => return None,
    })
}

/// True for a code that means the quota is spent.
fn is_spent_code(code: &str) -> bool {
    matches!(
        code,
        "insufficient_quota"
            | "credit_balance_exhausted"
            | "billing_hard_limit_reached"
            | "billing_not_active"
            | "usage_limit_reached"
            | "usage_not_included"
            | "budget_exceeded"
    )
}

/// True where the message is about money, not about the rate of requests.
fn is_spent_text(lower: &str) -> bool {
    ["current quota", "billing", "insufficient balance", "credit balance", "insufficient credits", "more credits"]
        .iter()
        .any(|phrase| lower.contains(phrase))
}

/// True where a 400 means a wrong key: xAI, Gemini, and LiteLLM without a database.
fn is_key_refused(code: &str, lower: &str) -> bool {
    matches!(code, "invalid_api_key" | "no_db_connection")
        || ["incorrect api key", "invalid api key", "api key not valid"].iter().any(|phrase| lower.contains(phrase))
}

/// True for a 5xx that is about the request, so that a retry must fail again: llama.cpp, also behind LiteLLM.
fn is_hopeless(lower: &str) -> bool {
    lower.contains("input is not supported") || lower.contains("failed to parse tool call arguments")
}

/// The status with its name, as in a status line.
fn named(status: u16) -> String {
    let name = match status {
        300 => "Multiple Choices",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        407 => "Proxy Authentication Required",
        408 => "Request Timeout",
        409 => "Conflict",
        410 => "Gone",
        411 => "Length Required",
        413 => "Content Too Large",
        414 => "URI Too Long",
        415 => "Unsupported Media Type",
        421 => "Misdirected Request",
        422 => "Unprocessable Content",
        424 => "Failed Dependency",
        425 => "Too Early",
        426 => "Upgrade Required",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        451 => "Unavailable For Legal Reasons",
        498 => "Flex Capacity Exceeded",
        499 => "Client Closed Request",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        520 => "Unknown Error",
        521 => "Web Server Is Down",
        522 => "Connection Timed Out",
        523 => "Origin Is Unreachable",
        524 => "A Timeout Occurred",
        529 => "Overloaded",
        _ => return status.to_string(),
    };
    format!("{status} {name}")
}

#[cfg(test)]
mod tests;
