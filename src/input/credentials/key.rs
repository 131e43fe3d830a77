//! Keys in files and from commands. No error quotes what was read.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::process::{Command, ExitStatus, Stdio};

use anyhow::ensure;

use crate::failure::{Failure, Kind, os_reason};
use crate::secret::Secret;
use crate::settings::env::Env;

/// Longest key or login file in bytes; the longest real ones, logins with three tokens, have about 10 KiB.
const LONGEST: u64 = 256 * 1024;

/// The key in a file, or in stdin if `path` is `-`; a notice says if others can read the file. `what` names it.
///
/// # Errors
/// `Usage` for a file that cannot be read or is empty, and as [`checked`].
pub(super) fn from_file(
    path: &str,
    stdin: &mut dyn Read,
    what: &str,
    notices: &mut Vec<String>,
) -> Result<Secret, Failure> {
    let (bytes, is_open) = read_file(path, stdin).map_err(|error| Failure::usage(what, reason(&error)))?;
    if is_open {
        notices.push(format!("{what} can be read by other users: chmod 600 closes it"));
    }
    trimmed(bytes, what)
}

/// The key that a command prints. `what` names it.
///
/// # Errors
/// `Auth` for a command that fails or prints nothing, and as [`checked`].
pub(super) fn from_command(command: &str, env: &Env, what: &str) -> Result<Secret, Failure> {
    let output = run(command, env).map_err(|error| Failure::new(Kind::Auth, what, reason(&error)))?;
    trimmed(output, what)
}

/// A key that a header can carry. `what` names where it came from.
///
/// # Errors
/// `Usage` for anything but one word of ASCII.
pub(super) fn checked(key: &str, what: &str) -> Result<Secret, Failure> {
    if key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(Secret::new(key.to_owned()));
    }
    let why = "the key has a blank, a line break, a control character or a letter outside ASCII";
    Err(Failure::usage(what, why).hint("a key is one word; it is not shown here"))
}

/// Reads to the end, but no further than a key or login can be long.
pub(super) fn bounded(from: impl Read) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LONGEST + 1).read_to_end(&mut bytes)?;
    ensure!(bytes.len() as u64 <= LONGEST, "too long for a key");
    Ok(bytes)
}

/// Why a key could not be had: the system's words, or ours.
pub(super) fn reason(error: &anyhow::Error) -> String {
    error.downcast_ref::<io::Error>().map_or_else(|| error.to_string(), os_reason)
}

/// The key in text that may have blanks and line breaks around it.
fn trimmed(bytes: Vec<u8>, what: &str) -> Result<Secret, Failure> {
    let text = String::from_utf8(bytes).map_err(|_| Failure::usage(what, "the key is not UTF-8"))?;
    checked(text.trim(), what)
}

/// Whether there is anything but blanks in `bytes`.
fn is_filled(bytes: &[u8]) -> bool {
    !String::from_utf8_lossy(bytes).trim().is_empty()
}

/// The bytes of a key file, and whether others can read it.
fn read_file(path: &str, stdin: &mut dyn Read) -> anyhow::Result<(Vec<u8>, bool)> {
    let (bytes, is_open) = if path == "-" {
        (bounded(stdin)?, false)
    } else {
        let file = File::open(path)?;
        let is_open = file.metadata().is_ok_and(|metadata| is_open_to_others(&metadata));
        (bounded(file)?, is_open)
    };
    ensure!(is_filled(&bytes), "the file is empty");
    Ok((bytes, is_open))
}

/// Whether a regular file can be read by others than its owner.
#[cfg(unix)]
fn is_open_to_others(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.is_file() && metadata.permissions().mode() & 0o044 != 0
}

/// Other systems have no mode.
#[cfg(not(unix))]
fn is_open_to_others(_: &Metadata) -> bool {
    false
}

/// The output of the key command, which the shell runs in the given environment. It shares our stderr, so that it can
/// ask for a password; its stdin is empty.
fn run(command: &str, env: &Env) -> anyhow::Result<Vec<u8>> {
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut child = Command::new(shell)
        .args([flag, command])
        .env_clear()
        .envs(env.variables())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    // Taking stdout drops it at the end of the statement, which stops a command that prints without end.
    let output = child.stdout.take().map_or_else(|| Ok(Vec::new()), bounded);
    let status = child.wait()?;
    let output = output?;
    ensure!(status.success(), ending(status));
    ensure!(is_filled(&output), "it printed nothing");
    Ok(output)
}

/// How a command ended.
fn ending(status: ExitStatus) -> String {
    status.code().map_or_else(|| format!("ended by {status}"), |code| format!("ended with status {code}"))
}
