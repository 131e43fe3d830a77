//! The model list of a server, in the shapes seen: `{"data":[{"id"}]}` everywhere, `{"models":[{"name"|"slug"}]}` at
//! Ollama and Codex, a bare array at Together.

use serde::Deserialize;

use crate::failure::{Failure, Kind};

/// One entry, whatever its name is called.
#[derive(Deserialize)]
struct Entry {
    /// The name requests use.
    #[serde(alias = "slug", alias = "name")]
    id: String,
}

/// The shapes of the list.
#[derive(Deserialize)]
#[serde(untagged)]
enum List {
    /// As OpenAI tells it.
    Data {
        /// The models.
        data: Vec<Entry>,
    },
    /// As Ollama and Codex tell it.
    Models {
        /// The models.
        models: Vec<Entry>,
    },
    /// As Together tells it.
    Bare(Vec<Entry>),
}

/// The ids a server lists, in its order.
///
/// # Errors
/// [`Kind::Server`] when the body is no model list.
pub(crate) fn ids(place: &str, body: &[u8]) -> Result<Vec<String>, Failure> {
    let list = serde_json::from_slice(body)
        .map_err(|_| Failure::new(Kind::Server, format!("{place} answered"), "this is not a model list"))?;
    let (List::Data { data: entries } | List::Models { models: entries } | List::Bare(entries)) = list;
    Ok(entries.into_iter().map(|entry| entry.id).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_is_read() {
        for body in [
            r#"{"object":"list","data":[{"id":"a","object":"model"},{"id":"b"}]}"#,
            r#"{"models":[{"slug":"a","visibility":"list"},{"slug":"b"}]}"#,
            r#"[{"id":"a"},{"id":"b"}]"#,
        ] {
            assert_eq!(ids("here", body.as_bytes()).unwrap(), ["a", "b"], "{body}");
        }
    }

    #[test]
    fn anything_else_is_a_server_failure() {
        for body in ["<html>", "{}", r#"{"data":null}"#, r#"{"data":[{"x":1}]}"#] {
            assert_eq!(ids("here", body.as_bytes()).unwrap_err().kind, Kind::Server, "{body}");
        }
    }
}
