//! Where a request goes and what a setting is: flag before environment before built-in, for each setting alone.

use serde_json::json;

use crate::replies::{chat, models};
use crate::server::Server;
use crate::util::Run;

/// A run that shows its request line on stderr and sends nothing.
fn shown<'a>(words: impl IntoIterator<Item = &'a str>) -> Run {
    Run::new(["--print", "curl", "hi"]).args(words)
}

/// The URL a request would go to.
#[track_caller]
fn url(run: Run) -> String {
    let finished = run.finish();
    assert_eq!(finished.code(), 0, "{}", finished.stderr());
    let text = String::from_utf8_lossy(&finished.stdout);
    let url = text.split(['\'', ' ', '\n']).find(|word| word.starts_with("http"));
    url.expect("the command has a URL").to_owned()
}

#[test]
fn endpoint_is_appended_once_however_the_base_url_is_spelled() {
    for (base, expected) in [
        ("http://h.example/v1", "http://h.example/v1/chat/completions"),
        ("http://h.example/v1/", "http://h.example/v1/chat/completions"),
        ("http://h.example", "http://h.example/chat/completions"),
        ("http://h.example/", "http://h.example/chat/completions"),
        ("http://h.example/v1/chat/completions", "http://h.example/v1/chat/completions"),
        ("http://h.example/v1/chat/completions/", "http://h.example/v1/chat/completions"),
        ("https://h.example/d/x?api-version=1", "https://h.example/d/x/chat/completions?api-version=1"),
        ("https://h.example/v1/responses", "https://h.example/v1/responses"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1/chat/completions"),
    ] {
        assert_eq!(url(shown(["-m", "m", "--no-key", "-b", base])), expected, "{base}");
    }
}

#[test]
fn base_url_comes_from_flag_then_variable_then_older_variable() {
    let run = |words: &[&'static str]| shown(["-m", "m", "--no-key"]).args(words);
    let variable = |run: Run| run.env("OPENAI_BASE_URL", "http://new.example/v1");
    let older = |run: Run| run.env("OPENAI_API_BASE", "http://old.example/v1");
    let at = |host: &str| format!("{host}/chat/completions");
    assert_eq!(url(older(variable(run(&["-b", "http://flag.example/v1"])))), at("http://flag.example/v1"));
    assert_eq!(url(older(variable(run(&[])))), at("http://new.example/v1"));
    assert_eq!(url(older(run(&[]))), at("http://old.example/v1"));
    assert_eq!(url(older(run(&[]).env("OPENAI_BASE_URL", ""))), at("http://old.example/v1"));
}

#[test]
fn model_comes_from_flag_then_variable() {
    let ask = |words: &[&str]| {
        let server = Server::new([chat("x")]);
        let run = Run::new(["-b", &server.url(), "--no-key", "hi"]).args(words).env("LMPIPE_MODEL", "from-env");
        run.beside(server).gives("x\n").request().json()["model"].clone()
    };
    assert_eq!(ask(&["-m", "from-flag"]), "from-flag");
    assert_eq!(ask(&[]), "from-env");
}

#[test]
fn model_names_with_colons_and_slashes_stay_whole() {
    for model in ["qwen2.5vl:7b", "meta-llama/llama-3.3-70b-instruct:free", "ft:gpt-4o:org::id", "a/b"] {
        let request = Run::asking(chat("x")).args(["-m", model, "hi"]).gives("x\n").request();
        assert_eq!(request.json()["model"], model);
    }
}

#[test]
fn only_model_the_server_lists_is_used() {
    let server = Server::new([models(&["just-this"]), chat("x")]);
    let run = Run::new(["-b", &server.url(), "--no-key", "hi"]).beside(server);
    let requests = run.gives("x\n").requests();
    assert_eq!(requests[0].line, "GET /v1/models HTTP/1.1");
    assert_eq!(requests[1].json()["model"], "just-this");
}

#[test]
fn no_model_and_several_listed_exits_2_with_the_list() {
    let server = Server::new([models(&["a", "b"])]);
    Run::new(["-b", &server.url(), "--no-key", "hi"])
        .beside(server)
        .fails(2, "no model given: http://SERVER/v1 lists a, b: name one with --model");
}

#[test]
fn no_model_and_no_list_exits_2() {
    let server = Server::new([crate::replies::error(404, "no such route", None)]);
    Run::new(["-b", &server.url(), "--no-key", "hi"])
        .beside(server)
        .fails(2, "no model given: http://SERVER/v1 does not list its own: name one with --model");
}

#[test]
fn preset_brings_its_own_url() {
    for (preset, expected) in [
        ("openai", "https://api.openai.com/v1/chat/completions"),
        ("ollama", "http://localhost:11434/v1/chat/completions"),
        ("lmstudio", "http://localhost:1234/v1/chat/completions"),
        ("vllm", "http://localhost:8000/v1/chat/completions"),
        ("llamacpp", "http://localhost:8080/v1/chat/completions"),
        ("litellm", "http://localhost:4000/v1/chat/completions"),
        ("openrouter", "https://openrouter.ai/api/v1/chat/completions"),
        ("groq", "https://api.groq.com/openai/v1/chat/completions"),
        ("mistral", "https://api.mistral.ai/v1/chat/completions"),
        ("deepseek", "https://api.deepseek.com/chat/completions"),
        ("xai", "https://api.x.ai/v1/chat/completions"),
        ("together", "https://api.together.ai/v1/chat/completions"),
        ("fireworks", "https://api.fireworks.ai/inference/v1/chat/completions"),
        ("gemini", "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions"),
        ("anthropic", "https://api.anthropic.com/v1/chat/completions"),
        ("cerebras", "https://api.cerebras.ai/v1/chat/completions"),
        ("huggingface", "https://router.huggingface.co/v1/chat/completions"),
    ] {
        assert_eq!(url(shown(["-m", "m", "-p", preset])), expected, "{preset}");
    }
}

#[test]
fn openai_variables_do_not_move_another_provider() {
    let run = shown(["-m", "m", "-p", "groq"]).env("OPENAI_BASE_URL", "http://mine.example/v1");
    assert_eq!(url(run), "https://api.groq.com/openai/v1/chat/completions");
}

#[test]
fn base_url_flag_beats_the_url_of_a_provider() {
    let run = shown(["-m", "m", "-p", "groq", "-b", "http://mine.example/v1", "--no-key"]);
    assert_eq!(url(run), "http://mine.example/v1/chat/completions");
}

#[test]
fn provider_comes_from_its_variable() {
    let run = shown(["-m", "m"]).env("LMPIPE_PROVIDER", "groq");
    assert_eq!(url(run), "https://api.groq.com/openai/v1/chat/completions");
}

#[test]
fn ollama_host_names_the_server() {
    for (host, expected) in [
        ("192.0.2.7", "http://192.0.2.7:11434/v1/chat/completions"),
        ("192.0.2.7:9", "http://192.0.2.7:9/v1/chat/completions"),
        ("https://o.example", "https://o.example/v1/chat/completions"),
    ] {
        assert_eq!(url(shown(["-m", "m", "-p", "ollama"]).env("OLLAMA_HOST", host)), expected, "{host}");
    }
}

#[test]
fn organisation_project_and_custom_headers_are_sent() {
    let server = Server::new([chat("x")]);
    let request = Run::new(["-b", &server.url(), "-m", "m", "hi"])
        .env("OPENAI_API_KEY", "sk-1")
        .env("OPENAI_ORG_ID", "org-1")
        .env("OPENAI_PROJECT_ID", "proj-1")
        .env("OPENAI_CUSTOM_HEADERS", "X-One: 1\nX-Two: a: b\n")
        .beside(server)
        .gives("x\n")
        .request();
    assert_eq!(request.header("openai-organization"), Some("org-1"));
    assert_eq!(request.header("openai-project"), Some("proj-1"));
    assert_eq!((request.header("x-one"), request.header("x-two")), (Some("1"), Some("a: b")));
}

#[test]
fn header_flag_adds_and_replaces() {
    let request =
        Run::asking(chat("x")).args(["-H", "X-Team: docs", "-H", "User-Agent: mine", "hi"]).gives("x\n").request();
    assert_eq!((request.header("x-team"), request.header("user-agent")), (Some("docs"), Some("mine")));
    assert_eq!(request.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("user-agent")).count(), 1);
}

#[test]
fn generation_flags_become_their_own_fields() {
    let words =
        "-t 0.5 --top-p 0.9 --max-tokens 7 --stop A --stop B --seed 3 -e low --verbosity high -o a.b=1 -o c=x hi";
    let request = Run::asking(chat("x")).args(words.split(' ')).gives("x\n").request();
    assert_eq!(
        request.json(),
        json!({
            "model": "m",
            "messages": [{"role": "user", "content": "hi"}],
            "stream": false,
            "temperature": 0.5,
            "top_p": 0.9,
            "max_tokens": 7,
            "stop": ["A", "B"],
            "seed": 3,
            "reasoning_effort": "low",
            "verbosity": "high",
            "a": {"b": 1},
            "c": "x",
        })
    );
}

#[test]
fn numbers_are_sent_as_they_were_typed() {
    let request = Run::asking(chat("x")).args(["-t", "0.70", "--seed", "12345678901234567890", "hi"]).gives("x\n");
    let body = request.request();
    assert!(body.text().contains("0.70") && body.text().contains("12345678901234567890"), "{}", body.text());
}

#[test]
fn option_without_an_equals_sign_exits_2() {
    Run::asking_all(Vec::<Vec<u8>>::new())
        .args(["-o", "thinking", "hi"])
        .fails(2, "option 'thinking' (from --option): no '=' in it: write -o KEY=VALUE, such as -o top_k=40; for a file, write > FILE");
}

#[test]
fn openai_gets_the_newer_token_field() {
    let run = Run::new(["--print", "request", "-p", "openai", "-m", "m", "--max-tokens", "7", "hi"]);
    let body: serde_json::Value = serde_json::from_slice(&run.finish().stdout).unwrap();
    assert_eq!((&body["max_completion_tokens"], body.get("max_tokens")), (&json!(7), None));
}

#[test]
fn refused_token_field_is_tried_once_under_its_other_name() {
    let refusal = "Unsupported parameter: 'max_tokens' is not supported with this model. \
                   Use 'max_completion_tokens' instead.";
    let body = json!({"error": {"message": refusal, "type": "invalid_request_error",
                                "param": "max_tokens", "code": "unsupported_parameter"}});
    let run = Run::asking_all([crate::replies::json_reply(400, &body), chat("x")]);
    let requests = run
        .args(["--max-tokens", "7", "hi"])
        .ends(0, "x\n", "lmpipe: the server refuses max_tokens: asking with max_completion_tokens\n")
        .requests();
    assert_eq!(requests[0].json()["max_tokens"], 7);
    assert_eq!((&requests[1].json()["max_completion_tokens"], requests[1].json().get("max_tokens")), (&json!(7), None));
}

#[test]
fn no_adapt_sends_once() {
    let body = json!({"error": {"message": "Unsupported parameter: 'max_tokens'", "param": "max_tokens",
                                "code": "unsupported_parameter"}});
    Run::asking(crate::replies::json_reply(400, &body))
        .args(["--no-adapt", "--max-tokens", "7", "hi"])
        .fails(4, "http://SERVER/v1 answered 400 Bad Request: Unsupported parameter: 'max_tokens'");
}

#[test]
fn field_the_user_typed_is_never_adapted() {
    let body = json!({"error": {"message": "Unsupported parameter: 'max_tokens'", "param": "max_tokens",
                                "code": "unsupported_parameter"}});
    Run::asking(crate::replies::json_reply(400, &body))
        .args(["-o", "max_tokens=7", "hi"])
        .fails(4, "http://SERVER/v1 answered 400 Bad Request: Unsupported parameter: 'max_tokens'");
}

#[test]
fn empty_values_of_flags_count_as_unset() {
    let flags = "-t --top-p --max-tokens --seed --stop -e --verbosity --api -p --api-key-file --retries --color --errors \
                 -O --image-detail --strict --schema-mode --repair --meta --save-messages";
    let words = flags.split_whitespace().flat_map(|flag| [flag, ""]);
    let request = Run::asking(chat("x")).args(["hi"]).args(words).gives("x\n").request();
    let body = json!({"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": false});
    assert_eq!(request.json(), body);
}

#[test]
fn empty_task_is_no_request() {
    Run::new(["--print", "", "hi"]).fails(2, "--print '': no such choice: one of request, curl, batch, config");
}

#[test]
fn fields_that_flags_fill_are_no_options() {
    for (option, instead) in [
        ("stream=true", "say --stream or --no-stream"),
        ("model=x", "name it with --model"),
        ("messages=[]", "the prompt, --system and --messages are what is said"),
        ("input=x", "the prompt, --system and --messages are what is said"),
    ] {
        let name = option.split('=').next().unwrap();
        let line = format!("option '{name}' (from --option): this field is lmpipe's own: {instead}");
        Run::new(["-o", option, "hi"]).fails(2, &line);
    }
}
