//! Sends one call over the network and returns status, headers and a reader of the body.
//!
//! Any status is an ordinary reply. Redirects are not followed. The only headers added are `Host`, `Content-Length` and
//! `Accept-Encoding: gzip`.

use std::io::Read;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::ClientConfig;
use ureq::config::AutoHeaderValue;
use ureq::http::{HeaderMap, HeaderName, HeaderValue, Request, Uri};
use ureq::unversioned::transport::{ConnectProxyConnector, Connector, SocksConnector};
use ureq::{Agent, BodyReader, SendBody, Timeout};

use super::dial::{Dial, Names, origin};
use super::fault::Peer;
use super::proxy::{Proxy, proxy_for};
use super::socket::{HEAD_BYTES, OUTPUT_BYTES};
use super::tls::Secure;
use super::trust;
use crate::failure::Failure;
use crate::request::{Call, Limits, Net};
use crate::response::Headers;

/// Most bytes of request line and headers, so that they fit into the output buffer.
const CALL_HEAD_BYTES: usize = OUTPUT_BYTES / 2;
/// Room for the request line, `Host` and the headers we add.
const ADDED_HEAD_BYTES: usize = 512;
/// Room for the shortest call, and for what a handshake sends.
const LEAST_OUTPUT_BYTES: usize = 1024;
/// The longest limit; adding it to a clock must not overflow.
const LONGEST_LIMIT: Duration = Duration::from_secs(10 * 365 * 86_400);
/// The status of a proxy that asks for a login.
const PROXY_AUTHENTICATION_REQUIRED: u16 = 407;

/// Sends the calls of one run over the network.
pub(super) struct HttpSender {
    /// Proxies and certificates.
    net: Net,
    /// Time and size bounds.
    limits: Limits,
    /// When the run began; `--max-time` counts from here.
    started: Instant,
    /// The TLS configuration, built for the first `https://` host.
    tls: Option<Arc<ClientConfig>>,
}

impl HttpSender {
    /// A sender; nothing is opened before the first call.
    pub(super) fn new(net: Net, limits: Limits, started: Instant) -> Self {
        Self { net, limits, started, tls: None }
    }

    /// Sends a call and returns once status line and headers of the reply are there. A reply is read even if the server
    /// sent it and closed the connection before it had read the whole call.
    ///
    /// # Errors
    /// `Network` for a connection that fails (transient if another try may help), `Server` for a reply that is not
    /// HTTP, `Usage` for a URL, header, proxy or certificate file that cannot be used.
    pub(super) fn send(&mut self, call: &Call) -> Result<(u16, Headers, HttpBody), Failure> {
        let uri = parse_url(&call.url)?;
        let proxy = proxy_for(&self.net, &uri)?;
        let peer = Peer { origin: origin(&uri), proxy: proxy.as_ref().map(Proxy::shown), limits: self.limits };
        let left = self.limits.total.map(|total| total.saturating_sub(self.started.elapsed()));
        if left == Some(Duration::ZERO) {
            return Err(peer.late(Timeout::Global));
        }
        let mut request = request(call, uri)?;
        let route = HttpRoute::new(request.uri(), proxy, call, left);
        if let Some(credentials) = route.forward.as_ref().and_then(basic) {
            request.headers_mut().insert("proxy-authorization", credentials);
        }
        let forwards = route.forward.is_some();
        let agent = self.agent(request.uri(), route)?;
        let reply = match &call.body {
            Some(body) => {
                let mut reader = body.reader();
                let (head, ()) = request.into_parts();
                agent.run(Request::from_parts(head, SendBody::from_reader(&mut reader)))
            }
            None => agent.run(request),
        };
        let (head, body) = reply.map_err(|error| peer.unanswered(error))?.into_parts();
        let status = head.status.as_u16();
        if forwards && status == PROXY_AUTHENTICATION_REQUIRED {
            return Err(peer.unknown_to_proxy());
        }
        Ok((status, headers(&head.headers), HttpBody { body: body.into_reader(), peer }))
    }

