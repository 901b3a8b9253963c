//! Plain packets read without the core: IP right behind the link layer, TCP or UDP right behind IP, not fragmented.

use crate::support::Packet;
use std::ops::Range;

/// What the tests need to know of one.
#[derive(Debug, Clone)]
pub(super) struct Plain {
    pub(super) ip_at: usize,
    pub(super) is_v4: bool,
    /// Addresses and ports from and to.
    pub(super) ends: [(Vec<u8>, u16); 2],
    pub(super) is_tcp: bool,
    pub(super) sequence: u32,
    pub(super) is_syn: bool,
    /// Where the TCP or UDP header begins.
    pub(super) transport_at: usize,
    /// The payload, all of which was captured.
    pub(super) payload: Range<usize>,
}

impl Plain {
    /// `None` for every other packet, and for one that was not captured whole.
    pub(super) fn of(packet: &Packet) -> Option<Self> {
        let bytes = &packet.captured;
        let number = |at: usize| Some(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
        let ip_at = match (packet.link_type, number(12)) {
            (1, Some(0x0800 | 0x86dd)) => 14,
            (101, _) => 0,
            _ => return None,
        };
        let is_v4 = bytes.get(ip_at)? >> 4 == 4;
        let (transport_at, end, protocol, addresses) = if is_v4 {
            if number(ip_at + 6)? & 0x3fff != 0 {
                return None;
            }
            let header = usize::from(bytes.get(ip_at)? & 15) * 4;
            if header < 20 {
                return None;
            }
            (ip_at + header, ip_at + usize::from(number(ip_at + 2)?), *bytes.get(ip_at + 9)?, ip_at + 12..ip_at + 20)
        } else {
            (ip_at + 40, ip_at + 40 + usize::from(number(ip_at + 4)?), *bytes.get(ip_at + 6)?, ip_at + 8..ip_at + 40)
        };
        let has_version = matches!(bytes.get(ip_at)? >> 4, 4 | 6);
        if !has_version || end > bytes.len() {
            return None;
        }
        let (from, to) = bytes.get(addresses.clone())?.split_at(addresses.len() / 2);
        let ends = [(from.to_vec(), number(transport_at)?), (to.to_vec(), number(transport_at + 2)?)];
        let is_tcp = protocol == 6;
        let least = transport_at + if is_tcp { 20 } else { 8 };
        let payload_at = match protocol {
            6 => transport_at + usize::from(bytes.get(transport_at + 12)? >> 4) * 4,
            17 => transport_at + 8,
            _ => return None,
        };
        let (mut sequence, mut is_syn) = (0, false);
        if is_tcp {
            sequence = u32::from(number(transport_at + 4)?) << 16 | u32::from(number(transport_at + 6)?);
            is_syn = bytes.get(transport_at + 13)? & 2 != 0;
        }
        let end = match number(transport_at + 4) {
            Some(length @ 1..) if !is_tcp => end.min(transport_at + usize::from(length.max(8))),
            _ => end,
        };
        (least <= payload_at && payload_at <= end).then_some(Self {
            ip_at,
            is_v4,
            ends,
            is_tcp,
            sequence,
            is_syn,
            transport_at,
            payload: payload_at..end,
        })
    }
}

/// The packets with what looks like ciphertext in place of zeroed TCP payload. Every fourth of its bytes is one that
/// record headers are made of, so that it is full of what could be taken for one.
pub(crate) fn with_ciphertext(packets: &[Packet]) -> Vec<Packet> {
    packets.iter().map(encrypt).collect()
}

fn encrypt(packet: &Packet) -> Packet {
    let mut packet = packet.clone();
    let Some(plain) = Plain::of(&packet).filter(|plain| plain.is_tcp) else { return packet };
    let payload = &mut packet.captured[plain.payload.clone()];
    let mut at = 0;
    while at < payload.len() {
        let zeros = payload[at..].iter().take_while(|byte| **byte == 0).count();
        // In shorter runs may be fields.
        if zeros >= 8 {
            for (place, byte) in (at..).zip(&mut payload[at..at + zeros]) {
                *byte = cipher_byte(plain.sequence.wrapping_add(place as u32));
            }
        }
        at += zeros.max(1);
    }
    packet
}

/// A byte that depends on its place in the stream alone, so that it is the same when it is sent again.
fn cipher_byte(place: u32) -> u8 {
    const HEADERS: [u8; 8] = [23, 3, 3, 1, 22, 3, 3, 0];
    let mixed = place.wrapping_mul(0x9e37_79b9).rotate_left(15).wrapping_mul(0x85eb_ca6b);
    match mixed >> 30 {
        0 => HEADERS[place as usize % 8],
        _ => ((mixed >> 16) as u8).max(1),
    }
}
