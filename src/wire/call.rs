//! A request as an HTTP call: the dialect's body and path, the URL, the headers and which of them are secret.

use clap::ValueEnum;

use crate::failure::Failure;
use crate::request::{Body, Call, Credential, Dialect, Endpoint, Header, Request, Secret};
use crate::response::Response;
use crate::secret::is_secret_header;

use super::chat;

/// `User-Agent`.
const USER_AGENT: &str = concat!("lmpipe/", env!("CARGO_PKG_VERSION"));

impl Endpoint {
    /// The URL of `path` (such as `/models`) under the base URL; a query stays at the end. A base URL that is a whole
    /// endpoint (`…/chat/completions`) counts as the base above it.
    fn url(&self, path: &str) -> String {
        let (base, query) = self.base_url.split_once('?').unwrap_or((&self.base_url, ""));
        let base = base.trim_end_matches('/');
        let base = Dialect::value_variants().iter().find_map(|api| base.strip_suffix(api.spec().path)).unwrap_or(base);
        match (query, path.contains('?')) {
            ("", _) => format!("{base}{path}"),
            (query, false) => format!("{base}{path}?{query}"),
            (query, true) => format!("{base}{path}&{query}"),
        }
    }
}

/// The call for `request`: exactly the fields asked for, then the user's own (`-o`), which replace ours.
///
/// # Errors
/// Usage, for a setting or part that the endpoint's API has no form for.
pub(crate) fn encode(request: &Request, endpoint: &Endpoint) -> Result<Call, Failure> {
    let spec = endpoint.dialect.spec();
    if let Some((field, _)) = request.sampling.fields.iter().find(|(field, _)| endpoint.path(field).is_none()) {
        let (why, hint) = spec.missing_field;
        return Err(Failure::usage(field.flag.unwrap_or(field.name), why).hint(hint));
    }
    let mut body = (spec.body)(request, endpoint)?;
    for (path, value) in &request.sampling.extra {
        body.set(&mut path.iter().map(String::as_str), value);
    }
    let mut headers = vec![shown("Content-Type", "application/json")];
    if spec.always_streams || request.stream {
        // A gateway that compresses a stream also delays it.
        headers.push(shown("Accept", "text/event-stream"));
        headers.push(shown("Accept-Encoding", "identity"));
    } else {
        headers.push(shown("Accept", "application/json"));
    }
    let (url, headers) = (endpoint.url(spec.path), complete(headers, endpoint));
    Ok(Call { method: "POST", url, headers, body: Some(body.body()) })
}

/// The call that lists the models of `endpoint`.
pub(crate) fn models_call(endpoint: &Endpoint) -> Call {
    let headers = complete(vec![shown("Accept", "application/json")], endpoint);
    Call { method: "GET", url: endpoint.url(endpoint.dialect.spec().models_path), headers, body: None }
}

/// The conversation with its new answer, as a JSON array of chat messages (`--save-messages`).
pub(crate) fn transcript(request: &Request, response: &Response) -> Body {
    chat::encode::transcript(request, response).body()
}

/// Adds `User-Agent`, the dialect's headers, the key and the endpoint's headers, which replace ours of the same name.
fn complete(mut headers: Vec<Header>, endpoint: &Endpoint) -> Vec<Header> {
    headers.push(shown("User-Agent", USER_AGENT));
    headers.extend(endpoint.dialect.spec().headers.iter().map(|(name, value)| shown(name, value)));
    match &endpoint.credential {
        Credential::None => {}
        Credential::Bearer(key) => headers.push(hidden("Authorization", format!("Bearer {}", key.reveal()))),
        Credential::Header(name, key) => headers.push(hidden(name, key.reveal().to_owned())),
    }
    headers.retain(|ours| !endpoint.headers.iter().any(|(name, _)| ours.name.eq_ignore_ascii_case(name)));
    headers.extend(endpoint.headers.iter().map(|(name, value)| Header {
        name: name.clone(),
        value: value.clone(),
        secret: is_secret_header(name),
    }));
    headers
}

/// A header that may be shown.
fn shown(name: &str, value: &str) -> Header {
    Header { name: name.to_owned(), value: Secret::new(value.to_owned()), secret: false }
}

/// A header that holds a key.
fn hidden(name: &str, value: String) -> Header {
    Header { name: name.to_owned(), value: Secret::new(value), secret: true }
}

#[cfg(test)]
mod tests;
