//! A law of recordings that needs their inside.

use super::{Pace, Recording};
use crate::failure::Kind;
use crate::request::{Body, Call, Segment};

/// A file that can be read answers the calls that are in it, one after another.
pub fn har(input: &[u8]) {
    let mut recording = match Recording::parse(input, "f.har", Pace::Instant) {
        Ok(recording) => recording,
        Err(failure) => return assert_eq!(failure.kind, Kind::Usage),
    };
    for call in calls(&recording) {
        match recording.answer(&call) {
            Ok((_, _, mut playback)) => while playback.read(&mut [0; 64]).is_ok_and(|count| count > 0) {},
            Err(failure) => assert!(!failure.what.starts_with("no exchange"), "{}", failure.line()),
        }
    }
}

/// The calls in a recording, as far as lmpipe makes such.
fn calls(recording: &Recording) -> Vec<Call> {
    let recorded = recording.entries.iter().flatten().map(|entry| &entry.request);
    let call = |recorded: &super::Request| {
        let method = ["POST", "GET"].into_iter().find(|method| *method == recorded.method)?;
        let text = recorded.post_data.as_ref().and_then(|posted| posted.text.clone());
        let body = text.map(|text| Body { segments: vec![Segment::Bytes(text.into_bytes())] });
        Some(Call { method, url: recorded.url.clone(), headers: Vec::new(), body })
    };
    recorded.map_while(call).collect()
}
