//! Laws of recordings: a HAR file answers the calls that are in it, and a capture replays as the exchange was, keys
//! aside.

use serde_json::Value;
use tempfile::NamedTempFile;

use crate::failure::{Failure, Kind};
use crate::laws::sized;
use crate::request::{Body, Call, Header, Secret, Segment};
use crate::response::Headers;
use crate::transport::har::{HarFiles, Pace, Playback};

/// The key of every recorded call.
const KEY: &str = "sk-marked-key-0123456789";

/// A file that can be read answers the calls that are in it, one after another.
pub fn har(input: &[u8]) {
    let file = NamedTempFile::new().expect("there is room");
    std::fs::write(file.path(), input).expect("there is room");
    let replay = match replay(&file) {
        Ok(replay) => replay,
        Err(failure) => return assert_eq!(failure.kind, Kind::Usage),
    };
    for call in calls(input) {
        match replay.replay(&call).expect("there is a recording") {
            Ok((_, _, mut playback)) => drop(reads(&mut playback)),
            Err(failure) => assert!(!failure.what.starts_with("no exchange"), "{}", failure.line()),
        }
    }
}

/// The calls in a HAR file, up to the first that lmpipe does not make; none if a member that is skipped when reading is
/// no good JSON.
fn calls(input: &[u8]) -> Vec<Call> {
    let json = input.strip_prefix(b"\xef\xbb\xbf").unwrap_or(input);
    let har: Value = serde_json::from_slice(json).unwrap_or_default();
    let call = |entry: &Value| {
        let request = &entry["request"];
        let method = ["POST", "GET"].into_iter().find(|method| request["method"] == **method)?;
        let segments = request["postData"]["text"].as_str().map(|text| vec![Segment::Bytes(text.into())]);
        let url = request["url"].as_str()?.to_owned();
        Some(Call { method, url, headers: Vec::new(), body: segments.map(|segments| Body { segments }) })
    };
    har["log"]["entries"].as_array().into_iter().flatten().map_while(call).collect()
}

/// A capture replays as the exchange was, read by read, and holds no key. The input is the size of a read, the call's
/// body up to a NUL, and the reply's body, in which `\x01` stands for the key.
pub fn tape(input: &[u8]) {
    let Some((size, rest)) = sized(input) else { return };
    let end = rest.iter().position(|byte| *byte == 0).unwrap_or(rest.len());
    let (sent, received) = (&rest[..end], rest.get(end + 1..).unwrap_or_default());
    let Ok(sent) = std::str::from_utf8(sent) else { return };
    let filled = |key: &str| received.split(|byte| *byte == 1).collect::<Vec<_>>().join(key.as_bytes());
    let mut file = NamedTempFile::new().expect("there is room");
    let call = call(sent);
    let headers = Headers(vec![("content-type".into(), "text/event-stream".into())]);

    let path = file.path().to_str();
    let capture = HarFiles::open(path, None, Pace::Instant, usize::MAX).expect("it can be written");
    capture.begin(&call);
    capture.head(200, &headers);
    filled(KEY).chunks(size).for_each(|bytes| capture.chunk(bytes));
    let mut capture = capture.close().expect("it can be written").expect("there is a capture");
    std::io::copy(&mut capture.text, &mut file).expect("there is room");
    let recorded = std::fs::read_to_string(file.path()).expect("it is text");
    assert!(!recorded.contains(KEY), "{recorded}");

    let answer = replay(&file).expect("it can be read").replay(&call).expect("there is a recording");
    let (status, back, mut playback) = answer.unwrap_or_else(|failure| panic!("{}: {recorded}", failure.line()));
    assert_eq!((status, back), (200, headers));
    let reads = reads(&mut playback).unwrap_or_else(|failure| panic!("{failure}"));
    assert!(reads.concat() == filled("REDACTED"), "{recorded}");
    if !received.contains(&1) {
        assert!(reads.iter().map(Vec::as_slice).eq(received.chunks(size)), "{recorded}");
    }
}

/// The recording in a file.
fn replay(file: &NamedTempFile) -> Result<HarFiles, Failure> {
    HarFiles::open(None, file.path().to_str(), Pace::Instant, usize::MAX)
}

/// All reads of a body, or the line of its failure.
fn reads(playback: &mut Playback) -> Result<Vec<Vec<u8>>, String> {
    let mut buffer = [0; 256];
    let mut reads = Vec::new();
    loop {
        match playback.read(&mut buffer).map_err(|failure| failure.line())? {
            0 => return Ok(reads),
            count => reads.push(buffer[..count].to_vec()),
        }
    }
}

/// A call with this body and the key.
fn call(body: &str) -> Call {
    let segments = vec![Segment::Bytes(body.into())];
    let key = Header { name: "authorization".into(), value: Secret::new(format!("Bearer {KEY}")), secret: true };
    Call { method: "POST", url: "http://h/v1/x".into(), headers: vec![key], body: Some(Body { segments }) }
}
