//! Laws of the settings: what is read means the same when it is written in another way, and what is refused has its
//! place named.

use super::config::ConfigFile;
use super::model::ModelUri;
use super::origin::Origin;
use crate::failure::Kind;

/// A model URI means the same when every byte of its parameters is percent-encoded.
pub fn model(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let parse = |text| ModelUri::parse(text, &Origin::Flag("--model"), |name| matches!(name, "openai" | "groq"));
    match parse(text) {
        Ok(uri) => {
            let encoded = encoded(text);
            let again = parse(&encoded).unwrap_or_else(|failure| panic!("{}: {encoded}", failure.line()));
            assert_eq!((uri.provider, uri.model, uri.given), (again.provider, again.model, again.given));
        }
        Err(failure) => {
            assert_eq!(failure.kind, Kind::Usage);
            assert!(failure.line().chars().count() < 1000, "{}", failure.line());
        }
    }
}

/// The URI with each byte of its parameters' names and values as `%XX`.
fn encoded(text: &str) -> String {
    let Some((name, query)) = text.split_once('?') else { return text.to_owned() };
    let hidden = |text: &str| {
        let mut hidden = String::new();
        let mut bytes = text.bytes();
        while let Some(byte) = bytes.next() {
            match byte {
                b'%' => hidden.extend(['%'].into_iter().chain(bytes.by_ref().take(2).map(char::from))),
                _ => hidden.push_str(&format!("%{byte:02X}")),
            }
        }
        hidden
    };
    let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let pairs: Vec<String> = pairs.map(|(name, value)| format!("{}={}", hidden(name), hidden(value))).collect();
    format!("{name}?{}", pairs.join("&"))
}

/// A config file means the same with a comment behind it, and a refusal names a place in it.
pub fn config(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    match ConfigFile::parse(text, "c.toml") {
        Ok(file) => {
            let again = ConfigFile::parse(&format!("{text}\n# the end"), "c.toml");
            let again = again.unwrap_or_else(|failure| panic!("{}", failure.line()));
            assert_eq!(format!("{file:?}"), format!("{again:?}"));
        }
        Err(failure) => {
            assert_eq!(failure.kind, Kind::Usage);
            let place = failure.what.rsplit("c.toml:").next().unwrap_or_default();
            let numbers: Vec<usize> = place.split([':', ')']).map_while(|word| word.parse().ok()).collect();
            let [line, column] = numbers[..] else { panic!("no place: {}", failure.line()) };
            let lines: Vec<&str> = text.split('\n').collect();
            assert!((1..=lines.len()).contains(&line), "{}", failure.line());
            assert!((1..=lines[line - 1].chars().count() + 1).contains(&column), "{}", failure.line());
        }
    }
}
