//! Sets of JSON types.

use serde_json::Value;

/// The names of the types, in the order of their bits.
const NAMES: [&str; 7] = ["string", "number", "integer", "boolean", "object", "array", "null"];

/// A set of JSON types.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Types(u8);

impl Types {
    /// `number`, which holds `integer`.
    const NUMBER: Self = Self(1 << 1);
    /// `integer`
    const INTEGER: Self = Self(1 << 2);

    /// The set of one type by its name; empty for another word.
    pub(super) fn named(name: &str) -> Self {
        NAMES.iter().position(|known| *known == name).map_or(Self(0), |bit| Self(1 << bit))
    }

    /// The set that the value of `type` names.
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Array(names) => names.iter().fold(Self(0), |types, name| types.with(Self::of(name))),
            name => Self::named(name.as_str().unwrap_or_default()),
        }
    }

    /// The type of a JSON value; numbers without a fraction count as integers.
    pub(super) fn of_value(value: &Value) -> Self {
        Self::named(match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        })
    }

    /// Both sets together.
    pub(super) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The types in both sets; an integer is a number.
    pub(super) fn narrowed(self, other: Self) -> Self {
        let both = Self(self.0 & other.0);
        let is_number = |types: Self| types.0 & (Self::NUMBER.0 | Self::INTEGER.0) != 0;
        if is_number(self) && is_number(other) && !is_number(both) { both.with(Self::INTEGER) } else { both }
    }

    /// True when the set holds the type of this name; `integer` is held by `number` too.
    pub(super) fn has(self, name: &str) -> bool {
        self.0 & Self::named(name).0 != 0 || (name == "integer" && self.0 & Self::NUMBER.0 != 0)
    }

    /// True for the empty set.
    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// True when the set is this one type.
    pub(super) fn is_only(self, name: &str) -> bool {
        self == Self::named(name)
    }

    /// The names in the set.
    pub(super) fn names(self) -> impl Iterator<Item = &'static str> {
        NAMES.into_iter().enumerate().filter(move |(bit, _)| self.0 & (1 << bit) != 0).map(|(_, name)| name)
    }

    /// The value of `type` for the set.
    pub(super) fn to_value(self) -> Value {
        let names: Vec<Value> = self.names().map(Value::from).collect();
        match <[Value; 1]>::try_from(names) {
            Ok([name]) => name,
            Err(names) => Value::Array(names),
        }
    }
}
