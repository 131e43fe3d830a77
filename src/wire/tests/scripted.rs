//! Reads replies for the tests of this room, in any split, and finds the recorded ones.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::failure::Failure;
use crate::request::Dialect;
use crate::response::{Piece, Response};
use crate::wire::decoder::Progress;
use crate::wire::reader::ReplyReader;

/// The server's name in every scripted reply.
pub(crate) const PLACE: &str = "http://h/v1";

/// The result of reading a reply.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The pieces added up.
    pub(crate) response: Response,
    /// The pieces in their order.
    pub(crate) pieces: Vec<Piece<'static>>,
    /// The failure it ended in.
    pub(crate) failure: Option<Failure>,
    /// Whether the reader was done before the body ended.
    pub(crate) is_done: bool,
}

/// What must be equal in two readings of one reply.
pub(crate) type OutcomeFacts = (Vec<Piece<'static>>, Vec<(String, String, String)>, Option<(u8, String)>);

impl Outcome {
    /// What must not depend on the split.
    pub(crate) fn facts(&self) -> OutcomeFacts {
        let calls = self.response.calls.iter();
        let calls = calls.map(|call| (call.id.clone(), call.name.clone(), call.arguments.clone())).collect();
        (self.pieces.clone(), calls, self.failure.as_ref().map(|failure| (failure.kind.exit(), failure.line())))
    }

    /// The members of the response that both APIs have.
    pub(crate) fn told(&self) -> Value {
        let response = &self.response;
        let call = |call: &crate::response::ToolCall| serde_json::json!({"id": call.id, "name": call.name, "arguments": call.arguments});
        serde_json::json!({
            "text": response.text,
            "reasoning": response.reasoning,
            "refusal": response.refusal,
            "calls": response.calls.iter().map(call).collect::<Vec<_>>(),
            "finish": response.finish.as_ref().map(|finish| finish.name()),
            "usage": response.usage.map(|usage| {
                [usage.input, usage.output, usage.total, usage.reasoning, usage.cached]
            }),
            "model": response.model,
            "id": response.id,
        })
    }
}

/// Reads a body in the given pieces.
pub(crate) fn read_pieces<'b>(dialect: Dialect, body: impl IntoIterator<Item = &'b [u8]>) -> Outcome {
    let mut reader = ReplyReader::new(dialect, PLACE, 1 << 20);
    let mut outcome = Outcome { response: Response::default(), pieces: Vec::new(), failure: None, is_done: false };
    let mut sink = |piece: Piece<'_>| {
        outcome.response.add(&piece);
        outcome.pieces.push(owned(piece));
        Ok(())
    };
    let mut ended = Ok(Progress::More);
    for bytes in body {
        ended = reader.feed(bytes, &mut sink);
        if !matches!(ended, Ok(Progress::More)) {
            break;
        }
    }
    outcome.is_done = matches!(ended, Ok(Progress::Done));
    outcome.failure = ended.and_then(|_| reader.finish(&mut sink)).err();
    outcome.response.number_calls();
    outcome
}

/// Reads a body in one piece.
pub(crate) fn read(dialect: Dialect, body: impl AsRef<[u8]>) -> Outcome {
    read_pieces(dialect, [body.as_ref()])
}

/// Reads a stream of these JSON events and `[DONE]`.
pub(crate) fn read_events(dialect: Dialect, events: &[&str]) -> Outcome {
    let mut body: String = events.iter().map(|event| format!("data: {event}\n\n")).collect();
    body.push_str("data: [DONE]\n\n");
    read(dialect, body)
}

/// One recorded or hand-written reply.
pub(crate) struct Fixture {
    /// Its path below `tests/wire`, which begins with the API.
    pub(crate) name: String,
    /// Its bytes.
    pub(crate) body: Vec<u8>,
    /// What is to be read in it.
    pub(crate) want: Value,
}

impl Fixture {
    /// The API it came from.
    pub(crate) fn dialect(&self) -> Dialect {
        if self.name.starts_with("chat/") { Dialect::Chat } else { Dialect::Responses }
    }
}

/// Every fixture under `tests/wire`.
pub(crate) fn fixtures() -> Vec<Fixture> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire");
    let read = |path: PathBuf| std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let expected = ["expected.json", "by_hand.json"].into_iter().flat_map(|name| {
        let told: serde_json::Map<String, Value> =
            serde_json::from_slice(&read(root.join(name))).expect("expectations are a JSON object");
        told
    });
    expected.map(|(name, want)| Fixture { body: read(root.join(&name)), name, want }).collect()
}

/// The piece with text of its own.
fn owned(piece: Piece<'_>) -> Piece<'static> {
    let own = |text: std::borrow::Cow<'_, str>| text.into_owned().into();
    match piece {
        Piece::Text(text) => Piece::Text(own(text)),
        Piece::Restated(text) => Piece::Restated(own(text)),
        Piece::Reasoning(text) => Piece::Reasoning(own(text)),
        Piece::Refusal(text) => Piece::Refusal(own(text)),
        Piece::Model(model) => Piece::Model(own(model)),
        Piece::Id(id) => Piece::Id(own(id)),
        Piece::Call(fragment) => Piece::Call(crate::response::Fragment {
            index: fragment.index,
            id: fragment.id.map(own),
            name: fragment.name.map(own),
            arguments: own(fragment.arguments),
            whole: fragment.whole,
        }),
        Piece::CallDone => Piece::CallDone,
        Piece::Finish(finish) => Piece::Finish(finish),
        Piece::Usage(usage) => Piece::Usage(usage),
        Piece::OtherChoice(index) => Piece::OtherChoice(index),
    }
}
