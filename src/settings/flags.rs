//! What the flags alone decide, with a word from environment and config file where they have one: the task, the
//! parts of the input, the form of the answer, what is shown. No server, no network.

use super::config::ConfigFile;
use super::effective::{Answer, Input, OutputSettings, SchemaAnswer, Source, Streaming, Task};
use super::env::Env;
use super::origin::{Origin, Setting};
use crate::args::{Args, Color, ErrorForm, Format, Strict, set};

/// What the run does. At most one of these flags is given: `args` refuses more.
pub(super) fn task(args: &Args) -> Task {
    match (args.tasks.print, &args.tasks.response) {
        (Some(what), _) => Task::Print(what),
        (None, Some(file)) => Task::Judge(file.clone()),
        _ if args.tasks.list_models => Task::ListModels,
        _ if args.tasks.probe => Task::Probe,
        _ if args.json.lint_schema => Task::LintSchema,
        _ => Task::Ask,
    }
}

/// The parts of the input.
pub(super) fn input(args: &Args) -> Input {
    let words = args.prompt.join(" ");
    let file = |name: &String| Source::File(name.clone());
    let text = |text: &String| Source::Text(text.clone());
    Input {
        prompt: args.input.prompt_file.as_ref().map(file).or((!words.is_empty()).then_some(Source::Text(words))),
        system: args.input.system_file.as_ref().map(file).or(args
            .input
            .system
            .as_ref()
            .filter(|text| !text.is_empty())
            .map(text)),
        no_stdin: args.input.no_stdin,
        lossy: args.input.lossy,
        images: args.input.image.clone(),
        image_detail: args.input.image_detail,
        attachments: args.input.attach.clone(),
        messages: args.input.messages.clone(),
        save_messages: set(args.input.save_messages.as_ref()).map(str::to_owned),
        tools: args.tools.files.clone(),
        tool_choice: args.tools.tool_choice.clone(),
        parallel_tools: args.tools.no_parallel_tools.then_some(false),
    }
}

/// The form of the answer.
pub(super) fn answer(args: &Args) -> Answer {
    match &args.json.schema {
        Some(source) => Answer::Schema(SchemaAnswer {
            source: source.clone(),
            name: args.json.schema_name.clone(),
            each: args.json.each,
            strict: args.json.strict.unwrap_or(Strict::Auto),
            mode: args.json.schema_mode,
            repair: args.json.repair.unwrap_or(0),
        }),
        None if args.json.any => Answer::Json,
        None if args.output.extract => Answer::Block,
        None => Answer::Text,
    }
}

/// What comes out, and how.
pub(super) fn output(args: &Args, env: &Env, config: &ConfigFile) -> OutputSettings {
    let color = color(args.output.color, env, config.color.as_ref());
    OutputSettings {
        format: args.output.format.unwrap_or(Format::Text),
        streaming: streaming(args),
        reasoning: args.output.reasoning,
        usage: args.output.usage,
        verbose: args.output.verbose,
        quiet: args.output.quiet,
        meta: set(args.output.meta.as_ref()).map(str::to_owned),
        errors: args.output.errors.unwrap_or(ErrorForm::Text),
        spinner: color.value != Color::Never && plain(env).is_none() && !args.output.quiet,
        color,
    }
}

/// When the answer is streamed. By itself only what is shown while it arrives is: text on a terminal, items of a
/// list, events.
fn streaming(args: &Args) -> Setting<Streaming> {
    let built_in = |streaming| Setting::new(streaming, Origin::BuiltIn);
    let is_text = args.json.schema.is_none() && !args.json.any && !args.output.extract;
    match args.output.format {
        _ if args.output.stream => Setting::new(Streaming::On, Origin::Flag("--stream")),
        _ if args.output.no_stream => Setting::new(Streaming::Off, Origin::Flag("--no-stream")),
        _ if args.json.each => Setting::new(Streaming::On, Origin::Flag("--each")),
        Some(Format::Events) => Setting::new(Streaming::On, Origin::Flag("--output")),
        Some(Format::Json) => built_in(Streaming::Off),
        _ if is_text => built_in(Streaming::Terminal),
        _ => built_in(Streaming::Off),
    }
}

/// Colour: flag, then `NO_COLOR`, `CLICOLOR_FORCE` and `TERM=dumb`, then the config file, as far as it is known.
pub(super) fn color(flag: Option<Color>, env: &Env, configured: Option<&Setting<Color>>) -> Setting<Color> {
    if let Some(color) = flag {
        return Setting::new(color, Origin::Flag("--color"));
    }
    let from = |color, variable: &str| Setting::new(color, Origin::Variable(variable.to_owned()));
    match plain(env) {
        Some("NO_COLOR") => from(Color::Never, "NO_COLOR"),
        _ if env.get_os("CLICOLOR_FORCE").is_some_and(|value| value != "0") => from(Color::Always, "CLICOLOR_FORCE"),
        Some(variable) => from(Color::Never, variable),
        None => configured.cloned().unwrap_or(Setting::new(Color::Auto, Origin::BuiltIn)),
    }
}

/// The variable that asks for plain output, if one does.
fn plain(env: &Env) -> Option<&'static str> {
    if env.get_os("NO_COLOR").is_some() {
        return Some("NO_COLOR");
    }
    (env.get("TERM") == Some("dumb")).then_some("TERM")
}

/// Whether a refused field may be asked for in another form.
pub(super) fn adapt(args: &Args, config: &ConfigFile) -> Setting<bool> {
    if args.generation.no_adapt {
        return Setting::new(false, Origin::Flag("--no-adapt"));
    }
    config.adapt.clone().unwrap_or(Setting::new(true, Origin::BuiltIn))
}
