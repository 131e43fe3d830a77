//! The JSON-Schema-Test-Suite, where `.ci/json-schema-suite` has fetched it.

use std::fs;
use std::path::Path;

use super::*;

/// The folders of the drafts and the `$schema` each stands for.
const DRAFTS: &[(&str, &str)] = &[
    ("draft4", "http://json-schema.org/draft-04/schema#"),
    ("draft6", "http://json-schema.org/draft-06/schema#"),
    ("draft7", "http://json-schema.org/draft-07/schema#"),
    ("draft2019-09", "https://json-schema.org/draft/2019-09/schema"),
    ("draft2020-12", "https://json-schema.org/draft/2020-12/schema"),
];

/// What became of the cases of one draft.
#[derive(Default)]
struct Tally {
    passed: usize,
    failed: Vec<String>,
    /// Cases whose schema lies in part on another server.
    remote: usize,
}

impl Tally {
    fn run(&mut self, file: &str, group: &Value, dialect: &str) {
        let mut value = group["schema"].clone();
        if let Some(members) = value.as_object_mut() {
            members.entry("$schema").or_insert(Value::from(dialect));
        }
        let cases = group["tests"].as_array().unwrap();
        if needs_remote(&value) {
            self.remote += cases.len();
            return;
        }
        let schema = Schema::of(value, "suite").unwrap();
        for case in cases {
            let text = case["data"].to_string();
            let claim = format!("{file}: {}: {}", group["description"], case["description"]);
            let is_valid = case["valid"] == true;
            match schema.judge_exact(&text) {
                Err(failure) if failure.kind != Kind::Invalid => {
                    self.failed.push(format!("{claim}: {}", failure.line()))
                }
                judged if judged.is_ok() == is_valid => self.passed += 1,
                _ => self.failed.push(claim),
            }
        }
    }
}

/// True for a schema with a reference to the suite's own server, or to a meta-schema that is there.
fn needs_remote(value: &Value) -> bool {
    value.to_string().contains("http://localhost:1234")
}

#[test]
#[expect(clippy::print_stderr, reason = "the pass rates are what the script is run for")]
fn required_cases_of_the_five_drafts_pass() {
    let Ok(suite) = std::env::var("LMPIPE_SCHEMA_SUITE") else {
        eprintln!("skipped: .ci/json-schema-suite fetches the suite and runs this");
        return;
    };
    let mut failed = Vec::new();
    for (folder, dialect) in DRAFTS {
        let mut tally = Tally::default();
        let mut files: Vec<_> =
            fs::read_dir(Path::new(&suite).join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for path in files.iter().filter(|path| path.is_file()) {
            let file = path.file_stem().unwrap().to_string_lossy().into_owned();
            // Formats are asserted here, which the suite counts among the optional things.
            if file == "format" {
                continue;
            }
            let groups: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
            for group in groups.as_array().unwrap() {
                tally.run(&file, group, dialect);
            }
        }
        let all = tally.passed + tally.failed.len();
        eprintln!("{folder}: {} of {all} passed, {} need a remote document", tally.passed, tally.remote);
        failed.extend(tally.failed.into_iter().map(|claim| format!("{folder}: {claim}")));
    }
    assert!(failed.is_empty(), "{failed:#?}");
}
