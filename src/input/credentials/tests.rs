//! Claims about keys and logins.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::args::Args;
use crate::failure::IS_FOLDER;
use crate::settings::settle;

/// The time of these tests, in seconds since 1970: 2026-11-22 21:00:00 UTC.
const NOW: u64 = 1_795_381_200;

/// A fresh folder of one test, gone with it.
struct Folder(PathBuf);

impl Folder {
    /// A folder named after the test.
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("lmpipe-credentials-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    /// A file of this text in it.
    fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        close(&path, 0o600);
        path.to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Sets the mode of a file.
#[cfg(unix)]
fn close(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// Other systems have no mode.
#[cfg(not(unix))]
fn close(_: &Path, _: u32) {}

/// The first route of words and variables.
fn route(words: &[&str], env: &Env) -> Route {
    let args = Args::typed([&["-m", "m"], words].concat());
    settle(&args, env, None).unwrap().routes.remove(0)
}

/// The credentials of words and variables.
fn read_with(words: &[&str], env: &Env, mut stdin: &[u8]) -> Result<Credentials, Failure> {
    read(&route(words, env), env, SystemTime::UNIX_EPOCH + Duration::from_secs(NOW), &mut stdin)
}

/// The credentials and key origins of words and variables.
fn keys<const N: usize>(words: &[&str], env: [(&str, &str); N]) -> Vec<(Credential, String)> {
    let found = read_with(words, &Env::from(env), b"").unwrap();
    assert_eq!(found.notices, Vec::<String>::new());
    found.endpoints.into_iter().map(|endpoint| (endpoint.credential, endpoint.key_origin)).collect()
}

/// The exit code and message of words and variables.
fn error<const N: usize>(words: &[&str], env: [(&str, &str); N]) -> (u8, String) {
    let failure = read_with(words, &Env::from(env), b"").unwrap_err();
    (failure.kind.exit(), failure.line())
}

/// A bearer key.
fn bearer(key: &str) -> Credential {
    Credential::Bearer(Secret::new(key.to_owned()))
}

#[test]
fn keys_in_variables_are_tried_in_their_order() {
    let env = [("OPENAI_API_KEY_2", "two"), ("OPENAI_API_KEY", "zero"), ("OPENAI_API_KEY_1", "one")];
    assert_eq!(
        keys(&[], env),
        [
            (bearer("zero"), "OPENAI_API_KEY".into()),
            (bearer("one"), "OPENAI_API_KEY_1".into()),
            (bearer("two"), "OPENAI_API_KEY_2".into()),
        ]
    );
    let azure = [("AZURE_OPENAI_ENDPOINT", "https://r.openai.azure.com"), ("AZURE_OPENAI_API_KEY", "k")];
    let header = Credential::Header("api-key", Secret::new("k".into()));
    assert_eq!(keys(&["-p", "azure"], azure), [(header, "AZURE_OPENAI_API_KEY".into())]);
}

#[test]
fn an_endpoint_has_all_that_the_route_says() {
    let env = Env::from([("OPENAI_API_KEY", "k"), ("OPENAI_BASE_URL", "http://127.0.0.1:1/v1?a=b")]);
    let endpoint = read_with(&["-H", "X-A: 1", "--api", "responses"], &env, b"").unwrap().endpoints.remove(0);
    assert_eq!(
        format!("{endpoint:?}"),
        "Endpoint { provider: \"openai\", dialect: Responses, base_url: \"http://127.0.0.1:1/v1?a=b\", \
         base_url_origin: \"from OPENAI_BASE_URL\", credential: Bearer(Secret(REDACTED)), key_origin: \"OPENAI_API_KEY\", \
         headers: [(\"X-A\", Secret(REDACTED))], renames: [] }"
    );
}

#[test]
fn a_server_without_a_key_gets_none() {
    assert_eq!(keys(&["-p", "ollama"], []), [(Credential::None, String::new())]);
    assert_eq!(keys(&["--no-key"], [("OPENAI_API_KEY", "k")]), [(Credential::None, String::new())]);
}

#[test]
fn a_missing_key_names_its_variables() {
    let hint = "set it, or name the key with --api-key-file, --api-key-command or --api-key-env";
    assert_eq!(
        error(&["-p", "openai"], []),
        (3, format!("no key for https://api.openai.com/v1 (provider openai): OPENAI_API_KEY is not set: {hint}"))
    );
    assert_eq!(
        error(&["-b", "http://127.0.0.1:1", "--api-key-env", "MINE"], []),
        (3, format!("no key for http://127.0.0.1:1 (provider openai): MINE is not set: {hint}"))
    );
}

#[test]
fn a_key_that_no_header_can_carry_is_refused_and_not_shown() {
    for key in ["sk secret", "sk-secret\n", "\tsk-secret", "sk-secrét", "sk-secret\u{7f}"] {
        assert_eq!(
            error(&[], [("OPENAI_API_KEY", key)]),
            (
                2,
                "OPENAI_API_KEY: the key has a blank, a line break, a control character or a letter outside ASCII: \
                 a key is one word; it is not shown here"
                    .to_owned()
            )
        );
    }
}

#[test]
fn a_key_file_is_trimmed() {
    let folder = Folder::new("file");
    for (name, text) in [("a", "sk-1"), ("b", "sk-1\n"), ("c", " sk-1 \r\n\n")] {
        let path = folder.file(name, text);
        let origin = format!("--api-key-file {path}");
        assert_eq!(keys(&["--api-key-file", &path], []), [(bearer("sk-1"), origin)]);
    }
}

#[test]
fn a_key_comes_from_stdin_where_a_dash_says_so() {
    let found = read_with(&["--api-key-file", "-"], &Env::default(), b"sk-1\n").unwrap();
    assert_eq!(found.endpoints[0].credential, bearer("sk-1"));
}

#[test]
fn bad_key_files_say_why() {
    let folder = Folder::new("bad-file");
    let long = "k".repeat(300_000);
    for (name, text, why) in [
        ("empty", "", "the file is empty"),
        ("blank", " \n", "the file is empty"),
        ("long", long.as_str(), "too long for a key"),
        (
            "two-lines",
            "sk-1\nsk-2\n",
            "the key has a blank, a line break, a control character or a letter outside ASCII: \
             a key is one word; it is not shown here",
        ),
    ] {
        let path = folder.file(name, text);
        let line = format!("key file '{path}' (from --api-key-file): {why}");
        assert_eq!(error(&["--api-key-file", &path], []), (2, line));
    }
    let path = folder.0.join("none").to_str().unwrap().to_owned();
    let line = format!("key file '{path}' (from --api-key-file): no such file or directory");
    assert_eq!(error(&["--api-key-file", &path], []), (2, line));
    let path = folder.0.to_str().unwrap().to_owned();
    let line = format!("key file '{path}' (from --api-key-file): {IS_FOLDER}");
    assert_eq!(error(&["--api-key-file", &path], []), (2, line));
}

#[cfg(unix)]
#[test]
fn a_key_file_that_others_can_read_is_said() {
    let folder = Folder::new("open-file");
    let path = folder.file("key", "sk-1");
    close(Path::new(&path), 0o640);
    let found = read_with(&["--api-key-file", &path], &Env::default(), b"").unwrap();
    let notice = format!("key file '{path}' (from --api-key-file) can be read by other users: chmod 600 closes it");
    assert_eq!(found.notices, [notice]);
}

#[cfg(unix)]
#[test]
fn a_key_command_prints_the_key() {
    let env = [("PATH", "/usr/bin:/bin"), ("MINE", "sk-1")];
    let origin = |command: &str| format!("--api-key-command {command}");
    for command in ["printf 'sk-1\\n'", "echo $MINE", "cat; echo sk-1"] {
        assert_eq!(keys(&["--api-key-command", command], env), [(bearer("sk-1"), origin(command))]);
    }
}

#[cfg(unix)]
#[test]
fn bad_key_commands_say_why() {
    let env = [("PATH", "/usr/bin:/bin")];
    for (command, exit, why) in [
        ("exit 3", 3, "ended with status 3"),
        ("echo sk-1; exit 1", 3, "ended with status 1"),
        ("kill -9 $$", 3, "ended by signal: 9 (SIGKILL)"),
        ("true", 3, "it printed nothing"),
        ("yes", 3, "too long for a key"),
        (
            "echo sk-1; echo sk-2",
            2,
            "the key has a blank, a line break, a control character or a letter outside ASCII: \
             a key is one word; it is not shown here",
        ),
    ] {
        let line = format!("key command '{command}' (from --api-key-command): {why}");
        assert_eq!(error(&["--api-key-command", command], env), (exit, line));
    }
}

#[test]
fn showing_reads_nothing() {
    let shown = |words: &[&str], env: &Env| {
        let endpoint = placeholder(&route(words, env));
        (format!("{:?}", endpoint.credential), endpoint.key_origin)
    };
    let none = Env::default();
    let is = |credential: &str, origin: &str| (credential.to_owned(), origin.to_owned());
    let bearer = "Bearer(Secret(REDACTED))";
    let login = Path::new("/h").join(".codex").join("auth.json");
    assert_eq!(shown(&["-p", "openai"], &none), is(bearer, "OPENAI_API_KEY"));
    assert_eq!(shown(&[], &[("OPENAI_API_KEY_7", "k")].into()), is(bearer, "OPENAI_API_KEY_7"));
    assert_eq!(shown(&["--api-key-file", "/none"], &none), is(bearer, "--api-key-file /none"));
    assert_eq!(shown(&["--api-key-command", "exit 1"], &none), is(bearer, "--api-key-command exit 1"));
    assert_eq!(shown(&["-p", "openai-codex"], &[("HOME", "/h")].into()), is(bearer, &login.display().to_string()));
    assert_eq!(shown(&["-p", "ollama"], &none), is("None", ""));
    let azure = [("AZURE_OPENAI_ENDPOINT", "https://r.openai.azure.com")].into();
    assert_eq!(shown(&["-p", "azure"], &azure), is("Header(\"api-key\", Secret(REDACTED))", "AZURE_OPENAI_API_KEY"));
}

/// A token with these claims.
fn token(claims: &Value) -> String {
    use base64::Engine;
    let part = |bytes: &[u8]| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
    format!("{}.{}.{}", part(b"{}"), part(claims.to_string().as_bytes()), part(b"signature"))
}

/// What a login file gives: base URL, token and headers, or exit code and message without the file's name.
fn login(name: &str, text: &str, words: &[&str]) -> Result<(String, Credential, Vec<String>), (u8, String)> {
    let folder = Folder::new(name);
    let path = folder.file("auth.json", text);
    let home = folder.0.to_str().unwrap().to_owned();
    let env = Env::from([("CODEX_HOME", home.as_str())]);
    match read_with(&[&["-p", "openai-codex"], words].concat(), &env, b"") {
        Ok(mut found) => {
            let endpoint = found.endpoints.remove(0);
            assert_eq!(endpoint.key_origin, path);
            let headers = endpoint.headers.iter();
            let headers = headers.map(|(name, value)| format!("{name}: {}", value.reveal())).collect();
            Ok((endpoint.base_url, endpoint.credential, headers))
        }
        Err(failure) => Err((failure.kind.exit(), failure.line().replace(&path, "FILE"))),
    }
}

/// The codex API.
const CODEX: &str = "https://chatgpt.com/backend-api/codex";

#[test]
fn a_chatgpt_login_gives_token_and_account() {
    let access = token(&json!({ "exp": NOW + 60, "https://api.openai.com/auth": { "chatgpt_account_id": "acc-3" } }));
    let id = token(&json!({ "https://api.openai.com/auth": {
        "chatgpt_account_id": "acc-2", "chatgpt_account_is_fedramp": true } }));
    let plain = "not-a-jwt";
    for (name, file, key, headers) in [
        (
            "own",
            json!({ "auth_mode": "chatgpt", "OPENAI_API_KEY": null, "last_refresh": "2026-01-01T00:00:00Z",
                    "tokens": { "access_token": access, "account_id": "acc-1", "refresh_token": "r" } }),
            &access,
            vec!["ChatGPT-Account-ID: acc-1"],
        ),
        (
            "id",
            json!({ "tokens": { "access_token": access, "id_token": id } }),
            &access,
            vec!["ChatGPT-Account-ID: acc-2", "X-OpenAI-Fedramp: true"],
        ),
        (
            "access",
            json!({ "auth_mode": "chatgptAuthTokens", "tokens": { "access_token": access } }),
            &access,
            vec!["ChatGPT-Account-ID: acc-3"],
        ),
        ("plain", json!({ "tokens": { "access_token": plain } }), &plain.to_owned(), vec![]),
        (
            "both",
            json!({ "auth_mode": "chatgpt", "OPENAI_API_KEY": "sk-1", "tokens": { "access_token": plain } }),
            &plain.to_owned(),
            vec![],
        ),
    ] {
        let headers = headers.into_iter().map(str::to_owned).collect();
        assert_eq!(login(name, &file.to_string(), &[]), Ok((CODEX.to_owned(), bearer(key), headers)), "{name}");
    }
}

#[test]
fn a_login_with_a_key_goes_to_the_api() {
    let key = || bearer("sk-1");
    for (name, file) in [
        ("mode", json!({ "auth_mode": "apikey", "OPENAI_API_KEY": "sk-1", "tokens": { "access_token": "t" } })),
        ("old", json!({ "OPENAI_API_KEY": "sk-1" })),
    ] {
        let api = "https://api.openai.com/v1".to_owned();
        assert_eq!(login(name, &file.to_string(), &[]), Ok((api, key(), vec![])));
        let own = "http://127.0.0.1:1".to_owned();
        assert_eq!(login(name, &file.to_string(), &["-b", &own]), Ok((own, key(), vec![])));
    }
}

#[test]
fn headers_of_the_users_own_stand_before_those_of_the_login() {
    let file = json!({ "tokens": { "access_token": "t", "account_id": "acc-1" } }).to_string();
    let headers = vec!["chatgpt-account-id: mine".to_owned()];
    let words = ["-H", "chatgpt-account-id: mine"];
    assert_eq!(login("own-header", &file, &words), Ok((CODEX.to_owned(), bearer("t"), headers)));
}

#[test]
fn a_login_that_is_none_says_what_to_run() {
    let expired = token(&json!({ "exp": NOW }));
    for (name, file, why) in [
        ("json", "sk-secret".to_owned(), "it is not a login file: run 'codex login'"),
        ("empty", "{}".to_owned(), "it holds no key and no token: run 'codex login'"),
        ("key", json!({ "auth_mode": "apikey" }).to_string(), "it holds no key and no token: run 'codex login'"),
        ("token", json!({ "tokens": { "access_token": "" } }).to_string(), "it holds no token: run 'codex login'"),
        (
            "expired",
            json!({ "tokens": { "access_token": expired } }).to_string(),
            "it expired on Sun, 22 Nov 2026 21:00:00 GMT: run 'codex login'",
        ),
        (
            "agent",
            json!({ "auth_mode": "agentIdentity", "tokens": null }).to_string(),
            "a login of the kind 'agentIdentity' is Codex's alone: run 'codex login' to log in with ChatGPT",
        ),
    ] {
        assert_eq!(login(name, &file, &[]), Err((3, format!("the login in FILE (from CODEX_HOME): {why}"))));
    }
    let folder = Folder::new("no-login");
    let home = folder.0.to_str().unwrap();
    let file = folder.0.join(".codex").join("auth.json");
    let file = file.display();
    assert_eq!(
        error(&["-p", "openai-codex"], [("HOME", home)]),
        (
            3,
            format!(
                "the login in {file} (from the preset): no such file or directory: \
                 run 'codex login'; a login kept in the system's keyring cannot be read, \
                 cli_auth_credentials_store = \"file\" in Codex's config.toml puts it in a file"
            )
        )
    );
}
