//! `--print curl`: a call as a shell command that works when pasted and shows no secret.
//!
//! In place of a key stands the shell expression that yields it, so that the command can be shared.

use crate::request::{Body, Call, Credential, Endpoint, Header, Net};
use crate::secret::is_secret_parameter;
use crate::url::{Parameter, Url};

/// Longest body, in bytes, that is an argument of the command. A longer one follows in a here-document: an argument
/// may not exceed 128 KiB on Linux, and no file is left behind.
const INLINE_BODY: u64 = 2000;

/// The line that ends the here-document. A body cannot hold it: compact JSON is a single line and begins with `{`.
const END_OF_BODY: &str = "LMPIPE_BODY";

/// The variable that stands for a key of unknown origin.
const KEY_VARIABLE: &str = "$OPENAI_API_KEY";

/// The header that names the workspace of a Codex login.
const ACCOUNT: &str = "ChatGPT-Account-ID";

/// The shell command that makes `call`, with a newline at its end. The key comes from [`Endpoint::key_origin`]: a
/// variable's name, `--api-key-file FILE`, `--api-key-command CMD` or, with a login, the path of the login file.
pub(crate) fn command(call: &Call, endpoint: &Endpoint, net: &Net) -> Vec<u8> {
    let streams = call.headers.iter().any(|header| header.value.reveal() == "text/event-stream");
    let mut command = String::from(if streams { "curl -sSN " } else { "curl -sS " });
    if call.url.contains(['{', '[']) {
        command.push_str("--globoff ");
    }
    command.push_str(&url_word(&call.url));
    for header in &call.headers {
        command.push_str(" \\\n  -H ");
        command.push_str(&header_word(header, endpoint));
    }
    if let Some(path) = login_file(endpoint).filter(|_| !is_given(ACCOUNT, endpoint)) {
        // Without an account the value is empty, and curl leaves the header out.
        let account = format!("$(jq -r '.tokens.account_id // empty' {})", quoted(path));
        command.push_str(&format!(" \\\n  -H {}", expanded(ACCOUNT, "", &account)));
    }
    command.push_str(&network(net));
    let mut command = command.into_bytes();
    if let Some(body) = &call.body {
        push_body(body, &mut command);
    }
    command.push(b'\n');
    command
}

/// Appends the option that sends the body.
fn push_body(body: &Body, command: &mut Vec<u8>) {
    let bytes = body.to_vec();
    if body.len() <= INLINE_BODY {
        command.extend_from_slice(b" \\\n  --data-raw ");
        command.extend(quoted(&String::from_utf8_lossy(&bytes)).into_bytes());
    } else {
        command.extend(format!(" \\\n  --data-binary @- <<'{END_OF_BODY}'\n").into_bytes());
        command.extend(bytes);
        command.extend(format!("\n{END_OF_BODY}").into_bytes());
    }
}

/// The URL; secret values in its query (`?api-key=…`) become shell variables.
fn url_word(url: &str) -> String {
    let Some((path, _)) = url.split_once('?') else { return quoted(url) };
    let mut word = String::new();
    let mut open = path.to_owned();
    for (place, Parameter { name, value }) in Url::split(url).parameters().enumerate() {
        open.push(if place > 0 { '&' } else { '?' });
        open.push_str(name);
        if let Some(value) = value {
            open.push('=');
            if is_secret_parameter(name) {
                word.push_str(&format!("{}\"${}\"", quoted(&open), variable(name)));
                open.clear();
            } else {
                open.push_str(value);
            }
        }
    }
    if !open.is_empty() {
        word.push_str(&quoted(&open));
    }
    word
}

/// The argument of `-H` for one header.
fn header_word(header: &Header, endpoint: &Endpoint) -> String {
    let given = is_given(&header.name, endpoint);
    match (header.secret, &endpoint.credential) {
        // curl leaves out a header with an empty value, unless it is written with a semicolon.
        (false, _) if header.value.reveal().is_empty() => quoted(&format!("{};", header.name)),
        (false, _) => quoted(&format!("{}: {}", header.name, header.value.reveal())),
        (true, Credential::Bearer(_)) if !given => expanded(&header.name, "Bearer ", &key_expression(endpoint)),
        (true, _) if !given => expanded(&header.name, "", &key_expression(endpoint)),
        (true, _) => expanded(&header.name, "", &format!("${}", variable(&header.name))),
    }
}

/// True where the user gave a header of this name.
fn is_given(name: &str, endpoint: &Endpoint) -> bool {
    endpoint.headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name))
}

/// The options for proxy and certificates, but for those that curl reads from the environment itself. A proxy's user
/// name and password are left out.
fn network(net: &Net) -> String {
    let proxy = net.proxy.as_ref().map(|proxy| {
        let (scheme, host) = proxy.split_once("://").unwrap_or(("http", proxy));
        ("--proxy", format!("{scheme}://{}", host.rsplit('@').next().unwrap_or_default()))
    });
    let roots = net.roots.iter().filter(|(_, setting)| *setting != "SSL_CERT_FILE");
    let roots = roots.map(|(file, _)| ("--cacert", file.clone()));
    let client = net.client_certificate.iter();
    let client = client.flat_map(|(file, key)| [("--cert", file.clone()), ("--key", key.clone())]);
    let words = proxy.into_iter().chain(roots).chain(client);
    words.map(|(option, value)| format!(" \\\n  {option} {}", quoted(&value))).collect()
}

/// The shell expression that yields the key.
fn key_expression(endpoint: &Endpoint) -> String {
    let origin = endpoint.key_origin.as_str();
    if let Some(path) = origin.strip_prefix("--api-key-file ") {
        format!("$(cat {})", quoted(path))
    } else if let Some(command) = origin.strip_prefix("--api-key-command ") {
        format!("$({command})")
    } else if !origin.is_empty() && variable(origin) == origin.to_ascii_uppercase() {
        format!("${origin}")
    } else if let Some(path) = login_file(endpoint) {
        format!("$(jq -r .tokens.access_token {})", quoted(path))
    } else {
        KEY_VARIABLE.to_owned()
    }
}

/// The path of the login file, where the key comes from it.
fn login_file(endpoint: &Endpoint) -> Option<&str> {
    let path = endpoint.key_origin.as_str();
    (endpoint.dialect.spec().needs_login && path.contains(['/', '\\']) && !path.starts_with("--")).then_some(path)
}

/// The shell variable that stands for a secret of this name: `X-Api-Key` is `X_API_KEY`.
fn variable(name: &str) -> String {
    let upper = name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("_{upper}") } else { upper }
}

/// A header argument whose value the shell fills in.
fn expanded(name: &str, scheme: &str, expression: &str) -> String {
    let mut word = String::from("\"");
    for c in name.chars() {
        if matches!(c, '"' | '\\' | '$' | '`') {
            word.push('\\');
        }
        word.push(c);
    }
    word + ": " + scheme + expression + "\""
}

/// `text` as one literal word of any POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

// The command is for POSIX shells; the tests run it in one.
#[cfg(unix)]
#[cfg(test)]
mod tests;
