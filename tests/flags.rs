//! Rules that hold for every flag, and what people read who type one wrong.

use std::fs;
use std::path::Path;

use crate::util::Run;

/// Every flag of `--help`: its letter, if it has one, and its long name.
fn flags() -> Vec<(Option<String>, String)> {
    let help = Run::new(["--help"]).finish().stdout();
    let rows = help.lines().filter(|line| line.starts_with("  -") || line.starts_with("      --"));
    rows.map(|row| {
        let mut names = row.split_whitespace().take_while(|word| word.starts_with('-'));
        let first = names.next().expect("a row starts with a name");
        match first.strip_suffix(',') {
            Some(letter) => (Some(letter.to_owned()), names.next().expect("a letter stands for a name").to_owned()),
            None => (None, first.to_owned()),
        }
    })
    .collect()
}

#[test]
fn every_flag_is_tested_by_name() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let files = fs::read_dir(folder).expect("the tests are there").map(|entry| entry.expect("readable").path());
    let sources = files.filter(|path| path.extension().is_some_and(|kind| kind == "rs"));
    let text: String = sources.map(|path| fs::read_to_string(path).expect("readable")).collect();
    let is_tested = |name: &str| {
        text.match_indices(name).any(|(place, _)| {
            let before = text[..place].ends_with(['"', ' ']);
            before && text[place + name.len()..].starts_with(['"', ' ', '='])
        })
    };
    let untested: Vec<_> = flags()
        .into_iter()
        .filter(|(letter, name)| !is_tested(name) && !letter.as_deref().is_some_and(is_tested))
        .map(|(_, name)| name)
        .collect();
    assert_eq!(untested, [""; 0]);
}

#[test]
fn wrong_flags_name_the_right_one() {
    for (flag, hint) in [
        ("--no-streaming", "did you mean --no-stream?"),
        ("--endpoint", "use --base-url URL"),
        ("--max_tokens", "did you mean --max-tokens N?"),
        ("--system-prompt", "use --system TEXT"),
    ] {
        Run::new([flag, "hi"]).fails(2, &format!("unknown flag '{flag}': {hint}"));
    }
}

#[test]
fn a_key_on_the_command_line_is_refused_unseen() {
    let line = "unknown flag '--api-key': a key on the command line can be read by every process of this machine: put \
                it into OPENAI_API_KEY, or use --api-key-env NAME, --api-key-file FILE or --api-key-command CMD";
    Run::new(["--api-key", "sk-secret", "hi"]).fails(2, line);
    Run::new(["--api-key=sk-secret", "hi"]).fails(2, line);
}

#[test]
fn a_wrong_flag_is_told_as_json_where_that_is_asked_for() {
    let line = concat!(
        r#"{"exit":2,"kind":"usage","message":"unknown flag '--endpoint'","hint":"use --base-url URL","#,
        r#""status":null,"retryable":false,"retry_after":null,"request_id":null}"#,
        "\n"
    );
    Run::new(["--endpoint", "x", "--errors", "json"]).ends(2, "", line);
}
