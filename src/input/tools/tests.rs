//! Tests of `tools.rs`.

use serde_json::json;

use super::*;

fn parsed(texts: &[&str]) -> Result<Vec<Tool>, Failure> {
    let files = texts.iter().enumerate().map(|(place, text)| (format!("{place}.json"), text.as_bytes().to_vec()));
    parse(&files.collect::<Vec<_>>())
}

fn refused(text: &str) -> String {
    parsed(&[text]).unwrap_err().why
}

#[test]
fn every_form_is_the_same_tool() {
    let function = r#""name":"f","description":"d","parameters":{"type":"object"},"strict":true"#;
    let nested = format!(r#"{{"type":"function","function":{{{function}}}}}"#);
    let flat = format!(r#"{{"type":"function",{function}}}"#);
    let bare = format!("{{{function}}}");
    let tool = Tool {
        name: "f".into(),
        description: Some("d".into()),
        parameters: Some(json!({"type": "object"})),
        strict: Some(true),
    };
    for form in [&nested, &flat, &bare] {
        assert_eq!(parsed(&[form]).unwrap(), std::slice::from_ref(&tool));
        assert_eq!(parsed(&[&format!("[{form}]")]).unwrap(), std::slice::from_ref(&tool));
        assert_eq!(parsed(&[&format!(r#"{{"model":"m","tools":[{form}]}}"#)]).unwrap(), std::slice::from_ref(&tool));
    }
}

#[test]
fn the_tools_of_an_mcp_server_are_read_with_and_without_envelope() {
    let tools = r#"{"tools":[{"name":"f","title":"F","inputSchema":{"type":"object"},"annotations":{}}]}"#;
    let tool = Tool { name: "f".into(), description: None, parameters: Some(json!({"type": "object"})), strict: None };
    for text in [tools.to_owned(), format!(r#"{{"jsonrpc":"2.0","id":1,"result":{tools}}}"#)] {
        assert_eq!(parsed(&[&text]).unwrap(), std::slice::from_ref(&tool));
    }
    let error = r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no such method"}}"#;
    assert_eq!(refused(error), "it is an error: no such method");
}

#[test]
fn bad_tools_are_refused_with_the_place() {
    let name = "a name is 1 to 64 of A-Z, a-z, 0-9, _ and -";
    for (text, why) in [
        ("{", "not JSON: EOF while parsing an object at line 1 column 1".to_owned()),
        ("[]", "there is no tool in it".into()),
        ("7", "it is no tool, but a JSON value of another kind".into()),
        (r#"[{"name":"f"},7]"#, "/1 is no tool, but a JSON value of another kind".into()),
        (r#"{"type":"function","function":1}"#, "it has a 'function' that is no object".into()),
        (r#"[{"type":"custom","name":"f"}]"#, "/0 is a tool of type 'custom': only functions can be offered".into()),
        (r#"{"tools":[{}]}"#, "/tools/0 has no 'name'".into()),
        (r#"{"name":"a.b"}"#, format!("it has the name 'a.b': {name}")),
        (r#"{"name":""}"#, format!("it has the name '': {name}")),
        (r#"{"name":"f","parameter":{}}"#, "it ('f') has a member 'parameter', which no function has".into()),
        (r#"{"name":"f","description":1}"#, "it ('f') has a description that is no text".into()),
        (r#"{"name":"f","strict":"yes"}"#, "it ('f') has a 'strict' that is neither true nor false".into()),
        (r#"{"name":"f","parameters":[]}"#, "it ('f') has parameters that are no schema".into()),
        (
            r#"{"name":"f","parameters":{"type":"string"}}"#,
            "it ('f') has parameters that are no schema of an object".into(),
        ),
        (r#"[{"name":"f"},{"name":"f"}]"#, "/1 is the second tool of the name 'f'".into()),
    ] {
        assert_eq!(refused(text), why, "{text}");
    }
    let line = parsed(&[r#"{"name":"f"}"#, r#"{"name":"f"}"#]).unwrap_err().line();
    assert_eq!(line, "'1.json' (from --tools): the tool 'f' is also in '0.json'");
}

#[test]
fn a_choice_is_a_word_or_a_tool() {
    let tools = parsed(&[r#"[{"name":"get_weather"},{"name":"now"}]"#]).unwrap();
    for (word, choice) in [
        ("auto", ToolChoice::Auto),
        ("none", ToolChoice::None),
        ("required", ToolChoice::Required),
        ("now", ToolChoice::Named("now".into())),
    ] {
        assert_eq!(parse_choice(word, &tools).unwrap(), choice);
    }
    let line = parse_choice("weather", &tools).unwrap_err().line();
    assert_eq!(line, "--tool-choice 'weather': no tool has this name: did you mean 'get_weather'?");
}
