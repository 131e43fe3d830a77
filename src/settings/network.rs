//! How the network is used: time limits, size limits, retries, proxies, certificates.

use std::time::Duration;

use super::config::ConfigFile;
use super::effective::{Amount, Network, Tapes};
use super::env::Env;
use super::origin::{Origin, Setting, rejected};
use super::paths::config_file_path;
use super::values;
use crate::args::{Args, ReplaySpeed, set};
use crate::failure::Failure;
use crate::request::{Limits, Net};
use crate::secret::masked_url;

/// Time for resolving, connecting and TLS.
const CONNECT: Duration = Duration::from_secs(10);
/// Longest silence of the server.
const SILENCE: Duration = Duration::from_secs(600);
/// Longest whole reply or single event, in bytes.
const REPLY_BYTES: usize = 256 << 20;
/// Further tries after a passing failure.
const RETRIES: u32 = 2;

/// Settles everything about the network.
///
/// # Errors
/// `Usage` for limits that are none, and for half a client certificate.
pub(super) fn resolve_network(args: &Args, env: &Env, config: &ConfigFile) -> Result<Network, Failure> {
    let connect =
        choose(&args.network.connect_timeout, "--connect-timeout", values::duration, &config.connect_timeout)?;
    let silence = choose(&args.network.timeout, "--timeout", values::duration, &config.timeout)?;
    let total = choose(&args.network.max_time, "--max-time", values::duration, &config.max_time)?;
    let reply = choose(&args.network.max_reply, "--max-reply", values::size, &config.max_reply)?;
    let retries = args.network.retries.map(|count| Setting::new(count, Origin::Flag("--retries")));
    let connect = or_built_in(connect, CONNECT);
    let silence = or_built_in(silence, SILENCE);
    let reply = or_built_in(reply, REPLY_BYTES);
    let retries = or_built_in(retries.or(config.retries.clone()), RETRIES);
    let proxy = match set(args.network.proxy.as_ref()) {
        Some(proxy) => Some(Setting::new(proxy.to_owned(), Origin::Flag("--proxy"))),
        None => config.proxy.clone(),
    };
    let limits = Limits {
        connect: connect.value,
        silence: silence.value,
        total: total.as_ref().map(|total| total.value),
        reply_bytes: reply.value,
    };
    let mut rows = vec![
        ("connect_timeout", connect.map(Amount::Time)),
        ("timeout", silence.map(Amount::Time)),
        ("max_reply", reply.map(Amount::Bytes)),
        ("retries", retries.clone().map(Amount::Count)),
    ];
    rows.extend(total.map(|total| ("max_time", total.map(Amount::Time))));
    let net = net(args, env, config, proxy, &mut rows)?;
    let tapes = Tapes {
        capture: set(args.network.capture.as_ref()).map(str::to_owned),
        replay: set(args.network.replay.as_ref()).map(str::to_owned),
        is_instant: args.network.replay_speed != Some(ReplaySpeed::Real),
    };
    Ok(Network { limits, net, retries: retries.value, tapes, rows })
}

/// Proxies and certificates.
fn net(
    args: &Args,
    env: &Env,
    config: &ConfigFile,
    proxy: Option<Setting<String>>,
    rows: &mut Vec<(&'static str, Setting<Amount>)>,
) -> Result<Net, Failure> {
    // Upper case first, as in curl's manual and in every OpenAI client; a variable that is empty counts as unset.
    let either = |upper: &str, lower: &str| -> Result<Option<String>, Failure> {
        Ok(env.text(upper)?.or(env.text(lower)?).map(str::to_owned))
    };
    let mut roots = Vec::new();
    if let Some(file) = set(args.network.cacert.as_ref()) {
        rows.push(("cacert", Setting::new(Amount::Name(file.to_owned()), Origin::Flag("--cacert"))));
        roots.push((file.to_owned(), "--cacert"));
    } else if let Some(Setting { value, origin }) = &config.cacert {
        let file = config_file_path(value, origin, env)?;
        rows.push(("cacert", Setting::new(Amount::Name(file.clone()), origin.clone())));
        roots.push((file, "cacert in the config file"));
    }
    if let Some(file) = env.text("SSL_CERT_FILE")? {
        rows.push(("cacert", Setting::new(Amount::Name(file.to_owned()), Origin::Variable("SSL_CERT_FILE".into()))));
        roots.push((file.to_owned(), "SSL_CERT_FILE"));
    }
    if let Some(proxy) = &proxy {
        rows.push(("proxy", proxy.clone().map(|proxy| Amount::Name(masked_url(&proxy).into_owned()))));
    }
    Ok(Net {
        proxy: proxy.map(|proxy| proxy.value),
        http_proxy: either("HTTP_PROXY", "http_proxy")?,
        https_proxy: either("HTTPS_PROXY", "https_proxy")?,
        all_proxy: either("ALL_PROXY", "all_proxy")?,
        no_proxy: either("NO_PROXY", "no_proxy")?,
        roots,
        client_certificate: client_certificate(env)?,
    })
}

/// The client certificate and its key: both or neither.
fn client_certificate(env: &Env) -> Result<Option<(String, String)>, Failure> {
    const CERTIFICATE: &str = "OPENAI_MTLS_CLIENT_CERT_FILE";
    const KEY: &str = "OPENAI_MTLS_CLIENT_KEY_FILE";
    match (env.text(CERTIFICATE)?, env.text(KEY)?) {
        (Some(certificate), Some(key)) => Ok(Some((certificate.to_owned(), key.to_owned()))),
        (None, None) => Ok(None),
        (Some(_), None) => Err(Failure::usage(CERTIFICATE, format!("{KEY} is not set beside it"))),
        (None, Some(_)) => Err(Failure::usage(KEY, format!("{CERTIFICATE} is not set beside it"))),
    }
}

/// The value of a flag, else that of the config file.
fn choose<T: Clone>(
    text: &Option<String>,
    flag: &'static str,
    parse: fn(&str) -> Result<T, &'static str>,
    config: &Option<Setting<T>>,
) -> Result<Option<Setting<T>>, Failure> {
    let Some(text) = set(text.as_ref()) else { return Ok(config.clone()) };
    let origin = Origin::Flag(flag);
    match parse(text) {
        Ok(value) => Ok(Some(Setting::new(value, origin))),
        Err(why) => Err(rejected("value", text, &origin, why)),
    }
}

/// A setting, else the built-in value.
fn or_built_in<T>(setting: Option<Setting<T>>, built_in: T) -> Setting<T> {
    setting.unwrap_or(Setting::new(built_in, Origin::BuiltIn))
}
