//! Recorded replies that end after every one of their bytes, by a close and by a reset, and replies in single bytes.

use crate::inside::{Terminals, run};
use crate::replies::{chunked, gzip, head, reply};
use crate::server::{Answer, Server, Step};

/// A recorded body and the API it belongs to.
#[derive(Clone, Copy)]
struct Recording {
    /// The value of `--api`.
    api: &'static str,
    /// The body.
    body: &'static str,
}

const CHAT: Recording = Recording { api: "chat", body: include_str!("../wire/chat/vllm/stream.sse") };
const UNICODE: Recording = Recording { api: "chat", body: include_str!("../wire/chat/vllm/unicode-stream.sse") };
const RESPONSES: Recording = Recording { api: "responses", body: include_str!("../wire/responses/vllm/stream.sse") };
const CHAT_DOCUMENT: Recording = Recording { api: "chat", body: include_str!("../wire/chat/vllm/basic.json") };
const RESPONSES_DOCUMENT: Recording =
    Recording { api: "responses", body: include_str!("../wire/responses/vllm/basic.json") };

/// How a connection ends before its reply does.
#[derive(Clone, Copy)]
enum End {
    Close,
    Reset,
}

/// How a body stands on the wire.
#[derive(Clone, Copy)]
enum Framing {
    /// Of stated length.
    Whole,
    /// Ended by the end of the connection.
    Open,
    /// In chunks of this many bytes.
    Chunked(usize),
    /// In such chunks, compressed.
    Gzip(usize),
}

impl Framing {
    /// The reply with this body.
    fn wrap(self, recording: Recording) -> Vec<u8> {
        let Recording { body, .. } = recording;
        let kind = if body.starts_with('{') { "application/json" } else { "text/event-stream" };
        let kind = format!("Content-Type: {kind}");
        match self {
            Self::Whole => reply(200, &[&kind], body),
            Self::Open => [head(200, &[&kind], "X-Framing: none"), body.into()].concat(),
            Self::Chunked(size) => chunked(&[&kind], body.as_bytes(), size),
            Self::Gzip(size) => chunked(&[&kind, "Content-Encoding: gzip"], &gzip(body.as_bytes()), size),
        }
    }
}

/// Exit code and stdout of a run against `server`, which gets one request.
fn ask(server: &Server, api: &str, stream: &str) -> (u8, String) {
    let words = ["-b", &server.url(), "-m", "m", "--no-key", "--retries", "0", "--api", api, stream, "hi"];
    let (code, stdout, _) = run(&words, &[], Terminals::default());
    (code, stdout)
}

/// Cuts a reply after every `step`th byte: exit 7 until the terminator has come and as the whole reply from there on,
/// on stdout a prefix of the whole answer, or nothing before the answer is whole where it does not stream.
#[track_caller]
fn cut_everywhere(recording: Recording, framing: Framing, step: usize, end: End) {
    let whole = framing.wrap(recording);
    let bare = if matches!(framing, Framing::Open) { whole.len() - recording.body.len() } else { whole.len() };
    let (end_code, truth) = ask(&Server::new([whole.clone()]), recording.api, "--stream");
    // The token limit cut some recordings.
    assert!(matches!(end_code, 0 | 8) && !truth.is_empty(), "exit {end_code}: {truth}");
    for stream in ["--stream", "--no-stream"] {
        let answers: Vec<Answer> = (0..whole.len())
            .step_by(step)
            .map(|place| Answer::new([Step::Send(whole[..place].to_vec())]))
            .map(|answer| if matches!(end, End::Reset) { answer.resetting() } else { answer })
            .collect();
        let server = Server::new(answers);
        let mut is_whole = false;
        for place in (0..whole.len()).step_by(step) {
            let (code, stdout) = ask(&server, recording.api, stream);
            is_whole |= code == end_code;
            let said = stdout.strip_suffix('\n').unwrap_or(&stdout);
            let (expected, is_true) = match (is_whole, stream) {
                (true, _) => (end_code, stdout == truth),
                // Nothing and the end of the connection is an empty body, not a cut one.
                (false, _) if place == bare => (5, stdout.is_empty()),
                (false, "--stream") => (7, truth.starts_with(said)),
                (false, _) => (7, stdout.is_empty()),
            };
            assert!(code == expected && is_true, "cut at {place} of {}: {code}, {stdout:?}", whole.len());
        }
    }
}

#[test]
fn chat_stream_closed_after_any_byte_exits_7_with_a_prefix() {
    cut_everywhere(CHAT, Framing::Chunked(200), 1, End::Close);
}

#[test]
fn responses_stream_closed_after_any_byte_exits_7_with_a_prefix() {
    cut_everywhere(RESPONSES, Framing::Chunked(200), 5, End::Close);
}

#[test]
fn stream_closed_inside_a_character_exits_7_with_a_prefix() {
    cut_everywhere(UNICODE, Framing::Chunked(7), 3, End::Close);
}

#[test]
fn unframed_stream_closed_after_any_byte_exits_7_with_a_prefix() {
    // The close looks like an end in good order there: only the terminator tells.
    cut_everywhere(CHAT, Framing::Open, 3, End::Close);
}

#[test]
fn compressed_streams_closed_after_any_byte_exit_7_with_a_prefix() {
    cut_everywhere(CHAT, Framing::Gzip(50), 1, End::Close);
    cut_everywhere(RESPONSES, Framing::Gzip(50), 3, End::Close);
}

#[test]
fn streams_reset_after_any_byte_exit_7_with_a_prefix() {
    cut_everywhere(CHAT, Framing::Chunked(200), 7, End::Reset);
    cut_everywhere(RESPONSES, Framing::Whole, 11, End::Reset);
}

#[test]
fn documents_closed_after_any_byte_exit_7_with_nothing() {
    for framing in [Framing::Whole, Framing::Chunked(100), Framing::Gzip(50)] {
        cut_everywhere(CHAT_DOCUMENT, framing, 3, End::Close);
        cut_everywhere(RESPONSES_DOCUMENT, framing, 5, End::Close);
    }
}

#[test]
fn documents_reset_after_any_byte_exit_7_with_nothing() {
    cut_everywhere(CHAT_DOCUMENT, Framing::Whole, 7, End::Reset);
}

#[test]
fn replies_in_single_bytes_say_the_same() {
    for recording in [CHAT, UNICODE, RESPONSES, CHAT_DOCUMENT, RESPONSES_DOCUMENT] {
        for framing in [Framing::Whole, Framing::Open, Framing::Chunked(1), Framing::Gzip(1)] {
            let bytes = framing.wrap(recording);
            let whole = ask(&Server::new([bytes.clone()]), recording.api, "--stream");
            let trickled = Server::new([Answer::new([Step::Trickle(bytes)])]);
            assert_eq!(ask(&trickled, recording.api, "--stream"), whole);
            assert!(matches!(whole.0, 0 | 8), "{whole:?}");
        }
    }
}
