//! The sizes beyond which strict servers refuse a schema. Source: docs/wire.md §1.4.

use serde_json::Value;

/// Properties in total.
const PROPERTIES: usize = 5000;
/// Levels of objects in objects.
const LEVELS: usize = 10;
/// Characters of property names, definition names, enum and const strings in total.
const CHARACTERS: usize = 120_000;
/// Enum values in total.
const VALUES: usize = 1000;
/// Strings in one enum, above which their characters are counted.
const LONG_ENUM: usize = 250;
/// Characters of the strings in one long enum.
const ENUM_CHARACTERS: usize = 15_000;

/// Sizes of a schema.
#[derive(Debug, Default)]
struct Sizes {
    /// Properties.
    properties: usize,
    /// The deepest level of objects.
    levels: usize,
    /// Characters of names and values.
    characters: usize,
    /// Enum values.
    values: usize,
    /// The most characters of the strings in one long enum.
    enum_characters: usize,
}

/// The limits that a schema exceeds, in words.
pub(super) fn excesses(schema: &Value) -> Vec<String> {
    let mut sizes = Sizes::default();
    measure(schema, 0, &mut sizes);
    [
        (sizes.properties, PROPERTIES, "properties"),
        (sizes.levels, LEVELS, "levels of objects"),
        (sizes.characters, CHARACTERS, "characters of names and values"),
        (sizes.values, VALUES, "enum values"),
        (sizes.enum_characters, ENUM_CHARACTERS, "characters in one enum"),
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
