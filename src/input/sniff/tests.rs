//! Tests of `sniff.rs`.

use super::*;

#[test]
fn kinds_are_known_by_their_first_bytes() {
    let riff = |kind: &str| [b"RIFF\x24\0\0\0", kind.as_bytes(), b"...."].concat();
    for (bytes, content) in [
        (b"\x89PNG\r\n\x1a\n....".to_vec(), MediaKind::Image("image/png")),
        (b"\xff\xd8\xff\xe0..JFIF".to_vec(), MediaKind::Image("image/jpeg")),
        (b"GIF87a".to_vec(), MediaKind::Image("image/gif")),
        (b"GIF89a".to_vec(), MediaKind::Image("image/gif")),
        (riff("WEBP"), MediaKind::Image("image/webp")),
        (riff("WAVE"), MediaKind::Audio("wav")),
        (b"%PDF-1.7\n%\xe2\xe3".to_vec(), MediaKind::Pdf),
        (b"ID3\x04\0".to_vec(), MediaKind::Audio("mp3")),
        (b"\xff\xfb\x90\x64".to_vec(), MediaKind::Audio("mp3")),
        (b"\xff\xf3\x48\xc4".to_vec(), MediaKind::Audio("mp3")),
        ("\u{feff}caf\u{e9} GIF89".into(), MediaKind::Text),
        (b"<svg/>".to_vec(), MediaKind::Text),
        (b"ID3 tags, MZ, FORM and OggS".to_vec(), MediaKind::Text),
        (b"FORM 1040".to_vec(), MediaKind::Text),
    ] {
        assert_eq!(sniff(&bytes), Ok(content), "{bytes:?}");
    }
}

#[test]
fn other_kinds_are_named() {
    let mut tar = b"notes.txt".to_vec();
    tar.resize(257, 0);
    tar.extend(b"ustar\0");
    for (bytes, words) in [
        (Vec::new(), "it is empty"),
        (b"PK\x03\x04....".to_vec(), "it looks like a ZIP archive or an Office document"),
        (b"\0\0\0\x18ftypheic".to_vec(), "it looks like an HEIC image"),
        (b"\0\0\0\x18ftypisom".to_vec(), "it looks like an MP4 video"),
        (b"\xff\xf1\x50\x80".to_vec(), "it looks like AAC sound"),
        (b"\xff\xfeh\0i\0".to_vec(), "it looks like UTF-16 text"),
        (b"\xff\xfb\xff\x64".to_vec(), "it is no known kind of file, and no UTF-8 text: see byte 0"),
        (tar, "it looks like a tar archive"),
        (b"ab\0".to_vec(), "it is no known kind of file, and no text: it has NUL bytes"),
        (b"abc\xe9".to_vec(), "it is no known kind of file, and no UTF-8 text: see byte 3"),
    ] {
        assert_eq!(sniff(&bytes), Err(words.into()), "{bytes:?}");
    }
}
