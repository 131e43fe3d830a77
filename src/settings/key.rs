//! Decides where the key for a server is read; the key itself is read later, by the input room.
//!
//! The rules (docs/contract.md §2): the variable of a preset is sent to the host of that preset only; to a base URL
//! without a provider goes `OPENAI_API_KEY`; a local server that was searched for gets no key; a key named by a flag
//! goes to the server that the flags name; over plain http to another machine no key is sent.

use std::path::PathBuf;

use super::config::ConfigKey;
use super::connection::Connection;
use super::env::Env;
use super::origin::{Origin, Setting};
use super::paths::{config_file_path, home_folder};
use super::providers::KeyScope;
use super::route::{KeySource, KeyStyle, KeyVariable, Route};
use super::server::ProviderFacts;
use crate::failure::Failure;
use crate::request::Dialect;
use crate::secret::{Secret, is_credential, is_variable_name, masked_url};
use crate::url::Url;

/// Where the key of a route is read, and a notice about it.
#[derive(Debug)]
pub(crate) struct RouteKey {
    /// Where the key is to be read.
    pub(crate) source: Setting<KeySource>,
    /// How a key without a variable of its own is presented.
    pub(crate) style: KeyStyle,
    /// The notice for a key that is set but not sent.
    pub(crate) notice: Option<String>,
}

/// Decides where the key for `base_url` is to be read.
///
/// # Errors
/// `Usage` where a path in the config file makes no sense.
pub(crate) fn resolve_key(
    provider: &ProviderFacts<'_>,
    connection: &Connection<'_>,
    dialect: Dialect,
    base_url: &Setting<String>,
    headers: &[(String, Setting<Secret>)],
    env: &Env,
) -> Result<RouteKey, Failure> {
    let preset_keys = provider.preset.map_or(&[][..], |preset| preset.keys);
    let style = preset_keys.first().map_or(KeyStyle::Bearer, |(_, style)| *style);
    let key = |source, origin| RouteKey { source: Setting::new(source, origin), style, notice: None };
    if connection.no_key {
        return Ok(key(KeySource::NotWanted, Origin::Flag("--no-key")));
    }
    let own_header = headers.iter().find(|(name, _)| is_key_header(name, style));
    if let Some((_, header)) = own_header {
        return Ok(key(KeySource::NotWanted, header.origin.clone()));
    }
    let variable = |name: &str, origin| {
        // A variable of the preset keeps its style with `--api-key-env` too.
        let style = preset_keys.iter().find(|(known, _)| *known == name).map_or(style, |(_, style)| *style);
        let source = match env.get_os(name) {
            Some(_) => KeySource::Variables(vec![KeyVariable { name: name.to_owned(), style }]),
            None => KeySource::Missing(vec![name.to_owned()]),
        };
        key(source, origin)
    };
    if let Some(file) = connection.key_file {
        return Ok(key(KeySource::File(file.to_owned()), Origin::Flag("--api-key-file")));
    }
    if let Some(command) = connection.key_command {
        return Ok(key(KeySource::Command(command.to_owned()), Origin::Flag("--api-key-command")));
    }
    if let Some(name) = connection.key_env {
        if !is_variable_name(name) {
            return Err(Failure::usage("--api-key-env", "this is no name of a variable, perhaps the key itself")
                .hint("put the key into a variable and name that; it is not shown here"));
        }
        return Ok(variable(name, Origin::Flag("--api-key-env")));
    }
    let mut found = match provider.config.and_then(|config| config.key.as_ref()) {
        Some(Setting { value: ConfigKey::Variable(name), origin }) => variable(name, origin.clone()),
        Some(Setting { value: ConfigKey::File(file), origin }) => {
            key(KeySource::File(config_file_path(file, origin, env)?), origin.clone())
        }
        Some(Setting { value: ConfigKey::Command(command), origin }) => {
            key(KeySource::Command(command.clone()), origin.clone())
        }
        None if dialect.spec().needs_login => codex_login(env, key),
        None => key(preset_key(provider, &base_url.value, env), Origin::Preset),
    };
    if !may_send(provider, base_url) {
        found.withhold(provider, &base_url.value);
    }
    Ok(found)
}

/// Whether a header of the user's own takes the place of the key.
pub(crate) fn is_key_header(name: &str, style: KeyStyle) -> bool {
    match style {
        KeyStyle::Header(own) if name.eq_ignore_ascii_case(own) => true,
        _ => name.eq_ignore_ascii_case("authorization"),
    }
}

