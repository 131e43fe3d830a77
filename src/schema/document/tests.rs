//! Parsing, looking up and pruning documents.

use super::*;
use crate::schema::print::Layout;

fn compact(text: &str) -> String {
    Document::parse(text).unwrap().text(Layout::Compact)
}

#[test]
fn pruned_members_are_gone_and_the_rest_keeps_its_order() {
    let document = Document::parse(r#"{"v":[{"a":null,"b":[1,{"c":null}],"d":2},{"e":null}],"w":0}"#).unwrap();
    let list = document.member(0, "v").unwrap();
    let first = document.items(list).next().unwrap();
    let inner = document.resolve("/v/0/b/1").unwrap();
    let removed = [document.keys(first).next().unwrap(), document.keys(inner).next().unwrap()];
    assert_eq!(document.prune(0, &removed).text(Layout::Compact), r#"{"v":[{"b":[1,{}],"d":2},{"e":null}],"w":0}"#);
    assert_eq!(document.prune(list, &removed).text(Layout::Compact), r#"[{"b":[1,{}],"d":2},{"e":null}]"#);
    assert_eq!(document.prune(list, &removed).resolve("/1/e"), Some(10));
}

#[test]
fn members_of_wide_objects_are_found_before_and_after_pruning() {
    let members: Vec<String> = (0..100).map(|number| format!("\"k{number}\":{number}")).collect();
    let text = format!("[[{{{}}}]]", members.join(","));
    let document = Document::parse(&text).unwrap();
    assert_eq!(document.resolve("/0/0/k42").map(|place| document.spelling(place)), Some("42"));
    let removed = [document.resolve("/0/0/k7").unwrap() - 1];
    let pruned = document.prune(1, &removed);
    assert_eq!(pruned.resolve("/0/k7"), None);
    assert_eq!(pruned.resolve("/0/k42").map(|place| pruned.spelling(place)), Some("42"));
}

#[test]
fn keys_are_compared_by_content() {
    let document = Document::parse(r#"{"\u0061":1,"b/~":{"":2}}"#).unwrap();
    assert_eq!(document.member(0, "a").map(|place| document.spelling(place)), Some("1"));
    assert_eq!(document.resolve("/b~1~0/").map(|place| document.spelling(place)), Some("2"));
}

#[test]
fn text_that_is_not_json_gives_its_first_flaw() {
    let flaws = [
        ("", Flaw::Unexpected(0, "a value")),
        (" tru", Flaw::Unexpected(1, "a value")),
        ("[1,]", Flaw::Unexpected(3, "a value")),
        ("{\"a\" 1}", Flaw::Unexpected(5, "':'")),
        ("{a:1}", Flaw::Unexpected(1, "a key in quotes")),
        ("[1 2]", Flaw::Unexpected(3, "',' or ']'")),
        ("01", Flaw::Unexpected(1, "the end of the text")),
        ("[1.]", Flaw::Unexpected(3, "a digit")),
        ("[-]", Flaw::Unexpected(2, "a digit")),
        ("\"a\nb\"", Flaw::Unexpected(2, "no raw control character in a string")),
        ("\"\\x\"", Flaw::Unexpected(2, "an escape")),
        ("{} x", Flaw::Unexpected(3, "the end of the text")),
        ("{\"a\":[tru", Flaw::Cut(0)),
        (" [\"a\\u12", Flaw::Cut(1)),
        ("\"abc", Flaw::Cut(0)),
        ("[1,2", Flaw::Cut(0)),
        ("{\"a\":1,\"\\u0061\":2}", Flaw::Twice(7)),
    ];
    for (text, flaw) in flaws {
        assert_eq!(Document::parse(text).map(|document| document.text(Layout::Compact)), Err(flaw), "{text}");
    }
    let indexes: Vec<String> = (0..50).map(|number| format!("\"k{}\":0", number % 49)).collect();
    assert_eq!(Document::parse(&format!("{{{}}}", indexes.join(","))).err(), Some(Flaw::Twice(383)));
}

#[test]
fn deep_nesting_is_a_flaw_and_not_a_crash() {
    assert_eq!(Document::parse(&"[".repeat(100_000)).err(), Some(Flaw::Deep(128)));
    assert_eq!(Document::parse(&"{\"a\":".repeat(100_000)).err(), Some(Flaw::Deep(640)));
    let deepest = format!("{}{}", "[".repeat(128), "]".repeat(128));
    assert_eq!(compact(&deepest), deepest);
}
