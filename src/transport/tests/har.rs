//! What is recorded of an exchange, and that the recording answers as the network did.

use std::fs;
use std::io::{Read, Write};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};

use super::{LIMITS, Peer, answering, post, read_all, read_call, told};
use crate::request::{Call, Header, Net, Secret};
use crate::response::Headers;
use crate::transport::har::{HarFiles, Pace};
use crate::transport::http::Client;

/// The path of a file in a folder.
fn file(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).to_str().unwrap().to_owned()
}

/// The names of everything in a folder.
fn names(folder: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// Begins a capture.
fn capturing(path: &str) -> HarFiles {
    HarFiles::open(Some(path), None, Pace::Instant, LIMITS.reply_bytes).unwrap()
}

/// Opens a recording.
fn replaying(path: &str, pace: Pace) -> Result<HarFiles, (u8, String)> {
    let opened = HarFiles::open(None, Some(path), pace, LIMITS.reply_bytes);
    opened.map_err(|failure| (failure.kind.exit(), failure.line()))
}

/// Ends a capture and puts it in its place; returns its notice.
fn save(capture: HarFiles) -> Option<String> {
    let mut capture = capture.close().unwrap().unwrap();
    let mut text = String::new();
    capture.text.read_to_string(&mut text).unwrap();
    fs::write(&capture.path, text).unwrap();
    capture.notice
}

/// Everything one exchange gives: status and headers, the reads, the failure.
type Outcome = (Option<(u16, Vec<(String, String)>)>, Vec<Vec<u8>>, Option<(u8, String, bool)>);

/// Sends calls one after another over `har`.
fn exchange(calls: &[Call], har: HarFiles) -> Vec<Outcome> {
    let mut client = Client::new(Net::default(), LIMITS, Instant::now()).with_har(har);
    let mut outcome = |call: &Call| {
        let mut incoming = match client.send(call) {
            Ok(incoming) => incoming,
            Err(failure) => return (None, Vec::new(), Some(told(&failure))),
        };
        let head = (incoming.status, incoming.headers.0.clone());
        let mut reads = Vec::new();
        let mut buffer = [0; 100];
        loop {
            match incoming.read(&mut buffer) {
                Ok(0) => return (Some(head), reads, None),
                Ok(count) => reads.push(buffer[..count].to_vec()),
                Err(failure) => return (Some(head), reads, Some(told(&failure))),
            }
        }
    };
    calls.iter().map(&mut outcome).collect()
}

/// Records calls into a file and returns what they gave.
fn record(calls: &[Call], path: &str) -> Vec<Outcome> {
    let har = capturing(path);
    let outcomes = exchange(calls, har.clone());
    save(har);
    outcomes
}

/// What the recording at `path` gives.
fn replay(calls: &[Call], path: &str) -> Vec<Outcome> {
    exchange(calls, replaying(path, Pace::Instant).unwrap())
}

/// The failure of a call that is not answered.
fn refusal(call: &Call, path: &str) -> (u8, String, bool) {
    replay(std::slice::from_ref(call), path).remove(0).2.unwrap()
}

/// Headers without those of the journey.
fn at_rest(mut outcome: Outcome) -> Outcome {
    if let Some((_, headers)) = &mut outcome.0 {
        headers.retain(|(name, _)| !["content-length", "transfer-encoding"].contains(&name.as_str()));
    }
    outcome
}

/// A call with a key in every place one can be.
fn keyed(url: &str) -> Call {
    let mut call = post(&format!("{url}/v1/x?api-version=2&api-key=sk-marked-query"), "{\"a\":\"\u{e9}\\n\"}");
    let header = |name: &str, value: &str| Header { name: name.into(), value: Secret::new(value.into()), secret: true };
    call.headers.push(header("Authorization", "Bearer sk-marked-bearer"));
    call.headers.push(header("OpenAI-Organization", "org-marked"));
    call
}

#[test]
fn entry_has_the_exchange_and_no_key() {
    let folder = tempdir().unwrap();
    let path = file(&folder, "x.har");
    let peer = answering(
        "HTTP/1.1 302 Found\r\nContent-Type: text/plain\r\nSet-Cookie: sk-marked-cookie\r\nLocation: /sk-marked-bearer\r\n\
         Content-Length: 27\r\n\r\nyour key: sk-marked-bearer\n",
    );
    record(&[keyed(&peer.url())], &path);
    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains("marked"), "{text}");
    let mut har: Value = serde_json::from_str(&text).unwrap();
    let entry = &mut har["log"]["entries"][0];
    let chunk = entry["_chunks"].take();
    assert_eq!((chunk[0]["size"].as_u64(), chunk.as_array().map(Vec::len)), (Some(27), Some(1)));
    for (object, name) in [("timings", "wait"), ("timings", "receive")] {
        assert!(entry[object][name].take().as_f64().unwrap() >= 0.0);
    }
    assert!(entry["time"].take().as_f64().unwrap() > 0.0);
    assert_eq!(entry["startedDateTime"].take().as_str().unwrap().len(), "2026-01-01T00:00:00.000Z".len());
    let expected = json!({"log": {
        "version": "1.2",
        "creator": {"name": "lmpipe", "version": env!("CARGO_PKG_VERSION")},
        "entries": [{
            "startedDateTime": null,
            "time": null,
            "request": {
                "method": "POST",
                "url": format!("{}/v1/x?api-version=2&api-key=REDACTED", peer.url()),
                "httpVersion": "HTTP/1.1",
                "cookies": [],
                "headers": [
                    {"name": "X-Test", "value": "yes"},
                    {"name": "Authorization", "value": "REDACTED"},
                    {"name": "OpenAI-Organization", "value": "REDACTED"},
                ],
                "queryString": [
                    {"name": "api-version", "value": "2"},
                    {"name": "api-key", "value": "REDACTED"},
                ],
                "postData": {"mimeType": "application/json", "text": "{\"a\":\"\u{e9}\\n\"}"},
                "headersSize": -1,
                "bodySize": 12,
            },
            "response": {
                "status": 302,
                "statusText": "Found",
                "httpVersion": "HTTP/1.1",
                "cookies": [],
                "headers": [
                    {"name": "content-type", "value": "text/plain"},
                    {"name": "set-cookie", "value": "REDACTED"},
                    {"name": "location", "value": "/REDACTED"},
                    {"name": "content-length", "value": "27"},
                ],
                "content": {"size": 27, "mimeType": "text/plain", "text": "your key: REDACTED\n"},
                "redirectURL": "/REDACTED",
                "headersSize": -1,
                "bodySize": -1,
            },
            "cache": {},
            "timings": {"send": 0.0, "wait": null, "receive": null},
            "_chunks": null,
        }],
    }});
    assert_eq!(har, expected);
}

