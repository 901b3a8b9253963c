//! Packets over Ethernet, made by hand.
//!
//! In: addresses, ports and payload. Out: packets whose lengths are right; checksums are zero, and nobody looks at them.

use super::Packet;

/// UDP datagrams over Ethernet, each with its number and then zeros.
pub(crate) fn udp_frames(count: u32, payload_bytes: usize) -> Vec<Packet> {
    (0..count)
        .map(|number| {
            let mut payload = number.to_be_bytes().to_vec();
            payload.resize(payload_bytes.max(4), 0);
            frame(17, [198, 51, 100, 7], [192, 0, 2, 80], &udp(40_000, 9, &payload))
        })
        .collect()
}

/// Echo requests.
pub(crate) fn icmp_frames(count: u32, payload_bytes: usize) -> Vec<Packet> {
    let mut body = vec![8, 0, 0, 0, 0, 1, 0, 1];
    body.resize(8 + payload_bytes, 0);
    (0..count).map(|_| frame(1, [198, 51, 100, 7], [192, 0, 2, 80], &body)).collect()
}

pub(crate) fn udp(source: u16, destination: u16, payload: &[u8]) -> Vec<u8> {
    let length = (8 + payload.len()) as u16; // test datagrams are short
    let header = [source.to_be_bytes(), destination.to_be_bytes(), length.to_be_bytes(), [0, 0]].concat();
    [&header, payload].concat()
}

/// A segment with ACK and PSH.
pub(crate) fn tcp(source: u16, destination: u16, sequence: u32, payload: &[u8]) -> Vec<u8> {
    let mut header = [source.to_be_bytes(), destination.to_be_bytes()].concat();
    header.extend(sequence.to_be_bytes());
    header.extend([0, 0, 0, 1, 0x50, 0x18, 0xff, 0xff, 0, 0, 0, 0]);
    [&header, payload].concat()
}

/// An IPv4 packet over Ethernet.
pub(crate) fn frame(protocol: u8, source: [u8; 4], destination: [u8; 4], body: &[u8]) -> Packet {
    let mut bytes = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0];
    let length = (20 + body.len()) as u16; // test packets are short
    bytes.extend([0x45, 0]);
    bytes.extend(length.to_be_bytes());
    bytes.extend([0, 0, 0, 0, 64, protocol, 0, 0]);
    bytes.extend(source);
    bytes.extend(destination);
    bytes.extend(body);
    Packet { time_ns: 1_583_056_800_000_000_000, link_type: 1, wire_bytes: bytes.len() as u32, captured: bytes }
}
