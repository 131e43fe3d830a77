//! The example scripts, as a reader of the README runs them.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs a script with the built program on `PATH` and a real server as its default; returns its exit code, stdout
/// and stderr.
fn script(words: &[&str], offset: u16, env: &[(&str, &str)], input: &str) -> (i32, String, String) {
    let folder = Path::new(env!("CARGO_BIN_EXE_lmpipe")).parent().expect("a program lies in a folder");
    let path = env::join_paths([folder].into_iter().map(Path::to_owned).chain(paths())).expect("folders have no colon");
    let command = format!("printf '%s' \"$INPUT\" | {}", words.join(" "));
    let output = Command::new("sh")
        .args(["-c", &command])
        .env("PATH", path)
        .env("INPUT", input)
        .env("OPENAI_BASE_URL", crate::url(offset))
        .envs(env.iter().copied())
        .stdin(Stdio::null())
        .output()
        .expect("a shell is installed");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().expect("scripts end by themselves"), text(&output.stdout), text(&output.stderr))
}

/// The folders of this process's own `PATH`.
fn paths() -> Vec<std::path::PathBuf> {
    env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect()
}

/// The plain server's key.
const KEY: (&str, &str) = ("OPENAI_API_KEY", "sk-rig-local");

#[test]
fn extraction_prints_one_document_of_its_schema() {
    let (code, printed, told) =
        script(&["sh", "examples/extract.sh"], 0, &[KEY], "The parser crashes on empty input.\n");
    assert_eq!(code, 0, "{told}");
    let document: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert!(document["crash"].is_boolean() && document["severity"].is_string(), "{printed}");
}

#[test]
fn list_of_items_comes_line_by_line() {
    // A tiny model knows no end: it may run into its token limit, behind many good lines.
    let (code, printed, told) = script(&["bash", "examples/each.sh"], 0, &[KEY], "");
    assert!(matches!(code, 0 | 8) && !printed.is_empty(), "exit {code}: {told}");
    assert!(printed.lines().all(|line| line.starts_with("commit: {\"kind\":\"")), "{printed}");
}

#[test]
fn tool_loop_comes_to_an_answer() {
    if Command::new("jq").arg("--version").output().is_err() {
        return;
    }
    let (code, printed, told) = script(&["sh", "examples/tool.sh"], 1, &[("TOKENS", "64")], "");
    assert!(matches!(code, 0 | 8) && !printed.is_empty(), "exit {code}: {told}");
}

#[test]
fn batch_of_rows_comes_back_valid() {
    let folder = format!("{}/batch-{}", env!("CARGO_TARGET_TMPDIR"), std::process::id());
    let (code, printed, told) = script(&["sh", "examples/batch.sh", "2", &folder], 0, &[KEY], "");
    assert_eq!(code, 0, "{told}");
    let ids: Vec<&str> = printed.lines().filter_map(|line| line.get(..15)).collect();
    assert_eq!(ids, ["{\"id\":\"row-0001", "{\"id\":\"row-0002"]);
    std::fs::remove_dir_all(folder).unwrap();
}
