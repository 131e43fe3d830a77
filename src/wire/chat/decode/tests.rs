//! Every oddity of docs/wire.md §3.4, and one answer in every form.

use proptest::prelude::{ProptestConfig, any, prop, prop_assert_eq, proptest};
use serde_json::{Value, json};

use crate::request::Dialect;
use crate::response::{Finish, Piece};
use crate::wire::tests::scripted::{PLACE, read, read_events};

/// Text, reasoning and calls (as `id name arguments`) of these events and `[DONE]`.
fn told(events: &[&str]) -> (String, String, Vec<String>) {
    let outcome = read_events(Dialect::Chat, events);
    assert!(outcome.failure.is_none(), "{events:?}: {:?}", outcome.failure);
    let response = outcome.response;
    let calls = response.calls.iter().map(|call| format!("{} {} {}", call.id, call.name, call.arguments)).collect();
    (response.text, response.reasoning, calls)
}

fn text(events: &[&str]) -> String {
    told(events).0
}

/// An event with this delta.
fn delta(delta: &str) -> String {
    format!(r#"{{"choices":[{{"index":0,"delta":{delta}}}]}}"#)
}

fn finish_of(reason: &str) -> Result<Option<Finish>, (u8, String)> {
    let event = format!(r#"{{"choices":[{{"delta":{{}},"finish_reason":{reason}}}]}}"#);
    let outcome = read_events(Dialect::Chat, &[&event]);
    match outcome.failure {
        Some(failure) => Err((failure.kind.exit(), failure.line())),
        None => Ok(outcome.response.finish),
    }
}

#[test]
fn finish_reasons_of_every_server_are_mapped() {
    let rows = [
        ("stop eos eos_token end_turn stop_sequence", Finish::Stop),
        ("length max_tokens model_length max_output_tokens MAX_TOKENS", Finish::Length),
        ("content_filter sensitive", Finish::Filter),
        ("tool_calls function_call", Finish::Tools),
        ("flagged", Finish::Other("flagged".to_owned())),
    ];
    for (reasons, want) in rows {
        for reason in reasons.split(' ') {
            assert_eq!(finish_of(&format!("\"{reason}\"")), Ok(Some(want.clone())), "{reason}");
        }
    }
    assert_eq!(finish_of("\"\""), Ok(Some(Finish::Stop)));
    assert_eq!(finish_of("null"), Ok(None));
    for (reason, exit) in [("error", 5), ("abort", 7), ("network_error", 7)] {
        let line = format!("{PLACE} broke the answer off: its finish reason is '{reason}'");
        assert_eq!(finish_of(&format!("\"{reason}\"")), Err((exit, line)));
    }
}

#[test]
fn empty_finish_reason_on_every_delta_ends_nothing() {
    let event = |content: &str| format!("data: {{\"choices\":[{{\"delta\":{content},\"finish_reason\":\"\"}}]}}\n\n");
    let open = event(r#"{"role":"assistant"}"#) + &event(r#"{"content":"a"}"#);
    assert_eq!(read(Dialect::Chat, &open).failure.map(|failure| failure.kind.exit()), Some(7));
    assert!(read(Dialect::Chat, open + &event("{}")).failure.is_none());
}

#[test]
fn oddities_of_chunks_change_nothing() {
    let plain = [r#"{"choices":[{"index":0,"delta":{"content":"ab"}}]}"#];
    let odd = [
        r#"{"choices":null}"#,
        r#"{"choices":[]}"#,
        r#"{"choices":[null]}"#,
        r#"{"choices":[{"delta":null}]}"#,
        r#"{"choices":[{"index":0,"content_filter_results":{}}]}"#,
        r#"{"choices":[{"delta":{"role":"","content":null,"refusal":null,"tool_calls":null,"function_call":null}}]}"#,
        r#"{"id":null,"created":1.5,"choices":[{"delta":{"content":"","tool_calls":[]}}],"usage":null}"#,
        r#"{"id":7,"choices":[{"index":null,"delta":{"content":"a"},"finish_reason":null}],"error":null}"#,
        r#"{"choices":[{"index":0.0,"delta":{"content":"b"}}],"error":{},"usage":{},"unknown":[{"deep":1}]}"#,
        "{}",
        r#"{"choices":[{"delta":{"tool_calls":{}}}]}"#,
        r#"{"choices":[{"delta":{"tool_calls":[{},null,{"index":0,"id":"","function":{"name":null}}]}}]}"#,
        r#"{"type":"ping"}"#,
    ];
    assert_eq!(told(&odd), told(&plain));
}

#[test]
fn content_of_any_type_is_text() {
    assert_eq!(text(&[&delta(r#"{"content":1.50}"#)]), "1.50");
    assert_eq!(text(&[&delta(r#"{"content":{"b":1,"a":2}}"#)]), r#"{"b":1,"a":2}"#);
    assert_eq!(text(&[&delta(r#"{"content":["a",{"type":"text","text":"b"}]}"#)]), "ab");
}

#[test]
fn reasoning_is_read_under_every_name_and_told_once() {
    let events = [
        delta(r#"{"reasoning_content":"a"}"#),
        delta(r#"{"reasoning":"b"}"#),
        delta(r#"{"reasoning_details":[{"type":"reasoning.text","text":"c"}]}"#),
        delta(r#"{"content":[{"type":"thinking","thinking":[{"type":"text","text":"d"}]}]}"#),
        delta(
            r#"{"reasoning_content":"e","reasoning":"e","reasoning_details":[{"type":"reasoning.text","text":"e"}]}"#,
        ),
        delta(r#"{"reasoning_content":"","reasoning":null,"content":"answer"}"#),
    ];
    let events: Vec<&str> = events.iter().map(String::as_str).collect();
    assert_eq!(told(&events), ("answer".to_owned(), "abcde".to_owned(), vec![]));
}

#[test]
fn tool_calls_of_every_shape_are_read() {
    let call = |entries: &str| delta(&format!(r#"{{"tool_calls":[{entries}]}}"#));
    let rows: &[(&[&str], &[&str])] = &[
        (
            &[r#"{"index":0,"id":"a","function":{"name":"f"}}"#, r#"{"index":0,"function":{"arguments":"{}"}}"#],
            &["a f {}"],
        ),
        (&[r#"{"index":null,"id":null,"type":null,"function":{"name":"f","arguments":"{}"}}"#], &["call_0 f {}"]),
        (&[r#"{"function":{"name":"f","arguments":"{"}}"#, r#"{"function":{"arguments":"}"}}"#], &["call_0 f {}"]),
        (&[r#"{"index":9007199254740993,"id":"a","function":{"name":"f","arguments":""}}"#], &["a f "]),
        (&[r#"{"id":"a","function":{"name":"f","arguments":{"z":1.10,"a":1e400}}}"#], &[r#"a f {"z":1.10,"a":1e400}"#]),
        (&[r#"{"id":"a","function":{"name":"f","arguments":[1]}}"#], &["a f [1]"]),
        (&[r#"{"id":"a","function":{"name":"f","arguments":"\"Paris\""}}"#], &[r#"a f "Paris""#]),
        (&[r#"{"id":"a","function":{"name":"f","arguments":null}}"#, "null"], &["a f "]),
        (&[r#"{"id":"a","type":"custom","custom":{"name":"sh","input":"ls -l"}}"#], &["a sh ls -l"]),
        (
            &[
                r#"{"id":"a","function":{"name":"f","arguments":"{}"}},{"id":"b","function":{"name":"g","arguments":"[]"}}"#,
            ],
            &["a f {}", "b g []"],
        ),
        (
            &[
                r#"{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}"#,
                r#"{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}"#,
            ],
            &["a f {}"],
        ),
        (
            &[
                r#"{"index":0,"id":"a"}"#,
                r#"{"index":0,"function":null}"#,
                r#"{"index":0,"function":{"name":"f","arguments":"{}"}}"#,
            ],
            &["a f {}"],
        ),
    ];
    for (entries, want) in rows {
        let events: Vec<String> = entries.iter().map(|entry| call(entry)).collect();
        let events: Vec<&str> = events.iter().map(String::as_str).collect();
        assert_eq!(told(&events).2, *want, "{entries:?}");
    }
}

#[test]
fn calls_of_a_whole_reply_are_told_apart_by_their_place() {
    let body = r#"{"choices":[{"message":{"tool_calls":[
        {"index":0,"id":"x","function":{"name":"f","arguments":"{}"}},
        {"index":0,"id":"x","function":{"name":"f","arguments":"{}"}},
        {"function":{"name":"g","arguments":{"a":1}}}]},"finish_reason":"tool_calls"}]}"#;
    let calls = read(Dialect::Chat, body).response.calls;
    let calls: Vec<_> = calls.iter().map(|call| (&*call.id, &*call.name, &*call.arguments)).collect();
    assert_eq!(calls, [("x", "f", "{}"), ("call_1", "f", "{}"), ("call_2", "g", r#"{"a":1}"#)]);
}

#[test]
fn first_choice_is_the_answer_and_others_are_counted() {
    let events = [
        r#"{"choices":[{"index":1,"delta":{"content":"no"}}]}"#,
        r#"{"choices":[{"index":0,"delta":{"content":"yes"}},{"index":2,"delta":{"content":"no"},"finish_reason":"stop"}]}"#,
    ];
    let response = read_events(Dialect::Chat, &events).response;
    assert_eq!((response.text.as_str(), response.other_choices, response.finish), ("yes", 2, None));
    let body = r#"{"choices":[{"index":1,"message":{"content":"no"}},{"index":0,"message":{"content":"yes"}}]}"#;
    let response = read(Dialect::Chat, body).response;
    assert_eq!((response.text.as_str(), response.other_choices), ("yes", 1));
    let body = r#"{"choices":[{"index":1,"message":{"content":"only"}}]}"#;
    assert_eq!(read(Dialect::Chat, body).response.text, "only");
}

#[test]
fn usage_is_read_wherever_it_stands() {
    let spent = r#"{"total_tokens":5}"#;
    let events = [
        format!(r#"{{"choices":[],"usage":{spent}}}"#),
        format!(r#"{{"choices":[{{"delta":{{}},"finish_reason":"stop"}}],"usage":{spent}}}"#),
        format!(r#"{{"choices":[{{"delta":{{}},"usage":{spent}}}]}}"#),
        format!(r#"{{"choices":[{{"delta":{{}}}}],"usage":null,"x_groq":{{"usage":{spent}}}}}"#),
    ];
    for event in &events {
        let later = r#"{"choices":[{"delta":{}}],"usage":{}}"#;
        let usage = read_events(Dialect::Chat, &[event, later]).response.usage;
        assert_eq!(usage.and_then(|usage| usage.total), Some(5), "{event}");
    }
}

#[test]
fn errors_inside_a_reply_have_the_exit_of_their_own_code() {
    let rows = [
        (r#"{"error":{"message":"m","type":"t","code":401}}"#, 3, "m", false),
        (r#"{"error":{"message":"m","code":"403"}}"#, 3, "m", false),
        (r#"{"error":{"message":"m","code":"429"}}"#, 6, "m", true),
        (r#"{"error":{"message":"m","code":"insufficient_quota"}}"#, 6, "m", false),
        (r#"{"error":{"message":"m","code":402}}"#, 6, "m", false),
        (r#"{"error":{"message":"m","code":"context_length_exceeded"}}"#, 4, "m", false),
        (r#"{"error":{"message":"m","code":404}}"#, 4, "m", false),
        (r#"{"error":{"message":"m","code":408}}"#, 4, "m", true),
        (r#"{"error":{"message":"m","code":409}}"#, 4, "m", true),
        (r#"{"error":{"message":"m","code":503}}"#, 5, "m", true),
        (r#"{"error":{"message":"m","type":"server_error","code":null}}"#, 5, "m", true),
        (r#"{"error":{"message":"m"}}"#, 5, "m", false),
        (r#"{"error":"m"}"#, 5, "m", false),
        (r#"{"error":true}"#, 5, "true", false),
        (r#"{"error":{"message":"m"},"choices":[{"delta":{},"finish_reason":"error"}]}"#, 5, "m", false),
        (
            r#"{"choices":[{"message":{"content":""},"finish_reason":"error","error":{"message":"m","code":502}}]}"#,
            5,
            "m",
            true,
        ),
        (r#"{"object":"error","message":"m","type":"BadRequestError","code":400}"#, 4, "m", false),
        (r#"{"type":"error","error":{"type":"overloaded_error","message":"m"}}"#, 5, "m", true),
        (r#"{"detail":"m"}"#, 5, "m", false),
        (r#"{"detail":[{"loc":["body","x"],"msg":"m","type":"t"}]}"#, 5, "body.x: m", false),
        (r#"{"message":"m","request_id":"r"}"#, 5, "m", false),
        (r#"{"statusCode":429,"message":"m"}"#, 6, "m", true),
        (r#"[{"error":{"code":400,"message":"m","status":"INVALID_ARGUMENT"}}]"#, 4, "m", false),
    ];
    for (body, exit, why, transient) in rows {
        for reply in [body.to_owned(), format!("data: {body}\n\ndata: [DONE]\n\n"), format!("data: {body}")] {
            let failure = read(Dialect::Chat, &reply).failure.unwrap_or_else(|| panic!("{reply} should fail"));
            assert_eq!(
                (failure.kind.exit(), failure.why.as_str(), failure.transient),
                (exit, why, transient),
                "{reply}"
            );
            assert_eq!(failure.what, format!("{PLACE} reported an error in its answer"));
        }
    }
}

#[test]
fn error_after_text_is_an_error_after_the_text() {
    let outcome = read_events(Dialect::Chat, &[&delta(r#"{"content":"part"}"#), r#"{"error":{"message":"m"}}"#]);
    assert_eq!(outcome.response.text, "part");
    assert_eq!(
        outcome.failure.map(|failure| failure.line()),
        Some(format!("{PLACE} reported an error in its answer: m"))
    );
}

#[test]
fn named_error_event_is_an_error_whatever_its_data() {
    for (data, why) in
        [(r#"{"error":{"message":"m"}}"#, "m"), (r#"{"message":"m"}"#, "m"), ("out of memory", "out of memory")]
    {
        let failure = read(Dialect::Chat, format!("event: error\ndata: {data}\n\n")).failure.expect("an error");
        assert_eq!((failure.kind.exit(), failure.why.as_str()), (5, why));
    }
}

/// One answer as a whole chat reply, a chat stream, a whole Responses reply and a Responses stream.
fn four_ways(text: &[String], reasoning: &[String], calls: &[(String, String)], cut: bool) -> [(Dialect, String); 4] {
    let usage = json!({"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5});
    let usage_there = json!({"input_tokens": 3, "output_tokens": 2, "total_tokens": 5});
    let finish = if cut {
        "length"
    } else if calls.is_empty() {
        "stop"
    } else {
        "tool_calls"
    };
    let chat_calls: Vec<Value> = (0..).zip(calls).map(|(at, (name, arguments))| {
        json!({"index": at, "id": format!("id{at}"), "type": "function", "function": {"name": name, "arguments": arguments}})
    }).collect();
    let message = json!({"content": text.concat(), "reasoning_content": reasoning.concat(), "tool_calls": chat_calls});
    let whole = json!({"id": "i", "model": "m", "choices": [{"index": 0, "message": message, "finish_reason": finish}], "usage": usage});
    let chunk = |delta: Value, finish: Value| json!({"id": "i", "model": "m", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]});
    let mut chunks = vec![chunk(json!({"role": "assistant", "content": null}), Value::Null)];
    chunks.extend(reasoning.iter().map(|part| chunk(json!({"reasoning_content": part}), Value::Null)));
    chunks.extend(text.iter().map(|part| chunk(json!({"content": part}), Value::Null)));
    for call in &chat_calls {
        let mut begin = call.clone();
        begin["function"]["arguments"] = "".into();
        chunks.push(chunk(json!({"tool_calls": [begin]}), Value::Null));
        let arguments = json!({"index": call["index"], "function": {"arguments": call["function"]["arguments"]}});
        chunks.push(chunk(json!({"tool_calls": [arguments]}), Value::Null));
    }
    chunks.push(chunk(json!({}), finish.into()));
    chunks.push(json!({"id": "i", "model": "m", "choices": [], "usage": usage}));
    let mut items = Vec::new();
    if !reasoning.is_empty() {
        items.push(json!({"type": "reasoning", "id": "r", "summary": [], "content": [{"type": "reasoning_text", "text": reasoning.concat()}]}));
    }
    if !text.is_empty() {
        items.push(json!({"type": "message", "id": "t", "content": [{"type": "output_text", "text": text.concat()}]}));
    }
    items.extend((0..).zip(calls).map(|(at, (name, arguments))| {
        json!({"type": "function_call", "id": format!("f{at}"), "call_id": format!("id{at}"), "name": name, "arguments": arguments})
    }));
    let status = if cut { "incomplete" } else { "completed" };
    let reply =
        json!({"id": "i", "object": "response", "model": "m", "status": status, "output": items, "usage": usage_there});
    let mut events =
        vec![json!({"type": "response.created", "response": {"id": "i", "model": "m", "status": "in_progress"}})];
    for (at, item) in items.iter().enumerate() {
        let mut begin = item.clone();
        begin["arguments"] = "".into();
        begin["content"] = json!([]);
        events.push(json!({"type": "response.output_item.added", "output_index": at, "item": begin}));
        let (kind, stretches) = match item["type"].as_str() {
            Some("reasoning") => ("response.reasoning_text.delta", reasoning.to_vec()),
            Some("message") => ("response.output_text.delta", text.to_vec()),
            _ => (
                "response.function_call_arguments.delta",
                vec![item["arguments"].as_str().unwrap_or_default().to_owned()],
            ),
        };
        events.extend(
            stretches.iter().map(|delta| json!({"type": kind, "output_index": at, "content_index": 0, "delta": delta})),
        );
        events.push(json!({"type": "response.output_item.done", "output_index": at, "item": item}));
    }
    events.push(json!({"type": "response.completed", "response": reply}));
    let stream = |events: &[Value]| events.iter().map(|event| format!("data: {event}\n\n")).collect::<String>();
    [
        (Dialect::Chat, whole.to_string()),
        (Dialect::Chat, stream(&chunks) + "data: [DONE]\n\n"),
        (Dialect::Responses, reply.to_string()),
        (Dialect::Codex, stream(&events)),
    ]
}

fn stretches() -> impl proptest::strategy::Strategy<Value = Vec<String>> {
    prop::collection::vec("[a-zé€🎉\"\\\\\n{}]{1,6}", 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn one_answer_told_four_ways_is_one_response(
        text in stretches(),
        reasoning in stretches(),
        calls in prop::collection::vec(("[a-z_]{1,5}", r#"\{("[a-z]":[0-9]\.[0-9]0)?\}"#), 0..4),
        cut in any::<bool>(),
    ) {
        let [first, rest @ ..] = four_ways(&text, &reasoning, &calls, cut).map(|(dialect, body)| {
            let outcome = read(dialect, &body);
            assert!(outcome.failure.is_none(), "{body}: {:?}", outcome.failure);
            (outcome.told(), body)
        });
        for (told, body) in rest {
            prop_assert_eq!(&told, &first.0, "{}\n{}", body, first.1);
        }
    }

    #[test]
    fn shortcut_tells_what_the_parser_tells(stretches in prop::collection::vec("[a-z\"\\\\\n\u{1}é🎉]{0,8}", 1..20)) {
        let event = |text: &str, extra: &str| {
            let text = json!(text);
            format!("data: {{\"id\":\"i\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":{text}}}}}]{extra}}}\n\n")
        };
        let known: String = stretches.iter().map(|text| event(text, "")).collect();
        // A number that changes keeps every event off the fast path.
        let unknown: String = (0..).zip(&stretches).map(|(at, text)| event(text, &format!(",\"n\":{at}"))).collect();
        let texts = |body: &str| -> Vec<Piece<'static>> { read(Dialect::Chat, body).pieces };
        prop_assert_eq!(texts(&known), texts(&unknown));
    }

    #[test]
    fn shortcut_refuses_what_the_parser_refuses(broken in "[a-z\"\\\\\t\u{1}{}:,u0-9]{0,8}") {
        // The number that changes stands in front, so that the parser reaches the broken text in the same state.
        let event = |content: &str, extra: &str| format!("data: {{{extra}\"choices\":[{{\"delta\":{{\"content\":\"{content}\"}}}}]}}\n\n");
        let after = |extra: &str| {
            let outcome = read(Dialect::Chat, event("a", "") + &event("b", "") + &event(&broken, extra));
            (outcome.pieces, outcome.failure.map(|failure| failure.line()))
        };
        prop_assert_eq!(after(""), after("\"n\":1,"));
    }
}
