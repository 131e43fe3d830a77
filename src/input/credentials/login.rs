//! The login file of `codex login`: read, never written or refreshed. A refresh token can be used once, so two programs
//! that use it lock each other out; that is left to Codex. Source: docs/codex.md §3.1, docs/codex.md §3.2.

use std::fs::File;
use std::path::Path;
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use super::key::{bounded, checked, reason};
use crate::failure::{Failure, Kind};
use crate::request::Secret;
use crate::settings::Origin;

/// The base URL for a login with an API key.
const API_BASE_URL: &str = "https://api.openai.com/v1";
/// The hint for a login that is no longer valid.
const LOG_IN: &str = "run 'codex login'";
/// The hint if there is no file: the login may be in the keyring.
const LOG_IN_OR_FILE: &str = "run 'codex login'; a login kept in the system's keyring cannot be read, \
                              cli_auth_credentials_store = \"file\" in Codex's config.toml puts it in a file";

/// The parts of a login that a request needs.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Login {
    /// The bearer token: an access token or an API key.
    pub(super) token: Secret,
    /// Further headers.
    pub(super) headers: Vec<(&'static str, Secret)>,
    /// The base URL that goes with it; `None` for that of the codex API.
    pub(super) base_url: Option<&'static str>,
}

/// The login file; other members are left out.
#[derive(Deserialize)]
struct AuthFile {
    /// The kind of login; absent in old files.
    auth_mode: Option<String>,
    /// The key of a login with a key.
    #[serde(rename = "OPENAI_API_KEY")]
    api_key: Option<String>,
    /// The tokens of a login with ChatGPT.
    tokens: Option<Tokens>,
}

/// The tokens of a login with ChatGPT.
#[derive(Deserialize)]
struct Tokens {
    /// A JWT about the user.
    id_token: Option<String>,
    /// The bearer token, mostly a JWT.
    access_token: Option<String>,
    /// The workspace.
    account_id: Option<String>,
}

/// The payload of a JWT; other claims are left out.
#[derive(Default, Deserialize)]
struct Claims {
    /// Its expiry in seconds since 1970; RFC 7519 allows a fraction.
    exp: Option<f64>,
    /// OpenAI's own claims.
    #[serde(rename = "https://api.openai.com/auth", default)]
    auth: AuthClaims,
}

/// OpenAI's own claims.
#[derive(Default, Deserialize)]
struct AuthClaims {
    /// The workspace.
    chatgpt_account_id: Option<String>,
    /// Whether the account is on the servers for the US government.
    #[serde(default)]
    chatgpt_account_is_fedramp: bool,
}

impl Login {
    /// Reads the login at `path`, which the setting `origin` named; it must be valid at `now`.
    ///
    /// # Errors
    /// `Auth` if there is none, it is of another kind, or it has expired; the hint is the command to run.
    pub(super) fn read(path: &Path, origin: &Origin, now: SystemTime) -> Result<Self, Failure> {
        let what = format!("the login in {} ({origin})", path.display());
        let failure = |why: String| Failure::new(Kind::Auth, what.clone(), why);
        let bytes = File::open(path).map_err(anyhow::Error::from).and_then(bounded);
        let bytes = bytes.map_err(|error| failure(reason(&error)).hint(LOG_IN_OR_FILE))?;
        // The parser's message would quote the file, which holds nothing but secrets.
        let file: AuthFile =
            serde_json::from_slice(&bytes).map_err(|_| failure("it is not a login file".to_owned()).hint(LOG_IN))?;
        let api_key = file.api_key.filter(|key| !key.is_empty());
        let mode = file.auth_mode.as_deref().unwrap_or(if api_key.is_some() { "apikey" } else { "chatgpt" });
        match (mode, api_key, file.tokens) {
            ("apikey", Some(key), _) => {
                Ok(Self { token: checked(&key, &what)?, headers: Vec::new(), base_url: Some(API_BASE_URL) })
            }
            ("chatgpt" | "chatgptAuthTokens", _, Some(tokens)) => Self::with_chatgpt(tokens, &what, now),
            ("apikey" | "chatgpt" | "chatgptAuthTokens", ..) => {
                Err(failure("it holds no key and no token".to_owned()).hint(LOG_IN))
            }
            (other, ..) => {
                let kind: String = other.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
                Err(failure(format!("a login of the kind '{kind}' is Codex's alone"))
                    .hint("run 'codex login' to log in with ChatGPT"))
            }
        }
    }

    /// The login with ChatGPT.
    fn with_chatgpt(tokens: Tokens, what: &str, now: SystemTime) -> Result<Self, Failure> {
        let failure = |why: String| Failure::new(Kind::Auth, what, why).hint(LOG_IN);
        let Some(token) = tokens.access_token.filter(|token| !token.is_empty()) else {
            return Err(failure("it holds no token".to_owned()));
        };
        let access = claims(&token);
        let id = tokens.id_token.as_deref().map(claims).unwrap_or_default();
        let life = access.exp.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let end = life.and_then(|life| SystemTime::UNIX_EPOCH.checked_add(life));
        if let Some(end) = end.filter(|end| *end <= now) {
            return Err(failure(format!("it expired on {}", httpdate::fmt_http_date(end))));
        }
        let account = [tokens.account_id, id.auth.chatgpt_account_id, access.auth.chatgpt_account_id];
        let mut headers = Vec::new();
        if let Some(account) = account.into_iter().flatten().find(|account| !account.is_empty()) {
            headers.push(("ChatGPT-Account-ID", checked(&account, what)?));
        }
        if id.auth.chatgpt_account_is_fedramp || access.auth.chatgpt_account_is_fedramp {
            headers.push(("X-OpenAI-Fedramp", Secret::new("true".to_owned())));
        }
        Ok(Self { token: checked(&token, what)?, headers, base_url: None })
    }
}

/// The claims of a token; none if it is no JWT. The signature is checked by the server.
fn claims(token: &str) -> Claims {
    let mut parts = token.split('.');
    let (Some(head), Some(payload), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Claims::default();
    };
    if head.is_empty() || signature.is_empty() {
        return Claims::default();
    }
    let json = URL_SAFE_NO_PAD.decode(payload).unwrap_or_default();
    serde_json::from_slice(&json).unwrap_or_default()
}
