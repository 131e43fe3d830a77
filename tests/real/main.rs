//! The program against real servers on loopback: llama.cpp with and without thinking and tools, and LiteLLM.
//!
//! `.ci/run` starts them and then runs `cargo test --test real`; a plain `cargo test` leaves this target out. The
//! model is tiny: tests look at shape and exit code, never at words, and every request has a token limit.
#![cfg(unix)]

/// The example scripts.
mod examples;
/// Schemas, tools and the Responses API.
mod gate;
/// LiteLLM in front of llama.cpp, of nobody, and of mocks that fail.
mod litellm;
/// llama.cpp's own server.
mod llama;
/// Request bodies against OpenAI's own description of them.
mod requests;
/// Captures against llama.cpp, replayed.
mod tapes;

/// The bytes servers answer with.
#[path = "../replies.rs"]
#[allow(dead_code, reason = "the other test target uses the rest")]
mod replies;
/// A program that runs.
#[path = "../running.rs"]
#[allow(dead_code, reason = "the other test target uses the rest")]
mod running;
/// A scripted server.
#[path = "../server.rs"]
#[allow(dead_code, reason = "the other test target uses the rest")]
mod server;
/// The `Run` builder.
#[path = "../util.rs"]
#[allow(dead_code, reason = "the other test target uses the rest")]
mod util;

use serde_json::Value;

use util::{Finished, Run};

/// The base URL of the server on this port beyond the first, which is `RIG_PORT_BASE` or 18080.
fn url(offset: u16) -> String {
    let base = std::env::var("RIG_PORT_BASE").ok().and_then(|port| port.parse().ok()).unwrap_or(18_080);
    format!("http://127.0.0.1:{}/v1", base + offset)
}

/// A run against one of the servers.
fn at(offset: u16) -> Run {
    Run::new(["-b", &url(offset), "--max-tokens", "24", "--retries", "0"])
}

/// Demands a text on stdout, whole or cut by the token limit.
#[track_caller]
fn answers(run: Run) -> Finished {
    let finished = run.finish();
    let (code, stdout, stderr) = (finished.code(), finished.stdout(), finished.stderr());
    assert!(matches!(code, 0 | 8), "exit {code}: {stderr}");
    assert_eq!(stderr.is_empty(), code == 0, "exit {code}: {stderr}");
    assert!(stdout.len() > 1 && stdout.ends_with('\n'), "{stdout:?}");
    finished
}

/// Demands this exit code, nothing on stdout and one line on stderr with these words.
#[track_caller]
fn fails(run: Run, code: i32, words: &[&str]) {
    let finished = run.finish();
    let stderr = finished.stderr();
    assert_eq!((finished.code(), finished.stdout().as_str()), (code, ""), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    for word in words {
        assert!(stderr.contains(word), "{word} is missing: {stderr}");
    }
}

/// The lines of stdout as JSON.
#[track_caller]
fn documents(finished: &Finished) -> Vec<Value> {
    let text = finished.stdout();
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}
