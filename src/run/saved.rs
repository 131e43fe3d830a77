//! `--response`: a saved reply in place of one from a server. It is read and judged like an answer from the network;
//! nothing is sent, and no key, model or server is looked for.

use std::io::Read;
use std::time::{Instant, SystemTime};

use crate::failure::Failure;
use crate::input::gather;
use crate::input::stdin::Stdin;
use crate::output::Output;
use crate::request::Dialect;
use crate::response::Headers;
use crate::run::live::Live;
use crate::run::question::Question;
use crate::run::reading::read_pieces;
use crate::run::report::report;
use crate::run::verdict::{Outcome, conclude};
use crate::settings::Settings;
use crate::wire::batch::{self, SavedReply};
use crate::wire::reader::ReplyReader;
use crate::wire::{detect, refusal};

/// The flag that names the file.
const FLAG: &str = "--response";

/// Shows the saved reply in the file at `path` (`-` is stdin) as the answer it is, and judges it.
///
/// # Errors
/// [`crate::failure::Kind::Usage`] for a file that cannot be read and a batch result that is not there; whatever the
/// answer is short of.
pub(crate) fn judge(
    settings: &Settings,
    path: &str,
    stdin: &mut Stdin,
    output: &mut Output,
    started: Instant,
) -> Result<(), Failure> {
    let question = Question::for_saved_reply(settings, stdin, output)?;
    let file = gather::bytes(FLAG, path, stdin, output)?;
    let name = if path == "-" { "stdin".to_owned() } else { format!("'{path}'") };
    let reply = match batch::pick(&file, &name, settings.batch_id.as_deref())? {
        Some(result) => result,
        None => SavedReply { status: None, request_id: None, body: file },
    };
    let mut live = question.start(settings, output, started);
    live.expect(question.gate.expected_form(&settings.answer)?);
    let read = read(&reply, &format!("the server behind {name}"), settings, &mut live);
    live.output.end_aside();
    let mut outcome = Outcome { usage: live.response.usage, ..Outcome::default() };
    let ended = read.and_then(|()| conclude(&question.gate, &mut live, &mut outcome));
    if let Err(failure) = &ended {
        outcome.violations.clone_from(&failure.violations);
    }
    let reported = report(settings, &question.gate, None, &mut live, &outcome);
    ended.and(reported)
}

/// Feeds a reply to `live`, as `exchange` does with one from the network.
fn read(reply: &SavedReply, place: &str, settings: &Settings, live: &mut Live<'_>) -> Result<(), Failure> {
    let id = reply.request_id.iter().map(|id| ("x-request-id".to_owned(), id.clone()));
    let headers = Headers(id.collect());
    let now = SystemTime::now();
    if let Some(status) = reply.status
        && !(200..300).contains(&status)
    {
        return Err(refusal::refusal(place, status, &headers, &reply.body, now));
    }
    let dialect = detect::dialect_of(&reply.body).unwrap_or_else(|| default_dialect(settings));
    let reader = ReplyReader::new(dialect, place, settings.network.limits.reply_bytes);
    let mut rest = reply.body.as_slice();
    let read = read_pieces(|buffer| Ok(rest.read(buffer).unwrap_or_default()), reader, live);
    read.map_err(|mut failure| {
        refusal::advise(&mut failure, &headers, now);
        failure
    })
}

/// The API of a reply in which nothing shows it: the one that would have been asked.
fn default_dialect(settings: &Settings) -> Dialect {
    settings.routes.first().map_or(Dialect::default(), |route| route.dialect.value)
}
