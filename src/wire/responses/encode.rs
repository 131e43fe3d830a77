//! Encodes a request as the body of `POST /responses`. [`fields`] is what Codex has in common with it.

use crate::failure::Failure;
use crate::request::{Endpoint, Part, Request, Shape, Tool, ToolChoice};

use super::input::{self, TextForm};
use crate::wire::body_json::BodyJson;

/// The body of `request`, without the user's own fields (`-o`). The server stores the answer only if these ask for it.
///
/// # Errors
/// Usage, for a part the API has no form for.
pub(super) fn body<'a>(request: &'a Request, endpoint: &Endpoint) -> Result<BodyJson<'a>, Failure> {
    let mut body = fields(request, endpoint, TextForm::Short)?;
    body.put_some("instructions", request.system.as_ref());
    body.put("stream", request.stream);
    Ok(body)
}

/// The fields that Responses and Codex have in common: all but `instructions` and `stream`.
///
/// # Errors
/// Usage, for a part neither has a form for.
pub(crate) fn fields<'a>(request: &'a Request, endpoint: &Endpoint, form: TextForm) -> Result<BodyJson<'a>, Failure> {
    let mut body = BodyJson::Object(Vec::with_capacity(8));
    body.put_some("model", (!request.model.is_empty()).then_some(&request.model));
    body.put("input", input(request, form)?);
    let is_in_text = |path: &str| path.starts_with("text.");
    body.set_fields(endpoint.fields(&request.sampling).filter(|(path, _)| !is_in_text(path)));
    body.put_some("text", format(&request.shape).map(|format| BodyJson::object([("format", format)])));
    body.set_fields(endpoint.fields(&request.sampling).filter(|(path, _)| is_in_text(path)));
    if !request.tools.is_empty() {
        body.put("tools", request.tools.iter().map(tool).collect::<BodyJson<'_>>());
    }
    body.put_some("tool_choice", request.tool_choice.as_ref().map(tool_choice));
    body.put_some("parallel_tool_calls", request.parallel_tools);
    body.put("store", false);
    Ok(body)
}

/// `input`: a string for a single text where the API takes it, else a list of items.
fn input(request: &Request, form: TextForm) -> Result<BodyJson<'_>, Failure> {
    match (form, request.history.as_slice(), request.user.as_slice(), request.turns.as_slice()) {
        (TextForm::Short, [], [Part::Text(text)], []) => Ok(text.into()),
        _ => input::items(request, form).map(BodyJson::Array),
    }
}

/// The format of the answer, unless plain text is asked for.
fn format(shape: &Shape) -> Option<BodyJson<'_>> {
    match shape {
        Shape::Text => None,
        Shape::Object => Some(BodyJson::object([("type", "json_object".into())])),
        Shape::Schema(wire) => {
            let mut format = BodyJson::object([("type", "json_schema".into()), ("name", (&wire.name).into())]);
            format.put_some("description", wire.description.as_ref());
            format.put("schema", &wire.schema);
            format.put("strict", wire.strict);
            Some(format)
        }
    }
}

/// One tool, without nesting. `strict` and `parameters` are always sent: the API requires both, and without `strict`
/// some servers turn it on.
fn tool(tool: &Tool) -> BodyJson<'_> {
    let mut flat = BodyJson::object([("type", "function".into()), ("name", (&tool.name).into())]);
    flat.put_some("description", tool.description.as_ref());
    flat.put("parameters", tool.parameters.as_ref().map_or_else(no_parameters, BodyJson::from));
    flat.put("strict", tool.strict.unwrap_or(false));
    flat
}

/// The schema of a tool that takes nothing.
fn no_parameters<'a>() -> BodyJson<'a> {
    let none = BodyJson::Object(Vec::new());
    BodyJson::object([("type", "object".into()), ("properties", none), ("additionalProperties", false.into())])
}

/// `tool_choice`.
fn tool_choice(choice: &ToolChoice) -> BodyJson<'_> {
    match choice {
        ToolChoice::Auto => "auto".into(),
        ToolChoice::None => "none".into(),
        ToolChoice::Required => "required".into(),
        ToolChoice::Named(name) => BodyJson::object([("type", "function".into()), ("name", name.into())]),
    }
}
