//! The members of a HAR 1.2 file, for writing and for reading; those with an underscore are ours.
//!
//! What is written but not needed for an answer is skipped when reading: browsers and proxies fill these members in
//! many ways.

use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Kind, TABLE};

/// `httpVersion` of every call and reply.
pub(super) const HTTP_VERSION: &str = "HTTP/1.1";
/// A size that is not known.
pub(super) const UNKNOWN_SIZE: i64 = -1;

/// A HAR file, as it is read.
#[derive(Deserialize)]
pub(super) struct Har {
    /// Its only member.
    pub(super) log: HarLog,
}

/// The log of a HAR file.
#[derive(Deserialize)]
pub(super) struct HarLog {
    /// The exchanges in the order in which they began.
    pub(super) entries: Vec<HarEntry>,
}

/// A call and its reply.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct HarEntry {
    /// When the call was sent, ISO 8601.
    #[serde(skip_deserializing)]
    pub(super) started_date_time: String,
    /// Milliseconds from there to the last byte.
    #[serde(skip_deserializing)]
    pub(super) time: f64,
    /// The call.
    pub(super) request: HarRequest,
    /// The reply.
    pub(super) response: HarResponse,
    /// Only browsers have one.
    #[serde(skip_deserializing)]
    pub(super) cache: HarCache,
    /// The duration of each phase.
    #[serde(default)]
    pub(super) timings: HarTimings,
    /// The reads in which the body came.
    #[serde(rename = "_chunks", default, skip_serializing_if = "Vec::is_empty")]
    pub(super) chunks: Vec<HarChunk>,
    /// The failure that ended the exchange on our side.
    #[serde(rename = "_failure", default, skip_serializing_if = "Option::is_none")]
    pub(super) failure: Option<HarFailure>,
}

/// A call.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct HarRequest {
    /// `POST` or `GET`.
    pub(super) method: String,
    /// The URL, without credentials.
    pub(super) url: String,
    /// Always [`HTTP_VERSION`].
    #[serde(skip_deserializing)]
    pub(super) http_version: &'static str,
    /// We send none.
    #[serde(skip_deserializing)]
    pub(super) cookies: [(); 0],
    /// The headers, credentials redacted.
    #[serde(skip_deserializing)]
    pub(super) headers: Vec<HarPair>,
    /// The query of the URL.
    #[serde(skip_deserializing)]
    pub(super) query_string: Vec<HarPair>,
    /// The body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) post_data: Option<HarPostData>,
    /// Always [`UNKNOWN_SIZE`].
    #[serde(skip_deserializing)]
    pub(super) headers_size: i64,
    /// The length of the body.
    #[serde(skip_deserializing)]
    pub(super) body_size: i64,
}

/// The body of a call.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct HarPostData {
    /// Its media type.
    #[serde(skip_deserializing)]
    pub(super) mime_type: String,
    /// The body; absent if another program did not save it.
    pub(super) text: Option<String>,
}

/// A reply.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct HarResponse {
    /// The status; 0 (elsewhere also negative) if no reply came.
    pub(super) status: i32,
    /// The reason phrase of that status.
    #[serde(skip_deserializing)]
    pub(super) status_text: &'static str,
    /// Always [`HTTP_VERSION`].
    #[serde(skip_deserializing)]
    pub(super) http_version: &'static str,
    /// Only in the headers, and redacted there.
    #[serde(skip_deserializing)]
    pub(super) cookies: [(); 0],
    /// The headers, credentials redacted.
    #[serde(default)]
    pub(super) headers: Vec<HarPair>,
    /// The body.
    #[serde(default)]
    pub(super) content: HarContent,
    /// The target of a redirect; never followed.
    #[serde(rename = "redirectURL", skip_deserializing)]
    pub(super) redirect_url: String,
    /// Always [`UNKNOWN_SIZE`].
    #[serde(skip_deserializing)]
    pub(super) headers_size: i64,
    /// Always [`UNKNOWN_SIZE`]: transfer coding and gzip are undone.
    #[serde(skip_deserializing)]
    pub(super) body_size: i64,
}

/// The body of a reply, transfer coding and gzip undone.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct HarContent {
    /// Its length in bytes.
    #[serde(default)]
    pub(super) size: i64,
    /// The server's `Content-Type`.
    #[serde(skip_deserializing)]
    pub(super) mime_type: String,
    /// `base64` if the body is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) encoding: Option<String>,
    /// The body; absent if another program did not save it.
    pub(super) text: Option<String>,
}

/// The duration of each phase in milliseconds.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct HarTimings {
    /// Always 0: sending is part of `wait`.
    #[serde(skip_deserializing)]
    pub(super) send: f64,
    /// From the start to the headers of the reply.
    #[serde(default)]
    pub(super) wait: f64,
    /// From there to the last byte.
    #[serde(skip_deserializing)]
    pub(super) receive: f64,
}

/// The part of a body that one read returned.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct HarChunk {
    /// Milliseconds since the call was sent.
    pub(super) time: f64,
    /// Bytes.
    pub(super) size: usize,
}

/// A header or a query parameter.
#[derive(Serialize, Deserialize)]
pub(super) struct HarPair {
    /// Its name.
    pub(super) name: String,
    /// Its value.
    pub(super) value: String,
}

/// The empty object.
#[derive(Default, Serialize)]
pub(super) struct HarCache {}

/// A [`Failure`] of the transport.
#[derive(Serialize, Deserialize)]
pub(super) struct HarFailure {
    /// The name of its kind in the exit table.
    kind: String,
    /// What failed.
    what: String,
    /// Why.
    why: String,
    /// What to do.
    hint: String,
    /// True if lmpipe itself may try again.
    transient: bool,
}

impl From<&Failure> for HarFailure {
    fn from(failure: &Failure) -> Self {
        Self {
            kind: failure.kind.row().name.to_owned(),
            what: failure.what.clone(),
            why: failure.why.clone(),
            hint: failure.hint.clone(),
            transient: failure.transient,
        }
    }
}

impl From<HarFailure> for Failure {
    /// An unknown kind counts as `Network`.
    fn from(recorded: HarFailure) -> Self {
        let kind = TABLE.iter().find(|row| row.name == recorded.kind).map_or(Kind::Network, |row| row.kind);
        let failure = Self::new(kind, recorded.what, recorded.why).hint(recorded.hint);
        if recorded.transient { failure.transient() } else { failure }
    }
}
