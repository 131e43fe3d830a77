//! Tests of `body_json.rs`.

use std::rc::Rc;

use serde_json::json;

use super::*;

fn written(node: &BodyJson<'_>) -> String {
    String::from_utf8(node.body().to_vec()).unwrap()
}

fn path(keys: &str) -> Vec<String> {
    keys.split('.').map(String::from).collect()
}

#[test]
fn every_kind_of_node_is_written_compactly() {
    let (text, blob) = (Text::from("a\n\"b\""), Blob(Rc::new(b"\xff\x00".to_vec())));
    let (value, number) = (json!({"k": [1, null]}), "1.50".parse::<Number>().unwrap());
    let mut node = BodyJson::object([("plain", "tab\t".into()), ("text", (&text).into())]);
    node.put("value", &value);
    node.put("number", &number);
    node.put_some("flag", Some(true));
    node.put_some("absent", None::<bool>);
    node.put("list", BodyJson::Array(vec![BodyJson::Base64(&blob), BodyJson::DataUrl("image/png", &blob)]));
    node.put("none", BodyJson::Array(Vec::new()));
    let expected = concat!(
        r#"{"plain":"tab\t","text":"a\n\"b\"","value":{"k":[1,null]},"number":1.50,"flag":true,"#,
        r#""list":["/wA=","data:image/png;base64,/wA="],"none":[]}"#
    );
    assert_eq!(written(&node), expected);
}

#[test]
fn long_text_is_shared_and_short_text_is_copied() {
    let (long, short) = (Text::from("x".repeat(SHARED_FROM).as_str()), Text::from("x"));
    let shared = |body: &Body| body.segments.iter().filter(|part| matches!(part, Segment::Text(_))).count();
    let long = BodyJson::from(&long).body();
    assert_eq!((shared(&long), long.len()), (1, SHARED_FROM as u64 + 2));
    assert_eq!(BodyJson::from(&short).body().segments.len(), 1);
}

#[test]
fn set_replaces_in_place_nests_and_appends() {
    let given = json!({"effort": "low", "more": {"a": 1}});
    let mut node = BodyJson::object([("store", false.into()), ("reasoning", (&given).into()), ("n", true.into())]);
    let sets = [
        (path("store"), json!(true)),
        (path("reasoning.summary"), json!("auto")),
        (path("reasoning.more.b"), json!(2)),
        (path("n.deep.er"), json!(null)),
        (path("new.one"), json!([1])),
        (path("new"), json!({"two": 2})),
        (path("new.one"), json!(1)),
    ];
    for (path, value) in &sets {
        node.set(&mut path.iter().map(String::as_str), value);
    }
    let expected = concat!(
        r#"{"store":true,"reasoning":{"effort":"low","more":{"a":1,"b":2},"summary":"auto"},"#,
        r#""n":{"deep":{"er":null}},"new":{"two":2,"one":1}}"#
    );
    assert_eq!(written(&node), expected);
}
