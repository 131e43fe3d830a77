//! `--capture` and `--replay`: a run told by a file gives what the run told by the server gave.

use std::process::Command;
use std::{fs, thread};

use crate::replies::{chat, chat_stream, chunk, delta, error, stream_head};
use crate::running::ignores_signal;
use crate::server::{Answer, Step};
use crate::util::{Finished, Run};

/// The HAR file of a run with these words, answered with `answer`, and the base URL it asked.
fn captured(answer: Vec<u8>, words: &[&str]) -> (Vec<u8>, String) {
    let finished = Run::asking(answer).args(["--capture", "run.har"]).args(words).gives("Hello\n");
    let har = finished.file("run.har").expect("the file is written");
    assert!(is_private(&finished));
    let text = String::from_utf8(har.clone()).expect("a HAR file is text");
    let url = text.split('"').find(|word| word.starts_with("http://")).expect("the file names the server");
    let base = url.strip_suffix("/chat/completions").expect("a chat was asked for").to_owned();
    (har, base)
}

/// Whether nobody but its owner can read the HAR file. Only Unix has a mode to look at.
fn is_private(finished: &Finished) -> bool {
    let file = fs::metadata(finished.folder().join("run.har")).expect("it is there");
    #[cfg(unix)]
    let mode = std::os::unix::fs::PermissionsExt::mode(&file.permissions());
    #[cfg(not(unix))]
    let mode = if file.is_file() { 0o600 } else { 0 };
    mode & 0o777 == 0o600
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

#[test]
#[cfg(unix)]
fn replay_needs_no_network() {
    let recording = captured(chat("Hello"), &["hi"]);
    replayed(&recording, &["hi"]).without_network().gives("Hello\n");
}

#[test]
fn files_of_browsers_and_mitmproxy_replay() {
    for (har, words) in [
        (&include_bytes!("har/chrome.har")[..], &["-b", "https://api.example/v1", "--stream"][..]),
        (&include_bytes!("har/firefox.har")[..], &["-b", "https://api.example/v1?trace=1", "--api", "responses"][..]),
        (&include_bytes!("har/mitmproxy.har")[..], &["-b", "https://api.example/v1"][..]),
    ] {
        Run::new(words.iter().copied())
            .args(["-m", "m", "--replay", "x.har", "hi"])
            .file("x.har", har)
            .gives("Hello\n");
    }
}

#[test]
fn failed_run_is_captured_for_its_owner_alone_and_fails_the_same_again() {
    let words = ["-m", "m", "--retries", "0", "hi"];
    let refused = error(403, "no", None);
    let finished = Run::asking(refused).args(["--capture", "run.har", "--retries", "0", "hi"]).finish();
    assert_eq!(finished.code(), 3, "{}", finished.stderr());
    assert!(is_private(&finished));
    let har = finished.file("run.har").expect("it is there");
    let again = Run::new(["-b", "http://elsewhere.invalid/v1", "--replay", "run.har"]).args(words).file("run.har", har);
    // A recording is asked without a key, so that there is nothing to say about one.
    again.fails(3, "http://elsewhere.invalid/v1 answered 403 Forbidden: no");
}

#[test]
#[cfg(unix)]
fn signal_leaves_neither_a_capture_nor_a_piece_of_one() {
    for (signal, code) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        if ignores_signal(code) {
            continue;
        }
        let first = Step::Send([stream_head(), chunk(delta("Once"))].concat());
        let answer = Answer::new([first, Step::AwaitClose]);
        let mut running = Run::asking(answer).args(["--capture", "run.har", "--stream", "hi"]).start();
        running.shows("Once");
        running.signal(signal);
        let finished = running.finish();
        assert_eq!(finished.code(), code);
        let files =
            fs::read_dir(finished.folder()).expect("it is there").map(|file| file.expect("it is there").file_name());
        assert_eq!(files.collect::<Vec<_>>(), ["home"], "{signal}");
    }
}

#[test]
#[cfg(unix)]
fn capture_over_a_fifo_goes_into_it() {
    let run = Run::asking(chat("Hello")).args(["--capture", "pipe", "hi"]);
    let path = run.folder().join("pipe");
    assert!(Command::new("mkfifo").arg(&path).status().expect("mkfifo is installed").success());
    let reader = thread::spawn(move || fs::read(path).expect("it can be read"));
    run.gives("Hello\n");
    assert!(reader.join().expect("it reads to the end").ends_with(b"]}}\n"));
}

#[test]
fn capture_over_a_directory_exits_1_before_anything_is_sent() {
    let run = Run::asking_all(Vec::<Answer>::new()).args(["--capture", ".", "hi"]);
    run.fails(1, "cannot write '.' (from --capture): is a directory");
}

#[test]
fn stream_beyond_max_reply_runs_on_and_its_capture_says_that_it_is_cut() {
    let words = ["--max-reply", "1K", "--stream", "hi"];
    let text = "0123456789".repeat(1_000);
    let letters: Vec<&str> = text.split("").filter(|letter| !letter.is_empty()).collect();
    let notice = "lmpipe: 'run.har' does not hold the whole reply: --capture keeps 1024 bytes of one (--max-reply)\n";
    let run = Run::asking(chat_stream(&letters)).args(["--capture", "run.har"]).args(words);
    let finished = run.ends(0, &format!("{text}\n"), notice);
    let har = finished.file("run.har").expect("the file is written");
    assert!(har.len() < 100_000, "{}", har.len());
    let words = ["-b", "http://elsewhere.invalid/v1", "-m", "m", "--replay", "run.har"].into_iter().chain(words);
    let replayed = Run::new(words).file("run.har", har).finish();
    let line = "lmpipe: the recorded answer is cut: --capture keeps a reply up to --max-reply (1024 bytes): \
        capture it again with a larger --max-reply\n";
    assert_eq!((replayed.code(), replayed.stderr()), (2, line.to_owned()));
    assert!(text.starts_with(replayed.stdout().trim_end()));
}
