//! Every row of docs/wire.md §4 that the parser answers for, in every split.

use proptest::prelude::{ProptestConfig, Strategy, any, prop, prop_assert_eq, proptest};

use super::{EventName, SseEvent, SseParser, SseStep};

/// An event that owns its data.
type Owned = (EventName, String);

fn owned(event: &SseEvent<'_>) -> Owned {
    (event.name, String::from_utf8_lossy(event.data).into_owned())
}

/// The events of `input` fed in pieces that end at `cuts`, without what [`SseParser::rest`] finds.
fn events_of<'i>(inputs: impl IntoIterator<Item = &'i [u8]>) -> (Vec<Owned>, Option<Owned>) {
    let mut events = SseParser::new(1 << 20);
    let mut found = Vec::new();
    for input in inputs {
        let mut at = 0;
        while let SseStep::Event(used, event) = events.next(&input[at..]) {
            found.push(owned(&event));
            at += used;
        }
    }
    (found, events.rest().map(|event| owned(&event)))
}

/// The events of `text`, the same in one piece and byte by byte.
fn both_ways(text: &[u8]) -> (Vec<Owned>, Option<Owned>) {
    let whole = events_of([text]);
    assert_eq!(whole, events_of(text.chunks(1)), "byte by byte: {}", String::from_utf8_lossy(text));
    whole
}

fn messages(text: &[u8]) -> Vec<String> {
    both_ways(text).0.into_iter().map(|(_, data)| data).collect()
}

#[test]
fn table_of_the_standard() {
    let long = format!("data:1\n:{}\ndata:2\n:data:no\ndata:3\n\n", "x".repeat(2048));
    let rows: &[(&[u8], &[&str])] = &[
        (b"data:x\n\n", &["x"]),
        (b"data: x\n\n", &["x"]),
        (b"data:  2\n\n", &[" 2"]),
        (b"data:\t2\n\n", &["\t2"]),
        (b"data:a\n\ndata:b\r\n\r\ndata:c\r\rdata:d\r\n\n", &["a", "b", "c", "d"]),
        (b"data:a\ndata:b\n\n", &["a\nb"]),
        (b"data:\n\ndata\ndata\n\ndata:test\n\n", &["", "\n", "test"]),
        (b":comment\n", &[]),
        (b":\n: OPENROUTER PROCESSING\n\n", &[]),
        (long.as_bytes(), &["1\n2\n3"]),
        (
            b"data:\0\ndata:  2\rData:1\ndata\0:2\ndata:1\r\0data:4\nda-ta:3\rdata_5\ndata:3\rdata:\r\n data:32\ndata:4\n\n",
            &["\0\n 2\n1\n3\n\n4"],
        ),
        (b"event:\ndata:x\n\n", &["x"]),
        (b"event: ping\n\ndata:x\n\n", &["x"]),
        (b"id: a\0b\nretry: 2000x\ndata:x\n\n", &["x"]),
        (b"data\n\n", &[""]),
        ("data:a\u{2028}b\u{2029}c\u{85}d\u{b}e\u{c}f\n\n".as_bytes(), &["a\u{2028}b\u{2029}c\u{85}d\u{b}e\u{c}f"]),
        ("data:é€🎉\n\n".as_bytes(), &["é€🎉"]),
        (b"data:a\xffb\n\n", &["a\u{fffd}b"]),
        ("\u{feff}data:2\ndata:1\n\n".as_bytes(), &["1"]),
        (b"data:1\n\xef\xbb\xbfdata:2\n\n", &["1"]),
        (b"DATA:1\n\n data:2\n\n", &[]),
    ];
    for (text, want) in rows {
        assert_eq!(messages(text), *want, "{}", String::from_utf8_lossy(text));
    }
}

#[test]
fn crlf_split_between_two_reads_is_one_line_end() {
    for at in 0..16 {
        let text = b"data:a\r\ndata:b\r\n\r\n";
        assert_eq!(events_of([&text[..at], &text[at..]]).0, [(EventName::Message, "a\nb".to_owned())]);
    }
}

#[test]
fn event_named_error_and_bare_error_field_are_errors() {
    let error = |data: &str| vec![(EventName::Error, data.to_owned())];
    assert_eq!(both_ways(b"event: error\ndata: {\"a\":1}\n\n").0, error("{\"a\":1}"));
    assert_eq!(both_ways(b"error: {\"code\":500}\n\n").0, error("{\"code\":500}"));
    assert_eq!(both_ways(b"error: {}\n").1, error("{}").pop());
}

