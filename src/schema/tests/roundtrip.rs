//! Rewrite, answer as a strict server, map back: generated documents of generated schemas come back unchanged.

use proptest::prelude::*;

use super::*;

/// A schema that is generated together with documents of it.
#[derive(Clone, Debug)]
enum Kind {
    Text,
    Long,
    Date,
    Integer,
    Number,
    Boolean,
    Null,
    Choice(Vec<u8>),
    Constant(u8),
    List(Box<Kind>),
    Pair(Box<Kind>, Box<Kind>),
    Record(Vec<Field>, bool),
    /// Objects told apart by a constant, under `oneOf` or `anyOf`.
    Tagged(Vec<Vec<Field>>, bool),
    /// Objects with keys of their own.
    Shapes(Vec<Vec<Field>>),
    /// Objects merged by `allOf`.
    Merged(Vec<Vec<Field>>),
    /// Itself or null.
    Nullable(Box<Kind>),
    /// A reference to the recursive definition, with a description beside it or not.
    Node(bool),
}

/// A property.
#[derive(Clone, Debug)]
struct Field {
    kind: Kind,
    is_optional: bool,
}

impl Kind {
    fn schema(&self) -> Value {
        match self {
            Self::Text => json!({ "type": "string" }),
            Self::Long => json!({ "type": "string", "minLength": 2, "pattern": "^[a-z]+$" }),
            Self::Date => json!({ "type": "string", "format": "date", "default": "2020-01-01" }),
            Self::Integer => json!({ "type": "integer", "minimum": 0 }),
            Self::Number => json!({ "type": "number" }),
            Self::Boolean => json!({ "type": "boolean" }),
            Self::Null => json!({ "type": "null" }),
            Self::Choice(values) => {
                json!({ "enum": values.iter().map(|value| format!("c{value}")).collect::<Vec<_>>() })
            }
            Self::Constant(value) => json!({ "const": value }),
            Self::List(items) => json!({ "type": "array", "items": items.schema(), "uniqueItems": false }),
            Self::Pair(first, rest) => {
                json!({ "type": "array", "prefixItems": [first.schema()], "items": rest.schema() })
            }
            Self::Record(fields, is_closed) => {
                let mut schema = record("k", fields);
                if *is_closed {
                    schema["additionalProperties"] = Value::Bool(false);
                }
                schema
            }
            Self::Tagged(variants, is_one) => {
                let keyword = if *is_one { "oneOf" } else { "anyOf" };
                let variants: Vec<Value> =
                    variants.iter().enumerate().map(|(tag, fields)| tagged(tag, fields)).collect();
                json!({ keyword: variants })
            }
            Self::Shapes(variants) => {
                let shape = |(index, fields): (usize, &Vec<Field>)| {
                    let mut schema = record(&format!("s{index}"), fields);
                    schema["additionalProperties"] = Value::Bool(false);
                    schema["required"].as_array_mut().unwrap().push(json!(format!("own{index}")));
                    schema["properties"][format!("own{index}")] = json!({ "type": "boolean" });
                    schema
                };
                json!({ "anyOf": variants.iter().enumerate().map(shape).collect::<Vec<_>>() })
            }
            Self::Merged(parts) => {
                let parts: Vec<Value> =
                    parts.iter().enumerate().map(|(index, fields)| record(&format!("m{index}"), fields)).collect();
                json!({ "allOf": parts, "description": "merged" })
            }
            Self::Nullable(kind) => json!({ "anyOf": [kind.schema(), { "type": "null" }], "title": "maybe" }),
            Self::Node(false) => json!({ "$ref": "#/$defs/node" }),
            Self::Node(true) => json!({ "$ref": "#/$defs/node", "description": "a node" }),
        }
    }

    fn accepts_null(&self) -> bool {
        matches!(self, Self::Null | Self::Nullable(_))
    }

