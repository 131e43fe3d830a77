//! What comments cite: each `docs/NAME.md §N` names a section that the page has.

use std::fs;
use std::path::{Path, PathBuf};

/// The pages whose sections are cited.
const PAGES: [&str; 3] = ["contract", "wire", "codex"];

/// The file of that name in the package.
fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The files under `folder` that hold text of ours, by their endings.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let file = entry.expect("readable").path();
        if file.is_dir() {
            files(&file, found);
        } else if file.extension().is_none_or(|ending| ["rs", "md", "py", "toml"].iter().any(|known| ending == *known))
        {
            found.push(file);
        }
    }
}

/// The numbers that follow a `§`: of `§1.5, §1.6 and more` 1.5 and 1.6.
fn numbers(citation: &str) -> Vec<String> {
    let mut rest = citation;
    let mut found = Vec::new();
    while let Some(after) = rest.strip_prefix('§') {
        let end = after.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(after.len());
        found.push(after[..end].trim_end_matches('.').to_owned());
        rest = after[end..].strip_prefix(", ").unwrap_or("");
    }
    found
}

/// What is wrong with the citations of `text`.
fn faults(text: &str, has: impl Fn(&str, &str) -> bool) -> Vec<String> {
    let mut faults = Vec::new();
    for page in PAGES {
        for (start, _) in text.match_indices(&format!("{page} §")) {
            faults.push(format!("{}: write docs/{page}.md", &text[start..].lines().next().unwrap_or_default()));
        }
        for (start, name) in text.match_indices(&format!("{page}.md §")) {
            if !text[..start].ends_with("docs/") {
                faults.push(format!("{name}: write docs/{name}"));
            }
            let cited = numbers(&text[start + name.len() - '§'.len_utf8()..]);
            faults.extend(
                cited
                    .iter()
                    .filter(|number| !has(page, number))
                    .map(|number| format!("{name}{number}: no such section")),
            );
        }
    }
    faults
}

#[test]
fn every_cited_section_exists() {
    let headings = PAGES.map(|page| {
        let text = fs::read_to_string(path(&format!("docs/{page}.md"))).expect("the page is there");
        let headings = text.lines().filter(|line| line.starts_with("## ") || line.starts_with("### "));
        let numbers =
            headings.filter_map(|line| line.split(' ').nth(1)).map(|number| number.trim_end_matches('.').to_owned());
        (page, numbers.collect::<Vec<_>>())
    });
    let has = |page: &str, number: &str| {
        headings.iter().any(|(name, numbers)| *name == page && numbers.iter().any(|known| known == number))
    };
    let mut all = Vec::new();
    for folder in ["src", "tests", "fuzz/targets", "benches", ".ci", "docs"] {
        files(&path(folder), &mut all);
    }
    let mut cites = 0;
    for file in all.iter().filter(|file| !file.ends_with("tests/cites.rs")) {
        let Ok(text) = fs::read_to_string(file) else { continue };
        cites += text.matches(".md §").count();
        assert_eq!(faults(&text, has), Vec::<String>::new(), "{}", file.display());
    }
    assert!(cites > 40, "{cites} citations were read");
}

#[test]
fn citation_of_no_section_is_found() {
    let has = |page: &str, number: &str| page == "wire" && number == "1.5";
    assert!(faults("docs/wire.md §1.5, and more", has).is_empty());
    assert_eq!(faults("docs/wire.md §1.5, §9.9.", has).len(), 1);
    assert_eq!(faults("docs/codex.md §1.5", has).len(), 1);
    assert_eq!(faults("wire §1.5", has).len(), 1);
    assert_eq!(faults("wire.md §1.5", has).len(), 1);
}
