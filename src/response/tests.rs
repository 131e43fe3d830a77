//! How fragments of tool calls find together: every oddity of docs/wire.md §3.4.

use super::*;

fn fragment<'a>(index: Option<u64>, id: &'a str, name: &'a str, arguments: &'a str) -> Piece<'a> {
    Piece::Call(Fragment {
        index,
        id: (!id.is_empty()).then_some(id.into()),
        name: (!name.is_empty()).then_some(name.into()),
        arguments: arguments.into(),
        whole: false,
    })
}

fn whole<'a>(index: u64, id: &'a str, name: &'a str, arguments: &'a str) -> Piece<'a> {
    let Piece::Call(part) = fragment(Some(index), id, name, arguments) else { unreachable!("a call it is") };
    Piece::Call(Fragment { whole: true, ..part })
}

type Calls = Vec<(String, String, String)>;

fn owned(calls: &[ToolCall]) -> Calls {
    calls.iter().map(|call| (call.id.clone(), call.name.clone(), call.arguments.clone())).collect()
}

/// The calls that `pieces` add up to, and what was finished after each piece.
fn told(pieces: &[Piece<'_>]) -> (Calls, Vec<Calls>) {
    let mut response = Response::default();
    let mut steps = Vec::new();
    for piece in pieces {
        response.add(piece);
        steps.push(owned(response.take_finished_calls()));
    }
    response.number_calls();
    steps.push(owned(response.take_finished_calls()));
    assert_eq!(steps.concat(), owned(&response.calls[..response.taken_calls]), "each call is given out once");
    (owned(&response.calls), steps)
}

fn fold(pieces: &[Piece<'_>]) -> Calls {
    told(pieces).0
}

fn call(id: &str, name: &str, arguments: &str) -> (String, String, String) {
    (id.into(), name.into(), arguments.into())
}

#[test]
fn fragments_merge_by_index() {
    let pieces = [
        fragment(Some(0), "a", "f", ""),
        fragment(Some(1), "b", "g", ""),
        fragment(Some(0), "", "", "{\"x\""),
        fragment(Some(1), "", "", "{}"),
        fragment(Some(0), "", "", ":1}"),
    ];
    assert_eq!(fold(&pieces), [call("a", "f", "{\"x\":1}"), call("b", "g", "{}")]);
}

#[test]
fn fragments_with_an_id_merge_by_it_whatever_the_index() {
    let pieces = [
        fragment(Some(0), "a", "f", "{"),
        fragment(Some(0), "b", "g", "{"),
        fragment(None, "a", "", "}"),
        fragment(None, "b", "", "}"),
    ];
    assert_eq!(fold(&pieces), [call("a", "f", "{}"), call("b", "g", "{}")]);
}

#[test]
fn fragments_without_index_go_to_the_last_call() {
    let pieces = [fragment(None, "", "f", "{"), fragment(None, "", "", "}"), fragment(None, "", "g", "{}")];
    assert_eq!(fold(&pieces), [call("call_0", "f", "{}"), call("call_1", "g", "{}")]);
}

#[test]
fn indices_may_start_at_one() {
    let pieces = [fragment(Some(1), "a", "f", ""), fragment(Some(1), "", "", "{}"), fragment(Some(2), "b", "g", "{}")];
    assert_eq!(fold(&pieces), [call("a", "f", "{}"), call("b", "g", "{}")]);
}

#[test]
fn calls_that_share_an_index_are_told_apart() {
    // Gemini: index 0 for each, ids or none.
    let named = [fragment(Some(0), "a", "f", "{}"), fragment(Some(0), "b", "f", "{\"x\":1}")];
    assert_eq!(fold(&named), [call("a", "f", "{}"), call("b", "f", "{\"x\":1}")]);
    let bare = [fragment(Some(0), "", "f", "{}"), fragment(Some(0), "", "g", "{}"), fragment(Some(0), "", "g", "[1]")];
    assert_eq!(fold(&bare), [call("call_0", "f", "{}"), call("call_1", "g", "{}"), call("call_2", "g", "[1]")]);
}

#[test]
fn whole_call_repeated_in_every_delta_counts_once() {
    for (index, id) in [(Some(0), "a"), (Some(0), ""), (None, "a"), (None, "")] {
        let again = || fragment(index, id, "f", "{\"x\":1}");
        let id = if id.is_empty() { "call_0" } else { id };
        assert_eq!(fold(&[again(), again(), again()]), [call(id, "f", "{\"x\":1}")], "{index:?} {id}");
    }
}

#[test]
fn name_repeated_with_every_fragment_is_one_name() {
    for index in [Some(0), None] {
        let pieces =
            [fragment(index, "", "f", ""), fragment(index, "", "f", "{\"x\""), fragment(index, "", "f", ":1}")];
        assert_eq!(fold(&pieces), [call("call_0", "f", "{\"x\":1}")], "{index:?}");
    }
}

#[test]
fn name_may_come_in_stretches_and_late() {
    let pieces = [
        fragment(Some(0), "a", "", ""),
        fragment(Some(0), "", "get_", ""),
        fragment(Some(0), "", "weather", "{"),
        fragment(Some(0), "", "", "}"),
    ];
    assert_eq!(fold(&pieces), [call("a", "get_weather", "{}")]);
}

#[test]
fn id_that_changes_with_every_fragment_is_the_first() {
    let pieces = [fragment(Some(0), "a", "f", "{"), fragment(Some(0), "b", "", "}")];
    assert_eq!(fold(&pieces), [call("a", "f", "{}")]);
}

#[test]
fn ids_are_given_where_missing_and_told_apart_where_doubled() {
    let pieces =
        [whole(0, "x", "f", "{}"), whole(1, "x", "g", "{}"), whole(2, "", "h", "{}"), whole(3, "call_2", "i", "")];
    let want = [call("x", "f", "{}"), call("call_1", "g", "{}"), call("call_3", "h", "{}"), call("call_2", "i", "")];
    assert_eq!(fold(&pieces), want);
}

#[test]
fn huge_index_allocates_one_call() {
    assert_eq!(fold(&[fragment(Some(u64::MAX), "a", "f", "{}")]), [call("a", "f", "{}")]);
}

#[test]
fn whole_fragment_replaces_what_came_before() {
    let pieces = [fragment(Some(0), "a", "f", "{\"x"), whole(0, "", "", "{\"y\":1}"), whole(0, "a", "f", "{\"y\":1}")];
    assert_eq!(fold(&pieces), [call("a", "f", "{\"y\":1}")]);
}

#[test]
fn call_is_finished_once_another_begins() {
    let pieces = [
        fragment(Some(0), "a", "f", "{"),
        fragment(Some(0), "", "", "}"),
        fragment(Some(1), "b", "g", "{}"),
        Piece::Finish(Finish::Tools),
    ];
    let (first, second) = (call("a", "f", "{}"), call("b", "g", "{}"));
    assert_eq!(told(&pieces).1, [vec![], vec![], vec![first], vec![second], vec![]]);
}

#[test]
fn call_done_finishes_the_call_just_told() {
    let pieces = [fragment(Some(0), "a", "f", "{}"), Piece::CallDone, fragment(Some(1), "b", "g", "{}")];
    assert_eq!(told(&pieces).1, [vec![], vec![call("a", "f", "{}")], vec![], vec![call("b", "g", "{}")]]);
}

#[test]
fn call_waits_for_those_before_it() {
    let pieces = [
        fragment(Some(0), "a", "f", "{"),
        fragment(Some(1), "b", "g", "{}"),
        Piece::CallDone,
        fragment(Some(0), "", "", "}"),
        Piece::CallDone,
    ];
    let both = vec![call("a", "f", "{}"), call("b", "g", "{}")];
    assert_eq!(told(&pieces).1, [vec![], vec![], vec![], vec![], both, vec![]]);
}

#[test]
fn call_cut_by_the_token_limit_is_never_finished() {
    let pieces = [whole(0, "a", "f", "{}"), fragment(Some(1), "b", "g", "{\"x"), Piece::Finish(Finish::Length)];
    assert_eq!(told(&pieces).1, [vec![], vec![call("a", "f", "{}")], vec![], vec![]]);
}

#[test]
fn restated_answer_replaces_the_text() {
    let mut response = Response::default();
    for piece in [Piece::Text("a".into()), Piece::Text("b".into()), Piece::Restated("ac".into())] {
        response.add(&piece);
    }
    assert_eq!((response.text.as_str(), response.restated), ("ac", true));
}
