//! The models that a server lists.

use crate::failure::{Failure, Kind};
use crate::request::Endpoint;
use crate::run::reading::accepted;
use crate::transport::http::Client;
use crate::url::display_url;
use crate::wire::{models, models_call};

/// Longest model list read, in bytes.
const LIST_BYTES: usize = 16 * 1024 * 1024;

/// The models a server lists.
///
/// # Errors
/// Of the transport and wire rooms.
pub(crate) fn list(client: &mut Client, endpoint: &Endpoint) -> Result<Vec<String>, Failure> {
    models::ids(&display_url(&endpoint.base_url), &list_body(client, endpoint)?)
}

/// The model list as the server sends it.
///
/// # Errors
/// As [`list`].
pub(crate) fn list_body(client: &mut Client, endpoint: &Endpoint) -> Result<Vec<u8>, Failure> {
    let mut incoming = accepted(client.send(&models_call(endpoint))?, endpoint)?;
    let place = display_url(&endpoint.base_url);
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
