//! Proxies and certificates: which requests take the way through a proxy, and what a proxy that refuses looks like.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::replies::{chat, reply};
use crate::server::Server;
use crate::util::Run;

/// A run that asks a server which only a proxy can reach.
fn beyond(url: &str) -> Run {
    Run::new(["-b", url, "-m", "m", "--no-key", "--retries", "0", "hi"])
}

#[test]
fn http_goes_through_the_proxy_of_its_scheme() {
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        let proxy = Server::new([chat("x")]);
        let run = beyond("http://192.0.2.1/v1").env(name, proxy.origin()).env("HTTPS_PROXY", "http://127.0.0.1:1");
        let request = run.beside(proxy).gives("x\n").request();
        assert_eq!(request.line, "POST http://192.0.2.1/v1/chat/completions HTTP/1.1", "{name}");
    }
}

#[test]
fn https_asks_the_proxy_for_a_tunnel() {
    let proxy = Server::new([reply(403, &[], "not for you")]);
    let run = beyond("https://h.example/v1").env("HTTPS_PROXY", proxy.origin());
    let request = run
        .beside(proxy)
        .fails(
            7,
            "proxy http://SERVER (from HTTPS_PROXY) does not let us through to https://h.example: it answered 403",
        )
        .request();
    assert_eq!(request.line, "CONNECT h.example:443 HTTP/1.1");
}

#[test]
fn loopback_is_exempt() {
    let run = Run::asking(chat("x"))
        .args(["hi"])
        .env("HTTP_PROXY", "http://127.0.0.1:1")
        .env("ALL_PROXY", "http://127.0.0.1:1");
    run.gives("x\n");
}

#[test]
fn credentials_of_the_proxy_go_to_the_proxy_alone() {
    let proxy = Server::new([chat("x")]);
    let url = proxy.origin().replace("http://", "http://ada:p%40ss@");
    let request = beyond("http://192.0.2.1/v1").args(["--proxy", &url]).beside(proxy).gives("x\n").request();
    let basic = format!("Basic {}", STANDARD.encode("ada:p@ss"));
    assert_eq!(request.header("proxy-authorization"), Some(basic.as_str()));
    assert_eq!(request.header("authorization"), None);
}

#[test]
fn proxy_that_does_not_answer_exits_7_naming_it() {
    beyond("http://192.0.2.1/v1").env("HTTP_PROXY", "http://127.0.0.1:1").fails(7, "cannot reach http://192.0.2.1 through proxy http://SERVER (from HTTP_PROXY): connection refused: is the proxy running?");
}

#[test]
fn proxy_that_wants_a_login_exits_7() {
    let proxy = Server::new([reply(407, &["Proxy-Authenticate: Basic"], "")]);
    beyond("https://h.example/v1").env("HTTPS_PROXY", proxy.origin()).beside(proxy).fails(7, "proxy http://SERVER (from HTTPS_PROXY) does not let us through to https://h.example: it wants a name and password (407): put them into its URL: http://NAME:PASSWORD@HOST:PORT");
}

#[test]
fn bad_proxy_url_exits_2() {
    beyond("http://192.0.2.1/v1").args(["--proxy", "not a url"]).fails(
        2,
        "proxy 'not a url' (from --proxy): not a proxy URL: it reads like http://HOST:PORT, https://… or socks5h://…",
    );
}

#[test]
fn missing_certificate_file_exits_2() {
    beyond("https://127.0.0.1:1/v1")
        .args(["--cacert", "gone.pem"])
        .fails(2, "cannot use 'gone.pem' (from --cacert): no such file or directory");
}

#[test]
fn certificate_file_without_a_certificate_exits_2() {
    beyond("https://127.0.0.1:1/v1")
        .args(["--cacert", "ca.pem"])
        .file("ca.pem", "no certificate\n")
        .fails(2, "cannot use 'ca.pem' (from --cacert): there is no PEM certificate in it");
}
