//! Data-driven tests of the capture readers: the bytes of a file in, its packets and its fault as lines of text out.

mod build;
mod damage;
mod pcap;
mod pcapng;
mod resolution;

use super::{CaptureDecoder, MAX_RECORD_BYTES, Packet, PcapngCounts};
use crate::time::{NANOS_PER_SECOND, Timestamp};
use build::{File, file, pcap_file, pcapng_file};

/// 1, 3 and 7 cut inside every field, 1460 is a TCP payload, and the last takes every file of these tests whole.
const CHUNK_BYTES: [usize; 7] = [1, 3, 7, 64, 1460, 65_536, usize::MAX];

/// Checks what a file decodes to, in every chunking. A packet reads as in [`line`]; `fault` is "" when there is none.
#[track_caller]
fn check(name: &str, file: &File, packets: &[&str], fault: &str) {
    let decoded = decode_in_every_chunking(name, file.bytes());
    assert_eq!(decoded.packets, packets, "{name}: packets");
    assert_eq!(decoded.fault, fault, "{name}: fault");
}

/// What a file decodes to.
#[derive(Debug, PartialEq, Eq)]
struct Decoded {
    packets: Vec<String>,
    fault: String,
    bytes_consumed: u64,
    counts: Option<PcapngCounts>,
}

#[track_caller]
fn decode_in_every_chunking(name: &str, bytes: &[u8]) -> Decoded {
    let whole = decode(bytes, usize::MAX);
    for chunk_bytes in CHUNK_BYTES {
        // A byte at a time takes long where megabytes are at stake, and tells nothing new there.
        if bytes.len() / chunk_bytes <= 100_000 {
            assert_eq!(decode(bytes, chunk_bytes), whole, "{name}: in chunks of {chunk_bytes}");
        }
    }
    whole
}

fn decode(bytes: &[u8], chunk_bytes: usize) -> Decoded {
    let mut decoder = CaptureDecoder::new();
    let mut packets = Vec::new();
    let mut faults = Vec::new();
    for chunk in bytes.chunks(chunk_bytes) {
        faults.extend(decoder.push(chunk, |packet| packets.push(line(packet))).err());
        assert!(decoder.carry_capacity() <= MAX_RECORD_BYTES + 64, "the carry is bounded");
    }
    faults.extend(decoder.finish().err());
    assert!(faults.len() <= 1, "a fault is returned once: {faults:?}");
    assert_eq!(decoder.push(b"more", |_| panic!("a packet after the end")), Ok(()), "what follows is ignored");
    assert_eq!(decoder.finish(), Ok(()), "the end is told once");
    if let Some(fault) = faults.first() {
        assert_eq!(fault.offset, decoder.bytes_consumed(), "a fault is where the understanding ends");
    }
    Decoded {
        packets,
        fault: faults.pop().map(|fault| fault.to_string()).unwrap_or_default(),
        bytes_consumed: decoder.bytes_consumed(),
        counts: decoder.pcapng_counts().cloned(),
    }
}

/// `<offset>: <seconds>.<nanos> link <link type> <captured bytes as text, or how many> of <wire bytes>[ <oddity>]`
fn line(packet: Packet<'_>) -> String {
    let nanos = packet.timestamp.as_nanos();
    let (second, nanos) = (nanos.div_euclid(NANOS_PER_SECOND), nanos.rem_euclid(NANOS_PER_SECOND));
    let captured = match std::str::from_utf8(packet.captured) {
        Ok(text) if text.len() <= 8 => format!("{text:?}"),
        _ => format!("{} B", packet.captured.len()),
    };
    let oddity = packet.oddity.map(|oddity| format!(" {oddity:?}")).unwrap_or_default();
    let (offset, link, wire) = (packet.file_offset, packet.link_type.0, packet.wire_bytes);
    format!("{offset}: {second}.{nanos:09} link {link} {captured} of {wire}{oddity}")
}

#[test]
fn a_file_must_begin_with_a_known_magic() {
    for (name, bytes, fault) in [
        ("empty", &b""[..], "byte 0: the file is empty"),
        ("one byte", b"\xd4", "byte 0: the file ends inside the file header: 3 more bytes were announced"),
        ("text", b"<html>", "byte 0: not a pcap or pcapng file (first bytes [3c, 68, 74, 6d])"),
        ("gzip", b"\x1f\x8b\x08\x00\x00", "byte 0: not a pcap or pcapng file (first bytes [1f, 8b, 08, 00])"),
        (
            "bare pcap magic",
            b"\xd4\xc3\xb2\xa1",
            "byte 0: the file ends inside the file header: 20 more bytes were announced",
        ),
        ("bare pcapng magic", b"\n\r\r\n", "byte 0: the file ends inside the file header: 8 more bytes were announced"),
    ] {
        check(name, &file(bytes), &[], fault);
    }
}

#[test]
fn pushing_nothing_changes_nothing() {
    let file = pcap_file().record(1, 2, b"abcd");
    let mut decoder = CaptureDecoder::new();
    let mut n_packets = 0;
    for byte in file.bytes().chunks(1) {
        for chunk in [byte, &[]] {
            assert_eq!(decoder.push(chunk, |_| n_packets += 1), Ok(()));
        }
    }
    assert_eq!((n_packets, decoder.finish()), (1, Ok(())));
}

#[test]
fn a_file_cut_anywhere_gives_the_packets_before_the_cut() {
    let modified = build::pcap(false, 0xa1b2_cd34, (2, 4), 65_535, 1).wide_record(1, 2, b"abc").wide_record(3, 4, b"d");
    for (name, file, borders) in [
        ("pcap", pcap_file().record(1, 2, b"abcd").record(3, 4, b"").record(5, 6, b"e"), vec![24, 44, 60, 77]),
        ("modified pcap", modified, vec![24, 51, 76]),
        ("pcapng", pcapng_file().enhanced(0, 1, b"abc").simple(4, b"defg"), vec![28, 48, 84, 104]),
    ] {
        let whole = decode(file.bytes(), usize::MAX);
        assert_eq!((whole.fault.as_str(), whole.bytes_consumed), ("", borders[borders.len() - 1]), "{name}");
        for cut in 1..file.bytes().len() {
            let decoded = decode_in_every_chunking(name, &file.bytes()[..cut]);
            let border = borders.iter().copied().filter(|border| *border <= cut as u64).max().unwrap_or(0);
            assert_eq!(decoded.bytes_consumed, border, "{name} cut at {cut}");
            assert!(whole.packets.starts_with(&decoded.packets), "{name} cut at {cut}");
            let expected = format!("byte {border}: the file ends inside ");
            let is_whole = border == cut as u64;
            assert_eq!(decoded.fault.starts_with(&expected), !is_whole, "{name} cut at {cut}: {}", decoded.fault);
            assert_eq!(decoded.fault.is_empty(), is_whole, "{name} cut at {cut}");
        }
    }
}
