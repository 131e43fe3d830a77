//! The config file: TOML text in, known settings with their lines out. Anything it does not know is an error with
//! its line and column, and so is a key: files are shared, copied and committed.
//!
//! A test compares [`KEYS`] and [`PROVIDER_KEYS`] with `docs/config.schema.json`, which editors read.

mod reader;
#[cfg(test)]
mod tests;

use std::time::Duration;

use self::reader::{ConfigReader, TomlItem, TomlKey};
use super::base_url::BaseUrl;
use super::body_option::BodyOption;
use super::origin::{Origin, Setting};
use super::rewrite::RewriteRule;
use super::{headers, values};
use crate::args::Color;
use crate::failure::Failure;
use crate::request::Dialect;
use crate::secret::{Secret, is_credential, is_variable_name};

/// The keys known at the top of the file.
pub(crate) const KEYS: [&str; 15] = [
    "provider",
    "default_provider",
    "model",
    "fallback",
    "options",
    "rewrite",
    "connect_timeout",
    "timeout",
    "max_time",
    "max_reply",
    "retries",
    "proxy",
    "cacert",
    "color",
    "adapt",
];

/// The keys known in `[provider.NAME]`.
pub(crate) const PROVIDER_KEYS: [&str; 8] =
    ["base_url", "api", "api_key_env", "api_key_file", "api_key_command", "model", "headers", "options"];

/// The contents of the config file.
#[derive(Debug, Default)]
pub(crate) struct ConfigFile {
    /// The provider used when none is named.
    pub(crate) provider: Option<Setting<String>>,
    /// The model used when none is named, a model URI.
    pub(crate) model: Option<Setting<String>>,
    /// Models in reserve, model URIs.
    pub(crate) fallback: Vec<Setting<String>>,
    /// Body fields for every request, in the order of the file.
    pub(crate) options: Vec<BodyOption>,
    /// Rules that map model names, in the order of the file.
    pub(crate) rewrite: Vec<RewriteRule>,
    /// Providers of one's own and changes to presets, in the order of the file.
    pub(crate) providers: Vec<ConfigProvider>,
    /// As `--connect-timeout`.
    pub(crate) connect_timeout: Option<Setting<Duration>>,
    /// As `--timeout`.
    pub(crate) timeout: Option<Setting<Duration>>,
    /// As `--max-time`.
    pub(crate) max_time: Option<Setting<Duration>>,
    /// As `--max-reply`, in bytes.
    pub(crate) max_reply: Option<Setting<usize>>,
    /// As `--retries`.
    pub(crate) retries: Option<Setting<u32>>,
    /// As `--proxy`.
    pub(crate) proxy: Option<Setting<String>>,
    /// As `--cacert`, as it is written.
    pub(crate) cacert: Option<Setting<String>>,
    /// As `--color`.
    pub(crate) color: Option<Setting<Color>>,
    /// `false` is `--no-adapt`.
    pub(crate) adapt: Option<Setting<bool>>,
}

/// One `[provider.NAME]`.
#[derive(Debug)]
pub(crate) struct ConfigProvider {
    /// Its name, also before the colon of a model URI.
    pub(crate) name: String,
    /// Where its table begins.
    pub(crate) origin: Origin,
    /// Base URL.
    pub(crate) base_url: Option<BaseUrl>,
    /// The API spoken.
    pub(crate) api: Option<Setting<Dialect>>,
    /// Where its key is.
    pub(crate) key: Option<Setting<ConfigKey>>,
    /// The model used when none is named.
    pub(crate) model: Option<Setting<String>>,
    /// Further headers.
    pub(crate) headers: Vec<(String, Setting<Secret>)>,
    /// Body fields for its requests, in the order of the file.
    pub(crate) options: Vec<BodyOption>,
}

/// Where a provider's key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ConfigKey {
    /// In this variable.
    Variable(String),
    /// In this file, as it is written.
    File(String),
    /// In the output of this command.
    Command(String),
}

impl ConfigFile {
    /// Reads the text of the file at `path`.
    ///
    /// # Errors
    /// `Usage` with `path:line:column` for anything that is not a known setting of the right type.
    pub(crate) fn parse(text: &str, path: &str) -> Result<Self, Failure> {
        let reader = ConfigReader::new(text, path);
        let table = reader.document()?;
        let mut file = Self::default();
        for (key, value) in reader::in_order(&table) {
            file.take(&reader, key, value)?;
        }
        Ok(file)
    }

    /// The provider of this name.
    pub(crate) fn provider(&self, name: &str) -> Option<&ConfigProvider> {
        self.providers.iter().find(|provider| provider.name == name)
    }

