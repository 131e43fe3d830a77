//! Tests of `rewrite.rs`.

use super::*;

/// A rule without a place.
fn rule(pattern: &str, replacement: &str) -> RewriteRule {
    RewriteRule { pattern: pattern.into(), replacement: replacement.into(), origin: Origin::BuiltIn }
}

/// What one rule makes of a name.
fn by(pattern: &str, replacement: &str, name: &str) -> Option<String> {
    rewrite(name, &[rule(pattern, replacement)]).unwrap().map(|(name, _)| name)
}

#[test]
fn a_pattern_matches_the_whole_name_unless_it_has_its_own_anchors() {
    for (pattern, name, matches) in [
        ("gpt-4", "gpt-4", true),
        ("gpt-4", "gpt-4o", false),
        ("gpt-4", "my-gpt-4", false),
        ("a|b", "ab", false),
        ("^gpt-4", "gpt-4o", true),
        ("^gpt-4", "my-gpt-4", false),
        ("-mini$", "gpt-4o-mini", true),
        ("^gpt-4$", "gpt-4o", false),
        ("gpt.4", "gpt-4", true),
        (r"gpt-4\$", "gpt-4$", true),
        (r"gpt-4\$", "my-gpt-4$", false),
        (".*", "anything", true),
    ] {
        assert_eq!(by(pattern, "new", name).is_some(), matches, "{pattern} {name}");
    }
}

#[test]
fn groups_are_put_in_place() {
    for (pattern, replacement, name, new) in [
        ("gpt-4(.*)", "gpt-4o$1", "gpt-4-turbo", "gpt-4o-turbo"),
        ("gpt-4(.*)", "gpt-4o$1", "gpt-4", "gpt-4o"),
        ("gpt-(\\d)(.*)", "$1o$2", "gpt-4-x", "4o-x"),
        ("(?P<family>[a-z]+)-.*", "${family}-latest", "gpt-4", "gpt-latest"),
        ("(.*)", "$0/$1", "m", "m/m"),
        ("m", "$$1$", "m", "$1$"),
        ("m(x)?", "a${1}b", "m", "ab"),
        ("(.)(.*)", "$2$1", "éa", "aé"),
        ("\\p{Latin}+-(\\d)", "$1", "gpt-4", "4"),
    ] {
        assert_eq!(by(pattern, replacement, name).as_deref(), Some(new), "{pattern} {replacement}");
    }
}

#[test]
fn the_first_rule_that_matches_wins() {
    let rules = [rule("x", "1"), rule("g.*", "2"), rule("gpt", "3")];
    assert_eq!(rewrite("gpt", &rules).unwrap().map(|(name, _)| name).as_deref(), Some("2"));
    assert_eq!(rewrite("none", &rules).unwrap(), None);
}

#[test]
fn bad_rules_are_refused_wherever_they_stand() {
    let origin = Origin::Config { path: "c.toml".into(), line: 3, column: 1 };
    let bad = |pattern: &str, replacement: &str| {
        let bad = RewriteRule { origin: origin.clone(), ..rule(pattern, replacement) };
        rewrite("gpt", &[rule("gpt", "new"), bad]).unwrap_err().line()
    };
    assert_eq!(bad("gpt-(", "x"), "rewrite rule 'gpt-(' (from c.toml:3:1): not a regular expression: unclosed group");
    assert_eq!(
        bad("gpt", "x$1"),
        "rewrite rule 'gpt' (from c.toml:3:1): the pattern has no group '1' for its replacement"
    );
    assert_eq!(
        bad("(gpt)", "x${family}"),
        "rewrite rule '(gpt)' (from c.toml:3:1): the pattern has no group 'family' for its replacement"
    );
}