    /// The HTTP client for one call; nothing of it is reused, since a connection serves one call.
    fn agent(&mut self, uri: &Uri, route: HttpRoute) -> Result<Agent, Failure> {
        let is_secure = |uri: &Uri| uri.scheme_str() == Some("https");
        let needs_tls = is_secure(uri) || route.tunnel.as_ref().is_some_and(|proxy| is_secure(proxy.uri()));
        if needs_tls && self.tls.is_none() {
            self.tls = Some(Arc::new(trust::config(&self.net)?));
        }
        let silence = self.limits.silence.min(LONGEST_LIMIT);
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .user_agent(AutoHeaderValue::None)
            .accept(AutoHeaderValue::None)
            .proxy(route.tunnel)
            .max_response_header_size(HEAD_BYTES)
            .timeout_connect(Some(self.limits.connect.min(LONGEST_LIMIT)))
            .timeout_per_read(Some(silence))
            .timeout_per_write(Some(silence))
            .timeout_global(route.left.map(|left| left.min(LONGEST_LIMIT)))
            .build();
        let connector =
            ().chain(SocksConnector::default())
                .chain(ConnectProxyConnector::default())
                .chain(Dial { forward: route.forward, output_bytes: route.output_bytes })
                .chain(Secure { config: self.tls.clone(), output_bytes: route.output_bytes });
        Ok(Agent::with_parts(config, connector, Names))
    }
}

/// The proxy, time and buffer of one call.
struct HttpRoute {
    /// The proxy that the request is sent to, with the whole URL in its first line.
    forward: Option<ureq::Proxy>,
    /// The proxy that opens a tunnel to the host.
    tunnel: Option<ureq::Proxy>,
    /// The rest of `--max-time`.
    left: Option<Duration>,
    /// The size of the output buffer: the whole call if it is short.
    output_bytes: usize,
}

impl HttpRoute {
    /// The route of `call` to `uri`.
    fn new(uri: &Uri, proxy: Option<Proxy>, call: &Call, left: Option<Duration>) -> Self {
        let (forward, tunnel) = match proxy {
            Some(proxy) if proxy.forwards(uri) => (Some(proxy.server), None),
            proxy => (None, proxy.map(|proxy| proxy.server)),
        };
        let body_bytes = call.body.as_ref().map_or(0, |body| body.len().try_into().unwrap_or(usize::MAX));
        let output_bytes = head_bytes(call).saturating_add(body_bytes).clamp(LEAST_OUTPUT_BYTES, OUTPUT_BYTES);
        Self { forward, tunnel, left, output_bytes }
    }
}

/// Parses the URL of a call.
fn parse_url(url: &str) -> Result<Uri, Failure> {
    let uri: Uri = url.parse().map_err(|error| Failure::usage("the base URL is no URL", format!("{error}")))?;
    match (uri.scheme_str(), uri.host()) {
        (Some("http" | "https"), Some(host)) if !host.is_empty() => Ok(uri),
        _ => Err(Failure::usage("the base URL is no URL", "it must begin with http://HOST or https://HOST")),
    }
}

/// An upper bound of the length of request line and headers.
fn head_bytes(call: &Call) -> usize {
    let headers = call.headers.iter().map(|header| header.name.len() + header.value.reveal().len() + ": \r\n".len());
    call.url.len() + headers.sum::<usize>() + ADDED_HEAD_BYTES
}

/// The call as a request of the HTTP client.
fn request(call: &Call, uri: Uri) -> Result<Request<()>, Failure> {
    let mut request = Request::new(());
    *request.method_mut() = call.method.parse().expect("methods are GET and POST");
    if head_bytes(call) > CALL_HEAD_BYTES {
        return Err(Failure::usage("the call cannot be sent", "its URL and headers are longer than 16 KiB together"));
    }
    for header in &call.headers {
        let unsendable = |why: &str| Failure::usage(format!("cannot send header '{}'", header.name), why);
        let name = HeaderName::try_from(&header.name).map_err(|_| unsendable("bad name"))?;
        let value = header.value.reveal();
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| unsendable("control characters"))?;
        request.headers_mut().append(name, value);
    }
    if let Some(body) = &call.body {
        request.headers_mut().insert("content-length", body.len().into());
    }
    *request.uri_mut() = uri;
    Ok(request)
}

/// The value of `Proxy-Authorization`, if the proxy's URL has a login.
fn basic(proxy: &ureq::Proxy) -> Option<HeaderValue> {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    let (name, password) = (proxy.username(), proxy.password());
    name.or(password)?;
    let pair = format!("{}:{}", name.unwrap_or_default(), password.unwrap_or_default());
    HeaderValue::try_from(format!("Basic {}", STANDARD.encode(pair))).ok()
}

/// The body of a reply, decoded from chunks and gzip.
pub(super) struct HttpBody {
    /// The body.
    body: BodyReader<'static>,
    /// The server that failures name.
    peer: Peer,
}

impl HttpBody {
    /// Reads what has come into `buffer`, several chunks at once, and returns how many bytes; 0 is the end.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Failure> {
        self.body.read(buffer).map_err(|error| self.peer.cut(error.into()))
    }
}

/// The headers of a reply; bytes that are not UTF-8 become U+FFFD.
fn headers(map: &HeaderMap) -> Headers {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    Headers(map.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect())
}
