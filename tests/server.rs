//! A scripted server: answers connection after connection with exact bytes, and records what it was asked.
//!
//! It knows HTTP only as far as a request must be read to its end. A test waits on gates, never on the clock;
//! an answer nobody asked for, or a request nobody expected, fails the test.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::Value;

/// Longest the server waits for the client or for a gate.
const PATIENCE: Duration = Duration::from_secs(30);

/// Makes bytes of a request.
pub type Make = Box<dyn Fn(&Request) -> Vec<u8> + Send>;

/// One thing the server does on a connection.
pub enum Step {
    /// Writes these bytes at once.
    Send(Vec<u8>),
    /// Writes what this makes of the request.
    Make(Make),
    /// Writes these bytes one by one, each in a packet of its own.
    Trickle(Vec<u8>),
    /// Writes these bytes again and again until the client has closed its end.
    Repeat(Vec<u8>),
    /// Writes these bytes once in so much time until the client has closed its end.
    Beat(Vec<u8>, Duration),
    /// Tells the test that the script has come this far.
    Tell(Sender<()>),
    /// Waits until the test opens the gate.
    Wait(Receiver<()>),
    /// Waits until the client has closed its end.
    AwaitClose,
}

/// How a connection begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    /// The request is read to its end before the first step.
    Read,
    /// The request is read but for its last byte, which stays in the socket: closing then resets the connection.
    Peek,
    /// The request is not read at all.
    Ignore,
}

/// What happens on one connection; it is closed behind the last step.
pub struct Answer {
    /// How it begins.
    start: Start,
    /// What follows.
    steps: Vec<Step>,
}

impl Answer {
    /// Reads the request, then does these steps, then closes.
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self { start: Start::Read, steps: steps.into_iter().collect() }
    }

    /// The same answer, ended by a reset instead of an orderly close.
    pub fn resetting(mut self) -> Self {
        self.start = Start::Peek;
        self
    }

    /// The same answer, given without reading the request.
    pub fn unread(mut self) -> Self {
        self.start = Start::Ignore;
        self
    }
}

impl From<Vec<u8>> for Answer {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new([Step::Send(bytes)])
    }
}

/// The test's end of a [`Step::Wait`].
pub struct Gate(Sender<()>);

impl Gate {
    /// Makes a gate and the step that waits for it.
    pub fn new() -> (Self, Step) {
        let (sender, receiver) = mpsc::channel();
        (Self(sender), Step::Wait(receiver))
    }

    /// Lets the server go on.
    pub fn open(self) {
        self.0.send(()).expect("the server waits at its gate");
    }
}

/// The test's end of a [`Step::Tell`].
pub struct Sign(Receiver<()>);

impl Sign {
    /// Makes a sign and the step that gives it.
    pub fn new() -> (Self, Step) {
        let (sender, receiver) = mpsc::channel();
        (Self(receiver), Step::Tell(sender))
    }

    /// Waits for it.
    pub fn wait(self) {
        self.0.recv_timeout(PATIENCE).expect("the server comes this far");
    }
}

/// A port that neither takes nor refuses the next connection: the queue of those that wait is full.
pub struct FullPort {
    /// Where it listens.
    address: SocketAddr,
    /// What keeps the queue full.
    _held: (TcpListener, Vec<TcpStream>),
}

impl FullPort {
    /// Fills the queue of a free loopback port.
    pub fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let mut waiting = Vec::new();
        while let Ok(stream) = TcpStream::connect_timeout(&address, Duration::from_millis(200)) {
            waiting.push(stream);
        }
        Self { address, _held: (listener, waiting) }
    }

    /// The base URL, `/v1` included.
    pub fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }
}

/// One request as it came.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The first line: method, target and version.
    pub line: String,
    /// Headers in their order, names as sent.
    pub headers: Vec<(String, String)>,
    /// The body, chunks joined.
    pub body: Vec<u8>,
}

impl Request {
    /// The first value of a header, its name compared without case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("request bodies are UTF-8")
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("request bodies are JSON")
    }

    /// The text of the last message.
    pub fn prompt(&self) -> String {
        let body = self.json();
        let last = body["messages"].as_array().and_then(|messages| messages.last()).expect("a body has messages");
        last["content"].as_str().expect("the prompt is one string").to_owned()
    }
}

/// What the server's thread and the test share.
#[derive(Default)]
struct Shared {
    /// Set before the last connection, which only wakes the thread.
    over: AtomicBool,
    /// Requests in the order they came.
    requests: Mutex<Vec<Request>>,
}

/// A server on a free loopback port.
pub struct Server {
    /// Where it listens.
    address: SocketAddr,
    /// What its thread fills.
    shared: Arc<Shared>,
    /// Its thread; ends with what went against the script.
    thread: Option<JoinHandle<Result<(), String>>>,
}

impl Server {
    /// Starts a server that gives these answers, one a connection, in this order.
    pub fn new<A: Into<Answer>>(answers: impl IntoIterator<Item = A>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        Self::on(listener, answers)
    }

    /// Starts a server on a port the test has bound.
    pub fn on<A: Into<Answer>>(listener: TcpListener, answers: impl IntoIterator<Item = A>) -> Self {
        let answers: Vec<Answer> = answers.into_iter().map(Into::into).collect();
        Self::start(listener, answers.into_iter())
    }

    /// Starts a server that gives the same answer as often as it is asked, or never.
    pub fn always(bytes: Vec<u8>) -> Self {
        Self::replying(move |_| bytes.clone())
    }

    /// Starts a server that gives the answer made of the request, as often as it is asked, or never.
    pub fn replying(make: impl Fn(&Request) -> Vec<u8> + Clone + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        Self::start(listener, std::iter::repeat_with(move || Answer::new([Step::Make(Box::new(make.clone()))])))
    }

