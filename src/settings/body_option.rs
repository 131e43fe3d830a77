//! Body fields outside our vocabulary: `-o KEY=VALUE` and the options of the config file.

use serde_json::Value;

use super::origin::{Origin, rejected};
use crate::failure::Failure;

/// The hint for options in another tool's form: `-o key value` (llm) or `-o FILE` (codex, curl).
const SHAPE: &str = "write -o KEY=VALUE, such as -o top_k=40; for a file, write > FILE";

/// Body fields that only flags set, since the run depends on their values, with the hint that names these flags.
pub(super) const OWN: [(&str, &str); 4] = [
    ("stream", "say --stream or --no-stream"),
    ("model", "name it with --model"),
    ("messages", "the prompt, --system and --messages are what is said"),
    ("input", "the prompt, --system and --messages are what is said"),
];

/// Most keys in the path of a body field.
const DEEPEST: usize = 100;

/// A body field outside our vocabulary.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BodyOption {
    /// The keys that lead to it.
    pub(crate) path: Vec<String>,
    /// Its value.
    pub(crate) value: Value,
    /// Where it came from.
    pub(crate) origin: Origin,
}

impl BodyOption {
    /// Reads `-o KEY=VALUE`: a dot in the key nests, the value is JSON if it parses, else a string.
    ///
    /// # Errors
    /// `Usage` without `=` or with an empty key.
    pub(crate) fn parse(text: &str, origin: Origin) -> Result<Self, Failure> {
        let Some((key, value)) = text.split_once('=') else {
            return Err(rejected("option", text, &origin, "no '=' in it").hint(SHAPE));
        };
        let path: Vec<String> = key.split('.').map(str::to_owned).collect();
        if path.iter().any(String::is_empty) {
            return Err(rejected("option", text, &origin, "an empty key").hint(SHAPE));
        }
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
        let option = Self { path, value, origin };
        option.check().map(|()| option)
    }

    /// Refuses the fields that other flags fill, and depths that no server reads.
    ///
    /// # Errors
    /// `Usage`, for the former naming the flag that sets the field.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        if self.path.len() > DEEPEST {
            let why = format!("nested deeper than {DEEPEST} levels");
            return Err(rejected("option", &format!("{}.…", self.path[0]), &self.origin, &why));
        }
        match OWN.iter().find(|(field, _)| self.path[0] == *field) {
            Some((field, instead)) => {
                Err(rejected("option", field, &self.origin, "this field is lmpipe's own").hint(*instead))
            }
            None => Ok(()),
        }
    }
}
