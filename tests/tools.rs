//! Tool calls out, as JSON Lines, checked against the tool's own schema; and their results in, as history.

use serde_json::{Value, json};

use crate::replies::{DONE, chat, event, finish, json_reply, stream_of};
use crate::util::Run;

/// The weather of a city.
const WEATHER: &str = r#"[{"type":"function","function":{"name":"weather","description":"The weather of a city","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}}}]"#;

/// A completion with these calls.
fn calls(calls: &Value) -> Vec<u8> {
    let message = json!({"role": "assistant", "content": null, "tool_calls": calls});
    json_reply(200, &json!({"choices": [{"message": message, "finish_reason": "tool_calls"}]}))
}

/// One call.
fn call(id: &str, name: &str, arguments: &Value) -> Value {
    json!({"id": id, "type": "function", "function": {"name": name, "arguments": arguments}})
}

/// A run with the weather tool.
fn asking(answer: Vec<u8>) -> Run {
    Run::asking(answer).file("tools.json", WEATHER).args(["--tools", "tools.json", "hi"])
}

/// A run with these tools that must fail before its request leaves.
fn unsent(tools: &str) -> Run {
    Run::asking_all(Vec::<Vec<u8>>::new()).file("tools.json", tools).args(["--tools", "tools.json", "hi"])
}

#[test]
fn calls_are_json_lines_in_their_order() {
    let answer = json!([
        call("a", "weather", &json!("{\"city\": \"Oslo\"}")),
        call("b", "weather", &json!("{\"city\":\"Rom\"}"))
    ]);
    asking(calls(&answer)).gives(
        "{\"id\":\"a\",\"name\":\"weather\",\"arguments\":{\"city\":\"Oslo\"}}\n\
         {\"id\":\"b\",\"name\":\"weather\",\"arguments\":{\"city\":\"Rom\"}}\n",
    );
}

#[test]
fn every_known_form_of_a_tool_file_is_sent_as_the_same_tools() {
    let function = serde_json::from_str::<Value>(WEATHER).unwrap()[0]["function"].clone();
    let mut flat = function.clone();
    flat["type"] = json!("function");
    let mut mcp = function.clone();
    mcp["inputSchema"] = mcp.as_object_mut().unwrap().remove("parameters").unwrap();
    let whole = json!([{"type": "function", "function": function}]);
    for file in [whole.clone(), whole[0].clone(), function.clone(), json!([function]), flat, json!({"tools": [mcp]})] {
        let run = Run::asking(chat("x")).file("tools.json", file.to_string()).args(["--tools", "tools.json", "hi"]);
        assert_eq!(run.gives("x\n").request().json()["tools"], whole, "{file}");
    }
}

#[test]
fn tool_choice_and_parallel_calls_are_sent() {
    let body = |words: &[&str]| asking(chat("x")).args(words).finish().request().json();
    assert_eq!(body(&["--tool-choice", "none"])["tool_choice"], "none");
    assert_eq!(body(&["--tool-choice", "auto"])["tool_choice"], "auto");
    let named = json!({"type": "function", "function": {"name": "weather"}});
    assert_eq!(body(&["--tool-choice", "weather"])["tool_choice"], named);
    assert_eq!(body(&["--no-parallel-tools"])["parallel_tool_calls"], false);
    assert_eq!(body(&[]).get("tool_choice"), None);
}

#[test]
fn text_answer_is_text() {
    asking(chat("sunny")).gives("sunny\n");
}

#[test]
fn text_beside_calls_goes_to_stderr() {
    let message =
        json!({"content": "Let me see.", "tool_calls": [call("a", "weather", &json!("{\"city\":\"Oslo\"}"))]});
    let reply = json_reply(200, &json!({"choices": [{"message": message, "finish_reason": "tool_calls"}]}));
    asking(reply).ends(
        0,
        "{\"id\":\"a\",\"name\":\"weather\",\"arguments\":{\"city\":\"Oslo\"}}\n",
        "lmpipe: text beside the tool calls: Let me see.\n",
    );
}

#[test]
fn streamed_fragments_are_merged() {
    let fragment = |fragment: Value| event(&json!({"choices": [{"index": 0, "delta": {"tool_calls": [fragment]}}]}));
    let events = [
        fragment(json!({"index": 0, "id": "a", "type": "function", "function": {"name": "weather"}})),
        fragment(json!({"index": 0, "function": {"arguments": "{\"city\""}})),
        fragment(json!({"index": 1, "id": "b", "function": {"name": "weather", "arguments": ""}})),
        fragment(json!({"index": 0, "function": {"arguments": ":\"Oslo\"}"}})),
        fragment(json!({"index": 1, "function": {"arguments": "{\"city\":\"Rom\"}"}})),
        finish("tool_calls"),
        DONE.to_owned(),
    ];
    let events: Vec<&str> = events.iter().map(String::as_str).collect();
    asking(stream_of(&events)).args(["--stream"]).gives(
        "{\"id\":\"a\",\"name\":\"weather\",\"arguments\":{\"city\":\"Oslo\"}}\n\
         {\"id\":\"b\",\"name\":\"weather\",\"arguments\":{\"city\":\"Rom\"}}\n",
    );
}

#[test]
fn calls_without_an_id_get_one() {
    let bare = json!({"function": {"name": "weather", "arguments": {"city": "Oslo"}}});
    asking(calls(&json!([bare]))).gives("{\"id\":\"call_0\",\"name\":\"weather\",\"arguments\":{\"city\":\"Oslo\"}}\n");
}

