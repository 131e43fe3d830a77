//! Writes the completion scripts. Those of bash, zsh and fish are our own, tried in the real shells: they know
//! files, providers and the server's models. Those of PowerShell and elvish are what clap makes of the flags.

use clap::{Arg, ArgAction, Command};
use clap_complete::{Generator, generate};

use super::help::{paragraphs, purpose};
use crate::args::{FLAGS, Flag};
use crate::settings::providers::PRESETS;

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
fn offer(flag: &Flag) -> Option<Offer> {
    Some(match (flag.field, flag.value?) {
        _ if !flag.choices.is_empty() => Offer::Choices,
        (_, "MODEL") => Offer::Models,
        (_, "FILE" | "SRC") => Offer::Files,
        (_, "CMD") => Offer::Commands,
        ("provider", _) => Offer::Providers,
        ("api_key_env", _) => Offer::Variables,
        _ => Offer::Nothing,
    })
}

/// The script for bash.
pub(super) fn bash() -> String {
    let pattern = |offered: Offer| {
        let names = FLAGS.iter().filter(|flag| offer(flag) == Some(offered)).flat_map(names);
        names.collect::<Vec<_>>().join(" | ")
    };
    let choices = FLAGS.iter().filter(|flag| !flag.choices.is_empty()).map(|flag| {
        let pattern = names(flag).join(" | ");
        format!("        {pattern}) _lmpipe_offer < <(printf '%s\\n' {}) ;;", flag.choices.join(" "))
    });
    let flags = FLAGS.iter().map(|flag| format!("--{}", flag.name()));
    include_str!("shells/bash.in")
        .replace("@PROVIDERS@", &providers())
        .replace("@MODEL@", &pattern(Offer::Models))
        .replace("@PROVIDER@", &pattern(Offer::Providers))
        .replace("@FILE@", &pattern(Offer::Files))
        .replace("@COMMAND@", &pattern(Offer::Commands))
        .replace("@VARIABLE@", &pattern(Offer::Variables))
        .replace("@OTHER@", &pattern(Offer::Nothing))
        .replace("@CHOICES@", &choices.collect::<Vec<_>>().join("\n"))
        .replace("@FLAGS@", &flags.collect::<Vec<_>>().join(" "))
}

/// The script for zsh.
pub(super) fn zsh() -> String {
    let line = |flag: &Flag| {
        let name = flag.name();
        let names = match (flag.letter, flag.value) {
            (Some(letter), None) => format!("{{-{letter},--{name}}}"),
            (Some(letter), Some(_)) => format!("{{-{letter}+,--{name}=}}"),
            (None, None) => format!("--{name}"),
            (None, Some(_)) => format!("--{name}="),
        };
        let others = match flag.letter {
            _ if flag.repeatable => "'*'".to_owned(),
            Some(letter) => format!("'(-{letter} --{name})'"),
            None => String::new(),
        };
        let action = match offer(flag) {
            None => String::new(),
            Some(offered) => format!(
                ":{}:{}",
                flag.value.unwrap_or_default(),
                match offered {
                    Offer::Models => "_lmpipe_models".to_owned(),
                    Offer::Providers => "_lmpipe_providers".to_owned(),
                    Offer::Files => "_files".to_owned(),
                    Offer::Commands => "_command_names -e".to_owned(),
                    Offer::Variables => "_parameters -g \"*export*\"".to_owned(),
                    Offer::Choices => format!("({})", flag.choices.join(" ")),
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
        .replace("@FLAGS@", &FLAGS.iter().map(line).collect::<Vec<_>>().join("\n"))
}

/// The script for fish.
pub(super) fn fish() -> String {
    let line = |flag: &Flag| {
        let letter = flag.letter.map_or(String::new(), |letter| format!(" -s {letter}"));
        let value = match offer(flag) {
            None => String::new(),
            Some(Offer::Models) => " -x -a '(__lmpipe_models)'".to_owned(),
            Some(Offer::Providers) => " -x -a '(__lmpipe_providers)'".to_owned(),
            Some(Offer::Files) => " -r -F".to_owned(),
            Some(Offer::Commands) => " -x -a '(__fish_complete_command)'".to_owned(),
            Some(Offer::Variables) => " -x -a '(set -xn)'".to_owned(),
            Some(Offer::Choices) => format!(" -x -a '{}'", flag.choices.join(" ")),
            Some(Offer::Nothing) => " -x".to_owned(),
        };
        format!("complete -c lmpipe{letter} -l {}{value} -d '{}'", flag.name(), summary(flag).replace('\'', "\\'"))
    };
    include_str!("shells/fish.in")
        .replace("@PROVIDERS@", &providers())
        .replace("@FLAGS@", &FLAGS.iter().map(line).collect::<Vec<_>>().join("\n"))
}

/// The script clap writes for another shell.
pub(super) fn by_clap(shell: impl Generator) -> String {
    let mut command = Command::new("lmpipe")
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(Arg::new("prompt").num_args(0..))
        .args(FLAGS.iter().map(argument));
    let mut bytes = Vec::new();
    generate(shell, &mut command, "lmpipe", &mut bytes);
    String::from_utf8(bytes).unwrap()
}

/// One flag as clap's.
fn argument(flag: &Flag) -> Arg {
    let argument = Arg::new(flag.field).long(flag.name()).help(summary(flag));
    let argument = match flag.letter {
        Some(letter) => argument.short(letter),
        None => argument,
    };
    argument.action(if flag.value.is_some() { ArgAction::Append } else { ArgAction::SetTrue })
}

/// The names of a flag as they are typed.
fn names(flag: &Flag) -> Vec<String> {
    let letter = flag.letter.map(|letter| format!("-{letter}"));
    letter.into_iter().chain([format!("--{}", flag.name())]).collect()
}

/// The names of the presets.
fn providers() -> String {
    PRESETS.iter().map(|preset| preset.name).collect::<Vec<_>>().join(" ")
}

/// What a flag is for, on one line.
fn summary(flag: &Flag) -> String {
    purpose(&paragraphs(flag)[0]).replace('`', "")
}