#[test]
fn recording_answers_as_the_network_did() {
    let folder = tempdir().unwrap();
    let path = file(&folder, "x.har");
    let (gate, opened) = std::sync::mpsc::channel::<()>();
    let streaming = Peer::new(move |mut stream| {
        read_call(&stream);
        stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n\xc3\xa9\r\n").unwrap();
        opened.recv().unwrap();
        stream.write_all(b"1\r\nb\r\n").unwrap();
    });
    let binary = answering(b"HTTP/1.1 429 Slow Down\r\nRetry-After: 1\r\nContent-Length: 3\r\n\r\n\xff\0\x1b".to_vec());
    let dead = answering("");
    let calls = [post(&streaming.url(), "{}"), post(&binary.url(), "{}"), post(&dead.url(), "{}")];
    let har = capturing(&path);
    let mut client = Client::new(Net::default(), LIMITS, Instant::now()).with_har(har.clone());
    let mut incoming = client.send(&calls[0]).unwrap();
    let mut buffer = [0; 100];
    let count = incoming.read(&mut buffer).unwrap();
    let mut reads = vec![buffer[..count].to_vec()];
    gate.send(()).unwrap();
    let count = incoming.read(&mut buffer).unwrap();
    reads.push(buffer[..count].to_vec());
    let fault = told(&incoming.read(&mut buffer).unwrap_err());
    let mut recorded = vec![(Some((200, Vec::new())), reads, Some(fault))];
    drop(incoming);
    recorded.extend(exchange(&calls[1..], har.clone()).into_iter().map(at_rest));
    save(har);
    assert_eq!(replay(&calls, &path), recorded);
    assert_eq!(recorded[0].1, [&b"\xc3\xa9"[..], &b"b"[..]]);
    assert_eq!(recorded[1].0, Some((429, vec![("retry-after".to_owned(), "1".to_owned())])));
}

