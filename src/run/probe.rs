//! `--probe`: what a server really does, found out by at most twelve small requests.
//!
//! Each check asks for something only a server that means it would answer: a word the model would not say by itself
//! under `json_schema`, a call under `tool_choice: required`. The rows `chat` and `responses` are about these APIs, all
//! others about the API in force. Knows nothing of settings: client, endpoint and model are handed in.

use std::rc::Rc;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::{Value, json};

use crate::failure::{Failure, Kind, QUOTED, quote};
use crate::output::Output;
use crate::output::envelope::milliseconds;
use crate::request::body_field::MAX_TOKENS;
use crate::request::{Blob, Dialect, Endpoint, Part, Picture, Request, Shape, Text, Tool, ToolChoice, WireSchema};
use crate::response::{Finish, Piece, Response};
use crate::run::models;
use crate::run::reading::{Taker, accepted, read_pieces};
use crate::transport::http::Client;
use crate::url::display_url;
use crate::wire::reader::ReplyReader;
use crate::wire::{self, recognise};

/// A word that no model writes unless a schema forces it: its presence shows that the schema is enforced.
const WORD: &str = "zq-4417";
/// Token limit of every request.
const TOKENS: u32 = 24;
/// Longest reply read, in bytes.
const REPLY_BYTES: usize = 1024 * 1024;
/// Longest time a reply may take once it has begun.
const REPLY_TIME: Duration = Duration::from_secs(60);
/// A red dot: the smallest PNG a decoder takes.
const DOT: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 2,
    0, 0, 0, 0x90, 0x77, 0x53, 0xde, 0, 0, 0, 12, b'I', b'D', b'A', b'T', 0x08, 0xd7, 0x63, 0xf8, 0xcf, 0xc0, 0, 0, 3,
    1, 1, 0, 0x18, 0xdd, 0x8d, 0xb0, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

/// How far a server goes with a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    /// It works.
    Yes,
    /// It is enforced: the answer could not have come otherwise.
    Enforced,
    /// It is accepted and not followed.
    Accepted,
    /// It is refused.
    Refused,
    /// It does not work.
    No,
}

/// One row of the table.
#[derive(Clone, Debug, Serialize)]
struct Finding {
    /// What was tried.
    feature: &'static str,
    /// What came of it.
    verdict: Verdict,
    /// A word on it: a count, a field name, the server's own words.
    detail: String,
}

/// The whole finding, for `-O json`.
#[derive(Serialize)]
struct ProbeReport<'a> {
    /// The server.
    base_url: &'a str,
    /// The model asked.
    model: &'a str,
    /// Every row of the table.
    checks: &'a [Finding],
    /// The median time to the first byte, if any request was answered.
    first_byte_milliseconds: Option<u64>,
}

/// One check: a row, or why it could not be made.
type Check<'a> = fn(&mut Probe<'a>) -> Result<Finding, Failure>;

/// One server under trial.
pub(crate) struct Probe<'a> {
    /// The connection to the network; its limits bound each request.
    pub(crate) client: &'a mut Client,
    /// The server.
    pub(crate) endpoint: Endpoint,
    /// The model asked.
    pub(crate) model: String,
    /// Whether one JSON object is wanted instead of a table.
    pub(crate) json: bool,
    /// First-byte times of the requests that were answered.
    pub(crate) first_bytes: Vec<Duration>,
    /// Whether requests name a token limit: not once the server refused both names, and never for Codex.
    pub(crate) limits_tokens: bool,
}

