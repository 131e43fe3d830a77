//! Tests of `url.rs`.

use super::*;

#[test]
fn a_url_has_parts() {
    let url = Url::split("https://me:pw@[::1]:81/a/b@c?x=1&&y#end");
    assert_eq!((url.scheme, url.login, url.host, url.port), ("https", Some("me:pw"), "[::1]", Some("81")));
    assert_eq!((url.path, url.query), ("/a/b@c", Some("x=1&&y")));
    let parameters = [Parameter { name: "x", value: Some("1") }, Parameter { name: "y", value: None }];
    assert_eq!(url.parameters().collect::<Vec<_>>(), parameters);
}

#[test]
fn this_machine_is_loopback_and_localhost_alone() {
    for host in ["localhost", "LOCALHOST", "localhost.", "127.0.0.1", "127.1.2.3", "[::1]", "[::ffff:127.0.0.1]"] {
        assert!(Host::new(host).is_this_machine(), "{host}");
    }
    for host in [
        "0.0.0.0",
        "[::]",
        "ollama.localhost",
        "localhost.example",
        "127.0.0.1.example",
        "192.168.1.5",
        "[fe80::1]",
        "127.1",
        "",
    ] {
        assert!(!Host::new(host).is_this_machine(), "{host}");
    }
}

#[test]
fn plain_http_to_another_machine_is_exposed() {
    for (url, is_exposed) in [
        ("http://localhost:1/v1", false),
        ("http://localhost./v1", false),
        ("http://[::1]:8080", false),
        ("https://api.openai.com/v1", false),
        ("HTTP://10.0.0.1", true),
        ("http://0.0.0.0:8000/v1", true),
        ("http://ollama.localhost/v1", true),
        ("http://localhost.example/v1", true),
    ] {
        assert_eq!(Url::split(url).is_exposed(), is_exposed, "{url}");
    }
}

#[test]
fn one_host_has_many_spellings() {
    for (one, other, is_same) in [
        ("API.openai.com", "api.openai.com.", true),
        ("[::ffff:10.0.0.1]", "10.0.0.1", true),
        ("[::1]", "[0:0::1]", true),
        ("a.example", "b.example", false),
        ("", "a.example", false),
    ] {
        assert_eq!(Host::new(one) == Host::new(other), is_same, "{one} {other}");
    }
}

#[test]
fn a_shown_url_has_neither_query_nor_login() {
    for (url, shown) in [
        ("https://u:p@h:1/v1?key=x#top", "https://h:1/v1"),
        ("http://h/v1/a@b", "http://h/v1/a@b"),
        ("me:pw@proxy:3128", "proxy:3128"),
        ("nonsense", "nonsense"),
    ] {
        assert_eq!(display_url(url), shown);
    }
}

#[test]
fn percent_encoding_is_undone() {
    for text in ["plain-._~09AZ", "a b/c?d&é%", ""] {
        assert_eq!(decode(&encode(text)).as_deref(), Some(text));
    }
    assert_eq!(encode("a b/é"), "a%20b%2F%C3%A9");
    for text in ["%zz", "%3", "%", "%ff", "%+1"] {
        assert_eq!(decode(text), None, "{text}");
    }
}
