//! `--response`: a saved reply in place of one from a server. Everything behind its bytes is what an answer from the
//! network goes through; nothing is sent, and no key, model or server is looked for.

use std::io::Read;
use std::time::{Instant, SystemTime};

use crate::failure::Failure;
use crate::input::gather;
use crate::input::stdin::Stdin;
use crate::output::Output;
use crate::request::Dialect;
use crate::response::Headers;
use crate::run::answer::{Ending, Question, Way, conclude, report};
use crate::run::exchange::read_pieces;
use crate::run::live::Live;
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
    let question = Question::suppose(settings, stdin, output)?;
    let file = gather::bytes(FLAG, path, stdin, output)?;
    let name = if path == "-" { "stdin".to_owned() } else { format!("'{path}'") };
    let reply = match batch::pick(&file, &name, settings.batch_id.as_deref())? {
        Some(result) => result,
        None => SavedReply { status: None, request_id: None, body: file },
    };
    let mut live = question.listen(settings, output, started);
    live.expect(question.gate.expected_form(&settings.answer)?);
    let told = tell(&reply, &format!("the server behind {name}"), settings, &mut live);
    live.output.end_aside();
    let mut ending = Ending { usage: live.response.usage, ..Ending::default() };
    let ended = told.and_then(|()| conclude(settings, &question.gate, &mut live, &mut ending));
    if let Err(failure) = &ended {
        ending.violations.clone_from(&failure.violations);
    }
    let way = Way { has_reply: true, attempts: &[], adapted: &[] };
    let reported = report(settings, &question.gate, &way, &mut live, &ending);
    ended.and(reported)
}

/// Feeds a reply to `live`, as `exchange` does with one from the network.
fn tell(reply: &SavedReply, place: &str, settings: &Settings, live: &mut Live<'_>) -> Result<(), Failure> {
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

/// The API of a reply that does not tell: what would have been spoken.
fn default_dialect(settings: &Settings) -> Dialect {
    settings.routes.first().map_or(Dialect::default(), |route| route.dialect.value)
}