impl Probe<'_> {
    /// Tries everything and prints it. A server that nobody reaches, or that takes no key, is asked no further.
    ///
    /// # Errors
    /// Why the API in force does not work, where it does not; of the output room.
    pub(crate) fn run(mut self, output: &mut Output) -> Result<(), Failure> {
        let mut rows = Vec::new();
        let mut ended = Ok(());
        let deciding = if self.api_beside(Dialect::Chat) == self.endpoint.dialect { CHAT } else { RESPONSES };
        let checks: [Check<'_>; 9] = [
            Self::models,
            Self::chat,
            Self::token_field,
            Self::stream,
            Self::json_schema,
            Self::json_object,
            Self::tools,
            Self::images,
            Self::responses,
        ];
        for (place, check) in checks.into_iter().enumerate() {
            output.wait();
            let found = check(&mut self);
            let is_hopeless = matches!(&found, Err(failure) if place == CHAT && is_about_all(failure));
            if let Err(failure) = &found
                && (place == deciding || is_hopeless)
            {
                ended = Err(failure.clone());
            }
            let mut row = found.unwrap_or_else(|failure| refused(FEATURES[place], &failure));
            row.detail = output.masker().mask(&row.detail).into_owned();
            if !self.json {
                show(&row, output)?;
            }
            rows.push(row);
            if is_hopeless {
                break;
            }
        }
        let median = self.median();
        if self.json {
            let base_url = display_url(&self.endpoint.base_url);
            let report =
                ProbeReport { base_url: &base_url, model: &self.model, checks: &rows, first_byte_milliseconds: median };
            output.json(&report, true)?;
        } else if let Some(median) = median {
            output.line(&format!("{:<14} {median} ms (median)", "first byte"))?;
        }
        ended
    }

    /// The model list.
    fn models(&mut self) -> Result<Finding, Failure> {
        let count = models::list(self.client, &self.endpoint)?.len();
        Ok(row("models", Verdict::Yes, format!("{count} listed")))
    }

    /// A plain question over chat, or over Codex where that is in force. Here the name of the token limit is found.
    fn chat(&mut self) -> Result<Finding, Failure> {
        let response = self.over(self.api_beside(Dialect::Chat), |probe| {
            for _ in 0..2 {
                match probe.ask(&probe.request("Say hello.")) {
                    Err(failure) if probe.limits_tokens && recognise::unsupported_field(&failure).is_some() => {
                        probe.endpoint.swap_name(&MAX_TOKENS);
                    }
                    other => return other,
                }
            }
            probe.limits_tokens = false;
            probe.ask(&probe.request("Say hello."))
        })?;
        let served = if response.model.is_empty() { String::new() } else { format!("served by {}", response.model) };
        Ok(row("chat", Verdict::Yes, served))
    }

    /// The field that limits the answer, and whether it does.
    fn token_field(&mut self) -> Result<Finding, Failure> {
        const FEATURE: &str = "token limit";
        if !self.limits_tokens {
            return Ok(row(FEATURE, Verdict::Refused, String::new()));
        }
        let response = self.ask(&self.request("Count from one to a thousand."))?;
        let name = self.endpoint.path(&MAX_TOKENS).unwrap_or_default();
        let kept = response.usage.and_then(|usage| usage.output).is_none_or(|tokens| tokens <= u64::from(TOKENS) + 1);
        Ok(row(FEATURE, if kept { Verdict::Yes } else { Verdict::Accepted }, name.into()))
    }

    /// A stream, and usage at its end.
    fn stream(&mut self) -> Result<Finding, Failure> {
        let mut request = self.request("Say hello.");
        request.stream = true;
        request.stream_usage = true;
        let (response, usage) = match self.ask(&request) {
            Err(failure) if recognise::unsupported_field(&failure) == Some("stream_options") => {
                request.stream_usage = false;
                (self.ask(&request)?, "usage refused")
            }
            other => {
                let response = other?;
                let usage = if response.usage.is_some() { "with usage" } else { "without usage" };
                (response, usage)
            }
        };
        let verdict =
            if response.text.is_empty() && response.reasoning.is_empty() { Verdict::No } else { Verdict::Yes };
        Ok(row("stream", verdict, usage.into()))
    }

    /// A schema that allows one word only.
    fn json_schema(&mut self) -> Result<Finding, Failure> {
        let mut request = self.request("Say hello in JSON.");
        request.shape = Shape::Schema(WireSchema {
            name: "probe".into(),
            description: None,
            schema: json!({"type": "object", "properties": {"word": {"type": "string", "enum": [WORD]}},
                "required": ["word"], "additionalProperties": false}),
            strict: true,
        });
        let response = self.ask(&request)?;
        let enforced = serde_json::from_str::<Value>(&response.text).is_ok_and(|value| value == json!({"word": WORD}));
        let verdict = if enforced { Verdict::Enforced } else { Verdict::Accepted };
        Ok(row("json_schema", verdict, unsaid(&response)))
    }

    /// Any JSON object.
    fn json_object(&mut self) -> Result<Finding, Failure> {
        let mut request = self.request("Say hello. Answer as JSON: {\"word\": \"hello\"}");
        request.shape = Shape::Object;
        let response = self.ask(&request)?;
        let is_object = serde_json::from_str::<Value>(&response.text).is_ok_and(|value| value.is_object());
        // A small model may run into the token limit inside the object.
        let begun = response.text.trim_start().starts_with('{');
        let verdict = if is_object || begun { Verdict::Yes } else { Verdict::Accepted };
        Ok(row("json_object", verdict, unsaid(&response)))
    }

    /// A call that is required.
    fn tools(&mut self) -> Result<Finding, Failure> {
        let mut request = self.request("What is the weather in Oslo?");
        request.tools = vec![Tool {
            name: "weather".into(),
            description: Some("Tells the weather of a city".into()),
            parameters: Some(json!({"type": "object", "properties": {"city": {"type": "string"}},
                "required": ["city"], "additionalProperties": false})),
            strict: None,
        }];
        request.tool_choice = Some(ToolChoice::Required);
        let response = self.ask(&request)?;
        let verdict = if response.calls.is_empty() { Verdict::Accepted } else { Verdict::Yes };
        Ok(row("tools", verdict, unsaid(&response)))
    }

    /// A picture of one red dot.
    fn images(&mut self) -> Result<Finding, Failure> {
        let mut request = self.request("Which colour is this?");
        let blob = Blob(Rc::new(DOT.to_vec()));
        request.user.push(Part::Image { picture: Picture::Bytes { media: "image/png", blob }, detail: None });
        self.ask(&request)?;
        Ok(row("images", Verdict::Yes, String::new()))
    }

    /// A plain question over the Responses API, or over Codex, its relative, where that is in force.
    fn responses(&mut self) -> Result<Finding, Failure> {
        self.over(self.api_beside(Dialect::Responses), |probe| probe.ask(&probe.request("Say hello.")))?;
        Ok(row("responses", Verdict::Yes, String::new()))
    }

    /// The API to try where `api` is due: a server with a login has only its own.
    fn api_beside(&self, api: Dialect) -> Dialect {
        if self.endpoint.dialect.spec().needs_login { self.endpoint.dialect } else { api }
    }

    /// Asks over another API than the one in force.
    fn over(
        &mut self,
        dialect: Dialect,
        ask: impl FnOnce(&mut Self) -> Result<Response, Failure>,
    ) -> Result<Response, Failure> {
        let own = std::mem::replace(&mut self.endpoint.dialect, dialect);
        let answer = ask(self);
        self.endpoint.dialect = own;
        answer
    }

    /// A small question.
    fn request(&self, prompt: &str) -> Request {
        let mut request =
            Request { model: self.model.clone(), user: vec![Part::Text(Text::from(prompt))], ..Request::default() };
        if self.limits_tokens {
            request.sampling.set(&MAX_TOKENS, TOKENS.into());
        }
        request
    }

    /// Asks once and reads the whole reply.
    fn ask(&mut self, request: &Request) -> Result<Response, Failure> {
        let began = Instant::now();
        let call = wire::encode(request, &self.endpoint)?;
        let mut incoming = accepted(self.client.send(&call)?, &self.endpoint)?;
        let reader = ReplyReader::new(self.endpoint.dialect, &display_url(&self.endpoint.base_url), REPLY_BYTES);
        let mut heard = Heard { response: Response::default(), began, first: None };
        read_pieces(|buffer| incoming.read(buffer), reader, &mut heard)?;
        self.first_bytes.extend(heard.first);
        Ok(heard.response)
    }

    /// The median of the first-byte times in milliseconds.
    fn median(&mut self) -> Option<u64> {
        self.first_bytes.sort_unstable();
        self.first_bytes.get(self.first_bytes.len() / 2).copied().map(milliseconds)
    }
}

