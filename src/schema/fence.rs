//! Fenced code blocks of Markdown: the one scanner for `--extract` and for JSON inside fences.
//!
//! Reads each line once. Knows nothing of JSON.

/// One fenced code block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CodeBlock<'t> {
    /// The lines between the fences.
    pub(super) content: &'t str,
    /// Whether a closing fence came; without one the block reaches to the end of the text, as in Markdown.
    pub(super) is_closed: bool,
}

/// The first fenced code block of a text, without its fences; the whole text where there is none (`--extract`).
pub(crate) fn extract(text: &str) -> &str {
    code_blocks(text).next().map_or(text, |block| block.content)
}

/// The fenced code blocks of a text, in order.
pub(super) fn code_blocks(text: &str) -> impl Iterator<Item = CodeBlock<'_>> {
    let mut lines = text.split_inclusive('\n');
    let mut end = 0;
    std::iter::from_fn(move || {
        let mut open = None;
        for line in lines.by_ref() {
            let start = end;
            end += line.len();
            match (open, fence_of(line)) {
                (None, Some((fence, _))) => open = Some((fence, end)),
                (Some((opening, content)), Some((fence, rest)))
                    if fence.starts_with(opening) && rest.trim().is_empty() =>
                {
                    return Some(CodeBlock { content: &text[content..start], is_closed: true });
                }
                _ => {}
            }
        }
        open.map(|(_, content)| CodeBlock { content: &text[content..], is_closed: false })
    })
}

/// The fence at the beginning of a line, three or more backticks or tildes, and what stands behind it.
fn fence_of(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    let mark = line.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let rest = line.trim_start_matches(mark);
    let fence = &line[..line.len() - rest.len()];
    (fence.len() >= 3).then_some((fence, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_fenced_block_is_extracted() {
        assert_eq!(extract("a\n```sh\nls\n```\nb\n```\nc\n```\n"), "ls\n");
        assert_eq!(extract("~~~~\n```\nx\n~~~~\n"), "```\nx\n");
        assert_eq!(extract("no block"), "no block");
        assert_eq!(extract("a\n```\nnever closed"), "never closed");
        assert_eq!(extract("  ```\n  x\n  ```"), "  x\n");
    }

    #[test]
    fn each_block_says_whether_it_was_closed() {
        let blocks: Vec<_> = code_blocks("```\n1\n````\r\nx\n~~~json\n2\n```\n~~~~").collect();
        let block = |content, is_closed| CodeBlock { content, is_closed };
        assert_eq!(blocks, [block("1\n", true), block("2\n```\n", true)]);
        let blocks: Vec<_> = code_blocks("```\n1\n``` behind\n").collect();
        assert_eq!(blocks, [block("1\n``` behind\n", false)]);
    }
}
