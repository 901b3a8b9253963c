//! What of payload is in a file that was recorded, as told by a reader that shares nothing with the core.

use super::captures::{all, each, truth};
use super::plain::{Plain, with_ciphertext};
use super::rewrite::kept;
use crate::support::Packet;
use analyzer_core::keep::Keep;
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn headers_have_no_payload() {
    each(all(), |name, packets| {
        for (number, (packet, kept)) in (1..).zip(packets.iter().zip(kept(Keep::Headers, &packets))) {
            check_beginning(name, number, packet, &kept);
            if let Some(plain) = Plain::of(packet) {
                assert_eq!(kept.captured.len(), plain.payload.start, "{name}, packet {number}");
            }
        }
    });
}

#[test]
fn of_payload_only_names_and_record_headers_are_kept() {
    let mut kept_headers = 0;
    each(truth(), |name, packets| {
        let packets = with_ciphertext(&packets);
        let allowed = Allowed::of(&packets);
        for (keep, number_of_headers) in [(Keep::Names, &mut 0), (Keep::Records, &mut kept_headers)] {
            *number_of_headers += allowed.check(name, keep, &packets);
        }
    });
    assert!(kept_headers > 100_000, "record headers are kept: {kept_headers} bytes");
}

#[test]
fn captures_of_others_have_only_names_and_record_headers() {
    each(all(), |name, packets| {
        let allowed = Allowed::of(&packets);
        for keep in [Keep::Names, Keep::Records] {
            allowed.check(name, keep, &packets);
        }
    });
}

/// Kept bytes are a beginning of the packet, with zeros in some places.
#[track_caller]
fn check_beginning(name: &str, number: usize, packet: &Packet, kept: &Packet) {
    let is_beginning = kept.captured.iter().zip(&packet.captured).all(|(kept, byte)| kept == byte || *kept == 0);
    assert!(is_beginning, "{name}, packet {number}: other bytes than the packet's");
}

type Way = [(Vec<u8>, u16); 2];

/// Which bytes of TCP payload may be kept, found in the whole capture at once.
#[derive(Default)]
struct Allowed {
    /// For each direction that begins with a SYN: its bytes from there on, connection after connection.
    streams: BTreeMap<Way, Vec<Stream>>,
}

#[derive(Default)]
struct Stream {
    first_sequence: u32,
    bytes: Vec<u8>,
    is_client: bool,
    headers: BTreeSet<usize>,
    hello_bytes: usize,
}

impl Allowed {
    fn of(packets: &[Packet]) -> Self {
        let mut allowed = Self::default();
        for packet in packets {
            let Some(plain) = Plain::of(packet).filter(|plain| plain.is_tcp) else { continue };
            let streams = allowed.streams.entry(plain.ends.clone()).or_default();
            if plain.is_syn
                && streams.last().is_none_or(|stream| stream.first_sequence != plain.sequence.wrapping_add(1))
            {
                let is_client = packet.captured[plain.transport_at + 13] & 0x10 == 0;
                let first_sequence = plain.sequence.wrapping_add(1);
                streams.push(Stream { first_sequence, is_client, ..Stream::default() });
            }
            if let Some(stream) = streams.last_mut() {
                let at = plain.sequence.wrapping_add(plain.is_syn.into()).wrapping_sub(stream.first_sequence) as usize;
                let payload = &packet.captured[plain.payload];
                if at < 1 << 28 && !payload.is_empty() {
                    let end = at + payload.len();
                    stream.bytes.resize(stream.bytes.len().max(end), 0);
                    stream.bytes[at..end].copy_from_slice(payload);
                }
            }
        }
        allowed.streams.values_mut().flatten().for_each(Stream::find);
        allowed
    }

