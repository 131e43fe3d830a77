//! Hints for failures that need more than the failure: where the key and the URL came from, which models there are.

use std::time::Duration;

use crate::closest::closest;
use crate::failure::{Failure, Kind};
use crate::request::{Endpoint, Part, Request};
use crate::run::models;
use crate::run::session::Session;
use crate::transport::http::Client;
use crate::transport::retry;
use crate::wire::{html, recognise};

/// Longest wait that a hint gives in seconds.
const A_DAY: Duration = Duration::from_secs(86_400);

/// The failure with a hint, where it has none yet; `request` is what an answer was asked for with, if it was.
pub(crate) fn advise(
    session: &mut Session<'_>,
    failure: Failure,
    endpoint: &Endpoint,
    request: Option<&Request>,
) -> Failure {
    if !failure.hint.is_empty() {
        return failure;
    }
    let why = failure.why.as_str();
    let hint = match (failure.kind, request) {
        (_, Some(request)) if recognise::unknown_model(&failure) => {
            unknown_model(&mut session.client, endpoint, &request.model)
        }
        (_, Some(request)) if recognise::refuses_part(&failure) => other_parts(&request.user),
        // A recording is asked without a key.
        (Kind::Auth, _) if session.tapes.is_replay() => String::new(),
        (Kind::Auth, _) if why.starts_with(html::WEB_PAGE) => {
            "what stands in front of the server answered, not the server: try again later, or from another network"
                .into()
        }
        (Kind::Auth, _) => key(endpoint),
        (Kind::Rejected, _) if failure.reply.status == Some(404) => not_found(endpoint),
        // LM Studio sends this error inside a 200.
        (Kind::Server, _) if why.starts_with("Unexpected endpoint") => not_found(endpoint),
        (Kind::Rejected, _) if failure.reply.code.as_deref().is_some_and(is_too_long) => "shorten the input".into(),
        (Kind::Network, _) if why.contains("refused") && failure.what.contains(" through proxy ") => {
            "is the proxy running?".into()
        }
        (Kind::Network, _) if why.contains("refused") => refused(endpoint),
        (Kind::Network, _) if why.starts_with("cannot resolve") => check_url(endpoint),
        (Kind::Limit, _) if !failure.retryable && why.contains(" (resets ") => {
            "wait until then, or ask another model".into()
        }
        (Kind::Limit, _) if !failure.retryable => "check plan and billing of the account".into(),
        (kind, _) => wait(kind, failure.reply.retry_after),
    };
    failure.hint(hint)
}

/// When to try again, where the server gave a time and that is what ended the run, or where there is nothing else to do.
fn wait(kind: Kind, asked: Option<Duration>) -> String {
    match asked {
        Some(wait) if wait > A_DAY => "try again another day".into(),
        // A shorter wait was kept, and did not help.
        Some(wait) if kind == Kind::Limit || wait > retry::LONGEST_ADVICE => {
            format!("try again in {} s", wait.as_secs_f64().ceil())
        }
        _ if kind == Kind::Limit => "try again later".into(),
        _ => String::new(),
    }
}

/// Whether an error code means that the input is longer than the model takes.
fn is_too_long(code: &str) -> bool {
    code.contains("context") && (code.contains("length") || code.contains("size"))
}

/// What to send in place of parts that are not taken; nothing where the message is text alone.
fn other_parts(user: &[Part]) -> String {
    let hint = user.iter().find_map(|part| match part {
        Part::Text(_) => None,
        Part::File { .. } => {
            Some("send the document's text (pdftotext FILE - | lmpipe ...), or ask a model that reads PDF")
        }
        Part::Audio { .. } => Some("send what is said as text, or ask a model that hears"),
        Part::Image { .. } => Some("ask a model that sees images"),
    });
    hint.unwrap_or_default().to_owned()
}

/// Where the key came from, or that there was none.
fn key(endpoint: &Endpoint) -> String {
    match endpoint.key_origin.as_str() {
        "" => "no key was sent: set the server's key variable, or give --api-key-file".into(),
        login if login.ends_with("auth.json") => format!("run 'codex login' to renew the login in {login}"),
        origin => format!("check the key from {origin}"),
    }
}

/// A path the server does not have.
fn not_found(endpoint: &Endpoint) -> String {
    let base = endpoint.base_url.split('?').next().unwrap_or_default();
    let has_path = base.split_once("://").is_some_and(|(_, rest)| rest.contains('/'));
    if has_path { check_url(endpoint) } else { format!("does the base URL want /v1: {base}/v1?") }
}

/// The connection was refused: the command that starts a server on this port, or where the base URL came from.
fn refused(endpoint: &Endpoint) -> String {
    let host = endpoint.base_url.split("://").nth(1).unwrap_or_default();
    let port = host.split('/').next().and_then(|host| host.rsplit(':').next());
    match port {
        Some("11434") => "start Ollama with: ollama serve".into(),
        Some("1234") => "start the server in LM Studio".into(),
        Some("8080") => "start llama.cpp with: llama-server -m MODEL.gguf".into(),
        Some("8000") => "start vLLM with: vllm serve MODEL".into(),
        _ if endpoint.base_url_origin.is_empty() => "is the server running?".into(),
        _ => format!("is the server running? The base URL is {}", endpoint.base_url_origin),
    }
}

/// The base URL leads nowhere.
fn check_url(endpoint: &Endpoint) -> String {
    match endpoint.base_url_origin.as_str() {
        "" => "check the base URL".into(),
        origin => format!("check the base URL {origin}"),
    }
}

/// The names the server lists that are nearest to the one it does not know.
fn unknown_model(client: &mut Client, endpoint: &Endpoint, model: &str) -> String {
    let Ok(models) = models::list(client, endpoint) else {
        return "--list-models shows the names it knows".into();
    };
    let near = closest(model, models.iter().map(String::as_str));
    match (near.as_slice(), models.as_slice()) {
        ([], [only]) => format!("it lists only '{only}'"),
        ([], _) => "--list-models shows the names it knows".into(),
        (near, _) => {
            format!("did you mean {}?", near.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(" or "))
        }
    }
}
