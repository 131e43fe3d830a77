//! Tests of `rules.rs`.

use super::super::Stop;

/// The verdict on a command line.
fn verdict(words: &str) -> Result<(), String> {
    match super::super::parse(words.split_whitespace().map(Into::into)) {
        Err(Stop::Mistake { failure, .. }) => Err(failure.line()),
        _ => Ok(()),
    }
}

#[test]
fn flags_that_clash_are_both_named() {
    for (words, error) in [
        ("--no-key --api-key-env A", "--no-key and --api-key-env: one place for the key is enough"),
        (
            "--api-key-file a --api-key-command b",
            "--api-key-file and --api-key-command: one place for the key is enough",
        ),
        ("--list-models --probe", "--list-models and --probe: one of them at a time"),
        ("--print curl --list-models", "--print and --list-models: one of them at a time"),
        ("--print batch --response r", "--print and --response: one of them at a time"),
        (
            "--response r --save-messages m",
            "--response and --save-messages: a saved reply does not tell what it was asked",
        ),
        ("--response r --replay h", "--response and --replay: nothing is sent"),
        ("--id a", "--id: means nothing alone: add --print batch or --response FILE"),
        ("--id a --print curl", "--id: means nothing alone: add --print batch or --response FILE"),
        ("--image-detail low", "--image-detail: means nothing alone: add --image SRC"),
        ("-S - --response -", "--schema - and --response -: stdin can be read once"),
        ("-S s --print request --lint-schema", "--print and --lint-schema: one of them at a time"),
        ("-S s -x", "--extract and --schema: the answer has one form"),
        ("--json -x", "--extract and --json: the answer has one form"),
        ("-S s --each --repair 1", "--each and --repair: items that were printed cannot be taken back"),
        (
            "-S s --strict always --schema-mode prompt",
            "--strict always and --schema-mode prompt: only json-schema is enforced by the server",
        ),
        ("--meta -", "--meta '-': stdout is the answer and nothing else: name a file, such as /dev/stderr"),
        ("--system-file - -i -", "--system-file - and --image -: stdin can be read once"),
        ("-a - -a -", "--attach - and --attach -: stdin can be read once"),
        ("-S - --tools -", "--schema - and --tools -: stdin can be read once"),
        ("--prompt-file - -n", "--prompt-file - and --no-stdin: one reads stdin, the other leaves it alone"),
    ] {
        assert_eq!(verdict(words), Err(error.to_owned()), "{words}");
    }
}

#[test]
fn flags_that_go_together_pass() {
    for words in [
        "",
        "-S s --each --repair 0",
        "-S s --strict always --schema-mode json_schema",
        "--system-file - hello",
        "-S s --print request",
        "--print batch --id a hello",
        "--response - --id a",
        "--json --tools t",
        "-x -O json",
        "--no-key --allow-plain-http",
    ] {
        assert_eq!(verdict(words), Ok(()), "{words}");
    }
}
