//! What a command line means, and what is said about one that means nothing.

use std::ffi::OsString;

use super::choices::Effort;
use super::foreign::FOREIGN;
use super::mistake::usage;
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
fn topic(words: &[&str]) -> Topic {
    match typed(words) {
        Err(Stop::Show(topic)) => topic,
        other => panic!("no text: {other:?}"),
    }
}

/// What is said about a command line that is wrong.
fn mistake(words: &[&str]) -> String {
    match typed(words) {
        Err(Stop::Mistake { failure, .. }) => failure.line(),
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
        assert_eq!(args(words).server.model.as_deref(), Some("m"), "{words:?}");
    }
    assert_eq!(args(&["--model="]).server.model.as_deref(), Some(""));
    assert_eq!(args(&["--option", "a=b=c"]).generation.option, ["a=b=c"]);
}

#[test]
fn a_value_may_start_with_a_dash_where_it_can_be_no_flag() {
    assert_eq!(args(&["-t", "-1"]).generation.temperature.as_deref(), Some("-1"));
    assert_eq!(args(&["--stop", "--"]).generation.stop, ["--"]);
    assert_eq!(args(&["-s", "- be brief"]).input.system.as_deref(), Some("- be brief"));
    assert_eq!(args(&["-S", "-"]).json.schema.as_deref(), Some("-"));
    assert_eq!(args(&["--model=-q"]).server.model.as_deref(), Some("-q"));
}

#[test]
fn the_last_one_counts_and_lists_grow() {
    assert_eq!(args(&["-m", "a", "-m", "b"]).server.model.as_deref(), Some("b"));
    assert_eq!(args(&["-i", "a", "--image=b"]).input.image, ["a", "b"]);
    let args = args(&["--stream", "--no-stream", "--stream"]);
    assert_eq!((args.output.stream, args.output.no_stream), (true, false));
}

#[test]
fn words_become_choices_and_numbers() {
    let args = args(&["-O", "events", "--schema", "s", "--schema-mode=json_object", "--retries", "0", "-e", "max"]);
    assert_eq!(args.output.format, Some(Format::Events));
    assert_eq!(args.json.schema_mode, Some(SchemaMode::JsonObject));
    assert_eq!(args.network.retries, Some(0));
    assert_eq!(args.generation.effort, Some(Effort::Max));
}

#[test]
fn names_of_other_tools_for_a_schema_work() {
    assert_eq!(args(&["--json-schema", "a"]).json.schema.as_deref(), Some("a"));
    assert_eq!(args(&["--output-schema=a"]).json.schema.as_deref(), Some("a"));
}

#[test]
fn help_and_version_outrank_every_mistake() {
    assert_eq!(topic(&["-h"]), Topic::ShortHelp);
    assert_eq!(topic(&["--bogus", "-m", "--help"]), Topic::Help);
    assert_eq!(topic(&["-V", "--json=no"]), Topic::Version);
    assert_eq!(topic(&["--version", "-qh"]), Topic::ShortHelp);
    assert_eq!(args(&["--stop", "-h"]).generation.stop, ["-h"]);
}

#[test]
fn a_missing_value_hides_no_flag_behind_it() {
    for flag in ["--temperature", "-t", "--top-p", "--max-tokens", "--seed", "--retries", "--repair", "--timeout", "-m"]
    {
        assert_eq!(topic(&[flag, "--help"]), Topic::Help, "{flag}");
        assert_eq!(topic(&["--bad", flag, "-V"]), Topic::Version, "{flag}");
        assert_eq!(topic(&["--bad", flag, "-h"]), Topic::ShortHelp, "{flag}");
        let Err(Stop::Mistake { errors, .. }) = typed(&["--bad", flag, "--errors", "json"]) else { panic!() };
        assert_eq!(errors, Some(ErrorForm::Json), "{flag}");
    }
    let expected = "--seed: its value is missing before '-x': write --seed=VALUE where the value starts with -";
    assert_eq!(mistake(&["--seed", "-x"]), expected);
    let expected = "--meta: its value is missing before '--bad': write --meta=VALUE where the value starts with -";
    assert_eq!(mistake(&["--meta", "--bad"]), expected);
}

#[test]
fn a_switch_with_a_value_switches_nothing() {
    for words in [["--version="], ["--version=x"], ["--help="], ["--help=true"]] {
        let name = words[0].split('=').next().unwrap();
        assert_eq!(mistake(&words), format!("{name}: takes no value: leave out everything from the = on"));
    }
}