    fn documents(&self) -> BoxedStrategy<Value> {
        match self.clone() {
            Self::Text => "[a-z\\\\\"é ]{0,4}".prop_map(Value::from).boxed(),
            Self::Long => "[a-z]{2,4}".prop_map(Value::from).boxed(),
            Self::Date => Just(json!("2024-02-29")).boxed(),
            Self::Integer => (0..1000u32).prop_map(Value::from).boxed(),
            Self::Number => (-9..9i8).prop_map(|number| json!(f64::from(number) / 4.0)).boxed(),
            Self::Boolean => any::<bool>().prop_map(Value::from).boxed(),
            Self::Null => Just(Value::Null).boxed(),
            Self::Choice(values) => prop::sample::select(values).prop_map(|value| json!(format!("c{value}"))).boxed(),
            Self::Constant(value) => Just(json!(value)).boxed(),
            Self::List(items) => prop::collection::vec(items.documents(), 0..3).prop_map(Value::from).boxed(),
            Self::Pair(first, rest) => (first.documents(), prop::collection::vec(rest.documents(), 0..2))
                .prop_map(|(first, rest)| Value::Array([vec![first], rest].concat()))
                .boxed(),
            Self::Record(fields, _) => members("k", &fields),
            Self::Tagged(variants, _) => {
                let variants: Vec<_> = variants
                    .iter()
                    .enumerate()
                    .map(|(tag, fields)| with(members("t", fields), "tag", json!(format!("v{tag}"))))
                    .collect();
                proptest::strategy::Union::new(variants).boxed()
            }
            Self::Shapes(variants) => {
                let variants: Vec<_> = variants
                    .iter()
                    .enumerate()
                    .map(|(index, fields)| {
                        with(members(&format!("s{index}"), fields), &format!("own{index}"), json!(true))
                    })
                    .collect();
                proptest::strategy::Union::new(variants).boxed()
            }
            Self::Merged(parts) => {
                let parts: Vec<_> =
                    parts.iter().enumerate().map(|(index, fields)| members(&format!("m{index}"), fields)).collect();
                let merge = |parts: Vec<Value>| {
                    parts
                        .into_iter()
                        .flat_map(|part| part.as_object().unwrap().clone())
                        .collect::<serde_json::Map<_, _>>()
                };
                parts.prop_map(move |parts| Value::Object(merge(parts))).boxed()
            }
            Self::Nullable(kind) => prop_oneof![Just(Value::Null), kind.documents()].boxed(),
            Self::Node(_) => nodes().boxed(),
        }
    }
}

/// The schema of an object.
fn record(prefix: &str, fields: &[Field]) -> Value {
    let name = |index: usize| format!("{prefix}{index}");
    let properties: serde_json::Map<_, _> =
        fields.iter().enumerate().map(|(index, field)| (name(index), field.kind.schema())).collect();
    let required: Vec<_> =
        fields.iter().enumerate().filter(|(_, field)| !field.is_optional).map(|(index, _)| name(index)).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

/// The schema of an object with a constant.
fn tagged(tag: usize, fields: &[Field]) -> Value {
    let mut schema = record("t", fields);
    let mut properties = serde_json::Map::new();
    properties.insert("tag".to_owned(), json!({ "type": "string", "const": format!("v{tag}") }));
    properties.extend(schema["properties"].as_object().unwrap().clone());
    schema["properties"] = Value::Object(properties);
    schema["required"].as_array_mut().unwrap().push(json!("tag"));
    schema
}

/// Documents of an object. What may be null and absent is there: absent and null are one on the way back.
fn members(prefix: &str, fields: &[Field]) -> BoxedStrategy<Value> {
    let members: Vec<BoxedStrategy<Option<Value>>> = fields
        .iter()
        .map(|field| {
            let value = field.kind.documents().prop_map(Some);
            match field.is_optional && !field.kind.accepts_null() {
                true => prop_oneof![Just(None), value].boxed(),
                false => value.boxed(),
            }
        })
        .collect();
    let prefix = prefix.to_owned();
    let name = move |(index, value): (usize, Option<Value>)| Some((format!("{prefix}{index}"), value?));
    members.prop_map(move |values| values.into_iter().enumerate().filter_map(&name).collect()).boxed()
}

/// The same documents with a member in front.
fn with(documents: BoxedStrategy<Value>, name: &str, value: Value) -> BoxedStrategy<Value> {
    let first = (name.to_owned(), value);
    let put = move |document: Value| {
        [first.clone()].into_iter().chain(document.as_object().unwrap().clone()).collect::<serde_json::Map<_, _>>()
    };
    documents.prop_map(move |document| Value::Object(put(document))).boxed()
}

/// The definition that refers to itself.
fn node() -> Value {
    json!({
        "type": "object",
        "properties": {
            "id": { "type": "integer" },
            "next": { "$ref": "#/$defs/node", "description": "the next" },
            "kids": { "type": "array", "items": { "$ref": "#/$defs/node" } },
        },
        "required": ["id"],
    })
}

/// Documents of it.
fn nodes() -> impl Strategy<Value = Value> {
    let leaf = (0..9i32).prop_map(|id| json!({ "id": id }));
    leaf.prop_recursive(3, 8, 2, |inner| {
        (0..9i32, prop::option::of(inner.clone()), prop::option::of(prop::collection::vec(inner, 0..2))).prop_map(
            |(id, next, kids)| {
                let mut node = json!({ "id": id });
                let members = node.as_object_mut().unwrap();
                members.extend(next.map(|next| ("next".to_owned(), next)));
                members.extend(kids.map(|kids| ("kids".to_owned(), Value::Array(kids))));
                node
            },
        )
    })
}

fn kinds() -> impl Strategy<Value = Kind> {
    let leaf = prop_oneof![
        Just(Kind::Text),
        Just(Kind::Long),
        Just(Kind::Date),
        Just(Kind::Integer),
        Just(Kind::Number),
        Just(Kind::Boolean),
        Just(Kind::Null),
        prop::collection::vec(0..9u8, 1..3).prop_map(|mut values| {
            values.sort_unstable();
            values.dedup();
            Kind::Choice(values)
        }),
        (0..9u8).prop_map(Kind::Constant),
        any::<bool>().prop_map(Kind::Node),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let field = (inner.clone(), any::<bool>()).prop_map(|(kind, is_optional)| Field { kind, is_optional });
        let fields = prop::collection::vec(field, 1..4);
        prop_oneof![
            inner.clone().prop_map(|kind| Kind::List(Box::new(kind))),
            (inner.clone(), inner.clone()).prop_map(|(first, rest)| Kind::Pair(Box::new(first), Box::new(rest))),
            (fields.clone(), any::<bool>()).prop_map(|(fields, is_closed)| Kind::Record(fields, is_closed)),
            (prop::collection::vec(fields.clone(), 1..3), any::<bool>())
                .prop_map(|(variants, is_one)| Kind::Tagged(variants, is_one)),
            prop::collection::vec(fields.clone(), 1..3).prop_map(Kind::Shapes),
            prop::collection::vec(fields, 1..3).prop_map(Kind::Merged),
            inner
                .prop_filter("null twice", |kind| !kind.accepts_null())
                .prop_map(|kind| Kind::Nullable(Box::new(kind))),
        ]
    })
}

