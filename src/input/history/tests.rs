//! Tests of `history.rs`.

use serde_json::json;

use super::*;
use crate::request::Part;

fn refused(text: &str) -> String {
    parse(text.as_bytes(), "h.json").unwrap_err().line()
}

#[test]
fn both_forms_of_a_history_are_read_as_they_are() {
    let messages = r#"[{"role":"user","content":"hi","x":1.50},{"role":"tool","tool_call_id":"1"}]"#;
    let array = parse(messages.as_bytes(), "h.json").unwrap();
    assert_eq!(serde_json::to_string(&array).unwrap(), messages);
    let object = format!(r#"{{"model":"m","messages":{messages}}}"#);
    assert_eq!(parse(object.as_bytes(), "h.json").unwrap(), array);
}

#[test]
fn a_bad_history_is_refused_with_the_place() {
    let expected = "neither an array nor an object with 'messages'";
    for (text, why) in [
        ("", "not JSON: EOF while parsing a value at line 1 column 0"),
        ("[{]", "not JSON: key must be a string at line 1 column 3"),
        ("3", expected),
        ("{}", expected),
        (r#"{"messages":{}}"#, "/messages is no array"),
        (r#"{"messages":[{"role":"user"},1]}"#, "/messages/1 is no object"),
        (r#"[{"role":"user"},{"role":2}]"#, "/1 has no 'role'"),
    ] {
        assert_eq!(refused(text), format!("'h.json' (from --messages): {why}"));
    }
}

#[test]
fn a_history_without_a_prompt_ends_in_something_to_answer() {
    for role in ["user", "tool"] {
        assert!(check_end(&[json!({"role": "assistant"}), json!({"role": role})], "h.json").is_ok());
    }
    let line = |history: &[Value]| check_end(history, "h.json").unwrap_err().line();
    let ends = "its last message is of role 'assistant', and there is no prompt after it: give a prompt";
    assert_eq!(line(&[json!({"role": "assistant"})]), format!("'h.json' (from --messages): {ends}"));
    let expected = "'h.json' (from --messages): it has no messages, and there is no prompt: give a prompt";
    assert_eq!(line(&[]), expected);
}

#[test]
fn a_saved_conversation_is_taken_back() {
    let path = std::env::temp_dir().join(format!("lmpipe-history-{}.json", std::process::id()));
    let path = path.to_str().unwrap();
    let user = vec![Part::Text("hi".into())];
    let request = Request { history: vec![json!({"role": "system", "content": "s"})], user, ..Request::default() };
    let response = Response { text: "hello\n".into(), ..Response::default() };
    save(path, &request, &response).unwrap();
    let saved = files::read(path, "--messages").unwrap();
    let expected = [
        json!({"role": "system", "content": "s"}),
        json!({"role": "user", "content": "hi"}),
        json!({"role": "assistant", "content": "hello\n"}),
    ];
    assert_eq!(parse(&saved, path).unwrap(), expected);
    std::fs::remove_file(path).unwrap();
}
