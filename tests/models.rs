//! `--list-models`: one id a line, or the server's own list.

use serde_json::json;

use crate::replies::{error, json_reply, models, reply};
use crate::util::Run;

#[test]
fn list_models_prints_one_id_a_line() {
    let finished = Run::asking(models(&["b", "a/c:free"])).args(["--list-models"]).gives("b\na/c:free\n");
    assert_eq!(finished.request().line, "GET /v1/models HTTP/1.1");
}

#[test]
fn list_models_as_json_is_the_servers_list() {
    let list = json!({"object": "list", "data": [{"id": "b", "owned_by": "us", "created": 1.10}]});
    let run = Run::asking(json_reply(200, &list)).args(["--list-models", "-O", "json"]);
    run.gives("{\"object\":\"list\",\"data\":[{\"id\":\"b\",\"owned_by\":\"us\",\"created\":1.1}]}\n");
}

#[test]
fn list_of_no_models_prints_nothing() {
    Run::asking(models(&[])).args(["--list-models"]).gives("");
}

#[test]
fn list_that_is_no_list_exits_5() {
    Run::asking(reply(200, &[], "<html>"))
        .args(["--list-models"])
        .fails(5, "http://SERVER/v1 answered: this is not a model list");
}

#[test]
fn list_the_server_refuses_exits_by_its_status() {
    Run::asking(error(401, "no key", None))
        .args(["--list-models"])
        .fails(3, "http://SERVER/v1 answered 401 Unauthorized: no key: no key was sent: set the server's key variable, or give --api-key-file");
    Run::asking(error(404, "no route", None))
        .args(["--list-models"])
        .fails(4, "http://SERVER/v1 answered 404 Not Found: no route: check the base URL");
}

#[test]
fn list_models_reads_no_stdin() {
    let running = Run::asking(models(&["a"])).args(["--list-models"]).stdin_held().start();
    running.finish_holding_stdin().is(0, "a\n", "");
}

#[test]
fn list_that_nobody_answers_says_what_would() {
    let words = ["-b", "http://127.0.0.1:1/v1", "--no-key", "--list-models"];
    Run::new(words).fails(7, "cannot reach http://SERVER: connection refused: is the server running?");
}

#[test]
fn names_for_people_and_hidden_models_are_left_out() {
    let named =
        json!({"data": [{"id": "v/a", "canonical_slug": "v/a-1", "name": "Vendor: A"}, {"id": "b", "name": null}]});
    Run::asking(json_reply(200, &named)).args(["--list-models"]).gives("v/a\nb\n");
    let codex = json!({"models": [{"slug": "a", "visibility": "list"}, {"slug": "b", "visibility": "hide"}]});
    Run::asking(json_reply(200, &codex)).args(["--list-models"]).gives("a\n");
}
