//! The sizes beyond which strict servers refuse a schema. Source: docs/wire.md §1.4.

use serde_json::Value;

/// Strings in one enum, above which their characters are counted.
const LONG_ENUM: usize = 250;

/// Sizes of a schema.
#[derive(Debug, Default)]
struct Sizes {
    /// Properties in total.
    properties: usize,
    /// The deepest level of objects in objects.
    levels: usize,
    /// Characters of property names, definition names, enum and const strings in total.
    characters: usize,
    /// Enum values in total.
    values: usize,
    /// The most characters of the strings in one long enum.
    enum_characters: usize,
}

/// The limits that a schema exceeds, in words.
pub(super) fn excesses(schema: &Value) -> Vec<String> {
    let mut sizes = Sizes::default();
    measure(schema, 0, &mut sizes);
    [
        (sizes.properties, 5_000, "properties"),
        (sizes.levels, 10, "levels of objects"),
        (sizes.characters, 120_000, "characters of names and values"),
        (sizes.values, 1_000, "enum values"),
        (sizes.enum_characters, 15_000, "characters in one enum"),
    ]
    .into_iter()
    .filter(|(size, limit, _)| size > limit)
    .map(|(size, limit, what)| format!("{size} {what}, where {limit} are allowed"))
    .collect()
}

/// Adds up the sizes of a rewritten schema that stands `outer` levels of objects deep.
fn measure(schema: &Value, outer: usize, sizes: &mut Sizes) {
    let level = outer + usize::from(schema["properties"].is_object());
    sizes.levels = sizes.levels.max(level);
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        sizes.properties += 1;
        sizes.characters += name.chars().count();
        measure(property, level, sizes);
    }
    for (name, definition) in schema["$defs"].as_object().into_iter().flatten() {
        sizes.characters += name.chars().count();
        measure(definition, 0, sizes);
    }
    measure_values(schema, sizes);
    if let Some(items) = schema.get("items") {
        measure(items, level, sizes);
    }
    for branch in schema["anyOf"].as_array().into_iter().flatten() {
        measure(branch, level, sizes);
    }
}

/// Adds up the enum values and constants of one schema.
fn measure_values(schema: &Value, sizes: &mut Sizes) {
    let values = schema["enum"].as_array().map_or(&[] as &[Value], Vec::as_slice);
    let characters = |value: &Value| value.as_str().map_or(0, |text| text.chars().count());
    let all: usize = values.iter().map(characters).sum();
    sizes.values += values.len();
    sizes.characters += all + characters(&schema["const"]);
    if values.len() > LONG_ENUM {
        sizes.enum_characters = sizes.enum_characters.max(all);
    }
}
