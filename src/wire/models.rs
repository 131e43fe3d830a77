//! The model list of a server, in the shapes seen: `{"data":[{"id"}]}` everywhere, `{"models":[{"name"|"slug"}]}` at
//! Ollama and Codex, a bare array at Together. OpenRouter and Mistral add a `name` for display to the `id`.

use serde::Deserialize;

use crate::failure::{Failure, Kind};

/// One model; its name stands in one of three members.
#[derive(Deserialize)]
struct ModelEntry {
    /// The name in requests, nearly everywhere.
    id: Option<String>,
    /// The same at Codex.
    slug: Option<String>,
    /// The same where there is neither.
    name: Option<String>,
    /// Codex: `list` for a model that may be shown.
    visibility: Option<String>,
}

impl ModelEntry {
    /// The name in requests; `None` for an entry without one.
    fn requested(self) -> Option<String> {
        self.id.or(self.slug).or(self.name)
    }

    /// True for a model that may be shown. Source: docs/codex.md §3.4.
    fn is_listed(&self) -> bool {
        self.visibility.as_deref().is_none_or(|visibility| visibility == "list")
    }
}

/// The shapes of the list.
#[derive(Deserialize)]
#[serde(untagged)]
enum ModelList {
    /// OpenAI and most others.
    Data {
        /// The models.
        data: Vec<ModelEntry>,
    },
    /// Ollama and Codex.
    Models {
        /// The models.
        models: Vec<ModelEntry>,
    },
    /// Together.
    Bare(Vec<ModelEntry>),
}

/// The ids a server lists, in its order.
///
/// # Errors
/// [`Kind::Server`] when the body is no model list.
pub(crate) fn ids(place: &str, body: &[u8]) -> Result<Vec<String>, Failure> {
    let strange = || Failure::new(Kind::Server, format!("{place} answered"), "this is not a model list");
    let list = serde_json::from_slice(body).map_err(|_| strange())?;
    let (ModelList::Data { data: entries } | ModelList::Models { models: entries } | ModelList::Bare(entries)) = list;
    entries.into_iter().filter(ModelEntry::is_listed).map(|entry| entry.requested().ok_or_else(strange)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_is_read() {
        for body in [
            r#"{"object":"list","data":[{"id":"a","object":"model"},{"id":"b"}]}"#,
            r#"{"models":[{"slug":"a","visibility":"list"},{"slug":"hidden","visibility":"hide"},{"slug":"b"}]}"#,
            r#"{"models":[{"name":"a"},{"name":"b"}]}"#,
            r#"[{"id":"a"},{"id":"b"}]"#,
            r#"{"data":[{"id":"a","canonical_slug":"a-1","name":"Vendor: A"},{"id":"b","name":null}]}"#,
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
