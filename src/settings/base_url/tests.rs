//! Tests of `base_url.rs`.

use super::*;

/// The trimmed URL and the API it names.
fn parsed(text: &str) -> (String, Option<Dialect>) {
    let base = BaseUrl::parse(text, Origin::Flag("--base-url")).unwrap();
    (base.url.value, base.api)
}

#[test]
fn slashes_and_endpoints_are_trimmed_and_the_query_stays() {
    for (text, url, api) in [
        ("http://h/v1", "http://h/v1", None),
        ("http://h", "http://h", None),
        ("http://h/", "http://h", None),
        ("https://h:8443/a/b///", "https://h:8443/a/b", None),
        ("http://h/v1/?a=1&b", "http://h/v1?a=1&b", None),
        ("http://h/v1/chat/completions", "http://h/v1", Some(Dialect::Chat)),
        ("http://h/chat/completions/", "http://h", Some(Dialect::Chat)),
        ("http://h/v1/responses", "http://h/v1", Some(Dialect::Responses)),
        (
            "https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21",
            "https://r.openai.azure.com/openai/deployments/d?api-version=2024-10-21",
            Some(Dialect::Chat),
        ),
        ("http://[::1]:11434/v1", "http://[::1]:11434/v1", None),
        ("HTTP://Host_1.example./v1", "HTTP://Host_1.example./v1", None),
    ] {
        assert_eq!(parsed(text), (url.into(), api), "{text}");
    }
}

#[test]
fn bad_urls_name_their_origin_and_why() {
    for (text, why) in [
        ("localhost:8080", "no http:// or https:// before it"),
        ("api.openai.com/v1", "no http:// or https:// before it"),
        ("ftp://h/v1", "neither http nor https"),
        ("file:///etc/passwd", "neither http nor https"),
        ("http://h/a b", "it has a blank or a control character"),
        (" http://h", "neither http nor https"),
        ("http://h/\u{b}", "it has a blank or a control character"),
        ("http://", "it has no valid host"),
        ("http:///v1", "it has no valid host"),
        ("http://:80/v1", "it has no valid host"),
        ("http://h!/v1", "it has no valid host"),
        ("http://[::1/v1", "it has no valid host"),
        ("http://[nope]/v1", "it has no valid host"),
        ("http://h:0/v1", "it has no valid port"),
        ("http://h:x/v1", "it has no valid port"),
        ("http://h:/v1", "it has no valid port"),
        ("http://h:65536/v1", "it has no valid port"),
        ("http://h/v1#top", "it has a fragment (#)"),
    ] {
        let failure = BaseUrl::parse(text, Origin::Variable("OPENAI_BASE_URL".into())).unwrap_err();
        let expected = format!(
            "base URL '{}' (from OPENAI_BASE_URL): {why}: a base URL looks like http://127.0.0.1:8080/v1",
            text.replace('\u{b}', "\\u{b}")
        );
        assert_eq!(failure.line(), expected);
    }
}

#[test]
fn a_login_in_the_url_is_refused_and_not_shown() {
    let failure = BaseUrl::parse("https://me:hunter2@h/v1", Origin::Flag("--base-url")).unwrap_err();
    assert!(failure.line().starts_with("base URL 'https://…@h/v1' (from --base-url): it has a user name"));
}
