//! Errors of decoding a reply, and the failures they become.

use serde_json::error::Category;

use super::refusal::inside;
use super::server_error::{ServerError, plain, server_error};
use crate::failure::{Failure, Kind};

/// Why a reply is no complete answer.
#[derive(Debug)]
pub(crate) enum DecodeError {
    /// The sink failed.
    Sink(Failure),
    /// The server reported an error in a 200.
    Reported(Box<ServerError>),
    /// The finish reason or status is an error; the text names it.
    Stopped(Kind, String),
    /// The text is not JSON.
    NotJson,
    /// JSON that is no reply of this API; the text says why.
    NotReply(&'static str),
    /// A reply of another API, by its name for `--api`.
    OtherApi(&'static str),
}

impl From<Failure> for DecodeError {
    fn from(failure: Failure) -> Self {
        Self::Sink(failure)
    }
}

impl From<serde_json::Error> for DecodeError {
    fn from(error: serde_json::Error) -> Self {
        match error.classify() {
            Category::Data => Self::NotReply("its members have other types than they should"),
            Category::Syntax | Category::Eof | Category::Io => Self::NotJson,
        }
    }
}

impl DecodeError {
    /// The error in an event or a reply that is known to have one.
    pub(crate) fn reported(json: &str) -> Self {
        let error = serde_json::from_str(json).ok().as_ref().and_then(server_error);
        Self::Reported(Box::new(error.unwrap_or_else(|| plain("an error without words"))))
    }

    /// The failure, with the server's name. The JSON itself is never quoted: it may hold the prompt, or a key.
    pub(crate) fn failure(self, place: &str) -> Failure {
        let server = |what: &str, why: &str| Failure::new(Kind::Server, format!("{place} {what}"), why);
        match self {
            Self::Sink(failure) => failure,
            Self::Reported(server_error) => inside(place, *server_error),
            Self::Stopped(kind, why) => Failure::new(kind, format!("{place} broke the answer off"), why),
            Self::NotJson => server("sent a reply that makes no sense", "not JSON where JSON is due"),
            Self::NotReply(why) => server("sent a reply that makes no sense", why),
            Self::OtherApi(api) => server("answered in the words of another API", "").hint(format!("try --api {api}")),
        }
    }
}
