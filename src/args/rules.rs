//! Flags that do not go together, beyond what the command line itself refuses. The only place for such rules.

use super::choices::{Print, SchemaMode, Strict};
use super::command::{Args, set};
use crate::failure::Failure;

/// Refuses flags that do not go together.
///
/// # Errors
/// `Usage` naming both flags.
pub(super) fn check(args: &Args) -> Result<(), Failure> {
    check_dependent(args)?;
    let key_flags = [
        (args.server.no_key, "--no-key"),
        (set(args.server.api_key_file.as_ref()).is_some(), "--api-key-file"),
        (set(args.server.api_key_command.as_ref()).is_some(), "--api-key-command"),
        (set(args.server.api_key_env.as_ref()).is_some(), "--api-key-env"),
    ];
    let tasks = [
        (args.tasks.print.is_some(), "--print"),
        (args.tasks.response.is_some(), "--response"),
        (args.tasks.list_models, "--list-models"),
        (args.tasks.probe, "--probe"),
        (args.json.lint_schema, "--lint-schema"),
    ];
    at_most_one(&key_flags, "one place for the key is enough")?;
    at_most_one(&tasks, "one of them at a time")?;
    let forms =
        [(args.output.extract, "--extract"), (args.json.schema.is_some(), "--schema"), (args.json.any, "--json")];
    at_most_one(&forms, "the answer has one form")?;
    if args.json.each && args.json.repair.is_some_and(|tries| tries > 0) {
        return Err(clash("--each", "--repair", "items that were printed cannot be taken back"));
    }
    let beside_reply = [
        (&args.input.save_messages, "--save-messages", "a saved reply does not tell what it was asked"),
        (&args.network.capture, "--capture", "nothing is sent"),
        (&args.network.replay, "--replay", "nothing is sent"),
    ];
    for (file, flag, why) in beside_reply {
        if args.tasks.response.is_some() && file.is_some() {
            return Err(clash("--response", flag, why));
        }
    }
    if args.tasks.id.is_some() && args.tasks.response.is_none() && args.tasks.print != Some(Print::Batch) {
        return Err(Failure::usage("--id", "means nothing alone").hint("add --print batch or --response FILE"));
    }
    if args.input.image_detail.is_some() && args.input.image.is_empty() && args.input.attach.is_empty() {
        return Err(Failure::usage("--image-detail", "means nothing alone").hint("add --image SRC"));
    }
    if let (Some(Strict::Always), Some(mode @ (SchemaMode::JsonObject | SchemaMode::Prompt))) =
        (args.json.strict, args.json.schema_mode)
    {
        let mode = if mode == SchemaMode::Prompt { "--schema-mode prompt" } else { "--schema-mode json_object" };
        return Err(clash("--strict always", mode, "only json-schema is enforced by the server"));
    }
    for (file, flag) in [
        (&args.output.meta, "--meta"),
        (&args.input.save_messages, "--save-messages"),
        (&args.network.capture, "--capture"),
    ] {
        if file.as_deref() == Some("-") {
            return Err(Failure::usage(format!("{flag} '-'"), "stdout is the answer and nothing else")
                .hint("name a file, such as /dev/stderr"));
        }
    }
    check_stdin(args)
}

/// Refuses flags that mean nothing without another.
fn check_dependent(args: &Args) -> Result<(), Failure> {
    let schema = [
        (args.json.schema_name.is_some(), "--schema-name"),
        (args.json.each, "--each"),
        (args.json.strict.is_some(), "--strict"),
        (args.json.schema_mode.is_some(), "--schema-mode"),
        (args.json.repair.is_some(), "--repair"),
        (args.json.lint_schema, "--lint-schema"),
    ];
    let tools =
        [(args.tools.tool_choice.is_some(), "--tool-choice"), (args.tools.no_parallel_tools, "--no-parallel-tools")];
    let replay = [(args.network.replay_speed.is_some(), "--replay-speed")];
    for (is_needed, needed, flags) in [
        (args.json.schema.is_none(), "--schema SRC", &schema[..]),
        (args.tools.files.is_empty(), "--tools FILE", &tools),
        (args.network.replay.is_none(), "--replay FILE", &replay),
    ] {
        if let Some((_, flag)) = flags.iter().find(|(is_given, _)| *is_given && is_needed) {
            return Err(Failure::usage(*flag, "means nothing alone").hint(format!("add {needed}")));
        }
    }
    Ok(())
}

