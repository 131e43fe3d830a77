//! Secrets: the type that holds one, the names and looks that give one away, and the masker that keeps them out of
//! everything shown or recorded. Whatever shows a header, a URL or a server's words asks here.

use std::borrow::Cow;
use std::fmt;

use memchr::memmem;

use crate::url::{self, Parameter, Url};

/// What stands in the place of a secret.
pub(crate) const REDACTED: &str = "REDACTED";

/// Stretches of names whose values are credentials.
const CREDENTIALS: [&str; 11] = [
    "key",
    "token",
    "secret",
    "cookie",
    "password",
    "passwd",
    "credential",
    "signature",
    "authori",
    "authent",
    "oauth",
];
/// Words in names that stand for a credential, as part of another word (`author`, `design`) for anything.
const CREDENTIAL_WORDS: [&str; 5] = ["auth", "bearer", "sig", "jwt", "pwd"];
/// A word that stands for a credential in a query: the key of an Azure function.
const PARAMETER_WORD: &str = "code";
/// Stretches of names whose values identify who is asking. They are hidden, but no credentials.
const IDENTITIES: [&str; 3] = ["organization", "project", "account"];

/// What a key or token begins with. Source: the providers' key formats, docs/wire.md §3.1.
const KEY_PREFIXES: [&str; 9] = ["sk-", "sk_", "gsk_", "xai-", "hf_", "AIza", "Bearer ", "pplx-", "csk-"];

/// Shortest secret that is masked in text, in bytes: a shorter one (`x`, `EMPTY`) may be any word.
const SHORTEST: usize = 8;
/// How much of a secret's beginning is masked where the rest is missing, in bytes: messages cut what they quote.
const BEGINNING: usize = 12;

/// A key or token. Its `Debug` is redacted; [`Secret::reveal`] is the only way out, so that a search finds each use.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(String);

impl Secret {
    /// Wraps a key.
    pub(crate) fn new(key: String) -> Self {
        Self(key)
    }

    /// The key itself, for the header that carries it.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(REDACTED)")
    }
}

/// Whether the value of a header of this name, or of another setting, is a credential.
pub(crate) fn is_credential(name: &str) -> bool {
    // `tokens` are counted: `x-ratelimit-limit-tokens`.
    let lower = name.to_ascii_lowercase().replace("tokens", "");
    CREDENTIALS.iter().any(|stretch| lower.contains(stretch)) || has_word(name, &CREDENTIAL_WORDS)
}

/// Whether the value of a header of this name is never shown: a credential, or who is asking.
pub(crate) fn is_secret_header(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    is_credential(name) || IDENTITIES.iter().any(|stretch| lower.contains(stretch))
}

/// Whether the value of a query parameter of this name, percent-encoded or not, is never shown.
pub(crate) fn is_secret_parameter(name: &str) -> bool {
    let name = url::decode(name).unwrap_or(Cow::Borrowed(name));
    is_secret_header(&name) || has_word(&name, &[PARAMETER_WORD])
}

/// The query of a URL with its question mark, `mark` in place of each value that may be a credential.
pub(crate) fn masked_query(url: &Url<'_>, mark: &str) -> String {
    let mut shown = String::new();
    for Parameter { name, value } in url.parameters() {
        shown.push(if shown.is_empty() { '?' } else { '&' });
        shown.push_str(name);
        if let Some(value) = value {
            shown.push('=');
            shown.push_str(if is_secret_parameter(name) { mark } else { value });
        }
    }
    shown
}

/// A URL as the settings show it: the whole, `…` in place of its login and of parameters that may hold a credential.
pub(crate) fn masked_url(text: &str) -> Cow<'_, str> {
    let url = Url::split(text);
    if url.login.is_none() && !url.parameters().any(|parameter| is_secret_parameter(parameter.name)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(url.address(if url.login.is_some() { "…@" } else { "" }) + &masked_query(&url, "…"))
}

/// Whether one of `words` is a word of a name, which may be written `a-b`, `a_b` or `aB`.
fn has_word(name: &str, words: &[&str]) -> bool {
    let mut was_lower = false;
    let mut start = 0;
    let mut found = false;
    let mut end_word =
        |from: usize, to: usize| found |= words.iter().any(|word| name[from..to].eq_ignore_ascii_case(word));
    for (place, letter) in name.char_indices() {
        if !letter.is_ascii_alphabetic() || was_lower && letter.is_ascii_uppercase() {
            end_word(start, place);
            start = if letter.is_ascii_alphabetic() { place } else { place + letter.len_utf8() };
        }
        was_lower = letter.is_ascii_lowercase();
    }
    end_word(start, name.len());
    found
}

