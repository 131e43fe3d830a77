//! What is shown instead of a request: the request itself, the settings, the models.

use crate::args::{Format, Print};
use crate::failure::Failure;
use crate::input::credentials;
use crate::input::stdin::Stdin;
use crate::json;
use crate::output::Output;
use crate::request::{Header, Request};
use crate::run::advise::advise;
use crate::run::locate;
use crate::run::models::list_body;
use crate::run::session::Session;
use crate::secret::REDACTED;
use crate::settings::Settings;
use crate::settings::show::rows;
use crate::url::display_url;
use crate::wire::{self, batch, curl};

/// Shows the request the first route would send (`--print request|curl|batch`): no key is read, nothing is sent.
///
/// # Errors
/// Of the wire and output rooms.
pub(crate) fn request(settings: &Settings, request: &Request, what: Print, output: &mut Output) -> Result<(), Failure> {
    let route = &settings.routes[0];
    let mut request = request.clone();
    request.sampling = route.generation.sampling();
    request.stream = request.stream && what != Print::Batch;
    request.stream_usage = request.stream && request.stream_usage && route.stream_options;
    request.model = route.model.as_ref().map_or_else(String::new, |model| model.value.clone());
    let endpoint = credentials::placeholder(route);
    let call = wire::encode(&request, &endpoint)?;
    if request.model.is_empty() && what != Print::Request {
        output.notice("no model given: it is shown without one, where a run would ask the server");
    }
    match what {
        Print::Curl => return output.bytes(&curl::command(&call, &endpoint, &settings.network.net)),
        Print::Batch => {
            return output.bytes(&batch::line(call, &endpoint, settings.batch_id.as_deref())?.to_vec());
        }
        Print::Request | Print::Config => {}
    }
    if settings.output.verbose {
        output.say(&format!("> {} {}", call.method, display_url(&call.url)));
        for Header { name, value, secret } in &call.headers {
            let value = if *secret { REDACTED } else { value.reveal() };
            output.say(&format!("> {name}: {value}"));
        }
    }
    let bytes = call.body.map_or_else(Vec::new, |body| body.to_vec());
    if !output.style().stdout_is_terminal {
        return output.bytes(&bytes);
    }
    output.line(&json::indented(&String::from_utf8_lossy(&bytes)))
}

/// Shows every effective setting and where it came from (`--print config`).
///
/// # Errors
/// Of the output room.
pub(crate) fn config(settings: &Settings, output: &mut Output) -> Result<(), Failure> {
    let rows = rows(settings);
    let width = |column: fn(&(String, String, String)) -> &str| {
        rows.iter().map(|row| column(row).chars().count()).max().unwrap_or_default()
    };
    let (name_width, value_width) = (width(|row| &row.0), width(|row| &row.1));
    rows.iter().try_for_each(|(name, value, origin)| {
        output.line(&format!("{name:name_width$}  {value:value_width$}  {origin}"))
    })
}

/// Lists the models of the first route (`--list-models`): one id a line, or the server's own list with `-O json`.
///
/// # Errors
/// Of the transport, wire and output rooms.
pub(crate) fn models(mut session: Session<'_>, stdin: &mut Stdin, output: &mut Output) -> Result<(), Failure> {
    let settings = session.settings;
    let server = locate::server(&session, &settings.routes[0], stdin, output)?;
    output.wait();
    let endpoint = &server.endpoints[0];
    let listed = list_body(&mut session.client, endpoint);
    let body = listed.map_err(|failure| advise(&mut session, failure, endpoint, None))?;
    let ids = wire::models::ids(&display_url(&endpoint.base_url), &body)?;
    if settings.output.format == Format::Text {
        return ids.iter().try_for_each(|id| output.line(id));
    }
    output.bytes(body.trim_ascii())?;
    output.end_line()
}
