//! Batch files: a call as one line for the OpenAI Batch API or `vllm run-batch`, and a reply out of a file of results.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::failure::Failure;
use crate::request::{Body, Call, Endpoint, Segment};

use super::body_json::BodyJson;

/// A reply out of a file of batch results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SavedReply {
    /// The HTTP status; `None` where the file has none, as for a request that was never made.
    pub(crate) status: Option<u16>,
    /// The server's id of the request.
    pub(crate) request_id: Option<String>,
    /// The reply's body, byte for byte; where there was no reply, the batch engine's error as `{"error": …}`.
    pub(crate) body: Vec<u8>,
}

/// One line of a file of results. Source: the Batch API guide and `vllm/entrypoints/openai/run_batch.py`.
#[derive(Deserialize)]
struct BatchResult<'a> {
    /// The id given to the request.
    #[serde(borrow)]
    custom_id: Cow<'a, str>,
    /// The reply.
    #[serde(borrow)]
    response: Option<BatchReply<'a>>,
    /// The error of a request without a reply.
    #[serde(borrow)]
    error: Option<&'a RawValue>,
}

/// The reply inside a result line.
#[derive(Deserialize)]
struct BatchReply<'a> {
    /// The HTTP status.
    status_code: Option<u16>,
    /// The server's id of the request.
    request_id: Option<String>,
    /// The body.
    #[serde(borrow)]
    body: Option<&'a RawValue>,
}

/// The batch line of `call` (encoded without streaming), with its newline. Its id is `id`, or a hash of the body.
///
/// # Errors
/// Usage for Codex, which has no batches.
pub(crate) fn line(call: Call, endpoint: &Endpoint, id: Option<&str>) -> Result<Body, Failure> {
    let url = endpoint.dialect.spec().batch_path;
    let url = url.ok_or_else(|| Failure::usage("--print batch", "the Codex backend has no batches"))?;
    let body = call.body.unwrap_or_default();
    let id = id.map_or_else(|| number(&body), str::to_owned);
    let frame =
        BodyJson::object([("custom_id", id.as_str().into()), ("method", call.method.into()), ("url", url.into())]);
    let mut frame = frame.body().to_vec();
    frame.truncate(frame.len() - 1);
    frame.extend_from_slice(b",\"body\":");
    let mut segments = vec![Segment::Bytes(frame)];
    segments.extend(body.segments);
    segments.push(Segment::Bytes(b"}\n".to_vec()));
    Ok(Body { segments })
}

/// A hash of a body, the same on every machine and in every version: FNV-1a, 64 bits, in hexadecimal digits.
fn number(body: &Body) -> String {
    let mix = |number: u64, byte: &u8| (number ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    format!("{:016x}", body.to_vec().iter().fold(0xcbf2_9ce4_8422_2325, mix))
}

/// The reply to the request `id` in a file of batch results, or the only one; `None` where the file holds no results
/// but, say, a plain reply or a stream. `name` is the file's name for messages.
///
/// # Errors
/// Usage, where no line or more than one matches, and where a line is no result.
pub(crate) fn pick(file: &[u8], name: &str, id: Option<&str>) -> Result<Option<SavedReply>, Failure> {
    let fail = |why: String| Failure::usage(format!("{name} (from --response)"), why);
    let lines = serde_json::Deserializer::from_slice(file).into_iter::<BatchResult<'_>>();
    let mut count = 0;
    let mut picked = None;
    for line in lines {
        let line = match line {
            Ok(line) => line,
            Err(_) if count == 0 => break,
            Err(error) => return Err(fail(format!("result {}: {error}", count + 1))),
        };
        count += 1;
        if id.is_some_and(|id| id != line.custom_id) {
            continue;
        }
        if picked.is_some() {
            return Err(match id {
                Some(id) => fail(format!("it has more than one result with the id '{id}'")),
                None => fail("it has more than one result".into()).hint("pick one with --id"),
            });
        }
        picked = Some(line);
    }
    match (picked, id) {
        (Some(line), _) => saved(&line).map(Some).map_err(|why| fail(format!("result '{}' {why}", line.custom_id))),
        (None, None) => Ok(None),
        (None, Some(_)) if count == 0 => Err(fail("it has no batch results".into()).hint("leave --id out")),
        (None, Some(id)) => Err(fail(format!("none of its {count} results has the id '{id}'"))),
    }
}

/// The reply in one result; fails with what the result lacks.
fn saved(line: &BatchResult<'_>) -> Result<SavedReply, &'static str> {
    let reply = line.response.as_ref();
    let body = match (reply.and_then(|reply| reply.body), line.error) {
        (Some(body), _) => body.get().to_owned(),
        (None, Some(error)) if has_error(error) => error.get().to_owned(),
        (None, Some(error)) => format!("{{\"error\":{}}}", error.get()),
        (None, None) => return Err("has neither a reply nor an error"),
    };
    Ok(SavedReply {
        status: reply.and_then(|reply| reply.status_code),
        request_id: reply.and_then(|reply| reply.request_id.clone()),
        body: body.into_bytes(),
    })
}

/// True where the error has a member `error` already, as vLLM writes it.
fn has_error(error: &RawValue) -> bool {
    /// An object with that member.
    #[derive(Deserialize)]
    struct Whole<'a> {
        /// The error itself.
        #[serde(borrow, rename = "error")]
        _error: &'a RawValue,
    }
    serde_json::from_str::<Whole<'_>>(error.get()).is_ok()
}

#[cfg(test)]
mod tests;
