//! Tests of `retry_after.rs`.

use super::*;

/// Fri, 29 Sep 2023 16:26:37 GMT, the base of the Python client's table.
const NOW: Duration = Duration::from_secs(1_696_004_797);

fn told(headers: &[(&str, &str)]) -> Option<f64> {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    of_headers(&Headers(headers), SystemTime::UNIX_EPOCH + NOW).map(|wait| wait.as_secs_f64())
}

#[test]
fn table_of_the_python_client() {
    let rows = [
        ("20", Some(20.0)),
        ("0", None),
        ("-10", None),
        ("60", Some(60.0)),
        ("121", Some(121.0)),
        ("1.5", Some(1.5)),
        ("Fri, 29 Sep 2023 16:26:57 GMT", Some(20.0)),
        ("Fri, 29 Sep 2023 16:26:37 GMT", None),
        ("Fri, 29 Sep 2023 16:26:27 GMT", None),
        ("99999999999999999999999999999999999", None),
        ("Zun, 29 Sep 2023 16:26:27 GMT", None),
        ("nan", None),
        ("inf", None),
        ("", None),
    ];
    for (value, want) in rows {
        assert_eq!(told(&[("Retry-After", value)]), want, "{value}");
    }
}

#[test]
fn milliseconds_outrank_seconds() {
    assert_eq!(told(&[("retry-after", "20"), ("Retry-After-Ms", "1500")]), Some(1.5));
    assert_eq!(told(&[("retry-after", "20"), ("retry-after-ms", "-1")]), Some(20.0));
}

#[test]
fn waits_in_prose_are_read() {
    let rows = [
        ("please try again in 1.3s.", Some(1.3)),
        ("try again in 250ms", Some(0.25)),
        ("try again in 20 seconds", Some(20.0)),
        ("please try again in 7m12.5s. visit", Some(432.5)),
        ("please retry in 33.4s.", Some(33.4)),
        ("try again in a while", None),
        ("try again later", None),
        ("try again in 1h", Some(3600.0)),
    ];
    for (text, want) in rows {
        assert_eq!(in_prose(text).map(|wait| wait.as_secs_f64()), want, "{text}");
    }
}
