//! The verdict on a whole reply.

use serde_json::Value;
use serde_json::value::RawValue;

use crate::failure::{Failure, Kind, QUOTED, Violation, quote};
use crate::output::Output;
use crate::request::body_field::MAX_TOKENS;
use crate::request::{Dialect, Request};
use crate::response::{Finish, Response, Usage};
use crate::run::calls::CallGate;
use crate::run::gate::{self, Gate, ItemGate};
use crate::run::live::Live;

/// How a run ended, beside its failure.
#[derive(Default)]
pub(crate) struct Outcome {
    /// The document that passed the gate.
    pub(crate) document: Option<Box<RawValue>>,
    /// What broke the schema.
    pub(crate) violations: Vec<Violation>,
    /// Tokens of all answers.
    pub(crate) usage: Option<Usage>,
}

/// Judges a whole reply in the order truncation, refusal, emptiness, calls, JSON, schema (docs/contract.md §5), and
/// prints what was not printed when it arrived.
///
/// # Errors
/// Whatever the reply is short of.
pub(crate) fn conclude(gate: &Gate, live: &mut Live<'_>, outcome: &mut Outcome) -> Result<(), Failure> {
    notice_rest(live.output, &live.response);
    let whole = wholeness(&live.response, live.has_text);
    if whole.is_ok() {
        if !live.response.calls.is_empty() {
            return calls(live);
        }
        needs_no_call(live.gate, &live.response)?;
    }
    match gate {
        Gate::Text | Gate::Block => {
            live.stdout.whole_text(live.output, gate.wanted(&live.response.text), live.has_text)?;
            whole
        }
        Gate::Items(_) => whole.and_then(|()| live.items.as_ref().map_or(Ok(()), ItemGate::finish)),
        Gate::Json | Gate::Document(_) => {
            whole?;
            let Some(judged) = gate.judge(&live.response.text, live.form)? else { return Ok(()) };
            if let Some(notice) = judged.found.notice() {
                live.output.notice(notice);
            }
            live.stdout.document(live.output, &judged.document)?;
            outcome.document = live.stdout.reports_document().then(|| gate::raw(&judged.document)).transpose()?;
            Ok(())
        }
    }
}

/// Judges the reply in `live` in the order truncation, refusal, emptiness. Everything behind that has an answer.
///
/// # Errors
/// [`Kind::Incomplete`] or [`Kind::Refused`].
fn wholeness(response: &Response, has_text: bool) -> Result<(), Failure> {
    let incomplete = |why: &str| Failure::new(Kind::Incomplete, "the answer is incomplete", why);
    match &response.finish {
        Some(Finish::Length) => {
            return Err(incomplete("it was cut by the token limit").hint("raise --max-tokens or the model's limit"));
        }
        Some(Finish::Filter) => return Err(incomplete("it was cut by a content filter")),
        _ => {}
    }
    if !response.refusal.is_empty() {
        return Err(Failure::new(Kind::Refused, "the model refused", response.refusal.trim()));
    }
    if !has_text && response.calls.is_empty() {
        let finish = response.finish.as_ref().map_or("none told", Finish::name);
        let reasoning = if response.reasoning.is_empty() { "" } else { ", all of it reasoning" };
        return Err(incomplete(&format!("it is empty{reasoning} (finish reason: {finish})")));
    }
    Ok(())
}

/// Prints the tool calls of a whole reply, one line each, and notices the text beside them.
///
/// # Errors
/// [`Kind::Invalid`] for a call that does not pass the gate; of the output room.
fn calls(live: &mut Live<'_>) -> Result<(), Failure> {
    live.response.number_calls();
    live.output.end_line()?;
    for call in live.response.calls.iter().skip(live.calls.len()) {
        let call = live.gate.check(call)?;
        live.stdout.call(live.output, &call)?;
        live.calls.push(call);
    }
    if !live.response.text.is_empty() && !live.stdout.holds_text_beside_calls() {
        let text = quote(&live.response.text, QUOTED);
        live.output.notice(&format!("text beside the tool calls: {text}"));
    }
    Ok(())
}

/// Whether a reply without a call is what was asked for.
///
/// # Errors
/// [`Kind::Invalid`] where a call was required.
fn needs_no_call(gate: &CallGate, response: &Response) -> Result<(), Failure> {
    if gate.requires_call() && response.calls.is_empty() {
        return Err(Failure::new(Kind::Invalid, "no tool was called", "a call was required (--tool-choice)")
            .hint(format!("the model wrote: {}", quote(&response.text, QUOTED))));
    }
    Ok(())
}

/// Notices what came beside the answer.
fn notice_rest(output: &mut Output, response: &Response) {
    match response.other_choices {
        0 => {}
        1 => output.notice("a further choice is left out"),
        many => output.notice(&format!("{many} further choices are left out")),
    }
    if response.restated {
        output.notice("the server restated its answer at the end in other words than it streamed");
    }
}

/// Notices a Responses reply that has all the tokens it may have, though its server calls it complete: llama.cpp, also
/// behind LiteLLM, does not report there that an answer was cut. It may as well have ended there by itself.
pub(crate) fn notice_spent_limit(request: &Request, dialect: Dialect, live: &mut Live<'_>) {
    let limit = request.sampling.get(&MAX_TOKENS).and_then(Value::as_u64);
    let spent = live.response.usage.and_then(|usage| usage.output);
    if !dialect.spec().reports_cut
        && live.response.finish == Some(Finish::Stop)
        && let (Some(limit), Some(spent)) = (limit, spent)
        && spent >= limit
    {
        live.output.notice(&format!(
            "the answer may be cut: it has the {limit} tokens it may have, and the server calls it complete"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_truncation_refusal_emptiness() {
        let cut = Response { finish: Some(Finish::Length), refusal: "no".into(), ..Response::default() };
        assert_eq!(wholeness(&cut, false).unwrap_err().kind, Kind::Incomplete);
        let refused = Response { refusal: "no".into(), ..Response::default() };
        assert_eq!(wholeness(&refused, true).unwrap_err().kind, Kind::Refused);
        assert_eq!(wholeness(&Response::default(), false).unwrap_err().kind, Kind::Incomplete);
        assert!(wholeness(&Response::default(), true).is_ok());
    }
}