#[test]
fn texts_outrank_what_only_a_request_needs() {
    assert_eq!(
        topic(&["--print", "request", "--response", "f", "--completions", "bash"]),
        Topic::Completions(Shell::Bash)
    );
    assert_eq!(topic(&["--id", "x", "--man"]), Topic::Man);
    assert_eq!(mistake(&["--each", "--man"]), mistake(&["--each"]));
}

#[test]
fn man_page_and_completions_are_texts() {
    assert_eq!(topic(&["--man"]), Topic::Man);
    assert_eq!(topic(&["--completions", "fish"]), Topic::Completions(Shell::Fish));
    assert_eq!(mistake(&["--man", "--bogus"]), mistake(&["--bogus"]));
}

#[test]
fn a_mistake_is_told_in_the_form_asked_for_after_it() {
    let Err(Stop::Mistake { failure, errors, .. }) = typed(&["--bogus", "--errors", "json"]) else { panic!() };
    assert_eq!((failure.kind, errors), (crate::failure::Kind::Usage, Some(ErrorForm::Json)));
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
    let command = command();
    let is_ours = |name: &str| command.get_arguments().any(|arg| arg.get_long() == Some(name));
    for foreign in FOREIGN {
        for name in foreign.names {
            assert!(!is_ours(name), "--{name} is a flag of ours");
        }
        let offered = foreign.instead.split(|letter: char| letter != '-' && !letter.is_ascii_lowercase());
        for name in offered.filter_map(|word| word.strip_prefix("--")) {
            assert!(is_ours(name), "--{name} is offered and is no flag");
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
    let Err(Stop::Mistake { failure, .. }) = parse(words) else { panic!() };
    let expected = "argument 2: not UTF-8: give text that is not UTF-8 on stdin, with --lossy";
    assert_eq!(failure.line(), expected);
}

#[test]
fn clap_finds_no_fault_in_the_flags() {
    command().debug_assert();
}

#[test]
fn an_empty_choice_or_count_is_not_given() {
    let unset =
        args(&["-qe", "high", "--effort=", "--retries", "3", "--retries", "", "--strict", "", "-O", "json", "-O="]);
    assert_eq!((unset.generation.effort, unset.network.retries, unset.output.format), (None, None, None));
    assert!(unset.output.quiet && unset.json.strict.is_none() && unset.prompt.is_empty());
    assert_eq!(args(&["-e", "", "-e", "low"]).generation.effort, Some(Effort::Low));
    assert_eq!(mistake(&["--print", ""]), "--print '': no such choice: one of request, curl, batch, config");
}

#[test]
fn numbers_are_values_and_prompt_however_they_are_written() {
    assert_eq!(args(&["-1e-3", "-q", "-.5", "x", "-2"]).prompt, ["-1e-3", "-.5", "x", "-2"]);
    assert_eq!(args(&["-t", "-.5", "--seed=-1"]).generation.temperature.as_deref(), Some("-.5"));
    let both = args(&["-qt", "-1e-3", "-.5", "--connect-timeout", "-.5", "--top-p", "-1"]);
    assert_eq!((both.generation.temperature.as_deref(), both.prompt), (Some("-1e-3"), vec!["-.5".to_owned()]));
    assert_eq!(both.network.connect_timeout.as_deref(), Some("-.5"));
}

#[test]
fn every_flag_speaks() {
    for flag in command().get_arguments() {
        let help = flag.get_help().map(ToString::to_string).unwrap_or_default();
        assert!(help.starts_with(char::is_uppercase) && !help.ends_with('.'), "{}: {help}", usage(flag));
        let value = flag
            .get_value_names()
            .filter(|_| flag.get_action().takes_values())
            .map_or("VALUE", |names| names[0].as_str());
        assert!(value.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'='), "{}", usage(flag));
    }
}

#[test]
fn short_help_fits_one_screen_and_names_ten_flags_as_they_are() {
    let help = include_str!("../../man/help-short.txt");
    assert!(help.lines().count() <= 24);
    assert!(help.lines().all(|line| line.chars().count() <= 80));
    let rows: Vec<_> = help.lines().filter(|line| line.trim_start().starts_with('-')).collect();
    assert_eq!(rows.len(), 10);
    for row in rows {
        let command = command();
        let flag = command.get_arguments().find(|flag| row.contains(&format!("{}  ", usage(flag))));
        let letter = flag.unwrap_or_else(|| panic!("no such flag: {row}")).get_short();
        assert_eq!(row.chars().nth(3).filter(|letter| *letter != ' '), letter, "{row}");
    }
}
