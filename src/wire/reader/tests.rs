//! Recorded replies in every split and cut at every byte; bodies that are not what was asked for.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use proptest::prelude::{ProptestConfig, Strategy, prop, prop_assert, prop_assert_eq, proptest};

use super::ReplyReader;
use crate::request::Dialect;
use crate::response::{Headers, Piece, Response};
use crate::wire::refusal::refusal;
use crate::wire::tests::scripted::{Fixture, PLACE, fixtures, read, read_pieces};

fn chat_line(body: impl AsRef<[u8]>) -> Option<String> {
    read(Dialect::Chat, body).failure.map(|failure| format!("{} {}", failure.kind.exit(), failure.line()))
}

#[test]
fn every_fixture_says_what_it_should() {
    for fixture in fixtures() {
        let outcome = read(fixture.dialect(), &fixture.body);
        let name = &fixture.name;
        let want = &fixture.want;
        let Some(exit) = want.get("exit") else {
            assert!(outcome.failure.is_none(), "{name}: {:?}", outcome.failure);
            assert_eq!(&outcome.told(), want, "{name}");
            continue;
        };
        let failure = outcome.failure.unwrap_or_else(|| panic!("{name} should fail"));
        assert_eq!(outcome.response.text, want["text"], "{name}");
        assert_eq!(failure.kind.exit(), exit.as_u64().expect("an exit code") as u8, "{name}: {failure:?}");
        let reply = &failure.reply;
        let found = serde_json::json!({
            "status": reply.status, "code": reply.code, "transient": failure.transient,
            "retryable": failure.retryable, "why": failure.why,
            "retry_after": reply.retry_after.map(|wait| wait.as_secs_f64()),
        });
        for (key, value) in found.as_object().expect("an object") {
            if let Some(want) = want.get(key) {
                assert_eq!(value, want, "{name}: {key}");
            }
        }
    }
}

#[test]
fn every_file_of_the_fixture_folders_is_a_fixture() {
    let known: Vec<String> = fixtures().into_iter().map(|fixture| fixture.name).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire");
    for api in ["chat", "responses"] {
        for server in fs::read_dir(root.join(api)).expect("the folder is there").flatten() {
            for file in fs::read_dir(server.path()).expect("a folder for each server").flatten() {
                let path = file.path();
                let name = path.strip_prefix(&root).expect("it lies below").to_string_lossy().replace('\\', "/");
                assert!(known.contains(&name), "{name} has no expectation");
            }
        }
    }
}

#[test]
fn every_fixture_reads_the_same_byte_by_byte() {
    for Fixture { name, body, .. } in &fixtures() {
        let dialect = if name.starts_with("chat/") { Dialect::Chat } else { Dialect::Codex };
        assert_eq!(read_pieces(dialect, body.chunks(1)).facts(), read(dialect, body).facts(), "{name}");
    }
}

