//! Bodies in every framing, whole, cut and damaged.

use std::io::Write;

use super::{Peer, answering, cut, read_all, read_call, send, whole};

/// `data: [1]`, gzipped: `printf 'data: [1]\n' | gzip -n`.
const GZIP: &[u8] = &[
    0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b, 0x49, 0x2c, 0x49, 0xb4, 0x52, 0x88, 0x36, 0x8c, 0xe5, 2, 0, 0x6c, 0x47,
    0, 0xc7, 10, 0, 0, 0,
];

/// A reply with this head and body.
fn reply(head: &str, body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n").as_bytes(), body].concat()
}

/// A body in chunks of `size` bytes, terminator included.
fn chunked(body: &[u8], size: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for chunk in body.chunks(size) {
        bytes.extend(format!("{:x}\r\n", chunk.len()).bytes());
        bytes.extend(chunk);
        bytes.extend(b"\r\n");
    }
    bytes.extend(b"0\r\n\r\n");
    bytes
}

const CHUNKED: &str = "Transfer-Encoding: chunked";
const CHUNKED_GZIP: &str = "Transfer-Encoding: chunked\r\nContent-Encoding: gzip";
const CUT: &str = "the answer of URL is cut: the connection was closed before its end";

#[test]
fn every_framing_gives_the_same_body() {
    let expected = (200, "data: [1]\n".to_owned());
    assert_eq!(whole(reply("Content-Length: 10", b"data: [1]\n")), expected);
    assert_eq!(whole(reply("X: close-delimited", b"data: [1]\n")), expected);
    assert_eq!(whole(b"HTTP/1.0 200 OK\r\n\r\ndata: [1]\n".to_vec()), expected);
    for size in 1..12 {
        assert_eq!(whole(reply(CHUNKED, &chunked(b"data: [1]\n", size))), expected);
        assert_eq!(whole(reply(CHUNKED_GZIP, &chunked(GZIP, size))), expected);
    }
    assert_eq!(whole(reply("Content-Encoding: gzip", GZIP)), expected);
    assert_eq!(whole(reply("Content-Length: 30\r\nContent-Encoding: gzip", GZIP)), expected);
}

#[test]
fn one_byte_per_write_gives_the_same_body() {
    for (head, body) in [(CHUNKED, chunked(b"data: [1]\n", 3)), (CHUNKED_GZIP, chunked(GZIP, 3))] {
        let bytes = reply(head, &body);
        let peer = Peer::new(move |mut stream| {
            stream.set_nodelay(true).unwrap();
            read_call(&stream);
            bytes.iter().for_each(|byte| stream.write_all(&[*byte]).unwrap());
        });
        let mut incoming = send(&peer.url()).unwrap();
        let (body, fault) = read_all(&mut incoming, 7);
        assert_eq!((body, fault.is_none()), (b"data: [1]\n".to_vec(), true), "{head}");
        peer.join();
    }
}

#[test]
fn whole_reply_is_handed_out_in_one_read() {
    let peer = answering(reply(CHUNKED, &chunked(b"data: [1]\n", 1)));
    let mut incoming = send(&peer.url()).unwrap();
    let mut buffer = [0; 100];
    assert_eq!(incoming.read(&mut buffer).unwrap(), 10);
    assert_eq!(incoming.read(&mut buffer).unwrap(), 0);
}

#[test]
fn first_chunk_is_handed_out_before_the_second_is_sent() {
    let (gate, opened) = std::sync::mpsc::channel::<()>();
    let peer = Peer::new(move |mut stream| {
        read_call(&stream);
        stream.write_all(&reply(CHUNKED, b"1\r\na\r\n")).unwrap();
        opened.recv().unwrap();
        stream.write_all(b"1\r\nb\r\n0\r\n\r\n").unwrap();
    });
    let mut incoming = send(&peer.url()).unwrap();
    let mut buffer = [0; 100];
    assert_eq!(incoming.read(&mut buffer).unwrap(), 1);
    gate.send(()).unwrap();
    assert_eq!(read_all(&mut incoming, 100).0, b"b");
    peer.join();
}

#[test]
fn body_cut_at_every_byte_is_7_and_a_prefix() {
    let body = b"data: [1]\n";
    for (head, bytes) in [(CHUNKED, chunked(body, 4)), ("Content-Length: 10", body.to_vec())] {
        // Without the blank line after the last chunk a body is whole: servers do that.
        let last = if head == CHUNKED { bytes.len() - 2 } else { bytes.len() };
        for end in 0..last {
            let (text, told) = cut(reply(head, &bytes[..end]));
            assert_eq!(told, (7, CUT.to_owned(), false), "{head} after {end} bytes");
            assert!(body.starts_with(text.as_bytes()), "{head} after {end} bytes: {text}");
        }
    }
}

#[test]
fn gzip_cut_by_the_connection_is_7() {
    let bytes = chunked(GZIP, 4);
    for end in 0..bytes.len() - 5 {
        let (text, told) = cut(reply(CHUNKED_GZIP, &bytes[..end]));
        assert_eq!(told, (7, CUT.to_owned(), false), "after {end} bytes");
        assert!("data: [1]\n".starts_with(&text), "after {end} bytes: {text}");
    }
}

#[test]
fn gzip_damaged_in_whole_framing_is_5() {
    for place in [0, 10, 15, 22, 27] {
        let mut damaged = GZIP.to_vec();
        damaged[place] ^= 0xff;
        let (_, (exit, line, transient)) = cut(reply(CHUNKED_GZIP, &chunked(&damaged, 100)));
        let start = "the answer of URL cannot be read: damaged gzip (";
        assert_eq!((exit, &line[..start.len()], transient), (5, start, false), "byte {place}");
    }
    let (_, (exit, _, _)) = cut(reply(CHUNKED_GZIP, &chunked(&GZIP[..20], 100)));
    assert_eq!(exit, 5);
}

#[test]
fn bad_chunk_sizes_are_7() {
    for size in ["zz\r\n", "\r\n", "-1\r\n", "ffffffffffffffffff\r\n", "1 1\r\n", "5;\u{e4}\r\nxxxxxxx\r\n0\r\n"] {
        let (text, (exit, line, transient)) = cut(reply(CHUNKED, format!("3\r\nabc\r\n{size}").as_bytes()));
        assert_eq!((exit, transient), (7, false), "{size:?}: {line}");
        assert!("abc".starts_with(&text), "{size:?}: {text}");
    }
}

#[test]
fn chunk_size_without_end_is_7_and_bounded() {
    let peer = Peer::new(|mut stream| {
        read_call(&stream);
        stream.write_all(&reply(CHUNKED, b"")).unwrap();
        while stream.write_all(&[b'1'; 10_000]).is_ok() {}
    });
    let mut incoming = send(&peer.url()).unwrap();
    let (body, fault) = read_all(&mut incoming, 1024);
    assert_eq!((body.len(), fault.unwrap().kind.exit()), (0, 7));
    drop(incoming);
    peer.join();
}

#[test]
fn gzip_bomb_is_decoded_no_further_than_it_is_read() {
    // 1,000 members, each a megabyte of zeros, would be a gigabyte.
    let zeros: &[u8] = include_bytes!("../../../tests/fixtures/megabyte-of-zeros.gz");
    let peer = answering(reply("Content-Encoding: gzip", &zeros.repeat(1000)));
    let mut incoming = send(&peer.url()).unwrap();
    let mut buffer = vec![1; 10_000];
    let count = incoming.read(&mut buffer).unwrap();
    assert!(buffer[..count].iter().all(|byte| *byte == 0));
    drop(incoming);
    peer.join();
}
