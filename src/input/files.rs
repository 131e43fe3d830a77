//! Files read whole and files written whole: the one place in this room that opens them.
//!
//! Knows nothing of what is in them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Kind, os_reason};

/// The bytes of the file, FIFO or process substitution that `flag` names, read once.
///
/// # Errors
/// Usage, with the system's reason, for what is missing, unreadable or a directory.
pub(crate) fn read(path: &str, flag: &str) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| Failure::usage(format!("cannot read '{path}' (from {flag})"), os_reason(&error)))
}

/// Who may read a file that is written whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Those who could read what was there before; a new one, whom the umask lets.
    AsBefore,
    /// Its owner alone.
    Owner,
}

/// Writes a file whole or not at all: what `write` writes goes to a temporary file beside it, which then takes its
/// place. A symbolic link keeps pointing where it did; what is no regular file (a FIFO, `/dev/stdout`)
/// is written to as it is.
///
/// # Errors
/// Local, with the system's reason.
pub(crate) fn write_whole(
    path: &str,
    flag: &str,
    readers: Readers,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    replace(Path::new(path), readers, write)
        .map_err(|error| Failure::new(Kind::Local, format!("cannot write '{path}' (from {flag})"), os_reason(&error)))
}

/// Does what [`write_whole`] says.
fn replace(path: &Path, readers: Readers, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let known = fs::metadata(&target).ok();
    if known.as_ref().is_some_and(|known| !known.is_file()) {
        return fill(OpenOptions::new().write(true).open(&target)?, write);
    }
    let (temporary, file) = create_beside(&target, readers)?;
    let kept = match known {
        Some(known) if readers == Readers::AsBefore => file.set_permissions(known.permissions()),
        _ => Ok(()),
    };
    let done = kept.and_then(|()| fill(file, write)).and_then(|()| fs::rename(&temporary, &target));
    if done.is_err() {
        // The first error is the one worth telling.
        let _ = fs::remove_file(&temporary);
    }
    done
}

/// A new file in the folder of `target`, under a name no other process takes.
fn create_beside(target: &Path, readers: Readers) -> io::Result<(PathBuf, File)> {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let temporary = target.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let mut options = OpenOptions::new();
    restrict(options.write(true).create_new(true), readers);
    let file = options.open(&temporary)?;
    Ok((temporary, file))
}

/// Has a new file made for these readers.
#[cfg(unix)]
fn restrict(options: &mut OpenOptions, readers: Readers) {
    if readers == Readers::Owner {
        std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    }
}

/// Other systems have no such bits.
#[cfg(not(unix))]
fn restrict(_: &mut OpenOptions, _: Readers) {}

/// Writes through a buffer, and finds out whether all of it arrived.
fn fill(file: File, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(file);
    write(&mut out)?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::IS_FOLDER;

    /// A fresh folder for one test.
    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("lmpipe-files-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn text(path: &Path) -> &str {
        path.to_str().unwrap()
    }

    #[test]
    fn what_cannot_be_read_is_named_with_the_reason() {
        let folder = folder("read");
        let missing = folder.join("missing.png");
        let line = read(text(&missing), "--image").unwrap_err();
        assert_eq!(line.kind, Kind::Usage);
        let expected = format!("cannot read '{}' (from --image): no such file or directory", missing.display());
        assert_eq!(line.line(), expected);
        let expected = format!("cannot read '{}' (from --attach): {IS_FOLDER}", folder.display());
        assert_eq!(read(text(&folder), "--attach").unwrap_err().line(), expected);
        fs::remove_dir_all(folder).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_file_is_replaced_whole_and_keeps_its_mode_and_links() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = folder("whole");
        let (file, link) = (folder.join("a.json"), folder.join("link.json"));
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write_whole(text(&link), "--save-messages", Readers::AsBefore, |out| out.write_all(b"new")).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        let cut = write_whole(text(&file), "--save-messages", Readers::AsBefore, |out| {
            out.write_all(b"half")?;
            Err(io::Error::other("Disk full"))
        });
        let expected = format!("cannot write '{}' (from --save-messages): disk full", file.display());
        assert_eq!(cut.unwrap_err().line(), expected);
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
        fs::remove_dir_all(folder).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_written_to_in_place() {
        assert!(write_whole("/dev/null", "--save-messages", Readers::AsBefore, |out| out.write_all(b"x")).is_ok());
        let full =
            write_whole("/dev/full", "--save-messages", Readers::AsBefore, |out| out.write_all(b"x")).unwrap_err();
        assert_eq!((full.kind, full.why.as_str()), (Kind::Local, "no space left on device"));
    }
}
