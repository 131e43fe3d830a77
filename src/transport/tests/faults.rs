//! Replies that do not come, or come from someone else.

use std::io::{Read, Write};
use std::net::TcpListener;

use super::{Peer, answering, post, read_all, read_call, refusal, send, whole};
use crate::request::{Body, Net, Segment};
use crate::transport::http::Client;

#[test]
fn refused_connection_is_7_and_transient() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let expected = (7, format!("cannot reach http://{address}: connection refused"), true);
    assert_eq!(refusal(&format!("http://{address}/v1?key=secret")), expected);
}

#[test]
fn localhost_is_found_without_the_resolver() {
    let peer = answering("HTTP/1.1 204 No Content\r\n\r\n");
    let port = peer.address.rsplit(':').next().unwrap().to_owned();
    assert_eq!(send(&format!("http://localhost:{port}")).unwrap().status, 204);
}

#[test]
fn unknown_name_is_7() {
    let (exit, line, _) = refusal("http://user:secret@host.invalid/v1");
    let expected = "cannot reach http://host.invalid: cannot resolve 'host.invalid': ";
    assert_eq!((exit, &line[..expected.len()]), (7, expected));
}

#[test]
fn url_that_is_none_is_a_usage_error() {
    for url in ["ftp://host/v1", "http://", "host/v1", "http://ho st/v1", ""] {
        assert_eq!(refusal(url).0, 2, "{url}");
    }
}

#[test]
fn header_that_cannot_be_sent_is_a_usage_error_without_its_value() {
    let mut call = post("http://127.0.0.1:1", "{}");
    call.headers[0].value = crate::request::Secret::new("two\nlines".into());
    let failure = Client::new(Net::default(), super::LIMITS, std::time::Instant::now()).send(&call).err().unwrap();
    let expected = "cannot send header 'X-Test': control characters";
    assert_eq!((failure.kind.exit(), failure.line()), (2, expected.to_owned()));
    call.headers[0].value = crate::request::Secret::new("x".repeat(20_000));
    let failure = Client::new(Net::default(), super::LIMITS, std::time::Instant::now()).send(&call).err().unwrap();
    assert_eq!(failure.kind.exit(), 2);
}

#[test]
fn close_without_a_reply_is_transient_at_every_byte_of_the_head() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";
    for end in 0..head.len() {
        let peer = answering(&head[..end]);
        let line = format!("no answer from {}: the connection was closed without a reply", peer.url());
        assert_eq!(refusal(&peer.url()), (7, line, true), "after {end} bytes");
    }
}

#[test]
fn reset_without_a_reply_is_transient() {
    // Closing with the call unread makes the system send a reset.
    let peer = Peer::new(|mut stream| stream.read_exact(&mut [0]).unwrap());
    let line = format!("no answer from {}: connection reset by peer", peer.url());
    assert_eq!(refusal(&peer.url()), (7, line, true));
}

#[test]
fn someone_elses_reply_is_7() {
    for reply in ["SSH-2.0-OpenSSH_9.6\r\n\r\n", "220 mail.example ESMTP\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\0\r\n\r\n"] {
        let peer = answering(reply);
        let start = format!("cannot understand {}: its reply is not HTTP (", peer.url());
        let (exit, line, transient) = refusal(&peer.url());
        assert_eq!((exit, &line[..start.len()], transient), (7, start.as_str(), false), "{reply:?}");
    }
}

#[test]
fn head_without_end_is_5_and_bounded() {
    for filler in ["x", "x: y\r\n"] {
        let peer = Peer::new(move |mut stream| {
            read_call(&stream);
            stream.write_all(b"HTTP/1.1 200 OK\r\nX: ").unwrap();
            while stream.write_all(filler.repeat(1000).as_bytes()).is_ok() {}
        });
        let (exit, line, transient) = refusal(&peer.url());
        assert_eq!((exit, transient), (5, false), "{line}");
        peer.join();
    }
}

#[test]
fn long_head_within_64_kib_is_read() {
    let reply = format!("HTTP/1.1 200 OK\r\nX: {}\r\nContent-Length: 2\r\n\r\nok", "x".repeat(64_000));
    assert_eq!(whole(reply), (200, "ok".into()));
    let reply = format!("HTTP/1.1 200 OK\r\nX: {}\r\nContent-Length: 2\r\n\r\nok", "x".repeat(66_000));
    let peer = answering(reply);
    let line = format!("cannot understand {}: its reply has more than 64 KiB of headers", peer.url());
    assert_eq!(refusal(&peer.url()), (5, line, false));
}

#[test]
fn contradictory_lengths_are_7() {
    let peer = answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok!");
    assert_eq!(refusal(&peer.url()).0, 7);
}

#[test]
fn informational_replies_are_passed_over() {
    let reply = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n\
        HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    assert_eq!(whole(reply), (200, "ok".into()));
}

#[test]
fn redirect_is_a_reply() {
    let peer = answering("HTTP/1.1 302 Found\r\nLocation: http://elsewhere.example/\r\nContent-Length: 2\r\n\r\nno");
    let incoming = send(&peer.url()).unwrap();
    assert_eq!((incoming.status, incoming.headers.first("Location")), (302, Some("http://elsewhere.example/")));
    assert_eq!(incoming.read_bounded(100), b"no");
}

#[test]
fn error_body_is_bounded_and_kept_when_cut() {
    let peer = answering("HTTP/1.1 500 Oops\r\nContent-Length: 100\r\n\r\nsorry");
    assert_eq!(send(&peer.url()).unwrap().read_bounded(100), b"sorry");
    let peer = answering("HTTP/1.1 500 Oops\r\nContent-Length: 5\r\n\r\nsorry");
    assert_eq!(send(&peer.url()).unwrap().read_bounded(3), b"sor");
}

#[test]
fn call_is_sent_as_it_is() {
    let peer = answering("HTTP/1.1 204 No Content\r\n\r\n");
    send(&format!("{}/v1/chat?version=1", peer.url())).unwrap();
    let address = peer.address.clone();
    let call = format!(
        "POST /v1/chat?version=1 HTTP/1.1\r\naccept-encoding: gzip\r\nhost: {address}\r\nx-test: yes\r\n\
         content-length: 2\r\n\r\n{{}}"
    );
    assert_eq!(peer.join(), call);
}

#[test]
fn get_has_no_body() {
    let peer = answering("HTTP/1.1 204 No Content\r\n\r\n");
    let mut call = post(&peer.url(), "");
    (call.method, call.body, call.headers) = ("GET", None, Vec::new());
    Client::new(Net::default(), super::LIMITS, std::time::Instant::now()).send(&call).unwrap();
    let expected = format!("GET / HTTP/1.1\r\naccept-encoding: gzip\r\nhost: {}\r\n\r\n", peer.address);
    assert_eq!(peer.join(), expected);
}

#[test]
fn answer_to_an_upload_that_was_not_read_is_heard() {
    let peer = Peer::new(|mut stream| {
        stream.read_exact(&mut [0; 100]).unwrap();
        stream.write_all(b"HTTP/1.1 413 Too Large\r\nContent-Length: 9\r\n\r\ntoo large").unwrap();
    });
    let mut call = post(&peer.url(), "");
    call.body = Some(Body { segments: vec![Segment::Bytes(vec![b' '; 20 << 20])] });
    let mut incoming = Client::new(Net::default(), super::LIMITS, std::time::Instant::now()).send(&call).unwrap();
    assert_eq!(incoming.status, 413);
    assert_eq!(read_all(&mut incoming, 100).0, b"too large");
    peer.join();
}
