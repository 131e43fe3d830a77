//! The rows of `--print config`: every effective setting and where it came from. Keys are named by their place, never
//! shown; of headers the names alone.

use super::effective::{Settings, Streaming};
use super::route::{KeySource, Route};
use crate::args::choices::word;
use crate::secret::masked_url;

/// A setting's name, its value and where it came from.
pub(crate) type ConfigRow = (String, String, String);

/// Every effective setting: name, value and origin; secrets never shown.
pub(crate) fn rows(settings: &Settings) -> Vec<ConfigRow> {
    let mut rows = Vec::new();
    for (place, route) in settings.routes.iter().enumerate() {
        let prefix = if place == 0 { String::new() } else { format!("fallback {place} ") };
        rows.extend(
            route_rows(route).into_iter().map(|(name, value, origin)| (format!("{prefix}{name}"), value, origin)),
        );
    }
    let network = settings.network.rows.iter();
    rows.extend(network.map(|(name, row)| ((*name).to_owned(), row.value.to_string(), row.origin.to_string())));
    let streaming = match settings.output.streaming.value {
        Streaming::On => "always",
        Streaming::Off => "never",
        Streaming::Terminal => "on a terminal",
    };
    rows.push(("stream".to_owned(), streaming.to_owned(), settings.output.streaming.origin.to_string()));
    rows.push(("color".to_owned(), word(settings.output.color.value), settings.output.color.origin.to_string()));
    rows.push(("adapt".to_owned(), settings.adapt.value.to_string(), settings.adapt.origin.to_string()));
    rows
}

/// The rows of one route.
fn route_rows(route: &Route) -> Vec<ConfigRow> {
    let row = |name: &str, value: &str, origin: &dyn ToString| (name.to_owned(), value.to_owned(), origin.to_string());
    let base_url = match &route.base_url {
        Some(base_url) => row("base_url", &masked_url(&base_url.value), &base_url.origin),
        None => row("base_url", "a local server, looked for", &"built in"),
    };
    let model = match &route.model {
        Some(model) => row("model", &model.value, &model.origin),
        None => row("model", "the only one the server lists", &"built in"),
    };
    let key = match (&route.key.value, route.key.value.place()) {
        (_, Some(place)) => place,
        (KeySource::Missing(names), None) => format!("missing: {} is not set", names.join(" or ")),
        (_, None) => "none".to_owned(),
    };
    let mut rows = vec![
        row("provider", &route.provider.value, &route.provider.origin),
        row("api", &word(route.dialect.value), &route.dialect.origin),
        base_url,
        model,
        row("key", &key, &route.key.origin),
    ];
    for (name, header) in &route.headers {
        rows.push(row(&format!("header {name}"), "(not shown)", &header.origin));
    }
    rows.extend(route.generation.rows().map(|(name, value, origin)| row(&name, &value, origin)));
    rows
}