#[test]
fn closing_after_every_byte_gives_a_prefix_and_a_failure() {
    for fixture in fixtures() {
        let whole = read(fixture.dialect(), &fixture.body);
        let mut reader = ReplyReader::new(fixture.dialect(), PLACE, 1 << 20);
        let mut response = Response::default();
        let mut was_whole = false;
        for (end, byte) in fixture.body.iter().enumerate() {
            let name = format!("{} cut at {end}", fixture.name);
            let mut cut = response.clone();
            let closed = reader.clone().finish(&mut |piece| {
                cut.add(&piece);
                Ok(())
            });
            assert!(whole.response.text.starts_with(&cut.text) || whole.response.restated, "{name}");
            // Once it is whole it stays whole, and nothing is missing.
            assert!(closed.is_ok() >= was_whole || whole.failure.is_some(), "{name}");
            if closed.is_ok() && whole.failure.is_none() {
                assert_eq!((&cut.text, cut.calls.len()), (&whole.response.text, whole.response.calls.len()), "{name}");
            }
            was_whole = closed.is_ok();
            let fed = reader.feed(&[*byte], &mut |piece| {
                response.add(&piece);
                Ok(())
            });
            if fed.is_err() {
                break;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_fixture_reads_the_same_in_any_split(sizes in prop::collection::vec(1usize..400, 1..30)) {
        for fixture in fixtures() {
            let mut rest = &fixture.body[..];
            let mut pieces = Vec::new();
            for size in sizes.iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                let (head, tail) = rest.split_at((*size).min(rest.len()));
                pieces.push(head);
                rest = tail;
            }
            let dialect = fixture.dialect();
            prop_assert_eq!(read_pieces(dialect, pieces).facts(), read(dialect, &fixture.body).facts());
        }
    }
}

/// Text of the elements of replies in random order.
fn reply_like() -> impl Strategy<Value = String> {
    let words = [
        "data: ",
        "\n\n",
        "\n",
        "\r\n\r\n",
        "event: error\n",
        "error: ",
        "[DONE]",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "null",
        "0",
        "1.5",
        "{}",
        "\"a\"",
        "\"\\ud800\"",
        "\"choices\":",
        "\"delta\":",
        "\"message\":",
        "\"content\":",
        "\"tool_calls\":",
        "\"function\":",
        "\"arguments\":",
        "\"index\":",
        "\"id\":",
        "\"finish_reason\":",
        "\"error\":",
        "\"usage\":",
        "\"type\":\"response.completed\"",
        "\"type\":\"response.output_text.delta\"",
        "\"type\":\"response.output_item.done\"",
        "\"item\":",
        "\"response\":",
        "\"output\":",
        "\"text\":",
        "data: {\"choices\":[{\"delta\":{\"content\":\"b\"}}]}\n\n",
        "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"function\":{\"name\":\"f\"}}]}}]}\n\n",
        "data: {\"type\":\"response.output_text.delta\",\"delta\":\"b\"}\n\n",
        "<title>",
        "\u{feff}",
    ];
    prop::collection::vec(prop::sample::select(words.to_vec()), 0..25).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn any_body_reads_the_same_byte_by_byte(body in reply_like()) {
        for dialect in [Dialect::Chat, Dialect::Responses] {
            let whole = read(dialect, &body);
            prop_assert_eq!(read_pieces(dialect, body.as_bytes().chunks(1)).facts(), whole.facts());
        }
        let refused = refusal(PLACE, 500, &Headers::default(), body.as_bytes(), SystemTime::UNIX_EPOCH);
        prop_assert!(refused.line().starts_with(PLACE));
    }
}

const CHUNK: &str = r#"{"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"Hi"}}]}"#;
const STOP: &str = r#"{"id":"c","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#;
const WHOLE: &str =
    r#"{"id":"c","model":"m","choices":[{"index":0,"message":{"content":"Hi"},"finish_reason":"stop"}]}"#;

#[test]
fn whole_reply_where_a_stream_was_asked_and_the_other_way_round() {
    let streamed = read(Dialect::Chat, format!("data: {CHUNK}\n\ndata: {STOP}\n\ndata: [DONE]\n\n"));
    let bodies = [
        WHOLE.to_owned(),
        format!("\u{feff}{WHOLE}"),
        format!("\n\r\n  {WHOLE}\n"),
        format!("{WHOLE}\n\ndata: [DONE]\n\n"),
        format!("data: {WHOLE}\n\n"),
        format!("data: {WHOLE}\n\ndata: [DONE]\n\n"),
        format!("\u{feff}data: {CHUNK}\n\ndata: {STOP}\n\n"),
        format!("\n\n: hello\n\ndata: {CHUNK}\r\n\r\ndata: {STOP}\r\r"),
        format!("data: {CHUNK}\n\ndata: {STOP}\n\ndata: [DONE]\n\ndata: {{\"error\":\"late\"}}\n\ndata: null\n\n"),
        format!("data:{CHUNK}\n\ndata:{STOP}\n\n: glued\ndata:[DONE]  \n\n"),
        format!("event: chunk\ndata: {CHUNK}\n\ndata: \n\ndata: null\n\ndata: {STOP}\n\nevent: end\ndata: [DONE]"),
        format!("data: {CHUNK}\n\ndata: {STOP}"),
        format!(
            "data: {{\"id\":\"c\",\"model\":\"m\",\ndata: {}\n\ndata: {STOP}\n\n",
            &CHUNK[r#"{"id":"c","model":"m","#.len()..]
        ),
    ];
    for body in bodies {
        let outcome = read(Dialect::Chat, &body);
        assert!(outcome.failure.is_none(), "{body}: {:?}", outcome.failure);
        assert_eq!(outcome.told(), streamed.told(), "{body}");
    }
}

#[test]
fn terminator_ends_the_reading_at_once() {
    let outcome = read_pieces(Dialect::Chat, [format!("data: {CHUNK}\n\ndata: [DONE]\n\n").as_bytes()]);
    assert!(outcome.is_done);
    let completed = r#"{"type":"response.completed","response":{"id":"r","status":"completed","output":[]}}"#;
    assert!(read(Dialect::Responses, format!("data: {completed}\n\n")).is_done);
}

#[test]
fn done_with_anything_after_it_is_malformed() {
    for data in ["[DONE]x", "[DONE]\ndata: {}", "[DONE"] {
        let line = chat_line(format!("data: {CHUNK}\n\ndata: {data}\n\n"));
        assert_eq!(line, Some(format!("5 {PLACE} sent a reply that makes no sense: not JSON where JSON is due")));
    }
}

#[test]
fn stream_without_its_end_is_cut() {
    let cut = Some(format!("7 {PLACE} cut the answer off: the stream ended before its terminator"));
    let bodies = [
        format!("data: {CHUNK}\n\n"),
        format!("data: {CHUNK}\n\ndata: {}", &STOP[..STOP.len() - 1]),
        ": ping\n\n: ping\n\n".to_owned(),
        "data: \n\n".to_owned(),
        "dat".to_owned(),
    ];
    for body in bodies {
        assert_eq!(chat_line(&body), cut, "{body}");
    }
}

#[test]
fn document_cut_before_its_end_is_a_network_failure() {
    for end in 1..WHOLE.len() {
        let line = chat_line(&WHOLE[..end]);
        assert_eq!(line, Some(format!("7 {PLACE} cut the answer off: it ended before its JSON was whole")), "{end}");
    }
}

#[test]
fn replies_that_make_no_sense_are_the_server_s_failure() {
    let nonsense = |why: &str| format!("5 {PLACE} sent a reply that makes no sense: {why}");
    let no_answer = nonsense("there is no answer in it");
    let not_json = nonsense("not JSON where JSON is due");
    let endless = "<html><title>Welcome</title>".to_owned() + &"<br>".repeat(100_000);
    let rows = [
        ("", format!("5 {PLACE} sent an empty reply")),
        (" \r\n\n", format!("5 {PLACE} sent an empty reply")),
        ("\u{feff}", format!("5 {PLACE} sent an empty reply")),
        ("{}", no_answer.clone()),
        ("[]", nonsense("it is no JSON object")),
        (r#"{"choices":[]}"#, no_answer.clone()),
        (r#"{"choices":null,"usage":{"total_tokens":1}}"#, no_answer.clone()),
        (r#"{"choices":"x"}"#, nonsense("its members have other types than they should")),
        ("data: [DONE]\n\n", no_answer.clone()),
        ("data: {\"choices\":[]}\n\ndata: [DONE]\n\n", no_answer),
        (r#"{"a":1,}"#, not_json.clone()),
        ("{nonsense}", not_json.clone()),
        ("data: {nonsense}\n\n", not_json.clone()),
        ("data: secret words\n\n", not_json),
        ("data: 5\n\n", nonsense("it is no JSON object")),
        ("{} trailing", nonsense("more text follows its JSON")),
        ("upstream connect error", nonsense("neither JSON nor a stream of events")),
        ("ok\n", nonsense("neither JSON nor a stream of events")),
        (endless.as_str(), format!("5 {PLACE} sent no answer: a web page titled 'Welcome'")),
        ("<html><title>Welcome</title></html>", format!("5 {PLACE} sent no answer: a web page titled 'Welcome'")),
    ];
    for (body, want) in rows {
        assert_eq!(chat_line(body), Some(want), "{body}");
    }
}

#[test]
fn reply_of_the_other_api_says_so() {
    let events = read(Dialect::Chat, "data: {\"type\":\"response.created\",\"response\":{}}\n\n").failure;
    let document = read(Dialect::Chat, r#"{"object":"response","output":[]}"#).failure;
    let chat = read(Dialect::Responses, format!("data: {CHUNK}\n\n")).failure;
    let whole = read(Dialect::Codex, WHOLE).failure;
    let line = |failure: Option<crate::failure::Failure>| failure.map(|failure| failure.line());
    let want = |api: &str| Some(format!("{PLACE} answered in the words of another API: try --api {api}"));
    assert_eq!([line(events), line(document)], [want("responses"), want("responses")]);
    assert_eq!([line(chat), line(whole)], [want("chat"), want("chat")]);
}

#[test]
fn replies_beyond_the_limit_are_refused_in_bounded_memory() {
    let long = "x".repeat((1 << 20) + 1);
    let want = format!(
        "5 {PLACE} sent too much: a reply or an event of it is longer than 1048576 bytes: raise the limit with --max-reply"
    );
    for body in [format!("{{\"a\":\"{long}"), format!("data: {long}"), format!("data: {long}\n\n"), format!(": {long}")]
    {
        let pieces = body.as_bytes().chunks(4096);
        let failure = read_pieces(Dialect::Chat, pieces).failure.expect("too long");
        assert_eq!(format!("{} {}", failure.kind.exit(), failure.line()), want);
    }
}

#[test]
fn deep_nesting_is_an_error_or_ignored_and_never_a_crash() {
    let deep = "[".repeat(100_000);
    assert!(chat_line(format!("{{\"error\":{deep}{}}}", "]".repeat(100_000))).is_some());
    assert!(chat_line(&deep).is_some());
    assert!(chat_line(format!("{deep}{}", "]".repeat(100_000))).is_some());
    let harmless = format!("{{\"x\":{deep}{},{}", "]".repeat(100_000), &WHOLE[1..]);
    assert_eq!(read(Dialect::Chat, harmless).response.text, "Hi");
}

#[test]
fn multibyte_text_survives_every_split_and_bad_bytes_are_replaced() {
    let body =
        "data: {\"choices\":[{\"delta\":{\"content\":\"é€🎉\\ud83c\"},\"finish_reason\":\"stop\"}]}\n\n".as_bytes();
    for at in 0..body.len() {
        let outcome = read_pieces(Dialect::Chat, [&body[..at], &body[at..]]);
        assert_eq!(outcome.response.text, "é€🎉\u{fffd}");
    }
    let bad = b"data: {\"choices\":[{\"delta\":{\"content\":\"a\xffb\"},\"finish_reason\":\"stop\"}]}\n\n";
    assert_eq!(read(Dialect::Chat, bad).response.text, "a\u{fffd}b");
    let bad = b"{\"choices\":[{\"message\":{\"content\":\"a\xffb\"}}]}";
    assert_eq!(read(Dialect::Chat, bad).response.text, "a\u{fffd}b");
}

#[test]
fn failure_of_the_sink_ends_the_reading() {
    let mut reader = ReplyReader::new(Dialect::Chat, PLACE, 1 << 20);
    let closed = || crate::failure::Failure::new(crate::failure::Kind::Closed, "the reader left", "");
    let mut told = 0;
    let failure = reader.feed(format!("data: {CHUNK}\n\ndata: {CHUNK}\n\n").as_bytes(), &mut |piece| match piece {
        Piece::Text(_) => Err(closed()),
        _ => {
            told += 1;
            Ok(())
        }
    });
    assert_eq!(failure.map_err(|failure| failure.kind), Err(crate::failure::Kind::Closed));
    assert_eq!(told, 2, "id and model were told before");
}
