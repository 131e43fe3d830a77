//! The bytes servers answer with: heads, framings and the chat API's documents.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

/// A whole reply: status, headers (each `Name: value`) and a body of stated length.
pub fn reply(status: u16, headers: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut bytes = head(status, headers, &format!("Content-Length: {}", body.len()));
    bytes.extend_from_slice(body);
    bytes
}

/// A whole JSON reply.
pub fn json_reply(status: u16, body: &Value) -> Vec<u8> {
    reply(status, &["Content-Type: application/json"], body.to_string())
}

/// The head of a reply, with the header that frames its body.
pub fn head(status: u16, headers: &[&str], framing: &str) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status} Whatever\r\nConnection: close\r\n{framing}\r\n");
    for header in headers {
        let _ = write!(head, "{header}\r\n");
    }
    head += "\r\n";
    head.into_bytes()
}

/// A chat completion that says `text`.
pub fn chat(text: &str) -> Vec<u8> {
    json_reply(200, &completion(text, "stop"))
}

/// The document of a chat completion.
pub fn completion(text: &str, finish: &str) -> Value {
    json!({
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": "m-served",
        "choices": [{
            "index": 0,
            "message": {"role": "assistant", "content": text},
            "finish_reason": finish,
        }],
        "usage": {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12},
    })
}

/// A streamed chat completion in these stretches, whole and well ended, in one write.
pub fn chat_stream(stretches: &[&str]) -> Vec<u8> {
    let mut bytes = stream_head();
    for stretch in stretches {
        bytes.extend(chunk(delta(stretch)));
    }
    bytes.extend(chunk(finish("stop")));
    bytes.extend(chunk(DONE));
    bytes.extend(LAST_CHUNK);
    bytes
}

/// The last event of a chat stream.
pub const DONE: &str = "data: [DONE]\n\n";

/// The end of a chunked body.
pub const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

/// The head of a chunked event stream.
pub fn stream_head() -> Vec<u8> {
    head(200, &["Content-Type: text/event-stream"], "Transfer-Encoding: chunked")
}

/// One chunk of a chunked body.
pub fn chunk(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let bytes = bytes.as_ref();
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

/// A whole chunked reply with status 200, its body in chunks of `size` bytes.
pub fn chunked(headers: &[&str], body: &[u8], size: usize) -> Vec<u8> {
    let mut bytes = head(200, headers, "Transfer-Encoding: chunked");
    for stretch in body.chunks(size) {
        bytes.extend(chunk(stretch));
    }
    bytes.extend(LAST_CHUNK);
    bytes
}

/// One event with a stretch of the answer.
pub fn delta(stretch: &str) -> String {
    event(&json!({"choices": [{"index": 0, "delta": {"content": stretch}, "finish_reason": null}]}))
}

/// One event with a finish reason.
pub fn finish(reason: &str) -> String {
    event(&json!({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]}))
}

/// One event with a document.
pub fn event(document: &Value) -> String {
    format!("data: {document}\n\n")
}

/// An event stream in one write, chunked, whatever the events are.
pub fn stream_of(events: &[&str]) -> Vec<u8> {
    let mut bytes = stream_head();
    for event in events {
        bytes.extend(chunk(event));
    }
    bytes.extend(LAST_CHUNK);
    bytes
}

/// An error in OpenAI's form.
pub fn error(status: u16, message: &str, code: Option<&str>) -> Vec<u8> {
    json_reply(status, &json!({"error": {"message": message, "type": "some_error", "param": null, "code": code}}))
}

/// A model list with these ids.
pub fn models(ids: &[&str]) -> Vec<u8> {
    let models: Vec<Value> = ids.iter().map(|id| json!({"id": id, "object": "model"})).collect();
    json_reply(200, &json!({"object": "list", "data": models}))
}

/// The bytes as gzip.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory takes every byte")
}
