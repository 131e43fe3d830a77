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
mod tests {
    use super::*;
    use crate::request::{Credential, Dialect, Part, Request, Secret};
    use crate::wire::encode;

    fn printed(dialect: Dialect, id: Option<&str>) -> Result<String, Failure> {
        let endpoint = Endpoint {
            provider: "openai".into(),
            dialect,
            base_url: "https://example.com/v1".into(),
            credential: Credential::Bearer(Secret::new("sk-secret".into())),
            key_origin: "OPENAI_API_KEY".into(),
            ..Endpoint::default()
        };
        let request = Request { model: "m".into(), user: vec![Part::Text("hi\n".into())], ..Request::default() };
        let line = line(encode(&request, &endpoint).unwrap(), &endpoint, id)?;
        Ok(String::from_utf8(line.to_vec()).unwrap())
    }

    fn picked(file: &str, id: Option<&str>) -> Result<Option<SavedReply>, String> {
        pick(file.as_bytes(), "'r.jsonl'", id).map_err(|failure| failure.line())
    }

    fn kept(status: Option<u16>, request_id: Option<&str>, body: &str) -> Result<Option<SavedReply>, String> {
        Ok(Some(SavedReply { status, request_id: request_id.map(String::from), body: body.into() }))
    }

    const OPENAI: &str = r#"{"id":"b1","custom_id":"a","response":{"status_code":200,"request_id":"r1","body":{"x":1.50}},"error":null}"#;
    const REFUSED: &str = r#"{"id":"b2","custom_id":"b","response":{"status_code":400,"request_id":"r2","body":{"error":{"message":"no"}}},"error":null}"#;
    const EXPIRED: &str =
        r#"{"id":"b3","custom_id":"c","response":null,"error":{"code":"batch_expired","message":"late"}}"#;
    const VLLM: &str = r#"{"id":"vllm-1","custom_id":"d","response":{"status_code":400,"request_id":"v1","body":null},"error":{"error":{"message":"bad"}}}"#;

    #[test]
    fn a_call_is_one_line() {
        let expected = concat!(
            r#"{"custom_id":"row \"1\"","method":"POST","url":"/v1/chat/completions","#,
            r#""body":{"model":"m","messages":[{"role":"user","content":"hi\n"}],"stream":false}}"#,
            "\n"
        );
        assert_eq!(printed(Dialect::Chat, Some("row \"1\"")).unwrap(), expected);
        let expected = concat!(
            r#"{"custom_id":"1","method":"POST","url":"/v1/responses","#,
            r#""body":{"model":"m","input":"hi\n","store":false,"stream":false}}"#,
            "\n"
        );
        assert_eq!(printed(Dialect::Responses, Some("1")).unwrap(), expected);
        let line = printed(Dialect::Codex, Some("1")).unwrap_err().line();
        assert_eq!(line, "--print batch: the Codex backend has no batches");
    }

    #[test]
    fn a_line_without_an_id_has_a_number_made_of_its_request() {
        let body = |text: &[u8]| Body { segments: vec![Segment::Bytes(text.to_vec())] };
        // Source: the vectors of the FNV specification.
        assert_eq!(number(&body(b"")), "cbf29ce484222325");
        assert_eq!(number(&body(b"foobar")), "85944171f73967e8");
        let line = printed(Dialect::Chat, None).unwrap();
        assert!(line.starts_with(r#"{"custom_id":"3c33afd1b508c4e5","method""#), "{line}");
    }

    #[test]
    fn results_are_picked_by_id_and_kept_byte_for_byte() {
        let file = [OPENAI, REFUSED, EXPIRED, VLLM].join("\n") + "\n";
        assert_eq!(picked(&file, Some("a")), kept(Some(200), Some("r1"), r#"{"x":1.50}"#));
        assert_eq!(picked(&file, Some("b")), kept(Some(400), Some("r2"), r#"{"error":{"message":"no"}}"#));
        let expired = r#"{"error":{"code":"batch_expired","message":"late"}}"#;
        assert_eq!(picked(&file, Some("c")), kept(None, None, expired));
        assert_eq!(picked(&file, Some("d")), kept(Some(400), Some("v1"), r#"{"error":{"message":"bad"}}"#));
        assert_eq!(picked(OPENAI, None), picked(&file, Some("a")));
    }

    #[test]
    fn what_is_no_batch_file_is_left_alone() {
        for file in ["", "{\"choices\":[]}", "{\n \"choices\": []\n}", "data: {}\n\n", "<html>"] {
            assert_eq!(picked(file, None), Ok(None));
        }
        let expected = "'r.jsonl' (from --response): it has no batch results: leave --id out";
        assert_eq!(picked("data: {}", Some("a")), Err(expected.into()));
    }

    #[test]
    fn a_choice_that_is_none_is_refused() {
        let two = [OPENAI, REFUSED].join("\n");
        let request = r#"{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{}}"#;
        for (file, id, why) in [
            (two.clone(), None, "it has more than one result: pick one with --id"),
            (two.clone(), Some("z"), "none of its 2 results has the id 'z'"),
            ([OPENAI, OPENAI].join("\n"), Some("a"), "it has more than one result with the id 'a'"),
            (request.into(), None, "result 'a' has neither a reply nor an error"),
            (two + "\n{\"cust", Some("z"), "result 3: EOF while parsing a string at line 3 column 6"),
        ] {
            assert_eq!(picked(&file, id), Err(format!("'r.jsonl' (from --response): {why}")));
        }
    }
}
