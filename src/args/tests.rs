//! What a command line means, and what is said about one that means nothing.

use std::collections::HashSet;

use super::*;

/// Parses words that stand for themselves.
fn typed(words: &[&str]) -> Result<Args, Stop> {
    parse(words.iter().map(OsString::from))
}

/// The arguments of a command line that is right.
fn args(words: &[&str]) -> Args {
    typed(words).unwrap()
}

/// The text a command line asks for.
fn text(words: &[&str]) -> &'static str {
    match typed(words) {
        Err(Stop::Text(text)) => text,
        other => panic!("no text: {other:?}"),
    }
}

/// What is said about a command line that is wrong.
fn mistake(words: &[&str]) -> String {
    match typed(words) {
        Err(Stop::Failure(failure, _)) => failure.line(),
        other => panic!("no mistake: {other:?}"),
    }
}

#[test]
fn words_that_are_no_flag_are_prompt() {
    assert_eq!(args(&["why", "-q", "is", "-", "-5", "-.5"]).prompt, ["why", "is", "-", "-5", "-.5"]);
    assert_eq!(args(&["-q", "--", "-q", "--", "--help"]).prompt, ["-q", "--", "--help"]);
}

#[test]
fn a_value_comes_with_its_flag_or_after_it() {
    for words in [&["--model", "m"][..], &["--model=m"], &["-m", "m"], &["-mm"], &["-m=m"], &["-qm", "m"], &["-qmm"]] {
        assert_eq!(args(words).model.as_deref(), Some("m"), "{words:?}");
    }
    assert_eq!(args(&["--model="]).model.as_deref(), Some(""));
    assert_eq!(args(&["--option", "a=b=c"]).option, ["a=b=c"]);
}

#[test]
fn a_value_may_start_with_a_dash_where_it_can_be_no_flag() {
    assert_eq!(args(&["-t", "-1"]).temperature.as_deref(), Some("-1"));
    assert_eq!(args(&["--stop", "--"]).stop, ["--"]);
    assert_eq!(args(&["-s", "- be brief"]).system.as_deref(), Some("- be brief"));
    assert_eq!(args(&["-S", "-"]).schema.as_deref(), Some("-"));
    assert_eq!(args(&["--model=-q"]).model.as_deref(), Some("-q"));
}

#[test]
fn the_last_one_counts_and_lists_grow() {
    assert_eq!(args(&["-m", "a", "-m", "b"]).model.as_deref(), Some("b"));
    assert_eq!(args(&["-i", "a", "--image=b"]).image, ["a", "b"]);
    let args = args(&["--stream", "--no-stream", "--stream"]);
    assert_eq!((args.stream, args.no_stream), (true, false));
}

#[test]
fn words_become_choices_and_numbers() {
    let args = args(&["-O", "events", "--schema", "s", "--schema-mode=json_object", "--retries", "0", "-e", "max"]);
    assert_eq!(args.output, Some(Format::Events));
    assert_eq!(args.schema_mode, Some(SchemaMode::JsonObject));
    assert_eq!(args.retries, Some(0));
    assert_eq!(args.effort.as_deref(), Some("max"));
}

#[test]
fn names_of_other_tools_for_a_schema_work() {
    assert_eq!(args(&["--json-schema", "a"]).schema.as_deref(), Some("a"));
    assert_eq!(args(&["--output-schema=a"]).schema.as_deref(), Some("a"));
}

#[test]
fn help_and_version_outrank_every_mistake() {
    assert_eq!(text(&["-h"]), manual::SHORT_HELP);
    assert_eq!(text(&["--bogus", "-m", "--help"]), manual::HELP);
    assert_eq!(text(&["-V", "--json=no"]), "lmpipe 0.1.0\n");
    assert_eq!(text(&["--version", "-qh"]), manual::SHORT_HELP);
    assert_eq!(args(&["--stop", "-h"]).stop, ["-h"]);
}

#[test]
fn man_page_and_completions_are_texts() {
    assert_eq!(text(&["--man"]), manual::man());
    assert_eq!(text(&["--completions", "fish"]), manual::completion(Shell::Fish));
    assert_eq!(mistake(&["--man", "--bogus"]), mistake(&["--bogus"]));
}

#[test]
fn a_mistake_is_told_in_the_form_asked_for_after_it() {
    let Err(Stop::Failure(failure, args)) = typed(&["--bogus", "--errors", "json"]) else { panic!() };
    assert_eq!((failure.kind, args.errors), (crate::failure::Kind::Usage, Some(ErrorForm::Json)));
}

#[test]
fn unknown_flags_name_the_right_one() {
    let expected = [
        ("--no-streaming", "did you mean --no-stream?"),
        ("--max_tokens", "did you mean --max-tokens N?"),
        ("--endpoint", "use --base-url URL"),
        ("--system-prompt", "use --system TEXT"),
        ("--temprature", "did you mean --temperature NUMBER?"),
        ("--reasoning_effort", "use --effort EFFORT"),
        ("--schema-multi", "use --schema SRC --each"),
        ("--jsonschema", "use --schema SRC"),
        ("--no-think", "use --effort none"),
        ("--request_timeout", "use --timeout SECONDS"),
        ("-T", "use --tools FILE"),
        ("--dry-run", "use --print request"),
    ];
    for (flag, hint) in expected {
        assert_eq!(mistake(&[flag, "x"]), format!("unknown flag '{flag}': {hint}"));
    }
}

