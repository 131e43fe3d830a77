//! What the settings leave to the server: which local server there is, and which model is the only one.

use std::time::{Duration, SystemTime};

use crate::failure::{Failure, Kind};
use crate::input::credentials;
use crate::input::stdin::Stdin;
use crate::output::Output;
use crate::request::{Credential, Dialect, Endpoint, Limits, TokenField};
use crate::run::ask::Asker;
use crate::run::exchange::{accepted, place};
use crate::settings::route::Route;
use crate::settings::server::local_servers;
use crate::settings::{Origin, Setting};
use crate::transport::http::Client;
use crate::wire::{models, models_call};

/// Longest model list read, in bytes.
const LIST_BYTES: usize = 16 * 1024 * 1024;
/// Time for connecting to a local server. Source: contract §2.
const LOCAL_CONNECT: Duration = Duration::from_millis(50);
/// Time a local server has for its model list.
const LOCAL_SILENCE: Duration = Duration::from_secs(2);

/// The models a server lists.
///
/// # Errors
/// Of the transport and wire rooms.
pub(crate) fn list(client: &mut Client, endpoint: &Endpoint) -> Result<Vec<String>, Failure> {
    models::ids(&place(&endpoint.base_url), &list_body(client, endpoint)?)
}

/// The model list as the server sends it.
///
/// # Errors
/// As [`list`].
pub(crate) fn list_body(client: &mut Client, endpoint: &Endpoint) -> Result<Vec<u8>, Failure> {
    let mut incoming = accepted(client.send(&models_call(endpoint))?, endpoint)?;
    let place = place(&endpoint.base_url);
    let mut body = Vec::new();
    let mut buffer = vec![0; 16 * 1024];
    loop {
        match incoming.read(&mut buffer)? {
            0 => return Ok(body),
            length if body.len() + length > LIST_BYTES => {
                return Err(Failure::new(Kind::Server, format!("{place} answered"), "its model list has no end"));
            }
            length => body.extend_from_slice(&buffer[..length]),
        }
    }
}

/// A route with its server and its keys.
pub(crate) struct Server {
    /// The route, its base URL known.
    pub(crate) route: Route,
    /// One endpoint for each key, in the order they are tried; never empty.
    pub(crate) endpoints: Vec<Endpoint>,
}

/// Finds the server of a route and reads its keys.
///
/// # Errors
/// Of [`route`] and [`credentials::read`].
pub(crate) fn server(
    asker: &Asker<'_>,
    wanted: &Route,
    stdin: &mut Stdin,
    output: &mut Output,
) -> Result<Server, Failure> {
    let route = route(asker, wanted, output)?;
    let found = credentials::read(&route, asker.env, SystemTime::now(), &mut stdin.source)?;
    for notice in &found.notices {
        output.notice(notice);
    }
    Ok(Server { route, endpoints: found.endpoints })
}

/// The route with a base URL: its own, or that of the first local server that answers.
///
/// # Errors
/// [`Kind::Auth`] where no server is known and none is found.
fn route(asker: &Asker<'_>, route: &Route, output: &mut Output) -> Result<Route, Failure> {
    let mut route = route.clone();
    if route.base_url.is_some() {
        return Ok(route);
    }
    let limits = Limits { connect: LOCAL_CONNECT, silence: LOCAL_SILENCE, ..asker.settings.network.limits };
    let mut client = Client::new(asker.settings.network.net.clone(), limits, asker.started);
    let servers = local_servers(asker.env);
    for (provider, base_url) in &servers {
        let endpoint = local_endpoint(provider, base_url);
        if list(&mut client, &endpoint).is_ok() {
            output.notice(&format!("no key and no server given: using {provider} at {base_url}"));
            route.provider = Setting::new((*provider).to_owned(), Origin::BuiltIn);
            route.base_url = Some(Setting::new(base_url.as_str().into(), Origin::BuiltIn));
            return Ok(route);
        }
    }
    let tried: Vec<String> = servers.iter().map(|(provider, base_url)| format!("{provider} at {base_url}")).collect();
    Err(Failure::new(
        Kind::Auth,
        "no server to ask",
        format!("no key is set, and none answers of {}", tried.join(", ")),
    )
    .hint("set OPENAI_API_KEY, start a local server, or name one with --base-url"))
}

/// A server on this machine, asked without a key.
fn local_endpoint(provider: &str, base_url: &str) -> Endpoint {
    Endpoint {
        provider: provider.to_owned(),
        dialect: Dialect::Chat,
        base_url: base_url.to_owned(),
        credential: Credential::None,
        key_origin: String::new(),
        headers: Vec::new(),
        token_field: TokenField::MaxTokens,
    }
}

/// The model of the route, or the only one the server lists.
///
/// # Errors
/// [`Kind::Usage`] with the list where there is more than one; of the network where the list cannot be had.
pub(crate) fn model(
    asker: &mut Asker<'_>,
    route: &Route,
    endpoint: &Endpoint,
    output: &mut Output,
) -> Result<String, Failure> {
    if let Some(model) = &route.model {
        return Ok(model.value.clone());
    }
    output.wait();
    let mut models = list(&mut asker.client, endpoint)?;
    match models.len() {
        1 => Ok(models.remove(0)),
        0 => Err(Failure::usage("no model given", format!("{} lists none", place(&endpoint.base_url)))
            .hint("name one with --model")),
        count => {
            const SHOWN: usize = 20;
            let more = if count > SHOWN { format!(" and {} more", count - SHOWN) } else { String::new() };
            models.truncate(SHOWN);
            Err(Failure::usage(
                "no model given",
                format!("{} lists {}{more}", place(&endpoint.base_url), models.join(", ")),
            )
            .hint("name one with --model"))
        }
    }
}