#[test]
fn file_is_there_only_when_it_is_whole() {
    let folder = tempdir().unwrap();
    let path = file(&folder, "x.har");
    let har = capturing(&path);
    // What has no name until then cannot be left behind.
    #[cfg(unix)]
    assert_eq!(names(&folder), Vec::<String>::new());
    save(har.clone());
    drop(har);
    assert_eq!(names(&folder), ["x.har"]);
    fs::write(&path, "old").unwrap();
    drop(capturing(&path));
    assert_eq!((names(&folder), fs::read_to_string(&path).unwrap()), (vec!["x.har".into()], "old".into()));
}

#[test]
fn reply_beyond_the_limit_is_kept_up_to_it_and_said() {
    let folder = tempdir().unwrap();
    let path = file(&folder, "x.har");
    let call = post("http://h/v1", "{}");
    let capture = HarFiles::open(Some(&path), None, Pace::Instant, 4).unwrap();
    capture.begin(&call);
    capture.head(200, &Headers(Vec::new()));
    ["abc", "def", "ghi", "jkl"].iter().for_each(|read| capture.chunk(read.as_bytes()));
    let notice = save(capture).unwrap();
    let end = "does not hold the whole reply: --capture keeps 4 bytes of one (--max-reply)";
    assert_eq!(notice, format!("'{path}' {end}"));
    let (head, reads, failure) = replay(&[call], &path).remove(0);
    assert_eq!((head, reads), (Some((200, Vec::new())), vec![b"abc".to_vec(), b"def".to_vec()]));
    let line = "the recorded answer is cut: --capture keeps a reply up to --max-reply (4 bytes): \
        capture it again with a larger --max-reply";
    assert_eq!(failure, Some((2, line.to_owned(), false)));
    let har: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(har["log"]["entries"][0]["response"]["content"]["size"], 12);
}

#[test]
fn reply_of_just_over_the_limit_is_whole() {
    let folder = tempdir().unwrap();
    let path = file(&folder, "x.har");
    let capture = HarFiles::open(Some(&path), None, Pace::Instant, 4).unwrap();
    let call = post("http://h/v1", "{}");
    capture.begin(&call);
    capture.head(200, &Headers(Vec::new()));
    ["abcd", "ef"].iter().for_each(|read| capture.chunk(read.as_bytes()));
    // What reads the reply refuses it at this length, and does so again when it is replayed.
    assert_eq!(save(capture), None);
    assert_eq!(replay(&[call], &path).remove(0).1, [b"abcd", &b"ef"[..]]);
}

#[test]
fn file_that_cannot_be_written_is_1() {
    let folder = tempdir().unwrap();
    let path = file(&folder, "none/x.har");
    let failure = HarFiles::open(Some(&path), None, Pace::Instant, 1).err().unwrap();
    let line = format!("cannot write '{path}' (from --capture): no such file or directory");
    assert_eq!((failure.kind.exit(), failure.line()), (1, line));
}

