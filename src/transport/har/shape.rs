//! The members of a HAR file as they are written; bodies go out from where they are, without a copy.

use std::fmt;

use serde::{Serialize, Serializer};

use super::spool::{Spool, copy_base64, copy_text};
use crate::failure::Failure;
use crate::request::Body;

/// An entry. Source: HAR 1.2; the members with an underscore are ours.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry<'a> {
    /// When the call was sent, ISO 8601.
    pub(super) started_date_time: String,
    /// Milliseconds from there to the last byte.
    pub(super) time: f64,
    /// What was asked.
    pub(super) request: Request<'a>,
    /// What was answered.
    pub(super) response: Response<'a>,
    /// Browsers' business.
    pub(super) cache: Empty,
    /// Where the time went.
    pub(super) timings: Timings,
    /// When how much of the body came.
    #[serde(rename = "_chunks", skip_serializing_if = "Vec::is_empty")]
    pub(super) chunks: Vec<Chunk>,
    /// How the exchange failed on our side.
    #[serde(rename = "_failure", skip_serializing_if = "Option::is_none")]
    pub(super) failure: Option<Told<'a>>,
}

/// A call.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Request<'a> {
    /// `POST` or `GET`.
    pub(super) method: &'static str,
    /// The URL without credentials.
    pub(super) url: String,
    /// Ours is always the same.
    pub(super) http_version: &'static str,
    /// Never sent.
    pub(super) cookies: [Empty; 0],
    /// The headers; logins are redacted.
    pub(super) headers: Vec<Pair>,
    /// The query of the URL.
    pub(super) query_string: Vec<Pair>,
    /// The body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) post_data: Option<Posted<'a>>,
    /// Not known.
    pub(super) headers_size: i64,
    /// The length of the body.
    pub(super) body_size: i64,
}

/// The body of a call.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Posted<'a> {
    /// Its type.
    pub(super) mime_type: &'a str,
    /// The body.
    pub(super) text: Sent<'a>,
}

/// A reply.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Response<'a> {
    /// The status; 0 where no reply came.
    pub(super) status: u16,
    /// Its usual name.
    pub(super) status_text: &'static str,
    /// Ours is always the same.
    pub(super) http_version: &'static str,
    /// They are among the headers, redacted.
    pub(super) cookies: [Empty; 0],
    /// The headers.
    pub(super) headers: Vec<Pair>,
    /// The body.
    pub(super) content: Content<'a>,
    /// Where a redirect leads; never followed.
    #[serde(rename = "redirectURL")]
    pub(super) redirect_url: String,
    /// Not known.
    pub(super) headers_size: i64,
    /// Not known: chunks and gzip are gone.
    pub(super) body_size: i64,
}

/// The body of a reply, decoded from chunks and gzip.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Content<'a> {
    /// Its length.
    pub(super) size: u64,
    /// Its type as the server calls it.
    pub(super) mime_type: String,
    /// `base64` where it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) encoding: Option<&'static str>,
    /// The body.
    pub(super) text: Received<'a>,
}

/// Where the time went, in milliseconds; sending is not told apart from waiting.
#[derive(Serialize)]
pub(super) struct Timings {
    /// Sending.
    pub(super) send: f64,
    /// Until the head of the reply.
    pub(super) wait: f64,
    /// From there to the last byte.
    pub(super) receive: f64,
}

/// A stretch of a body that came at once.
#[derive(Serialize)]
pub(super) struct Chunk {
    /// Milliseconds since the call.
    pub(super) time: f64,
    /// Bytes.
    pub(super) size: usize,
}

/// How an exchange failed.
#[derive(Serialize)]
pub(super) struct Told<'a> {
    /// The name in the exit table.
    pub(super) kind: &'static str,
    /// What failed.
    pub(super) what: &'a str,
    /// Why.
    pub(super) why: &'a str,
    /// What to do.
    pub(super) hint: &'a str,
    /// Whether another try may help.
    pub(super) transient: bool,
}

impl<'a> Told<'a> {
    /// What a failure tells.
    pub(super) fn of(failure: &'a Failure) -> Self {
        Self {
            kind: failure.kind.row().name,
            what: &failure.what,
            why: &failure.why,
            hint: &failure.hint,
            transient: failure.transient,
        }
    }
}

/// A header or a part of a query.
#[derive(Serialize)]
pub(super) struct Pair {
    /// Its name.
    pub(super) name: String,
    /// Its value.
    pub(super) value: String,
}

/// An object without members.
#[derive(Serialize)]
pub(super) struct Empty {}

/// The body of a call as a JSON string.
pub(super) struct Sent<'a>(pub(super) &'a Body);

impl fmt::Display for Sent<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        copy_text(self.0.reader(), &[], formatter)
    }
}

impl Serialize for Sent<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The body of a reply as a JSON string, keys in it redacted.
pub(super) struct Received<'a> {
    /// Where it is.
    pub(super) spool: &'a Spool,
    /// What must not be told.
    pub(super) secrets: Vec<String>,
}

impl fmt::Display for Received<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reader = self.spool.reader().map_err(|_| fmt::Error)?;
        let copy = if self.spool.is_text() { copy_text } else { copy_base64 };
        copy(reader, &self.secrets, formatter)
    }
}

impl Serialize for Received<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
