//! Captures of every mode against llama.cpp, replayed without a server: the same stdout and exit code.

use std::process::Command;

use crate::util::{Finished, Run};
use crate::{at, url};

/// Runs these words with a capture, then from it with no server in reach and no key.
#[track_caller]
fn replays(asked: Run, port: u16, words: &[&str]) {
    let told = asked.args(["--capture", "run.har"]).args(words).finish();
    let har = told.file("run.har").expect("the file is written");
    assert!(!String::from_utf8_lossy(&har).contains("sk-rig-local"), "the key is in the file");
    is_har(&told);
    let again = Run::new(["-b", &url(port), "--max-tokens", "24", "--retries", "0", "--replay", "run.har"])
        .file("run.har", &har)
        .without_network()
        .args(words)
        .finish();
    assert_eq!((again.code(), again.stdout()), (told.code(), told.stdout()), "{words:?}: {}", again.stderr());
}

/// Has the file judged by the schema of HAR 1.2, where `.ci/run` found the means.
#[track_caller]
fn is_har(told: &Finished) {
    let Some(judge) = std::env::var_os("LMPIPE_HAR_SCHEMA") else { return };
    let judged = Command::new(judge).arg(told.folder().join("run.har")).output().expect("it can be started");
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stderr));
}

/// The plain server.
fn plain(words: &[&str]) {
    let mut all = vec!["-m", "smollm2-135m-instruct"];
    all.extend(words);
    replays(at(0).env("OPENAI_API_KEY", "sk-rig-local"), 0, &all);
}

#[test]
fn text_whole_and_streamed_replays() {
    plain(&["Say hello."]);
    plain(&["--stream", "Say hello."]);
    plain(&["-x", "Write hello world in Python."]);
    plain(&["-u", "-v", "Say hello."]);
}

#[test]
fn responses_replay_whole_and_streamed() {
    plain(&["--api", "responses", "Say hello."]);
    plain(&["--api", "responses", "--stream", "Say hello."]);
}

#[test]
fn documents_and_items_replay() {
    plain(&["-S", "name, age int", "--max-tokens", "60", "Bob is 7."]);
    plain(&["-S", "colour", "--each", "--max-tokens", "80", "Name two colours."]);
    plain(&["--json", "--max-tokens", "60", "Say hello in JSON."]);
}

#[test]
fn refusals_and_lists_replay() {
    plain(&["-i", "data:image/png;base64,iVBORw0KGgo=", "What is this?"]);
    plain(&["--list-models"]);
    replays(at(0).env("OPENAI_API_KEY", "sk-wrong-rig-key"), 0, &["-m", "m", "hi"]);
}

#[test]
fn calls_and_reasoning_replay() {
    let tools = r#"[{"name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}]"#;
    let path = std::env::temp_dir().join(format!("lmpipe-tapes-{}.json", std::process::id()));
    std::fs::write(&path, tools).expect("the folder for temporary files can be written");
    let file = path.to_str().expect("its name is text");
    for way in ["--stream", "--no-stream"] {
        let words = ["-m", "smollm2-tools", "--tools", file, "--max-tokens", "60", way, "What is the weather in Oslo?"];
        replays(at(1), 1, &words);
    }
    std::fs::remove_file(&path).expect("it was written above");
    replays(at(2), 2, &["-m", "smollm2-think", "-r", "--max-tokens", "64", "Why is the sky blue?"]);
}