#[test]
fn miss_is_2_and_names_the_field() {
    let folder = tempdir().unwrap();
    let path = file(&folder, "x.har");
    let peer = answering("HTTP/1.1 204 No Content\r\n\r\n");
    let call = |path: &str, body: &str| post(&format!("http://elsewhere.invalid{path}"), body);
    record(&[post(&format!("{}/v1/chat", peer.url()), r#"{"model":"m","n":1}"#)], &path);
    let told = |why: &str| (2, format!("no exchange in '{path}' answers this call: {why}"), false);
    let miss = |call: Call| refusal(&call, &path);
    assert_eq!(miss(call("/v1/chat", r#"{"n":2,"model":"m"}"#)), told("body field /n is 2, recorded 1"));
    assert_eq!(miss(call("/v2/chat", r#"{"n":1,"model":"m"}"#)), told("path is /v2/chat, recorded /v1/chat"));
    let same = call("/v1/chat", r#"{"n":1,"model":"m"}"#);
    let outcomes = replay(&[same.clone(), same], &path);
    assert_eq!(outcomes[0].0.as_ref().map(|(status, _)| *status), Some(204));
    assert_eq!(outcomes[1].2, Some(told("every recorded exchange is used")));
}

#[test]
fn what_is_no_har_file_is_2() {
    let folder = tempdir().unwrap();
    let path = file(&folder, "x.har");
    let told = || replaying(&path, Pace::Instant).err().unwrap();
    let start = format!("cannot replay '{path}' (from --replay): ");
    assert_eq!(told(), (2, format!("{start}no such file or directory")));
    for text in ["", "{}", "[1]", "{\"log\":{\"entries\":[{}]}}", "\u{0}"] {
        fs::write(&path, text).unwrap();
        let (exit, line) = told();
        let start = format!("{start}not a HAR file: ");
        assert_eq!((exit, &line[..start.len()]), (2, start.as_str()), "{text}");
    }
}

#[test]
fn har_of_a_browser_answers() {
    // The members Chrome and mitmproxy write beside the ones that count are left away or, as here, foreign.
    let har = json!({"log": {"version": "1.2", "creator": {"name": "WebInspector", "version": "537.36"}, "pages": [],
    "entries": [{
        "_initiator": {"type": "script"},
        "request": {"method": "POST", "url": "https://api.example/v1/chat/completions", "httpVersion": "http/2.0",
            "headers": [{"name": ":authority", "value": "api.example"}], "cookies": [], "queryString": [],
            "headersSize": -1, "bodySize": 10,
            "postData": {"mimeType": "application/json", "text": "{ \"a\": 1 }"}},
        "response": {"status": 200, "statusText": "", "httpVersion": "http/2.0", "cookies": [],
            "headers": [{"name": "Content-Type", "value": "text/event-stream"},
                {"name": "Content-Encoding", "value": "br"}],
            "content": {"size": 6, "mimeType": "text/event-stream", "text": "ZGF0YTo=", "encoding": "base64"},
            "redirectURL": "", "headersSize": -1, "bodySize": -1},
        "cache": {}, "timings": {"blocked": 1, "send": 0.1, "wait": 700, "receive": 3}, "time": 704.1,
        "startedDateTime": "2026-01-01T00:00:00.000Z",
    }]}});
    let folder = tempdir().unwrap();
    let path = file(&folder, "x.har");
    fs::write(&path, format!("\u{feff}{har}")).unwrap();
    let outcome = replay(&[post("http://127.0.0.1:1/v1/chat/completions", "{\"a\":1}")], &path).remove(0);
    let headers = vec![("content-type".to_owned(), "text/event-stream".to_owned())];
    assert_eq!(outcome, (Some((200, headers)), vec![b"data:".to_vec()], None));
}

#[test]
fn real_pace_waits_as_the_server_did() {
    let folder = tempdir().unwrap();
    let path = file(&folder, "x.har");
    let har = json!({"log": {"entries": [{
        "request": {"method": "GET", "url": "http://h/"},
        "response": {"status": 200, "content": {"text": "ab"}},
        "timings": {"wait": 60}, "_chunks": [{"time": 60, "size": 1}, {"time": 150, "size": 1}]}]}});
    fs::write(&path, har.to_string()).unwrap();
    let mut call = post("http://h/", "");
    (call.method, call.body) = ("GET", None);
    let began = Instant::now();
    let outcomes = exchange(std::slice::from_ref(&call), replaying(&path, Pace::Real).unwrap());
    assert_eq!(outcomes[0].1, [b"a", b"b"]);
    assert!(began.elapsed() >= Duration::from_millis(150));
    let har = replaying(&path, Pace::Instant).unwrap();
    assert!(har.is_instant() && har.is_replay());
}

#[test]
fn key_is_found_over_the_borders_of_blocks() {
    let folder = tempdir().unwrap();
    let path = file(&folder, "x.har");
    // 16 KiB are moved at once: the key and the characters around it lie on many a border.
    let body = "\u{e9}\u{1f600}sk-marked-bearer".repeat(2_000);
    let peer = answering(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()));
    record(&[keyed(&peer.url())], &path);
    let har: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let text = har["log"]["entries"][0]["response"]["content"]["text"].as_str().unwrap();
    assert!(text == "\u{e9}\u{1f600}REDACTED".repeat(2_000));
    let mut incoming = Client::new(Net::default(), LIMITS, Instant::now())
        .with_har(replaying(&path, Pace::Instant).unwrap())
        .send(&keyed(&peer.url()))
        .unwrap();
    assert_eq!(read_all(&mut incoming, 1000).0, text.as_bytes());
}
