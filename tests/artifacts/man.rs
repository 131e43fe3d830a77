//! Writes the man page, in the man(7) macros.

use clap::Arg;
use lmpipe::sources::{GRAMMAR, exits};

use super::help::{explanation, flags, long, paragraphs, value, wrapped};
use super::topics::{DATE, ENVIRONMENT, EXAMPLES, FILES, PROMISES, SENTENCE, SHORT_FORM, STDIN};

/// The man page.
pub fn man() -> String {
    let version = env!("CARGO_PKG_VERSION");
    let mut page = Page(format!(".TH LMPIPE 1 {DATE} \"lmpipe {version}\" \"User Commands\"\n"));
    page.section("NAME");
    page.text(&format!("lmpipe - {}", SENTENCE.to_lowercase().replace("openai", "OpenAI").replace("json", "JSON")));
    page.section("SYNOPSIS");
    page.0 += ".B lmpipe\n.RI [ OPTIONS ]\n.RI [ PROMPT ]...\n";
    page.section("DESCRIPTION");
    page.paragraphs(&[STDIN, PROMISES].concat());
    page.section("OPTIONS");
    page.text(
        "Every flag takes its value as --flag VALUE or --flag=VALUE. Of a flag given twice the last one counts, \
               where it is not repeatable.",
    );
    for group in flags().chunk_by(|one, next| one.get_help_heading() == next.get_help_heading()) {
        page.0 += &format!(".SS {}\n", group[0].get_help_heading().unwrap_or_default());
        group.iter().for_each(|flag| page.flag(flag));
    }
    page.section("SHORT SCHEMA FORM");
    page.paragraphs(SHORT_FORM);
    page.literal(GRAMMAR);
    page.section("EXIT STATUS");
    let passing: Vec<_> = exits().iter().filter(|exit| exit.retryable).map(|exit| exit.code.to_string()).collect();
    page.text(&format!("After {} the same command may succeed later.", passing.join(", ")));
    exits().iter().for_each(|exit| page.item(&exit.code.to_string(), exit.meaning));
    page.section("ENVIRONMENT");
    page.text("A flag beats a variable. An empty variable counts as unset.");
    ENVIRONMENT.iter().for_each(|(name, meaning)| page.item(name, meaning));
    page.section("FILES");
    FILES.iter().for_each(|(name, meaning)| page.item(name, meaning));
    page.section("EXAMPLES");
    for (place, (purpose, command)) in EXAMPLES.iter().enumerate() {
        page.0 += if place == 0 { "" } else { ".PP\n" };
        page.text(purpose);
        page.literal(command);
    }
    page.0
}

/// A page on its way.
struct Page(String);

impl Page {
    /// Opens a section.
    fn section(&mut self, title: &str) {
        self.0 += &format!(".SH {title}\n");
    }

    /// Adds a text; what stands between backticks is bold.
    fn text(&mut self, text: &str) {
        let mut marked = String::new();
        for (place, part) in text.split('`').enumerate() {
            marked += &if place % 2 == 1 { format!("\\fB{}\\fR", escaped(part)) } else { escaped(part) };
        }
        self.0 += &wrapped(&marked, 0);
    }

    /// Adds paragraphs at the beginning of a section.
    fn paragraphs(&mut self, paragraphs: &[&str]) {
        for (place, paragraph) in paragraphs.iter().enumerate() {
            self.0 += if place == 0 { "" } else { ".PP\n" };
            self.text(paragraph);
        }
    }

    /// Adds lines that stay as they are.
    fn literal(&mut self, text: &str) {
        let lines: String = text.lines().map(|line| escaped(line) + "\n").collect();
        self.0 += &format!(".PP\n.RS 4\n.EX\n{lines}.EE\n.RE\n");
    }

    /// Adds a name and what it means.
    fn item(&mut self, name: &str, meaning: &str) {
        self.0 += &format!(".TP\n.B {}\n", escaped(name));
        self.text(meaning);
    }

    /// Adds a flag.
    fn flag(&mut self, flag: &Arg) {
        let letter = flag.get_short().map_or(String::new(), |letter| format!("\\fB\\-{letter}\\fR, "));
        let value = value(flag).map_or(String::new(), |value| format!(" \\fI{}\\fR", escaped(value)));
        self.0 += &format!(".TP\n{letter}\\fB\\-\\-{}\\fR{value}\n", escaped(long(flag)));
        self.text(&explanation(flag));
        for paragraph in paragraphs(flag).iter().skip(1) {
            self.0 += ".IP\n";
            self.text(paragraph);
        }
    }
}

/// The text with everything that roff would take for its own written so that it prints as it is.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '\\' => out += "\\e",
            '-' => out += "\\-",
            '\'' => out += "\\(aq",
            '`' => out += "\\(ga",
            '^' => out += "\\(ha",
            '~' => out += "\\(ti",
            '.' if out.is_empty() => out += "\\&.",
            other => out.push(other),
        }
    }
    out
}
