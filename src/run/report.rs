//! What is written beside the answer: the envelope, usage, `--meta`.

use crate::failure::Failure;
use crate::input::files::{self, Readers};
use crate::output::envelope::{Attempt, Envelope, RunFacts, milliseconds};
use crate::response::Usage;
use crate::run::ask::Attempts;
use crate::run::gate::Gate;
use crate::run::live::Live;
use crate::run::verdict::Outcome;
use crate::settings::Settings;

/// Writes what was asked for beside the answer. `attempts` is `None` for a saved reply, where nothing was tried.
///
/// # Errors
/// Of the output room.
pub(crate) fn report(
    settings: &Settings,
    gate: &Gate,
    attempts: Option<&Attempts>,
    live: &mut Live<'_>,
    outcome: &Outcome,
) -> Result<(), Failure> {
    live.timings.total_milliseconds = milliseconds(live.started.elapsed());
    let (tries, adapted): (&[Attempt], &[String]) = attempts.map_or((&[], &[]), |all| (&all.tries, &all.adapted));
    let facts = RunFacts {
        response: &live.response,
        text: gate.wanted(&live.response.text),
        json: outcome.document.as_deref(),
        calls: &live.calls,
        usage: outcome.usage,
        attempts: tries,
        adapted,
        timings: live.timings,
        violations: gate.schema().map(|_| outcome.violations.as_slice()),
    };
    if settings.output.usage {
        live.output.say(&usage_line(outcome.usage));
    }
    if attempts.is_none_or(Attempts::has_reply) {
        live.stdout.end(live.output, facts)?;
    }
    let Some(path) = &settings.output.meta else { return Ok(()) };
    let envelope = Envelope { facts, answer: false, event: None };
    // Servers repeat what they were sent, keys among it.
    let json = serde_json::to_string(&envelope).unwrap_or_default();
    let json = live.output.masker().mask(&json);
    files::write_whole(path, "--meta", Readers::AsBefore, |file| writeln!(file, "{json}"))
}

/// The line of `-u`.
fn usage_line(usage: Option<Usage>) -> String {
    let Some(usage) = usage else { return "usage: the server told none".into() };
    let counts = [
        ("input", usage.input),
        ("output", usage.output),
        ("total", usage.total),
        ("reasoning", usage.reasoning),
        ("cached", usage.cached),
    ];
    let counts: Vec<String> =
        counts.iter().filter_map(|(name, count)| count.map(|count| format!("{name} {count}"))).collect();
    format!("usage: {}", counts.join(", "))
}
