//! The laws on the corpus of `fuzz/`, which holds every input that once broke one, and on damaged copies of it.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::Index;

/// Inputs of a law: its corpus, each with its name.
fn corpus(law: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(law);
    let files = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut inputs: Vec<_> = files
        .map(|file| file.unwrap().path())
        .map(|path| (path.display().to_string(), fs::read(&path).unwrap()))
        .collect();
    assert!(!inputs.is_empty(), "{} is empty", folder.display());
    inputs.sort();
    inputs
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
