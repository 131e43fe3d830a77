//! The media type of bytes by their magic numbers: the kinds that can be sent, and words for many that cannot.

/// A kind of file that can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MediaKind {
    /// An image of this media type.
    Image(&'static str),
    /// A PDF document.
    Pdf,
    /// Sound in this format, as the API spells it.
    Audio(&'static str),
    /// UTF-8 text.
    Text,
}

/// The magic numbers of other kinds: offset, bytes, words for the kind. The first match counts.
const OTHERS: &[(usize, &[u8], &str)] = &[
    (0, b"PK\x03\x04", "a ZIP archive or an Office document"),
    (0, b"PK\x05\x06", "an empty ZIP archive"),
    (0, b"\x1f\x8b", "a gzip file"),
    (0, b"BZh", "a bzip2 file"),
    (0, b"\xfd7zXZ\0", "an xz file"),
    (0, b"\x28\xb5\x2f\xfd", "a zstd file"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (0, b"Rar!\x1a\x07", "a RAR archive"),
    (257, b"ustar", "a tar archive"),
    (4, b"ftypheic", "an HEIC image"),
    (4, b"ftypheix", "an HEIC image"),
    (4, b"ftypmif1", "an HEIF image"),
    (4, b"ftypmsf1", "an HEIF image"),
    (4, b"ftypavif", "an AVIF image"),
    (4, b"ftypavis", "an AVIF image"),
    (4, b"ftypM4A", "M4A sound"),
    (4, b"ftypqt", "a QuickTime video"),
    (4, b"ftyp", "an MP4 video"),
    (0, b"II*\0", "a TIFF image"),
    (0, b"MM\0*", "a TIFF image"),
    (0, b"8BPS", "a Photoshop image"),
    (0, b"\0\0\x01\0", "an icon"),
    (0, b"\xff\x0a", "a JPEG XL image"),
    (0, b"\0\0\0\x0cJXL ", "a JPEG XL image"),
    (0, b"\0\0\0\x0cjP  ", "a JPEG 2000 image"),
    (0, b"OggS", "Ogg sound"),
    (0, b"fLaC", "FLAC sound"),
    (0, b"FORM", "AIFF sound"),
    (0, b"\xff\xf1", "AAC sound"),
    (0, b"\xff\xf9", "AAC sound"),
    (8, b"AVI ", "an AVI video"),
    (0, b"\x1a\x45\xdf\xa3", "a Matroska or WebM video"),
    (0, b"\x7fELF", "a program"),
    (0, b"\xcf\xfa\xed\xfe", "a program"),
    (0, b"MZ", "a Windows program"),
    (0, b"\0asm", "a WebAssembly module"),
    (0, b"SQLite format 3\0", "an SQLite database"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (0, b"\xff\xfe", "UTF-16 text"),
    (0, b"\xfe\xff", "UTF-16 text"),
];

/// The kind of `bytes`, or words for what they look like if they cannot be sent.
pub(crate) fn sniff(bytes: &[u8]) -> Result<MediaKind, String> {
    match bytes {
        [] => Err("it is empty".into()),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Ok(MediaKind::Image("image/png")),
        [0xff, 0xd8, 0xff, ..] => Ok(MediaKind::Image("image/jpeg")),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Ok(MediaKind::Image("image/gif")),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(MediaKind::Image("image/webp")),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Ok(MediaKind::Audio("wav")),
        [b'%', b'P', b'D', b'F', b'-', ..] => Ok(MediaKind::Pdf),
        [b'I', b'D', b'3', 2..=4, ..] => Ok(MediaKind::Audio("mp3")),
        [first, second, third, ..] if is_mp3_frame(*first, *second, *third) => Ok(MediaKind::Audio("mp3")),
        _ => other(bytes),
    }
}

/// Whether three bytes begin a frame of MPEG layer III: eleven sync bits, a version that exists, the layer, a bit rate
/// and a sampling rate that exist. Source: ISO 11172-3 §2.4.1.
fn is_mp3_frame(first: u8, second: u8, third: u8) -> bool {
    let version_exists = second & 0x18 != 0x08;
    let rates_exist = third & 0xf0 != 0xf0 && third & 0x0c != 0x0c;
    first == 0xff && second & 0xe0 == 0xe0 && second & 0x06 == 0x02 && version_exists && rates_exist
}

/// Text, or words for what else the bytes look like. Text may begin with a magic number of plain letters: every binary
/// format has a NUL or bytes that are not UTF-8.
fn other(bytes: &[u8]) -> Result<MediaKind, String> {
    let text = std::str::from_utf8(bytes);
    let is_text = text.is_ok_and(|text| !text.contains('\0'));
    let begins = |offset: usize, magic: &[u8]| bytes.get(offset..).is_some_and(|rest| rest.starts_with(magic));
    let counts = |magic: &[u8]| !(is_text && magic.iter().all(|byte| matches!(byte, b' '..=b'~')));
    let known = OTHERS.iter().find(|(offset, magic, _)| begins(*offset, magic) && counts(magic));
    if let Some((_, _, words)) = known {
        return Err(format!("it looks like {words}"));
    }
    if is_text {
        return Ok(MediaKind::Text);
    }
    Err(match text {
        Ok(_) => "it is no known kind of file, and no text: it has NUL bytes".into(),
        Err(error) => format!("it is no known kind of file, and no UTF-8 text: see byte {}", error.valid_up_to()),
    })
}

#[cfg(test)]
mod tests;
