//! Tests of `model.rs`.

use super::*;

/// The providers known in these tests.
fn is_provider(name: &str) -> bool {
    ["openai", "groq", "mistral", "work"].contains(&name)
}

/// A URI from the flag.
fn parse(text: &str) -> Result<ModelUri<'_>, String> {
    ModelUri::parse(text, &Origin::Flag("--model"), is_provider).map_err(|failure| failure.line())
}

/// The parameters of a URI.
fn given(text: &str) -> Vec<(&'static str, String)> {
    let given = parse(text).unwrap().given.into_iter();
    given.map(|given| (given.value.field.name, given.value.value.to_string())).collect()
}

#[test]
fn only_known_providers_are_split_off() {
    for (text, provider, model) in [
        ("gpt-4o", None, "gpt-4o"),
        ("openai:gpt-4o", Some("openai"), "gpt-4o"),
        ("work:qwen3:8b", Some("work"), "qwen3:8b"),
        ("qwen2.5vl:7b", None, "qwen2.5vl:7b"),
        ("meta-llama/llama-3.3-70b-instruct:free", None, "meta-llama/llama-3.3-70b-instruct:free"),
        ("openai/gpt-4o:free", None, "openai/gpt-4o:free"),
        ("ft:gpt-4o:org::id", None, "ft:gpt-4o:org::id"),
        ("openai:ft:gpt-4o:org::id", Some("openai"), "ft:gpt-4o:org::id"),
        ("OpenAI:gpt-4o", None, "OpenAI:gpt-4o"),
        ("groq:openai/gpt-oss-20b", Some("groq"), "openai/gpt-oss-20b"),
        ("accounts/fireworks/models/x", None, "accounts/fireworks/models/x"),
        (" spaced name ", None, " spaced name "),
    ] {
        assert_eq!(parse(text), Ok(ModelUri { provider, model, given: Vec::new() }), "{text}");
    }
}

#[test]
fn parameters_are_typed_and_keep_their_spelling() {
    assert_eq!(
        given("m?temperature=0.10&top_p=1&top_k=40&max_tokens=5&seed=-7&reasoning_effort=xhigh&verbosity=low"),
        [
            ("temperature", "0.10"),
            ("top_p", "1"),
            ("top_k", "40"),
            ("max_tokens", "5"),
            ("seed", "-7"),
            ("reasoning_effort", "\"xhigh\""),
            ("verbosity", "\"low\""),
        ]
        .map(|(name, value)| (name, value.to_owned()))
    );
}

#[test]
fn names_and_values_are_percent_decoded() {
    assert_eq!(given("m?%74emperature=%30.5"), [("temperature", "0.5".to_owned())]);
    assert_eq!(given("m?temperature=1e+1"), [("temperature", "1e+1".to_owned())]);
}

#[test]
fn of_two_equal_names_the_later_one_counts() {
    assert_eq!(given("m?seed=1&seed=2"), [("seed", "2".to_owned())]);
}

#[test]
fn ranges_are_the_servers_to_judge() {
    assert_eq!(given("m?temperature=99&max_tokens=-1").len(), 2);
}

#[test]
fn a_control_character_is_refused_and_escaped() {
    let error = r"model 'a\nb' (from --model): its name has a line break or a control character";
    assert_eq!(parse("a\nb"), Err(error.to_owned()));
}

#[test]
fn what_makes_no_sense_is_refused() {
    const NONE: &str = "it names no model: a model looks like gpt-5-mini or ollama:qwen3:8b";
    const FORM: &str = "parameters look like ?temperature=0.2&seed=1";
    for (text, why) in [
        ("", NONE.to_owned()),
        ("  ", NONE.into()),
        ("openai:", NONE.into()),
        ("?temperature=1", NONE.into()),
        ("openai:?seed=1", NONE.into()),
        ("m?", format!("parameter '' has no '=': {FORM}")),
        ("m?temperature", format!("parameter 'temperature' has no '=': {FORM}")),
        ("m?temperature=", format!("parameter 'temperature' has no value: {FORM}")),
        ("m?temperature=1&", format!("parameter '' has no '=': {FORM}")),
        ("m?seed=%zz", format!("bad percent-encoding in '%zz': {FORM}")),
        ("m?seed=%3", format!("bad percent-encoding in '%3': {FORM}")),
        ("m?seed=%ff", format!("bad percent-encoding in '%ff': {FORM}")),
        ("m?temprature=1", "unknown parameter 'temprature': did you mean 'temperature'?".into()),
        ("m?Seed=1", "unknown parameter 'Seed': did you mean 'seed'?".into()),
        (
            "m?temperature=hot",
            "temperature 'hot' is not a number as JSON writes it, such as 0.5: write it as temperature=NUMBER".into(),
        ),
        ("m?top_k=1.5", "top_k '1.5' is not a whole number: write it as top_k=NUMBER".into()),
        ("m?reasoning_effort=hihg", "reasoning_effort 'hihg' is not known: did you mean 'high'?".into()),
        ("m?verbosity=none", "verbosity 'none' is not known: one of low, medium, high".into()),
    ] {
        assert_eq!(parse(text), Err(format!("model '{text}' (from --model): {why}")));
    }
}
