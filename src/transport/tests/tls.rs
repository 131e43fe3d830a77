//! TLS against a server with certificates of our own making; see `tests/fixtures/tls/make.sh`.

use std::io::Write;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use super::{LIMITS, Peer, read_all, read_call, send_with, told};
use crate::failure::IS_FOLDER;
use crate::request::Net;

/// A file of the fixtures.
fn fixture(name: &str) -> String {
    format!("{}/tests/fixtures/tls/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// What `--cacert` gives.
fn trusting(name: &str) -> Net {
    Net { roots: vec![(fixture(name), "--cacert")], ..Net::default() }
}

/// What the server asks of its clients.
#[derive(Clone, Copy, PartialEq)]
enum Asks {
    Nothing,
    Certificate,
}

/// A server with the certificate `name` that answers one call.
fn server(name: &str, asks: Asks) -> Peer<Option<String>> {
    let chain = CertificateDer::pem_file_iter(fixture(&format!("{name}.pem"))).unwrap().map(Result::unwrap).collect();
    let key = PrivateKeyDer::from_pem_file(fixture(&format!("{name}.key"))).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder =
        ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions().unwrap();
    let builder = match asks {
        Asks::Nothing => builder.with_no_client_auth(),
        Asks::Certificate => {
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(CertificateDer::from_pem_file(fixture("authority.pem")));
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
            builder.with_client_cert_verifier(verifier)
        }
    };
    let config = Arc::new(builder.with_single_cert(chain, key).unwrap());
    Peer::new(move |stream| {
        let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
        // A client that does not trust us leaves.
        stream.conn.complete_io(&mut stream.sock).ok()?;
        let call = read_call(&mut stream);
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n")
            .unwrap();
        stream.flush().unwrap();
        Some(call)
    })
}

/// The reply of the server `name` to a client with `net`, or the failure.
fn exchange(name: &str, asks: Asks, net: Net) -> Result<String, (u8, String, bool)> {
    let peer = server(name, asks);
    let url = format!("https://{}", peer.address);
    let shown = |(exit, line, transient): (u8, String, bool)| (exit, line.replace(&url, "URL"), transient);
    let body = send_with(&url, net, LIMITS).map_err(|failure| shown(told(&failure))).and_then(|mut incoming| {
        let (body, fault) = read_all(&mut incoming, 100);
        fault.map_or(Ok(String::from_utf8(body).unwrap()), |fault| Err(shown(told(&fault))))
    });
    peer.join();
    body
}

#[test]
fn given_root_is_trusted() {
    assert_eq!(exchange("server", Asks::Nothing, trusting("authority.pem")), Ok("ok".into()));
}

#[test]
fn root_named_by_the_environment_is_trusted() {
    let net = Net { roots: vec![(fixture("authority.pem"), "SSL_CERT_FILE")], ..Net::default() };
    assert_eq!(exchange("server", Asks::Nothing, net), Ok("ok".into()));
}

#[test]
fn given_self_signed_certificate_is_trusted() {
    assert_eq!(exchange("selfsigned", Asks::Nothing, trusting("selfsigned.pem")), Ok("ok".into()));
}

#[test]
fn bad_certificates_are_7_with_the_reason_and_what_helps() {
    let add = "name a file with the certificate it can be checked by: --cacert FILE";
    let clock = "is this machine's clock right?";
    let table = [
        ("server", Net::default(), "its certificate comes from an unknown issuer", add),
        ("server", trusting("selfsigned.pem"), "its certificate comes from an unknown issuer", add),
        ("selfsigned", Net::default(), "its certificate is self-signed", add),
        ("selfsigned", trusting("authority.pem"), "its certificate is self-signed", add),
        ("expired", trusting("authority.pem"), "its certificate has expired", clock),
        ("stranger", trusting("authority.pem"), "its certificate is for elsewhere.example", ""),
    ];
    for (name, net, why, hint) in table {
        let line = [&format!("cannot trust URL: {why}"), hint].join(if hint.is_empty() { "" } else { ": " });
        assert_eq!(exchange(name, Asks::Nothing, net), Err((7, line, false)), "{name}");
    }
}

#[test]
fn client_certificate_is_shown_where_it_is_asked_for() {
    let mut net = trusting("authority.pem");
    net.client_certificate = Some((fixture("client.pem"), fixture("client.key")));
    assert_eq!(exchange("server", Asks::Certificate, net), Ok("ok".into()));
    let (exit, _, _) = exchange("server", Asks::Certificate, trusting("authority.pem")).unwrap_err();
    assert_eq!(exit, 7);
}

/// The failure before anything is sent.
fn refused_before(net: Net) -> (u8, String) {
    let failure = send_with("https://127.0.0.1:1", net, LIMITS).err().unwrap();
    (failure.kind.exit(), failure.line())
}

#[test]
fn files_that_cannot_be_used_are_2_and_named() {
    let roots = |name: &str| Net { roots: vec![(fixture(name), "--cacert")], ..Net::default() };
    let client = |certificate: &str, key: &str| {
        let path = |name: &str| if name.is_empty() { String::new() } else { fixture(name) };
        Net { client_certificate: Some((path(certificate), path(key))), ..Net::default() }
    };
    let (cert_var, key_var) = ("OPENAI_MTLS_CLIENT_CERT_FILE", "OPENAI_MTLS_CLIENT_KEY_FILE");
    let cannot =
        |name: &str, setting: &str, why: &str| format!("cannot use '{}' (from {setting}): {why}", fixture(name));
    let table = [
        (roots("missing.pem"), cannot("missing.pem", "--cacert", "no such file or directory")),
        (roots("make.sh"), cannot("make.sh", "--cacert", "there is no PEM certificate in it")),
        (roots(""), cannot("", "--cacert", IS_FOLDER)),
        (client("client.pem", ""), format!("{key_var} is not set: {cert_var} is, and needs it")),
        (client("", "client.key"), format!("{cert_var} is not set: {key_var} is, and needs it")),
        (client("client.pem", "gone"), cannot("gone", key_var, "no such file or directory")),
        (client("client.key", "client.key"), cannot("client.key", cert_var, "there is no PEM certificate in it")),
        (client("client.pem", "client.pem"), cannot("client.pem", key_var, "there is no PEM private key in it")),
    ];
    for (net, line) in table {
        assert_eq!(refused_before(net), (2, line));
    }
    let (exit, line) = refused_before(client("client.pem", "server.key"));
    let start = cannot("server.key", key_var, &format!("not the key of '{}': ", fixture("client.pem")));
    assert_eq!((exit, &line[..start.len()]), (2, start.as_str()));
}

#[test]
fn file_of_the_environment_is_opened_only_when_it_is_needed() {
    let net = || Net { roots: vec![(fixture("missing.pem"), "SSL_CERT_FILE")], ..Net::default() };
    assert_eq!(refused_before(net()).0, 7);
    let line = format!("cannot use '{}' (from SSL_CERT_FILE): no such file or directory", fixture("missing.pem"));
    assert_eq!(exchange("server", Asks::Nothing, net()), Err((2, line, false)));
}

#[test]
fn plain_http_behind_https_is_told() {
    let peer = super::answering("");
    let peer_url = format!("https://{}", peer.address);
    drop(peer);
    let peer = Peer::new(|mut stream| stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap());
    let url = format!("https://{}", peer.address);
    let failure = send_with(&url, Net::default(), LIMITS).err().unwrap();
    let line = format!("cannot trust {url}: what answers there is not TLS: is it http:// perhaps?");
    assert_eq!(told(&failure), (7, line, false));
    assert_ne!(url, peer_url);
}
