//! The output that a Responses stream has sent so far: when a later event repeats it in full, only what is new is
//! passed on.
//!
//! Source: docs/wire.md §2.3, assembly rules and deviations.

use std::borrow::Cow;

use super::event::{OutputItem, PartKind, ResponsesEvent};
use crate::failure::Failure;
use crate::response::{Fragment, Piece};
use crate::wire::decoder::Sink;
use crate::wire::lenient::{append, count, some_text, text_of};

/// The output so far.
#[derive(Clone, Debug, Default)]
pub(super) struct OutputSoFar {
    /// The items in the order they began.
    items: Vec<SeenItem>,
    /// The part that the last reasoning came from; a blank line separates it from the next.
    reasoning: Option<(usize, PartKind, u64)>,
    /// Whether the whole text of a part differs from its deltas.
    differs: bool,
    /// Whether a refusal was passed on.
    refused: bool,
}

/// One item of the output.
#[derive(Clone, Debug, Default)]
struct SeenItem {
    /// Its `output_index`: with gaps on some servers, missing on llama.cpp.
    index: Option<u64>,
    /// Its id, which identifies it where there is no index.
    id: String,
    /// What its plain text is.
    role: TextRole,
    /// Its parts in the order they began.
    parts: Vec<SeenPart>,
    /// The call, if it is one.
    call: Option<SeenCall>,
    /// Whether its `done` event came.
    is_done: bool,
}

/// What the plain text of an item is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum TextRole {
    /// The answer.
    #[default]
    Answer,
    /// Commentary, which counts as reasoning.
    Commentary,
}

/// One part of an item.
#[derive(Clone, Debug)]
struct SeenPart {
    /// What its text is.
    kind: PartKind,
    /// Its index among the parts of this kind.
    index: u64,
    /// The text so far.
    text: String,
}

/// A tool call.
#[derive(Clone, Debug, Default)]
struct SeenCall {
    /// The id that the result must name.
    id: String,
    /// The arguments so far.
    arguments: String,
    /// Whether it is complete.
    is_done: bool,
}

impl OutputSoFar {
    /// The item an event is about: by its index, as ids may change; without an index by its id, else the last item that
    /// is not done.
    pub(super) fn slot_of(&mut self, event: &ResponsesEvent<'_>) -> usize {
        let index = count(event.output_index);
        let id = text_of(event.item_id).unwrap_or_default();
        self.find(index, &id).or_else(|| self.last(index)).unwrap_or_else(|| self.add(index, &id))
    }

    /// The item of an `added` event.
    pub(super) fn begin(&mut self, event: &ResponsesEvent<'_>, item: &OutputItem<'_>) -> usize {
        let index = count(event.output_index);
        let id = text_of(item.id).unwrap_or_default();
        let slot = self.find(index, &id).unwrap_or_else(|| self.add(index, &id));
        self.items[slot].role = text_role(item);
        slot
    }

    /// The item of a `done` event.
    pub(super) fn end(&mut self, event: &ResponsesEvent<'_>, item: &OutputItem<'_>) -> usize {
        let index = count(event.output_index);
        let id = text_of(item.id).unwrap_or_default();
        let slot = self.find(index, &id).or_else(|| self.last(index)).unwrap_or_else(|| self.add(index, &id));
        if self.items[slot].parts.is_empty() {
            self.items[slot].role = text_role(item);
        }
        self.items[slot].is_done = true;
        slot
    }

    /// The item with this index, or this id where there is no index.
    fn find(&self, index: Option<u64>, id: &str) -> Option<usize> {
        self.items.iter().position(|slot| match index {
            Some(_) => slot.index == index,
            None => !id.is_empty() && slot.id == id,
        })
    }

    /// The last item, if it is not done and there is no index to find another.
    fn last(&self, index: Option<u64>) -> Option<usize> {
        let last = self.items.len().checked_sub(1).filter(|_| index.is_none())?;
        (!self.items[last].is_done).then_some(last)
    }

    /// Adds an item.
    fn add(&mut self, index: Option<u64>, id: &str) -> usize {
        self.items.push(SeenItem { index, id: id.to_owned(), ..SeenItem::default() });
        self.items.len() - 1
    }

    /// The part of an item.
    fn part(&mut self, slot: usize, kind: PartKind, index: u64) -> &mut SeenPart {
        let parts = &mut self.items[slot].parts;
        let place = parts.iter().position(|part| part.kind == kind && part.index == index).unwrap_or_else(|| {
            parts.push(SeenPart { kind, index, text: String::new() });
            parts.len() - 1
        });
        &mut parts[place]
    }

    /// Passes on what is added to a part.
    pub(super) fn emit(
        &mut self,
        slot: usize,
        kind: PartKind,
        index: u64,
        added: &str,
        sink: &mut Sink<'_>,
    ) -> Result<(), Failure> {
        if added.is_empty() {
            return Ok(());
        }
        self.part(slot, kind, index).text.push_str(added);
        match (kind, self.items[slot].role) {
            (PartKind::Text, TextRole::Answer) => sink(Piece::Text(added.into())),
            (PartKind::Refusal, _) => {
                self.refused = true;
                sink(Piece::Refusal(added.into()))
            }
            _ => {
                let part = Some((slot, kind, index));
                if self.reasoning.is_some() && self.reasoning != part {
                    sink(Piece::Reasoning("\n\n".into()))?;
                }
                self.reasoning = part;
                sink(Piece::Reasoning(added.into()))
            }
        }
    }

