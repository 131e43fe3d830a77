//! What a whole reply is worth: the order of judgement of the contract (§5), and the answer on stdout.

use serde_json::Value;

use crate::failure::{Failure, Kind};
use crate::output::Output;
use crate::request::body_field::MAX_TOKENS;
use crate::request::{Dialect, Request};
use crate::response::{Finish, Response};
use crate::run::calls::CallGate;
use crate::run::live::{Live, Show};

/// Longest stretch of a model's words in a message, in characters.
pub(crate) const QUOTED: usize = 200;

/// Judges the reply in `live` in the order truncation, refusal, emptiness. Everything behind that has an answer.
///
/// # Errors
/// [`Kind::Incomplete`] or [`Kind::Refused`].
pub(crate) fn wholeness(response: &Response, has_text: bool) -> Result<(), Failure> {
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

/// Puts the tool calls of a whole reply on stdout, one line each, and says what text came beside them.
///
/// # Errors
/// [`Kind::Invalid`] for a call that does not pass the gate; of the output room.
pub(crate) fn calls(live: &mut Live<'_>, print: bool) -> Result<(), Failure> {
    live.response.number_calls();
    live.output.end_line()?;
    for call in live.response.calls.iter().skip(live.calls.len()) {
        let call = live.gate.check(call)?;
        if print {
            live.output.json(&call, false)?;
        }
        live.calls.push(call);
    }
    if !live.response.text.is_empty() && !matches!(live.show, Show::Text | Show::Events { .. }) {
        let text = quote(&live.response.text, QUOTED);
        live.output.notice(&format!("text beside the tool calls: {text}"));
    }
    Ok(())
}

/// Whether a reply without a call is what was asked for.
///
/// # Errors
/// [`Kind::Invalid`] where a call was required.
pub(crate) fn needs_no_call(gate: &CallGate, response: &Response) -> Result<(), Failure> {
    if gate.requires_call() && response.calls.is_empty() {
        return Err(Failure::new(Kind::Invalid, "no tool was called", "a call was required (--tool-choice)")
            .hint(format!("the model wrote: {}", quote(&response.text, QUOTED))));
    }
    Ok(())
}

/// Says what came beside the answer.
pub(crate) fn tell_rest(output: &mut Output, response: &Response) {
    match response.other_choices {
        0 => {}
        1 => output.notice("a further choice is left out"),
        many => output.notice(&format!("{many} further choices are left out")),
    }
    if response.restated {
        output.notice("the server restated its answer at the end in other words than it streamed");
    }
}

/// Says that a Responses reply has all the tokens it may have, though its server calls it complete: llama.cpp, also
/// behind LiteLLM, does not tell there that an answer was cut. It may as well have ended there by itself.
pub(crate) fn tell_spent_limit(request: &Request, dialect: Dialect, live: &mut Live<'_>) {
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

/// The beginning of a text on one line, at most so many characters.
pub(crate) fn quote(text: &str, most: usize) -> String {
    let text = text.trim();
    let mut short: String = text.chars().take(most).map(|c| if c == '\n' { ' ' } else { c }).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
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
