//! Tests of `proxy.rs`.

use super::*;

/// The proxy for a URL, as messages name it.
fn routed(net: &Net, url: &str) -> Option<String> {
    proxy_for(net, &url.parse().unwrap()).unwrap().map(|proxy| proxy.shown())
}

fn environment() -> Net {
    Net {
        http_proxy: Some("http://plain:1".into()),
        https_proxy: Some("http://secure:2".into()),
        all_proxy: Some("socks5h://any:3".into()),
        ..Net::default()
    }
}

#[test]
fn each_scheme_has_its_own_proxy() {
    let mut net = environment();
    assert_eq!(routed(&net, "http://a.example/v1").as_deref(), Some("http://plain:1 (from HTTP_PROXY)"));
    assert_eq!(routed(&net, "https://a.example/v1").as_deref(), Some("http://secure:2 (from HTTPS_PROXY)"));
    net.http_proxy = None;
    net.https_proxy = Some(" ".into());
    for url in ["http://a.example/v1", "https://a.example/v1"] {
        assert_eq!(routed(&net, url).as_deref(), Some("socks5h://any:3 (from ALL_PROXY)"), "{url}");
    }
    assert_eq!(routed(&Net::default(), "https://a.example/v1"), None);
}

#[test]
fn flag_beats_the_environment_and_reaches_loopback() {
    let mut net = environment();
    net.proxy = Some("flag:8".into());
    for url in ["http://a.example", "https://a.example", "http://127.0.0.1:8080", "http://localhost"] {
        assert_eq!(routed(&net, url).as_deref(), Some("http://flag:8 (from --proxy)"), "{url}");
    }
    net.no_proxy = Some("a.example".into());
    assert_eq!(routed(&net, "http://a.example"), None);
    net.proxy = Some(String::new());
    assert_eq!(routed(&net, "http://b.example"), None);
}

#[test]
fn loopback_is_exempt_from_the_environment() {
    let loopback =
        ["http://localhost:1", "http://LOCALHOST.", "http://127.9.9.9", "http://[::1]:1", "http://[::ffff:127.0.0.1]"];
    for url in loopback {
        assert_eq!(routed(&environment(), url), None, "{url}");
    }
    // These need not be this machine: keys do not go there over plain http either.
    for url in ["http://localhost.example", "http://a.localhost", "http://0.0.0.0:8000", "http://[::]:8000"] {
        assert!(routed(&environment(), url).is_some(), "{url}");
    }
}

#[test]
fn no_proxy_table() {
    let table = [
        ("a.example", "*", true),
        ("a.example", "a.example", true),
        ("A.Example.", "a.eXample", true),
        ("x.a.example", "a.example", true),
        ("xa.example", "a.example", false),
        ("a.example", ".a.example", true),
        ("x.a.example", ".a.example", true),
        ("x.a.example", "*.a.example", true),
        ("x.a.example", "b, a.example ,c", true),
        ("x.a.example", "b a.example", true),
        ("a.example", "b.example,", false),
        ("a.example", "", false),
        ("a.example", ",,", false),
        ("a.example:8443", "a.example:8443", true),
        ("a.example:8443", "a.example:443", false),
        ("a.example", "a.example:443", true),
        ("a.example", "a.example:x", false),
        ("10.1.2.3", "10.0.0.0/8", true),
        ("11.1.2.3", "10.0.0.0/8", false),
        ("10.1.2.3", "0.0.0.0/0", true),
        ("10.1.2.3", "10.1.2.3/32", true),
        ("10.1.2.3", "10.0.0.0/33", false),
        ("10.1.2.3", "10.1.2.3", true),
        ("10.1.2.3:99", "10.1.2.3:99", true),
        ("10.1.2.3", "2.3", false),
        ("192.168.7.1", "192.168.*", true),
        ("192.169.7.1", "192.168.*", false),
        ("a.example", "10.0.0.0/8", false),
        ("[2001:db8::7]", "2001:db8::/32", true),
        ("[2001:db9::7]", "2001:db8::/32", false),
        ("[2001:db8::7]", "2001:DB8:0::7", true),
        ("[2001:db8::7]:99", "[2001:db8::7]:99", true),
        ("[2001:db8::7]:98", "[2001:db8::7]:99", false),
        ("[2001:db8::7]", "10.0.0.0/8", false),
        ("[::ffff:10.1.2.3]", "10.0.0.0/8", true),
    ];
    for (host, list, expected) in table {
        let uri = format!("https://{host}/v1").parse().unwrap();
        assert_eq!(ProxiedHost::of(&uri).is_in(list), expected, "{host} in '{list}'");
    }
}

#[test]
fn credentials_are_decoded_and_never_shown() {
    let proxy = Proxy::parse("http://us%40er:p%3Aw@h.example:3128/", "HTTPS_PROXY").unwrap();
    assert_eq!((proxy.server.username(), proxy.server.password()), (Some("us@er"), Some("p:w")));
    assert_eq!(proxy.shown(), "http://h.example:3128 (from HTTPS_PROXY)");
}

#[test]
fn bad_proxy_url_is_a_usage_error_naming_the_setting() {
    let table = [
        ("ftp://u:secret@h:1", "proxy 'h:1' (from ALL_PROXY): not a proxy URL"),
        ("http://u:secret@h:port", "proxy 'h:port' (from ALL_PROXY): bad port"),
        ("http://h:99999", "proxy 'http://h:99999' (from ALL_PROXY): bad port"),
        ("http://", "proxy 'http://' (from ALL_PROXY): not a proxy URL"),
        ("a b", "proxy 'a b' (from ALL_PROXY): not a proxy URL"),
    ];
    for (url, line) in table {
        let net = Net { all_proxy: Some(url.into()), ..Net::default() };
        let failure = proxy_for(&net, &"https://a.example".parse().unwrap()).unwrap_err();
        let hint = ": it reads like http://HOST:PORT, https://… or socks5h://…";
        assert_eq!((failure.kind.exit(), failure.line()), (2, format!("{line}{hint}")));
    }
}
