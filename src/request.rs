//! Vocabulary of what is asked: a [`Request`] in our words, an [`Endpoint`] to send it to, and the [`Call`]
//! that the wire room makes of both. No I/O, no defaults, no dialect.

pub(crate) mod body_field;
mod dialect;

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use serde_json::Value;

use self::body_field::{BodyField, Rename, Sampling};
pub(crate) use self::dialect::Dialect;
use crate::json::escape;
pub(crate) use crate::secret::Secret;

/// Text in the form it has between the quotes of a JSON string: escaped once while it is read, shared by every
/// attempt, never held a second time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text(Rc<String>);

impl Text {
    /// Takes text that is escaped already.
    pub(crate) fn from_escaped(escaped: String) -> Self {
        Self(Rc::new(escaped))
    }

    /// The escaped form, without quotes.
    pub(crate) fn escaped(&self) -> &str {
        &self.0
    }

    /// True when there is no text at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The shared escaped bytes, for a body that sends them without a copy.
    pub(crate) fn share(&self) -> Rc<String> {
        Rc::clone(&self.0)
    }
}

impl From<&str> for Text {
    fn from(plain: &str) -> Self {
        let mut escaped = String::with_capacity(plain.len() + plain.len() / 32);
        escape(plain, &mut escaped);
        Self::from_escaped(escaped)
    }
}

/// Bytes of a file that travel inside the body, shared by every attempt.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Blob(pub(crate) Rc<Vec<u8>>);

impl fmt::Debug for Blob {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Blob({} bytes)", self.0.len())
    }
}

/// Where the picture of an image part comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Picture {
    /// An `http(s)://` or `data:` URL, passed through as it is.
    Url(String),
    /// A file's bytes, sent as a `data:` URL of this media type.
    Bytes {
        /// `image/png`, `image/jpeg`, `image/gif` or `image/webp`.
        media: &'static str,
        /// The file as it was read.
        blob: Blob,
    },
}

/// One part of the user message, in the order it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Text.
    Text(Text),
    /// An image; `detail` is `auto`, `low` or `high`.
    Image {
        /// The picture.
        picture: Picture,
        /// How closely the model looks, if given.
        detail: Option<String>,
    },
    /// A document (PDF) with its file name.
    File {
        /// The file's name, as the model sees it.
        name: String,
        /// `application/pdf`.
        media: &'static str,
        /// The file as it was read.
        blob: Blob,
    },
    /// Sound.
    Audio {
        /// `wav` or `mp3`.
        format: &'static str,
        /// The file as it was read.
        blob: Blob,
    },
}

/// A schema as it goes over the wire: perhaps rewritten for strict servers, always an object at its root.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WireSchema {
    /// `name` of the format: `A-Za-z0-9_-`, at most 64 characters.
    pub(crate) name: String,
    /// The schema's own description, if it has one.
    pub(crate) description: Option<String>,
    /// The schema to send.
    pub(crate) schema: Value,
    /// Whether the server is asked to enforce it strictly.
    pub(crate) strict: bool,
}

/// The form in which an answer is asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Shape {
    /// Plain text: no `response_format` at all.
    #[default]
    Text,
    /// Any JSON object (`json_object`).
    Object,
    /// A document under a schema (`json_schema`).
    Schema(WireSchema),
}

/// A tool the model may call.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tool {
    /// `A-Za-z0-9_-`, at most 64 characters.
    pub(crate) name: String,
    /// What the tool does, in the model's eyes.
    pub(crate) description: Option<String>,
    /// JSON schema of the arguments; `None` where the file has none.
    pub(crate) parameters: Option<Value>,
    /// The `strict` flag, if the file gave one.
    pub(crate) strict: Option<bool>,
}

/// Which tools the model must or may call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ToolChoice {
    /// The model decides.
    Auto,
    /// No calls.
    None,
    /// At least one call.
    Required,
    /// A call of this tool.
    Named(String),
}

/// A further turn after the user message: the answer of the model and the next request (`--repair`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Turn {
    /// The model's words.
    pub(crate) assistant: Text,
    /// Our answer to them.
    pub(crate) user: Text,
}

/// Everything that is asked, in our own words, for any dialect.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Request {
    /// The model's name as the server knows it; empty leaves the field out.
    pub(crate) model: String,
    /// System text; `None` sends none.
    pub(crate) system: Option<Text>,
    /// Earlier messages in chat form, objects with a `role`, passed through.
    pub(crate) history: Vec<Value>,
    /// Parts of the user message; empty adds no message.
    pub(crate) user: Vec<Part>,
    /// Turns after it.
    pub(crate) turns: Vec<Turn>,
    /// The form of the answer.
    pub(crate) shape: Shape,
    /// Tools offered.
    pub(crate) tools: Vec<Tool>,
    /// Tool choice, if given.
    pub(crate) tool_choice: Option<ToolChoice>,
    /// `parallel_tool_calls`, if given.
    pub(crate) parallel_tools: Option<bool>,
    /// Generation settings.
    pub(crate) sampling: Sampling,
    /// Whether the answer is streamed.
    pub(crate) stream: bool,
    /// Whether usage is asked for in a stream (`stream_options.include_usage`).
    pub(crate) stream_usage: bool,
}

