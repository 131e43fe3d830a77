//! The conversation as Responses input items: history in chat form is converted.
//!
//! Source: docs/wire.md §2.1; the listed form is that of the Codex client (docs/codex.md §3.4).

use std::borrow::Cow;

use serde_json::Value;

use crate::failure::Failure;
use crate::request::{Part, Request};

use crate::wire::body_json::BodyJson;

/// How the text of a message is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextForm {
    /// A single text is a string: the short form of the public API.
    Short,
    /// Always a list of typed parts, and `developer` for `system`, which the Codex backend refuses.
    Listed,
}

/// The items of a request in order: history, the user message, repair turns. System text goes to `instructions`.
///
/// # Errors
/// Usage, naming the message, for what has no form in this API.
pub(super) fn items(request: &Request, form: TextForm) -> Result<Vec<BodyJson<'_>>, Failure> {
    let mut items = Vec::with_capacity(request.history.len() + 1);
    for (place, earlier) in request.history.iter().enumerate() {
        convert(earlier, form, &mut items)
            .map_err(|why| Failure::usage(format!("--messages: message at /{place}"), why))?;
    }
    match request.user.as_slice() {
        [] => {}
        [Part::Text(words)] => items.push(message("user", text(words.into(), "user", form))),
        parts => {
            let parts = parts.iter().map(part).collect::<Result<BodyJson<'_>, _>>()?;
            items.push(message("user", parts));
        }
    }
    for turn in &request.turns {
        items.push(message("assistant", text((&turn.assistant).into(), "assistant", form)));
        items.push(message("user", text((&turn.user).into(), "user", form)));
    }
    Ok(items)
}

/// A message item.
fn message<'a>(role: &'a str, content: BodyJson<'a>) -> BodyJson<'a> {
    BodyJson::object([("type", "message".into()), ("role", role.into()), ("content", content)])
}

/// The content of a message that is one text.
fn text<'a>(words: BodyJson<'a>, role: &str, form: TextForm) -> BodyJson<'a> {
    match form {
        TextForm::Short => words,
        TextForm::Listed => BodyJson::Array(vec![text_part(words, role)]),
    }
}

/// A text part; its type depends on whether the model wrote it.
fn text_part<'a>(words: BodyJson<'a>, role: &str) -> BodyJson<'a> {
    let kind = if role == "assistant" { "output_text" } else { "input_text" };
    BodyJson::object([("type", kind.into()), ("text", words)])
}

/// An image part; `detail` is required, `auto` its neutral value.
fn image_part<'a>(url: BodyJson<'a>, detail: Option<&'a str>) -> BodyJson<'a> {
    let detail = detail.unwrap_or("auto");
    BodyJson::object([("type", "input_image".into()), ("image_url", url), ("detail", detail.into())])
}

/// One part of the user message.
fn part(part: &Part) -> Result<BodyJson<'_>, Failure> {
    Ok(match part {
        Part::Text(words) => text_part(words.into(), "user"),
        Part::Image { picture, detail } => image_part(picture.into(), detail.as_deref()),
        Part::File { name, media, blob } => BodyJson::object([
            ("type", "input_file".into()),
            ("filename", name.into()),
            ("file_data", BodyJson::DataUrl(media, blob)),
        ]),
        Part::Audio { .. } => {
            return Err(Failure::usage("--attach", "the Responses API takes no sound").hint("use --api chat"));
        }
    })
}

/// Appends the items of one chat message: its text and its tool calls. Members without a counterpart (`name`,
/// reasoning) are left out.
///
/// # Errors
/// Why the message has no form here.
fn convert<'a>(chat: &'a Value, form: TextForm, items: &mut Vec<BodyJson<'a>>) -> Result<(), String> {
    let role = member(chat, "role")?;
    match role {
        "tool" => {
            let mut output = BodyJson::object([("type", "function_call_output".into())]);
            output.put("call_id", member(chat, "tool_call_id")?);
            output.put("output", converted_content(&chat["content"], role, TextForm::Short)?.unwrap_or("".into()));
            items.push(output);
        }
        "user" | "assistant" | "system" | "developer" => {
            let shown = if role == "system" && form == TextForm::Listed { "developer" } else { role };
            let words = converted_content(&chat["content"], role, form)?;
            items.extend(words.map(|words| message(shown, words)));
            if let Some(refusal) = chat["refusal"].as_str() {
                items.push(message(role, BodyJson::Array(vec![refusal_part(refusal)])));
            }
            for call in chat["tool_calls"].as_array().into_iter().flatten() {
                items.push(tool_call(call)?);
            }
        }
        other => return Err(format!("the Responses API has no role '{other}'")),
    }
    Ok(())
}

/// The content of a chat message; `None` where it is empty.
fn converted_content<'a>(given: &'a Value, role: &str, form: TextForm) -> Result<Option<BodyJson<'a>>, String> {
    match given {
        Value::Null => Ok(None),
        Value::String(words) if words.is_empty() && role == "assistant" => Ok(None),
        Value::String(words) => Ok(Some(text(words.into(), role, form))),
        Value::Array(parts) => parts.iter().map(|part| converted_part(part, role)).collect::<Result<_, _>>().map(Some),
        _ => Err("its content is neither text nor a list of parts".into()),
    }
}

/// One part of a chat message; a part in Responses form stays as it is.
fn converted_part<'a>(part: &'a Value, role: &str) -> Result<BodyJson<'a>, String> {
    match member(part, "type")? {
        "text" => Ok(text_part(member(part, "text")?.into(), role)),
        "refusal" => Ok(refusal_part(member(part, "refusal")?)),
        "image_url" => {
            let image = &part["image_url"];
            let url = image.as_str().map_or_else(|| member(image, "url"), Ok)?;
            Ok(image_part(url.into(), image["detail"].as_str()))
        }
        "file" => {
            let mut file = BodyJson::object([("type", "input_file".into())]);
            for (key, value) in part["file"].as_object().into_iter().flatten() {
                file.put(key, value);
            }
            Ok(file)
        }
        "input_text" | "input_image" | "input_file" | "output_text" => Ok(part.into()),
        other => Err(format!("the Responses API has no part of type '{other}'")),
    }
}

/// A refusal part.
fn refusal_part(words: &str) -> BodyJson<'_> {
    BodyJson::object([("type", "refusal".into()), ("refusal", words.into())])
}

/// A tool call of an assistant message as an item of its own.
fn tool_call(call: &Value) -> Result<BodyJson<'_>, String> {
    let id = member(call, "id")?;
    if call["type"] == "custom" {
        let custom = &call["custom"];
        let mut item = BodyJson::object([("type", "custom_tool_call".into()), ("call_id", id.into())]);
        item.put("name", member(custom, "name")?);
        item.put("input", member(custom, "input")?);
        return Ok(item);
    }
    let function = &call["function"];
    let arguments = match &function["arguments"] {
        Value::String(text) => text.into(),
        Value::Null => "{}".into(),
        // Some servers send arguments as an object; Responses takes a string.
        value => BodyJson::Plain(Cow::Owned(value.to_string())),
    };
    let mut item = BodyJson::object([("type", "function_call".into()), ("call_id", id.into())]);
    item.put("name", member(function, "name")?);
    item.put("arguments", arguments);
    Ok(item)
}

/// A member that must be a string.
fn member<'a>(object: &'a Value, key: &str) -> Result<&'a str, String> {
    object[key].as_str().ok_or_else(|| format!("it has no text in '{key}'"))
}
