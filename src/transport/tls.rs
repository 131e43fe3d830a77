//! TLS as a transport of the HTTP client, and the reasons of a failed handshake.
//!
//! It replaces ureq's own, which takes roots but no certificate verifier; ours is in `trust`.

use std::fmt;
use std::io::{Read, Write};
use std::sync::Arc;

use rustls::pki_types::ServerName;
use rustls::{CertificateError, ClientConfig, ClientConnection, StreamOwned};
use ureq::Error;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, NextTimeout, Transport, TransportAdapter,
};

use super::socket::Queue;

/// Wraps connections to `https://` hosts and proxies.
#[derive(Debug)]
pub(super) struct Secure {
    /// The configuration; `None` if neither host nor proxy needs TLS.
    pub(super) config: Option<Arc<ClientConfig>>,
    /// The size of the output buffer.
    pub(super) output_bytes: usize,
}

impl<In: Transport> Connector<In> for Secure {
    type Out = Either<In, Channel>;

    fn connect(&self, details: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, Error> {
        let (Some(open), Some(config)) = (&chained, &self.config) else {
            return Ok(chained.map(Either::A));
        };
        if !details.needs_tls() || open.is_tls() {
            return Ok(chained.map(Either::A));
        }
        let host = details.uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
        let name = ServerName::try_from(host.to_owned()).map_err(|_| Error::Tls("no name a certificate can be for"))?;
        let mut connection = ClientConnection::new(Arc::clone(config), name)?;
        let Some(open) = chained else { return Ok(None) };
        let mut wire = TransportAdapter::new(open.boxed(), Arc::clone(&details.current_time));
        wire.set_timeout(details.timeout);
        connection.complete_io(&mut wire).map_err(|error| {
            match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                Some(fault) => Error::Rustls(fault.clone()),
                None => error.into(),
            }
        })?;
        let queue = Queue::new(self.output_bytes);
        Ok(Some(Either::B(Channel { queue, stream: StreamOwned::new(connection, wire) })))
    }
}

/// A TLS connection.
pub(super) struct Channel {
    /// The buffers, of plain bytes.
    queue: Queue,
    /// TLS over the connection.
    stream: StreamOwned<ClientConnection, TransportAdapter>,
}

impl Transport for Channel {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.queue
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.stream.sock.set_timeout(timeout);
        self.stream.write_all(&self.queue.output()[..amount])?;
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.queue.has_room()?;
        self.stream.sock.set_timeout(timeout);
        let amount = self.stream.read(self.queue.input_append_buf())?;
        self.queue.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        false
    }

    fn is_tls(&self) -> bool {
        true
    }
}

impl fmt::Debug for Channel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Channel").field("over", &self.stream.sock.get_ref()).finish()
    }
}

/// Why a handshake failed, and a hint, which may be empty.
pub(super) fn words(error: &rustls::Error) -> (String, &'static str) {
    const ADD_ROOT: &str = "name a file with the certificate it can be checked by: --cacert FILE";
    const CHECK_CLOCK: &str = "is this machine's clock right?";
    let fault = match error {
        rustls::Error::InvalidCertificate(fault) => fault,
        rustls::Error::InvalidMessage(_) => return ("what answers there is not TLS".into(), "is it http:// perhaps?"),
        rustls::Error::AlertReceived(alert) => return (format!("it refuses TLS with us: {alert:?}"), ""),
        other => return (format!("TLS: {other}"), ""),
    };
    match fault {
        CertificateError::UnknownIssuer => ("its certificate comes from an unknown issuer".into(), ADD_ROOT),
        // There is no error of its own for a self-signed certificate. Source: webpki.
        CertificateError::Other(_) if fault.to_string().contains("CaUsedAsEndEntity") => {
            ("its certificate is self-signed".into(), ADD_ROOT)
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            ("its certificate has expired".into(), CHECK_CLOCK)
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            ("its certificate is not valid yet".into(), CHECK_CLOCK)
        }
        CertificateError::NotValidForNameContext { presented, .. } if !presented.is_empty() => (
            format!(
                "its certificate is for {}",
                presented.iter().map(|name| host_in(name)).collect::<Vec<_>>().join(", ")
            ),
            "",
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            ("its certificate names no host".into(), "")
        }
        other => (format!("its certificate is bad: {other}"), ""),
    }
}

/// The host in webpki's `DnsName("host")` or `IpAddress(127.0.0.1)`.
fn host_in(presented: &str) -> &str {
    let inner = presented.split_once('(').map_or(presented, |(_, inner)| inner);
    inner.trim_end_matches(')').trim_matches('"')
}
