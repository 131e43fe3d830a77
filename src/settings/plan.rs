//! The routes of a run: the first-choice model and the fallbacks, each with its server, key and settings.

use super::body_option::BodyOption;
use super::config::ConfigFile;
use super::connection::Connection;
use super::env::Env;
use super::generation::{Generation, GenerationFlags};
use super::origin::{Origin, Setting, rejected};
use super::providers::{CLOUD, preset};
use super::route::{KeySource, KeyStyle, Route};
use super::server::{self, AzureUse, ProviderFacts};
use super::target::{Target, Targets};
use super::{headers, key};
use crate::args::{Args, Print, choices};
use crate::closest::suggest;
use crate::failure::Failure;
use crate::request::Dialect;
use crate::secret::Secret;

/// Makes routes of targets.
struct RoutePlanner<'a> {
    /// The environment.
    env: &'a Env,
    /// The config file.
    config: &'a ConfigFile,
    /// The generation flags.
    flags: &'a GenerationFlags,
    /// What the routes are for.
    purpose: Purpose,
}

/// What the routes of a run are for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// Asking a model.
    Ask,
    /// Listing models, not asking one of them.
    List,
    /// Showing a request without sending it: no server is searched for.
    Show,
    /// Judging a saved reply: no server is needed, only the API of the reply.
    Judge,
}

impl Purpose {
    /// What the command line needs routes for.
    fn of(args: &Args) -> Self {
        match args.tasks.print {
            Some(what) if what != Print::Config => Self::Show,
            _ if args.tasks.response.is_some() => Self::Judge,
            _ if args.tasks.list_models => Self::List,
            _ => Self::Ask,
        }
    }
}

/// The routes of a run, the first choice first, and notices about them.
///
/// # Errors
/// `Usage` for providers, models, URLs, headers and generation settings that make no sense.
pub(crate) fn routes(args: &Args, env: &Env, config: &ConfigFile) -> Result<(Vec<Route>, Vec<String>), Failure> {
    let flags = GenerationFlags::parse(args)?;
    let plan = RoutePlanner { env, config, flags: &flags, purpose: Purpose::of(args) };
    let targets = Targets { config, rules: if args.server.no_rewrite { &[] } else { &config.rewrite } };
    let asked = targets.asked(args, env)?;
    let mut notices = Vec::new();
    let mut routes = vec![plan.route(&asked, &Connection::asked(args), &mut notices)?];
    let flag = |uri: &String| Setting::new(uri.clone(), Origin::Flag("--fallback"));
    let reserve: Vec<_> = if args.server.fallback.is_empty() {
        config.fallback.clone()
    } else {
        args.server.fallback.iter().map(flag).collect()
    };
    for uri in &reserve {
        let target = targets.in_reserve(uri, &asked)?;
        let is_same = target.provider.value == asked.provider.value;
        let connection = if is_same { Connection::asked(args) } else { Connection::elsewhere(args) };
        routes.push(plan.route(&target, &connection, &mut notices)?);
    }
    // Two routes to one provider give the same notice about its key.
    notices.dedup();
    Ok((routes, notices))
}

