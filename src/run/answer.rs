//! One question and its answer: asked, judged, and with `--repair` asked again.

use crate::failure::{Failure, Kind};
use crate::input::history;
use crate::input::stdin::Stdin;
use crate::output::Output;
use crate::request::{Text, Turn};
use crate::run::ask::Asker;
use crate::run::question::Question;
use crate::run::report::report;
use crate::run::session::Session;
use crate::run::verdict::{Outcome, conclude};
use crate::schema;
use crate::settings::Answer;

/// Asks, shows the answer and judges it; with `--repair`, asks again with what was wrong.
///
/// # Errors
/// Whatever the answer is short of.
pub(crate) fn answer(session: Session<'_>, stdin: &mut Stdin, output: &mut Output) -> Result<(), Failure> {
    let settings = session.settings;
    let question = Question::build(settings, stdin, output)?;
    let mut request = question.request.clone();
    let mut live = question.start(settings, output, session.started);
    let mut asker = Asker::new(session, &question.fallback);
    let mut outcome = Outcome::default();
    let mut repairs = match &settings.answer {
        Answer::Schema(asked) if !asked.each => asked.repair,
        _ => 0,
    };
    let ended = loop {
        let asked = asker.ask(&request, stdin, &mut live);
        live.output.end_aside();
        outcome.usage = match (outcome.usage, live.response.usage) {
            (Some(all), Some(one)) => Some(all.plus(one)),
            (all, one) => one.or(all),
        };
        let ended = asked.and_then(|()| conclude(&question.gate, &mut live, &mut outcome));
        let Err(failure) = ended else { break Ok(()) };
        if let Some(attempt) = asker.attempts.tries.last_mut() {
            attempt.exit = failure.kind.exit();
        }
        if failure.kind != Kind::Invalid || repairs == 0 || !live.response.calls.is_empty() {
            outcome.violations.clone_from(&failure.violations);
            break Err(failure);
        }
        repairs -= 1;
        live.output.notice(&format!("{}: asking for a repair", failure.line()));
        request.turns.push(Turn {
            assistant: Text::from(live.response.text.as_str()),
            user: Text::from(schema::repair_text(&failure).as_str()),
        });
        live.restart();
    };
    // The answer is out before anything beside it can fail, or end the program.
    let shown = live.output.flush();
    let reported = report(settings, &question.gate, Some(&asker.attempts), &mut live, &outcome);
    if ended.is_ok()
        && shown.is_ok()
        && let Some(path) = &settings.input.save_messages
    {
        history::save(path, &question.request, &live.response)?;
    }
    ended.and(shown).and(reported)
}