/// How a key is presented.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Credential {
    /// No key is sent.
    #[default]
    None,
    /// `Authorization: Bearer KEY`.
    Bearer(Secret),
    /// A header of its own, such as Azure's `api-key: KEY`.
    Header(&'static str, Secret),
}

/// The server and the way to talk to it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Endpoint {
    /// Name of the provider (preset or config), for notices and `attempts`.
    pub(crate) provider: String,
    /// The API spoken.
    pub(crate) dialect: Dialect,
    /// Base URL without a trailing slash, query included (`https://h/v1?api-version=1`).
    pub(crate) base_url: String,
    /// The variable or config line the base URL came from, for errors (`from OPENAI_BASE_URL`); empty where it was
    /// typed or is a preset's own.
    pub(crate) base_url_origin: String,
    /// The key.
    pub(crate) credential: Credential,
    /// The variable or file the key came from, for errors and `--print curl`; empty when there is none.
    pub(crate) key_origin: String,
    /// Further headers; names as given.
    pub(crate) headers: Vec<(String, Secret)>,
    /// Body fields that the server has names of its own for.
    pub(crate) renames: Vec<Rename>,
}

impl Endpoint {
    /// The path of a body field at this server; `None` where its API has no such field.
    pub(crate) fn path(&self, field: &BodyField) -> Option<&'static str> {
        let path = field.path(self.dialect)?;
        let renamed = self.renames.iter().find(|(usual, _)| *usual == path);
        Some(renamed.map_or(path, |(_, own)| own))
    }

    /// Calls a body field by its other name on chat from now on: the first alias, or the usual name again.
    pub(crate) fn swap_name(&mut self, field: &BodyField) {
        let count = self.renames.len();
        self.renames.retain(|(usual, _)| *usual != field.name);
        if self.renames.len() == count
            && let Some(alias) = field.aliases.first()
        {
            self.renames.push((field.name, alias));
        }
    }

    /// The settings that this server has a field for, as path and value.
    pub(crate) fn fields<'a>(&self, sampling: &'a Sampling) -> impl Iterator<Item = (&'static str, &'a Value)> {
        sampling.fields.iter().filter_map(|(field, value)| Some((self.path(field)?, value)))
    }
}

/// A header of a call; `value` is secret where it may hold a key.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    /// Name as sent.
    pub(crate) name: String,
    /// Value as sent.
    pub(crate) value: Secret,
    /// Whether the value must never be shown.
    pub(crate) secret: bool,
}

/// One stretch of a request body; a body is sent stretch by stretch, so that nothing large is copied.
#[derive(Clone, Debug)]
pub(crate) enum Segment {
    /// Bytes of the body's frame.
    Bytes(Vec<u8>),
    /// Shared escaped text.
    Text(Rc<String>),
    /// A file, sent as base64.
    Base64(Blob),
}

/// A JSON request body of known length.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body {
    /// The stretches in order.
    pub(crate) segments: Vec<Segment>,
}

/// One HTTP call, ready to send: nothing about it depends on our vocabulary any more.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// `POST` or `GET`.
    pub(crate) method: &'static str,
    /// Full URL.
    pub(crate) url: String,
    /// Headers in the order sent.
    pub(crate) headers: Vec<Header>,
    /// The body; `None` on GET.
    pub(crate) body: Option<Body>,
}

/// Bounds of one call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Resolve, connect and TLS together (10 s).
    pub(crate) connect: Duration,
    /// Longest silence: to the first byte and between bytes (600 s).
    pub(crate) silence: Duration,
    /// The whole run, if bounded.
    pub(crate) total: Option<Duration>,
    /// Longest whole reply or single stream event, in bytes (256 MiB).
    pub(crate) reply_bytes: usize,
}

/// What the network room must know beside the call: proxies and certificates, as the environment and flags gave them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Net {
    /// `--proxy URL`: for every host, `NO_PROXY` aside.
    pub(crate) proxy: Option<String>,
    /// `HTTP_PROXY` / `http_proxy`.
    pub(crate) http_proxy: Option<String>,
    /// `HTTPS_PROXY` / `https_proxy`.
    pub(crate) https_proxy: Option<String>,
    /// `ALL_PROXY` / `all_proxy`.
    pub(crate) all_proxy: Option<String>,
    /// `NO_PROXY` / `no_proxy`.
    pub(crate) no_proxy: Option<String>,
    /// Certificate files added to the trusted roots (`--cacert`, `SSL_CERT_FILE`), with the name of the setting.
    pub(crate) roots: Vec<(String, &'static str)>,
    /// Client certificate and key files (`OPENAI_MTLS_CLIENT_CERT_FILE`, `…_KEY_FILE`).
    pub(crate) client_certificate: Option<(String, String)>,
}
