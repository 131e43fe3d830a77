//! Keys and logins: the one place that reads them, once each, from where the settings say.
//!
//! Which key may go to which server is decided before (`settings::key`); what becomes of a key is the wire room's
//! business. No message here shows a key or a part of one.

mod login;
#[cfg(test)]
mod tests;

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::time::SystemTime;

use self::login::Login;
use crate::failure::{Failure, Kind, os_reason};
use crate::request::{Credential, Endpoint, Secret};
use crate::settings::env::Env;
use crate::settings::route::{KeySource, KeyStyle, KeyVariable, Route};
use crate::settings::{Origin, Setting};

/// Longest key or login file read, in bytes; the longest real ones, logins with three tokens, have about 10 KiB.
const LONGEST: u64 = 256 * 1024;

/// A route's endpoints, one for each key in the order they are tried, and what is to be said about them.
#[derive(Debug)]
pub(crate) struct Credentials {
    /// One endpoint for each key; never empty.
    pub(crate) endpoints: Vec<Endpoint>,
    /// Lines for stderr.
    pub(crate) notices: Vec<String>,
}

/// Reads the keys of a route whose base URL is known, at `now`. `stdin` is read only for `--api-key-file -`.
///
/// # Errors
/// `Auth` when there is no key or login, it has expired, or the command fails; `Usage` for a key file that cannot be
/// read or is empty, and for a key that no header can carry.
pub(crate) fn read(route: &Route, env: &Env, now: SystemTime, stdin: &mut dyn Read) -> Result<Credentials, Failure> {
    let origin = &route.key.origin;
    let mut notices = Vec::new();
    let endpoints = match &route.key.value {
        KeySource::NotWanted | KeySource::None => vec![endpoint(route, Credential::None, String::new())],
        KeySource::Missing(names) => return Err(missing(route, names)),
        KeySource::Variables(variables) => {
            let one = |variable: &KeyVariable| {
                let name = &variable.name;
                let key = env.text(name)?.unwrap_or_default();
                Ok(endpoint(route, present(checked(key, name)?, variable.style), name.clone()))
            };
            variables.iter().map(one).collect::<Result<_, Failure>>()?
        }
        KeySource::File(path) => {
            let what = format!("key file '{path}' ({origin})");
            let text = read_key_file(path, stdin, &what, &mut notices)?;
            let key = checked(text.trim(), &what)?;
            vec![endpoint(route, present(key, route.key_style), format!("--api-key-file {path}"))]
        }
        KeySource::Command(command) => {
            let what = format!("key command '{command}' ({origin})");
            let text = run(command, env, &what)?;
            let key = checked(text.trim(), &what)?;
            vec![endpoint(route, present(key, route.key_style), format!("--api-key-command {command}"))]
        }
        KeySource::CodexLogin(path) => vec![log_in(route, Login::read(path, origin, now)?, path.display().to_string())],
    };
    Ok(Credentials { endpoints, notices })
}

/// The endpoint of a route with a stand-in for its key, for showing what would be sent: nothing is read.
pub(crate) fn placeholder(route: &Route) -> Endpoint {
    let key_origin = match &route.key.value {
        KeySource::NotWanted | KeySource::None => return endpoint(route, Credential::None, String::new()),
        KeySource::Variables(variables) => {
            // A list of variables is never empty.
            let Some(first) = variables.first() else { return endpoint(route, Credential::None, String::new()) };
            return endpoint(route, present(Secret::new("KEY".to_owned()), first.style), first.name.clone());
        }
        KeySource::Missing(names) => names.first().cloned().unwrap_or_default(),
        KeySource::File(path) => format!("--api-key-file {path}"),
        KeySource::Command(command) => format!("--api-key-command {command}"),
        KeySource::CodexLogin(path) => path.display().to_string(),
    };
    endpoint(route, present(Secret::new("KEY".to_owned()), route.key_style), key_origin)
}

/// The endpoint of a route with this credential.
fn endpoint(route: &Route, credential: Credential, key_origin: String) -> Endpoint {
    let (base_url, base_url_origin) = match &route.base_url {
        None => Default::default(),
        Some(Setting { value, origin: origin @ (Origin::Variable(_) | Origin::Config { .. }) }) => {
            (value.clone(), origin.to_string())
        }
        Some(Setting { value, .. }) => (value.clone(), String::new()),
    };
    Endpoint {
        provider: route.provider.value.clone(),
        dialect: route.dialect.value,
        base_url,
        base_url_origin,
        credential,
        key_origin,
        headers: route.headers.iter().map(|(name, value)| (name.clone(), value.value.clone())).collect(),
        renames: route.renames.to_vec(),
    }
}

