//! Images, attachments and history: what becomes a part of the message, and what is refused.

use serde_json::{Value, json};

use crate::replies::{chat, error};
use crate::util::Run;

/// A PNG of one pixel, as far as its first bytes tell.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";

/// The content of the user message a run sends.
#[track_caller]
fn content(run: Run) -> Value {
    run.gives("x\n").request().json()["messages"][0]["content"].clone()
}

/// A run that is answered, with these files at hand.
fn answered() -> Run {
    Run::asking(chat("x"))
        .file("a.dat", PNG)
        .file("b.bin", b"\xff\xd8\xff\xe0\0\x10JFIF\0")
        .file("c.gif", b"GIF89a\x01\0\x01\0")
        .file("d.webp", b"RIFF\x1a\0\0\0WEBPVP8L")
        .file("r.pdf", b"%PDF-1.7\n\xff\xfe")
        .file("s.wav", b"RIFF\x24\0\0\0WAVEfmt ")
        .file("t.mp3", b"ID3\x04\0\0\0\0\0\0")
        .file("n.txt", "some\nnotes\n")
}

/// A run that must fail before its request leaves.
fn unsent(words: &[&str]) -> Run {
    Run::asking_all(Vec::<Vec<u8>>::new()).args(words)
}

/// An image part.
fn image(url: &str) -> Value {
    json!({"type": "image_url", "image_url": {"url": url}})
}

#[test]
fn images_are_told_by_their_first_bytes_and_keep_their_order() {
    let run = answered().args(["-i", "d.webp", "-i", "a.dat", "-i", "c.gif", "-i", "b.bin", "look"]);
    let parts = content(run);
    let media: Vec<&str> =
        parts.as_array().unwrap().iter().filter_map(|part| part["image_url"]["url"].as_str()).collect();
    let media: Vec<&str> = media.into_iter().map(|url| url.split(';').next().unwrap()).collect();
    assert_eq!(media, ["data:image/webp", "data:image/png", "data:image/gif", "data:image/jpeg"]);
}

#[test]
fn image_is_sent_whole_beside_the_prompt() {
    let parts = content(answered().args(["-i", "c.gif", "look"]));
    assert_eq!(parts, json!([{"type": "text", "text": "look"}, image("data:image/gif;base64,R0lGODlhAQABAA==")]));
}

#[test]
fn image_from_stdin_leaves_no_text() {
    let parts = content(answered().args(["-i", "-", "look"]).stdin(b"GIF89a\x01\0\x01\0"));
    assert_eq!(parts, json!([{"type": "text", "text": "look"}, image("data:image/gif;base64,R0lGODlhAQABAA==")]));
}

#[test]
fn image_urls_are_passed_through() {
    for url in ["https://h.example/a.png?x=1", "http://h.example/a", "data:image/png;base64,AAAA"] {
        let parts = content(answered().args(["-i", url, "look"]));
        assert_eq!(parts[1], image(url));
    }
}

#[test]
fn image_detail_is_sent_with_every_image() {
    let parts = content(answered().args(["--image-detail", "low", "-i", "https://h.example/a.png", "look"]));
    assert_eq!(parts[1]["image_url"]["detail"], "low");
}

