//! Tests of `secret.rs`.

use super::*;

#[test]
fn secret_debug_is_redacted() {
    assert_eq!(format!("{:?}", Secret::new("sk-x".into())), "Secret(REDACTED)");
}

#[test]
fn names_give_credentials_away() {
    for name in [
        "Authorization",
        "Proxy-Authorization",
        "api-key",
        "apikey",
        "X-Goog-Api-Key",
        "Ocp-Apim-Subscription-Key",
        "X-Auth-Token",
        "X-Auth",
        "accessToken",
        "Cookie",
        "set-cookie",
        "X-Amz-Signature",
        "sig",
        "userPwd",
        "client_secret",
    ] {
        assert!(is_credential(name) && is_secret_header(name) && is_secret_parameter(name), "{name}");
    }
    for name in ["OpenAI-Organization", "openai-project", "ChatGPT-Account-ID"] {
        assert!(!is_credential(name) && is_secret_header(name), "{name}");
    }
    for name in ["code", "authCode", "%63ode", "access%5Ftoken"] {
        assert!(is_secret_parameter(name), "{name}");
    }
    for name in ["Accept", "X-Author", "x-ratelimit-limit-tokens", "design", "encoding", "api-version", "X-Error-Code"]
    {
        assert!(!is_secret_header(name), "{name}");
    }
}

#[test]
fn secrets_in_a_url_are_masked() {
    for (url, masked) in [
        ("https://u:p@h:1/v1?key=x", "https://…@h:1/v1?key=…"),
        ("http://h/v1?api-version=1", "http://h/v1?api-version=1"),
        ("http://h/v1?key=AIza1&a=2", "http://h/v1?key=…&a=2"),
        ("http://me@h/v1?access_token=x", "http://…@h/v1?access_token=…"),
        ("http://h?%6Bey=x&sig", "http://h?%6Bey=…&sig"),
        ("me:pw@proxy:3128", "…@proxy:3128"),
        ("http://h/v1#top", "http://h/v1#top"),
        ("nonsense", "nonsense"),
    ] {
        assert_eq!(masked_url(url), masked);
    }
}

#[test]
fn every_form_of_a_secret_is_masked() {
    let mut masker = Masker::default();
    masker.add("ab\"cd\\efgh/ijklmnop");
    masker.add("short");
    masker.add_header("Bearer tok-0123456789abcdef");
    masker.add_header("session=cookie-value; other=second-value");
    masker.add_url("https://login:password@h/v1?key=query%2Fvalue&a=harmless-value");
    for (text, masked) in [
        ("", ""),
        ("short and harmless-value", "short and harmless-value"),
        ("tok-0123456789abcdef", "REDACTED"),
        ("<tok-0123456789abcdef>, again tok-0123456789abcdef", "<REDACTED>, again REDACTED"),
        ("cut: tok-01234567…", "cut: REDACTED…"),
        ("tok-01234 is another", "tok-01234 is another"),
        (r#"ab"cd\efgh/ijklmnop."#, "REDACTED."),
        (r#"{"e":"ab\"cd\\efgh/ijklmnop"}"#, r#"{"e":"REDACTED"}"#),
        (r#"{"e":"ab\"cd\\efgh\/ijklmnop"}"#, r#"{"e":"REDACTED"}"#),
        (r#"{"e":"{\"e\":\"ab\\\"cd\\\\efgh/ijklmnop\"}"}"#, r#"{"e":"{\"e\":\"REDACTED\"}"}"#),
        ("cookie-value second-value", "REDACTED REDACTED"),
        ("query%2Fvalue query/value login:password", "REDACTED REDACTED REDACTED"),
    ] {
        assert_eq!(masker.mask(text), masked, "{text}");
        assert_eq!(masker.mask_bytes(text.as_bytes().to_vec()), masked.as_bytes(), "{text}");
    }
}

#[test]
fn keys_are_known_by_their_look() {
    for word in ["sk-0123456789abcdef", "gsk_0123456789abcdefghij"] {
        assert!(looks_like_key(word) && !is_variable_name(word), "{word}");
    }
    for name in ["OPENAI_API_KEY", "_x1"] {
        assert!(is_variable_name(name), "{name}");
    }
    for name in ["1X", "A-B", "a b"] {
        assert!(!is_variable_name(name), "{name}");
    }
}
