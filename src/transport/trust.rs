//! Whom we trust: bundled roots first; where they do not know an issuer, the files we are given and the system's
//! store join in. All of it in one handshake, and nothing is opened before it is needed.

use std::fmt;
use std::fs;
use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use crate::failure::Failure;
use crate::request::Net;

/// Where Linux and BSD systems keep the roots they trust; the first that is there is read. Debian, Fedora, newer
/// Fedora, SUSE, Alpine and OpenBSD, FreeBSD, NixOS, Termux. Source: openssl-probe 0.2.
///
/// The crates that read them let `SSL_CERT_FILE` replace the store, where ours adds to it.
#[cfg(not(any(windows, target_vendor = "apple")))]
const SYSTEM_STORES: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
    "/etc/ssl/certs/ca-bundle.crt",
    "/data/data/com.termux/files/usr/etc/tls/cert.pem",
];
/// The variable naming a client certificate.
const CLIENT_CERTIFICATE: &str = "OPENAI_MTLS_CLIENT_CERT_FILE";
/// The variable naming its key.
const CLIENT_KEY: &str = "OPENAI_MTLS_CLIENT_KEY_FILE";

/// The TLS configuration of a run.
///
/// # Errors
/// `Usage` for a certificate or key file that cannot be used, naming it and its setting.
pub(super) fn config(net: &Net) -> Result<ClientConfig, Failure> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let judge = Judge::new(net, Arc::clone(&provider))?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring speaks TLS 1.2 and 1.3")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(judge));
    let mut config = match &net.client_certificate {
        None => builder.with_no_client_auth(),
        Some((certificate, key)) => {
            let (chain, der) = client_certificate(certificate, key)?;
            let misfit = |error| unusable(key, CLIENT_KEY, &format!("not the key of '{certificate}': {error}"));
            builder.with_client_auth_cert(chain, der).map_err(misfit)?
        }
    };
    // One connection, one call: there is nothing to resume.
    config.resumption = rustls::client::Resumption::disabled();
    Ok(config)
}

/// Judges certificates by the bundled roots and, where those do not settle it, by all others.
#[derive(Debug)]
struct Judge {
    /// The cryptography.
    provider: Arc<CryptoProvider>,
    /// Mozilla's roots, compiled in.
    bundled: Arc<WebPkiServerVerifier>,
    /// Files we are given, each with the setting that names it.
    files: Vec<(String, &'static str)>,
    /// What is in the files and in the system's store, once it was needed.
    further: OnceLock<Result<Further, Failure>>,
}

/// The roots beside the bundled ones.
#[derive(Debug)]
struct Further {
    /// The certificates of the files we are given.
    given: Vec<CertificateDer<'static>>,
    /// Judges by them and by the system's store; `None` when both are empty.
    verifier: Option<Arc<dyn ServerCertVerifier>>,
}

impl Judge {
    /// Takes the bundled roots. Files named by a flag are looked at right away, so that a wrong name is told; those
    /// named by the environment only when they are needed.
    fn new(net: &Net, provider: Arc<CryptoProvider>) -> Result<Self, Failure> {
        for (path, setting) in net.roots.iter().filter(|(_, setting)| setting.starts_with("--")) {
            certificates(path, setting)?;
        }
        let roots = Arc::new(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() });
        let bundled = WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider))
            .build()
            .expect("there are bundled roots and no revocation lists");
        Ok(Self { provider, bundled, files: net.roots.clone(), further: OnceLock::new() })
    }

    /// Opens the files we are given and the system's store.
    fn further(&self) -> Result<&Further, Error> {
        let load = || {
            let mut given = Vec::new();
            for (path, setting) in &self.files {
                given.extend(certificates(path, setting)?);
            }
            let verifier = verifier_of(&given, Arc::clone(&self.provider));
            Ok(Further { given, verifier })
        };
        self.further.get_or_init(load).as_ref().map_err(|failure| other(BadFile(failure.clone())))
    }
}

