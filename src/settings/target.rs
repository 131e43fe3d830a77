//! What a model name means: the provider and the model it stands for, after URI, environment, config file and
//! rewrite rules. Knows nothing of servers and keys.
//!
//! A provider named beside the model or by something stronger (`-p`, or `LMPIPE_PROVIDER` beside `LMPIPE_MODEL`)
//! wins over the model URI's, and the model's name is then whole, so that `-p ollama -m mistral:7b` asks Ollama for
//! `mistral:7b`; only a prefix that names the same provider is taken off.

use super::config::ConfigFile;
use super::env::Env;
use super::generation::FieldValue;
use super::model::ModelUri;
use super::origin::{Origin, Setting, rejected};
use super::providers::{PRESETS, preset};
use super::rewrite::{self, RewriteRule};
use crate::args::{Args, set};
use crate::closest::suggest;
use crate::failure::Failure;

/// The provider in force when none is named.
const DEFAULT_PROVIDER: &str = "openai";

/// A provider and a model of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Target {
    /// The provider.
    pub(crate) provider: Setting<String>,
    /// Whether anybody named the provider.
    pub(crate) is_named: bool,
    /// The model; `None` asks the server.
    pub(crate) model: Option<Setting<String>>,
    /// The parameters of the model URI.
    pub(crate) given: Vec<Setting<FieldValue>>,
    /// A line for stderr about a rewritten name.
    pub(crate) notice: Option<String>,
}

/// Settles targets under one config file.
#[derive(Clone, Copy)]
pub(crate) struct Targets<'a> {
    /// The config file.
    pub(crate) config: &'a ConfigFile,
    /// The rewrite rules in force: none with `--no-rewrite`.
    pub(crate) rules: &'a [RewriteRule],
}

impl<'a> Targets<'a> {
    /// The target asked first.
    ///
    /// # Errors
    /// `Usage` for an unknown provider and a model URI that makes no sense.
    pub(crate) fn asked(&self, args: &Args, env: &Env) -> Result<Target, Failure> {
        let provider = match (set(args.server.provider.as_ref()), env.text("LMPIPE_PROVIDER")?) {
            (Some(name), _) => Some(Setting::new(name.to_owned(), Origin::Flag("--provider"))),
            (None, Some(name)) => Some(Setting::new(name.to_owned(), Origin::Variable("LMPIPE_PROVIDER".into()))),
            (None, None) => self.config.provider.clone(),
        };
        if let Some(provider) = &provider
            && !self.is_provider(&provider.value)
        {
            return Err(rejected("provider", &provider.value, &provider.origin, "not known")
                .hint(suggest(&provider.value, self.names())));
        }
        // An empty `-m` is a model URI without a model: a script whose variable is empty must not ask another model.
        let model = match (&args.server.model, env.text("LMPIPE_MODEL")?) {
            (Some(uri), _) => Some(Setting::new(uri.clone(), Origin::Flag("--model"))),
            (None, Some(uri)) => Some(Setting::new(uri.to_owned(), Origin::Variable("LMPIPE_MODEL".into()))),
            (None, None) => self.config.model.clone(),
        };
        let is_named = provider.is_some();
        let default = || Setting::new(DEFAULT_PROVIDER.to_owned(), Origin::BuiltIn);
        let mut target = Target {
            provider: provider.unwrap_or_else(default),
            is_named,
            model: None,
            given: Vec::new(),
            notice: None,
        };
        if let Some(uri) = &model {
            let is_whole = is_named && strength(&target.provider.origin) >= strength(&uri.origin);
            self.aim(&mut target, uri, is_whole)?;
        }
        self.aim_at_own_model(&mut target)?;
        self.rewrite(&mut target)?;
        Ok(target)
    }

    /// The target of a model in reserve; without a provider it is another model of the one asked first.
    ///
    /// # Errors
    /// `Usage` for a model URI that makes no sense.
    pub(crate) fn in_reserve(&self, uri: &Setting<String>, asked: &Target) -> Result<Target, Failure> {
        let provider = asked.provider.clone();
        let mut target = Target { provider, is_named: asked.is_named, model: None, given: Vec::new(), notice: None };
        self.aim(&mut target, uri, false)?;
        self.rewrite(&mut target)?;
        Ok(target)
    }

    /// Aims at what a model URI names. `is_whole` leaves every provider but the target's own in the model's name.
    fn aim(&self, target: &mut Target, uri: &Setting<String>, is_whole: bool) -> Result<(), Failure> {
        let is_provider = |name: &str| if is_whole { name == target.provider.value } else { self.is_provider(name) };
        let parsed = ModelUri::parse(&uri.value, &uri.origin, is_provider)?;
        let provider = parsed.provider.filter(|_| !is_whole).map(str::to_owned);
        target.model = Some(Setting::new(parsed.model.to_owned(), uri.origin.clone()));
        // Parameters of a name that was rewritten are in `given` already and are the stronger ones.
        target.given.splice(0..0, parsed.given);
        if let Some(name) = provider {
            target.provider = Setting::new(name, Origin::Uri);
            target.is_named = true;
        }
        Ok(())
    }

    /// Aims at the provider's own model in the config file where nothing stronger names one: the file's general
    /// model is for providers that have none.
    fn aim_at_own_model(&self, target: &mut Target) -> Result<(), Failure> {
        let own = self.config.provider(&target.provider.value).and_then(|provider| provider.model.as_ref());
        let general = target.model.as_ref().is_none_or(|model| matches!(model.origin, Origin::Config { .. }));
        match own {
            Some(uri) if general && target.provider.origin != Origin::Uri => self.aim(target, uri, true),
            _ => Ok(()),
        }
    }

    /// Rewrites the model's name; what comes out is read like a name that was typed.
    fn rewrite(&self, target: &mut Target) -> Result<(), Failure> {
        let Some(model) = &target.model else { return Ok(()) };
        let Some((name, rule)) = rewrite::rewrite(&model.value, self.rules)? else { return Ok(()) };
        target.notice = Some(format!("model '{}' is rewritten to '{name}' ({})", model.value, rule.origin));
        let is_whole = matches!(target.provider.origin, Origin::Flag(_));
        self.aim(target, &Setting::new(name, rule.origin.clone()), is_whole)
    }

    /// Whether a provider of this name is known.
    fn is_provider(&self, name: &str) -> bool {
        preset(name).is_some() || self.config.provider(name).is_some()
    }

    /// The names of all providers, the user's own last.
    fn names(&self) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        let own = self.config.providers.iter().map(|provider| provider.name.as_str());
        PRESETS.iter().map(|preset| preset.name).chain(own.filter(|name| preset(name).is_none()))
    }
}

/// How strong a place is beside others, flags the strongest.
fn strength(origin: &Origin) -> u8 {
    match origin {
        Origin::Flag(_) | Origin::Uri => 2,
        Origin::Variable(_) => 1,
        Origin::Config { .. } | Origin::Preset | Origin::BuiltIn => 0,
    }
}
