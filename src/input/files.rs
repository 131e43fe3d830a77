//! Files read whole and files written whole; what is in them is the caller's business.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::failure::{Failure, Kind, os_reason};

/// The bytes of the file, FIFO or process substitution given to `flag`, which can be read once.
///
/// # Errors
/// Usage, with the system's reason, for what is missing, unreadable or a directory.
pub(crate) fn read(path: &str, flag: &str) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| Failure::usage(format!("cannot read '{path}' (from {flag})"), os_reason(&error)))
}

/// The failure of an input that could not be read to its end: usage for a directory, else local.
pub(crate) fn broken(name: &str, error: &io::Error) -> Failure {
    let kind = if error.kind() == io::ErrorKind::IsADirectory { Kind::Usage } else { Kind::Local };
    Failure::new(kind, format!("cannot read {name}"), os_reason(error))
}

/// Who may read a file that is written whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readers {
    /// A file that exists keeps its mode; a new one gets the mode that the umask leaves.
    AsBefore,
    /// Its owner alone.
    Owner,
}

/// Writes a file whole or not at all: `write` fills a temporary file in the same folder, which is then renamed to
/// `path`. A symbolic link is followed, not replaced; what is no regular file (a FIFO, `/dev/stdout`) is written to
/// directly.
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

/// [`write_whole`] with the system's error.
fn replace(path: &Path, readers: Readers, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let known = fs::metadata(&target).ok();
    if known.as_ref().is_some_and(|known| !known.is_file()) {
        return fill(&OpenOptions::new().write(true).open(&target)?, write);
    }
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    if readers == Readers::AsBefore {
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    }
    let temporary = builder.prefix(".lmpipe-").tempfile_in(target.parent().unwrap_or(Path::new("")))?;
    if let Some(known) = known
        && readers == Readers::AsBefore
    {
        temporary.as_file().set_permissions(known.permissions())?;
    }
    fill(temporary.as_file(), write)?;
    temporary.persist(&target)?;
    Ok(())
}

/// Writes through a buffer and flushes it.
fn fill(file: &File, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(file);
    write(&mut out)?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::IS_FOLDER;

    fn text(path: &Path) -> &str {
        path.to_str().unwrap()
    }

    #[test]
    fn what_cannot_be_read_is_named_with_the_reason() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("missing.png");
        let line = read(text(&missing), "--image").unwrap_err();
        assert_eq!(line.kind, Kind::Usage);
        let expected = format!("cannot read '{}' (from --image): no such file or directory", missing.display());
        assert_eq!(line.line(), expected);
        let expected = format!("cannot read '{}' (from --attach): {IS_FOLDER}", folder.path().display());
        assert_eq!(read(text(folder.path()), "--attach").unwrap_err().line(), expected);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_is_replaced_whole_and_keeps_its_mode_and_links() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("a.json"), folder.path().join("link.json"));
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
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_name_of_the_greatest_length_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("n".repeat(255));
        for readers in [Readers::Owner, Readers::AsBefore] {
            write_whole(text(&file), "--meta", readers, |out| out.write_all(b"x")).unwrap();
            assert_eq!(fs::read_to_string(&file).unwrap(), "x");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_new_file_is_for_its_owner_or_as_the_umask_says() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
        fs::write(folder.path().join("plain"), "").unwrap();
        for (name, readers) in [("owner", Readers::Owner), ("as-before", Readers::AsBefore)] {
            write_whole(text(&folder.path().join(name)), "--meta", readers, |_| Ok(())).unwrap();
        }
        assert_eq!((mode("owner"), mode("as-before")), (0o600, mode("plain")));
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