impl<'a> RoutePlanner<'a> {
    /// The route to a target.
    fn route(
        &self,
        target: &'a Target,
        connection: &Connection<'a>,
        notices: &mut Vec<String>,
    ) -> Result<Route, Failure> {
        notices.extend(target.notice.clone());
        let named = self.provider(&target.provider.value, target.is_named);
        let mut given = server::given(&named, connection.base_url, self.env)?;
        let implied = given.as_ref().and_then(|base| Some(Setting::new(base.api?, base.url.origin.clone())));
        let named = Setting::new(named, target.provider.origin.clone());
        let (provider, dialect) = self.api(named, connection, implied)?;
        if provider.value.name != target.provider.value {
            given = server::given(&provider.value, connection.base_url, self.env)?;
        }
        let given = given.map(|base| base.url);
        let mut headers = self.headers(&provider.value, connection)?;
        let mut route = Route {
            provider: Setting::new(provider.value.name.to_owned(), provider.origin.clone()),
            dialect,
            base_url: None,
            model: target.model.clone(),
            key: Setting::new(KeySource::NotWanted, Origin::BuiltIn),
            key_style: KeyStyle::Bearer,
            headers: Vec::new(),
            renames: CLOUD.renames,
            stream_options: CLOUD.stream_options,
            generation: Generation::default(),
        };
        let mut own_options: &[BodyOption] = &[];
        let mut quirks = &CLOUD;
        if self.purpose == Purpose::Judge || given.is_none() && self.needs_search(&provider.value, connection, &headers)
        {
            // Headers from environment and config file are meant for OpenAI, not for a local server found by searching.
            headers.retain(|(_, header)| matches!(header.origin, Origin::Flag(_)));
        } else {
            let base_url = self.base_url(&provider, given, &route)?;
            let key =
                key::resolve_key(&provider.value, connection, route.dialect.value, &base_url, &headers, self.env)?;
            notices.extend(key.notice);
            (route.key, route.key_style) = (key.source, key.style);
            quirks = server::quirks(&provider.value, &base_url.value);
            own_options = provider.value.config.map_or(&[], |config| &config.options);
            route.base_url = Some(base_url);
        }
        let options = [&self.config.options, own_options];
        route.generation = Generation::resolve(self.flags, &target.given, options, route.dialect.value)?;
        (route.renames, route.stream_options) = (quirks.renames, quirks.stream_options);
        route.headers = headers;
        Ok(route)
    }

