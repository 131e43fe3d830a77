//! The known word that a mistyped one is near to: providers, parameters, config keys, the models of a server.

/// How alike two words must be to name one for the other, from 0 to 1. Measured on typing errors: one wrong letter
/// in four scores 0.83, unrelated provider names stay below 0.75.
const ALIKE: f64 = 0.8;

/// The candidates `word` was probably meant to be, best first, at most three. Case does not count, and a candidate
/// that contains the word is taken for near (`llama-3` for `meta-llama/Llama-3.1-8B`).
pub(crate) fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let word = word.to_lowercase();
    let mut scored: Vec<(f64, &str)> = Vec::new();
    for candidate in candidates {
        let lower = candidate.to_lowercase();
        let contained = word.len() >= 3 && lower.contains(&word);
        let score = strsim::jaro_winkler(&word, &lower).max(if contained { ALIKE } else { 0.0 });
        if score >= ALIKE {
            scored.push((score, candidate));
        }
    }
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.into_iter().take(3).map(|(_, candidate)| candidate).collect()
}

/// The hint `did you mean 'a' or 'b'?`, or `one of …` with every candidate where none is near.
pub(crate) fn suggest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> String {
    let near = closest(word, candidates.clone());
    match near.split_last() {
        None => format!("one of {}", candidates.into_iter().collect::<Vec<_>>().join(", ")),
        Some((last, [])) => format!("did you mean '{last}'?"),
        Some((last, rest)) => format!("did you mean '{}' or '{last}'?", rest.join("', '")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 5] = ["groq", "openai", "openai-codex", "ollama", "xai"];

    #[test]
    fn a_slip_finds_its_word() {
        for (word, meant) in [("grok", "groq"), ("opneai", "openai"), ("Ollama", "ollama")] {
            assert_eq!(closest(word, NAMES).first(), Some(&meant), "{word}");
        }
    }

    #[test]
    fn nothing_near_is_nothing() {
        assert_eq!(closest("zebra", NAMES), Vec::<&str>::new());
        assert_eq!(suggest("zebra", NAMES), "one of groq, openai, openai-codex, ollama, xai");
    }

    #[test]
    fn a_part_of_a_long_name_finds_it() {
        assert_eq!(closest("llama-3", ["meta-llama/Llama-3.1-8B", "qwen"]), ["meta-llama/Llama-3.1-8B"]);
    }

    #[test]
    fn a_hint_is_one_question() {
        assert_eq!(suggest("grok", NAMES), "did you mean 'groq'?");
        assert_eq!(suggest("openai-code", NAMES), "did you mean 'openai-codex' or 'openai'?");
    }
}
