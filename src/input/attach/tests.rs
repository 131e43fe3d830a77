//! Tests of `attach.rs`.

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
    let pdf =
        Part::File { name: "document.pdf".into(), media: "application/pdf", blob: Blob(Rc::new(b"%PDF-".to_vec())) };
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
