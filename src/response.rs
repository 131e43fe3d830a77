//! Vocabulary of what comes back: [`Piece`]s as the wire room reads them and the [`Response`] they add up to.
//!
//! The response is the only accumulator: whole replies and streams of every dialect end in the same value.

use std::borrow::Cow;

/// Headers of a reply, in the order they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Headers(pub(crate) Vec<(String, String)>);

impl Headers {
    /// The first value of a header, its name compared without case.
    pub(crate) fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// Why the model stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Finish {
    /// It was done, or met a stop sequence.
    Stop,
    /// The token limit.
    Length,
    /// A content filter.
    Filter,
    /// It calls tools.
    Tools,
    /// A reason we do not know, passed on in the server's words.
    Other(String),
}

impl Finish {
    /// The chat API's word for the reason.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Stop => "stop",
            Self::Length => "length",
            Self::Filter => "content_filter",
            Self::Tools => "tool_calls",
            Self::Other(word) => word,
        }
    }
}

/// Tokens spent, under one set of names for every API; `None` where the server did not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    /// Tokens of the input.
    pub(crate) input: Option<u64>,
    /// Tokens of the output, reasoning included.
    pub(crate) output: Option<u64>,
    /// Both.
    pub(crate) total: Option<u64>,
    /// Tokens spent on reasoning.
    pub(crate) reasoning: Option<u64>,
    /// Input tokens that came from the server's cache.
    pub(crate) cached: Option<u64>,
}

impl Usage {
    /// The sum of two usages (`--repair` asks more than once); unknown members count only where one side knows.
    pub(crate) fn plus(self, other: Self) -> Self {
        let sum = |a: Option<u64>, b: Option<u64>| match (a, b) {
            (None, None) => None,
            (a, b) => Some(a.unwrap_or(0).saturating_add(b.unwrap_or(0))),
        };
        Self {
            input: sum(self.input, other.input),
            output: sum(self.output, other.output),
            total: sum(self.total, other.total),
            reasoning: sum(self.reasoning, other.reasoning),
            cached: sum(self.cached, other.cached),
        }
    }
}

/// A stretch of one tool call. Fragments of one call are merged by non-empty id, else index, else "the last one"
/// (wire §0 rule 8).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fragment<'a> {
    /// The index the server gave, if any; never used to allocate.
    pub(crate) index: Option<u64>,
    /// The call's id; on Responses the `call_id`.
    pub(crate) id: Option<Cow<'a, str>>,
    /// The tool's name, or a further stretch of it.
    pub(crate) name: Option<Cow<'a, str>>,
    /// A stretch of the arguments, JSON text.
    pub(crate) arguments: Cow<'a, str>,
    /// True when name and arguments are whole and replace what came before.
    pub(crate) whole: bool,
}

