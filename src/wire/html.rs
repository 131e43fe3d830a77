//! The title of a web page that came in place of an answer.

/// Start of every description of a page.
pub(crate) const WEB_PAGE: &str = "a web page";

/// A description of an HTML page: `a web page titled '…'`, or `a web page` where it has no title.
pub(crate) fn title(html: &str) -> String {
    let found = element(html, "title").or_else(|| element(html, "h1")).map(decoded);
    let found = found.filter(|title| !title.trim().is_empty());
    found.map_or_else(|| WEB_PAGE.to_owned(), |title| format!("{WEB_PAGE} titled '{}'", title.trim()))
}

/// The text of the first element of this name.
fn element<'h>(html: &'h str, name: &str) -> Option<&'h str> {
    // Lower-casing ASCII moves no byte.
    let lower = html.to_ascii_lowercase();
    let open = lower.find(&format!("<{name}"))?;
    let begin = open + lower[open..].find('>')? + 1;
    let end = begin + lower[begin..].find('<').unwrap_or(lower.len() - begin);
    Some(&html[begin..end])
}

/// The text with the usual entities decoded.
fn decoded(text: &str) -> String {
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " "), ("&amp;", "&")];
    entities.iter().fold(text.to_owned(), |text, (entity, character)| text.replace(entity, character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn title_is_found_in_real_pages() {
        let rows = [
            ("<html>\r\n<head><title>502 Bad Gateway</title></head>", "a web page titled '502 Bad Gateway'"),
            ("<!DOCTYPE html><TITLE lang=en>\n a &amp; b | 524\n</TITLE>", "a web page titled 'a & b | 524'"),
            ("<html><h1>Oops</h1></html>", "a web page titled 'Oops'"),
            ("<html><title></title>", "a web page"),
            ("<html><title>cut off", "a web page titled 'cut off'"),
            ("<?xml version='1.0'?><Error/>", "a web page"),
            ("<title", "a web page"),
        ];
        for (html, want) in rows {
            assert_eq!(title(html), want, "{html}");
        }
    }
}
