//! `--tools` and `--tool-choice`: reads tool files of every known form into one list of tools.
//!
//! The forms are OpenAI's chat form, bare function objects, the flat form of Responses, and the tools of an MCP server
//! (`tools/list`). `schema` checks that the parameters are a valid schema.

use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::request::{Tool, ToolChoice};

/// The members of a function; any other would be dropped, so it is refused.
const MEMBERS: [&str; 5] = ["type", "name", "description", "parameters", "strict"];

/// Longest name of a tool, in characters. Source: docs/wire.md §1.3.
const LONGEST_NAME: usize = 64;

/// A tool file: its path, for messages, and its bytes.
pub(crate) type ToolFile = (String, Vec<u8>);

/// The tools of all files in order.
///
/// # Errors
/// Usage, with file and JSON pointer, for anything but function tools, for a bad name, for parameters that are no schema
/// of an object, and for a name that comes twice.
pub(crate) fn parse(files: &[ToolFile]) -> Result<Vec<Tool>, Failure> {
    let mut tools: Vec<(Tool, &str)> = Vec::new();
    for (path, bytes) in files {
        let fail = |why: String| Failure::usage(format!("'{path}' (from --tools)"), why);
        let value: Value = serde_json::from_slice(bytes).map_err(|error| fail(format!("not JSON: {error}")))?;
        let mut found = Vec::new();
        collect(&value, "", &mut found).map_err(fail)?;
        if found.is_empty() {
            return Err(fail("there is no tool in it".into()));
        }
        for tool in found {
            if let Some((_, first)) = tools.iter().find(|(known, _)| known.name == tool.name) {
                return Err(fail(format!("the tool '{}' is also in '{first}'", tool.name)));
            }
            tools.push((tool, path));
        }
    }
    Ok(tools.into_iter().map(|(tool, _)| tool).collect())
}

/// Parses `--tool-choice`: `auto`, `none`, `required`, or the name of one of `tools`.
///
/// # Errors
/// Usage, naming the closest tool, for any other word.
pub(crate) fn parse_choice(word: &str, tools: &[Tool]) -> Result<ToolChoice, Failure> {
    match word {
        "auto" => Ok(ToolChoice::Auto),
        "none" => Ok(ToolChoice::None),
        "required" => Ok(ToolChoice::Required),
        name if tools.iter().any(|tool| tool.name == name) => Ok(ToolChoice::Named(name.to_owned())),
        name => {
            let names = tools.iter().map(|tool| tool.name.as_str()).chain(["auto", "none", "required"]);
            let closest = names.min_by_key(|known| strsim::damerau_levenshtein(name, known)).unwrap_or_default();
            let failure = Failure::usage(format!("--tool-choice '{name}'"), "no tool has this name");
            Err(failure.hint(format!("did you mean '{closest}'?")))
        }
    }
}

/// Adds the tools of a document, or of its part at `pointer`.
fn collect(value: &Value, pointer: &str, tools: &mut Vec<Tool>) -> Result<(), String> {
    let here = if pointer.is_empty() { "it" } else { pointer };
    match value {
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                collect(item, &format!("{pointer}/{place}"), tools)?;
            }
            Ok(())
        }
        Value::Object(object) => match (object.get("result"), object.get("tools"), object.get("error")) {
            // The reply of an MCP server, with or without its JSON-RPC envelope.
            (Some(result @ Value::Object(_)), None, _) => collect(result, &format!("{pointer}/result"), tools),
            (_, Some(list @ Value::Array(_)), _) => collect(list, &format!("{pointer}/tools"), tools),
            (None, None, Some(error)) if !object.contains_key("name") => {
                Err(format!("it is an error: {}", error["message"].as_str().unwrap_or_default()))
            }
            _ => {
                let tool = function_object(object).and_then(tool).map_err(|why| format!("{here} {why}"))?;
                if tools.iter().any(|known| known.name == tool.name) {
                    return Err(format!("{here} is the second tool of the name '{}'", tool.name));
                }
                tools.push(tool);
                Ok(())
            }
        },
        _ => Err(format!("{here} is no tool, but a JSON value of another kind")),
    }
}

/// The object with the members of the function: nested in chat form, else the tool itself.
fn function_object(object: &Map<String, Value>) -> Result<&Map<String, Value>, String> {
    match object.get("type").map(|kind| kind.as_str().unwrap_or_default()) {
        None | Some("function") => {}
        Some(kind) => return Err(format!("is a tool of type '{kind}': only functions can be offered")),
    }
    match object.get("function") {
        None => Ok(object),
        Some(Value::Object(function)) => Ok(function),
        Some(_) => Err("has a 'function' that is no object".into()),
    }
}

/// The tool of an object with the members of a function.
fn tool(object: &Map<String, Value>) -> Result<Tool, String> {
    let Some(Value::String(name)) = object.get("name") else {
        return Err("has no 'name'".into());
    };
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(legal) {
        return Err(format!("has the name '{name:.64}': a name is 1 to {LONGEST_NAME} of A-Z, a-z, 0-9, _ and -"));
    }
    // MCP tools have further members that are not for the model.
    let from_mcp = object.contains_key("inputSchema");
    if let Some(unknown) = object.keys().find(|key| !from_mcp && !MEMBERS.contains(&key.as_str())) {
        return Err(format!("('{name}') has a member '{unknown:.64}', which no function has"));
    }
    let description = match object.get("description") {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.clone()),
        Some(_) => return Err(format!("('{name}') has a description that is no text")),
    };
    let strict = match object.get("strict") {
        None | Some(Value::Null) => None,
        Some(Value::Bool(strict)) => Some(*strict),
        Some(_) => return Err(format!("('{name}') has a 'strict' that is neither true nor false")),
    };
    let parameters = parameters(object.get(if from_mcp { "inputSchema" } else { "parameters" }))
        .map_err(|why| format!("('{name}') has parameters that are {why}"))?;
    Ok(Tool { name: name.clone(), description, parameters, strict })
}

/// The schema of the parameters, which must be one of an object, as arguments always are.
fn parameters(given: Option<&Value>) -> Result<Option<Value>, &'static str> {
    match given {
        None | Some(Value::Null) => Ok(None),
        Some(schema @ Value::Object(members)) => match members.get("type") {
            Some(kind) if kind != "object" => Err("no schema of an object"),
            _ => Ok(Some(schema.clone())),
        },
        Some(_) => Err("no schema"),
    }
}

#[cfg(test)]
mod tests;
