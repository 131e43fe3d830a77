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
mod tests;
