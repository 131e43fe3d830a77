//! Scripted peers: each a thread that accepts one connection and runs a script on it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::rc::Rc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::request::{Body, Call, Header, Limits, Net, Secret, Segment};
use crate::transport::http::{Client, Incoming};

/// A peer that takes one connection.
pub(super) struct Peer<T> {
    /// `127.0.0.1:PORT`.
    pub(super) address: String,
    /// What the script returns.
    pub(super) thread: JoinHandle<T>,
}

impl<T: Send + 'static> Peer<T> {
    /// Runs `script` on the first connection.
    pub(super) fn new(script: impl FnOnce(TcpStream) -> T + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let thread = thread::spawn(move || script(listener.accept().unwrap().0));
        Self { address, thread }
    }

    /// Its base URL over plain HTTP.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What the script returned.
    pub(super) fn join(self) -> T {
        self.thread.join().unwrap()
    }
}

/// A peer that reads the call, sends `reply` at once and closes.
pub(super) fn answering(reply: impl Into<Vec<u8>>) -> Peer<String> {
    let reply = reply.into();
    Peer::new(move |mut stream| {
        let call = read_call(&stream);
        // The client may have seen enough before the end.
        let _ = stream.write_all(&reply);
        call
    })
}

/// Reads a call to its end; returns request line, headers and body as they came.
pub(super) fn read_call(stream: impl Read) -> String {
    let mut reader = BufReader::new(stream);
    let mut call = String::new();
    let mut length = 0;
    loop {
        let start = call.len();
        assert_ne!(reader.read_line(&mut call).unwrap(), 0, "the call ends in its head: {call}");
        let line = &call[start..];
        if line == "\r\n" {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    call + std::str::from_utf8(&body).unwrap()
}

/// Limits no test reaches by chance.
pub(super) const LIMITS: Limits =
    Limits { connect: Duration::from_secs(30), silence: Duration::from_secs(30), total: None, reply_bytes: 1 << 20 };

/// A POST of `body` to `url`.
pub(super) fn post(url: &str, body: &str) -> Call {
    let header = Header { name: "X-Test".into(), value: Secret::new("yes".into()), secret: false };
    let body = Body { segments: vec![Segment::Text(Rc::new(body.to_owned()))] };
    Call { method: "POST", url: url.to_owned(), headers: vec![header], body: Some(body) }
}

/// Sends a small call with `net` and `limits`.
pub(super) fn send_with(url: &str, net: Net, limits: Limits) -> Result<Incoming, Failure> {
    Client::new(net, limits, Instant::now()).send(&post(url, "{}"))
}

/// Sends a small call directly.
pub(super) fn send(url: &str) -> Result<Incoming, Failure> {
    send_with(url, Net::default(), LIMITS)
}

/// Reads to the end or the first fault, `at_once` bytes at a time.
pub(super) fn read_all(incoming: &mut Incoming, at_once: usize) -> (Vec<u8>, Option<Failure>) {
    let mut bytes = Vec::new();
    let mut buffer = vec![0; at_once];
    loop {
        match incoming.read(&mut buffer) {
            Ok(0) => return (bytes, None),
            Ok(count) => bytes.extend(&buffer[..count]),
            Err(failure) => return (bytes, Some(failure)),
        }
    }
}

/// Exit code, error line and whether another try may help.
pub(super) fn told(failure: &Failure) -> (u8, String, bool) {
    (failure.kind.exit(), failure.line(), failure.transient)
}

/// Exit code, line and transience of a call without a reply.
pub(super) fn refusal(url: &str) -> (u8, String, bool) {
    told(&send(url).err().expect("there is no reply"))
}

/// Status and body of a whole reply.
pub(super) fn whole(reply: impl Into<Vec<u8>>) -> (u16, String) {
    let peer = answering(reply);
    let mut incoming = send(&peer.url()).unwrap();
    let (body, fault) = read_all(&mut incoming, 1024);
    assert_eq!(fault.map(|fault| fault.line()), None);
    peer.join();
    (incoming.status, String::from_utf8(body).unwrap())
}

/// The body before a failure, and the failure.
pub(super) fn cut(reply: impl Into<Vec<u8>>) -> (String, (u8, String, bool)) {
    let peer = answering(reply);
    let mut incoming = send(&peer.url()).unwrap();
    let (body, fault) = read_all(&mut incoming, 1024);
    let told = told(&fault.expect("the body ends in a fault"));
    let line = told.1.replace(&peer.url(), "URL");
    (String::from_utf8(body).unwrap(), (told.0, line, told.2))
}