#[test]
fn flags_of_other_tools_are_answered_by_flags_that_exist() {
    for foreign in mistake::FOREIGN {
        for name in foreign.names {
            assert!(!FLAGS.iter().any(|flag| flag.is_named(name)), "--{name} is a flag of ours");
        }
        let offered = foreign.instead.split(|letter: char| letter != '-' && !letter.is_ascii_lowercase());
        for name in offered.filter_map(|word| word.strip_prefix("--")) {
            assert!(FLAGS.iter().any(|flag| flag.is_named(name)), "--{name} is offered and is no flag");
        }
    }
}

#[test]
fn a_key_on_the_command_line_is_explained_and_not_repeated() {
    let expected = "a key on the command line can be read by every process of this machine: put it into \
                    OPENAI_API_KEY, or use --api-key-env NAME, --api-key-file FILE or --api-key-command CMD";
    for (words, flag) in [(&["--api-key=sk-1"][..], "--api-key"), (&["--key", "sk-1"], "--key"), (&["-ksk-1"], "-k")] {
        assert_eq!(mistake(words), format!("unknown flag '{flag}': {expected}"));
    }
}

#[test]
fn a_flag_like_no_other_leads_to_the_help() {
    let expected = "lmpipe --help lists the flags; a prompt that starts with - goes after --";
    assert_eq!(mistake(&["--zzz=1"]), format!("unknown flag '--zzz': {expected}"));
    assert_eq!(mistake(&["- write a poem"]), format!("unknown flag '- ': {expected}"));
}

#[test]
fn a_missing_value_is_named() {
    assert_eq!(mistake(&["--model"]), "--model: its value is missing: write --model MODEL");
    assert_eq!(mistake(&["-O"]), "--output: its value is missing: write --output FORMAT, one of text, json, events");
    let expected = "--model: its value is missing before '-q': write --model=VALUE where the value starts with -";
    assert_eq!(mistake(&["-m", "-q"]), expected);
}

#[test]
fn a_value_that_does_not_fit_is_named() {
    assert_eq!(mistake(&["--quiet=yes"]), "--quiet: takes no value: leave out everything from the = on");
    assert_eq!(mistake(&["--retries", "two"]), "--retries 'two': not a whole number: write --retries N");
    assert_eq!(mistake(&["--errors", "xml"]), "--errors 'xml': no such choice: one of text, json");
    assert_eq!(mistake(&["--verbosity", "hihg"]), "--verbosity 'hihg': no such choice: did you mean 'high'?");
}

#[test]
fn flags_that_contradict_each_other_are_named() {
    let expected = "--system and --system-file: they exclude each other: leave one of them out";
    assert_eq!(mistake(&["--system-file", "f", "-s", "s"]), expected);
    let expected = "--list-models and the prompt 'hello': they exclude each other: leave one of them out";
    assert_eq!(mistake(&["--list-models", "hello"]), expected);
    // A pattern of the shell that fits two files.
    let expected = "--response and the prompt 'b.json': they exclude each other: leave one of them out";
    assert_eq!(mistake(&["--response", "a.json", "b.json"]), expected);
    assert_eq!(mistake(&["--each"]), "--each: means nothing alone: add --schema SRC");
}

#[cfg(unix)]
#[test]
fn a_word_that_is_not_utf8_is_counted() {
    use std::os::unix::ffi::OsStringExt;
    let words = [OsString::from("-q"), OsString::from_vec(vec![b'a', 0xff])];
    let Err(Stop::Failure(failure, _)) = parse(words) else { panic!() };
    let expected = "argument 2: not UTF-8: give text that is not UTF-8 on stdin, with --lossy";
    assert_eq!(failure.line(), expected);
}

#[test]
fn no_two_flags_share_a_name_or_a_letter() {
    let mut seen = HashSet::new();
    for flag in FLAGS {
        assert!(seen.insert(flag.name()), "--{} stands twice", flag.name());
        assert!(flag.letter.is_none_or(|letter| seen.insert(letter.to_string())), "-{:?} stands twice", flag.letter);
    }
    for (alias, own) in ALIASES {
        assert!(seen.insert(alias.to_string()) && seen.contains(*own), "--{alias}");
    }
}

#[test]
fn rules_speak_of_flags_that_exist() {
    let rules = EXCLUSIVE.iter().chain(DEPENDENT).flat_map(|(one, other)| [one, other]);
    for field in rules.chain(WORDLESS) {
        assert!(FLAGS.iter().any(|flag| flag.field == *field), "{field}");
    }
}

#[test]
fn every_flag_speaks() {
    for flag in FLAGS {
        let first = flag.docs[0].trim();
        assert!(first.starts_with(char::is_uppercase) || first.starts_with("SRC"), "--{}: {first}", flag.name());
        assert!(!first.ends_with('.'), "--{}: {first}", flag.name());
        let value = flag.value.unwrap_or("VALUE");
        assert!(value.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'='), "--{} {value}", flag.name());
    }
}

#[test]
fn short_help_fits_one_screen_and_names_ten_flags_as_they_are() {
    assert!(manual::SHORT_HELP.lines().count() <= 24);
    assert!(manual::SHORT_HELP.lines().all(|line| line.chars().count() <= 80));
    let rows: Vec<_> = manual::SHORT_HELP.lines().filter(|line| line.trim_start().starts_with('-')).collect();
    assert_eq!(rows.len(), 10);
    for row in rows {
        let flag = FLAGS.iter().find(|flag| row.contains(&format!("{}  ", flag.usage())));
        let letter = flag.unwrap_or_else(|| panic!("no such flag: {row}")).letter;
        assert_eq!(row.chars().nth(3).filter(|letter| *letter != ' '), letter, "{row}");
    }
}
