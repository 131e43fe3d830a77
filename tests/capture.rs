//! `--capture` and `--replay`: a run told by a file gives what the run told by the server gave.

use crate::replies::{chat, chat_stream};
use crate::util::Run;

/// The HAR file of a run with these words, answered with `answer`, and the base URL it asked.
fn captured(answer: Vec<u8>, words: &[&str]) -> (Vec<u8>, String) {
    let finished = Run::asking(answer).args(["--capture", "run.har"]).args(words).gives("Hello\n");
    let har = finished.file("run.har").expect("the file is written");
    let text = String::from_utf8(har.clone()).expect("a HAR file is text");
    let url = text.split('"').find(|word| word.starts_with("http://")).expect("the file names the server");
    let base = url.strip_suffix("/chat/completions").expect("a chat was asked for").to_owned();
    (har, base)
}

/// The run that is answered from the file instead; its server is gone.
fn replayed((har, base): &(Vec<u8>, String), words: &[&str]) -> Run {
    Run::new(["-b", base, "-m", "m", "--replay", "run.har"]).file("run.har", har).args(words)
}

#[test]
fn captured_answer_is_replayed_without_server_and_key() {
    let recording = captured(chat("Hello"), &["-t", "0", "hi"]);
    replayed(&recording, &["-t", "0", "hi"]).gives("Hello\n");
}

#[test]
fn captured_stream_is_replayed_at_both_speeds() {
    let recording = captured(chat_stream(&["Hel", "lo"]), &["--stream", "hi"]);
    for speed in ["instant", "real"] {
        replayed(&recording, &["--stream", "--replay-speed", speed, "hi"]).gives("Hello\n");
    }
}

#[test]
fn request_that_was_not_captured_exits_2() {
    let recording = captured(chat("Hello"), &["hi"]);
    let line = "no exchange in 'run.har' answers this call: body field /messages/0/content is \"bye\", recorded \"hi\"";
    replayed(&recording, &["bye"]).fails(2, line);
}
