//! Tests of `files.rs`.

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
    let full = write_whole("/dev/full", "--save-messages", Readers::AsBefore, |out| out.write_all(b"x")).unwrap_err();
    assert_eq!((full.kind, full.why.as_str()), (Kind::Local, "no space left on device"));
}
