//! What to do about a failure, said by somebody who knows the settings: where the key and the URL came from, and
//! which models the server has.

use crate::failure::{Failure, Kind};
use crate::request::{Credential, Endpoint, Part, Request};
use crate::run::ask::Asker;
use crate::run::locate;
use crate::settings::closest::closest;
use crate::wire::recognise;

/// The failure with a hint, where it has none yet.
pub(crate) fn advise(asker: &mut Asker<'_>, failure: Failure, endpoint: &Endpoint, request: &Request) -> Failure {
    if !failure.hint.is_empty() {
        return failure;
    }
    let hint = match failure.kind {
        _ if recognise::unknown_model(&failure) => unknown_model(asker, endpoint, &request.model),
        _ if recognise::refuses_part(&failure) => other_parts(&request.user),
        Kind::Auth => key(endpoint),
        Kind::Rejected if failure.reply.status == Some(404) => not_found(endpoint),
        Kind::Rejected if failure.reply.code.as_deref().is_some_and(is_too_long) => "shorten the input".into(),
        Kind::Network if failure.why.contains("refused") => refused(endpoint),
        Kind::Limit if !failure.retryable => "check plan and billing of the account".into(),
        Kind::Limit => failure
            .reply
            .retry_after
            .map_or_else(|| "try again later".into(), |wait| format!("try again in {} s", wait.as_secs_f64().ceil())),
        _ => String::new(),
    };
    failure.hint(hint)
}

/// Whether an error code says that the input is longer than the model takes.
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
    match endpoint.credential {
        Credential::None => "no key was sent: set the server's key variable, or give --api-key-file".into(),
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
