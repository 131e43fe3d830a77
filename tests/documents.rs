//! What the documents show, run as it stands: the README's console against answers recorded from the server it was
//! written with, the man page's examples against a scripted one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::replies::chat;
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
        for file in ["letter.txt", "lines.txt", "CHANGELOG.md"] {
            fs::write(folder.join(file), "one line\n").expect("the folder is writable");
        }
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
