//! Laws of recordings: a file answers the calls that are in it, and what is captured replays as it was, keys aside.

use std::path::PathBuf;

use super::har::{Pace, Tapes};
use crate::laws::sized;
use crate::request::{Body, Call, Header, Secret, Segment};
use crate::response::Headers;

pub use super::har::laws::har;

/// The key of every recorded call.
const KEY: &str = "sk-marked-key-0123456789";

/// A capture replays as the exchange was, in its stretches, and holds no key. The input is a size of stretches, the
/// call's body up to a NUL, and the reply's body, in which `\x01` stands for the key.
pub fn tape(input: &[u8]) {
    let Some((size, rest)) = sized(input) else { return };
    let end = rest.iter().position(|byte| *byte == 0).unwrap_or(rest.len());
    let (sent, received) = (&rest[..end], rest.get(end + 1..).unwrap_or_default());
    let Ok(sent) = std::str::from_utf8(sent) else { return };
    let filled = |key: &str| received.split(|byte| *byte == 1).collect::<Vec<_>>().join(key.as_bytes());
    let file = File::new();
    let call = call(sent);
    let headers = Headers(vec![("content-type".into(), "text/event-stream".into())]);

    let tapes = Tapes::open(Some(&file.path()), None, Pace::Instant).expect("it can be written");
    tapes.begin(&call);
    tapes.head(200, &headers);
    filled(KEY).chunks(size).for_each(|stretch| tapes.chunk(stretch));
    let mut recorded = String::new();
    let closed = tapes.close(|_, text| {
        text.read_to_string(&mut recorded).expect("it is text");
        Ok(())
    });
    closed.expect("it can be written");
    std::fs::write(&file.0, &recorded).expect("it can be written");
    assert!(!recorded.contains(KEY), "{recorded}");

    let tapes = Tapes::open(None, Some(&file.path()), Pace::Instant).expect("it can be read");
    let answer = tapes.replay(&call).expect("it replays");
    let (status, back, mut playback) = answer.unwrap_or_else(|failure| panic!("{}: {recorded}", failure.line()));
    assert_eq!((status, back), (200, headers));
    let mut body = Vec::new();
    let mut buffer = [0; 256];
    let mut reads = Vec::new();
    loop {
        let count = playback.read(&mut buffer).unwrap_or_else(|failure| panic!("{}", failure.line()));
        if count == 0 {
            break;
        }
        reads.push(count);
        body.extend_from_slice(&buffer[..count]);
    }
    assert!(body == filled("REDACTED"), "{recorded}");
    if !received.contains(&1) {
        assert_eq!(reads, received.chunks(size).map(<[u8]>::len).collect::<Vec<_>>());
    }
}

/// A call with this body.
fn call(body: &str) -> Call {
    let segments = vec![Segment::Bytes(body.into())];
    let key = Header { name: "authorization".into(), value: Secret::new(format!("Bearer {KEY}")), secret: true };
    Call { method: "POST", url: "http://h/v1/x".into(), headers: vec![key], body: Some(Body { segments }) }
}

/// A file that goes with its owner.
struct File(PathBuf);

impl File {
    /// A name nobody else has.
    fn new() -> Self {
        let name = format!("lmpipe-tape-{}-{:?}", std::process::id(), std::thread::current().id());
        Self(std::env::temp_dir().join(name))
    }

    /// Its path.
    fn path(&self) -> String {
        self.0.display().to_string()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        // A law that is broken may leave none.
        let _ = std::fs::remove_file(&self.0);
    }
}
