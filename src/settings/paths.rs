//! Files that settings name: the config file, and those named in it.

use std::path::{Path, PathBuf};

use super::env::Env;
use super::origin::{Origin, rejected};
use crate::args::{Args, set};
use crate::failure::Failure;

/// The config file to read and what names it: `--config`, `LMPIPE_CONFIG`, or nothing, where it is the user's own and
/// need not exist.
pub(crate) fn config_path(args: &Args, env: &Env) -> Option<(PathBuf, Option<&'static str>)> {
    const VARIABLE: &str = "LMPIPE_CONFIG";
    if let Some(path) = set(args.server.config.as_ref()) {
        return Some((path.into(), Some("--config")));
    }
    if let Some(path) = env.get_os(VARIABLE) {
        return Some((path.into(), Some(VARIABLE)));
    }
    // The base directory specification: a relative path in the variable is to be ignored.
    let folder = env.get_os("XDG_CONFIG_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = folder.or_else(|| Some(home_folder(env)?.join(".config")))?;
    Some((folder.join("lmpipe").join("config.toml"), None))
}

/// The user's home folder.
pub(crate) fn home_folder(env: &Env) -> Option<PathBuf> {
    env.get_os("HOME").or_else(|| env.get_os("USERPROFILE")).map(PathBuf::from)
}

/// A file named in the config file: `~/` is the home folder, other relative names start from the folder of the
/// config file, which `origin` names.
///
/// # Errors
/// `Usage` for `~/` without a home folder.
pub(super) fn config_file_path(name: &str, origin: &Origin, env: &Env) -> Result<String, Failure> {
    let folder = match (name.strip_prefix("~/"), origin) {
        (Some(_), _) => home_folder(env).ok_or_else(|| rejected("file", name, origin, "HOME is not set"))?,
        (None, Origin::Config { path, .. }) => Path::new(path.as_ref()).parent().map(PathBuf::from).unwrap_or_default(),
        (None, _) => PathBuf::new(),
    };
    // Part by part: the config file writes /, Windows shows \\.
    let name: PathBuf = Path::new(name.strip_prefix("~/").unwrap_or(name)).components().collect();
    Ok(folder.join(name).to_string_lossy().into_owned())
}
