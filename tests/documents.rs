//! What the documents show, run as it stands: the README's console against answers recorded from the server it was
//! written with, the man page's examples against a scripted one, the other pages without any. No block escapes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::pipelines::SCRIPTS;
use crate::replies::{chat, models};
use crate::server::{Answer, Server};

/// The recorded answers to the commands of the README's console, in their order.
const RECORDED: [&str; 4] = ["colors", "tower", "review", "lisbon"];

/// What the examples of the man page are answered with, in their order; none for one that sends nothing.
const ANSWERS: [Option<&str>; 6] = [
    Some("- Faster."),
    Some("Because."),
    Some("No."),
    Some(r#"{"name":"Ada","age":36,"tags":[]}"#),
    None,
    Some("Bonjour"),
];

/// Blocks of commands that are no test: those that build lmpipe. `.ci/run` and CI's action run them.
const BUILDS: [&str; 2] = ["cargo install --path .\n", "sh examples/try.sh "];

/// A shell function in front of the commands of a page: it prints its request instead of sending it, unless it sends
/// none; another server than the scripted one is never asked.
const OFFLINE: &str = r#"
    lmpipe() {
        case " $* " in
        *' --list-models '* | *' --probe '* | *' --lint-schema '*) command lmpipe "$@" -b "$OPENAI_BASE_URL" --no-key ;;
        *' --completions '* | *' --man '*) command lmpipe "$@" ;;
        *) command lmpipe --print request "$@" ;;
        esac
    }"#;

/// A file of the repository.
fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The text of a file of the repository.
fn text(name: &str) -> String {
    fs::read_to_string(path(name)).expect("the document is there")
}

/// A fresh folder for commands, with the files the documents speak of; removed again.
struct Folder(PathBuf);

impl Folder {
    /// Makes the folder of the test `name`.
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("lmpipe-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("the folder for temporary files is writable");
        let tools = br#"[{"name": "weather", "parameters": {"type": "object"}}]"#;
        let history = br#"[{"role": "user", "content": "Hello"}]"#;
        let files: [(&str, &[u8]); 8] = [
            ("letter.txt", b"one line\n"),
            ("lines.txt", b"one line\n"),
            ("CHANGELOG.md", b"one line\n"),
            ("change.diff", b"one line\n"),
            ("review.txt", b"one line\n"),
            ("schema.json", b"{}"),
            ("tools.json", tools),
            ("history.json", history),
        ];
        for (name, bytes) in files {
            fs::write(folder.join(name), bytes).expect("the folder is writable");
        }
        fs::write(folder.join("receipt.jpg"), b"\xff\xd8\xff\xe0").expect("the folder is writable");
        Self(folder)
    }

    /// Runs a command of a shell against a server with these answers; gives its exit code, and what a terminal shows.
    #[cfg(unix)]
    fn run<A: Into<Answer>>(&self, command: &str, answers: impl IntoIterator<Item = A>) -> (Option<i32>, String) {
        let server = Server::new(answers);
        let program = Path::new(env!("CARGO_BIN_EXE_lmpipe")).parent().expect("a program is in a folder");
        let output = Command::new("/bin/sh")
            .args(["-c", &format!("exec 2>&1; git() {{ echo change; }}; {command}")])
            .current_dir(&self.0)
            .env_clear()
            .env("PATH", format!("{}:/usr/bin:/bin", program.display()))
            .env("HOME", &self.0)
            .env("OPENAI_BASE_URL", server.url())
            .env("OPENAI_API_KEY", "sk-local")
            .stdin(Stdio::null())
            .output()
            .expect("a shell is installed");
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A block of a page.
struct Block {
    /// What stands behind its fence; nothing for lines that are indented.
    kind: String,
    /// Its lines, without what makes them a block.
    text: String,
    /// Whether it is written by `LMPIPE_BLESS`.
    generated: bool,
}

/// Every block of a page, in their order.
fn blocks(page: &str) -> Vec<Block> {
    let page = text(page);
    let (mut blocks, mut generated, mut before) = (Vec::<Block>::new(), false, "");
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        generated = line.starts_with("<!-- generated") || generated && !line.starts_with("<!-- end");
        if let Some(kind) = line.strip_prefix("```") {
            let text = lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect();
            blocks.push(Block { kind: kind.to_owned(), text, generated });
        } else if let Some(line) = line.strip_prefix("    ") {
            if before.is_empty() {
                blocks.push(Block { kind: String::new(), text: String::new(), generated });
            }
            let block = blocks.last_mut().expect("an empty line begins a block");
            block.text += &format!("{line}\n");
        }
        before = line;
    }
    blocks
}

/// The pages beside the README: all of the folder.
fn pages() -> Vec<String> {
    let files =
        fs::read_dir(path("docs")).expect("the folder is there").map(|file| file.expect("readable").file_name());
    let names = files.map(|name| format!("docs/{}", name.to_string_lossy()));
    let mut pages: Vec<_> = names.filter(|name| name.ends_with(".md")).collect();
    pages.sort();
    pages
}

/// The commands of the console blocks of a page, each with what it shows.
fn consoles(page: &str) -> Vec<(String, String)> {
    let blocks = blocks(page).into_iter().filter(|block| block.kind == "console");
    let commands = blocks.flat_map(|block| {
        let rest = block.text.strip_prefix("$ ").expect("a console begins with a command").to_owned();
        rest.split("\n$ ").map(|command| command.trim_end_matches('\n').to_owned() + "\n").collect::<Vec<_>>()
    });
    commands.filter_map(|command| command.split_once('\n').map(|(a, b)| (a.to_owned(), b.to_owned()))).collect()
}

#[test]
#[cfg(unix)] // The commands are for sh.
fn console_of_the_readme_shows_what_happens() {
    let commands = consoles("README.md");
    assert_eq!(commands.len(), RECORDED.len());
    let folder = Folder::new("readme");
    for ((command, shown), answer) in commands.into_iter().zip(RECORDED) {
        let recorded = ["models", answer]
            .map(|name| fs::read(path(&format!("tests/documents/{name}.http"))).expect("the answer is recorded"));
        assert_eq!(folder.run(&command, recorded).1, shown, "{command}");
    }
}

#[test]
#[cfg(unix)] // The commands are for sh.
fn consoles_of_the_pages_show_what_happens() {
    let folder = Folder::new("consoles");
    let consoles: Vec<_> = pages().iter().flat_map(|page| consoles(page)).collect();
    assert!(!consoles.is_empty());
    for (command, shown) in consoles {
        let (code, printed) = folder.run(&format!("unset OPENAI_BASE_URL; {command}"), [""; 0].map(chat));
        // A terminal shows JSON indented, the pipe of this test does not.
        let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).map_err(|_| text.to_owned());
        assert_eq!((code, json(&printed)), (Some(0), json(&shown)), "{command}");
    }
}

