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
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n....";

    fn failed(flag: AttachFlag, src: &str, bytes: &[u8]) -> String {
        part_from_bytes(flag, src, bytes.to_vec(), None).unwrap_err().line()
    }

    #[test]
    fn an_image_is_known_by_its_bytes_under_both_flags() {
        let picture = Picture::Bytes { media: "image/png", blob: Blob(Rc::new(PNG.to_vec())) };
        let image = Part::Image { picture, detail: Some("low".into()) };
        for flag in [AttachFlag::Image, AttachFlag::Attach] {
            assert_eq!(part_from_bytes(flag, "/tmp/x.txt", PNG.to_vec(), Some("low")).unwrap(), image);
        }
    }

    #[test]
    fn what_is_attached_keeps_its_kind_and_name() {
        let attached = |src, bytes: &[u8]| part_from_bytes(AttachFlag::Attach, src, bytes.to_vec(), None).unwrap();
        let blob = |bytes: &[u8]| Blob(Rc::new(bytes.to_vec()));
        for (src, name) in [("/a/Report.PDF", "Report.PDF"), ("/dev/fd/63", "63.pdf"), ("-", "stdin.pdf")] {
            let part = Part::File { name: name.into(), media: "application/pdf", blob: blob(b"%PDF-1") };
            assert_eq!(attached(src, b"%PDF-1"), part);
        }
        assert_eq!(attached("a", b"ID3\x04"), Part::Audio { format: "mp3", blob: blob(b"ID3\x04") });
        let wav = b"RIFF....WAVE";
        assert_eq!(attached("a", wav), Part::Audio { format: "wav", blob: blob(wav) });
        assert_eq!(attached("src/a \"b\".rs", b"x\ty\n"), Part::Text("File: a \"b\".rs\n\nx\ty\n".into()));
        assert_eq!(attached("-", b"x"), Part::Text("File: stdin\n\nx".into()));
    }

    #[test]
    fn what_is_no_image_says_what_it_looks_like() {
        let attach = "send it with --attach";
        let kinds = "an image is PNG, JPEG, GIF or WebP";
        for (bytes, looks, hint) in [
            (&b"hello"[..], "it looks like text", attach),
            (b"%PDF-1.7", "it looks like a PDF document", attach),
            (b"RIFF....WAVE", "it looks like sound", attach),
            (b"<?xml?><svg>", "it looks like an SVG drawing", kinds),
            (b"II*\0", "it looks like a TIFF image", kinds),
            (b"", "it is empty", kinds),
        ] {
            assert_eq!(
                failed(AttachFlag::Image, "x.png", bytes),
                format!("cannot send 'x.png' (from --image): {looks}: {hint}")
            );
        }
        let kinds = "what can be attached is PNG, JPEG, GIF, WebP, PDF, WAV, MP3 and UTF-8 text";
        let zip = "it looks like a ZIP archive or an Office document";
        let expected = format!("cannot send standard input (from --attach): {zip}: {kinds}");
        assert_eq!(failed(AttachFlag::Attach, "-", b"PK\x03\x04"), expected);
    }

    #[test]
    fn urls_are_passed_through_as_typed() {
        for src in ["https://h/a.png?x=1", "HTTP://h/a", "data:image/png;base64,iVBO", "DATA:image/webp,%52"] {
            for flag in [AttachFlag::Image, AttachFlag::Attach] {
                assert_eq!(part(flag, src, None).unwrap(), linked_image(src, None));
            }
        }
    }

    #[test]
    fn data_urls_of_other_kinds_are_decoded() {
        let pdf = Part::File {
            name: "document.pdf".into(),
            media: "application/pdf",
            blob: Blob(Rc::new(b"%PDF-".to_vec())),
        };
        assert_eq!(part(AttachFlag::Attach, "data:application/pdf;base64,JVBERi0=", None).unwrap(), pdf);
        let text = Part::Text("File: document\n\nhello".into());
        assert_eq!(part(AttachFlag::Attach, "DATA:text/plain;base64,aGVsbG8=", None).unwrap(), text);
        for (src, why) in [
            ("data:image/png;base64", "a data: URL has a comma before its data"),
            ("data:image/png;base64,", "it is empty"),
            ("data:image/png;base64,iV\nBO", "a data: URL has no white space"),
            ("data:text/plain,hi", "a data: URL that is no image must be in base64"),
            ("data:;base64,!", "its base64 is broken"),
            ("data:;base64,UEsDBA==", "it looks like a ZIP archive or an Office document"),
        ] {
            assert_eq!(part(AttachFlag::Attach, src, None).unwrap_err().why, why, "{src}");
        }
    }

    #[test]
    fn a_missing_file_is_a_usage_failure() {
        let line = part(AttachFlag::Image, "/nowhere/x.png", None).unwrap_err().line();
        assert_eq!(line, "cannot read '/nowhere/x.png' (from --image): no such file or directory");
        let line = part(AttachFlag::Image, "file:///nowhere/x.png", None).unwrap_err().line();
        let hint = "a URL begins with http://, https:// or data:; for a file give its path";
        let expected = format!("cannot read 'file:///nowhere/x.png' (from --image): no such file or directory: {hint}");
        assert_eq!(line, expected);
    }
}
