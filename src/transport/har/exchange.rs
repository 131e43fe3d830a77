//! One exchange while it goes on, and the HAR entry made of it: complete but for keys and logins.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ureq::http::StatusCode;

use super::format::{
    HTTP_VERSION, HarCache, HarChunk, HarContent, HarEntry, HarFailure, HarPair, HarPostData, HarRequest, HarResponse,
    HarTimings, UNKNOWN_SIZE,
};
use crate::failure::Failure;
use crate::request::Call;
use crate::response::Headers;
use crate::secret::{Masker, REDACTED, is_secret_header, masked_query};
use crate::url::{Url, display_url};

/// Most reads that are timed one by one; later ones extend the last.
const MOST_CHUNKS: usize = 1 << 20;

/// An exchange that goes on.
pub(super) struct HarExchange {
    /// The call.
    call: Call,
    /// When it was sent.
    date: SystemTime,
    /// The same on the clock that the durations below count from.
    began: Instant,
    /// When the headers of the reply came, its status and headers.
    head: Option<(Duration, u16, Headers)>,
    /// The body so far, unless it is longer than `most_bytes`.
    body: Vec<u8>,
    /// The length of the body so far.
    size: usize,
    /// The reads in which `body` came.
    chunks: Vec<HarChunk>,
    /// When the last of the body came.
    ended: Duration,
    /// The failure that ended it.
    failure: Option<HarFailure>,
    /// After how many bytes no more of the body is kept (`--max-reply`).
    most_bytes: usize,
}

impl HarExchange {
    /// An exchange that begins now.
    pub(super) fn new(call: Call, most_bytes: usize) -> Self {
        Self {
            call,
            date: SystemTime::now(),
            began: Instant::now(),
            head: None,
            body: Vec::new(),
            size: 0,
            chunks: Vec::new(),
            ended: Duration::ZERO,
            failure: None,
            most_bytes,
        }
    }

    /// Takes status and headers of the reply.
    pub(super) fn head(&mut self, status: u16, headers: Headers) {
        self.ended = self.began.elapsed();
        self.head = Some((self.ended, status, headers));
    }

    /// Takes what one read returned of its body. The read that passes the limit is kept whole, so that a reply
    /// refused for its length is refused again when it is replayed.
    pub(super) fn chunk(&mut self, bytes: &[u8]) {
        self.ended = self.began.elapsed();
        self.size += bytes.len();
        if self.body.len() > self.most_bytes {
            return;
        }
        self.body.extend_from_slice(bytes);
        if self.chunks.len() < MOST_CHUNKS {
            self.chunks.push(HarChunk { time: milliseconds(self.ended), size: bytes.len() });
        } else if let Some(last) = self.chunks.last_mut() {
            last.size += bytes.len();
        }
    }

    /// Takes the failure that ended it.
    pub(super) fn fail(&mut self, failure: &Failure) {
        let masker = masker(&self.call);
        let mut failure = failure.clone();
        for text in [&mut failure.what, &mut failure.why, &mut failure.hint] {
            *text = masker.mask(text).into_owned();
        }
        self.failure = Some((&failure).into());
    }

    /// Whether the reply is longer than what is kept of it.
    pub(super) fn is_cut(&self) -> bool {
        self.size > self.body.len()
    }

    /// The entry of the exchange. A reply that was not kept whole ends in a failure when it is replayed.
    pub(super) fn into_entry(self) -> HarEntry {
        let (waited, ended) = match &self.head {
            Some((waited, ..)) => (*waited, self.ended),
            None => (self.began.elapsed(), self.began.elapsed()),
        };
        let cut = self.is_cut().then(|| {
            let why = format!("--capture keeps a reply up to --max-reply ({} bytes)", self.most_bytes);
            let failure = Failure::usage("the recorded answer is cut", why);
            HarFailure::from(&failure.hint("capture it again with a larger --max-reply"))
        });
        HarEntry {
            started_date_time: iso_8601(self.date),
            time: milliseconds(ended),
            request: request(&self.call),
            cache: HarCache {},
            timings: HarTimings { send: 0.0, wait: milliseconds(waited), receive: milliseconds(ended - waited) },
            chunks: self.chunks,
            failure: cut.or(self.failure),
            response: response(self.head, self.body, self.size, &masker(&self.call)),
        }
    }
}

