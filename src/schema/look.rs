//! Look-behind that no step limit bounds: the backtracking engine searches from each place of a text back to its
//! start, and counts none of that.

use serde_json::Value;

/// The first pattern in a schema that looks behind itself without a bound.
pub(super) fn endless(schema: &Value) -> Option<&str> {
    match schema {
        Value::Object(members) => members.iter().find_map(|(keyword, value)| match (keyword.as_str(), value) {
            ("pattern", Value::String(pattern)) if is_endless(pattern) => Some(pattern.as_str()),
            ("patternProperties", Value::Object(patterns)) => {
                let own = patterns.keys().find(|pattern| is_endless(pattern)).map(String::as_str);
                own.or_else(|| patterns.values().find_map(endless))
            }
            _ => endless(value),
        }),
        Value::Array(schemas) => schemas.iter().find_map(endless),
        _ => None,
    }
}

/// Whether a look-behind of the pattern holds `*`, `+` or `{n,}`.
fn is_endless(pattern: &str) -> bool {
    let starts = pattern.match_indices("(?<=").chain(pattern.match_indices("(?<!"));
    starts.into_iter().any(|(start, opening)| is_unbounded(&pattern[start + opening.len()..]))
}

/// Whether the group that is open at the start of `rest` holds `*`, `+` or `{n,}`.
fn is_unbounded(rest: &str) -> bool {
    let mut depth = 0_usize;
    let mut in_class = false;
    let mut characters = rest.char_indices();
    while let Some((place, character)) = characters.next() {
        match character {
            '\\' => {
                characters.next();
            }
            ']' => in_class = false,
            _ if in_class => {}
            '[' => in_class = true,
            '*' | '+' => return true,
            '{' if rest[place..].split('}').next().is_some_and(|count| count.ends_with(',')) => return true,
            '(' => depth += 1,
            ')' if depth == 0 => return false,
            ')' => depth -= 1,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn look_behind_without_a_bound_is_told_from_others() {
        for pattern in ["(?<=a+)b", "(?<!(x|a*))b", "(?<=a{2,})b", "(a)(?<=[)]b(c)d*)"] {
            assert!(is_endless(pattern), "{pattern}");
        }
        for pattern in ["(?<=a)b+", "(?<!a{2,3})b*", r"(?<=\+)b*", "(?<=[+*])b", "(?<=a?)b{2,}", "(?=a+)", "a+", "(?<="]
        {
            assert!(!is_endless(pattern), "{pattern}");
        }
    }

    #[test]
    fn patterns_are_found_wherever_they_stand() {
        let bad = "(?<=a+)b";
        for schema in [
            json!({"pattern": bad}),
            json!({"properties": {"pattern": {"type": "string"}, "a": {"items": {"pattern": bad}}}}),
            json!({"patternProperties": {"a": true, bad: true}}),
            json!({"allOf": [{"patternProperties": {"a": {"pattern": bad}}}]}),
        ] {
            assert_eq!(endless(&schema), Some(bad), "{schema}");
        }
        assert_eq!(endless(&json!({"pattern": "(?<=a)b", "title": bad})), None);
    }
}
