//! What to do about a failure, said by somebody who knows the settings: where the key and the URL came from, and
//! which models the server has.

use crate::failure::{Failure, Kind};
use crate::request::{Credential, Endpoint, Request};
use crate::run::ask::Asker;
use crate::run::locate;
use crate::settings::closest::closest;
use crate::transport::retry;
use crate::wire::{page, recognise};

/// The failure with a hint, where it has none yet.
pub(crate) fn advise(asker: &mut Asker<'_>, failure: Failure, endpoint: &Endpoint, request: &Request) -> Failure {
    if failure.hint.is_empty() && recognise::unknown_model(&failure) {
        let hint = unknown_model(asker, endpoint, &request.model);
        return failure.hint(hint);
    }
    about_server(failure, endpoint)
}

/// The failure with a hint about its server, where it has none yet.
pub(crate) fn about_server(failure: Failure, endpoint: &Endpoint) -> Failure {
    if !failure.hint.is_empty() {
        return failure;
    }
    let wait = failure.reply.retry_after.map(|wait| wait.as_secs_f64().ceil());
    let hint = match failure.kind {
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
    };
    failure.hint(hint)
}

/// Whether an error code says that the input is longer than the model takes.
fn is_too_long(code: &str) -> bool {
    code.contains("context") && (code.contains("length") || code.contains("size"))
}

/// Where the key came from, or that there was none.
fn key(endpoint: &Endpoint) -> String {
    match endpoint.credential {
        Credential::None => "no key was sent: set the server's key variable, or give --api-key-file".into(),
        _ if endpoint.key_origin.ends_with("auth.json") => {
            format!("run 'codex login' to renew the login in {}", endpoint.key_origin)
        }
        _ => format!("check the key from {}", endpoint.key_origin),
    }
}

/// A path the server does not have.
fn not_found(endpoint: &Endpoint) -> String {
    let base = endpoint.base_url.split('?').next().unwrap_or_default();
    if base.ends_with("/v1") { "check the base URL".into() } else { format!("does the base URL want /v1: {base}/v1?") }
}

/// Nobody listens: by port, what would.
fn refused(endpoint: &Endpoint) -> String {
    let host = endpoint.base_url.split("://").nth(1).unwrap_or_default();
    let port = host.split('/').next().and_then(|host| host.rsplit(':').next());
    match port {
        Some("11434") => "start Ollama with: ollama serve".into(),
        Some("1234") => "start the server in LM Studio".into(),
        Some("8080") => "start llama.cpp with: llama-server -m MODEL.gguf".into(),
        Some("8000") => "start vLLM with: vllm serve MODEL".into(),
        _ => "is the server running?".into(),
    }
}

/// The names the server lists that are nearest to the one it does not know.
fn unknown_model(asker: &mut Asker<'_>, endpoint: &Endpoint, model: &str) -> String {
    let Ok(models) = locate::list(&mut asker.client, endpoint) else {
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
