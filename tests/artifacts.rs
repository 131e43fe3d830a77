//! Help, man page and completion scripts as people meet them: what the program prints is what is committed.
//! That the committed texts follow from the flags is tested where they are written, in `src/manual`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

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

#[test]
fn build_waits_for_no_file_that_is_not_there() {
    // Cargo builds everything anew, each time, while a file it is to watch is missing.
    let script = fs::read_to_string(path("src/build.rs")).expect("the build script is there");
    let watched: Vec<&str> =
        script.split("rerun-if-changed=").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(!watched.is_empty() && watched.iter().all(|file| path(file).is_file()), "{watched:?}");
}
