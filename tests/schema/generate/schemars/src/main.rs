//! Schemas as schemars derives them. Run by ../run with schemars 1.2.3.
#![expect(dead_code, reason = "the fields are there for the schema")]

use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

/// A step of a plan.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Step {
    /// What to do.
    action: String,
    /// How long it takes.
    minutes: Option<u32>,
    #[serde(default)]
    done: bool,
    status: Status,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Status {
    /// Not begun.
    Open,
    /// Under way.
    InProgress,
    Closed,
}

#[derive(Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Event {
    Key { code: u8, #[serde(default)] shift: bool },
    Click { x: i32, y: i32 },
    Quit,
}

#[derive(Deserialize, JsonSchema)]
enum External {
    Unit,
    Newtype(f64),
    Tuple(String, bool),
    Struct { a: i64 },
}

#[derive(Deserialize, JsonSchema)]
struct Log {
    events: Vec<Event>,
    last: Option<Event>,
}

/// A binary tree.
#[derive(Deserialize, JsonSchema)]
struct Tree {
    value: i64,
    left: Option<Box<Tree>>,
    right: Option<Box<Tree>>,
}

#[derive(Deserialize, JsonSchema)]
struct Meeting {
    #[schemars(length(min = 1, max = 20), regex(pattern = r"^\S"))]
    title: String,
    start: chrono::DateTime<chrono::Utc>,
    day: chrono::NaiveDate,
    #[schemars(range(min = 1, max = 99))]
    seats: u8,
    #[serde(flatten)]
    place: Place,
}

#[derive(Deserialize, JsonSchema)]
struct Place {
    room: String,
    floor: Option<i8>,
}

#[derive(Deserialize, JsonSchema)]
struct Maps {
    by_name: BTreeMap<String, Vec<u64>>,
}

/// Writes one case; serde must take every valid document.
fn write<T: JsonSchema + for<'d> Deserialize<'d>>(name: &str, settings: SchemaSettings, valid: Value, invalid: Value) {
    for document in valid.as_array().expect("a list") {
        serde_json::from_value::<T>(document.clone()).unwrap_or_else(|flaw| panic!("{name}: {document}: {flaw}"));
    }
    let schema = settings.into_generator().into_root_schema_for::<T>();
    let case = json!({ "source": format!("schemars 1.2.3: {name}"), "schema": schema, "valid": valid, "invalid": invalid });
    let folder = std::env::args().nth(1).expect("a folder");
    let text = serde_json::to_string_pretty(&case).expect("JSON") + "\n";
    std::fs::write(format!("{folder}/schemars-{name}.json"), text).expect("a folder that can be written to");
}

fn main() {
    let latest = SchemaSettings::draft2020_12;
    write::<Step>(
        "step",
        latest(),
        json!([{ "action": "a", "minutes": 5, "done": true, "status": "open" }, { "action": "a", "minutes": null, "status": "in_progress" }]),
        json!([{ "action": "a" }, { "action": "a", "minutes": -1, "status": "open" }, { "action": "a", "status": "gone" }, { "action": "a", "status": "open", "x": 1 }]),
    );
    write::<Log>(
        "tagged",
        latest(),
        json!([{ "events": [{ "type": "key", "code": 65 }, { "type": "click", "x": 1, "y": -2 }, { "type": "quit" }], "last": null }, { "events": [], "last": { "type": "key", "code": 1, "shift": true } }]),
        json!([{ "events": [{ "type": "click", "x": 1 }] }, { "events": [{ "type": "key", "code": 256 }] }, { "events": [{ "type": "drag" }] }]),
    );
    write::<External>(
        "external",
        latest(),
        json!(["Unit", { "Newtype": 1.5 }, { "Tuple": ["x", true] }, { "Struct": { "a": 1 } }]),
        json!(["unit", { "Newtype": "1" }, { "Tuple": ["x"] }, { "Struct": {} }, { "Newtype": 1, "Struct": { "a": 1 } }]),
    );
    write::<Tree>(
        "tree",
        latest(),
        json!([{ "value": 1 }, { "value": 1, "left": { "value": 2, "left": null, "right": null }, "right": null }]),
        json!([{}, { "value": 1, "left": { "right": null } }]),
    );
    write::<Tree>(
        "tree-draft-7",
        SchemaSettings::draft07(),
        json!([{ "value": 1 }, { "value": 1, "left": { "value": 2, "left": null, "right": null }, "right": null }]),
        json!([{}, { "value": 1, "left": { "right": null } }]),
    );
    write::<Meeting>(
        "meeting",
        latest(),
        json!([{ "title": "x", "start": "2026-11-22T10:00:00Z", "day": "2026-11-22", "seats": 3, "room": "r", "floor": -1 }]),
        json!([
            { "title": "", "start": "2026-11-22T10:00:00Z", "day": "2026-11-22", "seats": 3, "room": "r" },
            { "title": " x", "start": "2026-11-22T10:00:00Z", "day": "2026-11-22", "seats": 3, "room": "r" },
            { "title": "x", "start": "noon", "day": "2026-11-22", "seats": 3, "room": "r" },
            { "title": "x", "start": "2026-11-22T10:00:00Z", "day": "2026-11-22", "seats": 0, "room": "r" },
            { "title": "x", "start": "2026-11-22T10:00:00Z", "day": "2026-11-22", "seats": 3 }
        ]),
    );
    write::<Maps>("maps", latest(), json!([{ "by_name": {} }, { "by_name": { "a": [1, 2] } }]), json!([{}, { "by_name": { "a": [-1] } }]));
}
