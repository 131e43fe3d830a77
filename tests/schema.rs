//! The schema gate: one valid document on stdout, or nothing and a reason; items while the model still writes.

use serde_json::{Value, json};

use crate::replies::{DONE, LAST_CHUNK, chat, chat_stream, chunk, completion, delta, finish, json_reply, stream_head};
use crate::replies::{error, stream_of};
use crate::server::{Answer, Gate, Step};
use crate::util::Run;

/// A person: a name and, if known, an age.
const PERSON: &str = r#"{"title":"Person","type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer","minimum":0}},"required":["name"],"additionalProperties":false}"#;

/// A run under the schema of a person, whose answer is this text.
fn person(answer: &str) -> Run {
    Run::asking(chat(answer)).args(["-S", PERSON, "hi"])
}

/// A run that must fail before its request leaves.
fn unsent(schema: &str) -> Run {
    Run::asking_all(Vec::<Vec<u8>>::new()).args(["-S", schema, "hi"])
}

#[test]
fn valid_document_is_printed_compact() {
    person("{\n  \"name\": \"Ada\",\n  \"age\": 36\n}").gives("{\"name\":\"Ada\",\"age\":36}\n");
}

#[test]
fn keys_keep_their_order_and_numbers_their_spelling() {
    let answer = r#"{"b":12345678901234567890123,"a":1.10,"c":1e400}"#;
    Run::asking(chat(answer)).args(["-q", "-S", r#"{"type":"object"}"#, "hi"]).gives(&format!("{answer}\n"));
}

#[test]
fn added_null_is_taken_out_again() {
    person(r#"{"name":"Ada","age":null}"#).gives("{\"name\":\"Ada\"}\n");
}

#[test]
fn schema_goes_out_closed_and_required_under_its_title() {
    let request = person(r#"{"name":"Ada","age":null}"#).gives("{\"name\":\"Ada\"}\n").request();
    let format = &request.json()["response_format"];
    let schema = &format["json_schema"]["schema"];
    assert_eq!(format["type"], "json_schema");
    assert_eq!((&format["json_schema"]["name"], &format["json_schema"]["strict"]), (&json!("Person"), &json!(true)));
    assert_eq!((&schema["required"], &schema["additionalProperties"]), (&json!(["name", "age"]), &json!(false)));
}

#[test]
fn strict_never_sends_the_schema_as_it_is() {
    let request = person(r#"{"name":"Ada"}"#).args(["--strict", "never"]).gives("{\"name\":\"Ada\"}\n").request();
    let sent = request.json()["response_format"]["json_schema"].clone();
    assert_eq!(sent["schema"], serde_json::from_str::<Value>(PERSON).unwrap());
    assert_ne!(sent["strict"], true);
}

#[test]
fn schema_comes_from_a_file_and_is_named_by_it() {
    let schema = r#"{"type":"object","properties":{},"required":[],"additionalProperties":false}"#;
    let run = Run::asking(chat("{}")).file("commit.schema.json", schema).args(["-S", "commit.schema.json", "hi"]);
    let request = run.gives("{}\n").request();
    assert_eq!(request.json()["response_format"]["json_schema"]["name"], "commit");
}

#[test]
fn schema_name_is_sent() {
    let request = person(r#"{"name":"Ada"}"#).args(["--schema-name", "human"]).gives("{\"name\":\"Ada\"}\n").request();
    assert_eq!(request.json()["response_format"]["json_schema"]["name"], "human");
}

#[test]
fn schema_comes_from_stdin() {
    Run::asking(chat(r#"{"name":"Ada"}"#)).args(["-S", "-", "hi"]).stdin(PERSON).gives("{\"name\":\"Ada\"}\n");
}

#[test]
fn short_form_is_a_schema() {
    let run = Run::asking(chat(r#"{"name":"Ada","age":36,"tags":["a"]}"#));
    run.args(["-S", "name, age int, tags [string], note? : free text", "hi"])
        .gives("{\"name\":\"Ada\",\"age\":36,\"tags\":[\"a\"]}\n");
}

#[test]
fn root_that_is_no_object_is_wrapped_and_unwrapped() {
    let schema = r#"{"type":"array","items":{"type":"integer"}}"#;
    let ask = |answer: &str| Run::asking(chat(answer)).args(["-S", schema, "hi"]);
    let request = ask("[1,2]").gives("[1,2]\n").request();
    let sent = &request.json()["response_format"]["json_schema"]["schema"];
    assert_eq!(sent["type"], "object");
    let wrapper = sent["required"][0].as_str().unwrap().to_owned();
    ask(&json!({ wrapper: [1, 2] }).to_string()).gives("[1,2]\n");
}

#[test]
fn fenced_document_is_taken_and_said() {
    person("Here you are:\n```json\n{\"name\":\"Ada\"}\n```\n").ends(
        0,
        "{\"name\":\"Ada\"}\n",
        "lmpipe: the answer was fenced: took the JSON inside the fence\n",
    );
}

#[test]
fn document_inside_prose_is_taken_and_said() {
    person("The person is {\"name\":\"Ada\"} indeed.").ends(
        0,
        "{\"name\":\"Ada\"}\n",
        "lmpipe: the answer was prose around JSON: took the JSON\n",
    );
}

#[test]
fn two_documents_are_none() {
    person("{\"name\":\"Ada\"} {\"name\":\"Bob\"}").fails(10, "the answer holds more than one JSON value: which one is meant is not guessed: ask for one, or use --each for a list");
}

#[test]
fn prose_exits_10() {
    person("I do not know.")
        .fails(10, "the answer is not JSON: wanted a value at line 1, column 1, there is 'I do not know.'");
}

#[test]
fn violations_are_listed_and_nothing_is_printed() {
    person(r#"{"name":1,"age":-1}"#).ends(
        10,
        "",
        "lmpipe: the answer breaks schema -S: 2 violations\n/name: must be a string: 1\n/age: must be at least 0: -1\n",
    );
}

#[test]
fn violations_are_a_list_in_errors_json() {
    let finished = person(r#"{"name":"Ada","age":-1}"#).args(["--errors", "json"]).finish();
    let line: Value = serde_json::from_str(finished.stderr().trim_end()).unwrap();
    assert_eq!((finished.code(), &line["kind"], &line["exit"]), (10, &json!("invalid"), &json!(10)));
    assert_eq!((&line["violations"][0]["pointer"], &line["violations"][0]["value"]), (&json!("/age"), &json!("-1")));
}

#[test]
#[cfg(unix)]
fn cut_json_is_never_closed() {
    let reply = json_reply(200, &completion("{\"name\":\"Ad", "length"));
    Run::asking(reply)
        .args(["-S", PERSON, "hi"])
        .fails(8, "the answer is incomplete: it was cut by the token limit: raise --max-tokens or the model's limit");
    person("{\"name\":\"Ad").fails(10, "the answer is cut JSON: what begins at line 1, column 1 never ends: cut JSON is never completed: ask for less, or raise --max-tokens");
}

#[test]
fn refusal_comes_before_the_schema() {
    let message = json!({"content": null, "refusal": "I can't help."});
    let reply = json_reply(200, &json!({"choices": [{"message": message, "finish_reason": "stop"}]}));
    Run::asking(reply).args(["-S", PERSON, "hi"]).fails(9, "the model refused: I can't help.");
}

#[test]
fn nothing_of_a_streamed_document_is_printed_before_it_is_judged() {
    Run::asking(chat_stream(&["{\"name\":", "1}"])).args(["--stream", "-S", PERSON, "hi"]).ends(
        10,
        "",
        "lmpipe: the answer breaks schema -S: 1 violation\n/name: must be a string: 1\n",
    );
}

#[test]
fn bad_schema_exits_2_with_its_pointer() {
    unsent(r#"{"type":"object","properties":{"a":{"type":"strnig"}}}"#).fails(2, "schema -S: at '/properties/a/type': must be one of \"array\", \"boolean\", \"integer\", \"null\", \"number\", \"object\", \"string\"");
}

#[test]
fn schema_that_is_no_json_exits_2() {
    unsent("{\"type\":").fails(2, "schema -S: it is not JSON: EOF while parsing a value at line 1 column 8");
}

#[test]
fn remote_reference_exits_2() {
    unsent(r#"{"$ref":"http://127.0.0.1:9/schema.json"}"#).fails(
        2,
        "schema -S: at '/$ref': 'http://SERVER/schema.json' lies outside the schema, and nothing is ever fetched",
    );
}

#[test]
fn missing_schema_file_exits_2() {
    unsent("gone.json").fails(2, "cannot read 'gone.json' (from --schema): no such file or directory");
}

#[test]
fn schema_and_system_text_cannot_both_be_stdin() {
    unsent("-")
        .args(["--system-file", "-"])
        .stdin(PERSON)
        .fails(2, "--system-file - and --schema -: stdin can be read once");
}

#[test]
fn pattern_cannot_hang() {
    let answer = format!("\"{}!\"", "a".repeat(50_000));
    Run::asking(chat(&answer)).args(["-S", r#"{"type":"string","pattern":"^(a+)+$"}"#, "hi"]).ends(10, "", "lmpipe: the answer breaks schema -S: 1 violation\n: must match the pattern '^(a+)+$': \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…\n");
}

#[test]
fn refused_schema_form_is_asked_for_in_the_next() {
    let refused = |form: &str| error(400, &format!("response_format type {form} is not supported"), None);
    let run = Run::asking_all([refused("json_schema"), refused("json_object"), chat(r#"{"name":"Ada"}"#)]);
    let requests = run.args(["-S", PERSON, "hi"]).ends(0, "{\"name\":\"Ada\"}\n", "lmpipe: the server refuses json_schema: asking with json_object, the schema in the prompt\nlmpipe: the server refuses json_object: asking with the prompt alone\n").requests();
    let forms: Vec<Value> = requests.iter().map(|request| request.json()["response_format"]["type"].clone()).collect();
    assert_eq!(forms, [json!("json_schema"), json!("json_object"), Value::Null]);
    assert!(requests[2].text().contains("additionalProperties"), "{}", requests[2].text());
}

#[test]
fn refused_schema_form_is_the_end_where_nothing_may_be_adapted() {
    for flag in [&["--no-adapt"][..], &["--schema-mode", "json_schema"]] {
        let refused = error(400, "response_format type json_schema is not supported", None);
        let finished = Run::asking(refused).args(["-S", PERSON, "hi"]).args(flag).finish();
        assert_eq!((finished.code(), finished.stdout.as_slice()), (4, &b""[..]), "{}", finished.stderr());
        assert_eq!(finished.requests().len(), 1, "{flag:?}");
    }
}

#[test]
fn schema_mode_forces_a_form() {
    let request = person(r#"{"name":"Ada"}"#).args(["--schema-mode", "json_object"]).finish().request();
    assert_eq!(request.json()["response_format"], json!({"type": "json_object"}));
}

#[test]
fn repair_sends_the_violations_back() {
    let run = Run::asking_all([chat(r#"{"name":1}"#), chat(r#"{"name":"Ada"}"#)]);
    let finished = run.args(["-q", "-S", PERSON, "--repair", "1", "--meta", "meta.json", "hi"]);
    let finished = finished.gives("{\"name\":\"Ada\"}\n");
    let meta: Value = serde_json::from_slice(&finished.file("meta.json").unwrap()).unwrap();
    assert_eq!((&meta["usage"]["total_tokens"], meta["attempts"].as_array().map(Vec::len)), (&json!(24), Some(2)));
    let second = finished.requests()[1].json();
    let roles: Vec<&str> =
        second["messages"].as_array().unwrap().iter().map(|message| message["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["user", "assistant", "user"]);
    assert!(second["messages"][2]["content"].as_str().unwrap().contains("/name"), "{second}");
}

#[test]
fn each_prints_finished_items_before_the_rest_is_sent() {
    let (gate, wait) = Gate::new();
    let begin = [stream_head(), chunk(delta("{\"items\":[{\"name\":\"Ada\"},{\"na"))].concat();
    let end = [chunk(delta("me\":\"Bob\"}]}")), chunk(finish("stop")), chunk(DONE), LAST_CHUNK.to_vec()].concat();
    let answer = Answer::new([Step::Send(begin), wait, Step::Send(end)]);
    let mut running = Run::asking(answer).args(["-S", PERSON, "--each", "--stream", "hi"]).start();
    running.shows("{\"name\":\"Ada\"}\n");
    gate.open();
    running.finish().is(0, "{\"name\":\"Ada\"}\n{\"name\":\"Bob\"}\n", "");
}

#[test]
fn each_asks_for_a_list() {
    let answer = "{\"items\":[{\"name\":\"Ada\",\"age\":null}]}";
    let request =
        Run::asking(chat(answer)).args(["-S", PERSON, "--each", "hi"]).gives("{\"name\":\"Ada\"}\n").request();
    let sent = &request.json()["response_format"]["json_schema"]["schema"];
    assert_eq!(sent["properties"]["items"]["type"], "array");
}

#[test]
fn each_ends_at_the_first_invalid_item() {
    let answer = "{\"items\":[{\"name\":\"Ada\"},{\"name\":1},{\"name\":\"Cy\"}]}";
    Run::asking(chat(answer)).args(["-S", PERSON, "--each", "hi"]).ends(
        10,
        "{\"name\":\"Ada\"}\n",
        "lmpipe: item 2: the answer breaks schema -S: 1 violation\n/name: must be a string: 1\n",
    );
}

#[test]
fn each_of_an_empty_list_is_empty() {
    Run::asking(chat("{\"items\":[]}")).args(["-S", PERSON, "--each", "hi"]).gives("");
    Run::asking(chat("[]")).args(["-S", PERSON, "--each", "hi"]).gives("");
}

#[test]
fn each_keeps_the_finished_items_of_a_cut_stream() {
    let text = "{\"items\":[{\"name\":\"Ada\"},{\"name\":\"Bo";
    let words = ["-S", PERSON, "--each", "--stream", "hi"];
    Run::asking(stream_of(&[&delta(text)])).args(words).ends(
        7,
        "{\"name\":\"Ada\"}\n",
        "lmpipe: http://SERVER/v1 cut the answer off: the stream ended before its terminator\n",
    );
    Run::asking(stream_of(&[&delta(text), &finish("length"), DONE])).args(words).ends(
        8,
        "{\"name\":\"Ada\"}\n",
        "lmpipe: the answer is incomplete: it was cut by the token limit: raise --max-tokens or the model's limit\n",
    );
}

#[test]
fn lint_of_a_strict_schema_exits_0() {
    let strict =
        r#"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}"#;
    Run::new(["--lint-schema", "-S", strict]).gives(&format!("{strict}\n"));
}

#[test]
fn lint_says_what_strict_mode_rejects() {
    Run::new(["--lint-schema", "-S", r#"{"type":"object","properties":{"a":{"type":"string"}}}"#]).ends(10, "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":[\"string\",\"null\"]}},\"required\":[\"a\"],\"additionalProperties\":false}\n", "#: an open object: closed by additionalProperties: false\n#/properties/a: an optional key: made required and nullable; such a null is taken out of the answer\nlmpipe: -S: strict mode rejects it in 2 places: lmpipe sends the rewritten schema and maps the answer back\n");
}

#[test]
fn each_without_a_schema_exits_2() {
    Run::new(["--each", "hi"]).fails(2, "--each: means nothing alone: add --schema SRC");
}
