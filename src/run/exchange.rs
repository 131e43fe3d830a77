//! One call and its reply.

use std::time::{Instant, SystemTime};

use crate::failure::Failure;
use crate::request::{Call, Endpoint};
use crate::response::Headers;
use crate::run::live::Live;
use crate::run::reading::{accepted, read_pieces};
use crate::transport::http::{Client, Incoming};
use crate::url::display_url;
use crate::wire::reader::ReplyReader;
use crate::wire::refusal;

/// Sends `call` and feeds the reply to `live`; `status` is set as soon as it is known.
///
/// # Errors
/// Of the transport, wire and output rooms; partial text may have been shown.
pub(crate) fn exchange(
    client: &mut Client,
    call: &Call,
    endpoint: &Endpoint,
    reply_bytes: usize,
    live: &mut Live<'_>,
    verbose: bool,
    status: &mut Option<u16>,
) -> Result<(), Failure> {
    let began = Instant::now();
    if verbose {
        live.output.say(&format!("> {} {}", call.method, display_url(&call.url)));
    }
    live.output.wait();
    let mut incoming = client.send(call)?;
    *status = Some(incoming.status);
    if verbose {
        show_head(live, &incoming, began);
    }
    incoming = accepted(incoming, endpoint)?;
    let headers = std::mem::take(&mut incoming.headers);
    let reader = ReplyReader::new(endpoint.dialect, &display_url(&endpoint.base_url), reply_bytes);
    let read = read_pieces(|buffer| incoming.read(buffer), reader, live);
    if verbose {
        live.output.say(&format!("< end after {} ms", began.elapsed().as_millis()));
    }
    read.map_err(|mut failure| {
        refusal::advise(&mut failure, &headers, SystemTime::now());
        failure
    })
}

/// Shows the head of a reply (`-v`): status, time, request id, rate limits; never a key.
fn show_head(live: &mut Live<'_>, incoming: &Incoming, began: Instant) {
    let head = format!("< {} after {} ms", incoming.status, began.elapsed().as_millis());
    live.output.say(&head);
    for line in shown(&incoming.headers) {
        live.output.say(&format!("< {line}"));
    }
}

/// The headers worth showing. Source: docs/wire.md §1.8, docs/codex.md §3.5.
fn shown(headers: &Headers) -> impl Iterator<Item = String> + '_ {
    const NAMES: &[&str] = &["retry-after", "retry-after-ms", "server"];
    const STARTS: &[&str] = &["x-ratelimit-", "x-codex-", "openai-"];
    headers.0.iter().filter_map(|(name, value)| {
        let name = name.to_ascii_lowercase();
        let is_known = |known: &[&str]| known.contains(&name.as_str());
        let is_shown =
            is_known(NAMES) || is_known(refusal::REQUEST_IDS) || STARTS.iter().any(|start| name.starts_with(start));
        is_shown.then(|| format!("{name}: {value}"))
    })
}
