//! Where a provider's server is: flag, variables, config file, preset, in this order. Knows nothing of keys.

use super::base_url::BaseUrl;
use super::config::ConfigProvider;
use super::env::Env;
use super::origin::{Origin, Setting, rejected};
use super::providers::{CLOUD, PRESETS, Preset, SEARCHED, preset};
use crate::failure::Failure;
use crate::url::{self, Host, Url};

/// A provider as its preset and the config file describe it together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProviderFacts<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// Its preset; `None` for one of the user's own.
    pub(crate) preset: Option<&'static Preset>,
    /// Its table in the config file.
    pub(crate) config: Option<&'a ConfigProvider>,
    /// Whether anybody named it; the default provider stands for any server.
    pub(crate) is_named: bool,
}

impl ProviderFacts<'_> {
    /// The base URL it has by itself, without flags and variables; empty where it has none.
    pub(crate) fn home(&self) -> &str {
        let own = self.config.and_then(|config| config.base_url.as_ref());
        own.map_or_else(|| self.preset.map_or("", |preset| preset.base_url), |base| &base.url.value)
    }
}

/// The hosts of Azure's resources. Source: docs/wire.md §3.1.
const AZURE_HOSTS: [&str; 3] = [".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com"];

/// The base URL that somebody gave: flag, the provider's own variables, the config file; `None` leaves the preset's.
///
/// # Errors
/// `Usage` for a URL that is none.
pub(crate) fn given(provider: &ProviderFacts<'_>, flag: Option<&str>, env: &Env) -> Result<Option<BaseUrl>, Failure> {
    if let Some(url) = flag {
        return BaseUrl::parse(url, Origin::Flag("--base-url")).map(Some);
    }
    for &name in provider.preset.map_or(&[][..], |preset| preset.url_variables) {
        let Some(value) = env.text(name)? else { continue };
        let origin = Origin::Variable(name.to_owned());
        let base =
            if name == "OLLAMA_HOST" { BaseUrl::parse(&ollama(value), origin) } else { BaseUrl::parse(value, origin) };
        return base.map(Some);
    }
    Ok(provider.config.and_then(|config| config.base_url.clone()))
}

/// What is asked of an Azure resource, which decides about its classic path.
pub(crate) enum AzureUse<'a> {
    /// A chat with this model, whose name the path holds; the name is not known where none was given.
    Chat(Option<&'a str>),
    /// Anything else: the body names the model, if there is one.
    Other,
}

/// The base URL of an Azure resource named by `AZURE_OPENAI_ENDPOINT`: its v1 path, or, with `OPENAI_API_VERSION`,
/// the classic path. An endpoint that has the path already stays as it is.
///
/// # Errors
/// `Usage` for a chat on the classic path without a model.
pub(crate) fn azure(endpoint: Setting<String>, usage: AzureUse<'_>, env: &Env) -> Result<Setting<String>, Failure> {
    let Setting { value: url, origin } = endpoint;
    if url.contains("/openai/") || url.ends_with("/openai") {
        return Ok(Setting::new(url, origin));
    }
    let Some(version) = env.text("OPENAI_API_VERSION")?.map(url::encode) else {
        return Ok(Setting::new(format!("{url}/openai/v1"), origin));
    };
    let classic = match usage {
        AzureUse::Other => format!("{url}/openai?api-version={version}"),
        AzureUse::Chat(Some(model)) => {
            format!("{url}/openai/deployments/{}?api-version={version}", url::encode(model))
        }
        AzureUse::Chat(None) => {
            let why = "with OPENAI_API_VERSION the path names the deployment";
            return Err(rejected("base URL", &url, &origin, why).hint("give its name with --model"));
        }
    };
    Ok(Setting::new(classic, origin))
}

/// The base URL that `OLLAMA_HOST` means: a host, a host and port, or a URL, read as Ollama reads it; an address
/// that only servers can have stands for this machine.
fn ollama(value: &str) -> String {
    let (scheme, rest, default_port) = match value.split_once("://") {
        // Without a port the scheme's own is meant.
        Some((scheme, rest)) => (scheme, rest, ""),
        None => ("http", value, ":11434"),
    };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (host, port) = match authority.rsplit_once(':') {
        // A second colon outside brackets: an IPv6 address without a port.
        Some((host, _)) if host.contains(':') && !host.ends_with(']') => (authority, default_port.to_owned()),
        Some((host, port)) if !port.is_empty() => (host, format!(":{port}")),
        Some((host, _)) => (host, default_port.to_owned()),
        None => (authority, default_port.to_owned()),
    };
    let host = match host.trim_start_matches('[').trim_end_matches(']') {
        "" | "0.0.0.0" => "127.0.0.1".to_owned(),
        "::" => "[::1]".to_owned(),
        host if host.contains(':') => format!("[{host}]"),
        host => host.to_owned(),
    };
    let path = path.trim_end_matches('/');
    let version = if path.ends_with("/v1") { "" } else { "/v1" };
    format!("{scheme}://{host}{port}{path}{version}")
}

/// The preset whose quirks apply to a server: the one with the same host, else the one the user named, else [`CLOUD`].
pub(crate) fn quirks(provider: &ProviderFacts<'_>, base_url: &str) -> &'static Preset {
    let host = Url::split(base_url).host();
    let is_azure = matches!(host, Host::Name(name) if AZURE_HOSTS.iter().any(|suffix| name.to_ascii_lowercase().ends_with(suffix)));
    let at_home = PRESETS.iter().find(|known| {
        if is_azure {
            known.name == "azure"
        } else {
            !known.base_url.is_empty() && Url::split(known.base_url).host() == host
        }
    });
    at_home.or(provider.preset.filter(|_| provider.is_named)).unwrap_or(&CLOUD)
}

/// Local servers to search for, best first: provider and base URL. Ollama is searched for at `OLLAMA_HOST`, if that is
/// on this machine.
pub(crate) fn local_servers(env: &Env) -> Vec<(&'static str, String)> {
    let server = |name: &str| {
        let preset = preset(name)?;
        let moved = preset.url_variables.iter().find_map(|variable| env.get(variable)).map(ollama);
        let base_url =
            moved.filter(|url| Url::split(url).host().is_this_machine()).unwrap_or_else(|| preset.base_url.to_owned());
        Some((preset.name, base_url))
    };
    SEARCHED.iter().filter_map(|name| server(name)).collect()
}

#[cfg(test)]
mod tests;