#[test]
fn name_of_one_event_does_not_reach_the_next() {
    let found = both_ways(b"event: error\n\nevent: error\ndata:a\n\ndata:b\n\n").0;
    assert_eq!(found, [(EventName::Error, "a".to_owned()), (EventName::Message, "b".to_owned())]);
}

#[test]
fn end_without_blank_line_leaves_the_event_to_be_judged() {
    for text in [&b"data: x\n"[..], b"data: x", b"data: x\r", b"data: x\r\n"] {
        assert_eq!(both_ways(text), (Vec::new(), Some((EventName::Message, "x".to_owned()))));
    }
    assert_eq!(both_ways(b"data: x\n\n"), (vec![(EventName::Message, "x".to_owned())], None));
}

#[test]
fn event_inside_one_input_is_borrowed() {
    let input = b"data: one\n\ndata: two\n\n";
    let mut events = SseParser::new(100);
    let SseStep::Event(used, event) = events.next(input) else { panic!("an event is there") };
    assert_eq!(used, 11);
    assert!(std::ptr::eq(event.data, &raw const input[6..9]));
}

#[test]
fn line_and_event_longer_than_the_limit_are_refused_in_every_split() {
    let refused = |text: &[u8], size: usize| {
        let mut events = SseParser::new(16);
        text.chunks(size).any(|input| {
            let mut at = 0;
            loop {
                match events.next(&input[at..]) {
                    SseStep::Event(used, _) => at += used,
                    SseStep::More => break false,
                    SseStep::TooLong => break true,
                }
            }
        })
    };
    for size in [1, 3, 100] {
        assert!(refused(b"data: 01234567890\n\n", size));
        assert!(refused(b"data: 0123456\ndata: 012345678\n\n", size));
        assert!(refused(b": a comment too long to keep", size));
        assert!(!refused(b"data: 0123456789\n\n", size));
        assert!(!refused(b"data: 0123456\n\ndata: 01234567\n\n", size));
    }
}

#[test]
fn ten_megabytes_byte_by_byte_take_linear_time() {
    let mut text = b"data: ".to_vec();
    text.resize(10 << 20, b'x');
    text.extend_from_slice(b"\n\n");
    let mut events = SseParser::new(usize::MAX);
    let mut length = 0;
    for byte in text.chunks(1) {
        if let SseStep::Event(_, event) = events.next(byte) {
            length = event.data.len();
        }
    }
    assert_eq!(length, (10 << 20) - 6);
}

#[test]
fn body_of_other_text_is_no_stream() {
    let seems = |text: &[u8]| {
        let mut events = SseParser::new(100);
        assert_eq!(events.next(text), SseStep::More);
        events.is_stream()
    };
    assert!(!seems(b"upstream connect error\n"));
    assert!(!seems(b""));
    for text in [&b": ping\n"[..], b"data: x", b"dat", b"eve", b"event: x\n", b"retry: 5\n"] {
        assert!(seems(text), "{}", String::from_utf8_lossy(text));
    }
}

/// Text of the elements of event streams, so that random splits hit line ends and fields.
fn stream_like() -> impl Strategy<Value = Vec<u8>> {
    let words = [
        "data:",
        "data: {\"a\":1}",
        "event: error",
        "error: x",
        ":c",
        "\n",
        "\r",
        "\r\n",
        "\n\n",
        "🎉",
        "\u{feff}",
        " ",
    ];
    prop::collection::vec(prop::sample::select(words.to_vec()), 0..40).prop_map(|words| words.concat().into_bytes())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_split_gives_the_same_events(text in stream_like(), sizes in prop::collection::vec(1usize..9, 1..60)) {
        let mut rest = &text[..];
        let mut inputs = Vec::new();
        for size in sizes.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (head, tail) = rest.split_at((*size).min(rest.len()));
            inputs.push(head);
            rest = tail;
        }
        prop_assert_eq!(events_of([&text[..]]), events_of(inputs));
    }

    #[test]
    fn any_bytes_give_the_same_events_byte_by_byte(text in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert_eq!(events_of([&text[..]]), events_of(text.chunks(1)));
    }
}
