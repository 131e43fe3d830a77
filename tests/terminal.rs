//! What only terminals see, told to the library by a [`World`]: streaming by default, escaped text, colour.

use crate::inside::{Terminals, run};
use crate::replies::{chat, chat_stream, delta, error, stream_of};
use crate::server::{Request, Server};

/// A run against a server that answers once, and what it was asked.
fn ask(answer: Vec<u8>, words: &[&str], terminals: Terminals) -> ((u8, String, String), Request) {
    let server = Server::new([answer]);
    let url = server.url();
    let words = [&["-b", &url, "-m", "m", "--no-key", "hi"], words].concat();
    (run(&words, &[], terminals), server.request())
}

#[test]
fn terminal_is_streamed_to() {
    let terminals = Terminals { stdout: true, ..Terminals::default() };
    let (ended, request) = ask(chat_stream(&["x"]), &[], terminals);
    assert_eq!((ended, request.json()["stream"].clone()), ((0, "x\n".into(), String::new()), true.into()));
}

#[test]
fn no_stream_holds_on_a_terminal() {
    let terminals = Terminals { stdout: true, ..Terminals::default() };
    assert_eq!(ask(chat("x"), &["--no-stream"], terminals).1.json()["stream"], false);
}

#[test]
fn model_text_cannot_steer_a_terminal() {
    let text = "a\u{1b}]0;x\u{7}b\u{9b}2Jc\u{202e}d\re\tf\r\ng";
    let terminals = Terminals { stdout: true, ..Terminals::default() };
    let escaped = "a\\x1b]0;x\\x07b\\x9b2Jc\\u{202e}d\\re\tf\r\ng\n";
    assert_eq!(ask(chat_stream(&[text]), &[], terminals).0, (0, escaped.into(), String::new()));
    assert_eq!(ask(chat(text), &["--no-stream"], terminals).0, (0, escaped.into(), String::new()));
}

#[test]
fn escape_sequence_cut_into_stretches_cannot_steer_a_terminal() {
    let terminals = Terminals { stdout: true, ..Terminals::default() };
    let (ended, _) = ask(chat_stream(&["a\u{1b}", "[2J", "\r", "\n", "\r", "b"]), &[], terminals);
    assert_eq!(ended, (0, "a\\x1b[2J\r\n\\rb\n".into(), String::new()));
}

#[test]
fn pipe_gets_the_bytes_as_they_are() {
    let text = "a\u{1b}[31m\u{202e}";
    assert_eq!(ask(chat(text), &[], Terminals::default()).0, (0, format!("{text}\n"), String::new()));
}

#[test]
fn server_words_cannot_steer_a_terminal() {
    let terminals = Terminals { stderr: true, ..Terminals::default() };
    let ((code, stdout, stderr), _) = ask(error(400, "a\u{1b}[2Jb\u{202e}", None), &["--color", "never"], terminals);
    assert_eq!((code, stdout.as_str()), (4, ""));
    assert!(stderr.contains("a\\x1b[2Jb\\u{202e}") && !stderr.contains('\u{1b}'), "{stderr}");
}

#[test]
fn failure_after_streamed_text_begins_a_line_of_its_own_on_a_terminal() {
    let terminals = Terminals { stdout: true, stderr: true, ..Terminals::default() };
    let cut = stream_of(&[&delta("Once")]);
    let ((code, stdout, _), _) = ask(cut, &["--color", "never"], terminals);
    assert_eq!((code, stdout.as_str()), (7, "Once\n"));
}

#[test]
fn colour_is_for_terminals_that_want_it() {
    let words = ["-b", "http://127.0.0.1:1/v1", "-m", "m", "--no-key", "--retries", "0", "hi"];
    let colored = |env: &[(&str, &str)], words: &[&str], stderr: bool| {
        run(words, env, Terminals { stderr, ..Terminals::default() }).2.contains('\u{1b}')
    };
    assert!(colored(&[], &words, true));
    assert!(!colored(&[], &words, false));
    assert!(!colored(&[("NO_COLOR", "1")], &words, true));
    assert!(!colored(&[("TERM", "dumb")], &words, true));
    assert!(colored(&[("NO_COLOR", "1")], &[&words[..], &["--color", "always"]].concat(), false));
    assert!(colored(&[("CLICOLOR_FORCE", "1")], &words, false));
    assert!(!colored(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &words, true));
    assert!(colored(&[], &["--bogus"], true));
    assert!(!colored(&[], &["--bogus", "--color", "never"], true));
}

#[test]
fn terminal_that_knows_no_escapes_gets_none_unless_told_to() {
    let plain = Terminals { stderr: true, plain: true, ..Terminals::default() };
    assert!(!run(&["--bogus"], &[], plain).2.contains('\u{1b}'));
    assert!(run(&["--bogus", "--color", "always"], &[], plain).2.contains('\u{1b}'));
}

#[test]
fn terminal_stdin_and_no_prompt_exits_2() {
    let terminals = Terminals { stdin: true, stdout: true, stderr: true, ..Terminals::default() };
    let ended = run(&["-b", "http://127.0.0.1:1/v1", "-m", "m", "--no-key", "--color", "never"], &[], terminals);
    assert_eq!(ended, (2, String::new(), "lmpipe: no prompt: stdin is a terminal: give one: lmpipe \"your question\", or pipe text in; --help shows more\n".into()));
}

#[test]
fn terminal_stdin_is_not_read() {
    let terminals = Terminals { stdin: true, ..Terminals::default() };
    assert_eq!(ask(chat("x"), &[], terminals).1.prompt(), "hi");
}

#[test]
fn json_is_indented_on_a_terminal() {
    let terminals = Terminals { stdout: true, ..Terminals::default() };
    let (ended, _) = ask(chat("{\"a\":[1]}"), &["--json", "--no-stream"], terminals);
    assert_eq!(ended, (0, "{\n  \"a\": [\n    1\n  ]\n}\n".into(), String::new()));
}
