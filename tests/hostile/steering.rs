//! Text made to steer a terminal: cursor, title, clipboard, the direction of a line.

use proptest::prelude::{any, prop};
use proptest::{prop_assert, proptest};
use serde_json::{Value, json};

use crate::inside::{Terminals, run};
use crate::replies::{DONE, chat, completion, error, event, finish, json_reply, models, reply, stream_of};
use crate::server::Server;

/// Every stream is a terminal.
const ALL: Terminals = Terminals { stdin: true, stdout: true, stderr: true, plain: false };

/// Sequences that move the cursor, set the title, write the clipboard, answer on stdin, and every single control.
fn mean() -> String {
    let controls = (0..0x20).chain(0x7f..0xa0).filter_map(char::from_u32);
    let bidi = "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}";
    let lines = "\u{2028}\u{2029}";
    let sequences =
        "\x1b[2J\x1b]0;title\x07\x1b]52;c;cm0gLXJm\x1b\\\u{9b}6n\u{9d}0;title\u{9c}\x1bP+q\x1b\\\r\nfirst\rlast";
    controls.chain(bidi.chars()).chain(lines.chars()).chain(sequences.chars()).collect()
}

/// The first character in `text` that a terminal would obey; a line's end and a tab are nothing to obey.
fn obeyed(text: &str) -> Option<char> {
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let is_bidi = matches!(
            character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        );
        let is_line_end = character == '\n' || (character == '\r' && characters.peek() == Some(&'\n'));
        if (character.is_control() && !is_line_end && character != '\t') || is_bidi {
            return Some(character);
        }
    }
    None
}

/// Asks a server that always answers this, with every stream a terminal; returns both streams.
fn shown(answer: &[u8], words: &[&str]) -> String {
    let server = Server::always(answer.to_vec());
    let url = server.url();
    let words = [&["-b", &url, "-m", "m", "--no-key", "--retries", "0", "--color", "never"], words].concat();
    let (_, stdout, stderr) = run(&words, &[], ALL);
    stdout + &stderr
}

/// Demands that this answer, asked for with each set of words, is shown somewhere, and harmless.
#[track_caller]
fn harmless(answer: &[u8], flags: &[&[&str]]) {
    for words in flags {
        let text = shown(answer, words);
        assert_eq!(obeyed(&text), None, "{words:?}: {text:?}");
        assert!(text.contains("title"), "{words:?} show nothing of it: {text:?}");
    }
}

/// A whole reply with this message.
fn message(message: &Value, finish: &str) -> Vec<u8> {
    json_reply(200, &json!({"choices": [{"index": 0, "message": message, "finish_reason": finish}]}))
}

/// A stream with this delta.
fn stream(delta: &Value, reason: &str) -> Vec<u8> {
    stream_of(&[&event(&json!({"choices": [{"index": 0, "delta": delta}]})), &finish(reason), DONE])
}

#[test]
fn answers_cannot_steer_a_terminal() {
    let flags: [&[&str]; 4] = [&["hi"], &["--no-stream", "hi"], &["-O", "json", "hi"], &["-O", "events", "hi"]];
    harmless(&chat(&mean()), &flags);
    harmless(&stream(&json!({"content": mean()}), "stop"), &flags);
    harmless(&json_reply(200, &completion(&mean(), "length")), &flags);
}

#[test]
fn documents_cannot_steer_a_terminal() {
    // As JSON strings hold them: C0 escaped, all others as they are.
    let document = json!({"title": mean(), mean(): [mean()]}).to_string();
    harmless(&chat(&document), &[&["--json", "hi"], &["-S", "{}", "hi"], &["-O", "json", "--json", "hi"]]);
    let list = json!({"items": [{"title": mean()}]}).to_string();
    harmless(&chat(&list), &[&["-S", "{}", "--each", "hi"]]);
    let text = shown(&chat(&mean()), &["--json", "hi"]);
    assert_eq!(obeyed(&text), None, "{text:?}");
}

