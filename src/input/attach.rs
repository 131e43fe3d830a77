//! Images and attachments: what bytes are, and the part they become.
use crate::failure::Failure;
use crate::request::Part;

/// The part for `--image SRC`, SRC being a file or a URL (`-` is the caller's, see [`image_from_bytes`]).
pub(crate) fn image(src: &str, detail: Option<&str>) -> Result<Part, Failure> {
    unimplemented!("{src} {detail:?}")
}

/// The part for `--attach SRC`, SRC being a file or a URL (`-` is the caller's, see [`attachment_from_bytes`]).
pub(crate) fn attachment(src: &str, detail: Option<&str>) -> Result<Part, Failure> {
    unimplemented!("{src} {detail:?}")
}

/// The image part made of bytes read from `src`.
pub(crate) fn image_from_bytes(src: &str, bytes: Vec<u8>, detail: Option<&str>) -> Result<Part, Failure> {
    unimplemented!("{src} {bytes:?} {detail:?}")
}

/// The part made of bytes read from `src`.
pub(crate) fn attachment_from_bytes(src: &str, bytes: Vec<u8>, detail: Option<&str>) -> Result<Part, Failure> {
    unimplemented!("{src} {bytes:?} {detail:?}")
}
