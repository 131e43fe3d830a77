//! Verifies server certificates: by the bundled roots, then by the files of `--cacert` and `SSL_CERT_FILE`, then by the
//! system's store. Each is asked in the same handshake, and opened only if those before do not have the issuer.

use std::fs;
use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use crate::failure::{Failure, os_reason};
use crate::request::Net;

/// The files in which Linux and BSD systems keep their trusted roots; the first that exists is read. Debian, Fedora,
/// newer Fedora, SUSE, Alpine and OpenBSD, FreeBSD, NixOS, Termux. Source: openssl-probe 0.2.
///
/// No crate is used: in them `SSL_CERT_FILE` replaces the store, here it adds to it.
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
    let verifier = TrustVerifier::new(net, Arc::clone(&provider))?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring speaks TLS 1.2 and 1.3")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
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

/// Verifies by the bundled roots, the given files and the system's store, in this order.
#[derive(Debug)]
struct TrustVerifier {
    /// The cryptography.
    provider: Arc<CryptoProvider>,
    /// Verifies by Mozilla's roots, which are compiled in.
    bundled: Arc<WebPkiServerVerifier>,
    /// The certificates in the files of flags.
    named: Vec<CertificateDer<'static>>,
    /// The files of variables, each with its variable.
    files: Vec<(String, &'static str)>,
    /// The roots of all files, read when first needed.
    given: OnceLock<Result<GivenRoots, Failure>>,
    /// Verifies by the system's store, opened when first needed; `None` if there is none.
    system: OnceLock<Option<Arc<dyn ServerCertVerifier>>>,
}

/// The roots of the given files.
#[derive(Debug)]
struct GivenRoots {
    /// The certificates.
    certificates: Vec<CertificateDer<'static>>,
    /// Verifies by them; `None` if there are none.
    verifier: Option<Arc<WebPkiServerVerifier>>,
}

impl TrustVerifier {
    /// A verifier. The files of flags are read right away, so that a wrong name is reported; those of variables only
    /// when they are needed.
    fn new(net: &Net, provider: Arc<CryptoProvider>) -> Result<Self, Failure> {
        let (mut named, mut files) = (Vec::new(), Vec::new());
        for (path, setting) in &net.roots {
            if setting.starts_with("--") {
                named.extend(certificates(path, setting)?);
            } else {
                files.push((path.clone(), *setting));
            }
        }
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let bundled = verifier(roots, &provider).expect("there are bundled roots and no revocation lists");
        let (given, system) = (OnceLock::new(), OnceLock::new());
        Ok(Self { provider, bundled, named, files, given, system })
    }

    /// The roots of the given files.
    fn given(&self) -> Result<&GivenRoots, Error> {
        let load = || {
            let mut found = self.named.clone();
            for (path, setting) in &self.files {
                found.extend(certificates(path, setting)?);
            }
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(found.iter().cloned());
            Ok(GivenRoots { certificates: found, verifier: verifier(roots, &self.provider) })
        };
        self.given
            .get_or_init(load)
            .as_ref()
            .map_err(|failure| Error::Other(rustls::OtherError(Arc::new(failure.clone()))))
    }
}

impl ServerCertVerifier for TrustVerifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        host: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verdict = self.bundled.verify_server_cert(certificate, chain, host, ocsp, now);
        if is_settled(&verdict) {
            return verdict;
        }
        let given = self.given()?;
        let verdict = match &given.verifier {
            Some(verifier) => verifier.verify_server_cert(certificate, chain, host, ocsp, now),
            None => verdict,
        };
        if is_settled(&verdict) {
            return verdict;
        }
        // `openssl req -x509` makes the certificate of a CA, which by the standard no server may use. If a file holds
        // that very certificate it is trusted all the same, as in curl. Its dates were checked, its name is here.
        let is_refused_by_standard = matches!(verdict, Err(Error::InvalidCertificate(CertificateError::Other(_))));
        if is_refused_by_standard && given.certificates.contains(certificate) {
            rustls::client::verify_server_name(&ParsedCertificate::try_from(certificate)?, host)?;
            return Ok(ServerCertVerified::assertion());
        }
        let system = self.system.get_or_init(|| system_verifier(&self.provider)).as_ref();
        let judged = system.map(|verifier| verifier.verify_server_cert(certificate, chain, host, ocsp, now));
        // Without a decision of the system our own error is the more precise one.
        judged.filter(is_settled).unwrap_or(verdict)
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

/// Whether other roots would not change the result.
fn is_settled(verdict: &Result<ServerCertVerified, Error>) -> bool {
    use CertificateError::{Other, UnknownIssuer};
    !matches!(verdict, Err(Error::InvalidCertificate(UnknownIssuer | Other(_))))
}

/// Verifies by these roots; `None` if there are none.
fn verifier(roots: RootCertStore, provider: &Arc<CryptoProvider>) -> Option<Arc<WebPkiServerVerifier>> {
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider)).build().ok()
}

/// Verifies by the system's store; `None` if there is no such file.
#[cfg(not(any(windows, target_vendor = "apple")))]
fn system_verifier(provider: &Arc<CryptoProvider>) -> Option<Arc<dyn ServerCertVerifier>> {
    let pem = SYSTEM_STORES.iter().find_map(|path| fs::read(path).ok())?;
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(CertificateDer::pem_slice_iter(&pem).flatten());
    verifier(roots, provider).map(|verifier| verifier as Arc<dyn ServerCertVerifier>)
}

/// Verifies with the system's own interface.
#[cfg(any(windows, target_vendor = "apple"))]
fn system_verifier(provider: &Arc<CryptoProvider>) -> Option<Arc<dyn ServerCertVerifier>> {
    let verifier = rustls_platform_verifier::Verifier::new(Arc::clone(provider)).ok()?;
    Some(Arc::new(verifier))
}

/// The failure of a certificate file in the error of a handshake, if it is one.
pub(super) fn bad_file(error: &Error) -> Option<Failure> {
    match error {
        Error::Other(rustls::OtherError(inner)) => inner.downcast_ref::<Failure>().cloned(),
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

/// Reads the file of a setting.
fn read(path: &str, setting: &str) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| unusable(path, setting, &os_reason(&error)))
}

/// The failure for a file that cannot be used.
fn unusable(path: &str, setting: &str, why: &str) -> Failure {
    Failure::usage(format!("cannot use '{path}' (from {setting})"), why)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// A day on which the certificate of `public.pem` was valid: the first of 2026.
    const THEN: Duration = Duration::from_secs(1_767_225_600);

    #[test]
    fn public_host_is_trusted_without_a_certificate_file() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/tls/public.pem");
        let chain: Vec<_> = CertificateDer::pem_file_iter(path).unwrap().map(Result::unwrap).collect();
        let net = Net { roots: vec![("/nonexistent".into(), "SSL_CERT_FILE")], ..Net::default() };
        let verifier = TrustVerifier::new(&net, Arc::new(rustls::crypto::ring::default_provider())).unwrap();
        let is_trusted = |host| {
            let host = ServerName::try_from(host).unwrap();
            verifier.verify_server_cert(&chain[0], &chain[1..], &host, &[], UnixTime::since_unix_epoch(THEN)).is_ok()
        };
        assert!(is_trusted("aws.amazon.com"));
        assert!(!is_trusted("aws.example.com"));
        assert!(verifier.given.get().is_none() && verifier.system.get().is_none());
    }
}
