//! The laws on the corpus of `fuzz/`, which holds every input that once broke one, and on damaged copies of it.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::Index;

/// Inputs of a law, each with its name: the lines of its corpus.
fn corpus(law: &str) -> Vec<(String, Vec<u8>)> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(law).with_extension("txt");
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let inputs: Vec<_> = text
        .lines()
        .map(|line| line.split_once('\t').expect("a tab follows the name"))
        .map(|(name, text)| (format!("{law}: {name}"), bytes(text)))
        .collect();
    assert!(!inputs.is_empty(), "{} is empty", file.display());
    inputs
}

/// The bytes that `.ci/fuzz` wrote as printable text.
fn bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((plain, escape)) = rest.split_once('\\') {
        bytes.extend(plain.bytes());
        let (length, byte) = match escape.as_bytes().first() {
            Some(b't') => (1, b'\t'),
            Some(b'n') => (1, b'\n'),
            Some(b'r') => (1, b'\r'),
            Some(b'\\') => (1, b'\\'),
            Some(b'x') => (3, u8::from_str_radix(&escape[1..3], 16).expect("two digits follow")),
            _ => panic!("unknown escape: \\{escape}"),
        };
        bytes.push(byte);
        rest = &escape[length..];
    }
    bytes.extend(rest.bytes());
    bytes
}

/// What becomes of an input: a stretch of it is cut out, repeated, or replaced by one of another.
#[derive(Clone, Debug)]
struct Damage {
    input: Index,
    other: Index,
    from: Index,
    length: usize,
    put: Put,
}

/// What comes in the place of a stretch.
#[derive(Clone, Debug)]
enum Put {
    Nothing,
    Twice,
    Byte(u8),
    Other,
}

fn damages() -> impl Strategy<Value = Damage> {
    let put = prop_oneof![Just(Put::Nothing), Just(Put::Twice), any::<u8>().prop_map(Put::Byte), Just(Put::Other)];
    let places = (any::<Index>(), any::<Index>(), any::<Index>());
    (places, 1usize..30, put).prop_map(|((input, other, from), length, put)| Damage { input, other, from, length, put })
}

/// The damaged input.
fn damaged(inputs: &[(String, Vec<u8>)], damage: &Damage) -> Vec<u8> {
    let bytes = &damage.input.get(inputs).1;
    let from = damage.from.index(bytes.len() + 1);
    let to = bytes.len().min(from + damage.length);
    let stretch = &bytes[from..to];
    let put = match damage.put {
        Put::Nothing => Vec::new(),
        Put::Twice => stretch.repeat(2),
        Put::Byte(byte) => vec![byte],
        Put::Other => damage.other.get(inputs).1.iter().skip(from).take(damage.length).copied().collect(),
    };
    [&bytes[..from], &put, &bytes[to..]].concat()
}

/// One test for each law.
macro_rules! laws_hold {
    ($($law:ident)*) => {$(
        mod $law {
            use super::*;

            #[test]
            fn holds_on_the_corpus() {
                for (name, input) in corpus(stringify!($law)) {
                    let law = std::panic::catch_unwind(|| crate::laws::$law(&input));
                    assert!(law.is_ok(), "{name} breaks the law");
                }
            }

            #[test]
            fn holds_on_damaged_copies() {
                let inputs = corpus(stringify!($law));
                let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) };
                proptest!(config, |(damage in damages())| crate::laws::$law(&damaged(&inputs, &damage)));
            }
        }
    )*};
}

laws_hold!(sse chat responses refusal items strict short model config har tape);

#[test]
fn every_byte_of_a_corpus_can_be_written() {
    assert_eq!(bytes(r"a b\\n\t\n\r\x00\xff"), b"a b\\n\t\n\r\x00\xff");
}

#[test]
fn every_law_has_a_target() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let names = |folder: &str| {
        let files = fs::read_dir(root.join(folder)).unwrap().map(|file| file.unwrap().path());
        let mut names: Vec<_> = files.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(names("targets"), names("corpus"));
}
