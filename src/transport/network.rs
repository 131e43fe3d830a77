//! One call out over the network, status, headers and a reader back.
//!
//! Every status is an ordinary reply; redirects are not followed, and no header is added but `Host`,
//! `Content-Length` and `Accept-Encoding: gzip`.

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
use super::proxy::{Proxy, route};
use super::socket::{HEAD_BYTES, OUTPUT_BYTES};
use super::tls::Secure;
use super::trust;
use crate::failure::Failure;
use crate::request::{Call, Limits, Net};
use crate::response::Headers;

/// Most bytes of request line and headers, so that they fit where they are written.
const CALL_HEAD_BYTES: usize = OUTPUT_BYTES / 2;
/// What request line, `Host` and the few headers of ours take at most.
const ADDED_HEAD_BYTES: usize = 512;
/// Room for the shortest call, and for what a handshake sends.
const LEAST_OUTPUT_BYTES: usize = 1024;
/// The longest limit there is: clocks end, and adding to them must not.
const LONGEST_LIMIT: Duration = Duration::from_secs(10 * 365 * 86_400);
/// A proxy's "who are you".
const PROXY_AUTHENTICATION_REQUIRED: u16 = 407;

/// The way to the network for one run; nothing is built before the first send.
pub(super) struct HttpSender {
    /// Proxies and certificates.
    net: Net,
    /// Time and size bounds.
    limits: Limits,
    /// When the run began; `--max-time` counts from here.
    started: Instant,
    /// Whom we trust, built for the first `https://` host.
    tls: Option<Arc<ClientConfig>>,
}

impl HttpSender {
    /// A way that has not been taken yet.
    pub(super) fn new(net: Net, limits: Limits, started: Instant) -> Self {
        Self { net, limits, started, tls: None }
    }

    /// Sends a call and returns status, headers and body once the head of the reply is there.
    ///
    /// A server that answers and hangs up before it has read the whole call is heard all the same.
    ///
    /// # Errors
    /// `Network` for what happens on the way (transient where another try may help), `Server` for a head that is no
    /// HTTP, `Usage` for a URL, header, proxy or certificate file that cannot be used.
    pub(super) fn send(&mut self, call: &Call) -> Result<(u16, Headers, HttpBody), Failure> {
        let uri = parse_url(&call.url)?;
        let proxy = route(&self.net, &uri)?;
        let peer = Peer { origin: origin(&uri), proxy: proxy.as_ref().map(Proxy::shown), limits: self.limits };
        let left = self.limits.total.map(|total| total.saturating_sub(self.started.elapsed()));
        if left == Some(Duration::ZERO) {
            return Err(peer.late(Timeout::Global));
        }
        let mut request = request(call, uri)?;
        let way = HttpRoute::new(request.uri(), proxy, call, left);
        if let Some(credentials) = way.forward.as_ref().and_then(basic) {
            request.headers_mut().insert("proxy-authorization", credentials);
        }
        let forwards = way.forward.is_some();
        let agent = self.agent(request.uri(), way)?;
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

    /// An agent for one call. It has no state worth keeping: a connection serves one call.
    fn agent(&mut self, uri: &Uri, way: HttpRoute) -> Result<Agent, Failure> {
        let is_secure = |uri: &Uri| uri.scheme_str() == Some("https");
        let needs_tls = is_secure(uri) || way.tunnel.as_ref().is_some_and(|proxy| is_secure(proxy.uri()));
        if needs_tls && self.tls.is_none() {
            self.tls = Some(Arc::new(trust::config(&self.net)?));
        }
        let silence = self.limits.silence.min(LONGEST_LIMIT);
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .user_agent(AutoHeaderValue::None)
            .accept(AutoHeaderValue::None)
            .proxy(way.tunnel)
            .max_response_header_size(HEAD_BYTES)
            .timeout_connect(Some(self.limits.connect.min(LONGEST_LIMIT)))
            .timeout_per_read(Some(silence))
            .timeout_per_write(Some(silence))
            .timeout_global(way.left.map(|left| left.min(LONGEST_LIMIT)))
            .build();
        let connector =
            ().chain(SocksConnector::default())
                .chain(ConnectProxyConnector::default())
                .chain(Dial { forward: way.forward, output_bytes: way.output_bytes })
                .chain(Secure { config: self.tls.clone(), output_bytes: way.output_bytes });
        Ok(Agent::with_parts(config, connector, Names))
    }
}

/// How one call travels.
struct HttpRoute {
    /// The proxy that takes the call whole.
    forward: Option<ureq::Proxy>,
    /// The proxy that tunnels to the host.
    tunnel: Option<ureq::Proxy>,
    /// What is left of `--max-time`.
    left: Option<Duration>,
    /// How much is sent at once: the whole call if it is short.
    output_bytes: usize,
}

impl HttpRoute {
    /// The way of `call` to `uri`.
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

/// About how long request line and headers are: what is added to the call's own is short.
fn head_bytes(call: &Call) -> usize {
    let headers = call.headers.iter().map(|header| header.name.len() + header.value.reveal().len() + ": \r\n".len());
    call.url.len() + headers.sum::<usize>() + ADDED_HEAD_BYTES
}

/// The call in the words of the HTTP client.
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

/// The credentials of a proxy as a header, if it has any.
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
    /// Whom faults name.
    peer: Peer,
}

impl HttpBody {
    /// Reads what has come into `buffer`, over the borders of chunks, and returns how much; 0 is the end.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Failure> {
        self.body.read(buffer).map_err(|error| self.peer.cut(error.into()))
    }
}

/// The headers of a reply; what is not UTF-8 in them is replaced.
fn headers(map: &HeaderMap) -> Headers {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    Headers(map.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect())
}
