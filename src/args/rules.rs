//! Flags that do not go together, beyond what the command line itself refuses. The only place for such rules.

use super::choices::{Print, SchemaMode, Strict};
use super::command::{Args, set};
use crate::failure::Failure;

/// Refuses flags that do not go together.
///
/// # Errors
/// `Usage` naming both flags.
pub(super) fn check(args: &Args) -> Result<(), Failure> {
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
///
/// # Errors
/// `Usage` naming both flags.
pub(super) fn check_dependent(args: &Args) -> Result<(), Failure> {
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
mod tests;