    /// Starts the thread.
    fn start(listener: TcpListener, answers: impl Iterator<Item = Answer> + Send + 'static) -> Self {
        let address = listener.local_addr().expect("a bound socket has an address");
        let shared = Arc::new(Shared::default());
        let ours = Arc::clone(&shared);
        let thread = thread::spawn(move || serve(&listener, answers, &ours));
        Self { address, shared, thread: Some(thread) }
    }

    /// A server that no request may reach.
    pub fn untouched() -> Self {
        Self::new(Vec::<Answer>::new())
    }

    /// The base URL, `/v1` included.
    pub fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The URL without a path, as a proxy is named.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Host and port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends the script and returns every request.
    pub fn requests(mut self) -> Vec<Request> {
        self.end();
        std::mem::take(&mut *self.shared.requests.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Ends the script and returns the only request.
    pub fn request(self) -> Request {
        let mut requests = self.requests();
        assert_eq!(requests.len(), 1, "requests: {requests:#?}");
        requests.remove(0)
    }

    /// Wakes the thread for the last time and fails the test where the script was not followed.
    fn end(&mut self) {
        let Some(thread) = self.thread.take() else { return };
        self.shared.over.store(true, Ordering::SeqCst);
        // A refusal means the thread has ended already.
        let _ = TcpStream::connect(self.address);
        match thread.join() {
            Ok(Ok(())) => {}
            Ok(Err(complaint)) if !thread::panicking() => panic!("scripted server: {complaint}"),
            Err(_) if !thread::panicking() => panic!("scripted server: its thread panicked"),
            _ => {}
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

/// Serves the script; complains about answers left over and requests beyond it.
fn serve(listener: &TcpListener, mut left: impl Iterator<Item = Answer>, shared: &Shared) -> Result<(), String> {
    loop {
        let (stream, _) = listener.accept().map_err(|error| error.to_string())?;
        if shared.over.load(Ordering::SeqCst) {
            return match left.size_hint() {
                // An endless script has no upper bound.
                (0, _) | (_, None) => Ok(()),
                (count, _) => Err(format!("{count} answers were never asked for")),
            };
        }
        let number = shared.requests.lock().unwrap_or_else(PoisonError::into_inner).len() + 1;
        let answer = left.next().ok_or_else(|| format!("request {number} was not expected"))?;
        play(stream, answer, shared).map_err(|error| format!("request {number}: {error}"))?;
    }
}

/// Plays one answer on one connection.
fn play(stream: TcpStream, answer: Answer, shared: &Shared) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    let mut reader = BufReader::with_capacity(1, &stream);
    let mut request = Request::default();
    if answer.start != Start::Ignore {
        request = read_request(&mut reader, answer.start == Start::Peek)?;
        shared.requests.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
    }
    for step in answer.steps {
        match step {
            Step::Send(bytes) => send(&stream, &bytes),
            Step::Make(make) => send(&stream, &make(&request)),
            Step::Trickle(bytes) => bytes.iter().for_each(|byte| send(&stream, &[*byte])),
            Step::Repeat(bytes) => while (&stream).write_all(&bytes).is_ok() {},
            Step::Beat(bytes, pause) => {
                while (&stream).write_all(&bytes).is_ok() {
                    thread::sleep(pause)
                }
            }
            // A test that has ended needs no telling.
            Step::Tell(test) => drop(test.send(())),
            Step::Wait(gate) => {
                gate.recv_timeout(PATIENCE).map_err(|_| io::Error::other("its gate was never opened"))?;
            }
            Step::AwaitClose => await_close(&stream)?,
        }
    }
    Ok(())
}

/// Writes; a client that has left is the test's business, not the server's.
fn send(mut stream: &TcpStream, bytes: &[u8]) {
    let _ = stream.write_all(bytes);
}

/// Reads until the client closes or resets.
fn await_close(mut stream: &TcpStream) -> io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                return Err(io::Error::other("the client never closed"));
            }
            Err(_) => return Ok(()),
        }
    }
}

/// Reads one request; `keep_last` leaves the body's last byte in the socket.
fn read_request(reader: &mut BufReader<&TcpStream>, keep_last: bool) -> io::Result<Request> {
    let line = read_line(reader)?;
    let mut headers = Vec::new();
    loop {
        let header = read_line(reader)?;
        if header.is_empty() {
            break;
        }
        let (name, value) = header.split_once(':').ok_or_else(|| io::Error::other(format!("header '{header}'")))?;
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let mut request = Request { line, headers, body: Vec::new() };
    if request.header("transfer-encoding").is_some() {
        request.body = read_chunks(reader)?;
    } else if let Some(length) = request.header("content-length") {
        let length: usize = length.parse().map_err(|_| io::Error::other("content-length is no number"))?;
        request.body = vec![0; length];
        if keep_last && length > 0 {
            reader.read_exact(&mut request.body[..length - 1])?;
            reader.get_ref().peek(&mut request.body[length - 1..])?;
        } else {
            reader.read_exact(&mut request.body)?;
        }
    }
    Ok(request)
}

/// Reads a line without its end.
fn read_line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Err(io::Error::other("the client left before its request was whole"));
    }
    line.truncate(line.trim_end().len());
    Ok(line)
}

/// Reads a chunked body.
fn read_chunks(reader: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let size = usize::from_str_radix(&read_line(reader)?, 16).map_err(io::Error::other)?;
        let start = body.len();
        body.resize(start + size, 0);
        reader.read_exact(&mut body[start..])?;
        read_line(reader)?;
        if size == 0 {
            return Ok(body);
        }
    }
}
