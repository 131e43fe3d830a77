//! Tests of `batch.rs`.

use super::*;
use crate::request::{Credential, Dialect, Part, Request, Secret};
use crate::wire::encode;

fn printed(dialect: Dialect, id: Option<&str>) -> Result<String, Failure> {
    let endpoint = Endpoint {
        provider: "openai".into(),
        dialect,
        base_url: "https://example.com/v1".into(),
        credential: Credential::Bearer(Secret::new("sk-secret".into())),
        key_origin: "OPENAI_API_KEY".into(),
        ..Endpoint::default()
    };
    let request = Request { model: "m".into(), user: vec![Part::Text("hi\n".into())], ..Request::default() };
    let line = line(encode(&request, &endpoint).unwrap(), &endpoint, id)?;
    Ok(String::from_utf8(line.to_vec()).unwrap())
}

fn picked(file: &str, id: Option<&str>) -> Result<Option<SavedReply>, String> {
    pick(file.as_bytes(), "'r.jsonl'", id).map_err(|failure| failure.line())
}

fn kept(status: Option<u16>, request_id: Option<&str>, body: &str) -> Result<Option<SavedReply>, String> {
    Ok(Some(SavedReply { status, request_id: request_id.map(String::from), body: body.into() }))
}

const OPENAI: &str =
    r#"{"id":"b1","custom_id":"a","response":{"status_code":200,"request_id":"r1","body":{"x":1.50}},"error":null}"#;
const REFUSED: &str = r#"{"id":"b2","custom_id":"b","response":{"status_code":400,"request_id":"r2","body":{"error":{"message":"no"}}},"error":null}"#;
const EXPIRED: &str =
    r#"{"id":"b3","custom_id":"c","response":null,"error":{"code":"batch_expired","message":"late"}}"#;
const VLLM: &str = r#"{"id":"vllm-1","custom_id":"d","response":{"status_code":400,"request_id":"v1","body":null},"error":{"error":{"message":"bad"}}}"#;

#[test]
fn a_call_is_one_line() {
    let expected = concat!(
        r#"{"custom_id":"row \"1\"","method":"POST","url":"/v1/chat/completions","#,
        r#""body":{"model":"m","messages":[{"role":"user","content":"hi\n"}],"stream":false}}"#,
        "\n"
    );
    assert_eq!(printed(Dialect::Chat, Some("row \"1\"")).unwrap(), expected);
    let expected = concat!(
        r#"{"custom_id":"1","method":"POST","url":"/v1/responses","#,
        r#""body":{"model":"m","input":"hi\n","store":false,"stream":false}}"#,
        "\n"
    );
    assert_eq!(printed(Dialect::Responses, Some("1")).unwrap(), expected);
    let line = printed(Dialect::Codex, Some("1")).unwrap_err().line();
    assert_eq!(line, "--print batch: the Codex backend has no batches");
}

#[test]
fn a_line_without_an_id_has_a_number_made_of_its_request() {
    let body = |text: &[u8]| Body { segments: vec![Segment::Bytes(text.to_vec())] };
    // Source: the vectors of the FNV specification.
    assert_eq!(number(&body(b"")), "cbf29ce484222325");
    assert_eq!(number(&body(b"foobar")), "85944171f73967e8");
    let line = printed(Dialect::Chat, None).unwrap();
    assert!(line.starts_with(r#"{"custom_id":"3c33afd1b508c4e5","method""#), "{line}");
}

#[test]
fn results_are_picked_by_id_and_kept_byte_for_byte() {
    let file = [OPENAI, REFUSED, EXPIRED, VLLM].join("\n") + "\n";
    assert_eq!(picked(&file, Some("a")), kept(Some(200), Some("r1"), r#"{"x":1.50}"#));
    assert_eq!(picked(&file, Some("b")), kept(Some(400), Some("r2"), r#"{"error":{"message":"no"}}"#));
    let expired = r#"{"error":{"code":"batch_expired","message":"late"}}"#;
    assert_eq!(picked(&file, Some("c")), kept(None, None, expired));
    assert_eq!(picked(&file, Some("d")), kept(Some(400), Some("v1"), r#"{"error":{"message":"bad"}}"#));
    assert_eq!(picked(OPENAI, None), picked(&file, Some("a")));
}

#[test]
fn what_is_no_batch_file_is_left_alone() {
    for file in ["", "{\"choices\":[]}", "{\n \"choices\": []\n}", "data: {}\n\n", "<html>"] {
        assert_eq!(picked(file, None), Ok(None));
    }
    let expected = "'r.jsonl' (from --response): it has no batch results: leave --id out";
    assert_eq!(picked("data: {}", Some("a")), Err(expected.into()));
}

#[test]
fn a_choice_that_is_none_is_refused() {
    let two = [OPENAI, REFUSED].join("\n");
    let request = r#"{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{}}"#;
    for (file, id, why) in [
        (two.clone(), None, "it has more than one result: pick one with --id"),
        (two.clone(), Some("z"), "none of its 2 results has the id 'z'"),
        ([OPENAI, OPENAI].join("\n"), Some("a"), "it has more than one result with the id 'a'"),
        (request.into(), None, "result 'a' has neither a reply nor an error"),
        (two + "\n{\"cust", Some("z"), "result 3: EOF while parsing a string at line 3 column 6"),
    ] {
        assert_eq!(picked(&file, id), Err(format!("'r.jsonl' (from --response): {why}")));
    }
}