#[test]
fn attachments_become_their_own_kind_of_part() {
    let run = answered().args(["-a", "r.pdf", "-a", "s.wav", "-a", "t.mp3", "-a", "n.txt", "-a", "a.dat", "look"]);
    let parts = content(run);
    let kinds: Vec<&str> = parts.as_array().unwrap().iter().map(|part| part["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["text", "file", "input_audio", "input_audio", "text", "image_url"]);
    assert_eq!(parts[1]["file"]["filename"], "r.pdf");
    assert!(parts[1]["file"]["file_data"].as_str().unwrap().starts_with("data:application/pdf;base64,JVBERi"));
    assert_eq!(
        (&parts[2]["input_audio"]["format"], &parts[3]["input_audio"]["format"]),
        (&json!("wav"), &json!("mp3"))
    );
    let text = parts[4]["text"].as_str().unwrap();
    assert!(text.contains("n.txt") && text.ends_with("some\nnotes\n"), "{text}");
}

#[test]
fn image_that_is_none_exits_2_naming_what_it_looks_like() {
    unsent(&["-i", "x.png", "look"])
        .file("x.png", "%PDF-1.7")
        .fails(2, "cannot send 'x.png' (from --image): it looks like a PDF document: send it with --attach");
    unsent(&["-i", "x.png", "look"]).file("x.png", "<svg xmlns=\"\">").fails(
        2,
        "cannot send 'x.png' (from --image): it looks like an SVG drawing: an image is PNG, JPEG, GIF or WebP",
    );
    unsent(&["-i", "x.png", "look"])
        .file("x.png", "")
        .fails(2, "cannot send 'x.png' (from --image): it is empty: an image is PNG, JPEG, GIF or WebP");
}

#[test]
fn missing_image_exits_2() {
    unsent(&["-i", "gone.png", "look"]).fails(2, "cannot read 'gone.png' (from --image): no such file or directory");
}

#[test]
fn attachment_of_an_unknown_kind_exits_2() {
    unsent(&["-a", "x.zip", "look"]).file("x.zip", b"PK\x03\x04\xff\xfe").fails(2, "cannot send 'x.zip' (from --attach): it looks like a ZIP archive or an Office document: what can be attached is PNG, JPEG, GIF, WebP, PDF, WAV, MP3 and UTF-8 text");
}

#[test]
fn part_the_server_refuses_exits_4_with_its_words_and_what_to_send_instead() {
    for (file, bytes, hint) in [
        (
            "r.pdf",
            &b"%PDF-1.7"[..],
            "send the document's text (pdftotext FILE - | lmpipe ...), or ask a model that reads PDF",
        ),
        ("s.wav", b"RIFF....WAVE", "send what is said as text, or ask a model that hears"),
        ("a.gif", b"GIF89a", "ask a model that sees images"),
    ] {
        let refused = error(400, "unsupported content[].type", None);
        Run::asking(refused)
            .args(["-a", file, "look"])
            .file(file, bytes)
            .fails(4, &format!("http://SERVER/v1 answered 400 Bad Request: unsupported content[].type: {hint}"));
    }
}

#[test]
fn stdin_as_image_and_prompt_file_exits_2_naming_both() {
    unsent(&["-i", "-", "--prompt-file", "-"])
        .stdin(PNG)
        .fails(2, "--prompt-file - and --image -: stdin can be read once");
}

#[test]
fn history_comes_first_and_unchanged() {
    let history = json!([
        {"role": "system", "content": "be brief"},
        {"role": "user", "content": "hi", "name": "ada"},
        {"role": "assistant", "content": "hello", "odd": [1, 2.50]},
    ]);
    let run = Run::asking(chat("x")).file("h.json", history.to_string()).args(["--messages", "h.json", "and", "now?"]);
    let mut expected = history.as_array().unwrap().clone();
    expected.push(json!({"role": "user", "content": "and now?"}));
    assert_eq!(run.gives("x\n").request().json()["messages"], Value::Array(expected));
}

#[test]
fn history_may_be_an_object_with_messages() {
    let history = r#"{"messages":[{"role":"user","content":"hi"}]}"#;
    let run = Run::asking(chat("x")).file("h.json", history).args(["--messages", "h.json"]);
    assert_eq!(run.gives("x\n").request().json()["messages"], json!([{"role": "user", "content": "hi"}]));
}

#[test]
fn conversation_goes_on_from_its_saved_history() {
    let first = Run::asking(chat("hello")).args(["--save-messages", "h.json", "hi"]).gives("hello\n");
    let history = first.file("h.json").unwrap();
    let messages: Value = serde_json::from_slice(&history).unwrap();
    assert_eq!(messages, json!([{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]));
}

#[test]
fn history_that_ends_in_an_answer_exits_2_without_a_prompt() {
    let history = r#"[{"role":"user","content":"hi"},{"role":"assistant","content":"hello"}]"#;
    unsent(&["--messages", "h.json"]).file("h.json", history).fails(2, "'h.json' (from --messages): its last message is of role 'assistant', and there is no prompt after it: give a prompt");
}

#[test]
fn history_that_is_none_exits_2() {
    for history in ["{", "42", "[1]", r#"[{"content":"x"}]"#] {
        let finished = unsent(&["--messages", "h.json", "hi"]).file("h.json", history).finish();
        assert_eq!((finished.code(), finished.stdout().as_str()), (2, ""), "{history}: {}", finished.stderr());
    }
}
