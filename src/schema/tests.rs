//! The gate as a whole.

use super::*;

#[test]
fn smoke() {
    let schema = Schema::parse("name, age? int", "-S").unwrap();
    schema.check().unwrap();
    let (wire, notices) = schema.wire(Scope::Document, Strict::Auto, None, None).unwrap();
    eprintln!("{} {notices:?}", wire.schema);
    eprintln!("{:#?}", schema.lint().problems);
    let judged = schema.judge("{\"name\":\"x\",\"age\":null}", Form::Strict).unwrap();
    eprintln!("{}", judged.document.text(print::Layout::Compact));
    eprintln!("{:?}", schema.judge("{\"name\":5,\"age\":null}", Form::Plain).map(|_| ()));
    for bad in [
        r#"{"type":"strin"}"#,
        r#"{"properties":{"a":{"minimum":"x"}}}"#,
        r##"{"properties":{"a":{"$ref":"#/$defs/x"}}}"##,
        r#"{"properties":{"a":{"$ref":"https://example.com/x.json"}}}"#,
        r#"{"properties":{"a":{"pattern":"(x"}}}"#,
        r#"{"$schema":"http://x/y"}"#,
        r#"{"a":1"#,
        r#"{"properties":{"a":{"$ref":"other.json"}}}"#,
        r#"{"$ref":"file:///etc/passwd"}"#,
        r#"{"$schema":"http://json-schema.org/draft-07/schema#","properties":{"a":{"type":7}}}"#,
        r#"{"$schema":"http://json-schema.org/draft-03/schema#"}"#,
        r#"{"additionalProperties":3}"#,
    ] {
        let failure = Schema::parse(bad, "x.json").and_then(|schema| schema.check()).unwrap_err();
        eprintln!("{bad} -> {}", failure.line());
    }
}
