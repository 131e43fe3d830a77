//! Reads the key or login of each route, and makes the endpoints that carry them.
//!
//! `settings::key` has decided which key may go to which server; `wire` puts it into a header. No message here shows a
//! key or a part of one.

mod key;
mod login;
#[cfg(test)]
mod tests;

use std::io::Read;
use std::time::SystemTime;

use self::key::{checked, from_command, from_file};
use self::login::Login;
use crate::failure::{Failure, Kind};
use crate::request::{Credential, Endpoint, Secret};
use crate::settings::env::Env;
use crate::settings::route::{KeySource, KeyStyle, KeyVariable, Route};
use crate::settings::{Origin, Setting};

/// The endpoints of a route, one for each key in the order in which they are tried.
#[derive(Debug)]
pub(crate) struct Credentials {
    /// One endpoint for each key; never empty.
    pub(crate) endpoints: Vec<Endpoint>,
    /// What the user should know about the keys, a line each.
    pub(crate) notices: Vec<String>,
}

/// Reads the keys of a route whose base URL is known. `stdin` is read only for `--api-key-file -`; a login must be valid
/// at `now`.
///
/// # Errors
/// `Auth` if there is no key or login, it has expired, or the command fails; `Usage` for a key file that cannot be read
/// or is empty, and for a key that no header can carry.
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
            let key = from_file(path, stdin, &what, &mut notices)?;
            vec![endpoint(route, present(key, route.key_style), format!("--api-key-file {path}"))]
        }
        KeySource::Command(command) => {
            let what = format!("key command '{command}' ({origin})");
            let key = from_command(command, env, &what)?;
            vec![endpoint(route, present(key, route.key_style), format!("--api-key-command {command}"))]
        }
        KeySource::CodexLogin(path) => vec![log_in(route, Login::read(path, origin, now)?, path.display().to_string())],
    };
    Ok(Credentials { endpoints, notices })
}

/// The endpoint of a route with `KEY` in place of its key, for `--print`: nothing is read.
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

/// The endpoint of a route with the Codex login; a header of the user's replaces that of the same name.
fn log_in(route: &Route, login: Login, key_origin: String) -> Endpoint {
    let mut endpoint = endpoint(route, Credential::Bearer(login.token), key_origin);
    for (name, value) in login.headers {
        if !endpoint.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
            endpoint.headers.push((name.to_owned(), value));
        }
    }
    // A base URL that was given holds for both kinds of login.
    let by_preset = matches!(&route.base_url, Some(Setting { origin: Origin::Preset, .. }));
    if let Some(base_url) = login.base_url.filter(|_| by_preset) {
        base_url.clone_into(&mut endpoint.base_url);
    }
    endpoint
}

/// The key in the header that its server reads.
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
