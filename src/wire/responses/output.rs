//! What a Responses stream told of its output so far, so that a later and fuller statement adds what is missing and
//! repeats nothing.
//!
//! Must not know the events. Source: wire §2.3, assembly rules and deviations.

use std::borrow::Cow;

use super::event::{OutputItem, PartKind, ResponsesEvent};
use crate::failure::Failure;
use crate::response::{Fragment, Piece};
use crate::wire::decoder::Sink;
use crate::wire::lenient::{count, some_text, text_of};

/// The output so far.
#[derive(Clone, Debug, Default)]
pub(super) struct OutputSoFar {
    /// The items in the order they began.
    slots: Vec<SeenItem>,
    /// The part that reasoning was last told of; another one begins after a blank line.
    reasoning: Option<(usize, PartKind, u64)>,
    /// Whether a part was stated in other words than its deltas.
    differs: bool,
    /// Whether a refusal was told.
    refused: bool,
}

/// One item of the output.
#[derive(Clone, Debug, Default)]
struct SeenItem {
    /// Its `output_index`: counts with gaps, missing on llama.cpp.
    index: Option<u64>,
    /// Its id, where there is no index to go by.
    id: String,
    /// What its plain text is.
    voice: Voice,
    /// Its parts in the order they began.
    parts: Vec<SeenPart>,
    /// The call, if it is one.
    call: Option<SeenCall>,
    /// Whether it was told to be done.
    is_done: bool,
}

/// What the plain text of an item is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Voice {
    /// The answer.
    #[default]
    Answer,
    /// Commentary, which counts as reasoning.
    Commentary,
}

/// One part of an item.
#[derive(Clone, Debug)]
struct SeenPart {
    /// What its words are.
    group: PartKind,
    /// Its index within the group.
    index: u64,
    /// The words told.
    words: String,
}

/// A call.
#[derive(Clone, Debug, Default)]
struct SeenCall {
    /// The id that the result must name.
    id: String,
    /// The arguments told.
    arguments: String,
    /// Whether it was told to be whole.
    is_done: bool,
}

impl OutputSoFar {
    /// The item an event is about: by its index, never by an id that may rotate; without an index by id, else the
    /// last item that is not done.
    pub(super) fn slot_of(&mut self, event: &ResponsesEvent<'_>) -> usize {
        let index = count(event.output_index);
        let id = text_of(event.item_id).unwrap_or_default();
        self.find(index, &id).or_else(|| self.last(index)).unwrap_or_else(|| self.add(index, &id))
    }

    /// The item that begins.
    pub(super) fn begin(&mut self, event: &ResponsesEvent<'_>, item: &OutputItem<'_>) -> usize {
        let index = count(event.output_index);
        let id = text_of(item.id).unwrap_or_default();
        let slot = self.find(index, &id).unwrap_or_else(|| self.add(index, &id));
        self.slots[slot].voice = voice(item);
        slot
    }

    /// The item that is done.
    pub(super) fn end(&mut self, event: &ResponsesEvent<'_>, item: &OutputItem<'_>) -> usize {
        let index = count(event.output_index);
        let id = text_of(item.id).unwrap_or_default();
        let slot = self.find(index, &id).or_else(|| self.last(index)).unwrap_or_else(|| self.add(index, &id));
        if self.slots[slot].parts.is_empty() {
            self.slots[slot].voice = voice(item);
        }
        self.slots[slot].is_done = true;
        slot
    }

    /// The item with this index, or this id where there is no index.
    fn find(&self, index: Option<u64>, id: &str) -> Option<usize> {
        self.slots.iter().position(|slot| match index {
            Some(_) => slot.index == index,
            None => !id.is_empty() && slot.id == id,
        })
    }

    /// The last item, if it is not done and there is no index to find another.
    fn last(&self, index: Option<u64>) -> Option<usize> {
        let last = self.slots.len().checked_sub(1).filter(|_| index.is_none())?;
        (!self.slots[last].is_done).then_some(last)
    }

    /// Adds an item.
    fn add(&mut self, index: Option<u64>, id: &str) -> usize {
        self.slots.push(SeenItem { index, id: id.to_owned(), ..SeenItem::default() });
        self.slots.len() - 1
    }

    /// The part of an item.
    fn part(&mut self, slot: usize, group: PartKind, index: u64) -> &mut SeenPart {
        let parts = &mut self.slots[slot].parts;
        let place = parts.iter().position(|part| part.group == group && part.index == index).unwrap_or_else(|| {
            parts.push(SeenPart { group, index, words: String::new() });
            parts.len() - 1
        });
        &mut parts[place]
    }