    /// Completes a part: passes on what its deltas left out, remembers where they differ.
    pub(super) fn complete(
        &mut self,
        slot: usize,
        kind: PartKind,
        index: u64,
        whole: &str,
        sink: &mut Sink<'_>,
    ) -> Result<(), Failure> {
        let part = self.part(slot, kind, index);
        if let Some(rest) = whole.strip_prefix(&*part.text) {
            return self.emit(slot, kind, index, rest, sink);
        }
        if kind == PartKind::Text && !whole.is_empty() {
            whole.clone_into(&mut part.text);
            self.differs |= self.items[slot].role == TextRole::Answer;
        }
        Ok(())
    }

    /// Begins a call; its arguments follow.
    pub(super) fn begin_call(
        &mut self,
        slot: usize,
        item: &OutputItem<'_>,
        sink: &mut Sink<'_>,
    ) -> Result<(), Failure> {
        if !item.is_call() {
            return Ok(());
        }
        let id = item.call_id();
        let call = self.items[slot].call.get_or_insert_default();
        id.as_deref().unwrap_or_default().clone_into(&mut call.id);
        let name = some_text(item.name);
        sink(Piece::Call(Fragment { index: Some(slot as u64), id, name, ..Fragment::default() }))
    }

    /// Passes on what is added to a call's arguments, or the whole of them.
    pub(super) fn take_arguments(
        &mut self,
        event: &ResponsesEvent<'_>,
        verb: &str,
        sink: &mut Sink<'_>,
    ) -> Result<(), Failure> {
        let slot = self.slot_of(event);
        let call = self.items[slot].call.get_or_insert_default();
        let whole = verb == "done";
        let raw = if whole { event.arguments.or(event.input) } else { event.delta };
        let arguments = text_of(raw).unwrap_or_default();
        if arguments.is_empty() || whole && arguments == call.arguments {
            return Ok(());
        }
        if whole {
            call.arguments.clear();
        }
        call.arguments.push_str(&arguments);
        sink(Piece::Call(Fragment { index: Some(slot as u64), arguments, whole, ..Fragment::default() }))
    }

    /// Completes a call as its item has it.
    pub(super) fn end_call(&mut self, slot: usize, item: &OutputItem<'_>, sink: &mut Sink<'_>) -> Result<(), Failure> {
        if !item.is_call() {
            return Ok(());
        }
        let call = self.items[slot].call.get_or_insert_default();
        let id = item.call_id();
        id.as_deref().unwrap_or_default().clone_into(&mut call.id);
        call.is_done = true;
        let name = some_text(item.name);
        sink(Piece::Call(Fragment {
            index: Some(slot as u64),
            id,
            name,
            arguments: item.call_arguments(),
            whole: true,
        }))?;
        sink(Piece::CallDone)
    }

    /// Compares the final output with what was passed on, and passes on what is missing: reasoning, a refusal, the answer
    /// where it is longer or differs, and last, as in a chat reply, the calls.
    pub(super) fn restate(&mut self, items: &[Option<OutputItem<'_>>], sink: &mut Sink<'_>) -> Result<(), Failure> {
        let (reasoned, refused) = (self.reasoning.is_some(), self.refused);
        let mut answer = Cow::Borrowed("");
        for item in items.iter().flatten().filter(|item| !item.is_call()) {
            let slot = self.add(None, "");
            let is_answer = text_role(item) == TextRole::Answer;
            self.items[slot].role = text_role(item);
            for part in item.texts() {
                match part.kind {
                    PartKind::Text if is_answer => append(&mut answer, part.text),
                    PartKind::Refusal if refused => {}
                    PartKind::Text | PartKind::Reasoning | PartKind::Summary if reasoned => {}
                    _ => self.emit(slot, part.kind, part.index, &part.text, sink)?,
                }
            }
        }
        self.restate_answer(answer, sink)?;
        items.iter().flatten().filter(|item| item.is_call()).try_for_each(|item| self.restate_call(item, sink))
    }

    /// Passes on a call of the final output, unless it is complete.
    fn restate_call(&mut self, item: &OutputItem<'_>, sink: &mut Sink<'_>) -> Result<(), Failure> {
        let id = item.call_id().unwrap_or_default();
        let calls = || self.items.iter().enumerate().filter_map(|(slot, found)| Some((slot, found.call.as_ref()?)));
        let same = calls().find(|(_, call)| call.id == id);
        let known = same.or_else(|| calls().find(|(_, call)| call.id.is_empty() && !call.is_done));
        match known {
            Some((_, call)) if call.is_done => Ok(()),
            Some((slot, _)) => self.end_call(slot, item, sink),
            None => {
                let slot = self.add(None, "");
                self.end_call(slot, item, sink)
            }
        }
    }

    /// Compares the final answer, empty where the output has none, with the one passed on.
    fn restate_answer(&mut self, answer: Cow<'_, str>, sink: &mut Sink<'_>) -> Result<(), Failure> {
        let mut told = Cow::Borrowed("");
        for slot in self.items.iter().filter(|slot| slot.role == TextRole::Answer) {
            for part in slot.parts.iter().filter(|part| part.kind == PartKind::Text) {
                append(&mut told, Cow::Borrowed(&part.text));
            }
        }
        match answer.strip_prefix(&*told) {
            _ if self.differs => sink(Piece::Restated(if answer.is_empty() { told } else { answer })),
            Some("") => Ok(()),
            Some(_) if told.is_empty() => sink(Piece::Text(answer)),
            Some(rest) => sink(Piece::Text(rest.into())),
            None if answer.is_empty() => Ok(()),
            None => sink(Piece::Restated(answer)),
        }
    }

    /// True where there was any call.
    pub(super) fn has_calls(&self) -> bool {
        self.items.iter().any(|slot| slot.call.is_some())
    }
}

/// What the plain text of an item is.
fn text_role(item: &OutputItem<'_>) -> TextRole {
    if text_of(item.phase).as_deref() == Some("commentary") { TextRole::Commentary } else { TextRole::Answer }
}
