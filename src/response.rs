//! Vocabulary of what comes back: [`Piece`]s as the wire room reads them and the [`Response`] they add up to.
//!
//! The response is the only accumulator: whole replies and streams of every dialect end in the same value.

use std::borrow::Cow;

use crate::failure::{Failure, Kind};

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
    /// The sum of two usages (`--repair` asks more than once); a count that one side lacks is that of the other.
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
/// (docs/wire.md §0 rule 8).
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

/// One fact out of a reply, in the order in which the reply gives them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// A stretch of the answer.
    Text(Cow<'a, str>),
    /// The whole answer as the server states it at the end, where it differs from the stretches before.
    Restated(Cow<'a, str>),
    /// A stretch of reasoning, or commentary.
    Reasoning(Cow<'a, str>),
    /// A stretch of a refusal.
    Refusal(Cow<'a, str>),
    /// A stretch of a tool call.
    Call(Fragment<'a>),
    /// The call with this index, id or place is whole (sent where the dialect marks the end of a call).
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
    /// Whether nothing more of it can come.
    is_finished: bool,
}

impl ToolCall {
    /// True where the arguments are a whole JSON object or list; a scalar may still grow.
    fn is_complete(&self) -> bool {
        self.arguments.trim_end().ends_with(['}', ']'])
            && serde_json::from_str::<serde::de::IgnoredAny>(&self.arguments).is_ok()
    }
}

/// Everything in one reply.
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
    /// Why the model stopped, if the reply has a reason.
    pub(crate) finish: Option<Finish>,
    /// Tokens spent, if the reply counts them.
    pub(crate) usage: Option<Usage>,
    /// The model that served; empty if the reply does not name it.
    pub(crate) model: String,
    /// The id of the reply; empty if it has none.
    pub(crate) id: String,
    /// How many choices came beside the first.
    pub(crate) other_choices: u64,
    /// True when the server restated the answer in other words than it streamed.
    pub(crate) restated: bool,
    /// The call that the last fragment went to.
    pub(crate) last_call: Option<usize>,
    /// How many calls [`Response::take_finished_calls`] gave out.
    pub(crate) taken_calls: usize,
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
            Piece::CallDone => self.finish_last_call(),
            Piece::Finish(finish) => {
                self.finish = Some(finish.clone());
                self.finish_calls();
            }
            Piece::Usage(usage) => self.usage = Some(*usage),
            Piece::Model(model) if self.model.is_empty() => self.model.push_str(model),
            Piece::Id(id) if self.id.is_empty() => self.id.push_str(id),
            Piece::Model(_) | Piece::Id(_) => {}
            Piece::OtherChoice(index) => self.other_choices = self.other_choices.max(*index),
        }
    }

    /// Whether it stays within `limit_bytes`: a stream has no end of its own.
    ///
    /// # Errors
    /// `Server`.
    pub(crate) fn check_size(&self, limit_bytes: usize) -> Result<(), Failure> {
        let calls = self.calls.iter().map(|call| call.id.len() + call.name.len() + call.arguments.len());
        let bytes = self.text.len() + self.reasoning.len() + self.refusal.len() + calls.sum::<usize>();
        if bytes <= limit_bytes { Ok(()) } else { Err(too_long(limit_bytes)) }
    }

    /// The calls that became whole since the last time this was asked, in call order, ids given: what a stream can
    /// print at once. A call waits for those begun before it.
    pub(crate) fn take_finished_calls(&mut self) -> &[ToolCall] {
        let from = self.taken_calls;
        let finished = self.calls[from..].iter().take_while(|call| call.is_finished).count();
        self.taken_calls = from + finished;
        for place in from..self.taken_calls {
            self.number_call(place);
        }
        &self.calls[from..self.taken_calls]
    }

    /// Ends the calls where the reply ended without a reason: gives every call without an id one of its own,
    /// `call_0`, `call_1`, …, and gives calls that share an id different ones.
    pub(crate) fn number_calls(&mut self) {
        self.finish_calls();
        for place in 0..self.calls.len() {
            self.number_call(place);
        }
    }

    /// Merges one fragment into its call, or begins one. Source: docs/wire.md §0 rule 8, §3.4.
    fn add_fragment(&mut self, fragment: &Fragment<'_>) {
        let place = self.call_of(fragment).unwrap_or_else(|| {
            self.calls.push(ToolCall { index: fragment.index, ..ToolCall::default() });
            self.calls.len() - 1
        });
        if self.last_call.is_some_and(|last| last != place && self.calls[last].is_complete()) {
            self.finish_last_call();
        }
        self.last_call = Some(place);
        let call = &mut self.calls[place];
        if let Some(id) = fragment.id.as_deref().filter(|_| call.id.is_empty() || fragment.whole) {
            id.clone_into(&mut call.id);
        }
        let name = fragment.name.as_deref().filter(|name| !name.is_empty());
        if fragment.whole {
            name.unwrap_or(&call.name.clone()).clone_into(&mut call.name);
            fragment.arguments.as_ref().clone_into(&mut call.arguments);
            return;
        }
        if let Some(name) = name {
            if call.name == name && call.arguments == fragment.arguments && call.is_complete() {
                // The whole call again, as some servers send it with every delta.
                return;
            }
            if call.name != name {
                call.name.push_str(name);
            }
        }
        call.arguments.push_str(&fragment.arguments);
    }

    /// The call that a fragment belongs to: by id, else by index, else the last one. A name that cannot continue a
    /// call begins another, whatever the index: Gemini gives the same to all, Ollama gave none.
    fn call_of(&self, fragment: &Fragment<'_>) -> Option<usize> {
        let name = fragment.name.as_deref().filter(|name| !name.is_empty());
        let id = fragment.id.as_deref().filter(|id| !id.is_empty());
        let at_index = |call: &ToolCall| call.index == fragment.index;
        if let Some(id) = id {
            // Parallel calls with one id differ in their index.
            let same =
                |call: &ToolCall| call.id == id && (call.index.is_none() || fragment.index.is_none() || at_index(call));
            let unnamed = |call: &ToolCall| at_index(call) && (call.id.is_empty() || name.is_none());
            let by_index = || fragment.index.and_then(|_| self.calls.iter().rposition(unnamed));
            return self.calls.iter().rposition(same).or_else(by_index);
        }
        let place = match fragment.index {
            Some(_) => self.calls.iter().rposition(at_index)?,
            None => self.calls.len().checked_sub(1)?,
        };
        let call = &self.calls[place];
        let continues = |name: &str| {
            let repeats = call.name == name && call.arguments == fragment.arguments;
            let grows = !call.is_complete() && (call.name == name || fragment.index.is_some());
            repeats || grows || fragment.whole
        };
        name.is_none_or(continues).then_some(place)
    }

    /// Ends the call that the last fragment went to.
    fn finish_last_call(&mut self) {
        if let Some(last) = self.last_call {
            self.calls[last].is_finished = true;
        }
    }

    /// Ends every call, except one that the token limit or a filter cut.
    fn finish_calls(&mut self) {
        let may_be_cut = matches!(self.finish, Some(Finish::Length | Finish::Filter));
        for call in &mut self.calls {
            call.is_finished |= !may_be_cut || call.is_complete();
        }
    }

    /// Gives one call an id that no other has.
    fn number_call(&mut self, place: usize) {
        let id = &self.calls[place].id;
        if id.is_empty() || self.calls[..place].iter().any(|call| call.id == *id) {
            let free = (place..).map(|number| format!("call_{number}"));
            let mut free = free.filter(|id| self.calls.iter().all(|call| call.id != *id));
            self.calls[place].id = free.next().unwrap_or_default();
        }
    }
}

/// The failure of an answer of which more would have to be kept than is allowed.
pub(crate) fn too_long(limit_bytes: usize) -> Failure {
    Failure::new(Kind::Server, "the answer is too long", format!("more than {limit_bytes} bytes of it are to be kept"))
        .hint("raise the limit with --max-reply")
}

#[cfg(test)]
mod tests;