/// Adds one reply up and notes its first byte.
struct Heard {
    /// The reply.
    response: Response,
    /// When it was asked for.
    began: Instant,
    /// How long its first byte took.
    first: Option<Duration>,
}

impl Taker for Heard {
    fn take(&mut self, piece: Piece<'_>) -> Result<(), Failure> {
        self.response.add(&piece);
        self.response.check_size(REPLY_BYTES)
    }

    fn pause(&mut self) -> Result<(), Failure> {
        let first = *self.first.get_or_insert_with(|| self.began.elapsed());
        if self.began.elapsed() - first > REPLY_TIME {
            let why = format!("it took longer than {} s", REPLY_TIME.as_secs());
            return Err(Failure::new(Kind::Network, "the answer has no end", why));
        }
        Ok(())
    }
}

/// The names of the rows, in their order.
const FEATURES: [&str; 9] =
    ["models", "chat", "token limit", "stream", "json_schema", "json_object", "tools", "images", "responses"];

/// The places of the rows that decide how a probe ends.
const CHAT: usize = 1;
/// See [`CHAT`].
const RESPONSES: usize = 8;

/// Whether a failure of one request is that of every other.
fn is_about_all(failure: &Failure) -> bool {
    matches!(failure.kind, Kind::Network | Kind::Auth)
}

/// Why a verdict may be wrong: the token limit came before the answer, as it does while a model reasons.
fn unsaid(response: &Response) -> String {
    let is_empty = response.text.is_empty() && response.calls.is_empty();
    let is_cut = is_empty && (response.finish == Some(Finish::Length) || !response.reasoning.is_empty());
    if is_cut { format!("it said nothing within {TOKENS} tokens") } else { String::new() }
}

/// Builds a row.
fn row(feature: &'static str, verdict: Verdict, detail: String) -> Finding {
    Finding { feature, verdict, detail }
}

/// The row of a check that failed: refused by the server, or not working at all.
fn refused(feature: &'static str, failure: &Failure) -> Finding {
    let verdict = match failure.reply.status {
        Some(400..500) => Verdict::Refused,
        _ => Verdict::No,
    };
    let detail = if failure.why.is_empty() { &failure.what } else { &failure.why };
    row(feature, verdict, quote(detail, QUOTED))
}

/// Prints a row.
fn show(row: &Finding, output: &mut Output) -> Result<(), Failure> {
    let verdict = match row.verdict {
        Verdict::Yes => "yes",
        Verdict::Enforced => "enforced",
        Verdict::Accepted => "accepted, not followed",
        Verdict::Refused => "refused",
        Verdict::No => "no",
    };
    let detail = if row.detail.is_empty() { String::new() } else { format!(" ({})", row.detail) };
    output.line(&format!("{:<14} {verdict}{detail}", row.feature))?;
    output.flush()
}
