//! The process environment as it was handed in. Knows no variable by name.

use std::ffi::{OsStr, OsString};

use crate::failure::Failure;

/// Variables by name; an empty one counts as unset.
#[derive(Clone, Debug, Default)]
pub(crate) struct Env(Vec<(OsString, OsString)>);

impl Env {
    /// An environment of these variables.
    pub(crate) fn new(variables: Vec<(OsString, OsString)>) -> Self {
        Self(variables)
    }

    /// The value of a variable that is set, not empty, and UTF-8.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.get_os(name)?.to_str()
    }

    /// The value of a variable that is set and not empty, whatever its bytes: for paths.
    pub(crate) fn get_os(&self, name: &str) -> Option<&OsStr> {
        let (_, value) = self.0.iter().find(|(key, _)| is_name(key, name))?;
        (!value.is_empty()).then_some(value)
    }

    /// The value of a variable that is set and not empty.
    ///
    /// # Errors
    /// `Usage` when it is not UTF-8.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, Failure> {
        match self.get_os(name) {
            None => Ok(None),
            Some(value) => value.to_str().map(Some).ok_or_else(|| Failure::usage(name, "the value is not UTF-8")),
        }
    }

    /// Every variable, for a command that is to see the same environment.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.0.iter().map(|(name, value)| (name.as_os_str(), value.as_os_str()))
    }

    /// The names of `base`, `base_1`, `base_2`, … that are set and not empty, in that order; gaps are allowed.
    pub(crate) fn numbered(&self, base: &str) -> Vec<String> {
        let mut found: Vec<(u32, String)> = Vec::new();
        for (key, value) in &self.0 {
            let Some(rest) = key.to_str().and_then(|key| key.strip_prefix(base)) else { continue };
            let place = match rest.strip_prefix('_') {
                None if rest.is_empty() => Some(0),
                // A leading zero would name one place twice.
                Some(digits) if !digits.starts_with(['0', '+']) => digits.parse().ok(),
                _ => None,
            };
            if let Some(place) = place.filter(|_| !value.is_empty()) {
                found.push((place, format!("{base}{rest}")));
            }
        }
        found.sort_unstable();
        found.into_iter().map(|(_, name)| name).collect()
    }
}

/// Whether `key` is the variable `name`; on Windows case does not count.
fn is_name(key: &OsStr, name: &str) -> bool {
    if cfg!(windows) { key.eq_ignore_ascii_case(name) } else { key == name }
}

#[cfg(test)]
impl<const N: usize> From<[(&str, &str); N]> for Env {
    fn from(variables: [(&str, &str); N]) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_counts_as_unset() {
        let env = Env::from([("A", ""), ("B", "b")]);
        assert_eq!((env.get("A"), env.get("B"), env.get("C")), (None, Some("b"), None));
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_not_utf8_are_an_error_naming_the_variable() {
        use std::os::unix::ffi::OsStringExt;
        let env = Env::new(vec![("A".into(), OsString::from_vec(vec![0xff]))]);
        assert_eq!(env.text("A").unwrap_err().line(), "A: the value is not UTF-8");
        assert_eq!(env.get("A"), None);
    }

    #[test]
    fn numbered_names_come_in_the_order_of_their_numbers() {
        let env = Env::from([
            ("K_10", "x"),
            ("K_2", "x"),
            ("K_1", ""),
            ("K", "x"),
            ("K_02", "x"),
            ("K_x", "x"),
            ("KEY", "x"),
            ("K_2_3", "x"),
        ]);
        assert_eq!(env.numbered("K"), ["K", "K_2", "K_10"]);
        assert_eq!(Env::default().numbered("K"), Vec::<String>::new());
    }
}