    /// The provider of this name.
    fn provider(&self, name: &'a str, is_named: bool) -> ProviderFacts<'a> {
        ProviderFacts { name, preset: preset(name), config: self.config.provider(name), is_named }
    }

    /// The API of a provider, and the provider: with the codex API, `openai` becomes `openai-codex`.
    ///
    /// `implied` is the API of a base URL that ends in an endpoint; only `--api` beats it.
    fn api(
        &self,
        provider: Setting<ProviderFacts<'a>>,
        connection: &Connection<'_>,
        implied: Option<Setting<Dialect>>,
    ) -> Result<(Setting<ProviderFacts<'a>>, Setting<Dialect>), Failure> {
        let Setting { value: ProviderFacts { name, preset, config, .. }, ref origin } = provider;
        let by_preset = preset.map_or(Dialect::default(), |preset| preset.dialect);
        let flag = connection.api.map(|api| Setting::new(api, Origin::Flag("--api")));
        if by_preset.spec().needs_login {
            return match flag {
                Some(flag) if flag.value != by_preset => {
                    let why = format!("it speaks the {} API alone", choices::word(by_preset));
                    Err(Failure::usage(format!("provider '{name}' ({origin})"), why)
                        .hint("leave --api away, or ask provider openai"))
                }
                _ => Ok((provider, flag.unwrap_or(Setting::new(by_preset, Origin::Preset)))),
            };
        }
        // `-p openai-responses` names the API as clearly as `--api`.
        let is_named = by_preset != Dialect::default() && matches!(origin, Origin::Flag(_) | Origin::Uri);
        let api = if let Some(api) = flag.or(implied) {
            api
        } else if let Some(variable) = self.api_variable()?.filter(|_| connection.is_asked_server && !is_named) {
            variable
        } else if let Some(api) = config.and_then(|config| config.api.clone()) {
            api
        } else {
            Setting::new(by_preset, if preset.is_some() { Origin::Preset } else { Origin::BuiltIn })
        };
        match preset {
            Some(preset) if api.value.spec().needs_login && preset.header_variables => {
                Ok((Setting::new(self.provider("openai-codex", true), api.origin.clone()), api))
            }
            Some(_) if api.value.spec().needs_login => Err(Failure::usage(
                format!("the {} API ({})", choices::word(api.value), api.origin),
                format!("provider '{name}' has none"),
            )
            .hint("it goes with provider openai-codex, or with one of your own in the config file")),
            _ => Ok((provider, api)),
        }
    }

    /// `LMPIPE_API`.
    fn api_variable(&self) -> Result<Option<Setting<Dialect>>, Failure> {
        const NAME: &str = "LMPIPE_API";
        let Some(word) = self.env.text(NAME)? else { return Ok(None) };
        let origin = Origin::Variable(NAME.to_owned());
        match choices::choice(word) {
            Some(api) => Ok(Some(Setting::new(api, origin))),
            None => Err(rejected("API", word, &origin, "not known")
                .hint(suggest(word, choices::words::<Dialect>().iter().map(String::as_str)))),
        }
    }

    /// The headers for a provider: those of the config file, then OpenAI's variables, then the flags.
    fn headers(
        &self,
        provider: &ProviderFacts<'_>,
        connection: &Connection<'_>,
    ) -> Result<Vec<(String, Setting<Secret>)>, Failure> {
        let mut headers = provider.config.map_or_else(Vec::new, |config| config.headers.clone());
        if provider.preset.is_some_and(|preset| preset.header_variables) {
            for (variable, header) in
                [("OPENAI_ORG_ID", "OpenAI-Organization"), ("OPENAI_PROJECT_ID", "OpenAI-Project")]
            {
                if let Some(value) = self.env.text(variable)? {
                    let origin = Origin::Variable(variable.to_owned());
                    headers::check(header, value).map_err(|why| Failure::usage(variable, why))?;
                    headers::put(&mut headers, header, value, origin);
                }
            }
            const LINES: &str = "OPENAI_CUSTOM_HEADERS";
            for line in self.env.text(LINES)?.unwrap_or_default().lines().filter(|line| !line.trim().is_empty()) {
                headers::add(&mut headers, line, Origin::Variable(LINES.to_owned()))?;
            }
        }
        for line in connection.headers {
            headers::add(&mut headers, line, Origin::Flag("--header"))?;
        }
        Ok(headers)
    }

    /// True if neither provider nor key is given; without a base URL a local server is then searched for.
    fn needs_search(
        &self,
        provider: &ProviderFacts<'_>,
        connection: &Connection<'_>,
        headers: &[(String, Setting<Secret>)],
    ) -> bool {
        let has_key = |name: &&str| !self.env.numbered(name).is_empty();
        self.purpose != Purpose::Show
            && !provider.is_named
            && !connection.names_key()
            && provider.config.is_none_or(|config| config.key.is_none())
            && !headers.iter().any(|(name, _)| key::is_key_header(name, KeyStyle::Bearer))
            && !provider.preset.is_some_and(|preset| preset.keys.iter().map(|(name, _)| name).any(has_key))
    }

    /// The base URL of a provider: the one given, else its preset's.
    fn base_url(
        &self,
        provider: &Setting<ProviderFacts<'_>>,
        given: Option<Setting<String>>,
        route: &Route,
    ) -> Result<Setting<String>, Failure> {
        let Setting { value: ProviderFacts { name, preset, config, .. }, origin } = provider;
        if let Some(given) = given {
            if given.origin != Origin::Variable("AZURE_OPENAI_ENDPOINT".to_owned()) {
                return Ok(given);
            }
            let model = route.model.as_ref().map(|model| model.value.as_str());
            let is_chat = route.dialect.value.spec().names_deployment && self.purpose != Purpose::List;
            return server::azure(given, if is_chat { AzureUse::Chat(model) } else { AzureUse::Other }, self.env);
        }
        match preset {
            Some(preset) if !preset.base_url.is_empty() => Ok(Setting::new(preset.base_url.to_owned(), Origin::Preset)),
            Some(preset) => Err(Failure::usage(format!("provider '{name}' ({origin})"), "no base URL is set")
                .hint(format!("set {} or give --base-url", preset.url_variables.join(", ")))),
            None => {
                let table = config.map_or(origin, |config| &config.origin);
                Err(Failure::usage(format!("provider '{name}' ({table})"), "it has no base_url")
                    .hint("add one to its table, or give --base-url"))
            }
        }
    }
}
