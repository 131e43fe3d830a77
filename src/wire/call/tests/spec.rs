//! Bodies against OpenAI's own request schemas, where they stand beside the project.

use super::*;

/// The schemas as one document, or `None` where they are not at hand. `LMPIPE_SHARED` names another place for them.
fn spec() -> Option<Value> {
    let folder = std::env::var_os("LMPIPE_SHARED").map_or_else(|| shared("../shared"), PathBuf::from);
    let bytes = std::fs::read(folder.join("data/openai-requests.schema.json")).ok()?;
    let mut spec: Value = serde_json::from_slice(&bytes).unwrap();
    // A user message of listed parts is both of two alternatives of which the file allows one.
    let item = &mut spec["$defs"]["InputItem"];
    item["anyOf"] = item["oneOf"].take();
    item.as_object_mut().unwrap().remove("oneOf");
    Some(spec)
}

/// Checks every feature alone, every pair, and all at once.
fn check_all(dialect: Dialect, root: &str, features: &[Feature]) {
    let Some(mut spec) = spec() else {
        // Not a silent pass: the line shows under --nocapture.
        return skipped(root);
    };
    spec["$ref"] = json!(format!("#/$defs/{root}"));
    let validator = jsonschema::validator_for(&spec).unwrap();
    let check = |chosen: &[Feature]| {
        let request = request(chosen);
        if request.model.is_empty() {
            return;
        }
        let names: Vec<_> = chosen.iter().map(|(name, _)| *name).collect();
        let body = encoded(&request, dialect);
        let body = serde_json::from_slice(&body).unwrap();
        let errors: Vec<_> = validator.iter_errors(&body).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{names:?}: {errors:?}\n{body}");
    };
    check(features);
    for (place, one) in features.iter().enumerate() {
        check(&[*one]);
        features[place + 1..].iter().for_each(|other| check(&[*one, *other]));
    }
}

#[expect(clippy::print_stderr, reason = "tests have no other voice")]
fn skipped(root: &str) {
    eprintln!("skipped: no schema of {root} beside the project");
}

#[test]
fn chat_bodies_satisfy_the_specification() {
    check_all(Dialect::Chat, "CreateChatCompletionRequest", &[FEATURES, LIMITS, CHAT_ONLY].concat());
}

#[test]
fn responses_bodies_satisfy_the_specification() {
    check_all(Dialect::Responses, "CreateResponse", &[FEATURES, LIMITS].concat());
}
