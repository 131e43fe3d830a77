//! Time limits: each stage of silence, each limit, and how long it really took.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::{LIMITS, Peer, post, read_all, read_call, send_with, told};
use crate::failure::Failure;
use crate::request::{Limits, Net};
use crate::transport::http::Client;

/// Short enough for a test, long enough for a busy machine to answer within.
const SHORT: Duration = Duration::from_millis(200);
/// A reply that goes on.
const OPEN: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

/// A peer that reads the call, sends `start` and then keeps still until the client leaves.
fn falling_silent(start: &'static str) -> Peer<()> {
    Peer::new(move |mut stream| {
        read_call(&stream);
        stream.write_all(start.as_bytes()).unwrap();
        wait_for_close(stream);
    })
}

/// Waits until the client has left.
fn wait_for_close(mut stream: TcpStream) {
    let _ = std::io::copy(&mut stream, &mut std::io::sink());
}

/// Sends and reads under `limits`; returns what came, the fault, and checks that it took about [`SHORT`].
fn fault_after_short(url: &str, limits: Limits) -> (Vec<u8>, Failure) {
    let began = Instant::now();
    let (body, fault) = match send_with(url, Net::default(), limits) {
        Ok(mut incoming) => read_all(&mut incoming, 1024),
        Err(failure) => (Vec::new(), Some(failure)),
    };
    let took = began.elapsed();
    assert!(SHORT <= took && took < SHORT * 10, "took {took:?}");
    (body, fault.expect("a limit is reached"))
}

#[test]
fn silence_is_7_at_every_stage_and_not_transient() {
    let limits = Limits { silence: SHORT, ..LIMITS };
    let stages = [("", ""), ("HTTP/1.1 200 OK\r\nX", ""), (OPEN, ""), ("HTTP/1.1 200 OK\r\n\r\nhello", "hello")];
    for (start, expected) in stages {
        let peer = falling_silent(start);
        let (body, fault) = fault_after_short(&peer.url(), limits);
        let line = format!("no answer from {}: silent for 0.2 s: --timeout sets the limit", peer.url());
        assert_eq!((told(&fault), body.as_slice()), ((7, line, false), expected.as_bytes()), "{start:?}");
        peer.join();
    }
}

#[test]
fn peer_that_does_not_read_is_silent() {
    let peer = Peer::new(|mut stream| {
        stream.read_exact(&mut [0]).unwrap();
        stream
    });
    let call = post(&peer.url(), &"x".repeat(50 << 20));
    let limits = Limits { silence: SHORT, ..LIMITS };
    let failure = Client::new(Net::default(), limits, Instant::now()).send(&call).err().unwrap();
    let line = format!("no answer from {}: silent for 0.2 s: --timeout sets the limit", peer.url());
    assert_eq!(told(&failure), (7, line, false));
    peer.join();
}

#[test]
fn max_time_is_7_at_every_stage_and_not_transient() {
    let limits = Limits { total: Some(SHORT), ..LIMITS };
    for start in ["", OPEN] {
        let peer = falling_silent(start);
        let (_, fault) = fault_after_short(&peer.url(), limits);
        let line = format!("no whole answer from {}: --max-time of 0.2 s is over", peer.url());
        assert_eq!(told(&fault), (7, line, false), "{start:?}");
        peer.join();
    }
}

#[test]
fn max_time_ends_a_body_without_end() {
    let peer = Peer::new(|mut stream| {
        read_call(&stream);
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        while stream.write_all(&[b'x'; 1000]).is_ok() {}
    });
    let (body, fault) = fault_after_short(&peer.url(), Limits { total: Some(SHORT), ..LIMITS });
    let line = format!("no whole answer from {}: --max-time of 0.2 s is over", peer.url());
    assert_eq!((told(&fault), body.is_empty()), ((7, line, false), false));
    peer.join();
}

#[test]
fn max_time_counts_from_the_start_of_the_run() {
    let started = Instant::now() - Duration::from_secs(5);
    let limits = Limits { total: Some(Duration::from_secs(5)), ..LIMITS };
    let failure = Client::new(Net::default(), limits, started).send(&post("http://127.0.0.1:1", "")).err().unwrap();
    assert_eq!(failure.line(), "no whole answer from http://127.0.0.1:1: --max-time of 5 s is over");
}

#[test]
fn peer_silent_in_the_handshake_reaches_the_connect_limit() {
    let peer = Peer::new(wait_for_close);
    let url = format!("https://{}", peer.address);
    let (_, fault) = fault_after_short(&url, Limits { connect: SHORT, ..LIMITS });
    let line = format!("cannot reach {url}: no connection within 0.2 s: --connect-timeout sets the limit");
    assert_eq!(told(&fault), (7, line, true));
    peer.join();
}

#[test]
fn endless_limits_are_as_good_as_none() {
    let longest = Duration::MAX;
    let limits = Limits { connect: longest, silence: longest, total: Some(longest), ..LIMITS };
    let peer = super::answering("HTTP/1.1 204 No Content\r\n\r\n");
    assert_eq!(send_with(&peer.url(), Net::default(), limits).unwrap().status, 204);
}