impl ServerCertVerifier for Judge {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        host: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verdict = self.bundled.verify_server_cert(certificate, chain, host, ocsp, now);
        let Err(Error::InvalidCertificate(CertificateError::UnknownIssuer | CertificateError::Other(_))) = &verdict
        else {
            return verdict;
        };
        let further = self.further()?;
        let verdict = match &further.verifier {
            Some(verifier) => verifier.verify_server_cert(certificate, chain, host, ocsp, now),
            None => verdict,
        };
        // What `openssl req -x509` makes is a CA's certificate, which no server may show by the book. Where we were
        // given that very certificate it is trusted all the same, as curl does: dates are checked before, names here.
        match verdict {
            Err(Error::InvalidCertificate(CertificateError::Other(_))) if further.given.contains(certificate) => {
                rustls::client::verify_server_name(&ParsedCertificate::try_from(certificate)?, host)?;
                Ok(ServerCertVerified::assertion())
            }
            verdict => verdict,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.bundled.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.bundled.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.bundled.supported_verify_schemes()
    }
}

/// Judges by the given certificates and those of the system's store.
#[cfg(not(any(windows, target_vendor = "apple")))]
fn verifier_of(
    given: &[CertificateDer<'static>],
    provider: Arc<CryptoProvider>,
) -> Option<Arc<dyn ServerCertVerifier>> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(given.iter().cloned());
    if let Some(pem) = SYSTEM_STORES.iter().find_map(|path| fs::read(path).ok()) {
        roots.add_parsable_certificates(CertificateDer::pem_slice_iter(&pem).flatten());
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().ok()?;
    Some(verifier)
}

/// Judges by the given certificates and as the system judges.
#[cfg(any(windows, target_vendor = "apple"))]
fn verifier_of(
    given: &[CertificateDer<'static>],
    provider: Arc<CryptoProvider>,
) -> Option<Arc<dyn ServerCertVerifier>> {
    let verifier = rustls_platform_verifier::Verifier::new_with_extra_roots(given.iter().cloned(), provider).ok()?;
    Some(Arc::new(verifier))
}

/// A failure on its way through a handshake.
#[derive(Debug)]
struct BadFile(Failure);

impl fmt::Display for BadFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.line())
    }
}

impl std::error::Error for BadFile {}

/// An error of ours as one of the handshake's.
fn other(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Other(rustls::OtherError(Arc::new(error)))
}

/// The failure of ours behind a handshake's error, if it is one.
pub(super) fn bad_file(error: &Error) -> Option<Failure> {
    match error {
        Error::Other(rustls::OtherError(inner)) => inner.downcast_ref::<BadFile>().map(|bad| bad.0.clone()),
        _ => None,
    }
}

/// Reads the certificates of a PEM file.
fn certificates(path: &str, setting: &str) -> Result<Vec<CertificateDer<'static>>, Failure> {
    let pem = read(path, setting)?;
    let found: Vec<_> = CertificateDer::pem_slice_iter(&pem).flatten().collect();
    if found.is_empty() { Err(unusable(path, setting, "there is no PEM certificate in it")) } else { Ok(found) }
}

/// Reads a client certificate and its key; an empty path stands for a variable that is not set.
fn client_certificate(
    certificate: &str,
    key: &str,
) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), Failure> {
    for (path, setting, partner) in
        [(certificate, CLIENT_CERTIFICATE, CLIENT_KEY), (key, CLIENT_KEY, CLIENT_CERTIFICATE)]
    {
        if path.is_empty() {
            return Err(Failure::usage(format!("{setting} is not set"), format!("{partner} is, and needs it")));
        }
    }
    let chain = certificates(certificate, CLIENT_CERTIFICATE)?;
    let pem = read(key, CLIENT_KEY)?;
    let no_key = |_| unusable(key, CLIENT_KEY, "there is no PEM private key in it");
    Ok((chain, PrivateKeyDer::from_pem_slice(&pem).map_err(no_key)?))
}

/// Reads a file a setting names.
fn read(path: &str, setting: &str) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| unusable(path, setting, &super::fault::words(&error)))
}

/// The failure for a file that cannot be used.
fn unusable(path: &str, setting: &str, why: &str) -> Failure {
    Failure::usage(format!("cannot use '{path}' (from {setting})"), why)
}
