//! Judges answers: the one document in the text, mapped back from the wire, by the original schema.

use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

use super::compile::{Compiled, Engine};
use super::document::{Document, Place};
use super::find;
use super::strict::Rewrite;
use super::tape::{COPIED, Seen};
use super::words::{self, TOLD};
use super::{Form, Judged, Schema, Scope};
use crate::failure::{Failure, Kind};

/// In documents of more values and keys than this only the first violation is looked for, because the validator
/// holds every violation at once.
const SEARCHED: usize = 50_000;

impl Schema {
    /// Judges a whole answer: the one JSON value in it, unwrapped, mapped back, valid under the original schema.
    ///
    /// # Errors
    /// Invalid: no JSON value, two, a cut one, or one that breaks the schema (with up to 20 violations).
    pub(crate) fn judge<'t>(&self, answer: &'t str, form: Form) -> Result<Judged<'t>, Failure> {
        let (document, found) = find::find(answer)?;
        let rewrite = self.rewrite(Scope::Document);
        let document = self.settle(document, answer.len(), rewrite, form)?;
        Ok(Judged { document, found })
    }

    /// Judges one item of a list as [`super::items::Items`] yields it (`--each`).
    ///
    /// # Errors
    /// Invalid, as [`Schema::judge`]; nothing is looked for in fences or prose.
    pub(crate) fn judge_item<'t>(&self, item: &'t str, form: Form) -> Result<Document<'t>, Failure> {
        let document = Document::parse(item).map_err(|flaw| find::failure(item, &flaw))?;
        self.settle(document, item.len(), self.rewrite(Scope::Each), form)
    }

    /// Judges text that must be JSON as it stands, such as the arguments of a tool call.
    ///
    /// # Errors
    /// Invalid.
    pub(crate) fn judge_exact<'t>(&self, text: &'t str) -> Result<Document<'t>, Failure> {
        let document = Document::parse(text).map_err(|flaw| find::failure(text, &flaw))?;
        self.validate(&document, text.len())?;
        Ok(document)
    }

    /// Maps a document back to what the original describes. A wrapper or an added null may also be what the
    /// original means: what is valid as it is, where the mapped one is not, stays.
    fn settle<'t>(
        &self,
        document: Document<'t>,
        bytes: usize,
        rewrite: &Rewrite,
        form: Form,
    ) -> Result<Document<'t>, Failure> {
        let compiled = self.compiled(bytes)?;
        let mut tries: Vec<(Place, Vec<Place>)> = Vec::new();
        for root in rewrite.unwrapped(&document, form).into_iter().chain([0]) {
            if form == Form::Strict {
                tries.push((root, rewrite.added_nulls(&document, root)));
            }
            if tries.last().is_none_or(|(tried, nulls)| *tried != root || !nulls.is_empty()) {
                tries.push((root, Vec::new()));
            }
        }
        let map = |(root, nulls): &(Place, Vec<Place>)| {
            (*root != 0 || !nulls.is_empty()).then(|| document.prune(*root, nulls))
        };
        for attempt in &tries {
            let mapped = map(attempt);
            if compiled.validator.is_valid(Seen::Value(mapped.as_ref().unwrap_or(&document), 0)) {
                return Ok(mapped.unwrap_or(document));
            }
        }
        let mapped = map(&tries[0]);
        Err(self.breach(compiled, mapped.as_ref().unwrap_or(&document)))
    }

    /// Validates a document as it is.
    fn validate(&self, document: &Document<'_>, bytes: usize) -> Result<(), Failure> {
        let compiled = self.compiled(bytes)?;
        if compiled.validator.is_valid(Seen::Value(document, 0)) {
            Ok(())
        } else {
            Err(self.breach(compiled, document))
        }
    }

    /// The failure of a document that is not valid.
    fn breach(&self, compiled: &Compiled, document: &Document<'_>) -> Failure {
        let root = Seen::Value(document, 0);
        let size = document.reach(0);
        // A copy of the document is needed to say where a pattern ran out of steps, and large ones are not copied.
        let errors: Vec<_> = match compiled.engine {
            Engine::Backtracking(_) if size > COPIED => Vec::new(),
            _ if size > SEARCHED => compiled.validator.validate(root).err().into_iter().collect(),
            _ => compiled.validator.iter_errors(root).take(TOLD + 1).collect(),
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
            count if count > TOLD => format!("more than {TOLD} violations"),
            count => format!("{count} violations"),
        };
        let mut failure = Failure::new(Kind::Invalid, format!("the answer breaks schema {}", self.origin), why);
        failure.violations = words::violations(errors, document);
        failure
    }
}
