//! Time limits, retries, proxies, recordings.

use super::choices::ReplaySpeed;

/// The flags under the heading "Network" of the help.
#[derive(clap::Args, Debug, Default)]
#[command(next_help_heading = "Network")]
#[group(skip)]
pub(crate) struct NetworkArgs {
    /// Further tries after a failure that may pass [default: 2]
    ///
    /// Statuses 408, 409, 429 (unless a quota is spent) and 5xx and failed connections are tried again, after
    /// the time the server asks for (up to 120 s) or 0.5 s, doubling up to 8 s. Never after the first byte of answer.
    #[arg(long, value_name = "N")]
    pub(crate) retries: Option<u32>,

    /// Most time to resolve, connect and agree on TLS [default: 10]
    ///
    /// Here and below, SECONDS may also be a number with the unit ms, s, m or h.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) connect_timeout: Option<String>,

    /// Longest silence of the server, before and within the answer [default: 600]
    #[arg(long, value_name = "SECONDS")]
    pub(crate) timeout: Option<String>,

    /// Most time for the whole run [default: none]
    #[arg(long, value_name = "SECONDS")]
    pub(crate) max_time: Option<String>,

    /// Longest whole reply or single event of a stream [default: 256MiB]
    ///
    /// SIZE is a number of bytes, or one with K, M, G (powers of 1024) or KB, MB, GB (powers of 1000). Streamed
    /// text as a whole has no bound.
    #[arg(long, value_name = "SIZE")]
    pub(crate) max_reply: Option<String>,

    /// Proxy for every host [env: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY]
    #[arg(long, value_name = "URL")]
    pub(crate) proxy: Option<String>,

    /// Also trust the certificates in this PEM file [env: SSL_CERT_FILE]
    #[arg(long, value_name = "FILE")]
    pub(crate) cacert: Option<String>,

    /// Write every exchange to a HAR 1.2 file: requests, replies, times; keys and logins are left out
    ///
    /// The file is readable by its owner alone and written as a whole, also when the run fails. Browsers open it,
    /// and --replay answers from it.
    #[arg(long, value_name = "FILE")]
    pub(crate) capture: Option<String>,

    /// Answer from a HAR file instead of the network
    ///
    /// Method, path, query and body of a request must be those of a recorded one, in any order of keys; a request
    /// that was not recorded is exit 2 and says what differs. No key and no network is needed. Recordings of
    /// browsers and of mitmproxy serve as well.
    #[arg(long, value_name = "FILE")]
    pub(crate) replay: Option<String>,

    /// Pace of a replay: as the server was, or at once [default: instant]
    #[arg(long, value_name = "SPEED")]
    pub(crate) replay_speed: Option<ReplaySpeed>,
}