#[test]
fn calls_are_printed_where_no_tools_were_given() {
    let answer = calls(&json!([call("a", "anything", &json!(""))]));
    Run::asking(answer).args(["hi"]).gives("{\"id\":\"a\",\"name\":\"anything\",\"arguments\":{}}\n");
}

#[test]
fn unknown_tool_exits_10() {
    asking(calls(&json!([call("a", "wether", &json!("{}"))])))
        .fails(10, "invalid call of tool 'wether': no such tool was offered: its arguments are {}");
}

#[test]
fn arguments_that_are_no_json_exit_10_with_their_text() {
    asking(calls(&json!([call("a", "weather", &json!("{\"city\":"))]))).fails(
        10,
        "invalid call of tool 'weather': what begins at line 1, column 1 never ends: its arguments are {\"city\":",
    );
}

#[test]
fn arguments_that_break_the_tools_schema_exit_10() {
    asking(calls(&json!([call("a", "weather", &json!("{\"town\":\"Oslo\"}"))]))).ends(10, "", "lmpipe: invalid call of tool 'weather': 2 violations: its arguments are {\"town\":\"Oslo\"}\n: must not have the key 'town': {\"town\":\"Oslo\"}\n: must have the key \"city\": {\"town\":\"Oslo\"}\n");
}

#[test]
fn prose_where_a_call_is_required_exits_10() {
    asking(chat("sunny")).args(["--tool-choice", "required"]).ends(
        10,
        "",
        "lmpipe: no tool was called: a call was required (--tool-choice): the model wrote: sunny\n",
    );
}

#[test]
fn call_that_the_choice_rules_out_exits_10() {
    let answer = || calls(&json!([call("a", "weather", &json!("{\"city\":\"Oslo\"}"))]));
    let arguments = "its arguments are {\"city\":\"Oslo\"}";
    asking(answer())
        .args(["--tool-choice", "none"])
        .fails(10, &format!("invalid call of tool 'weather': no call was allowed (--tool-choice none): {arguments}"));
    let clock = r#"{"name":"clock"}"#;
    asking(answer()).file("clock.json", clock).args(["--tools", "clock.json", "--tool-choice", "clock"]).fails(
        10,
        &format!("invalid call of tool 'weather': a call of 'clock' was required (--tool-choice): {arguments}"),
    );
}

#[test]
fn duplicate_tool_names_exit_2() {
    let tools: Value = serde_json::from_str(WEATHER).unwrap();
    unsent(&json!([tools[0], tools[0]]).to_string())
        .fails(2, "'tools.json' (from --tools): /1 is the second tool of the name 'weather'");
}

#[test]
fn bad_tool_name_exits_2() {
    unsent(r#"[{"name":"the weather","parameters":{"type":"object"}}]"#).fails(
        2,
        "'tools.json' (from --tools): /0 has the name 'the weather': a name is 1 to 64 of A-Z, a-z, 0-9, _ and -",
    );
}

#[test]
fn bad_parameter_schema_exits_2() {
    unsent(r#"[{"name":"weather","parameters":{"type":"objekt"}}]"#)
        .fails(2, "'tools.json' (from --tools): /0 ('weather') has parameters that are no schema of an object");
    let rule = "must be one of \"array\", \"boolean\", \"integer\", \"null\", \"number\", \"object\", \"string\"";
    unsent(r#"[{"name":"weather","parameters":{"properties":{"city":{"type":"text"}}}}]"#)
        .fails(2, &format!("schema of tool 'weather': at '/properties/city/type': {rule}"));
}

#[test]
fn tool_file_that_is_no_json_exits_2() {
    unsent("[{").fails(2, "'tools.json' (from --tools): not JSON: EOF while parsing an object at line 1 column 2");
}

#[test]
fn choice_of_a_tool_that_is_not_there_exits_2() {
    unsent(WEATHER)
        .args(["--tool-choice", "wether"])
        .fails(2, "--tool-choice 'wether': no tool has this name: did you mean 'weather'?");
}

#[test]
fn tool_choice_without_tools_exits_2() {
    Run::asking_all(Vec::<Vec<u8>>::new())
        .args(["--tool-choice", "auto", "hi"])
        .fails(2, "--tool-choice: means nothing alone: add --tools FILE");
}

#[test]
fn result_goes_back_with_the_saved_history() {
    let answer = calls(&json!([call("a", "weather", &json!("{\"city\":\"Oslo\"}"))]));
    let first = asking(answer).args(["--save-messages", "history.json"]).finish();
    assert_eq!(first.code(), 0, "{}", first.stderr());
    let mut history: Value = serde_json::from_slice(&first.file("history.json").unwrap()).unwrap();
    assert_eq!(history[0], json!({"role": "user", "content": "hi"}));
    assert_eq!(history[1]["tool_calls"][0]["id"], "a");
    history.as_array_mut().unwrap().push(json!({"role": "tool", "tool_call_id": "a", "content": "rain"}));
    let second = Run::asking(chat("It rains.")).file("h.json", history.to_string()).args(["--messages", "h.json"]);
    assert_eq!(second.gives("It rains.\n").request().json()["messages"], history);
}

#[test]
fn envelope_holds_the_calls() {
    let answer = calls(&json!([call("a", "weather", &json!("{\"city\":\"Oslo\"}"))]));
    let finished = asking(answer).args(["-O", "json"]).finish();
    let envelope: Value = serde_json::from_slice(&finished.stdout).unwrap();
    assert_eq!(envelope["tool_calls"], json!([{"id": "a", "name": "weather", "arguments": {"city": "Oslo"}}]));
    assert_eq!((finished.code(), &envelope["text"]), (0, &Value::Null));
}
