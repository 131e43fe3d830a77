//! Brings together what was typed, set and configured.

use super::config::ConfigFile;
use super::effective::{Settings, Task};
use super::env::Env;
use super::origin::Setting;
use super::{flags, key, network, plan};
use crate::args::{Args, Color, set};
use crate::failure::Failure;

/// When errors are coloured, before the config file is read.
pub(crate) fn color(flag: Option<Color>, env: &Env) -> Setting<Color> {
    flags::color(flag, env, None)
}

/// Settles what everything typed, set and configured means.
///
/// # Errors
/// `Usage` for anything that makes no sense: the message names the flag, variable or line.
pub(crate) fn settle(args: &Args, env: &Env, config: Option<&ConfigFile>) -> Result<Settings, Failure> {
    let none = ConfigFile::default();
    let config = config.unwrap_or(&none);
    let task = flags::task(args);
    let (routes, notices) = plan::routes(args, env, config)?;
    if matches!(task, Task::Ask | Task::ListModels | Task::Probe) && !args.server.allow_plain_http {
        routes.iter().try_for_each(key::check_exposure)?;
    }
    Ok(Settings {
        task,
        batch_id: set(args.tasks.id.as_ref()).map(str::to_owned),
        routes,
        input: flags::input(args),
        answer: flags::answer(args),
        output: flags::output(args, env, config),
        network: network::resolve_network(args, env, config)?,
        adapt: flags::adapt(args, config),
        notices,
    })
}
