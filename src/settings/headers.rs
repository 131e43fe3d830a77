//! Request headers of the user's own: from `-H`, from variables, from the config file. Knows no provider.

use super::origin::{Origin, Setting};
use crate::failure::Failure;
use crate::secret::Secret;

/// Headers that say how long or how framed a body is; another value would break the request.
const FRAMING: [&str; 4] = ["content-length", "transfer-encoding", "connection", "expect"];

/// Says why a header cannot be sent.
pub(crate) fn check(name: &str, value: &str) -> Result<(), &'static str> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_token) {
        return Err("not a header name");
    }
    if FRAMING.iter().any(|framing| name.eq_ignore_ascii_case(framing)) {
        return Err("this header is lmpipe's own, it describes the body");
    }
    if value.bytes().any(|byte| byte != b'\t' && !(b' '..=b'~').contains(&byte)) {
        return Err("the value has a line break, a control character or a letter outside ASCII");
    }
    Ok(())
}

/// Adds the header of one line `Name: value` to `headers`, in place of one of the same name; an empty value only
/// takes that one away, as in curl.
///
/// # Errors
/// `Usage` naming the origin; the value is never shown.
pub(crate) fn add(headers: &mut Vec<(String, Setting<Secret>)>, line: &str, origin: Origin) -> Result<(), Failure> {
    let wrong = |what: &str, why| {
        Failure::usage(format!("header{what} ({origin})"), why).hint("a header looks like 'X-Team: docs'")
    };
    // A line without a colon may be a key alone, so nothing of it is shown.
    let Some((name, value)) = line.split_once(':') else { return Err(wrong("", "no colon in it")) };
    let (name, value) = (name.trim_end(), value.trim_matches([' ', '\t']));
    check(name, value).map_err(|why| wrong(&format!(" '{}'", name.escape_debug()), why))?;
    put(headers, name, value, origin);
    Ok(())
}

/// Adds a header in place of one of the same name; an empty value only takes that one away.
pub(crate) fn put(headers: &mut Vec<(String, Setting<Secret>)>, name: &str, value: &str, origin: Origin) {
    headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    if !value.is_empty() {
        headers.push((name.to_owned(), Setting::new(Secret::new(value.to_owned()), origin)));
    }
}

#[cfg(test)]
mod tests;
