//! What the argument of `-S` is: stdin, a file, or the schema itself.

/// What the argument of `-S` is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SchemaSource<'s> {
    /// `-`: read from stdin.
    Stdin,
    /// The argument is the schema: JSON or the short form, for `Schema::parse`.
    Inline(&'s str),
    /// A file to read.
    File(&'s str),
}

impl<'s> SchemaSource<'s> {
    /// What `src` is; `exists` is whether there is a file of that name. Text that looks like a file's name counts as
    /// one even where there is no such file, so that the message about a misspelled name says so.
    pub(crate) fn recognise(src: &'s str, exists: bool) -> Self {
        let looks_like_file = || {
            let plain = !src.contains(['{', '[', ',', '|', '?', '\n', '"']);
            plain && (src.contains(['/', '\\']) || src.rsplit_once('.').is_some_and(|(_, end)| !end.contains(' ')))
        };
        match src.trim() {
            "-" => Self::Stdin,
            text if text.starts_with('{') || matches!(text, "true" | "false") => Self::Inline(src),
            _ if exists || looks_like_file() => Self::File(src),
            _ => Self::Inline(src),
        }
    }

    /// Its name in messages: the file, `stdin` or `-S`.
    pub(crate) fn origin(&self) -> &'s str {
        match self {
            Self::Stdin => "stdin",
            Self::Inline(_) => "-S",
            Self::File(path) => path,
        }
    }

    /// The stem of the file's name, up to its first dot, for the name on the wire.
    pub(crate) fn stem(&self) -> Option<&'s str> {
        match self {
            Self::File(path) => {
                let name = path.rsplit(['/', '\\']).next().unwrap_or(path).trim_start_matches('.');
                name.split('.').next().filter(|stem| !stem.is_empty())
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_told_apart() {
        let sources = [
            ("-", false, SchemaSource::Stdin),
            ("{\"type\":\"object\"}", false, SchemaSource::Inline("{\"type\":\"object\"}")),
            ("true", true, SchemaSource::Inline("true")),
            ("name, age int", false, SchemaSource::Inline("name, age int")),
            ("name", false, SchemaSource::Inline("name")),
            ("name", true, SchemaSource::File("name")),
            ("commit.schema.json", false, SchemaSource::File("commit.schema.json")),
            ("schemas/commit", false, SchemaSource::File("schemas/commit")),
            ("note: free text. Or so", false, SchemaSource::Inline("note: free text. Or so")),
        ];
        for (src, exists, source) in sources {
            assert_eq!(SchemaSource::recognise(src, exists), source, "{src}");
        }
        let file = SchemaSource::recognise("a/commit.schema.json", true);
        assert_eq!((file.origin(), file.stem()), ("a/commit.schema.json", Some("commit")));
        assert_eq!(SchemaSource::Inline("x").stem(), None);
    }
}
