//! Items are the same in every split, and memory stays bounded.

use proptest::prelude::*;

use super::*;

/// Feeds a text in pieces that end at `cuts`; the items and how it ended.
fn split(text: &[u8], cuts: &[usize]) -> (Vec<String>, Result<ListEnd, String>) {
    let mut items = ItemSplitter::default();
    let mut found = Vec::new();
    let mut ends: Vec<usize> = cuts.iter().map(|cut| cut % (text.len() + 1)).collect();
    ends.push(text.len());
    ends.sort_unstable();
    let mut start = 0;
    for end in ends {
        let fed = items.feed(&text[start..end], |item| {
            found.push(item.to_owned());
            Ok(())
        });
        if let Err(failure) = fed {
            return (found, Err(failure.line()));
        }
        start = end;
    }
    (found, Ok(items.ending()))
}

fn whole(text: &str) -> (Vec<String>, Result<ListEnd, String>) {
    let result = split(text.as_bytes(), &[]);
    let every: Vec<usize> = (0..text.len()).collect();
    assert_eq!(split(text.as_bytes(), &every), result, "byte by byte: {text}");
    result
}

fn items(list: &[&str], ending: ListEnd) -> (Vec<String>, Result<ListEnd, String>) {
    (list.iter().map(|item| (*item).to_owned()).collect(), Ok(ending))
}

#[test]
fn items_of_every_kind_are_split() {
    let list =
        [r#"{"a":[1,{"b":"]}\""}]}"#, "[[],[1]]", r#""x,]\\""#, "12", "-1.5e3", "true", "null", r#""é\u00e9👍""#];
    let bare = format!("[{}]", list.join(","));
    assert_eq!(whole(&bare), items(&list, ListEnd::Closed));
    let wrapped = format!("{{ \"items\" : [\n{}\n] }}", list.join(" ,\n "));
    assert_eq!(whole(&wrapped), items(&list, ListEnd::Closed));
    let fenced = format!("Here they are:\n```json\n{wrapped}\n```\nDone [1].");
    assert_eq!(whole(&fenced), items(&list, ListEnd::Closed));
    let other = format!("{{\"note\":\"[1]\",\"n\":[2,[3]],\"k\":7, \"items\":{bare},\"more\":[4]}}");
    assert_eq!(whole(&other), items(&list, ListEnd::Closed));
}

#[test]
fn items_come_the_moment_they_close() {
    let mut splitter = ItemSplitter::default();
    let mut seen = Vec::new();
    for (piece, count) in [("{\"items\":[{\"a\"", 0), (":1}", 1), (",2", 1), ("3", 1), (",", 2), ("\"x\"", 3)] {
        splitter
            .feed(piece.as_bytes(), |item| {
                seen.push(item.to_owned());
                Ok(())
            })
            .unwrap();
        assert_eq!(seen.len(), count, "{piece}");
    }
    assert_eq!(seen, ["{\"a\":1}", "23", "\"x\""]);
    assert_eq!(splitter.ending(), ListEnd::Open);
}

#[test]
fn endings_are_distinguished() {
    assert_eq!(whole("[]"), items(&[], ListEnd::Closed));
    assert_eq!(whole("{\"items\":[]}"), items(&[], ListEnd::Closed));
    assert_eq!(whole("[1,2"), items(&["1"], ListEnd::Open));
    assert_eq!(whole("[{\"a\":1},{\"a\""), items(&["{\"a\":1}"], ListEnd::Open));
    for text in ["", "No.", "{\"a\":1}", "{\"items\":1}", "{\"items\":", "in {prose}"] {
        assert_eq!(whole(text), items(&[], ListEnd::NoList), "{text}");
    }
}

#[test]
fn what_is_no_list_is_an_error_behind_the_items_before_it() {
    let why = |why: &str| Err(format!("the answer is not a list: {why}"));
    let cases = [
        ("[1,]", vec!["1"], "wanted an item, there is ']'"),
        ("[1 2]", vec!["1"], "wanted ',' or ']' behind an item, there is '2'"),
        ("[{}{}]", vec!["{}"], "wanted ',' or ']' behind an item, there is '{'"),
        ("[,1]", vec![], "wanted an item, there is ','"),
        ("[1}", vec!["1"], "wanted ',' or ']' behind an item, there is '}'"),
    ];
    for (text, found, reason) in cases {
        assert_eq!(whole(text), (found.iter().map(|item| (*item).to_owned()).collect(), why(reason)), "{text}");
    }
}

#[test]
fn memory_is_bounded_by_the_open_item() {
    let mut splitter = ItemSplitter::default();
    splitter.feed(b"{\"skip\":\"", |_| Ok(())).unwrap();
    for _ in 0..10_000 {
        splitter.feed(&[b'x'; 100], |_| Ok(())).unwrap();
    }
    splitter.feed(b"\",\"items\":[", |_| Ok(())).unwrap();
    for _ in 0..10_000 {
        splitter.feed(b"\"0123456789\"", |_| Ok(())).unwrap();
        splitter.feed(b",", |_| Ok(())).unwrap();
    }
    assert!(splitter.kept.capacity() < 64, "{}", splitter.kept.capacity());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_split_gives_the_same_items(
        text in proptest::collection::vec(proptest::sample::select(b"{}[]\",:\\ 1aitems\xc3\xa9".to_vec()), 0..60),
        lead in proptest::sample::select(vec!["[", "{\"items\":[", "x", ""]),
        cuts in proptest::collection::vec(any::<usize>(), 0..8),
    ) {
        let text = [lead.as_bytes(), &text].concat();
        prop_assert_eq!(split(&text, &cuts), split(&text, &[]));
    }
}
