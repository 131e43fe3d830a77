//! Every deviation of docs/wire.md §2.3 that is not a fixture.

use crate::request::Dialect;
use crate::response::{Finish, Piece, Response};
use crate::wire::tests::scripted::{Outcome, PLACE, read};

/// Reads a stream of these events and nothing else.
fn stream(events: &[&str]) -> Outcome {
    read(Dialect::Responses, events.iter().map(|event| format!("data: {event}\n\n")).collect::<String>())
}

/// The response to these events, which must be complete.
fn told(events: &[&str]) -> Response {
    let outcome = stream(events);
    assert!(outcome.failure.is_none(), "{events:?}: {:?}", outcome.failure);
    outcome.response
}

/// The line of the failure the events end in.
fn line(events: &[&str]) -> Option<(u8, String)> {
    stream(events).failure.map(|failure| (failure.kind.exit(), failure.line()))
}

fn completed(output: &str) -> String {
    format!(r#"{{"type":"response.completed","response":{{"status":"completed","output":{output}}}}}"#)
}

const DELTA: &str = r#"{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"ab"}"#;
const END: &str = r#"{"type":"response.completed","response":{"status":"completed"}}"#;

#[test]
fn text_comes_from_whatever_tells_it() {
    let message = r#"{"type":"message","content":[{"type":"output_text","text":"ab"}]}"#;
    let text_done = r#"{"type":"response.output_text.done","output_index":0,"content_index":0,"text":"ab"}"#;
    let part_done = r#"{"type":"response.content_part.done","output_index":0,"content_index":0,"part":{"type":"output_text","text":"ab"}}"#;
    let item_done = &format!(r#"{{"type":"response.output_item.done","output_index":0,"item":{message}}}"#);
    let terminal = &completed(&format!("[{message}]"));
    let rows: &[&[&str]] = &[
        &[DELTA, END],
        &[text_done, END],
        &[part_done, END],
        &[item_done, END],
        &[terminal],
        &[DELTA, text_done, part_done, item_done, terminal],
        &[text_done, terminal],
        &[item_done, terminal],
        &[DELTA, r#"{"type":"response.done","response":{"output":[]}}"#],
        &[DELTA, r#"{"type":"response.completed"}"#],
        &[&format!(r#"{{"object":"response","status":"completed","output":[{message}]}}"#)],
    ];
    for events in rows {
        let response = told(events);
        let facts = (response.text.as_str(), response.finish, response.restated);
        assert_eq!(facts, ("ab", Some(Finish::Stop), false), "{events:?}");
    }
}

#[test]
fn later_statement_that_says_more_adds_the_rest() {
    let more = r#"{"type":"response.output_text.done","output_index":0,"content_index":0,"text":"abc"}"#;
    let outcome = stream(&[DELTA, more, END]);
    let texts: Vec<Piece<'_>> = outcome.pieces.into_iter().filter(|piece| matches!(piece, Piece::Text(_))).collect();
    assert_eq!(texts, [Piece::Text("ab".into()), Piece::Text("c".into())]);
    let terminal = completed(r#"[{"type":"message","content":[{"type":"output_text","text":"abcd"}]}]"#);
    assert_eq!(told(&[DELTA, &terminal]).text, "abcd");
}

#[test]
fn later_statement_that_differs_restates_the_answer_once() {
    let done = r#"{"type":"response.output_text.done","output_index":0,"content_index":0,"text":"AB"}"#;
    let terminal = &completed(r#"[{"type":"message","content":[{"type":"output_text","text":"AB"}]}]"#);
    for events in [&[DELTA, done, END][..], &[DELTA, terminal], &[DELTA, done, terminal]] {
        let outcome = stream(events);
        let restated = outcome.pieces.iter().filter(|piece| matches!(piece, Piece::Restated(_))).count();
        assert_eq!((outcome.response.text.as_str(), restated), ("AB", 1), "{events:?}");
    }
}

#[test]
fn final_output_without_text_takes_nothing_back() {
    let reasoning = completed(r#"[{"type":"reasoning","summary":[]},{"type":"web_search_call","status":"completed"}]"#);
    assert_eq!(told(&[DELTA, &reasoning]).text, "ab");
}

#[test]
fn parts_are_kept_apart_by_their_indices() {
    let delta = |output: u64, content: u64, text: &str| {
        format!(
            r#"{{"type":"response.output_text.delta","item_id":"x","output_index":{output},"content_index":{content},"delta":"{text}"}}"#
        )
    };
    let terminal = completed(
        r#"[{"type":"message","content":[{"type":"output_text","text":"a"},{"type":"output_text","text":"b"}]},
            {"type":"message","content":[{"type":"output_text","text":"c"}]}]"#,
    );
    let terminal = terminal.replace('\n', "");
    let response = told(&[&delta(0, 0, "a"), &delta(0, 1, "b"), &delta(4, 0, "c"), &terminal]);
    assert_eq!((response.text.as_str(), response.restated), ("abc", false));
}

#[test]
fn status_outranks_the_name_of_the_event() {
    let rows = [
        (r#"{"type":"response.completed","response":{"status":"incomplete"}}"#, Finish::Length),
        (
            r#"{"type":"response.completed","response":{"status":"incomplete","incomplete_details":{"reason":"content_filter"}}}"#,
            Finish::Filter,
        ),
        (
            r#"{"type":"response.incomplete","response":{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}}}"#,
            Finish::Length,
        ),
        (r#"{"type":"response.incomplete","response":{}}"#, Finish::Length),
        (r#"{"type":"response.incomplete"}"#, Finish::Length),
        (r#"{"type":"response.completed","response":{"status":null}}"#, Finish::Stop),
    ];
    for (event, want) in rows {
        assert_eq!(told(&[DELTA, event]).finish, Some(want), "{event}");
    }
}

#[test]
fn reply_that_did_not_end_well_is_a_failure() {
    for status in ["failed", "cancelled", "queued", "in_progress"] {
        let body = format!(r#"{{"object":"response","status":"{status}","error":null,"output":[]}}"#);
        let failure = read(Dialect::Responses, body).failure.expect("a failure");
        let want = format!("{PLACE} broke the answer off: its status is '{status}'");
        assert_eq!((failure.kind.exit(), failure.line()), (5, want));
    }
    assert_eq!(
        line(&[r#"{"type":"response.failed"}"#]),
        Some((5, format!("{PLACE} broke the answer off: its status is 'failed'")))
    );
}

#[test]
fn stream_without_terminal_event_is_cut_unless_done_is_said() {
    assert_eq!(
        line(&[DELTA]),
        Some((7, format!("{PLACE} cut the answer off: the stream ended before its terminator")))
    );
    assert_eq!(told(&[DELTA, "[DONE]"]).text, "ab");
    assert_eq!(
        line(&["[DONE]"]),
        Some((5, format!("{PLACE} sent a reply that makes no sense: there is no answer in it")))
    );
}

#[test]
fn unknown_events_and_items_are_ignored() {
    let events = [
        r#"{"type":"codex.rate_limits","rate_limits":{}}"#,
        r#"{"type":"response.unheard.of","message":"not an error","detail":"neither"}"#,
        r#"{"type":"vendor:thing","item":5}"#,
        r#"{"type":"response.output_item.added","output_index":0,"item":{"type":"web_search_call","id":"w"}}"#,
        r#"{"type":"response.output_item.done","output_index":0,"item":{"type":"mcp_call","name":"n","arguments":"{}"}}"#,
        r#"{"type":"response.output_item.done","output_index":0,"item":null}"#,
        r#"{"no":"type"}"#,
        r#"{"type":"response.output_text.delta","output_index":1,"delta":null}"#,
        DELTA,
        END,
    ];
    let response = told(&events);
    assert_eq!((response.text.as_str(), response.calls.len()), ("ab", 0));
}

#[test]
fn errors_in_both_shapes_are_reported_once() {
    let flat = r#"{"type":"error","sequence_number":3,"code":"rate_limit_exceeded","message":"slow","param":null}"#;
    let nested = r#"{"type":"error","error":{"type":"x","code":"rate_limit_exceeded","message":"slow"}}"#;
    let codex = r#"{"type":"error","status":429,"error":{"type":"x","message":"slow"}}"#;
    let failed = r#"{"type":"response.failed","response":{"status":"failed","error":{"code":"rate_limit_exceeded","message":"slow"}}}"#;
    for events in [&[flat, failed][..], &[nested, failed], &[codex], &[failed]] {
        assert_eq!(line(events), Some((6, format!("{PLACE} reported an error in its answer: slow"))), "{events:?}");
    }
}

#[test]
fn arguments_come_from_whatever_tells_them() {
    let item = |arguments: &str| {
        format!(r#"{{"type":"function_call","id":"fc","call_id":"c","name":"f","arguments":{arguments}}}"#)
    };
    let added = &format!(r#"{{"type":"response.output_item.added","output_index":0,"item":{}}}"#, item("\"\""));
    let delta = |text: &str| {
        format!(
            r#"{{"type":"response.function_call_arguments.delta","output_index":0,"item_id":"fc","delta":"{text}"}}"#
        )
    };
    let (first, second) = (&delta("{"), &delta("}"));
    let done = r#"{"type":"response.function_call_arguments.done","output_index":0,"item_id":"fc","arguments":"{}"}"#;
    let item_done = &format!(r#"{{"type":"response.output_item.done","output_index":0,"item":{}}}"#, item("\"{}\""));
    let object = &format!(r#"{{"type":"response.output_item.done","output_index":0,"item":{}}}"#, item("{}"));
    let terminal = &completed(&format!("[{}]", item("\"{}\"")));
    let rows: &[&[&str]] = &[
        &[added, first, second, END],
        &[added, done, END],
        &[added, first, second, done, item_done, terminal],
        &[added, item_done, END],
        &[added, first, terminal],
        &[item_done, END],
        &[object, END],
        &[terminal],
    ];
    for events in rows {
        let response = told(events);
        let calls: Vec<_> = response.calls.iter().map(|call| (&*call.id, &*call.name, &*call.arguments)).collect();
        assert_eq!((calls, response.finish), (vec![("c", "f", "{}")], Some(Finish::Tools)), "{events:?}");
    }
}

#[test]
fn call_without_call_id_goes_by_its_own() {
    let event = completed(
        r#"[{"type":"function_call","id":"fc","name":"f","arguments":"{}"},{"type":"function_call","name":"g"}]"#,
    );
    let ids: Vec<String> = told(&[&event]).calls.into_iter().map(|call| call.id).collect();
    assert_eq!(ids, ["fc", "call_1"]);
}

#[test]
fn calls_without_output_index_are_told_apart_by_id() {
    let added = |id: &str, name: &str| {
        format!(
            r#"{{"type":"response.output_item.added","item":{{"type":"function_call","id":"{id}","call_id":"c{id}","name":"{name}"}}}}"#
        )
    };
    let delta = |id: &str, text: &str| {
        format!(r#"{{"type":"response.function_call_arguments.delta","item_id":"{id}","delta":"{text}"}}"#)
    };
    let events =
        [added("1", "f"), added("2", "g"), delta("1", "[1"), delta("2", "[2"), delta("1", "]"), delta("2", "]")];
    let mut events: Vec<&str> = events.iter().map(String::as_str).collect();
    events.push(END);
    let calls: Vec<String> = told(&events).calls.into_iter().map(|call| call.name + &call.arguments).collect();
    assert_eq!(calls, ["f[1]", "g[2]"]);
}

#[test]
fn items_without_index_are_told_apart_by_id_or_by_their_ends() {
    let delta =
        |id: &str, text: &str| format!(r#"{{"type":"response.output_text.delta","item_id":"{id}","delta":"{text}"}}"#);
    let event = |verb: &str, id: &str, text: &str| {
        let item = format!(r#"{{"type":"message","id":"{id}","content":[{{"type":"output_text","text":"{text}"}}]}}"#);
        format!(r#"{{"type":"response.output_item.{verb}","item":{item}}}"#)
    };
    let rows = [
        vec![event("done", "1", "a"), event("done", "2", "b")],
        vec![event("done", "", "a"), event("done", "", "b")],
        vec![
            event("added", "", ""),
            delta("", "a"),
            event("done", "", "a"),
            event("added", "", ""),
            delta("", "b"),
            event("done", "", "b"),
        ],
        vec![
            event("added", "1", ""),
            delta("x", "a"),
            event("done", "y", "a"),
            delta("z", "b"),
            event("done", "w", "b"),
        ],
        vec![delta("1", "a"), event("done", "1", "a"), delta("2", "b"), event("done", "2", "b")],
    ];
    for row in rows {
        let mut events: Vec<&str> = row.iter().map(String::as_str).collect();
        events.push(END);
        let response = told(&events);
        assert_eq!((response.text.as_str(), response.restated), ("ab", false), "{events:?}");
    }
}

#[test]
fn reasoning_summaries_are_parted_by_a_blank_line() {
    let body = r#"{"object":"response","status":"completed","output":[
        {"type":"reasoning","summary":[{"type":"summary_text","text":"a"},{"type":"summary_text","text":"b"}],"content":null},
        {"type":"message","phase":"commentary","content":[{"type":"output_text","text":"c"}]},
        {"type":"message","phase":"final_answer","content":[{"type":"output_text","text":"d"}]}]}"#;
    let response = read(Dialect::Responses, body).response;
    assert_eq!((response.reasoning.as_str(), response.text.as_str()), ("a\n\nb\n\nc", "d"));
}

#[test]
fn content_that_is_a_string_is_text() {
    assert_eq!(told(&[&completed(r#"[{"type":"message","content":"ab"}]"#)]).text, "ab");
}

#[test]
fn empty_output_is_an_empty_answer() {
    let response = told(&[&completed("[]")]);
    assert_eq!((response.text.as_str(), response.finish), ("", Some(Finish::Stop)));
}
