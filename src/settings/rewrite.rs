//! The `[rewrite]` rules: model names in, other model names out. Knows no provider; the result is a model URI that
//! the caller reads like one that was typed.

use std::borrow::Cow;

use regex::bytes::{Captures, Regex, RegexBuilder};

use super::origin::{Origin, rejected};
use crate::failure::Failure;

/// The characters that mean something in a regular expression; a name without them needs no engine.
const SPECIAL: [char; 14] = ['\\', '.', '+', '*', '?', '(', ')', '|', '[', ']', '{', '}', '^', '$'];

/// One rule, as the config file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RewriteRule {
    /// Regular expression; it must match the whole name unless it begins with `^` or ends with `$`, which then hold
    /// alone.
    pub(crate) pattern: String,
    /// What the whole name becomes; `$1`, `${name}` are groups, `$$` is a dollar sign.
    pub(crate) replacement: String,
    /// Where it stands.
    pub(crate) origin: Origin,
}

/// What a name becomes by the first rule that matches it, and that rule; `None` where none does.
///
/// # Errors
/// `Usage` for a rule that makes no sense, also behind the one that matches: a rule is wrong whatever is asked.
pub(crate) fn rewrite<'r>(name: &str, rules: &'r [RewriteRule]) -> Result<Option<(String, &'r RewriteRule)>, Failure> {
    let mut rewritten = None;
    for rule in rules {
        let new_name = rule.apply(name)?;
        rewritten = rewritten.or(new_name.map(|new_name| (new_name, rule)));
    }
    Ok(rewritten)
}

/// A stretch of a replacement.
enum Stretch<'a> {
    /// Text that stands for itself.
    Text(&'a str),
    /// A group by number or name.
    Group(&'a str),
}

impl RewriteRule {
    /// What `name` becomes by this rule alone; `None` where it does not match.
    fn apply(&self, name: &str) -> Result<Option<String>, Failure> {
        if !self.pattern.contains(SPECIAL) && !self.replacement.contains('$') {
            return Ok((name == self.pattern).then(|| self.replacement.clone()));
        }
        let regex = self.compile(name.is_ascii())?;
        Ok(regex.captures(name.as_bytes()).map(|captures| self.expand(&captures)))
    }

    /// The pattern as a regular expression, its replacement checked against it. Without Unicode, which makes no
    /// difference to an ASCII name, it takes 125,000 instead of 300,000 instructions.
    fn compile(&self, is_ascii: bool) -> Result<Regex, Failure> {
        let ends = self.pattern.ends_with('$') && !self.pattern.ends_with("\\$");
        let own_anchors = ends || self.pattern.starts_with('^');
        let anchored =
            if own_anchors { Cow::from(&self.pattern) } else { Cow::from(format!("^(?:{})$", self.pattern)) };
        let build = |unicode| RegexBuilder::new(&anchored).unicode(unicode).build();
        // A pattern may need Unicode to make sense at all, such as `\p{Greek}`.
        let regex = build(!is_ascii).or_else(|_| build(true)).map_err(|error| {
            // The first lines of the message show the pattern; the last one has the reason.
            let why = error.to_string();
            let why = why.lines().next_back().unwrap_or_default().trim_start_matches("error: ").to_owned();
            self.wrong(format!("not a regular expression: {why}"))
        })?;
        for stretch in self.stretches() {
            if let Stretch::Group(group) = stretch
                && !regex.capture_names().enumerate().any(|(place, name)| is_group(group, place, name))
            {
                return Err(self.wrong(format!("the pattern has no group '{group}' for its replacement")));
            }
        }
        Ok(regex)
    }

    /// A failure of this rule.
    fn wrong(&self, why: String) -> Failure {
        rejected("rewrite rule", &self.pattern, &self.origin, why)
    }

    /// The replacement with the groups of a match in it.
    fn expand(&self, captures: &Captures<'_>) -> String {
        let group = |group: &str| match group.parse() {
            Ok(place) => captures.get(place),
            Err(_) => captures.name(group),
        };
        let stretch = |stretch| match stretch {
            Stretch::Text(text) => Cow::Borrowed(text),
            Stretch::Group(name) => group(name).map_or("".into(), |found| String::from_utf8_lossy(found.as_bytes())),
        };
        self.stretches().map(stretch).collect()
    }

    /// The replacement taken apart. The crate's own rules read `$1o` as a group named `1o`; here a number ends with
    /// its digits.
    fn stretches(&self) -> impl Iterator<Item = Stretch<'_>> {
        let mut rest = self.replacement.as_str();
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let (stretch, length) = match rest.strip_prefix('$') {
                None => {
                    let length = rest.find('$').unwrap_or(rest.len());
                    (Stretch::Text(&rest[..length]), length)
                }
                Some(after) => dollar(after),
            };
            rest = &rest[length..];
            Some(stretch)
        })
    }
}

/// The stretch that a dollar sign begins, and its length with the sign; `after` is what follows it.
fn dollar(after: &str) -> (Stretch<'_>, usize) {
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        return (Stretch::Group(&after[..digits]), 1 + digits);
    }
    if let Some((name, _)) = after.strip_prefix('{').and_then(|after| after.split_once('}')) {
        return (Stretch::Group(name), 3 + name.len());
    }
    (Stretch::Text("$"), if after.starts_with('$') { 2 } else { 1 })
}

/// Whether `group` is the one at `place` called `name`.
fn is_group(group: &str, place: usize, name: Option<&str>) -> bool {
    group.parse() == Ok(place) || name == Some(group)
}

#[cfg(test)]
mod tests;
