//! `--image` and `--attach`: makes a source as typed one part of the user message.
//!
//! The type of a file is found in its bytes ([`sniff`]), not in its name. A URL is passed through; nothing is fetched.

use std::rc::Rc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::failure::{Failure, shortened};
use crate::json::escape;
use crate::request::{Blob, Part, Picture, Text};

use super::files;
use super::sniff::{MediaKind, sniff};

/// The flag of a source; decides what it may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AttachFlag {
    /// `--image`: images only.
    Image,
    /// `--attach`: anything that can be sent.
    Attach,
}

impl AttachFlag {
    /// The flag as it is typed.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Image => "--image",
            Self::Attach => "--attach",
        }
    }
}

/// The part made from a file, an `http(s)://` URL or a `data:` URL. For `-` the caller, who owns stdin, uses
/// [`part_from_bytes`]. An `http(s)://` URL is an image for both flags, the only part that a chat API takes by URL.
///
/// # Errors
/// Usage, naming source and flag, for what cannot be read or cannot be sent.
pub(crate) fn part(flag: AttachFlag, src: &str, detail: Option<&str>) -> Result<Part, Failure> {
    if is_data(src) {
        part_from_data_url(flag, src, detail)
    } else if begins(src, "http://") || begins(src, "https://") {
        Ok(linked_image(src, detail))
    } else {
        let bytes = files::read(src, flag.name()).map_err(|failure| match src.contains("://") {
            true => failure.hint("a URL begins with http://, https:// or data:; for a file give its path"),
            false => failure,
        })?;
        part_from_bytes(flag, src, bytes, detail)
    }
}

/// Whether a source begins with this scheme.
fn begins(src: &str, scheme: &str) -> bool {
    src.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}

/// Whether a source is a `data:` URL.
fn is_data(src: &str) -> bool {
    begins(src, "data:")
}

/// The part made from bytes that were read from `src` (`-` for stdin). Text is preceded by its name: `File: NAME`, a
/// blank line, the text as it is.
///
/// # Errors
/// Usage, with what the bytes look like, for a kind that cannot be sent.
pub(crate) fn part_from_bytes(
    flag: AttachFlag,
    src: &str,
    bytes: Vec<u8>,
    detail: Option<&str>,
) -> Result<Part, Failure> {
    let kind = sniff(&bytes).map_err(|why| refusal(flag, src, why))?;
    match (flag, kind) {
        (_, MediaKind::Image(media)) => {
            let picture = Picture::Bytes { media, blob: Blob(Rc::new(bytes)) };
            Ok(Part::Image { picture, detail: detail.map(String::from) })
        }
        (AttachFlag::Image, MediaKind::Text) if is_svg(&bytes) => {
            Err(refusal(flag, src, "it looks like an SVG drawing"))
        }
        (AttachFlag::Image, MediaKind::Text) => Err(not_an_image(src, "text")),
        (AttachFlag::Image, MediaKind::Pdf) => Err(not_an_image(src, "a PDF document")),
        (AttachFlag::Image, MediaKind::Audio(_)) => Err(not_an_image(src, "sound")),
        (AttachFlag::Attach, MediaKind::Text) => Ok(Part::Text(headed(&name(src), bytes))),
        (AttachFlag::Attach, MediaKind::Pdf) => {
            Ok(Part::File { name: pdf_name(src), media: "application/pdf", blob: Blob(Rc::new(bytes)) })
        }
        (AttachFlag::Attach, MediaKind::Audio(format)) => Ok(Part::Audio { format, blob: Blob(Rc::new(bytes)) }),
    }
}

/// The part of a `data:` URL: an image is passed through as it is, anything else is decoded and treated as a file.
fn part_from_data_url(flag: AttachFlag, src: &str, detail: Option<&str>) -> Result<Part, Failure> {
    let shown = &shortened(src, 40);
    let (head, payload) =
        src.split_once(',').ok_or_else(|| refusal(flag, shown, "a data: URL has a comma before its data"))?;
    let head = head["data:".len()..].to_ascii_lowercase();
    if src.contains(|c: char| c.is_ascii_whitespace() || c.is_ascii_control()) {
        let failure = refusal(flag, shown, "a data: URL has no white space");
        return Err(failure.hint("let base64 write one line (base64 -w0)"));
    }
    if payload.is_empty() {
        return Err(refusal(flag, shown, "it is empty"));
    }
    if head.starts_with("image/") {
        return Ok(linked_image(src, detail));
    }
    if !head.ends_with(";base64") {
        return Err(refusal(flag, shown, "a data: URL that is no image must be in base64"));
    }
    let bytes = STANDARD.decode(payload).map_err(|_| refusal(flag, shown, "its base64 is broken"))?;
    part_from_bytes(flag, shown, bytes, detail)
}

/// An image that is sent as a URL.
fn linked_image(url: &str, detail: Option<&str>) -> Part {
    Part::Image { picture: Picture::Url(url.to_owned()), detail: detail.map(String::from) }
}

/// The failure of a source that cannot be sent.
fn refusal(flag: AttachFlag, src: &str, why: impl Into<String>) -> Failure {
    let kinds = match flag {
        AttachFlag::Image => "an image is PNG, JPEG, GIF or WebP",
        AttachFlag::Attach => "what can be attached is PNG, JPEG, GIF, WebP, PDF, WAV, MP3 and UTF-8 text",
    };
    let shown = if src == "-" { "standard input".to_owned() } else { format!("'{src}'") };
    Failure::usage(format!("cannot send {shown} (from {})", flag.name()), why).hint(kinds)
}

/// The failure of an `--image` that `--attach` would take.
fn not_an_image(src: &str, kind: &str) -> Failure {
    refusal(AttachFlag::Image, src, format!("it looks like {kind}")).hint("send it with --attach")
}

/// Whether text is SVG, which no API takes for an image.
fn is_svg(text: &[u8]) -> bool {
    text[..text.len().min(1024)].windows(4).any(|word| word == b"<svg")
}

/// A file's text under its name.
fn headed(name: &str, bytes: Vec<u8>) -> Text {
    let text = String::from_utf8(bytes).expect("sniffed as UTF-8");
    let mut escaped = String::with_capacity(text.len() + text.len() / 32 + name.len() + 16);
    escape(&format!("File: {name}\n\n"), &mut escaped);
    escape(&text, &mut escaped);
    Text::from_escaped(escaped)
}

/// The name of a source: the last part of its path.
fn name(src: &str) -> String {
    match src.rsplit('/').next() {
        _ if src == "-" => "stdin".to_owned(),
        _ if is_data(src) => "document".to_owned(),
        Some(name) if !name.is_empty() => name.to_owned(),
        _ => src.to_owned(),
    }
}

/// The name of a PDF. The extension is added if it lacks (a pipe has none): some servers need it.
fn pdf_name(src: &str) -> String {
    let mut name = name(src);
    if !name.to_ascii_lowercase().ends_with(".pdf") {
        name.push_str(".pdf");
    }
    name
}

#[cfg(test)]
mod tests;
