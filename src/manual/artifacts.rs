//! Regenerates every committed text that follows from the flags and compares it with its file;
//! with `LMPIPE_BLESS=1` in the environment the files are written instead.

use std::env::var_os;
use std::fs;
use std::path::{Path, PathBuf};

use clap_complete::Shell;

use super::completions::{bash, by_clap, fish, zsh};
use super::help::help;
use super::roff::man;
use super::tables::{environment_table, exit_table, provider_table};
use super::topics::EXAMPLES;
use crate::schema::GRAMMAR;
use crate::settings::config::ConfigFile;

/// The generated files, by their path in the repository.
fn artifacts() -> Vec<(&'static str, String)> {
    vec![
        ("man/help.txt", help()),
        ("man/lmpipe.1", man()),
        ("completions/lmpipe.bash", bash()),
        ("completions/_lmpipe", zsh()),
        ("completions/lmpipe.fish", fish()),
        ("completions/lmpipe.ps1", by_clap(Shell::PowerShell)),
        ("completions/lmpipe.elv", by_clap(Shell::Elvish)),
        (
            "README.md",
            renewed(
                "README.md",
                &[
                    ("help", format!("```text\n{}```\n", help())),
                    ("exit table", exit_table()),
                    ("environment", environment_table()),
                ],
            ),
        ),
        ("docs/providers.md", renewed("docs/providers.md", &[("providers", provider_table())])),
        ("docs/schemas.md", renewed("docs/schemas.md", &[("grammar", format!("```text\n{GRAMMAR}```\n"))])),
    ]
}

/// A page with its generated blocks renewed, each by its name.
fn renewed(page: &str, blocks: &[(&str, String)]) -> String {
    let mut text = fs::read_to_string(path(page)).unwrap();
    for (name, block) in blocks {
        let (open, close) = (format!("<!-- generated: {name} -->\n"), format!("<!-- end of {name} -->\n"));
        let from = text.find(&open).unwrap_or_else(|| panic!("{page} lacks {open}")) + open.len();
        let to = text.find(&close).unwrap_or_else(|| panic!("{page} lacks {close}"));
        text.replace_range(from..to, &format!("\n{block}\n"));
    }
    text
}

/// The place of a file of the repository.
fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

#[test]
fn committed_texts_follow_from_the_flags() {
    let stale: Vec<_> = artifacts()
        .into_iter()
        .filter(|(name, text)| fs::read_to_string(path(name)).unwrap_or_default() != *text)
        .collect();
    if var_os("LMPIPE_BLESS").is_some() {
        stale.iter().for_each(|(name, text)| fs::write(path(name), text).unwrap());
    } else {
        let names: Vec<_> = stale.iter().map(|(name, _)| name).collect();
        assert!(names.is_empty(), "stale: {names:?}; LMPIPE_BLESS=1 cargo test --lib artifacts rewrites them");
    }
}

#[test]
fn lines_that_nothing_wraps_fit_the_man_page() {
    /// The columns of a terminal, without the indent of a section and of a block in it.
    const COLUMNS: usize = 80 - 7 - 4;
    let lines = GRAMMAR.lines().chain(EXAMPLES.iter().flat_map(|(_, command)| command.lines()));
    let long: Vec<_> = lines.filter(|line| line.chars().count() > COLUMNS).collect();
    assert_eq!(long, [""; 0]);
}

#[test]
fn config_file_of_the_docs_is_one() {
    let page = fs::read_to_string(path("docs/providers.md")).unwrap();
    let file = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let config = ConfigFile::parse(file, "docs/providers.md").unwrap();
    assert_eq!((config.providers.len(), config.rewrite.len(), config.options.len()), (2, 1, 1));
}
