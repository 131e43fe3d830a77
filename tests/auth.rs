//! Where a key comes from, where it may go, and that it is never seen anywhere else.

use std::fs;

use crate::replies::{chat, chat_stream, error, models, reply};
use crate::server::Server;
use crate::util::{Finished, Run};

/// The key no output may hold.
const KEY: &str = "sk-marked-0123456789";

/// A run against a server of its own that answers "x", its model given and its key not.
fn answered() -> Run {
    let server = Server::new([chat("x")]);
    Run::new(["-b", &server.url(), "-m", "m", "hi"]).beside(server)
}

/// The `Authorization` header the server got.
#[track_caller]
fn sent(run: Run) -> Option<String> {
    run.gives("x\n").request().header("authorization").map(str::to_owned)
}

#[test]
fn openai_key_goes_to_a_base_url_of_ones_own() {
    assert_eq!(sent(answered().env("OPENAI_API_KEY", KEY)), Some(format!("Bearer {KEY}")));
}

#[test]
fn empty_key_counts_as_none() {
    assert_eq!(sent(answered().env("OPENAI_API_KEY", "")), None);
}

#[test]
fn first_numbered_key_stands_in_for_the_plain_one() {
    assert_eq!(sent(answered().env("OPENAI_API_KEY_1", KEY)), Some(format!("Bearer {KEY}")));
}

#[test]
fn key_file_is_read_without_its_newline() {
    let run = answered().file("key", format!("{KEY}\n")).args(["--api-key-file", "key"]);
    assert_eq!(sent(run), Some(format!("Bearer {KEY}")));
}

#[test]
#[cfg(unix)]
fn key_command_is_run_by_the_shell() {
    let run =
        answered().args(["--api-key-command", "printf %s sk-; echo marked-0123456789"]).env("PATH", "/usr/bin:/bin");
    assert_eq!(sent(run), Some(format!("Bearer {KEY}")));
}

#[test]
fn key_variable_is_named() {
    let run = answered().args(["--api-key-env", "MY_KEY"]).env("MY_KEY", KEY).env("OPENAI_API_KEY", "sk-other");
    assert_eq!(sent(run), Some(format!("Bearer {KEY}")));
}

#[test]
fn no_key_sends_none() {
    assert_eq!(sent(answered().args(["--no-key"]).env("OPENAI_API_KEY", KEY)), None);
}

#[test]
fn key_of_a_preset_does_not_follow_another_url() {
    let run = answered().args(["-p", "groq"]).env("GROQ_API_KEY", KEY).env("OPENAI_API_KEY", KEY);
    let request = run.ends(0, "x\n", "lmpipe: GROQ_API_KEY is not sent to 127.0.0.1: it belongs to provider groq: name it with a key flag to send it there\n").request();
    assert_eq!(request.header("authorization"), None);
}

#[test]
#[cfg(unix)]
fn key_file_that_others_may_read_is_said() {
    let run = answered().file("key", KEY).mode("key", 0o644).args(["--api-key-file", "key"]);
    run.ends(
        0,
        "x\n",
        "lmpipe: key file 'key' (from --api-key-file) can be read by other users: chmod 600 closes it\n",
    );
}

#[test]
fn empty_key_file_exits_2() {
    refused(&["--api-key-file", "key"])
        .file("key", "\n")
        .fails(2, "key file 'key' (from --api-key-file): the file is empty");
}

#[test]
fn missing_key_file_exits_2() {
    refused(&["--api-key-file", "key"]).fails(2, "key file 'key' (from --api-key-file): no such file or directory");
}

#[test]
fn key_file_with_two_lines_exits_2_without_quoting_them() {
    refused(&["--api-key-file", "key"]).file("key", format!("{KEY}\n{KEY}\n")).fails(2, "key file 'key' (from --api-key-file): the key has a blank, a line break, a control character or a letter outside ASCII: a key is one word; it is not shown here");
}

#[test]
#[cfg(unix)]
fn failing_key_command_exits_3() {
    refused(&["--api-key-command", "exit 3"])
        .env("PATH", "/usr/bin:/bin")
        .fails(3, "key command 'exit 3' (from --api-key-command): ended with status 3");
}

#[test]
fn unset_key_variable_exits_3() {
    refused(&["--api-key-env", "MY_KEY"]).fails(3, "no key for http://SERVER/v1 (provider openai): MY_KEY is not set: set it, or name the key with --api-key-file, --api-key-command or --api-key-env");
}

/// A run that must fail before its request leaves.
fn refused(words: &[&str]) -> Run {
    let server = Server::untouched();
    Run::new(["-b", &server.url(), "-m", "m", "hi"]).args(words).beside(server)
}

#[test]
fn preset_without_its_key_exits_3_naming_the_variable() {
    Run::new(["-p", "groq", "-m", "m", "hi"]).fails(3, "no key for https://api.groq.com/openai/v1 (provider groq): GROQ_API_KEY is not set: set it, or name the key with --api-key-file, --api-key-command or --api-key-env");
}

#[test]
fn key_over_plain_http_to_another_machine_exits_2() {
    Run::new(["-b", "http://192.0.2.1/v1", "-m", "m", "hi"]).env("OPENAI_API_KEY", KEY).fails(2, "base URL 'http://192.0.2.1/v1' (from --base-url): OPENAI_API_KEY would cross the network in the clear: --no-key sends none, --allow-plain-http sends it all the same");
}