/// One fact out of a reply, in the order told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// A stretch of the answer.
    Text(Cow<'a, str>),
    /// The whole answer as the server states it at the end, where it differs from the stretches told before.
    Restated(Cow<'a, str>),
    /// A stretch of reasoning, or commentary.
    Reasoning(Cow<'a, str>),
    /// A stretch of a refusal.
    Refusal(Cow<'a, str>),
    /// A stretch of a tool call.
    Call(Fragment<'a>),
    /// The call with this index, id or place is whole (sent where the dialect says so).
    CallDone,
    /// Why the model stopped.
    Finish(Finish),
    /// Tokens spent; a later one replaces an earlier one.
    Usage(Usage),
    /// The model that served.
    Model(Cow<'a, str>),
    /// The id of the reply.
    Id(Cow<'a, str>),
    /// The reply has a choice with this index (above 0) beside the first.
    OtherChoice(u64),
}

/// One tool call as it came: arguments are still the server's text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ToolCall {
    /// The server's id, or `call_N` where it gave none (see [`Response::calls`]).
    pub(crate) id: String,
    /// The tool's name.
    pub(crate) name: String,
    /// The arguments, JSON text.
    pub(crate) arguments: String,
    /// The index its fragments carried.
    index: Option<u64>,
}

/// Everything one reply said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Response {
    /// The answer.
    pub(crate) text: String,
    /// Reasoning and commentary.
    pub(crate) reasoning: String,
    /// The refusal; empty when there is none.
    pub(crate) refusal: String,
    /// Tool calls in the order they began.
    pub(crate) calls: Vec<ToolCall>,
    /// Why the model stopped, if it said.
    pub(crate) finish: Option<Finish>,
    /// Tokens spent, if told.
    pub(crate) usage: Option<Usage>,
    /// The model that served; empty if not told.
    pub(crate) model: String,
    /// The id of the reply; empty if not told.
    pub(crate) id: String,
    /// How many choices came beside the first.
    pub(crate) other_choices: u64,
    /// True when the server restated the answer in other words than it streamed.
    pub(crate) restated: bool,
}

impl Response {
    /// Takes one piece in.
    pub(crate) fn add(&mut self, piece: &Piece<'_>) {
        match piece {
            Piece::Text(text) => self.text.push_str(text),
            Piece::Restated(text) => {
                self.text.clear();
                self.text.push_str(text);
                self.restated = true;
            }
            Piece::Reasoning(text) => self.reasoning.push_str(text),
            Piece::Refusal(text) => self.refusal.push_str(text),
            Piece::Call(fragment) => self.add_fragment(fragment),
            Piece::CallDone => {}
            Piece::Finish(finish) => self.finish = Some(finish.clone()),
            Piece::Usage(usage) => self.usage = Some(*usage),
            Piece::Model(model) if self.model.is_empty() => self.model.push_str(model),
            Piece::Id(id) if self.id.is_empty() => self.id.push_str(id),
            Piece::Model(_) | Piece::Id(_) => {}
            Piece::OtherChoice(index) => self.other_choices = self.other_choices.max(*index),
        }
    }

    /// Merges one fragment by id, else index, else into the last call; a fragment that fits none begins a call.
    /// Source: wire §0 rule 8, §3.4.
    fn add_fragment(&mut self, fragment: &Fragment<'_>) {
        let id = fragment.id.as_deref().filter(|id| !id.is_empty());
        let named = fragment.name.as_deref().is_some_and(|name| !name.is_empty());
        let known = match (id, fragment.index) {
            (Some(id), _) if self.calls.iter().any(|call| call.id == id) => {
                self.calls.iter().position(|call| call.id == id)
            }
            // A new id opens a new call, unless its index names a call that has no id yet.
            (Some(_), Some(index)) => {
                self.calls.iter().position(|call| call.index == Some(index) && call.id.is_empty())
            }
            (Some(_), None) => None,
            (None, Some(index)) => self.calls.iter().rposition(|call| call.index == Some(index)),
            // Neither id nor index: a name begins a call, bare arguments continue the last one.
            (None, None) if named => None,
            (None, None) => self.calls.len().checked_sub(1),
        };
        let place = known.unwrap_or_else(|| {
            self.calls.push(ToolCall { index: fragment.index, ..ToolCall::default() });
            self.calls.len() - 1
        });
        let call = &mut self.calls[place];
        if let Some(id) = id {
            id.clone_into(&mut call.id);
        }
        if fragment.whole {
            if let Some(name) = fragment.name.as_deref().filter(|name| !name.is_empty()) {
                name.clone_into(&mut call.name);
            }
            fragment.arguments.as_ref().clone_into(&mut call.arguments);
            return;
        }
        if let Some(name) = &fragment.name {
            // Some servers repeat the whole name in every fragment.
            if call.name != name.as_ref() {
                call.name.push_str(name);
            }
        }
        call.arguments.push_str(&fragment.arguments);
    }

    /// The calls that became whole since the last time this was asked, in call order, ids given: what a stream can
    /// print at once. A call waits for those begun before it.
    pub(crate) fn take_finished_calls(&mut self) -> &[ToolCall] {
        &[]
    }

    /// Gives every call without an id one of our own, `call_0`, `call_1`, …, and tells calls with one id apart.
    pub(crate) fn number_calls(&mut self) {
        for place in 0..self.calls.len() {
            if self.calls[place].id.is_empty() {
                self.calls[place].id = format!("call_{place}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fragment<'a>(index: Option<u64>, id: &'a str, name: &'a str, arguments: &'a str) -> Piece<'a> {
        Piece::Call(Fragment {
            index,
            id: (!id.is_empty()).then_some(id.into()),
            name: (!name.is_empty()).then_some(name.into()),
            arguments: arguments.into(),
            whole: false,
        })
    }

    fn fold(pieces: &[Piece<'_>]) -> Vec<(String, String, String)> {
        let mut response = Response::default();
        for piece in pieces {
            response.add(piece);
        }
        response.number_calls();
        response.calls.into_iter().map(|call| (call.id, call.name, call.arguments)).collect()
    }

    fn call(id: &str, name: &str, arguments: &str) -> (String, String, String) {
        (id.into(), name.into(), arguments.into())
    }

    #[test]
    fn fragments_merge_by_index() {
        let pieces = [
            fragment(Some(0), "a", "f", ""),
            fragment(Some(1), "b", "g", ""),
            fragment(Some(0), "", "", "{\"x\""),
            fragment(Some(1), "", "", "{}"),
            fragment(Some(0), "", "", ":1}"),
        ];
        assert_eq!(fold(&pieces), [call("a", "f", "{\"x\":1}"), call("b", "g", "{}")]);
    }

    #[test]
    fn fragments_without_index_go_to_the_last_call() {
        let pieces = [fragment(None, "", "f", "{"), fragment(None, "", "", "}"), fragment(None, "", "g", "{}")];
        assert_eq!(fold(&pieces), [call("call_0", "f", "{}"), call("call_1", "g", "{}")]);
    }

    #[test]
    fn huge_index_allocates_one_call() {
        assert_eq!(fold(&[fragment(Some(u64::MAX), "a", "f", "{}")]), [call("a", "f", "{}")]);
    }
}
