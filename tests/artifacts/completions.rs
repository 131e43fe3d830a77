//! Writes the completion scripts. Those of bash, zsh and fish are our own, tried in the real shells: they know
//! files, providers and the server's models. Those of PowerShell and elvish are what clap makes of the flags.

use clap::{Arg, ArgAction, Command};
use clap_complete::{Generator, generate};
use lmpipe::sources;

use super::help::{choices, flags, is_repeatable, long, paragraphs, purpose, value};

/// What a shell can offer for the value of a flag.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Offer {
    /// Models of the server.
    Models,
    /// Presets and providers of the config file.
    Providers,
    /// Names of files.
    Files,
    /// Names of commands.
    Commands,
    /// Names of environment variables.
    Variables,
    /// The words it chooses from.
    Choices,
    /// Nothing: only the person knows.
    Nothing,
}

/// What to offer for the value of a flag; none for a switch.
fn offer(flag: &Arg) -> Option<Offer> {
    Some(match (long(flag), value(flag)?) {
        _ if !choices(flag).is_empty() => Offer::Choices,
        (_, "MODEL") => Offer::Models,
        (_, "FILE" | "SRC") => Offer::Files,
        (_, "CMD") => Offer::Commands,
        ("provider", _) => Offer::Providers,
        ("api-key-env", _) => Offer::Variables,
        _ => Offer::Nothing,
    })
}

/// The script for bash.
pub fn bash() -> String {
    let pattern = |offered: Offer| {
        let names = flags().into_iter().filter(|flag| offer(flag) == Some(offered)).flat_map(|flag| names(&flag));
        names.collect::<Vec<_>>().join(" | ")
    };
    let flags = flags();
    let choosing = flags.iter().filter(|flag| !choices(flag).is_empty()).map(|flag| {
        let pattern = names(flag).join(" | ");
        format!("        {pattern}) _lmpipe_offer < <(printf '%s\\n' {}) ;;", choices(flag).join(" "))
    });
    let longs = flags.iter().map(|flag| format!("--{}", long(flag)));
    include_str!("shells/bash.in")
        .replace("@PROVIDERS@", &providers())
        .replace("@MODEL@", &pattern(Offer::Models))
        .replace("@PROVIDER@", &pattern(Offer::Providers))
        .replace("@FILE@", &pattern(Offer::Files))
        .replace("@COMMAND@", &pattern(Offer::Commands))
        .replace("@VARIABLE@", &pattern(Offer::Variables))
        .replace("@OTHER@", &pattern(Offer::Nothing))
        .replace("@CHOICES@", &choosing.collect::<Vec<_>>().join("\n"))
        .replace("@FLAGS@", &longs.collect::<Vec<_>>().join(" "))
}

/// The script for zsh.
pub fn zsh() -> String {
    let line = |flag: &Arg| {
        let name = long(flag);
        let names = match (flag.get_short(), value(flag)) {
            (Some(letter), None) => format!("{{-{letter},--{name}}}"),
            (Some(letter), Some(_)) => format!("{{-{letter}+,--{name}=}}"),
            (None, None) => format!("--{name}"),
            (None, Some(_)) => format!("--{name}="),
        };
        let others = match flag.get_short() {
            _ if is_repeatable(flag) => "'*'".to_owned(),
            Some(letter) => format!("'(-{letter} --{name})'"),
            None => String::new(),
        };
        let action = match offer(flag) {
            None => String::new(),
            Some(offered) => format!(
                ":{}:{}",
                value(flag).unwrap_or_default(),
                match offered {
                    Offer::Models => "_lmpipe_models".to_owned(),
                    Offer::Providers => "_lmpipe_providers".to_owned(),
                    Offer::Files => "_files".to_owned(),
                    Offer::Commands => "_command_names -e".to_owned(),
                    Offer::Variables => "_parameters -g \"*export*\"".to_owned(),
                    Offer::Choices => format!("({})", choices(flag).join(" ")),
                    Offer::Nothing => String::new(),
                }
            ),
        };
        let mut text = summary(flag);
        for special in ['[', ']', ':'] {
            text = text.replace(special, &format!("\\{special}"));
        }
        format!("        {others}{names}'[{}]{action}' \\", text.replace('\'', "'\\''"))
    };
    include_str!("shells/zsh.in")
        .replace("@PROVIDERS@", &providers())
        .replace("@FLAGS@", &flags().iter().map(line).collect::<Vec<_>>().join("\n"))
}

/// The script for fish.
pub fn fish() -> String {
    let line = |flag: &Arg| {
        let letter = flag.get_short().map_or(String::new(), |letter| format!(" -s {letter}"));
        let value = match offer(flag) {
            None => String::new(),
            Some(Offer::Models) => " -x -a '(__lmpipe_models)'".to_owned(),
            Some(Offer::Providers) => " -x -a '(__lmpipe_providers)'".to_owned(),
            Some(Offer::Files) => " -r -F".to_owned(),
            Some(Offer::Commands) => " -x -a '(__fish_complete_command)'".to_owned(),
            Some(Offer::Variables) => " -x -a '(set -xn)'".to_owned(),
            Some(Offer::Choices) => format!(" -x -a '{}'", choices(flag).join(" ")),
            Some(Offer::Nothing) => " -x".to_owned(),
        };
        format!("complete -c lmpipe{letter} -l {}{value} -d '{}'", long(flag), summary(flag).replace('\'', "\\'"))
    };
    include_str!("shells/fish.in")
        .replace("@PROVIDERS@", &providers())
        .replace("@FLAGS@", &flags().iter().map(line).collect::<Vec<_>>().join("\n"))
}

/// The script clap writes for another shell.
pub fn by_clap(shell: impl Generator) -> String {
    let mut command = Command::new("lmpipe")
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(Arg::new("prompt").num_args(0..))
        .args(flags().iter().map(argument));
    let mut bytes = Vec::new();
    generate(shell, &mut command, "lmpipe", &mut bytes);
    String::from_utf8(bytes).expect("scripts are UTF-8")
}

/// A flag without its value, for a shell that completes flags alone.
fn argument(flag: &Arg) -> Arg {
    let argument = Arg::new(flag.get_id().to_string()).long(long(flag).to_owned()).help(summary(flag));
    let argument = match flag.get_short() {
        Some(letter) => argument.short(letter),
        None => argument,
    };
    argument.action(if value(flag).is_some() { ArgAction::Append } else { ArgAction::SetTrue })
}

/// The names of a flag as they are typed.
fn names(flag: &Arg) -> Vec<String> {
    let letter = flag.get_short().map(|letter| format!("-{letter}"));
    letter.into_iter().chain([format!("--{}", long(flag))]).collect()
}

/// The names of the presets.
fn providers() -> String {
    sources::providers().iter().map(|provider| provider.name).collect::<Vec<_>>().join(" ")
}

/// What a flag is for, on one line.
fn summary(flag: &Arg) -> String {
    purpose(&paragraphs(flag)[0]).replace('`', "")
}