    /// Checks every byte that is kept; returns how many bytes of record headers that were not zero.
    #[track_caller]
    fn check(&self, name: &str, keep: Keep, packets: &[Packet]) -> usize {
        let mut kept_headers = 0;
        let mut opened: BTreeMap<Way, usize> = BTreeMap::new();
        for (number, (packet, kept)) in (1..).zip(packets.iter().zip(kept(keep, packets))) {
            check_beginning(name, number, packet, &kept);
            let Some(plain) = Plain::of(packet) else { continue };
            let payload = kept.captured.get(plain.payload.start..).expect("headers are kept whole");
            assert!(payload.len() <= plain.payload.len(), "{name}, packet {number}: padding is kept");
            let what = format!("{name}, {keep}, packet {number}");
            if plain.ends.iter().any(|(_, port)| *port == 53) {
                assert_eq!(payload, &packet.captured[plain.payload.clone()], "{what}: DNS is whole");
            } else if plain.is_tcp {
                let streams = self.streams.get(&plain.ends).map(Vec::as_slice).unwrap_or_default();
                let connection = opened.entry(plain.ends.clone()).or_default();
                let begins = |stream: &Stream| stream.first_sequence == plain.sequence.wrapping_add(1);
                if plain.is_syn && streams.get(*connection).is_some_and(begins) {
                    *connection += 1;
                }
                let stream = connection.checked_sub(1).and_then(|at| streams.get(at));
                kept_headers += check_tcp(&what, keep, stream, &plain, payload);
            } else {
                check_udp(&what, payload, &packet.captured[plain.payload.clone()]);
            }
        }
        kept_headers
    }
}

impl Stream {
    /// Walks over the records.
    fn find(&mut self) {
        let mut at = 0;
        while let Some([kind @ 20..=23, 3, 0..=4, high, low]) = self.bytes.get(at..).and_then(|rest| rest.first_chunk())
        {
            self.headers.extend(at..at + 5);
            if at == 0 && self.is_client && *kind == 22 && self.bytes.get(5) == Some(&1) {
                let length = self
                    .bytes
                    .get(6..9)
                    .map_or(0, |n| usize::from(n[0]) << 16 | usize::from(n[1]) << 8 | usize::from(n[2]));
                // One more record header at most before 2 KiB.
                self.hello_bytes = (length + 14).min(2048);
            }
            at += 5 + usize::from(u16::from_be_bytes([*high, *low]));
        }
    }
}

#[track_caller]
fn check_tcp(what: &str, keep: Keep, stream: Option<&Stream>, plain: &Plain, payload: &[u8]) -> usize {
    let mut kept_headers = 0;
    let first = stream
        .map(|stream| plain.sequence.wrapping_add(plain.is_syn.into()).wrapping_sub(stream.first_sequence) as usize);
    for (at, byte) in payload.iter().enumerate().filter(|(_, byte)| **byte != 0) {
        let place = first.map(|first| first.wrapping_add(at));
        let is_hello = stream.is_some_and(|stream| place.is_some_and(|place| place < stream.hello_bytes));
        let is_header = stream.is_some_and(|stream| place.is_some_and(|place| stream.headers.contains(&place)));
        kept_headers += usize::from(is_header && !is_hello);
        // What has the form of a header, or of its beginning, may be kept where the walker lost its way.
        let has_form = (0..5).any(|back| at.checked_sub(back).is_some_and(|from| is_header_form(&payload[from..])));
        let is_allowed = is_hello || keep == Keep::Records && (is_header || has_form || at < 4);
        assert!(is_allowed, "{what}: byte {at} of the payload is {byte:#x}");
    }
    kept_headers
}

fn is_header_form(bytes: &[u8]) -> bool {
    matches!(bytes, [20..=23] | [20..=23, 3] | [20..=23, 3, 0..=4, ..])
}

#[track_caller]
fn check_udp(what: &str, kept: &[u8], payload: &[u8]) {
    let is_long = payload.first().is_some_and(|first| first & 0x80 != 0);
    let version = payload.get(1..5).map_or(0, |bytes| u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]));
    let packet_type = payload.first().map_or(0, |first| first >> 4);
    let may_be_whole =
        matches!((version, packet_type), (1 | 0xff00_0017..=0xff00_0022, 0b1100) | (0x6b33_43cf, 0b1101));
    let allowed = match (may_be_whole, is_long) {
        (true, _) => payload.len(),
        (_, true) => 5,
        // The version of Google's old QUIC, and else a zero.
        _ if kept.len() == 13 => {
            assert_eq!(kept[1..9], [0; 8], "{what}");
            assert!(matches!(kept[9..], [b'Q' | b'T', b'0', _, _]), "{what}");
            13
        }
        _ => {
            assert!(kept.iter().all(|byte| *byte == 0), "{what}: {kept:?}");
            1
        }
    };
    assert!(kept.len() <= allowed, "{what}: {} bytes of a datagram", kept.len());
}