#[test]
fn violations_cannot_steer_a_terminal() {
    let schema = r#"{"type": "object", "additionalProperties": {"type": "integer"}}"#;
    let document = json!({"title": mean(), mean(): mean()}).to_string();
    harmless(&chat(&document), &[&["-S", schema, "hi"], &["-S", schema, "--errors", "json", "hi"]]);
}

#[test]
fn reasoning_and_refusals_cannot_steer_a_terminal() {
    let thought = json!({"reasoning_content": mean(), "content": "x"});
    harmless(&message(&thought, "stop"), &[&["-r", "hi"], &["-r", "--no-stream", "hi"]]);
    harmless(&stream(&thought, "stop"), &[&["-r", "hi"]]);
    let refusal = json!({"refusal": mean()});
    harmless(&message(&refusal, "stop"), &[&["hi"], &["--errors", "json", "hi"]]);
    harmless(&stream(&refusal, "stop"), &[&["hi"], &["-O", "events", "hi"]]);
}

#[test]
fn finish_reasons_cannot_steer_a_terminal() {
    harmless(&message(&json!({"content": null}), &mean()), &[&["hi"], &["-O", "json", "hi"]]);
}

#[test]
fn tool_calls_cannot_steer_a_terminal() {
    let arguments = json!({"title": mean()}).to_string();
    let call =
        json!({"index": 0, "id": mean(), "type": "function", "function": {"name": mean(), "arguments": arguments}});
    let calls = json!({"content": mean(), "tool_calls": [call]});
    harmless(&message(&calls, "tool_calls"), &[&["hi"], &["--no-stream", "hi"], &["-O", "events", "hi"]]);
    harmless(&stream(&calls, "tool_calls"), &[&["hi"]]);
    let broken = json!({"id": "1", "type": "function", "function": {"name": mean(), "arguments": mean()}});
    harmless(&message(&json!({"tool_calls": [broken]}), "tool_calls"), &[&["hi"]]);
}

#[test]
fn models_cannot_steer_a_terminal() {
    let list = models(&[&mean(), "other"]);
    harmless(&list, &[&["--list-models"], &["--list-models", "-O", "json"]]);
}

#[test]
fn errors_cannot_steer_a_terminal() {
    let flags: [&[&str]; 3] = [&["hi"], &["-v", "hi"], &["--errors", "json", "hi"]];
    for status in [400, 401, 404, 429, 500] {
        harmless(&error(status, &mean(), Some("title")), &flags);
    }
    harmless(&error(400, "title", Some(&mean())), &flags);
    harmless(&json_reply(200, &json!({"error": {"message": mean()}})), &flags);
    harmless(&json_reply(500, &json!({"detail": [{"loc": [mean()], "msg": mean()}]})), &flags);
    harmless(&json_reply(500, &json!({"error": mean()})), &flags);
    harmless(&stream_of(&[&event(&json!({"error": {"message": mean()}}))]), &flags);
}

#[test]
fn pages_cannot_steer_a_terminal() {
    let page = format!("<html><title>title {}</title>", mean());
    harmless(&reply(502, &["Content-Type: text/html"], page), &[&["hi"]]);
    harmless(&reply(500, &["Content-Type: text/plain"], format!("title {}", mean())), &[&["hi"]]);
}

#[test]
fn headers_cannot_steer_a_terminal() {
    // Only C1 and bidi controls can stand in a header; a head with others is no HTTP.
    let text = "title\u{9b}2J\u{202e}";
    let headers = [format!("Location: https://{text}.example/"), format!("X-Request-Id: {text}")];
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    for status in [302, 500] {
        let text = shown(&reply(status, &headers, ""), &["-v", "hi"]);
        assert_eq!(obeyed(&text), None, "{text:?}");
    }
}

proptest! {
    #[test]
    fn no_text_however_cut_steers_a_terminal(stretches in prop::collection::vec(any::<String>(), 1..5)) {
        let events: Vec<String> = stretches.iter().map(|stretch| crate::replies::delta(stretch)).collect();
        let events: Vec<&str> = events.iter().map(String::as_str).chain([DONE]).collect();
        let text = shown(&stream_of(&events), &["hi"]);
        prop_assert!(obeyed(&text).is_none(), "{:?}", text);
    }
}