/// The endpoint of a route with the Codex login, whose headers stand behind the user's own of the same name.
fn log_in(route: &Route, login: Login, key_origin: String) -> Endpoint {
    let mut endpoint = endpoint(route, Credential::Bearer(login.token), key_origin);
    for (name, value) in login.headers {
        if !endpoint.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
            endpoint.headers.push((name.to_owned(), value));
        }
    }
    // A base URL that somebody gave holds for both kinds of login.
    let by_preset = matches!(&route.base_url, Some(Setting { origin: Origin::Preset, .. }));
    if let Some(base_url) = login.base_url.filter(|_| by_preset) {
        base_url.clone_into(&mut endpoint.base_url);
    }
    endpoint
}

/// The key as its server wants it.
fn present(key: Secret, style: KeyStyle) -> Credential {
    match style {
        KeyStyle::Bearer => Credential::Bearer(key),
        KeyStyle::Header(name) => Credential::Header(name, key),
    }
}

/// The failure of a route whose server needs a key.
fn missing(route: &Route, names: &[String]) -> Failure {
    let what = match &route.base_url {
        Some(base_url) => format!("no key for {} (provider {})", base_url.value, route.provider.value),
        None => format!("no key for provider {}", route.provider.value),
    };
    let why = format!("{} is not set", names.join(" or "));
    Failure::new(Kind::Auth, what, why)
        .hint("set it, or name the key with --api-key-file, --api-key-command or --api-key-env")
}

/// A key that a header can carry; `what` names where it came from.
fn checked(key: &str, what: &str) -> Result<Secret, Failure> {
    if key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(Secret::new(key.to_owned()));
    }
    let why = "the key has a blank, a line break, a control character or a letter outside ASCII";
    Err(Failure::usage(what, why).hint("a key is one word; it is not shown here"))
}

/// The text of a key file; a notice says when others can read it.
fn read_key_file(path: &str, stdin: &mut dyn Read, what: &str, notices: &mut Vec<String>) -> Result<String, Failure> {
    let failure = |error: io::Error| Failure::usage(what, os_reason(&error));
    let bytes = if path == "-" {
        bounded(stdin).map_err(failure)?
    } else {
        let file = File::open(path).map_err(failure)?;
        if file.metadata().is_ok_and(|metadata| is_open_to_others(&metadata)) {
            notices.push(format!("{what} can be read by other users: chmod 600 closes it"));
        }
        bounded(file).map_err(failure)?
    };
    let text = String::from_utf8(bytes).map_err(|_| Failure::usage(what, "the key is not UTF-8"))?;
    if text.trim().is_empty() {
        return Err(Failure::usage(what, "the file is empty"));
    }
    Ok(text)
}

/// Whether a file of this kind can be read by others than its owner. A FIFO or process substitution is gone at once.
#[cfg(unix)]
fn is_open_to_others(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.is_file() && metadata.permissions().mode() & 0o044 != 0
}

/// Other systems have no such bits.
#[cfg(not(unix))]
fn is_open_to_others(_: &Metadata) -> bool {
    false
}

/// The output of the key command, run by the shell in the environment that was handed in. Its stderr is ours, so
/// that it can ask the person for a password; its stdin is empty.
fn run(command: &str, env: &Env, what: &str) -> Result<String, Failure> {
    let failure = |error: &io::Error| Failure::new(Kind::Auth, what, os_reason(error));
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut child = Command::new(shell)
        .args([flag, command])
        .env_clear()
        .envs(env.variables())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| failure(&error))?;
    // Taking stdout drops it at the end of the statement, so that a command without end gets no further.
    let output = child.stdout.take().map_or_else(|| Ok(Vec::new()), bounded);
    let status = child.wait().map_err(|error| failure(&error))?;
    let output = output.map_err(|error| failure(&error))?;
    if !status.success() {
        return Err(Failure::new(Kind::Auth, what, ending(status)));
    }
    let text = String::from_utf8(output).map_err(|_| Failure::usage(what, "the key is not UTF-8"))?;
    if text.trim().is_empty() {
        return Err(Failure::new(Kind::Auth, what, "it printed nothing"));
    }
    Ok(text)
}

/// How a command ended.
fn ending(status: ExitStatus) -> String {
    status.code().map_or_else(|| format!("ended by {status}"), |code| format!("ended with status {code}"))
}

/// Reads to the end of something short.
fn bounded(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        return Err(io::Error::other("too long for a key"));
    }
    Ok(bytes)
}
