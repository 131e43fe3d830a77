//! Judges answers: finds the JSON document in the text, undoes what the strict rewrite changed, and validates by
//! the original schema.

use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

use super::compile::{Compiled, Engine};
use super::doc_json::{COPIED, DocNode};
use super::document::{DocPlace, Document};
use super::find::{self, Found};
use super::original::Schema;
use super::strict::{Form, Scope};
use super::violations::{self, MOST_VIOLATIONS};
use crate::failure::{Failure, Kind};

/// In documents of more values and keys than this only the first violation is looked for, because the validator
/// holds every violation at once.
const SEARCHED: usize = 50_000;

/// An answer that was judged and found valid.
#[derive(Debug)]
pub(crate) struct Judged<'t> {
    /// The document, unwrapped and without added nulls; valid under the original schema.
    pub(crate) document: Document<'t>,
    /// Where in the answer it stood; [`Found::notice`] is the line to print about it.
    pub(crate) found: Found,
}

/// Judges an answer by no schema: any one JSON document (`--json`).
///
/// # Errors
/// Invalid: no JSON value, two, or a cut one.
pub(crate) fn judge_any(answer: &str) -> Result<Judged<'_>, Failure> {
    let (document, found) = find::find(answer)?;
    Ok(Judged { document, found })
}

/// The message that asks the model again (`--repair`), from the failure of a judgement.
pub(crate) fn repair_text(failure: &Failure) -> String {
    let mut text = format!("This is not accepted: {}", failure.what);
    if !failure.why.is_empty() {
        text.push_str(&format!(": {}", failure.why));
    }
    for violation in &failure.violations {
        text.push_str(&format!("\n- at '{}': {}; there is {}", violation.pointer, violation.rule, violation.value));
    }
    text.push_str("\n\nAnswer again with the whole corrected JSON document, and with nothing else.");
    text
}

impl Schema {
    /// Judges a whole answer: the one JSON value in it, unwrapped, without added nulls, valid under the original
    /// schema.
    ///
    /// # Errors
    /// Invalid: no JSON value, two, a cut one, or one that breaks the schema (with up to 20 violations).
    pub(crate) fn judge<'t>(&self, answer: &'t str, form: Form) -> Result<Judged<'t>, Failure> {
        let (document, found) = find::find(answer)?;
        let document = self.undo_and_validate(document, answer.len(), Scope::Document, form)?;
        Ok(Judged { document, found })
    }

    /// Judges one item of a list as [`super::items::ItemSplitter`] yields it (`--each`). The item must be JSON as it
    /// stands.
    ///
    /// # Errors
    /// Invalid, as [`Schema::judge`].
    pub(crate) fn judge_item<'t>(&self, item: &'t str, form: Form) -> Result<Document<'t>, Failure> {
        self.undo_and_validate(find::parse(item)?, item.len(), Scope::Each, form)
    }

    /// Judges text that must be JSON as it stands, such as the arguments of a tool call.
    ///
    /// # Errors
    /// Invalid.
    pub(crate) fn judge_exact<'t>(&self, text: &'t str) -> Result<Document<'t>, Failure> {
        let document = find::parse(text)?;
        let compiled = self.compiled(text.len())?;
        if compiled.validator.is_valid(DocNode::Value(&document, 0)) {
            Ok(document)
        } else {
            Err(self.violation_failure(compiled, &document))
        }
    }

    /// The document without the wrapper and the nulls that the rewrite added, valid under the original schema. A
    /// wrapper or null may also be what the original means: where only the document as it came is valid, that is
    /// taken.
    fn undo_and_validate<'t>(
        &self,
        document: Document<'t>,
        bytes: usize,
        scope: Scope,
        form: Form,
    ) -> Result<Document<'t>, Failure> {
        let compiled = self.compiled(bytes)?;
        let rewrite = self.rewrite(scope);
        let mut tries: Vec<(DocPlace, Vec<DocPlace>)> = Vec::new();
        for root in rewrite.unwrapped(&document, form).into_iter().chain([0]) {
            if form == Form::Strict {
                tries.push((root, rewrite.added_nulls(&document, root)));
            }
            if tries.last().is_none_or(|(tried, nulls)| *tried != root || !nulls.is_empty()) {
                tries.push((root, Vec::new()));
            }
        }
        let undone = |(root, nulls): &(DocPlace, Vec<DocPlace>)| {
            (*root != 0 || !nulls.is_empty()).then(|| document.prune(*root, nulls))
        };
        for attempt in &tries {
            let pruned = undone(attempt);
            if compiled.validator.is_valid(DocNode::Value(pruned.as_ref().unwrap_or(&document), 0)) {
                return Ok(pruned.unwrap_or(document));
            }
        }
        let pruned = undone(&tries[0]);
        Err(self.violation_failure(compiled, pruned.as_ref().unwrap_or(&document)))
    }

    /// The failure of a document that is not valid, with its violations.
    fn violation_failure(&self, compiled: &Compiled, document: &Document<'_>) -> Failure {
        let root = DocNode::Value(document, 0);
        let size = document.reach(0);
        // Where a pattern ran out of steps, the error is made from a copy of the value, and large ones are not copied.
        let errors: Vec<_> = match compiled.engine {
            Engine::Backtracking(_) if size > COPIED => Vec::new(),
            _ if size > SEARCHED => compiled.validator.validate(root).err().into_iter().collect(),
            _ => compiled.validator.iter_errors(root).take(MOST_VIOLATIONS + 1).collect(),
        };
        for error in &errors {
            if let (ValidationErrorKind::BacktrackLimitExceeded { .. }, Engine::Backtracking(steps)) =
                (error.kind(), compiled.engine)
            {
                let pattern = self.value.pointer(error.schema_path().as_str()).map(Value::to_string);
                let place = format!("on the value at '{}'", error.instance_path());
                return Failure::new(
                    Kind::Invalid,
                    format!("the pattern {} of schema {}", pattern.unwrap_or_default(), self.origin),
                    format!("it takes more than {steps} steps {place}"),
                )
                .hint("write it without look-around and back-references, which have no such limit");
            }
        }
        let why = match errors.len() {
            0 => "in a large document, by a schema with patterns that may go back".to_owned(),
            1 => "1 violation".to_owned(),
            count if count > MOST_VIOLATIONS => format!("more than {MOST_VIOLATIONS} violations"),
            count => format!("{count} violations"),
        };
        let mut failure = Failure::new(Kind::Invalid, format!("the answer breaks schema {}", self.origin), why);
        failure.violations = violations::of(errors, document);
        failure
    }
}
