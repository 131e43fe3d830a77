//! The model URI, `[provider:]model[?key=value&…]`. Which words are providers is the caller's knowledge.

use super::generation::FieldValue;
use super::origin::{Origin, Setting, rejected};
use crate::failure::Failure;
use crate::url::decode;

/// A model URI taken apart.
#[derive(Debug, PartialEq)]
pub(crate) struct ModelUri<'a> {
    /// The provider it names.
    pub(crate) provider: Option<&'a str>,
    /// The model's name, never empty.
    pub(crate) model: &'a str,
    /// Its parameters; of two with one name the later one counts.
    pub(crate) given: Vec<Setting<FieldValue>>,
}

impl<'a> ModelUri<'a> {
    /// Takes a model URI apart. The word before the first colon is the provider only if `is_provider` is true for it;
    /// everything else stays in the model's name, so that `qwen2.5vl:7b` and `meta/llama-3:free` are whole.
    ///
    /// # Errors
    /// `Usage` naming the origin, for an empty model, an unknown parameter or a bad value.
    pub(crate) fn parse(text: &'a str, origin: &Origin, is_provider: impl Fn(&str) -> bool) -> Result<Self, Failure> {
        let (name, query) = match text.split_once('?') {
            Some((name, query)) => (name, Some(query)),
            None => (text, None),
        };
        let (provider, model) = match name.split_once(':') {
            Some((provider, model)) if is_provider(provider) => (Some(provider), model),
            _ => (None, name),
        };
        let wrong = |why: String| rejected("model", text, origin, why);
        if model.trim().is_empty() {
            return Err(wrong("it names no model".into()).hint("a model looks like gpt-5-mini or ollama:qwen3:8b"));
        }
        if model.chars().any(char::is_control) {
            return Err(wrong("its name has a line break or a control character".into()));
        }
        let mut given: Vec<Setting<FieldValue>> = Vec::new();
        for parameter in query.into_iter().flat_map(|query| query.split('&')) {
            let parsed = parse_parameter(parameter).map_err(|(why, hint)| wrong(why).hint(hint))?;
            given.retain(|known| known.value.field != parsed.field);
            given.push(Setting::new(parsed, Origin::Uri));
        }
        Ok(Self { provider, model, given })
    }
}

/// Reads `key=value`, percent-decoded.
///
/// # Errors
/// Why it is none, and what to write instead.
fn parse_parameter(text: &str) -> Result<FieldValue, (String, String)> {
    const FORM: &str = "parameters look like ?temperature=0.2&seed=1";
    let wrong = |why: String| (why, FORM.to_owned());
    let Some((name, value)) = text.split_once('=') else {
        return Err(wrong(format!("parameter '{text}' has no '='")));
    };
    let decoded = |text| decode(text).ok_or_else(|| wrong(format!("bad percent-encoding in '{text}'")));
    let (name, value) = (decoded(name)?, decoded(value)?);
    if value.is_empty() {
        return Err(wrong(format!("parameter '{name}' has no value")));
    }
    FieldValue::parse(&name, &value)
}

#[cfg(test)]
mod tests {
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
                "temperature 'hot' is not a number as JSON writes it, such as 0.5: write it as temperature=NUMBER"
                    .into(),
            ),
            ("m?top_k=1.5", "top_k '1.5' is not a whole number: write it as top_k=NUMBER".into()),
            ("m?reasoning_effort=hihg", "reasoning_effort 'hihg' is not known: did you mean 'high'?".into()),
            ("m?verbosity=none", "verbosity 'none' is not known: one of low, medium, high".into()),
        ] {
            assert_eq!(parse(text), Err(format!("model '{text}' (from --model): {why}")));
        }
    }
}
