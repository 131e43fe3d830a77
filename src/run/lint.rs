//! `--lint-schema`: what strict mode rejects in a schema, and the schema that it accepts. Offline, without a key.

use serde::Serialize;
use serde_json::Value;

use crate::args::Format;
use crate::failure::{Failure, Kind};
use crate::input::stdin::Stdin;
use crate::output::Output;
use crate::run::gate;
use crate::settings::{Answer, Settings};

/// The finding, for `-O json`.
#[derive(Serialize)]
struct LintReport<'a> {
    /// Whether strict mode takes the schema as it is.
    strict: bool,
    /// Whether strict mode can express it at all.
    expressible: bool,
    /// What it rejects.
    problems: Vec<ProblemJson<'a>>,
    /// The rewritten schema.
    schema: &'a Value,
}

/// One problem, for `-O json`.
#[derive(Serialize)]
struct ProblemJson<'a> {
    /// JSON pointer to it in the schema.
    pointer: &'a str,
    /// What is rejected.
    what: &'a str,
    /// What the rewrite does about it.
    remedy: &'a str,
}

/// Prints the rewritten schema on stdout and each problem on stderr; with `-O json` all of it on stdout.
///
/// # Errors
/// [`Kind::Invalid`] where the schema is not strict as it is; [`Kind::Usage`] where it is none.
pub(crate) fn lint(settings: &Settings, stdin: &mut Stdin, output: &mut Output) -> Result<(), Failure> {
    let Answer::Schema(asked) = &settings.answer else {
        return Err(Failure::usage("--lint-schema", "there is no schema").hint("give one with --schema"));
    };
    if asked.source == "-" {
        stdin.claim("--schema");
    }
    let schema = gate::schema(asked, stdin, output)?;
    schema.check()?;
    let rewrite = schema.lint();
    let problems = &rewrite.problems;
    if settings.output.format == Format::Text {
        output.json(&rewrite.schema, true)?;
        output.flush()?;
        for problem in problems {
            output.say(&format!("#{}: {}: {}", problem.pointer, problem.what, problem.remedy));
        }
    } else {
        let report = LintReport {
            strict: problems.is_empty(),
            expressible: rewrite.expressible,
            problems: problems
                .iter()
                .map(|problem| ProblemJson { pointer: &problem.pointer, what: &problem.what, remedy: &problem.remedy })
                .collect(),
            schema: &rewrite.schema,
        };
        output.json(&report, true)?;
    }
    if problems.is_empty() {
        return Ok(());
    }
    let count = problems.len();
    let why = format!("strict mode rejects it in {count} {}", if count == 1 { "place" } else { "places" });
    let hint = if rewrite.expressible {
        "lmpipe sends the rewritten schema and maps the answer back"
    } else {
        "strict mode cannot express it: lmpipe sends it without strict"
    };
    Err(Failure::new(Kind::Invalid, gate::source(asked).origin(), why).hint(hint))
}
