//! Writes the tables of README and docs.

use lmpipe::sources::{exits, providers};

use super::topics::ENVIRONMENT;

/// The exit table.
pub fn exit_table() -> String {
    let rows = exits()
        .into_iter()
        .map(|exit| format!("| {} | {} | {} |\n", exit.code, exit.meaning, if exit.retryable { "yes" } else { "" }));
    format!("| code | meaning | worth retrying |\n|---|---|---|\n{}", rows.collect::<String>())
}

/// The environment.
pub fn environment_table() -> String {
    let rows = ENVIRONMENT.iter().map(|(names, meaning)| {
        let names = names.split(", ").map(|name| if name == "..." { name.to_owned() } else { format!("`{name}`") });
        format!("| {} | {meaning} |\n", names.collect::<Vec<_>>().join(", "))
    });
    format!("| variable | meaning |\n|---|---|\n{}", rows.collect::<String>())
}

/// The presets: name, base URL, and the variables of the key.
pub fn provider_table() -> String {
    let rows = providers().into_iter().map(|preset| {
        let keys: Vec<_> = preset.keys.iter().map(|name| format!("`{name}`")).collect();
        let url = if preset.base_url.is_empty() { "your own".to_owned() } else { format!("`{}`", preset.base_url) };
        format!("| `{}` | {url} | {} |\n", preset.name, keys.join(", "))
    });
    format!("| provider | base URL | key |\n|---|---|---|\n{}", rows.collect::<String>())
}
