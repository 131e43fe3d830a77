//! Encodes a request as the body of `POST /chat/completions`.
//!
//! It has the fields asked for and no others: strict servers refuse unknown fields.

use crate::request::{Endpoint, Part, Request, Shape, Tool, ToolChoice};
use crate::response::Response;

use crate::wire::body_json::BodyJson;

/// The body of `request`, without the user's own fields (`-o`).
pub(super) fn body<'a>(request: &'a Request, endpoint: &Endpoint) -> BodyJson<'a> {
    let mut body = BodyJson::Object(Vec::with_capacity(8));
    body.put_some("model", (!request.model.is_empty()).then_some(&request.model));
    body.put("messages", BodyJson::Array(messages(request)));
    body.put("stream", request.stream);
    if request.stream && request.stream_usage {
        body.put("stream_options", BodyJson::object([("include_usage", true.into())]));
    }
    body.set_fields(endpoint.fields(&request.sampling));
    body.put_some("response_format", response_format(&request.shape));
    if !request.tools.is_empty() {
        body.put("tools", request.tools.iter().map(tool).collect::<BodyJson<'_>>());
    }
    body.put_some("tool_choice", request.tool_choice.as_ref().map(tool_choice));
    body.put_some("parallel_tool_calls", request.parallel_tools);
    body
}

/// The conversation with its new answer as a list of chat messages: the history, the user message and the answer with
/// its tool calls. System text and repair turns are left out: they belong to one run.
pub(crate) fn transcript<'a>(request: &'a Request, response: &'a Response) -> BodyJson<'a> {
    let mut messages: Vec<_> = request.history.iter().map(BodyJson::from).collect();
    messages.extend(user_message(&request.user));
    messages.push(assistant_message(response));
    BodyJson::Array(messages)
}

/// All messages in order: system text, history, the user message, repair turns.
fn messages(request: &Request) -> Vec<BodyJson<'_>> {
    let mut messages = Vec::with_capacity(2 + request.history.len());
    messages.extend(request.system.as_ref().map(|text| message("system", text)));
    messages.extend(request.history.iter().map(BodyJson::from));
    messages.extend(user_message(&request.user));
    for turn in &request.turns {
        messages.push(message("assistant", &turn.assistant));
        messages.push(message("user", &turn.user));
    }
    messages
}

/// A message of a role and its content.
fn message<'a>(role: &'a str, content: impl Into<BodyJson<'a>>) -> BodyJson<'a> {
    BodyJson::object([("role", role.into()), ("content", content.into())])
}

/// The user message of these parts, if there are any; a single text is a string, which every server takes.
fn user_message(parts: &[Part]) -> Option<BodyJson<'_>> {
    match parts {
        [] => None,
        [Part::Text(text)] => Some(message("user", text)),
        parts => Some(message("user", parts.iter().map(part).collect::<BodyJson<'_>>())),
    }
}

/// One part of a user message. Source: docs/wire.md §1.2.
fn part(part: &Part) -> BodyJson<'_> {
    let (kind, content) = match part {
        Part::Text(text) => ("text", text.into()),
        Part::Image { picture, detail } => {
            let mut image = BodyJson::object([("url", picture.into())]);
            image.put_some("detail", detail.as_ref());
            ("image_url", image)
        }
        Part::File { name, media, blob } => {
            ("file", BodyJson::object([("filename", name.into()), ("file_data", BodyJson::DataUrl(media, blob))]))
        }
        Part::Audio { format, blob } => {
            ("input_audio", BodyJson::object([("data", BodyJson::Base64(blob)), ("format", (*format).into())]))
        }
    };
    BodyJson::object([("type", kind.into()), (kind, content)])
}

/// The answer as an assistant message. Empty content is null beside tool calls or a refusal; empty arguments become
/// `{}`, which every chat template reads.
fn assistant_message(response: &Response) -> BodyJson<'_> {
    let bare = response.calls.is_empty() && response.refusal.is_empty();
    let content = if response.text.is_empty() && !bare { BodyJson::Null } else { (&response.text).into() };
    let mut answer = message("assistant", content);
    answer.put_some("refusal", (!response.refusal.is_empty()).then_some(&response.refusal));
    if !response.calls.is_empty() {
        let calls = response.calls.iter().map(|call| {
            let arguments = if call.arguments.trim().is_empty() { "{}" } else { &call.arguments };
            let function = BodyJson::object([("name", (&call.name).into()), ("arguments", arguments.into())]);
            BodyJson::object([("id", (&call.id).into()), ("type", "function".into()), ("function", function)])
        });
        answer.put("tool_calls", calls.collect::<BodyJson<'_>>());
    }
    answer
}

/// `response_format`, unless plain text is asked for.
fn response_format(shape: &Shape) -> Option<BodyJson<'_>> {
    match shape {
        Shape::Text => None,
        Shape::Object => Some(BodyJson::object([("type", "json_object".into())])),
        Shape::Schema(wire) => {
            let mut schema = BodyJson::object([("name", (&wire.name).into())]);
            schema.put_some("description", wire.description.as_ref());
            schema.put("schema", &wire.schema);
            schema.put("strict", wire.strict);
            Some(BodyJson::object([("type", "json_schema".into()), ("json_schema", schema)]))
        }
    }
}

/// One tool, its function nested.
fn tool(tool: &Tool) -> BodyJson<'_> {
    let mut function = BodyJson::object([("name", (&tool.name).into())]);
    function.put_some("description", tool.description.as_ref());
    function.put_some("parameters", tool.parameters.as_ref());
    function.put_some("strict", tool.strict);
    BodyJson::object([("type", "function".into()), ("function", function)])
}

/// `tool_choice`.
fn tool_choice(choice: &ToolChoice) -> BodyJson<'_> {
    match choice {
        ToolChoice::Auto => "auto".into(),
        ToolChoice::None => "none".into(),
        ToolChoice::Required => "required".into(),
        ToolChoice::Named(name) => {
            BodyJson::object([("type", "function".into()), ("function", BodyJson::object([("name", name.into())]))])
        }
    }
}