/// The login file of `codex login`.
fn codex_login(env: &Env, key: impl FnOnce(KeySource, Origin) -> RouteKey) -> RouteKey {
    let variable = "CODEX_HOME";
    match (env.get_os(variable), home_folder(env)) {
        (Some(folder), _) => {
            let file = PathBuf::from(folder).join("auth.json");
            key(KeySource::CodexLogin(file), Origin::Variable(variable.to_owned()))
        }
        (None, Some(home)) => key(KeySource::CodexLogin(home.join(".codex").join("auth.json")), Origin::Preset),
        (None, None) => key(KeySource::Missing(vec![variable.to_owned()]), Origin::Preset),
    }
}

/// The preset's own variables, as far as they are set.
fn preset_key(provider: &ProviderFacts<'_>, base_url: &str, env: &Env) -> KeySource {
    let Some(preset) = provider.preset else { return KeySource::None };
    let set = |(name, style): &(&str, KeyStyle)| {
        let style = *style;
        env.numbered(name).into_iter().map(move |name| KeyVariable { name, style })
    };
    let variables: Vec<KeyVariable> = preset.keys.iter().flat_map(set).collect();
    let is_at_home = preset.base_url.is_empty() || same_host(base_url, preset.base_url);
    if !variables.is_empty() {
        KeySource::Variables(variables)
    } else if is_at_home && preset.key_scope != KeyScope::Optional {
        KeySource::Missing(preset.keys.iter().map(|(name, _)| (*name).to_owned()).collect())
    } else {
        KeySource::None
    }
}

/// True if the provider's own key may be sent to a base URL: one from its own settings, one at its own host, or any
/// if the key is for every server.
fn may_send(provider: &ProviderFacts<'_>, base_url: &Setting<String>) -> bool {
    provider.preset.is_some_and(|preset| preset.key_scope == KeyScope::Anywhere)
        || !matches!(base_url.origin, Origin::Flag(_))
        || same_host(&base_url.value, provider.home())
}

/// Whether two URLs have the same host.
fn same_host(one: &str, other: &str) -> bool {
    Url::split(one).host() == Url::split(other).host()
}

impl RouteKey {
    /// Sends no key, with a notice if there is one.
    fn withhold(&mut self, provider: &ProviderFacts<'_>, base_url: &str) {
        let place = self.source.value.place();
        if let Some(place) = place {
            self.notice = Some(format!(
                "{place} is not sent to {}: it belongs to provider {}: name it with a key flag to send it there",
                Url::split(base_url).host,
                provider.name
            ));
        }
        self.source.value = KeySource::None;
    }
}

impl KeySource {
    /// What a person calls the place of the key; `None` where there is no key.
    pub(crate) fn place(&self) -> Option<String> {
        match self {
            Self::NotWanted | Self::None | Self::Missing(_) => None,
            Self::Variables(variables) => {
                Some(variables.iter().map(|variable| variable.name.as_str()).collect::<Vec<_>>().join(", "))
            }
            Self::File(path) => Some(format!("the key in {path}")),
            Self::Command(command) => Some(format!("the key of '{command}'")),
            Self::CodexLogin(path) => Some(format!("the login in {}", path.display())),
        }
    }
}

/// Refuses a route on which a key would cross a network in the clear.
///
/// # Errors
/// `Usage` naming the key's place and the flags that decide.
pub(crate) fn check_exposure(route: &Route) -> Result<(), Failure> {
    let Some(base_url) = route.base_url.as_ref().filter(|base_url| Url::split(&base_url.value).is_exposed()) else {
        return Ok(());
    };
    let header = || {
        let header = route.headers.iter().find(|(name, _)| is_credential(name));
        header.map(|(name, value)| format!("header '{name}' ({})", value.origin))
    };
    let (place, instead) = match (route.key.value.place(), header()) {
        (Some(key), _) => (key, "--no-key sends none"),
        (None, Some(header)) => (header, "leave it away"),
        (None, None) => return Ok(()),
    };
    let what = format!("base URL '{}' ({})", masked_url(&base_url.value), base_url.origin);
    Err(Failure::usage(what, format!("{place} would cross the network in the clear"))
        .hint(format!("{instead}, --allow-plain-http sends it all the same")))
}