    /// Takes one setting from the top of the file.
    fn take(&mut self, reader: &ConfigReader<'_>, key: &TomlKey<'_>, value: &TomlItem<'_>) -> Result<(), Failure> {
        match reader.name(key) {
            "provider" if value.get_ref().is_table() => {
                for (key, value) in reader.table(key, value)? {
                    self.providers.push(ConfigProvider::read(reader, key, value)?);
                }
            }
            "provider" | "default_provider" if self.provider.is_some() => {
                return Err(reader.wrong(key, "the default provider is named twice"));
            }
            "provider" | "default_provider" => self.provider = reader.text(key, value)?,
            "model" => self.model = reader.text(key, value)?,
            "fallback" => self.fallback = reader.texts(key, value)?,
            "options" => self.options = reader.options(key, value)?,
            "rewrite" => self.rewrite = rules(reader, key, value)?,
            "connect_timeout" => self.connect_timeout = reader.parsed(key, value, values::duration)?,
            "timeout" => self.timeout = reader.parsed(key, value, values::duration)?,
            "max_time" => self.max_time = reader.parsed(key, value, values::duration)?,
            "max_reply" => self.max_reply = reader.parsed(key, value, values::size)?,
            "retries" => {
                self.retries = reader.parsed(key, value, |text| text.parse().map_err(|_| "not a count"))?;
            }
            "proxy" => self.proxy = reader.text(key, value)?,
            "cacert" => self.cacert = reader.text(key, value)?,
            "color" => self.color = reader.word(key, value)?,
            "adapt" => self.adapt = Some(reader.truth(key, value)?),
            _ => return Err(reader.unknown(key, &KEYS)),
        }
        Ok(())
    }
}

impl ConfigProvider {
    /// Reads `[provider.NAME]`.
    fn read(reader: &ConfigReader<'_>, key: &TomlKey<'_>, value: &TomlItem<'_>) -> Result<Self, Failure> {
        let name = reader.name(key);
        if name.is_empty() || name.contains([':', '?', '/']) {
            return Err(reader.wrong(key, format!("'{name}' is no name for a provider: no ':', '?' or '/' in it")));
        }
        let mut provider = Self {
            name: name.to_owned(),
            origin: reader.origin(key),
            base_url: None,
            api: None,
            key: None,
            model: None,
            headers: Vec::new(),
            options: Vec::new(),
        };
        for (key, value) in reader.table(key, value)? {
            provider.take(reader, key, value)?;
        }
        Ok(provider)
    }

    /// Takes one setting of the provider.
    fn take(&mut self, reader: &ConfigReader<'_>, key: &TomlKey<'_>, value: &TomlItem<'_>) -> Result<(), Failure> {
        match reader.name(key) {
            "base_url" => {
                let text = reader.text(key, value)?;
                self.base_url = text.map(|url| BaseUrl::parse(&url.value, url.origin)).transpose()?;
            }
            "api" => self.api = reader.word(key, value)?,
            "api_key_env" => self.take_key(reader, key, value, ConfigKey::Variable)?,
            "api_key_file" => self.take_key(reader, key, value, ConfigKey::File)?,
            "api_key_command" => self.take_key(reader, key, value, ConfigKey::Command)?,
            "model" => self.model = reader.text(key, value)?,
            "headers" => {
                for (key, value) in reader.table(key, value)? {
                    self.take_header(reader, key, value)?;
                }
            }
            "options" => self.options = reader.options(key, value)?,
            _ => return Err(reader.unknown(key, &PROVIDER_KEYS)),
        }
        Ok(())
    }

    /// Takes the place of the key; a second place is an error.
    fn take_key(
        &mut self,
        reader: &ConfigReader<'_>,
        key: &TomlKey<'_>,
        value: &TomlItem<'_>,
        place: fn(String) -> ConfigKey,
    ) -> Result<(), Failure> {
        if self.key.is_some() {
            return Err(reader.wrong(key, format!("the key of provider '{}' is named twice", self.name)));
        }
        self.key = reader.text(key, value)?.map(|text| Setting::new(place(text.value), text.origin));
        match &self.key {
            Some(Setting { value: ConfigKey::Variable(name), .. }) if !is_variable_name(name) => {
                Err(reader.wrong(value, "this is no name of a variable, perhaps the key itself"))
            }
            _ => Ok(()),
        }
    }

    /// Takes one header; one that carries a key is refused.
    fn take_header(
        &mut self,
        reader: &ConfigReader<'_>,
        key: &TomlKey<'_>,
        value: &TomlItem<'_>,
    ) -> Result<(), Failure> {
        let name = reader.name(key);
        if is_credential(name) {
            return Err(reader
                .wrong(key, format!("'{name}' carries a key: a config file never holds one, it gets shared and copied"))
                .hint("name the place of the key with api_key_env, api_key_file or api_key_command"));
        }
        if let Some(text) = reader.text(key, value)? {
            headers::check(name, &text.value).map_err(|why| reader.wrong(key, format!("header '{name}': {why}")))?;
            self.headers.push((name.to_owned(), Setting::new(Secret::new(text.value), text.origin)));
        }
        Ok(())
    }
}

/// The rules of `[rewrite]`, in the order of the file.
fn rules(reader: &ConfigReader<'_>, key: &TomlKey<'_>, value: &TomlItem<'_>) -> Result<Vec<RewriteRule>, Failure> {
    let mut rules = Vec::new();
    for (key, value) in reader.table(key, value)? {
        let Some(replacement) = reader.text(key, value)? else {
            return Err(reader.wrong(value, "a model name is never rewritten to nothing"));
        };
        let origin = reader.origin(key);
        rules.push(RewriteRule { pattern: reader.name(key).to_owned(), replacement: replacement.value, origin });
    }
    Ok(rules)
}
