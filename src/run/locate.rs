//! What the settings leave to the server: which local server there is, and which model is the only one.

use std::time::{Duration, SystemTime};

use crate::failure::{Failure, Kind};
use crate::input::credentials;
use crate::input::stdin::Stdin;
use crate::output::Output;
use crate::request::{Credential, Endpoint, Limits};
use crate::run::advise::advise;
use crate::run::models::list;
use crate::run::session::Session;
use crate::secret::{Masker, is_secret_header};
use crate::settings::route::Route;
use crate::settings::server::local_servers;
use crate::settings::{Origin, Setting};
use crate::url::display_url;

/// Where requests go when nothing says otherwise.
const OPENAI: &str = "https://api.openai.com/v1";
/// Time for connecting to a local server. Source: docs/contract.md §2.
const LOCAL_CONNECT: Duration = Duration::from_millis(50);
/// Time a local server has for its model list.
const LOCAL_SILENCE: Duration = Duration::from_secs(2);

/// A route with its server and its keys.
pub(crate) struct Server {
    /// The route, its base URL known.
    pub(crate) route: Route,
    /// The models it lists, where it was found by looking.
    models: Option<Vec<String>>,
    /// One endpoint for each key, in the order they are tried; never empty.
    pub(crate) endpoints: Vec<Endpoint>,
}

/// Finds the server of a route and reads its keys.
///
/// # Errors
/// [`Kind::Auth`] where no server is known and none is found; of [`credentials::read`].
pub(crate) fn server(
    session: &Session<'_>,
    wanted: &Route,
    stdin: &mut Stdin,
    output: &mut Output,
) -> Result<Server, Failure> {
    let mut route = wanted.clone();
    if session.tapes.is_replay() {
        // A recording knows neither hosts nor keys.
        route.base_url.get_or_insert_with(|| Setting::new(OPENAI.into(), Origin::BuiltIn));
        let endpoint = Endpoint { credential: Credential::None, ..credentials::placeholder(&route) };
        return Ok(Server { route, models: None, endpoints: vec![endpoint] });
    }
    let models = match &route.base_url {
        Some(_) => None,
        None => Some(look(session, &mut route, output)?),
    };
    let found = credentials::read(&route, session.env, SystemTime::now(), &mut stdin.source)?;
    for notice in &found.notices {
        output.notice(notice);
    }
    for endpoint in &found.endpoints {
        add_secrets(output.masker(), endpoint);
    }
    Ok(Server { route, models, endpoints: found.endpoints })
}

/// Adds what must not be shown of an endpoint: its key, and what its headers and the query of its URL hide.
fn add_secrets(masker: &mut Masker, endpoint: &Endpoint) {
    if let Credential::Bearer(key) | Credential::Header(_, key) = &endpoint.credential {
        masker.add(key.reveal());
    }
    for (_, value) in endpoint.headers.iter().filter(|(name, _)| is_secret_header(name)) {
        masker.add_header(value.reveal());
    }
    masker.add_url(&endpoint.base_url);
}

/// Gives the route the first local server that answers, and returns the models it lists.
fn look(session: &Session<'_>, route: &mut Route, output: &mut Output) -> Result<Vec<String>, Failure> {
    let limits = Limits { connect: LOCAL_CONNECT, silence: LOCAL_SILENCE, ..session.settings.network.limits };
    let mut client = session.client(limits);
    let servers = local_servers(session.env);
    let mut bare = None;
    for (provider, base_url) in &servers {
        let endpoint = local_endpoint(provider, base_url);
        if let Ok(models) = list(&mut client, &endpoint) {
            if models.is_empty() {
                bare.get_or_insert_with(|| format!("{base_url} ({provider})"));
                continue;
            }
            output.notice(&format!("no key and no server given: using {provider} at {base_url}"));
            route.provider = Setting::new((*provider).to_owned(), Origin::BuiltIn);
            route.base_url = Some(Setting::new(base_url.as_str().into(), Origin::BuiltIn));
            return Ok(models);
        }
    }
    if let Some(server) = bare {
        return Err(Failure::new(Kind::Auth, "no server to ask", format!("no key is set, and {server} has no model"))
            .hint("load a model there, set OPENAI_API_KEY, or name another server with --base-url"));
    }
    let tried: Vec<String> = servers.iter().map(|(provider, base_url)| format!("{base_url} ({provider})")).collect();
    Err(Failure::new(
        Kind::Auth,
        "no server to ask",
        format!("no key is set, and nothing answers at {}", tried.join(", ")),
    )
    .hint("set OPENAI_API_KEY, start a local server, or name one with --base-url"))
}

/// A server on this machine, asked without a key.
fn local_endpoint(provider: &str, base_url: &str) -> Endpoint {
    Endpoint { provider: provider.to_owned(), base_url: base_url.to_owned(), ..Endpoint::default() }
}

/// The model of the route, or the only one the server lists.
///
/// # Errors
/// [`Kind::Usage`] where it lists more than one, or none; of the network where the list cannot be had.
pub(crate) fn model(session: &mut Session<'_>, server: &Server, output: &mut Output) -> Result<String, Failure> {
    const SHOWN: usize = 20;
    if let Some(model) = &server.route.model {
        return Ok(model.value.clone());
    }
    output.wait();
    let endpoint = &server.endpoints[0];
    let place = display_url(&endpoint.base_url);
    let unnamed = |why: String| Failure::usage("no model given", why).hint("name one with --model");
    let listed = match &server.models {
        Some(models) => Ok(models.clone()),
        None => list(&mut session.client, endpoint),
    };
    let models = listed.map_err(|failure| match failure.kind {
        Kind::Rejected => unnamed(format!("{place} does not list its own")),
        _ => advise(session, failure, endpoint, None),
    })?;
    match models.as_slice() {
        [] => Err(unnamed(format!("{place} lists none"))),
        [only] => Ok(only.clone()),
        [shown @ .., _] if shown.len() < SHOWN => Err(unnamed(format!("{place} lists {}", models.join(", ")))),
        many => {
            let (shown, more) = many.split_at(SHOWN);
            Err(unnamed(format!("{place} lists {} and {} more", shown.join(", "), more.len())))
        }
    }
}