/// Masks the credentials of a call in what comes back.
fn masker(call: &Call) -> Masker {
    let mut masker = Masker::default();
    for header in call.headers.iter().filter(|header| header.secret) {
        masker.add_header(header.value.reveal());
    }
    masker.add_url(&call.url);
    masker
}

/// A URL without its login, and with its secret parameters replaced.
fn redacted_url(url: &str) -> String {
    display_url(url) + &masked_query(&Url::split(url), REDACTED)
}

/// A call without its credentials.
fn request(call: &Call) -> HarRequest {
    let url = redacted_url(&call.url);
    let is_type = |name: &str| name.eq_ignore_ascii_case("content-type");
    let mime_type = call.headers.iter().find(|header| is_type(&header.name));
    let mime_type = mime_type.map_or("application/json", |header| header.value.reveal());
    let post_data = call.body.as_ref().map(|body| HarPostData {
        mime_type: mime_type.to_owned(),
        text: Some(String::from_utf8_lossy(&body.to_vec()).into_owned()),
    });
    let headers = call.headers.iter().map(|header| {
        let value = if header.secret { REDACTED } else { header.value.reveal() };
        pair(&header.name, value)
    });
    let query = Url::split(&url).parameters();
    HarRequest {
        method: call.method.to_owned(),
        http_version: HTTP_VERSION,
        cookies: [],
        headers: headers.collect(),
        query_string: query.map(|parameter| pair(parameter.name, parameter.value.unwrap_or_default())).collect(),
        post_data,
        headers_size: UNKNOWN_SIZE,
        body_size: call.body.as_ref().map_or(0, |body| i64::try_from(body.len()).unwrap_or(UNKNOWN_SIZE)),
        url,
    }
}

/// A reply without its credentials; status 0 if none came.
fn response(head: Option<(Duration, u16, Headers)>, body: Vec<u8>, size: usize, masker: &Masker) -> HarResponse {
    let (_, status, headers) = head.unwrap_or_default();
    let value = |name: &str| headers.first(name).unwrap_or_default();
    let pairs = headers.0.iter().map(|(name, value)| {
        let value = if is_secret_header(name) { REDACTED.into() } else { masker.mask(value) };
        pair(name, &value)
    });
    let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    let (encoding, text) = match String::from_utf8(masker.mask_bytes(body)) {
        Ok(text) => (None, text),
        Err(binary) => (Some("base64".to_owned()), STANDARD.encode(binary.into_bytes())),
    };
    HarResponse {
        status: status.into(),
        status_text: reason.unwrap_or_default(),
        http_version: HTTP_VERSION,
        cookies: [],
        headers: pairs.collect(),
        content: HarContent {
            size: size.try_into().unwrap_or(i64::MAX),
            mime_type: masker.mask(value("content-type")).into_owned(),
            encoding,
            text: Some(text),
        },
        redirect_url: masker.mask(value("location")).into_owned(),
        headers_size: UNKNOWN_SIZE,
        body_size: UNKNOWN_SIZE,
    }
}

/// A name and a value.
fn pair(name: &str, value: &str) -> HarPair {
    HarPair { name: name.to_owned(), value: value.to_owned() }
}

/// Milliseconds to a thousandth.
fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

/// A date as ISO 8601 in UTC, to the millisecond. Source of the calendar: `civil_from_days` (Hinnant).
fn iso_8601(date: SystemTime) -> String {
    let since = date.duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = since.as_secs();
    let (days, second_of_day) = (seconds / 86_400 + 719_468, seconds % 86_400);
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (second_of_day / 3_600, second_of_day / 60 % 60, second_of_day % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", since.subsec_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_iso_8601() {
        let table = [
            (0, "1970-01-01T00:00:00.250Z"),
            (951_827_696, "2000-02-29T12:34:56.250Z"),
            (1_696_004_797, "2023-09-29T16:26:37.250Z"),
            (4_102_444_799, "2099-12-31T23:59:59.250Z"),
        ];
        for (seconds, expected) in table {
            assert_eq!(iso_8601(UNIX_EPOCH + Duration::from_secs(seconds) + Duration::from_millis(250)), expected);
        }
    }

    #[test]
    fn urls_have_no_login() {
        let table = [
            ("https://u:p@h:1/v1?api-version=1&api-key=x&y", "https://h:1/v1?api-version=1&api-key=REDACTED&y"),
            ("http://h/v1", "http://h/v1"),
            ("http://h?token=x#y", "http://h?token=REDACTED"),
        ];
        for (url, expected) in table {
            assert_eq!(redacted_url(url), expected);
        }
    }
}
