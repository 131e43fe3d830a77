//! Help, man page, completion scripts and tables: made from the flags, compared with the committed files, and printed
//! by the program as they are. With `LMPIPE_BLESS=1` in the environment the files are written instead of compared.

mod completions;
mod help;
mod man;
mod tables;
mod topics;

use std::env::var_os;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap_complete::Shell;
use lmpipe::sources::GRAMMAR;

use self::completions::{bash, by_clap, fish, zsh};
use self::help::help;
use self::man::man;
use self::tables::{environment_table, exit_table, provider_table};
use self::topics::EXAMPLES;
use crate::util::Run;

/// A file of the repository.
fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The text of a file of the repository.
fn committed(name: &str) -> String {
    fs::read_to_string(path(name)).expect("the file is committed")
}

/// The rows of the exit table in a text, as (code, meaning), where `row` takes a line apart.
fn exits<'a>(text: &'a str, row: impl Fn(&'a str) -> Option<(&'a str, &'a str)>) -> Vec<(u8, String)> {
    let rows = text.lines().filter_map(row);
    rows.filter_map(|(code, meaning)| Some((code.trim().parse().ok()?, meaning.trim().to_owned()))).collect()
}

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
    let mut text = fs::read_to_string(path(page)).expect("the page is there");
    for (name, block) in blocks {
        let (open, close) = (format!("<!-- generated: {name} -->\n"), format!("<!-- end of {name} -->\n"));
        let from = text.find(&open).unwrap_or_else(|| panic!("{page} lacks {open}")) + open.len();
        let to = text.find(&close).unwrap_or_else(|| panic!("{page} lacks {close}"));
        text.replace_range(from..to, &format!("\n{block}\n"));
    }
    text
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
        assert!(names.is_empty(), "stale: {names:?}; LMPIPE_BLESS=1 cargo test --test main artifacts rewrites them");
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
fn what_is_printed_is_what_is_committed() {
    for (words, file) in [
        (&["-h"][..], "man/help-short.txt"),
        (&["--help"], "man/help.txt"),
        (&["--man"], "man/lmpipe.1"),
        (&["--completions", "bash"], "completions/lmpipe.bash"),
        (&["--completions", "zsh"], "completions/_lmpipe"),
        (&["--completions", "fish"], "completions/lmpipe.fish"),
        (&["--completions", "powershell"], "completions/lmpipe.ps1"),
        (&["--completions", "elvish"], "completions/lmpipe.elv"),
    ] {
        Run::new(words).gives(&committed(file));
    }
}

#[test]
fn help_and_version_outrank_settings_that_are_wrong() {
    let broken = |words: &[&str]| Run::new(words).env("LMPIPE_CONFIG", "gone.toml").env("OPENAI_BASE_URL", "::");
    broken(&["-b", "not a url", "--help"]).gives(&committed("man/help.txt"));
    broken(&["--bogus", "--version"]).gives(&format!("lmpipe {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn help_man_page_and_readme_tell_the_same_exits() {
    let readme = exits(&committed("README.md"), |line| line.strip_prefix('|')?.strip_suffix('|')?.split_once('|'))
        .into_iter()
        .map(|(code, rest)| (code, rest.rsplit_once('|').expect("three columns").0.trim().to_owned()))
        .collect::<Vec<_>>();
    assert_eq!(readme.len(), 14, "{readme:?}");

    let unwrapped = committed("man/help.txt").replace("\n        ", " ");
    let help = exits(&unwrapped, |line| {
        let line = line.trim_start();
        line.split_once("* ").filter(|(code, _)| code.parse::<u8>().is_ok()).or_else(|| line.split_once(' '))
    });
    assert_eq!(help, readme);

    let page = committed("man/lmpipe.1");
    for (code, _) in readme {
        assert!(page.contains(&format!(".TP\n.B {code}\n")), "{code}");
    }
}

#[test]
fn man_page_is_clean() {
    let Ok(lint) = Command::new("mandoc").arg("-Tlint").arg(path("man/lmpipe.1")).output() else {
        return; // mandoc is not installed here; CI has it
    };
    assert_eq!(String::from_utf8_lossy(&lint.stdout), "");
}
