//! Claims about the order of precedence of generation settings.

use serde_json::json;

use super::*;

/// What flags say.
fn flags(words: &[&str]) -> GenerationFlags {
    GenerationFlags::parse(&Args::typed(words)).unwrap()
}

/// Options of a config file.
fn options(list: &[&str]) -> Vec<BodyOption> {
    let option = |text: &&str| BodyOption::parse(text, Origin::Config { path: "c".into(), line: 1, column: 1 });
    list.iter().map(option).collect::<Result<_, _>>().unwrap()
}

/// The rows that flags, URI parameters and config options add up to on chat.
fn rows(words: &[&str], uri: &[(&str, &str)], all: &[&str], own: &[&str]) -> Vec<(String, String)> {
    let uri: Vec<_> =
        uri.iter().map(|(name, value)| Setting::new(FieldValue::parse(name, value).unwrap(), Origin::Uri)).collect();
    let generation = Generation::resolve(&flags(words), &uri, [&options(all), &options(own)], Dialect::Chat).unwrap();
    generation.rows().map(|(name, value, origin)| (name, format!("{value} {origin}"))).collect()
}

/// A row.
fn row(name: &str, value: &str) -> (String, String) {
    (name.into(), value.into())
}

#[test]
fn nothing_said_is_nothing_sent() {
    assert_eq!(Generation::resolve(&flags(&[]), &[], [&[], &[]], Dialect::Chat).unwrap(), Generation::default());
}

#[test]
fn flags_beat_the_uri_and_the_uri_beats_the_config_file() {
    let uri = [("temperature", "0.2"), ("seed", "1"), ("top_k", "5")];
    let config = ["temperature=0.3", "seed=2", "top_k=6", "top_p=0.5", "x.y=1"];
    assert_eq!(
        rows(&["-t", "0.1", "-o", "x.y=2"], &uri, &config, &["top_p=0.6"]),
        [
            row("option top_p", "0.6 from c:1:1"),
            row("seed", "1 from the model URI"),
            row("top_k", "5 from the model URI"),
            row("temperature", "0.1 from --temperature"),
            row("option x.y", "2 from --option"),
        ]
    );
}

#[test]
fn every_name_of_a_setting_is_replaced() {
    let config = ["max_completion_tokens=9", "reasoning.effort=low", "text.verbosity=low", "random_seed=3"];
    assert_eq!(
        rows(&["--max-tokens", "5", "-e", "high", "--verbosity", "high", "--seed", "4"], &[], &config, &[]),
        [
            row("max_tokens", "5 from --max-tokens"),
            row("seed", "4 from --seed"),
            row("reasoning_effort", "\"high\" from --effort"),
            row("verbosity", "\"high\" from --verbosity"),
        ]
    );
    assert_eq!(
        rows(&["-o", "temperature=0.9"], &[("temperature", "0.1")], &[], &[]),
        [row("option temperature", "0.9 from --option")]
    );
}

#[test]
fn options_nest_and_later_ones_win() {
    assert_eq!(
        flags(&["-o", "a.b=1", "-o", "c={\"d\":[1.50]}", "-o", "e=text", "-o", "f=a=b", "-o", "g="])
            .options
            .into_iter()
            .map(|option| (option.path.join("/"), option.value))
            .collect::<Vec<_>>(),
        [
            ("a/b".into(), json!(1)),
            ("c".into(), serde_json::from_str("{\"d\":[1.50]}").unwrap()),
            ("e".into(), json!("text")),
            ("f".into(), json!("a=b")),
            ("g".into(), json!("")),
        ]
    );
    assert_eq!(
        rows(&["-o", "a.b=1", "-o", "a.b=2", "-o", "c.d=1", "-o", "c=0"], &[], &[], &[]),
        [row("option a.b", "2 from --option"), row("option c", "0 from --option")]
    );
}

#[test]
fn bad_flags_are_refused() {
    for (words, error) in [
        (["-t", "hot"], "value 'hot' (from --temperature): not a number as JSON writes it, such as 0.5"),
        (["--max-tokens", "1.5"], "value '1.5' (from --max-tokens): not a whole number"),
        (
            ["-o", "a"],
            "option 'a' (from --option): no '=' in it: write -o KEY=VALUE, such as -o top_k=40; for a file, write > FILE",
        ),
        (
            ["-o", "=1"],
            "option '=1' (from --option): an empty key: write -o KEY=VALUE, such as -o top_k=40; for a file, write > FILE",
        ),
        (
            ["-o", "a..b=1"],
            "option 'a..b=1' (from --option): an empty key: write -o KEY=VALUE, such as -o top_k=40; for a file, write > FILE",
        ),
        (
            ["-o", "stream=true"],
            "option 'stream' (from --option): this field is lmpipe's own: say --stream or --no-stream",
        ),
    ] {
        let args = Args::typed(words);
        assert_eq!(GenerationFlags::parse(&args).unwrap_err().line(), error);
    }
}

#[test]
fn options_given_ten_thousand_times_are_resolved_in_time() {
    let words: Vec<String> =
        (0..10_000).flat_map(|place| ["-o".to_owned(), format!("a.k{}=1", place % 5_000)]).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    assert_eq!(rows(&words, &[], &[], &[]).len(), 5_000);
}

#[test]
fn an_api_without_the_field_refuses_it() {
    for (words, dialect, error) in [
        (
            ["--max-tokens", "5"],
            Dialect::Codex,
            "max_tokens (from --max-tokens): the codex API takes no sampling or token fields: \
             leave it away, or ask provider openai",
        ),
        (
            ["-o", "top_p=1"],
            Dialect::Codex,
            "top_p (from --option): the codex API takes no sampling or token fields: \
             leave it away, or ask provider openai",
        ),
        (
            ["--seed", "5"],
            Dialect::Responses,
            "seed (from --seed): the responses API has no such field: \
             -o seed=… sends it all the same, --api chat has it",
        ),
    ] {
        let failure = Generation::resolve(&flags(&words), &[], [&[], &[]], dialect).unwrap_err();
        assert_eq!(failure.line(), error);
    }
    for words in [["--effort", "low"], ["--verbosity", "low"], ["-o", "metadata.a=1"]] {
        Generation::resolve(&flags(&words), &[], [&[], &[]], Dialect::Codex).unwrap();
    }
}