/// A schema and a document of it.
fn pairs() -> impl Strategy<Value = (Value, Value)> {
    kinds().prop_flat_map(|kind| {
        let mut schema = kind.schema();
        schema["$defs"] = json!({ "node": node() });
        kind.documents().prop_map(move |document| (schema.clone(), document))
    })
}

/// Claims that a document comes back from the form a server gives it.
fn claim(schema: &Value, document: &Value) {
    let gate = Schema::of(schema.clone(), "generated").unwrap();
    let rewrite = gate.lint();
    let answer = strict_answer(rewrite, document);
    let answer = answer.unwrap_or_else(|| panic!("no room for {document} in {}", rewrite.schema)).to_string();
    let wire = Schema::of(rewrite.schema.clone(), "wire").unwrap();
    assert!(wire.judge_exact(&answer).is_ok(), "{answer} under {}", rewrite.schema);
    let judged = gate.judge(&answer, Form::Strict);
    let judged = judged.unwrap_or_else(|failure| panic!("{answer} under {}: {failure:?}", rewrite.schema));
    let back: Value = serde_json::from_str(&judged.document.text(Layout::Compact)).unwrap();
    assert_eq!(&back, document, "{answer} under {}", rewrite.schema);
}

/// A tuple whose first item has one schema and whose others have another.
fn tuple(first: &Value, rest: &Value) -> Value {
    json!({ "type": "array", "prefixItems": [first], "items": rest })
}

/// An object with these properties, of which the first so many are required.
fn object(properties: &Value, required: usize) -> Value {
    let names: Vec<&String> = properties.as_object().unwrap().keys().take(required).collect();
    json!({ "type": "object", "properties": properties, "required": names })
}

#[test]
fn key_that_another_kind_of_item_demands_stays_away() {
    let (text, maybe) = (json!({ "type": "string" }), json!({ "type": ["string", "null"] }));
    let first = object(&json!({ "a": text, "b": text, "c": maybe }), 3);
    let rest = object(&json!({ "a": text, "b": text }), 2);
    claim(&tuple(&first, &rest), &json!([{ "a": "1", "b": "2", "c": null }, { "a": "3", "b": "4" }]));
}

#[test]
fn alternatives_that_differ_in_the_depth_are_told_apart() {
    let (text, number) = (json!({ "type": "string" }), json!({ "type": "number" }));
    let deep = |inner: Value| (0..6).fold(inner, |inner, _| json!({ "type": "array", "items": inner }));
    let first = deep(object(&json!({ "a": text, "b": text, "c": number }), 1));
    let rest = deep(object(&json!({ "a": text, "b": text }), 1));
    let document = |inner: Value| (0..6).fold(inner, |inner, _| json!([inner]));
    claim(&tuple(&first, &rest), &json!([document(json!({ "a": "1" })), document(json!({ "a": "2", "b": "3" }))]));
    let kinds = json!({ "anyOf": [rest, first] });
    claim(&kinds, &document(json!({ "a": "1", "c": 2 })));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn documents_come_back_as_they_were((schema, document) in pairs()) {
        prop_assume!(Schema::of(schema.clone(), "generated").unwrap().lint().expressible);
        claim(&schema, &document);
    }

    #[test]
    fn rewritten_schemas_are_strict_as_they_are((schema, _) in pairs()) {
        let rewrite = strict::rewrite(&schema, false, Scope::Document);
        prop_assume!(rewrite.expressible);
        let again = strict::rewrite(&rewrite.schema, false, Scope::Document);
        prop_assert_eq!(&again.problems, &vec![], "{}", rewrite.schema);
        prop_assert_eq!(again.schema, rewrite.schema);
    }
}
