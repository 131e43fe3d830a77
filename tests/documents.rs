//! What the documents show, run as it stands: the README's console against answers recorded from the server it was
//! written with, the man page's examples against a scripted one, the other pages without any.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

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

/// The pages beside the README.
const PAGES: [&str; 5] = ["docs/ci.md", "docs/migrating.md", "docs/providers.md", "docs/schemas.md", "docs/tools.md"];

/// A shell function in front of a command of a page: it prints its request instead of sending it, unless it sends
/// none; another server than the scripted one is never asked.
const OFFLINE: &str = r#"
    lmpipe() {
        case " $* " in
        *' --list-models '* | *' --probe '* | *' --lint-schema '*) command lmpipe "$@" -b "$OPENAI_BASE_URL" --no-key ;;
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
    fn run<A: Into<Answer>>(&self, command: &str, answers: impl IntoIterator<Item = A>) -> (Option<i32>, String) {
        let server = Server::new(answers);
        let program = Path::new(env!("CARGO_BIN_EXE_lmpipe")).parent().expect("a program is in a folder");
        let output = Command::new("/bin/sh")
            .args(["-c", &format!("exec 2>&1; git() {{ echo change; }}; {command}")])
            .current_dir(&self.0)
            .env_clear()
            .env("PATH", format!("{}:/usr/bin:/bin", program.display()))
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

#[test]
fn console_of_the_readme_shows_what_happens() {
    let readme = text("README.md");
    let block = readme.split("```console\n").nth(1).and_then(|rest| rest.split("```").next());
    let commands: Vec<_> = block.expect("the README has a console block").split("$ ").skip(1).collect();
    assert_eq!(commands.len(), RECORDED.len());
    let folder = Folder::new("readme");
    for (command, answer) in commands.into_iter().zip(RECORDED) {
        let (command, shown) = command.split_once('\n').expect("a command ends its line");
        let recorded = ["models", answer]
            .map(|name| fs::read(path(&format!("tests/documents/{name}.http"))).expect("the answer is recorded"));
        assert_eq!(folder.run(command, recorded).1, shown, "{command}");
    }
}

/// The console blocks of a page: each command with what it shows.
fn consoles(page: &str) -> Vec<(String, String)> {
    let page = text(page);
    let blocks = page.split("```console\n$ ").skip(1).filter_map(|rest| rest.split("```").next());
    let commands = blocks.flat_map(|block| block.split("\n$ "));
    commands.filter_map(|command| command.split_once('\n')).map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
}

#[test]
fn consoles_of_the_pages_show_what_happens() {
    let folder = Folder::new("consoles");
    let consoles: Vec<_> = PAGES.iter().flat_map(|page| consoles(page)).collect();
    assert!(!consoles.is_empty());
    for (command, shown) in consoles {
        let (code, printed) = folder.run(&format!("unset OPENAI_BASE_URL; {command}"), [""; 0].map(chat));
        // A terminal shows JSON indented, the pipe of this test does not.
        let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).map_err(|_| text.to_owned());
        assert_eq!((code, json(&printed)), (Some(0), json(&shown)), "{command}");
    }
}

#[test]
fn every_command_of_the_pages_makes_a_request() {
    let folder = Folder::new("pages");
    let mut tried = 0;
    for page in ["README.md"].iter().chain(&PAGES) {
        let page = text(page);
        let commands = page.lines().filter_map(|line| line.strip_prefix("    "));
        let commands = commands.filter(|line| ["lmpipe ", "git "].iter().any(|start| line.starts_with(start)));
        for command in commands.filter(|line| !line.contains("--completions") && !line.contains("--man >")) {
            let models = command.contains("--list-models").then(|| models(&["m"]));
            // Schemas of the pages are not strict: that is an answer, not a mistake.
            let wanted = if command.contains("--lint-schema") { 10 } else { 0 };
            let (code, shown) = folder.run(&format!("export LMPIPE_MODEL=m; {OFFLINE}\n{command}"), models);
            assert_eq!(code, Some(wanted), "{command}: {shown}");
            tried += 1;
        }
    }
    assert!(tried > 10, "{tried}");
}

#[test]
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
