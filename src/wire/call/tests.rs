//! Whole requests: one golden body for each feature and dialect, and URL and headers.
//!
//! The goldens stand in `tests/wire/requests/DIALECT/FEATURE.json`; `LMPIPE_WRITE_GOLDENS=1 cargo test --lib wire`
//! writes them anew.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use serde_json::{Value, json};

use super::*;
use crate::json::indent;
use crate::request::body_field::{MAX_TOKENS, REASONING_EFFORT, SEED, STOP, TEMPERATURE, TOP_P, VERBOSITY};
use crate::request::{Blob, Part, Picture, Shape, Text, Tool, ToolChoice, Turn, WireSchema};
use crate::response::ToolCall;

mod spec;

/// One thing a user can ask for, as a change to a request.
type Feature = (&'static str, fn(&mut Request));

/// Every feature that all dialects have.
const FEATURES: &[Feature] = &[
    ("text", |_| {}),
    ("system", |request| request.system = Some("be \"terse\"\n".into())),
    ("stream", |request| request.stream = true),
    ("stream-usage", |request| (request.stream, request.stream_usage) = (true, true)),
    ("effort", |request| request.sampling.set(&REASONING_EFFORT, json!("low"))),
    ("verbosity", |request| request.sampling.set(&VERBOSITY, json!("high"))),
    ("object", |request| request.shape = Shape::Object),
    ("schema", |request| request.shape = Shape::Schema(schema())),
    ("tools", |request| request.tools = tools()),
    ("tool-choice", |request| {
        request.tools = tools();
        request.tool_choice = Some(ToolChoice::Named("get_weather".into()));
        request.parallel_tools = Some(false);
    }),
    ("image", |request| request.user.push(picture(Some("low")))),
    ("image-url", |request| request.user.insert(0, picture_url())),
    ("file", |request| request.user.push(document())),
    ("history", |request| request.history = history()),
    ("history-alone", |request| (request.history, request.user) = (history(), Vec::new())),
    ("repair", |request| {
        request.turns.push(Turn { assistant: "{".into(), user: "that is no JSON".into() });
    }),
    ("options", |request| {
        request.sampling.extra = vec![
            (vec!["store".into()], json!(true)),
            (vec!["reasoning".into(), "summary".into()], json!("auto")),
            (vec!["metadata".into(), "team".into()], json!("docs")),
        ];
    }),
    ("no-model", |request| request.model.clear()),
];

/// Features that chat and Responses have and Codex refuses.
const LIMITS: &[Feature] = &[
    ("temperature", |request| request.sampling.set(&TEMPERATURE, number("0.20"))),
    ("top-p", |request| request.sampling.set(&TOP_P, number("1"))),
    ("max-tokens", |request| request.sampling.set(&MAX_TOKENS, number("64"))),
];

/// Features that only chat has.
const CHAT_ONLY: &[Feature] = &[
    ("stop", |request| request.sampling.set(&STOP, json!(["END", "\n"]))),
    ("seed", |request| request.sampling.set(&SEED, number("9007199254740993"))),
    ("audio", |request| request.user.push(Part::Audio { format: "wav", blob: blob(b"RIFF") })),
];

fn number(text: &str) -> Value {
    Value::Number(text.parse().unwrap())
}

fn blob(bytes: &[u8]) -> Blob {
    Blob(Rc::new(bytes.to_vec()))
}

fn picture(detail: Option<&str>) -> Part {
    let picture = Picture::Bytes { media: "image/png", blob: blob(b"\x89PNG") };
    Part::Image { picture, detail: detail.map(String::from) }
}

fn picture_url() -> Part {
    Part::Image { picture: Picture::Url("https://example.com/a.jpg".into()), detail: None }
}

fn document() -> Part {
    Part::File { name: "report.pdf".into(), media: "application/pdf", blob: blob(b"%PDF-") }
}

fn schema() -> WireSchema {
    WireSchema {
        name: "person".into(),
        description: Some("a person".into()),
        schema: json!({"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}),
        strict: true,
    }
}

fn tools() -> Vec<Tool> {
    let parameters = json!({"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]});
    vec![
        Tool {
            name: "get_weather".into(),
            description: Some("the weather in a city".into()),
            parameters: Some(parameters),
            strict: Some(true),
        },
        Tool { name: "now".into(), description: None, parameters: None, strict: None },
    ]
}

fn history() -> Vec<Value> {
    let call = json!({"id": "call_1", "type": "function", "function": {"name": "now", "arguments": "{}"}});
    vec![
        json!({"role": "system", "content": "be terse"}),
        json!({"role": "user", "content": [
            {"type": "text", "text": "what is this?"},
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBO", "detail": "high"}},
            {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBE"}},
        ]}),
        json!({"role": "assistant", "content": "a clock"}),
        json!({"role": "user", "content": "what does it say?"}),
        json!({"role": "assistant", "content": null, "tool_calls": [call]}),
        json!({"role": "tool", "tool_call_id": "call_1", "content": "ten past two"}),
    ]
}

fn request(features: &[Feature]) -> Request {
    let user = vec![Part::Text("hi".into())];
    let mut request = Request { model: "m".into(), user, ..Request::default() };
    features.iter().for_each(|(_, change)| change(&mut request));
    request
}

fn endpoint(dialect: Dialect) -> Endpoint {
    Endpoint {
        provider: "openai".into(),
        dialect,
        base_url: "https://example.com/v1".into(),
        credential: Credential::Bearer(Secret::new("sk-x".into())),
        key_origin: "OPENAI_API_KEY".into(),
        ..Endpoint::default()
    }
}

fn encoded(request: &Request, dialect: Dialect) -> Vec<u8> {
    encode(request, &endpoint(dialect)).unwrap().body.unwrap().to_vec()
}

fn refusal(request: &Request, dialect: Dialect) -> String {
    encode(request, &endpoint(dialect)).unwrap_err().line()
}

fn shared(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn check_golden(name: &str, json: &[u8]) {
    let path = shared("tests/wire/requests").join(name);
    let mut shown = Vec::new();
    indent(json, &mut shown).unwrap();
    if std::env::var_os("LMPIPE_WRITE_GOLDENS").is_some() {
        std::fs::write(&path, &shown).unwrap();
    }
    let golden = std::fs::read(&path).unwrap_or_default();
    assert_eq!(String::from_utf8_lossy(&golden), String::from_utf8_lossy(&shown), "{}", path.display());
}

#[test]
fn every_feature_is_sent_as_its_golden_body() {
    let chat = [FEATURES, LIMITS, CHAT_ONLY].concat();
    let responses = [FEATURES, LIMITS].concat();
    for (dialect, word, features) in [
        (Dialect::Chat, "chat", chat.as_slice()),
        (Dialect::Responses, "responses", responses.as_slice()),
        (Dialect::Codex, "codex", FEATURES),
    ] {
        for feature in features {
            check_golden(&format!("{word}/{}.json", feature.0), &encoded(&request(&[*feature]), dialect));
        }
    }
}

#[test]
fn openai_takes_max_completion_tokens() {
    let endpoint = Endpoint { renames: vec![("max_tokens", "max_completion_tokens")], ..endpoint(Dialect::Chat) };
    let body = encode(&request(&LIMITS[2..3]), &endpoint).unwrap().body.unwrap().to_vec();
    let expected =
        r#"{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":false,"max_completion_tokens":64}"#;
    assert_eq!(String::from_utf8(body).unwrap(), expected);
}

#[test]
fn mistral_gets_its_own_seed() {
    let endpoint = Endpoint { renames: vec![("seed", "random_seed")], ..endpoint(Dialect::Chat) };
    let body = encode(&request(&CHAT_ONLY[1..2]), &endpoint).unwrap().body.unwrap().to_vec();
    let expected =
        r#"{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":false,"random_seed":9007199254740993}"#;
    assert_eq!(String::from_utf8(body).unwrap(), expected);
}

#[test]
fn settings_without_a_field_are_usage_failures() {
    let hint = "the Responses API has no such setting: leave it out or use --api chat";
    assert_eq!(refusal(&request(&CHAT_ONLY[0..1]), Dialect::Responses), format!("--stop: {hint}"));
    assert_eq!(refusal(&request(&CHAT_ONLY[1..2]), Dialect::Responses), format!("--seed: {hint}"));
    let sound = "--attach: the Responses API takes no sound: use --api chat";
    assert_eq!(refusal(&request(&CHAT_ONLY[2..3]), Dialect::Responses), sound);
    assert_eq!(refusal(&request(&CHAT_ONLY[2..3]), Dialect::Codex), sound);
    let flags = ["--temperature", "--top-p", "--max-tokens", "--stop", "--seed"];
    for (feature, flag) in LIMITS.iter().chain(&CHAT_ONLY[..2]).zip(flags) {
        let line = refusal(&request(&[*feature]), Dialect::Codex);
        let hint = "the Codex backend refuses it: leave it out, or use --api responses with a key";
        assert_eq!(line, format!("{flag}: {hint}"));
    }
}

#[test]
fn history_without_a_form_in_responses_is_named() {
    for (message, why) in [
        (json!({"role": "function", "name": "f"}), "the Responses API has no role 'function'"),
        (json!({"role": "tool", "content": "x"}), "it has no text in 'tool_call_id'"),
        (json!({"role": "user", "content": 1}), "its content is neither text nor a list of parts"),
        (
            json!({"role": "user", "content": [{"type": "input_audio"}]}),
            "the Responses API has no part of type 'input_audio'",
        ),
        (json!({"role": "user", "content": [{"type": "image_url", "image_url": {}}]}), "it has no text in 'url'"),
        (json!({"role": "assistant", "tool_calls": [{"function": {"name": "f"}}]}), "it has no text in 'id'"),
    ] {
        let history = vec![json!({"role": "user", "content": "hi"}), message];
        let request = Request { history, ..request(&[]) };
        assert_eq!(refusal(&request, Dialect::Responses), format!("--messages: message at /1: {why}"));
    }
}

#[test]
fn odd_history_still_becomes_items() {
    let history = vec![
        json!({"role": "assistant", "content": "", "refusal": "no"}),
        json!({"role": "assistant", "content": [{"type": "text", "text": "a"}, {"type": "refusal", "refusal": "b"}]}),
        json!({"role": "assistant", "tool_calls": [
            {"id": "1", "function": {"name": "f", "arguments": {"x": 1.50}}},
            {"id": "2", "function": {"name": "f"}},
            {"id": "3", "type": "custom", "custom": {"name": "g", "input": "raw"}},
        ]}),
        json!({"role": "tool", "tool_call_id": "1", "content": [{"type": "text", "text": "t"}]}),
        json!({"role": "user", "content": [{"type": "input_text", "text": "kept"}, {"type": "image_url", "image_url": "http://h/i"}]}),
    ];
    let request = Request { history, user: Vec::new(), ..request(&[]) };
    check_golden("responses/odd-history.json", &encoded(&request, Dialect::Responses));
}

#[test]
fn transcript_holds_history_user_message_and_answer() {
    let mut request = request(&[FEATURES[1], FEATURES[10], FEATURES[13], FEATURES[15]]);
    let call = |id: &str, arguments: &str| {
        let mut call = ToolCall::default();
        (call.id, call.name, call.arguments) = (id.into(), "now".into(), arguments.into());
        call
    };
    let calls = vec![call("call_2", "{\"zone\": \"utc\"}"), call("call_3", "")];
    let response = Response { text: String::new(), calls, ..Response::default() };
    check_golden("chat/transcript.json", &transcript(&request, &response).to_vec());
    (request.history, request.user) = (Vec::new(), vec![Part::Text(Text::from("hi"))]);
    let answered = Response { text: "ten \"past\" two\n".into(), ..Response::default() };
    let refused = Response { refusal: "no".into(), ..Response::default() };
    let shown = |response| String::from_utf8(transcript(&request, response).to_vec()).unwrap();
    let user = r#"{"role":"user","content":"hi"}"#;
    assert_eq!(shown(&answered), format!(r#"[{user},{{"role":"assistant","content":"ten \"past\" two\n"}}]"#));
    assert_eq!(shown(&refused), format!(r#"[{user},{{"role":"assistant","content":null,"refusal":"no"}}]"#));
    assert_eq!(shown(&Response::default()), format!(r#"[{user},{{"role":"assistant","content":""}}]"#));
}

/// Headers as `name: value`, with a mark on the secret ones.
fn headers(call: &Call) -> Vec<String> {
    let mark = |secret| if secret { " (secret)" } else { "" };
    call.headers.iter().map(|head| format!("{}: {}{}", head.name, head.value.reveal(), mark(head.secret))).collect()
}

#[test]
fn a_call_has_the_headers_of_its_kind() {
    let agent = concat!("User-Agent: lmpipe/", env!("CARGO_PKG_VERSION"));
    let key = "Authorization: Bearer sk-x (secret)";
    let call = encode(&request(&[]), &endpoint(Dialect::Chat)).unwrap();
    assert_eq!((call.method, call.url.as_str()), ("POST", "https://example.com/v1/chat/completions"));
    assert_eq!(headers(&call), ["Content-Type: application/json", "Accept: application/json", agent, key]);
    let call = encode(&request(&[]), &endpoint(Dialect::Codex)).unwrap();
    assert_eq!(call.url, "https://example.com/v1/responses");
    let streams = ["Content-Type: application/json", "Accept: text/event-stream", "Accept-Encoding: identity"];
    assert_eq!(headers(&call), [&streams[..], &[agent, "originator: lmpipe", key]].concat());
}

#[test]
fn headers_of_the_user_replace_ours_and_secrets_are_marked() {
    let given = [("x-team", "docs"), ("ACCEPT", "*/*"), ("authorization", "Basic x"), ("X-Api-Key", "y")];
    let mut endpoint = endpoint(Dialect::Chat);
    endpoint.headers = given.map(|(name, value)| (name.to_owned(), Secret::new(value.to_owned()))).to_vec();
    let agent = concat!("User-Agent: lmpipe/", env!("CARGO_PKG_VERSION"));
    let expected = ["x-team: docs", "ACCEPT: */*", "authorization: Basic x (secret)", "X-Api-Key: y (secret)"];
    assert_eq!(headers(&models_call(&endpoint)), [&[agent][..], &expected].concat());
}

#[test]
fn azure_keys_have_a_header_of_their_own() {
    let credential = Credential::Header("api-key", Secret::new("k".into()));
    let base_url = "https://r.openai.azure.com/openai/deployments/d?api-version=1".into();
    let call = encode(&request(&[]), &Endpoint { credential, base_url, ..endpoint(Dialect::Chat) }).unwrap();
    assert_eq!(call.url, "https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=1");
    assert_eq!(headers(&call).last().unwrap(), "api-key: k (secret)");
}

#[test]
fn models_are_asked_for_without_a_body() {
    let call = models_call(&endpoint(Dialect::Codex));
    assert_eq!((call.method, call.body.is_none()), ("GET", true));
    assert_eq!(call.url, "https://example.com/v1/models?client_version=0.0.0");
    assert_eq!(models_call(&endpoint(Dialect::Responses)).url, "https://example.com/v1/models");
}

#[test]
fn a_url_has_its_path_once_and_its_query_last() {
    for (base, path, url) in [
        ("https://h/v1", "/responses", "https://h/v1/responses"),
        ("https://h/v1/", "/chat/completions", "https://h/v1/chat/completions"),
        ("https://h/v1/chat/completions", "/chat/completions", "https://h/v1/chat/completions"),
        ("https://h/v1/responses/?v=1", "/models", "https://h/v1/models?v=1"),
        ("https://h/d?v=1&w=2", "/models?c=0", "https://h/d/models?c=0&v=1&w=2"),
        ("https://h/d?", "/models", "https://h/d/models"),
    ] {
        let endpoint = Endpoint { base_url: base.into(), ..Endpoint::default() };
        assert_eq!(endpoint.url(path), url);
    }
}