/// Refuses a second use of stdin, and any use beside `--no-stdin`.
fn check_stdin(args: &Args) -> Result<(), Failure> {
    let single = [
        (&args.input.prompt_file, "--prompt-file"),
        (&args.input.system_file, "--system-file"),
        (&args.input.messages, "--messages"),
        (&args.json.schema, "--schema"),
        (&args.server.api_key_file, "--api-key-file"),
        (&args.server.config, "--config"),
        (&args.tasks.response, "--response"),
    ];
    let lists = [(&args.input.image, "--image"), (&args.input.attach, "--attach"), (&args.tools.files, "--tools")];
    let single = single.iter().flat_map(|(file, flag)| file.iter().map(move |file| (file, *flag)));
    let lists = lists.iter().flat_map(|(files, flag)| files.iter().map(move |file| (file, *flag)));
    let mut uses = single.chain(lists).filter(|(file, _)| *file == "-").map(|(_, flag)| format!("{flag} -"));
    let Some(first) = uses.next() else { return Ok(()) };
    if let Some(second) = uses.next() {
        return Err(clash(&first, &second, "stdin can be read once"));
    }
    if args.input.no_stdin {
        return Err(clash(&first, "--no-stdin", "one reads stdin, the other leaves it alone"));
    }
    Ok(())
}

/// Refuses more than one flag of a group.
fn at_most_one(group: &[(bool, &str)], why: &str) -> Result<(), Failure> {
    let mut given = group.iter().filter(|(is_given, _)| *is_given).map(|(_, flag)| *flag);
    match (given.next(), given.next()) {
        (Some(first), Some(second)) => Err(clash(first, second, why)),
        _ => Ok(()),
    }
}

/// The failure of two flags.
fn clash(first: &str, second: &str, why: &str) -> Failure {
    Failure::usage(format!("{first} and {second}"), why)
}

#[cfg(test)]
mod tests {
    use super::super::Stop;

    /// The verdict on a command line.
    fn verdict(words: &str) -> Result<(), String> {
        match super::super::parse(words.split_whitespace().map(Into::into)) {
            Err(Stop::Mistake { failure, .. }) => Err(failure.line()),
            _ => Ok(()),
        }
    }

    #[test]
    fn flags_that_clash_are_both_named() {
        for (words, error) in [
            ("--no-key --api-key-env A", "--no-key and --api-key-env: one place for the key is enough"),
            (
                "--api-key-file a --api-key-command b",
                "--api-key-file and --api-key-command: one place for the key is enough",
            ),
            ("--list-models --probe", "--list-models and --probe: one of them at a time"),
            ("--print curl --list-models", "--print and --list-models: one of them at a time"),
            ("--print batch --response r", "--print and --response: one of them at a time"),
            (
                "--response r --save-messages m",
                "--response and --save-messages: a saved reply does not tell what it was asked",
            ),
            ("--response r --replay h", "--response and --replay: nothing is sent"),
            ("--id a", "--id: means nothing alone: add --print batch or --response FILE"),
            ("--id a --print curl", "--id: means nothing alone: add --print batch or --response FILE"),
            ("--image-detail low", "--image-detail: means nothing alone: add --image SRC"),
            ("-S - --response -", "--schema - and --response -: stdin can be read once"),
            ("-S s --print request --lint-schema", "--print and --lint-schema: one of them at a time"),
            ("-S s -x", "--extract and --schema: the answer has one form"),
            ("--json -x", "--extract and --json: the answer has one form"),
            ("-S s --each --repair 1", "--each and --repair: items that were printed cannot be taken back"),
            (
                "-S s --strict always --schema-mode prompt",
                "--strict always and --schema-mode prompt: only json-schema is enforced by the server",
            ),
            ("--meta -", "--meta '-': stdout is the answer and nothing else: name a file, such as /dev/stderr"),
            ("--system-file - -i -", "--system-file - and --image -: stdin can be read once"),
            ("-a - -a -", "--attach - and --attach -: stdin can be read once"),
            ("-S - --tools -", "--schema - and --tools -: stdin can be read once"),
            ("--prompt-file - -n", "--prompt-file - and --no-stdin: one reads stdin, the other leaves it alone"),
        ] {
            assert_eq!(verdict(words), Err(error.to_owned()), "{words}");
        }
    }

    #[test]
    fn flags_that_go_together_pass() {
        for words in [
            "",
            "-S s --each --repair 0",
            "-S s --strict always --schema-mode json_schema",
            "--system-file - hello",
            "-S s --print request",
            "--print batch --id a hello",
            "--response - --id a",
            "--json --tools t",
            "-x -O json",
            "--no-key --allow-plain-http",
        ] {
            assert_eq!(verdict(words), Ok(()), "{words}");
        }
    }
}
