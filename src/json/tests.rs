//! Escapes and layout agree with `serde_json`.

use proptest::prelude::*;
use serde_json::Value;

use super::*;

#[test]
fn escape_agrees_with_serde_json() {
    let agrees = |text: &str| {
        let mut out = String::new();
        quote(text, &mut out);
        assert_eq!(out, serde_json::to_string(text).expect("a string is JSON"));
        assert_eq!(unescape(&out[1..out.len() - 1]).as_deref(), Some(text));
    };
    let all = || (0..0x180u32).filter_map(char::from_u32);
    agrees(&all().collect::<String>());
    for place in 0..17 {
        all().for_each(|letter| agrees(&format!("{}{letter}! {letter}", "x".repeat(place))));
    }
}

#[test]
fn surrogates_without_a_partner_become_the_replacement_character() {
    let rows = [
        (r"a\ud83c\udf89b", "a🎉b"),
        (r"a\ud83cb", "a\u{fffd}b"),
        (r"\udf89\ud83c", "\u{fffd}\u{fffd}"),
        (r"\ud83c\ud83c\udf89\\ud83c", "\u{fffd}🎉\\ud83c"),
        (r"\ud83c\n\u0041", "\u{fffd}\nA"),
        ("é\\ud83cé", "é\u{fffd}é"),
    ];
    for (inner, want) in rows {
        assert_eq!(unescape(inner).as_deref(), Some(want), "{inner}");
    }
}

proptest! {
    #[test]
    fn unescape_takes_what_serde_json_takes(
        parts in proptest::collection::vec(
            proptest::sample::select(vec!["\\", "u", "00", "4e", "\"", "n", "/", "x", "é", "\u{1}", "abcdefgh", "\\u004"]),
            0..12,
        ),
    ) {
        let inner = parts.concat();
        let expected = serde_json::from_str::<String>(&format!("\"{inner}\"")).ok();
        prop_assert_eq!(unescape(&inner).map(Cow::into_owned), expected);
    }
}

#[test]
fn indented_form_is_that_of_serde_json() {
    for json in [
        r#"{"a":[],"b":{},"c":[1,{"d":"x,{}[]:\"\\"}],"e":1.50e+3,"f":null}"#,
        "[]",
        "{}",
        "\"text\"",
        r#"[[[]],{"a":{"b":[{}]}}]"#,
    ] {
        let value: Value = serde_json::from_str(json).unwrap();
        let expected = serde_json::to_string_pretty(&value).unwrap();
        for step in 1..json.len() {
            let mut out = Vec::new();
            let mut printer = Indenter::new(&mut out);
            json.as_bytes().chunks(step).for_each(|piece| printer.write_all(piece).unwrap());
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
        assert_eq!(indented(json), expected);
        let mut out = Vec::new();
        indent(json.as_bytes(), &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), expected + "\n");
    }
}
