//! What can go wrong while a reply is read, before it is known whose reply it is.

use serde_json::error::Category;

use super::refusal::inside;
use super::server_error::ServerError;
use crate::failure::{Failure, Kind};

/// A reply that is no answer, as a dialect sees it.
#[derive(Debug)]
pub(crate) enum DecodeError {
    /// Whoever takes the pieces failed.
    Sink(Failure),
    /// The server tells of an error.
    Said(Box<ServerError>),
    /// The model was stopped by what the finish reason or status names.
    Stopped(Kind, String),
    /// The text is not JSON.
    NotJson,
    /// JSON that is no reply of this API; it says what it is instead, if that is known.
    NotReply(&'static str),
    /// A reply of the other API, which `--api` can ask for by this name.
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
    /// The failure, with the server's name. The text of an event is never quoted: it may hold what was asked, or a key.
    pub(crate) fn failure(self, place: &str) -> Failure {
        let server = |what: &str, why: &str| Failure::new(Kind::Server, format!("{place} {what}"), why);
        match self {
            Self::Sink(failure) => failure,
            Self::Said(server_error) => inside(place, *server_error),
            Self::Stopped(kind, why) => Failure::new(kind, format!("{place} broke the answer off"), why),
            Self::NotJson => server("sent a reply that makes no sense", "not JSON where JSON is due"),
            Self::NotReply(why) => server("sent a reply that makes no sense", why),
            Self::OtherApi(api) => server("answered in the words of another API", "").hint(format!("try --api {api}")),
        }
    }
}