#[test]
#[cfg(unix)] // The commands are for sh.
fn every_command_of_the_pages_makes_a_request() {
    let folder = Folder::new("pages");
    for page in ["README.md".to_owned()].iter().chain(&pages()) {
        let blocks = blocks(page).into_iter().filter(|block| block.kind.is_empty()).map(|block| block.text);
        for commands in blocks.filter(|block| !BUILDS.iter().any(|start| block.starts_with(start))) {
            let models = commands.contains("--list-models").then(|| models(&["m"]));
            // Schemas of the pages are not strict: that is an answer, not a mistake.
            let wanted = if commands.contains("--lint-schema") { 10 } else { 0 };
            let (code, shown) = folder.run(&format!("set -e; export LMPIPE_MODEL=m; {OFFLINE}\n{commands}"), models);
            assert_eq!(code, Some(wanted), "{page}: {commands}: {shown}");
        }
    }
    for (installed, committed) in [
        (".local/share/bash-completion/completions/lmpipe", "completions/lmpipe.bash"),
        (".zfunc/_lmpipe", "completions/_lmpipe"),
        (".config/fish/completions/lmpipe.fish", "completions/lmpipe.fish"),
        (".local/share/man/man1/lmpipe.1", "man/lmpipe.1"),
    ] {
        let installed = fs::read_to_string(folder.0.join(installed)).expect("the README installs it");
        assert!(installed == text(committed), "{committed}");
    }
}

#[test]
fn no_block_of_the_pages_escapes() {
    let mut scripts = 0;
    for page in ["README.md".to_owned()].iter().chain(&pages()) {
        for Block { kind, text, generated } in blocks(page) {
            match kind.as_str() {
                // Run above.
                "" | "console" => {}
                "sh" => {
                    let known = SCRIPTS.iter().filter(|words| text.contains(**words)).count();
                    assert_eq!(known, 1, "{page}: no test, or several, run:\n{text}");
                    scripts += 1;
                }
                "text" => assert!(generated, "{page}: {text}"),
                "json" => assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{page}: {text}"),
                // The config file, read by a test of the library.
                "toml" => assert_eq!(page, "docs/providers.md"),
                // Files of CI systems: the command that replays is the one whose script is run.
                "yaml" => assert!(text.contains("sh triage.sh --replay"), "{page}: {text}"),
                other => panic!("{page}: nothing tries blocks of {other}"),
            }
        }
    }
    assert_eq!(scripts, SCRIPTS.len());
}

/// What GitHub calls the place of a heading.
fn anchor(heading: &str) -> String {
    let letters = heading.trim_start_matches('#').trim().to_lowercase();
    letters.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c)).collect::<String>().replace(' ', "-")
}

#[test]
fn links_of_the_pages_lead_somewhere() {
    let others = [".github/CONTRIBUTING.md", ".github/SECURITY.md", "README.md", "CHANGELOG.md"];
    for page in others.map(str::to_owned).iter().chain(&pages()) {
        let folder = path(page).parent().expect("a page lies in a folder").to_owned();
        let all = text(page);
        let links = all.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link);
        for link in links.filter(|link| !link.contains("://")) {
            let (file, place) = link.split_once('#').unwrap_or((link, ""));
            let file = if file.is_empty() { path(page) } else { folder.join(file) };
            let there = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{page}: {link}: {error}"));
            let mut headings = there.lines().filter(|line| line.starts_with('#')).map(anchor);
            assert!(place.is_empty() || headings.any(|heading| heading == place), "{page}: {link}");
        }
    }
}

#[test]
#[cfg(unix)] // The commands are for sh.
fn examples_of_the_man_page_run() {
    let page = text("man/lmpipe.1");
    let examples = page.split(".SH EXAMPLES").nth(1).expect("the page has examples");
    let commands: Vec<_> = examples.split(".EX\n").skip(1).filter_map(|rest| rest.split("\n.EE").next()).collect();
    assert_eq!(commands.len(), ANSWERS.len());
    let folder = Folder::new("man");
    for (command, answer) in commands.into_iter().zip(ANSWERS) {
        let command = command.replace("\\-", "-").replace("\\(aq", "'").replace("-b http://localhost:8080/v1", "");
        let command = format!("export LMPIPE_MODEL=m; {command}");
        let (code, shown) = folder.run(&command, answer.map(chat));
        assert_eq!(code, Some(0), "{command}: {shown}");
        match answer {
            Some(answer) if !command.contains("> notes.md") => assert_eq!(shown, format!("{answer}\n"), "{command}"),
            Some(_) => assert_eq!(shown, "", "{command}"),
            None => assert!(shown.starts_with("curl "), "{command}: {shown}"),
        }
    }
}
