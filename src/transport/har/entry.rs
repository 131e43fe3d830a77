//! One exchange as it goes on, and the entry of a HAR file it becomes: everything is told but logins and keys.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde::Serialize;
use ureq::http::StatusCode;

use super::shape::{Chunk, Content, Empty, Entry, Pair, Posted, Received, Request, Response, Sent, Timings, Told};
use super::spool::Spool;
use super::{REDACTED, is_secret_parameter, split_query};
use crate::failure::Failure;
use crate::request::Call;
use crate::response::Headers;

/// Reply headers that hold a login or tell who asked; those of a call are marked in it.
const SECRET_HEADERS: &[&str] =
    &["authorization", "set-cookie", "openai-organization", "openai-project", "chatgpt-account-id"];
/// Shorter values are no keys, and may stand anywhere.
const LEAST_SECRET_BYTES: usize = 8;
/// A size HAR does not want to know.
const UNKNOWN: i64 = -1;

/// One exchange as far as it has come.
pub(super) struct Exchange {
    /// What is asked.
    call: Call,
    /// When, by the calendar.
    date: SystemTime,
    /// When, by the clock all times below count from.
    began: Instant,
    /// When the head of the reply came, its status and headers.
    head: Option<(Duration, u16, Headers)>,
    /// When how many bytes of its body came.
    chunks: Vec<(Duration, usize)>,
    /// How it failed on our side.
    failure: Option<Failure>,
}

impl Exchange {
    /// An exchange that begins now.
    pub(super) fn new(call: Call) -> Self {
        Self { call, date: SystemTime::now(), began: Instant::now(), head: None, chunks: Vec::new(), failure: None }
    }

    /// Takes the head of the reply.
    pub(super) fn head(&mut self, status: u16, headers: Headers) {
        self.head = Some((self.began.elapsed(), status, headers));
    }

    /// Takes a stretch of its body.
    pub(super) fn chunk(&mut self, size: usize) {
        self.chunks.push((self.began.elapsed(), size));
    }

    /// Takes the fault that ended it.
    pub(super) fn fault(&mut self, failure: Failure) {
        self.failure = Some(failure);
    }

    /// The entry, with the body that is in `spool`.
    pub(super) fn entry<'a>(&'a self, spool: &'a Spool) -> impl Serialize + 'a {
        let secrets = secrets(&self.call);
        let waited = self.head.as_ref().map_or_else(|| self.began.elapsed(), |(waited, ..)| *waited);
        let ended = self.chunks.last().map_or(waited, |(at, _)| *at);
        let url = redacted_url(&self.call.url);
        Entry {
            started_date_time: iso_8601(self.date),
            time: milliseconds(ended),
            request: self.request(&url),
            response: self.response(spool, secrets),
            cache: Empty {},
            timings: Timings { send: 0.0, wait: milliseconds(waited), receive: milliseconds(ended - waited) },
            chunks: self.chunks.iter().map(|(at, size)| Chunk { time: milliseconds(*at), size: *size }).collect(),
            failure: self.failure.as_ref().map(Told::of),
        }
    }

    /// The type of the call's body.
    fn mime_type(&self) -> &str {
        let header = self.call.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-type"));
        header.map_or("application/json", |header| header.value.reveal())
    }

    /// The call, without its logins.
    fn request(&self, url: &str) -> Request<'_> {
        let headers = self.call.headers.iter().map(|header| {
            let value = if header.secret { REDACTED } else { header.value.reveal() };
            Pair { name: header.name.clone(), value: value.to_owned() }
        });
        let pair = |(name, value): (&str, &str)| Pair { name: name.to_owned(), value: value.to_owned() };
        Request {
            method: self.call.method,
            url: url.to_owned(),
            http_version: "HTTP/1.1",
            cookies: [],
            headers: headers.collect(),
            query_string: split_query(url).1.into_iter().map(pair).collect(),
            post_data: self.call.body.as_ref().map(|body| Posted { mime_type: self.mime_type(), text: Sent(body) }),
            headers_size: UNKNOWN,
            body_size: self.call.body.as_ref().map_or(0, |body| i64::try_from(body.len()).unwrap_or(UNKNOWN)),
        }
    }

    /// The reply; where none came, what HAR readers know as one: status 0.
    fn response<'a>(&'a self, spool: &'a Spool, secrets: Vec<String>) -> Response<'a> {
        let (status, headers) = self.head.as_ref().map_or((0, None), |(_, status, headers)| (*status, Some(headers)));
        let value = |name: &str| headers.and_then(|headers| headers.first(name)).unwrap_or_default();
        let pairs = headers.into_iter().flat_map(|headers| &headers.0).map(|(name, value)| {
            let is_secret = SECRET_HEADERS.iter().any(|secret| secret.eq_ignore_ascii_case(name));
            let value = if is_secret { REDACTED.to_owned() } else { redacted(value, &secrets) };
            Pair { name: name.clone(), value }
        });
        let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
        Response {
            status,
            status_text: reason.unwrap_or_default(),
            http_version: "HTTP/1.1",
            cookies: [],
            headers: pairs.collect(),
            redirect_url: redacted(value("location"), &secrets),
            headers_size: UNKNOWN,
            body_size: UNKNOWN,
            content: Content {
                size: spool.length,
                mime_type: value("content-type").to_owned(),
                encoding: (!spool.is_text()).then_some("base64"),
                text: Received { spool, secrets },
            },
        }
    }
}

/// The logins of a call, as servers may repeat them: without `Bearer`.
fn secrets(call: &Call) -> Vec<String> {
    let secret = call.headers.iter().filter(|header| header.secret).map(|header| header.value.reveal());
    let bare = secret.map(|value| value.rsplit(' ').next().unwrap_or_default());
    bare.filter(|value| value.len() >= LEAST_SECRET_BYTES).map(str::to_owned).collect()
}

/// Text with every secret replaced.
fn redacted(text: &str, secrets: &[String]) -> String {
    secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, REDACTED))
}

/// A URL without credentials, keys in its query replaced.
fn redacted_url(url: &str) -> String {
    let (base, pairs) = split_query(url);
    let base = match base.split_once("://") {
        Some((scheme, rest)) => {
            let host_end = rest.find('/').unwrap_or(rest.len());
            let host_start = rest[..host_end].rfind('@').map_or(0, |at| at + 1);
            format!("{scheme}://{}", &rest[host_start..])
        }
        None => base.to_owned(),
    };
    let query = pairs.into_iter().map(|(name, value)| {
        let value = if is_secret_parameter(name) { REDACTED } else { value };
        if value.is_empty() { name.to_owned() } else { format!("{name}={value}") }
    });
    let query = query.collect::<Vec<_>>().join("&");
    if query.is_empty() { base } else { format!("{base}?{query}") }
}

/// Milliseconds to a thousandth.
fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

/// A date as ISO 8601 in UTC, to the millisecond. The calendar is Hinnant's `civil_from_days`.
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
    fn urls_tell_no_login() {
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
