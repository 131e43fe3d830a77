//! What to do about a failure, said by somebody who knows the settings: where the key and the URL came from, and
//! which models the server has.

use crate::failure::{Failure, Kind};
use crate::request::Endpoint;
use crate::run::ask::Asker;
use crate::run::locate;
use crate::settings::closest::closest;
use crate::transport::http::Client;
use crate::transport::retry;
use crate::wire::{page, recognise};

/// The failure of a request with a hint, where it has none yet; `model` is the one an answer was asked of.
pub(crate) fn advise(asker: &mut Asker<'_>, failure: Failure, endpoint: &Endpoint, model: Option<&str>) -> Failure {
    if !failure.hint.is_empty() {
        return failure;
    }
    let hint = match model {
        Some(model) if recognise::unknown_model(&failure) => unknown_model(&mut asker.client, endpoint, model),
        // A recording is asked without a key.
        _ if failure.kind == Kind::Auth && asker.tapes.is_replay() => String::new(),
        _ => about_server(&failure, endpoint),
    };
    failure.hint(hint)
}

/// What to do about the server or the way to it; empty where nobody knows.
fn about_server(failure: &Failure, endpoint: &Endpoint) -> String {
    let wait = failure.reply.retry_after.map(|wait| wait.as_secs_f64().ceil());
    match failure.kind {
        Kind::Auth if failure.why.starts_with(page::TITLE) => {
            "what stands in front of the server answered, not the server: try again later, or from another network"
                .into()
        }
        Kind::Auth => key(endpoint),
        Kind::Rejected if failure.reply.status == Some(404) => not_found(endpoint),
        // LM Studio says it inside a 200.
        Kind::Server if failure.why.starts_with("Unexpected endpoint") => not_found(endpoint),
        Kind::Rejected if failure.reply.code.as_deref().is_some_and(is_too_long) => "shorten the input".into(),
        Kind::Network if failure.why.contains("refused") && failure.what.contains(" through proxy ") => {
            "is the proxy running?".into()
        }
        Kind::Network if failure.why.contains("refused") => refused(endpoint),
        Kind::Network if failure.why.starts_with("cannot resolve") => check_url(endpoint),
        Kind::Limit if !failure.retryable && failure.why.contains(" (resets ") => {
            "wait until then, or ask another model".into()
        }
        Kind::Limit if !failure.retryable => "check plan and billing of the account".into(),
        kind => match wait {
            Some(seconds) if seconds > 86_400.0 => "try again another day".into(),
            // A shorter wait was kept, and did not help.
            Some(seconds) if kind == Kind::Limit || seconds > retry::LONGEST_ADVICE.as_secs_f64() => {
                format!("try again in {seconds} s")
            }
            _ if kind == Kind::Limit => "try again later".into(),
            _ => String::new(),
        },
    }
}

/// Whether an error code says that the input is longer than the model takes.
fn is_too_long(code: &str) -> bool {
    code.contains("context") && (code.contains("length") || code.contains("size"))
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

/// Nobody listens: by port, what would; and who said that this is the place.
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
    let Ok(models) = locate::list(client, endpoint) else {
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