#[test]
fn key_never_goes_to_a_proxy_in_the_clear_for_what_only_may_be_this_machine() {
    for host in ["0.0.0.0:8000", "[::]:8000", "ollama.localhost:11434"] {
        let proxy = Server::untouched();
        let run = Run::new(["-b", &format!("http://{host}/v1"), "-m", "m", "hi"]).env("HTTP_PROXY", proxy.origin());
        run.env("OPENAI_API_KEY", KEY).beside(proxy).fails(2, &format!("base URL 'http://{host}/v1' (from --base-url): OPENAI_API_KEY would cross the network in the clear: --no-key sends none, --allow-plain-http sends it all the same"));
    }
}

#[test]
fn header_with_a_credential_stays_off_plain_http() {
    for name in ["Authorization", "X-Auth-Token", "Cookie", "apikey", "Ocp-Apim-Subscription-Key"] {
        let run = Run::new(["-b", "http://192.0.2.1/v1", "-m", "m", "--no-key", "-H", &format!("{name}: {KEY}"), "hi"]);
        run.fails(2, &format!("base URL 'http://192.0.2.1/v1' (from --base-url): header '{name}' (from --header) would cross the network in the clear: leave it away, --allow-plain-http sends it all the same"));
    }
}

#[test]
fn allow_plain_http_sends_the_key_all_the_same() {
    // A proxy stands in for the network that is not there.
    let proxy = Server::new([chat("x")]);
    let words = ["-b", "http://192.0.2.1/v1", "-m", "m", "--allow-plain-http", "--proxy", &proxy.origin(), "hi"];
    let request = Run::new(words).env("OPENAI_API_KEY", KEY).beside(proxy).gives("x\n").request();
    assert_eq!(request.line, "POST http://192.0.2.1/v1/chat/completions HTTP/1.1");
    assert_eq!(request.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
}

#[test]
fn names_of_loopback_are_no_other_machine() {
    let server = Server::new([chat("x")]);
    let url = format!("http://localhost:{}/v1", server.address().port());
    let run = Run::new(["-b", &url, "-m", "m", "hi"]).env("OPENAI_API_KEY", KEY).beside(server);
    assert_eq!(sent(run), Some(format!("Bearer {KEY}")));
}

#[test]
fn login_in_the_url_exits_2_without_quoting_it() {
    Run::new(["-b", &format!("https://user:{KEY}@h.example/v1"), "-m", "m", "hi"]).fails(2, "base URL 'https://…@h.example/v1' (from --base-url): it has a user name or password: name the key with --api-key-env, --api-key-file or -H: a base URL looks like http://SERVER/v1");
}

#[test]
#[cfg(unix)]
fn key_is_never_seen() {
    let words: [&[&str]; 12] = [
        &["hi"],
        &["-v", "hi"],
        &["-v", "--stream", "hi"],
        &["-O", "json", "hi"],
        &["-O", "events", "hi"],
        &["--meta", "meta.json", "hi"],
        &["--errors", "json", "-v", "hi"],
        &["--print", "request", "-v", "hi"],
        &["--print", "curl", "-v", "hi"],
        &["--print", "config", "hi"],
        &["--list-models", "-v"],
        &["--nonsense"],
    ];
    let answers: [fn() -> Vec<u8>; 5] = [
        || chat("x"),
        || chat_stream(&["x"]),
        || models(&["m"]),
        || error(401, &format!("Incorrect API key provided: {KEY}."), Some("invalid_api_key")),
        || reply(302, &[&format!("Location: https://elsewhere.example/?key={KEY}")], ""),
    ];
    for words in words {
        for answer in answers {
            for place in ["variable", "file", "command", "header"] {
                // How often the server is asked is another test's claim: it answers as long as it is asked.
                let server = Server::always(answer());
                let run = Run::new(["-b", &server.url(), "-m", "m", "--retries", "0"]).args(words);
                let finished = keyed(run, place).beside(server).finish();
                assert!(!seen(&finished), "{words:?}, key in a {place}: {}{}", finished.stdout(), finished.stderr());
            }
        }
    }
}

/// The run with the key in one of the places it can be.
#[cfg(unix)]
fn keyed(run: Run, place: &str) -> Run {
    match place {
        "variable" => run.env("OPENAI_API_KEY", KEY),
        "file" => run.file("key", KEY).args(["--api-key-file", "key"]),
        "command" => run.args(["--api-key-command", "cat key"]).file("key", KEY).env("PATH", "/usr/bin:/bin"),
        _ => run.args(["-H", &format!("Authorization: Bearer {KEY}")]),
    }
}

/// Whether the key is in anything the run left behind.
fn seen(finished: &Finished) -> bool {
    let files = fs::read_dir(finished.folder()).expect("the run's folder is there").flatten();
    let written = files.filter(|entry| entry.file_name() != "key").map(|entry| entry.path());
    let mut places: Vec<Vec<u8>> = written.filter_map(|path| fs::read(path).ok()).collect();
    places.extend([finished.stdout.clone(), finished.stderr.clone()]);
    places.iter().any(|bytes| String::from_utf8_lossy(bytes).contains(KEY))
}
