//! Proxies: whole requests, tunnels, SOCKS, and refusals.

use std::io::{Read, Write};
use std::net::TcpListener;

use super::{LIMITS, Peer, answering, read_all, read_call, send_with, told};
use crate::request::Net;

/// Everything goes through this proxy.
fn through(url: &str) -> Net {
    Net { proxy: Some(url.to_owned()), ..Net::default() }
}

/// The failure of a call to `url` through the proxy.
fn refusal(url: &str, proxy: &str) -> (u8, String, bool) {
    told(&send_with(url, through(proxy), LIMITS).err().expect("there is no reply"))
}

#[test]
fn plain_http_is_handed_to_the_proxy_whole() {
    let proxy = answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    let net = through(&format!("http://us%40er:p%20w@{}", proxy.address));
    let mut incoming = send_with("http://user:key@host.invalid:81/v1?a=b", net, LIMITS).unwrap();
    assert_eq!((incoming.status, read_all(&mut incoming, 100).0), (200, b"ok".to_vec()));
    let expected = "POST http://host.invalid:81/v1?a=b HTTP/1.1\r\nhost: host.invalid:81\r\n\
        authorization: Basic dXNlcjprZXk=\r\naccept-encoding: gzip\r\nx-test: yes\r\ncontent-length: 2\r\n\
        proxy-authorization: Basic dXNAZXI6cCB3\r\n\r\n{}";
    let sorted = |call: &str| {
        let mut lines: Vec<String> = call.lines().map(str::to_owned).collect();
        lines[1..].sort();
        lines
    };
    assert_eq!(sorted(&proxy.join()), sorted(expected));
}

#[test]
fn proxy_that_wants_a_password_is_7_without_ours() {
    let reply = "HTTP/1.1 407 Who Are You\r\nContent-Length: 0\r\n\r\n";
    for url in ["http://host.invalid/v1", "https://host.invalid/v1"] {
        let proxy = answering(reply);
        let origin = url.trim_end_matches("/v1");
        let line = format!(
            "proxy http://{} (from --proxy) does not let us through to {origin}: it wants a name and password (407): \
             put them into its URL: http://NAME:PASSWORD@HOST:PORT",
            proxy.address
        );
        assert_eq!(refusal(url, &format!("http://me:secret@{}", proxy.address)), (7, line, false), "{url}");
    }
}

#[test]
fn https_goes_through_a_tunnel_that_may_be_refused() {
    let proxy = answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    let address = proxy.address.clone();
    let line = format!(
        "proxy http://{address} (from --proxy) does not let us through to https://host.invalid: it answered 403"
    );
    assert_eq!(refusal("https://host.invalid/v1", &format!("http://me:pw@{address}")), (7, line, false));
    let expected = "CONNECT host.invalid:443 HTTP/1.1\r\nHost: host.invalid:443\r\nProxy-Connection: Keep-Alive\r\n\
        Proxy-Authorization: Basic bWU6cHc=\r\n\r\n";
    assert_eq!(proxy.join(), expected);
}

#[test]
fn proxy_that_hangs_up_is_named() {
    let proxy = Peer::new(|stream| drop(read_call(&stream)));
    let line = format!(
        "proxy http://{} (from --proxy) does not let us through to https://host.invalid: proxy server did not respond",
        proxy.address
    );
    assert_eq!(refusal("https://host.invalid/v1", &proxy.address).1, line);
    proxy.join();
}

#[test]
fn dead_proxy_is_named_with_its_setting() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for scheme in ["http", "https"] {
        let line = format!(
            "cannot reach {scheme}://host.invalid through proxy http://{address} (from --proxy): connection refused"
        );
        let told = refusal(&format!("{scheme}://host.invalid/v1"), &format!("http://me:secret@{address}"));
        assert_eq!(told, (7, line, true));
    }
}

#[test]
fn socks_proxy_resolves_the_name() {
    let proxy = Peer::new(|mut stream| {
        let mut greeting = [0; 3];
        stream.read_exact(&mut greeting).unwrap();
        stream.write_all(&[5, 0]).unwrap();
        let mut wish = [0; 19];
        stream.read_exact(&mut wish).unwrap();
        stream.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 80]).unwrap();
        read_call(&stream);
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").unwrap();
        (greeting, wish)
    });
    let mut incoming =
        send_with("http://host.invalid/v1", through(&format!("socks5h://{}", proxy.address)), LIMITS).unwrap();
    assert_eq!((incoming.status, read_all(&mut incoming, 100).0), (200, b"ok".to_vec()));
    let (greeting, wish) = proxy.join();
    assert_eq!(greeting, [5, 1, 0]);
    assert_eq!(&wish, b"\x05\x01\0\x03\x0chost.invalid\0\x50");
}