/// Whether a word looks like a key, so that it must not be shown.
pub(crate) fn looks_like_key(word: &str) -> bool {
    KEY_PREFIXES.iter().filter_map(|prefix| word.strip_prefix(prefix)).any(|rest| {
        rest.len() >= 16
            && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
            && rest.bytes().any(|byte| byte.is_ascii_digit())
    })
}

/// Whether a shell can have a variable of this name; what it cannot have may be a key, put in the wrong place.
pub(crate) fn is_variable_name(name: &str) -> bool {
    !name.starts_with(|first: char| first.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !looks_like_key(name)
}

/// Replaces the secrets of a run in what servers send and messages quote. Each is found as it was sent, as it stands
/// in a JSON string and in a JSON string inside one, and where only its beginning is left.
#[derive(Clone, Default)]
pub(crate) struct Masker {
    /// The forms of all secrets.
    forms: Vec<String>,
}

impl Masker {
    /// Adds a key, token or other value; one that is as short as a word is left out.
    pub(crate) fn add(&mut self, secret: &str) {
        if secret.len() < SHORTEST {
            return;
        }
        let in_json = escaped(secret);
        let with_slashes = in_json.replace('/', "\\/");
        for form in [secret, &escaped(&in_json), &escaped(&with_slashes), &in_json, &with_slashes] {
            if !self.forms.iter().any(|known| known == form) {
                self.forms.push(form.to_owned());
            }
        }
    }

    /// Adds the value of a header without the scheme before it (`Bearer`), and each part that a server may repeat
    /// alone, such as the value of a cookie.
    pub(crate) fn add_header(&mut self, value: &str) {
        let value = value.split_once(' ').filter(|(scheme, _)| !scheme.contains('=')).map_or(value, |(_, value)| value);
        self.add(value);
        for part in value.split([' ', ';', ',']) {
            self.add(part);
            self.add(part.split_once('=').map_or("", |(_, value)| value));
        }
    }

    /// Adds what a URL hides: its login and the parameters that may hold a credential.
    pub(crate) fn add_url(&mut self, url: &str) {
        let url = Url::split(url);
        self.add(url.login.unwrap_or_default());
        for parameter in url.parameters().filter(|parameter| is_secret_parameter(parameter.name)) {
            let value = parameter.value.unwrap_or_default();
            self.add(value);
            self.add(&url::decode(value).unwrap_or_default());
        }
    }

    /// `text` with [`REDACTED`] in place of every secret.
    pub(crate) fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.replaced(text.as_bytes()) {
            Some(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
            None => Cow::Borrowed(text),
        }
    }

    /// `bytes` with [`REDACTED`] in place of every secret.
    pub(crate) fn mask_bytes(&self, bytes: Vec<u8>) -> Vec<u8> {
        self.replaced(&bytes).unwrap_or(bytes)
    }

    /// `text` with every secret replaced; `None` if there is none in it.
    fn replaced(&self, text: &[u8]) -> Option<Vec<u8>> {
        let find = |form: &String, from: usize| {
            let beginning = &form.as_bytes()[..form.len().min(BEGINNING)];
            memmem::find(&text[from..], beginning).map(|place| from + place)
        };
        let mut done = 0;
        let mut clean = Vec::new();
        // Where each form begins next: a long text is searched once for each.
        let mut next: Vec<Option<usize>> = self.forms.iter().map(|form| find(form, 0)).collect();
        while let Some(start) = next.iter().flatten().min().copied() {
            let same =
                |form: &String| form.bytes().zip(&text[start..]).take_while(|(one, other)| one == *other).count();
            let length = self.forms.iter().map(same).max().unwrap_or_default();
            clean.extend_from_slice(&text[done..start]);
            clean.extend_from_slice(REDACTED.as_bytes());
            done = start + length;
            for (place, form) in next.iter_mut().zip(&self.forms).filter(|(place, _)| place.is_some_and(|at| at < done))
            {
                *place = find(form, done);
            }
        }
        if done == 0 {
            return None;
        }
        clean.extend_from_slice(&text[done..]);
        Some(clean)
    }
}

/// Text as it stands between the quotes of a JSON string.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests;
