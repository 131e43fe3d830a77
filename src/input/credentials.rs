//! Keys and logins: the one place that reads them.

use std::io::Read;
use std::time::SystemTime;

use crate::failure::Failure;
use crate::request::Endpoint;
use crate::settings::env::Env;
use crate::settings::route::Route;

/// A route's endpoints, one for each key in the order they are tried, and what is to be said about them.
#[derive(Debug)]
pub(crate) struct Credentials {
    /// One endpoint for each key; never empty.
    pub(crate) endpoints: Vec<Endpoint>,
    /// Lines for stderr.
    pub(crate) notices: Vec<String>,
}

/// Reads the keys of a route whose base URL is known, at `now`. `stdin` is read only for `--api-key-file -`.
///
/// # Errors
/// `Auth` when there is no key or login, or the command fails; `Usage` for a key no header can carry.
pub(crate) fn read(route: &Route, env: &Env, now: SystemTime, stdin: &mut dyn Read) -> Result<Credentials, Failure> {
    let _ = (now, stdin);
    unimplemented!("{route:?} {env:?}")
}

/// The endpoint of a route with a shell word such as `$OPENAI_API_KEY` in place of the key, for `--print`.
pub(crate) fn placeholder(route: &Route) -> Endpoint {
    unimplemented!("{route:?}")
}
