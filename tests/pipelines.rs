//! Pipelines around lmpipe, run as the examples and documents show them.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::replies::{chat, completion, json_reply, reply};
use crate::server::Server;
use crate::util::Folder;

/// Words by which each script of the pages is told; a test of this file runs it.
pub const SCRIPTS: [&str; 4] = ["report=$(", "--capture", "#!/bin/sh", "vllm run-batch"];

/// Runs a command of a shell in a folder, with nothing in its environment but these variables and the program on its
/// path; the exit code, stdout and stderr.
#[cfg(unix)]
fn shell(command: &str, folder: &Folder, env: &[(&str, &str)]) -> (i32, String, String) {
    let program = Path::new(env!("CARGO_BIN_EXE_lmpipe")).parent().expect("a program lies in a folder");
    let output = Command::new("sh")
        .args(["-c", command])
        .current_dir(&folder.0)
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", program.display()))
        .env("HOME", folder.0.join("home"))
        .envs(env.iter().copied())
        .stdin(Stdio::null())
        .output()
        .expect("a shell is installed");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().expect("it ends by itself"), text(&output.stdout), text(&output.stderr))
}

/// A file of the repository.
fn file(name: &str) -> String {
    format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// Runs `examples/batch.sh` with three rows against a server.
#[cfg(unix)]
fn batch(server: &Server, folder: &Folder) -> (i32, String, String) {
    let command = format!("sh '{}' 3 rows", file("examples/batch.sh"));
    shell(&command, folder, &[("OPENAI_BASE_URL", &server.url()), ("JOBS", "1")])
}

#[test]
#[cfg(unix)]
fn batch_example_asks_again_only_where_the_server_was_in_trouble() {
    if Command::new("curl").arg("--version").output().is_err() {
        return;
    }
    let good = || chat(r#"{"item":"lamp","count":2,"city":"Oslo"}"#);
    let folder = Folder::new();
    let busy = json_reply(501, &json!({"error": {"message": "busy"}}));
    let first = Server::new([good(), chat("no JSON"), busy]);
    let answer =
        |id: &str| format!("{{\"id\":\"{id}\",\"answer\":{{\"item\":\"lamp\",\"count\":2,\"city\":\"Oslo\"}}}}\n");
    let failed = "exit 5: row-0003\nexit 10: row-0002\n";
    assert_eq!(batch(&first, &folder), (1, answer("row-0001"), failed.to_owned()));
    assert_eq!(first.requests().len(), 3);
    let second = Server::new([good()]);
    let answers = answer("row-0001") + &answer("row-0003");
    assert_eq!(batch(&second, &folder), (1, answers, "exit 10: row-0002\n".to_owned()));
    assert!(second.request().prompt().contains("Please send"), "the row goes out");
}

/// The block of shell in `docs/ci.md` that holds these words.
fn block(words: &str) -> String {
    let page = fs::read_to_string(file("docs/ci.md")).expect("the page is there");
    let mut blocks = page.split("```sh\n").skip(1).filter_map(|rest| rest.split("```\n").next());
    blocks.find(|block| block.contains(words)).expect("the page has the block").to_owned()
}

#[test]
#[cfg(unix)]
fn pipeline_of_the_ci_page_is_recorded_once_and_replayed_without_key_and_server() {
    let folder = Folder::new();
    let schema = r#"{"type":"object","properties":{"severity":{"enum":["low","high"]}},"required":["severity"]}"#;
    fs::create_dir(folder.0.join("tests")).unwrap();
    for (name, text) in [
        ("triage.sh", block("#!/bin/sh").as_str()),
        ("triage.schema.json", schema),
        ("tests/report.txt", "It crashes.\n"),
    ] {
        fs::write(folder.0.join(name), text).unwrap();
    }
    let lines = block("--capture");
    let (capture, replay) = lines.split_once('\n').unwrap();
    let server = Server::new([chat(r#"{"severity": "high"}"#)]);
    let env = [("OPENAI_BASE_URL", server.url()), ("OPENAI_API_KEY", "sk-marked".to_owned())];
    let env = env.each_ref().map(|(name, value)| (*name, value.as_str()));
    let quiet = (0, String::new(), String::new());
    assert_eq!(shell(capture, &folder, &env), quiet);
    assert_eq!(fs::read_to_string(folder.0.join("tests/triage.json")).unwrap(), "{\"severity\":\"high\"}\n");
    assert!(!fs::read_to_string(folder.0.join("tests/triage.har")).unwrap().contains("sk-marked"));
    assert_eq!(server.request().header("authorization"), Some("Bearer sk-marked"));
    assert_eq!(shell(replay, &folder, &[]), quiet);
    fs::write(folder.0.join("tests/report.txt"), "It hangs.\n").unwrap();
    let (code, _, told) = shell(replay, &folder, &[]);
    assert!(code != 0 && told.contains("no exchange in 'tests/triage.har' answers this call"), "{told}");
}

#[test]
#[cfg(unix)]
fn job_of_the_ci_page_tells_a_report_from_a_server_in_trouble_and_from_prose() {
    let good = chat(r#"{"severity":"high"}"#);
    let busy = reply(500, &["Content-Type: application/json", "x-should-retry: false"], "{}");
    let report = Some("{\"severity\":\"high\"}\n".to_owned());
    for (answer, code, written) in [(good, 0, report), (busy, 75, None), (chat("It is bad."), 1, None)] {
        let folder = Folder::new();
        fs::write(folder.0.join("report.txt"), "It crashes.\n").unwrap();
        fs::write(folder.0.join("schema.json"), r#"{"type":"object"}"#).unwrap();
        let server = Server::new([answer]);
        let env = [("OPENAI_BASE_URL", server.url()), ("OPENAI_API_KEY", "sk-marked".to_owned())];
        let env = env.each_ref().map(|(name, value)| (*name, value.as_str()));
        let ended = shell(&format!("export LMPIPE_MODEL=m\n{}", block("report=$(")), &folder, &env);
        assert_eq!(ended.0, code, "{ended:?}");
        assert_eq!(fs::read_to_string(folder.0.join("report.json")).ok(), written);
    }
}

#[test]
#[cfg(unix)]
fn batch_line_of_the_ci_page_comes_back_as_its_answer() {
    let folder = Folder::new();
    let result = json!({
        "custom_id": "row-17",
        "response": {"status_code": 200, "body": completion("spam", "stop")},
    });
    fs::write(folder.0.join("results"), format!("{result}\n")).unwrap();
    let engine =
        r#"vllm() { test "$*" = "run-batch -i requests.jsonl -o results.jsonl --model m" && mv results "$5"; }"#;
    let command = format!("{engine}\nflags='-m m -t 0'; text='Buy now'; LMPIPE_MODEL=m\n{}", block("vllm run-batch"));
    assert_eq!(shell(&command, &folder, &[]), (0, "spam\n".to_owned(), String::new()));
    let line = fs::read_to_string(folder.0.join("requests.jsonl")).unwrap();
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(
        (&line["custom_id"], &line["body"]["messages"][0]["content"]),
        (&json!("row-17"), &json!("Classify: Buy now"))
    );
}