    /// Tells a stretch of a part.
    pub(super) fn tell(
        &mut self,
        slot: usize,
        group: PartKind,
        index: u64,
        stretch: &str,
        sink: &mut Sink<'_>,
    ) -> Result<(), Failure> {
        if stretch.is_empty() {
            return Ok(());
        }
        self.part(slot, group, index).words.push_str(stretch);
        match (group, self.slots[slot].voice) {
            (PartKind::Text, Voice::Answer) => sink(Piece::Text(stretch.into())),
            (PartKind::Refusal, _) => {
                self.refused = true;
                sink(Piece::Refusal(stretch.into()))
            }
            _ => {
                let part = Some((slot, group, index));
                if self.reasoning.is_some() && self.reasoning != part {
                    sink(Piece::Reasoning("\n\n".into()))?;
                }
                self.reasoning = part;
                sink(Piece::Reasoning(stretch.into()))
            }
        }
    }

    /// Takes the whole of a part: tells what its deltas left out, remembers where they said something else.
    pub(super) fn settle(
        &mut self,
        slot: usize,
        group: PartKind,
        index: u64,
        whole: &str,
        sink: &mut Sink<'_>,
    ) -> Result<(), Failure> {
        let part = self.part(slot, group, index);
        if let Some(rest) = whole.strip_prefix(&*part.words) {
            return self.tell(slot, group, index, rest, sink);
        }
        if group == PartKind::Text && !whole.is_empty() {
            whole.clone_into(&mut part.words);
            self.differs |= self.slots[slot].voice == Voice::Answer;
        }
        Ok(())
    }

    /// Tells that a call begins; its arguments follow.
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
        let call = self.slots[slot].call.get_or_insert_default();
        id.as_deref().unwrap_or_default().clone_into(&mut call.id);
        let name = some_text(item.name);
        sink(Piece::Call(Fragment { index: Some(slot as u64), id, name, ..Fragment::default() }))
    }

    /// Takes a stretch of a call's arguments, or the whole of them.
    pub(super) fn take_arguments(
        &mut self,
        event: &ResponsesEvent<'_>,
        verb: &str,
        sink: &mut Sink<'_>,
    ) -> Result<(), Failure> {
        let slot = self.slot_of(event);
        let call = self.slots[slot].call.get_or_insert_default();
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

    /// Tells a call that is done, in its item's own words.
    pub(super) fn end_call(&mut self, slot: usize, item: &OutputItem<'_>, sink: &mut Sink<'_>) -> Result<(), Failure> {
        if !item.is_call() {
            return Ok(());
        }
        let call = self.slots[slot].call.get_or_insert_default();
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

    /// Takes the final output: tells the reasoning and the refusal that the stream did not, the answer where the stream
    /// told less of it or another, and then, as a chat reply has them, the calls.
    pub(super) fn restate(&mut self, items: &[Option<OutputItem<'_>>], sink: &mut Sink<'_>) -> Result<(), Failure> {
        let (reasoned, refused) = (self.reasoning.is_some(), self.refused);
        let mut answer = Cow::Borrowed("");
        for item in items.iter().flatten().filter(|item| !item.is_call()) {
            let slot = self.add(None, "");
            let is_answer = voice(item) == Voice::Answer;
            self.slots[slot].voice = voice(item);
            for part in item.said() {
                match part.group {
                    PartKind::Text if is_answer => push(&mut answer, part.words),
                    PartKind::Refusal if refused => {}
                    PartKind::Text | PartKind::Reasoning | PartKind::Summary if reasoned => {}
                    _ => self.tell(slot, part.group, part.index, &part.words, sink)?,
                }
            }
        }
        self.restate_answer(answer, sink)?;
        items.iter().flatten().filter(|item| item.is_call()).try_for_each(|item| self.restate_call(item, sink))
    }

    /// Tells a call of the final output, unless it was told to be whole.
    fn restate_call(&mut self, item: &OutputItem<'_>, sink: &mut Sink<'_>) -> Result<(), Failure> {
        let id = item.call_id().unwrap_or_default();
        let calls = || self.slots.iter().enumerate().filter_map(|(slot, found)| Some((slot, found.call.as_ref()?)));
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

    /// Compares the final answer, empty where the output has none, with the one told.
    fn restate_answer(&mut self, answer: Cow<'_, str>, sink: &mut Sink<'_>) -> Result<(), Failure> {
        let mut told = Cow::Borrowed("");
        for slot in self.slots.iter().filter(|slot| slot.voice == Voice::Answer) {
            for part in slot.parts.iter().filter(|part| part.group == PartKind::Text) {
                push(&mut told, Cow::Borrowed(&part.words));
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

    /// True where any call was told.
    pub(super) fn has_calls(&self) -> bool {
        self.slots.iter().any(|slot| slot.call.is_some())
    }
}

/// Appends a stretch, without a copy where it is the first.
fn push<'a>(whole: &mut Cow<'a, str>, stretch: Cow<'a, str>) {
    if whole.is_empty() {
        *whole = stretch;
    } else {
        whole.to_mut().push_str(&stretch);
    }
}

/// What the plain text of an item is.
fn voice(item: &OutputItem<'_>) -> Voice {
    if text_of(item.phase).as_deref() == Some("commentary") { Voice::Commentary } else { Voice::Answer }
}
