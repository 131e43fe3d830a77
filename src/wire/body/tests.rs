//! Tests of `body.rs`.

use std::rc::Rc;

use proptest::prelude::*;

use super::*;
use crate::request::Blob;

/// Reads a body in pieces of `step` bytes.
fn read_by(body: &Body, step: usize) -> Vec<u8> {
    let mut reader = body.reader();
    let mut buffer = vec![0; step];
    let mut all = Vec::new();
    loop {
        let count = reader.read(&mut buffer).unwrap();
        if count == 0 {
            return all;
        }
        all.extend_from_slice(&buffer[..count]);
    }
}

fn body(blob: Vec<u8>) -> Body {
    Body {
        segments: vec![
            Segment::Bytes(b"{\"a\":\"".to_vec()),
            Segment::Text(Rc::new("shared".into())),
            Segment::Bytes(Vec::new()),
            Segment::Base64(Blob(Rc::new(blob))),
            Segment::Bytes(b"\"}".to_vec()),
        ],
    }
}

proptest! {
    #[test]
    fn every_buffer_size_reads_the_same_bytes(blob: Vec<u8>, step in 1usize..40) {
        let body = body(blob.clone());
        let expected = format!("{{\"a\":\"shared{}\"}}", STANDARD.encode(&blob));
        prop_assert_eq!(body.len(), expected.len() as u64);
        prop_assert_eq!(read_by(&body, step), expected.as_bytes());
        prop_assert_eq!(body.to_vec(), expected.as_bytes());
    }
}

#[test]
fn an_empty_body_has_no_bytes() {
    assert_eq!((Body::default().len(), Body::default().to_vec()), (0, Vec::new()));
}

#[test]
fn a_body_is_read_anew_by_each_reader() {
    let body = body(vec![1, 2, 3, 4]);
    assert_eq!(read_by(&body, 7), read_by(&body, 7));
}
