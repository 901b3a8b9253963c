//! Packets made from the inside out: each function puts its header before what it is given.

/// TCP from port 1000 to port 80, sequence 100, acknowledgment 200, with `payload_bytes` bytes behind a header of 20.
pub(super) fn tcp(flags: u8, payload_bytes: usize) -> Vec<u8> {
    let mut bytes = vec![3, 232, 0, 80, 0, 0, 0, 100, 0, 0, 0, 200, 0x50, flags, 255, 255, 0, 0, 0, 0];
    bytes.resize(20 + payload_bytes, b't');
    bytes
}

/// TCP with 12 bytes of options.
pub(super) fn tcp_with_options(payload_bytes: usize) -> Vec<u8> {
    let mut bytes = tcp(0x10, 12 + payload_bytes);
    bytes[12] = 0x80;
    bytes
}

/// UDP from port 1000 to port 53.
pub(super) fn udp(payload_bytes: usize) -> Vec<u8> {
    udp_announcing(8 + payload_bytes, payload_bytes)
}

/// UDP whose length field says something else.
pub(super) fn udp_announcing(length: usize, payload_bytes: usize) -> Vec<u8> {
    let mut bytes = vec![3, 232, 0, 53];
    bytes.extend(be16(length));
    bytes.resize(8 + payload_bytes, b'u');
    bytes
}

pub(super) fn ipv4(protocol: u8, payload: &[u8]) -> Vec<u8> {
    ipv4_announcing(20 + payload.len(), protocol, payload)
}

/// IPv4 whose total length says something else.
pub(super) fn ipv4_announcing(total_bytes: usize, protocol: u8, payload: &[u8]) -> Vec<u8> {
    let [high, low] = be16(total_bytes);
    join(&[&[0x45, 0, high, low, 0, 7, 0, 0, 64, protocol, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2], payload])
}

/// A fragment of an IPv4 datagram with identification 7.
pub(super) fn ipv4_fragment(protocol: u8, offset_bytes: usize, more: bool, payload: &[u8]) -> Vec<u8> {
    let mut bytes = ipv4(protocol, payload);
    bytes[6..8].copy_from_slice(&be16(offset_bytes / 8));
    bytes[6] |= u8::from(more) << 5;
    bytes
}

pub(super) fn ipv6(next_header: u8, payload: &[u8]) -> Vec<u8> {
    ipv6_announcing(payload.len(), next_header, payload)
}

/// IPv6 whose payload length says something else.
pub(super) fn ipv6_announcing(payload_length: usize, next_header: u8, payload: &[u8]) -> Vec<u8> {
    let [high, low] = be16(payload_length);
    let (source, destination) = ([0xfd; 16], [0xfe; 16]);
    join(&[&[0x60, 0, 0, 0, high, low, next_header, 64], &source, &destination, payload])
}

/// An IPv6 fragment header with identification 9.
pub(super) fn fragment_header(next_header: u8, offset_bytes: usize, more: bool, payload: &[u8]) -> Vec<u8> {
    let [high, low] = be16(offset_bytes);
    join(&[&[next_header, 0, high, low | u8::from(more), 0, 0, 0, 9], payload])
}

/// An IPv6 extension header of 16 bytes (hop-by-hop, routing, destination options) that says nothing.
pub(super) fn extension(next_header: u8, payload: &[u8]) -> Vec<u8> {
    join(&[&[next_header, 1, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], payload])
}

/// A hop-by-hop header with the jumbo option.
pub(super) fn jumbo(payload_length: u8, next_header: u8, payload: &[u8]) -> Vec<u8> {
    join(&[&[next_header, 0, 0xc2, 4, 0, 0, 0, payload_length], payload])
}

/// An authentication header of 16 bytes.
pub(super) fn authentication(next_header: u8, payload: &[u8]) -> Vec<u8> {
    join(&[&[next_header, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 9, 9, 9, 9], payload])
}

pub(super) fn ethernet(ether_type: u16, payload: &[u8]) -> Vec<u8> {
    join(&[&[2; 12], &ether_type.to_be_bytes(), payload])
}

/// IEEE 802.3: the type field is the payload's length.
pub(super) fn ieee_802_3(payload: &[u8]) -> Vec<u8> {
    join(&[&[2; 12], &be16(payload.len()), payload])
}

/// SNAP with the organisation code of EtherTypes.
pub(super) fn snap(ether_type: u16, payload: &[u8]) -> Vec<u8> {
    join(&[&[0xaa, 0xaa, 3, 0, 0, 0], &ether_type.to_be_bytes(), payload])
}

/// The rest of a VLAN tag: number, then the type of what follows.
pub(super) fn vlan(ether_type: u16, payload: &[u8]) -> Vec<u8> {
    join(&[&[0, 5], &ether_type.to_be_bytes(), payload])
}

pub(super) fn mpls(bottom: bool, payload: &[u8]) -> Vec<u8> {
    join(&[&[0, 1, u8::from(bottom), 64], payload])
}

pub(super) fn pppoe(payload: &[u8]) -> Vec<u8> {
    join(&[&[0x11, 0, 0, 1], &be16(payload.len()), payload])
}

/// GRE with all the fields that `flags` announce, each filled with zeros.
pub(super) fn gre(flags: u8, ether_type: u16, payload: &[u8]) -> Vec<u8> {
    let fields = vec![0; 4 * usize::from(flags & 0x80 != 0) + 4 * (flags & 0x30).count_ones() as usize];
    join(&[&[flags, 0], &ether_type.to_be_bytes(), &fields, payload])
}

/// PPTP's GRE with a sequence number, and an acknowledgment number if asked.
pub(super) fn pptp(acknowledges: bool, payload: &[u8]) -> Vec<u8> {
    let numbers = vec![0; if acknowledges { 8 } else { 4 }];
    let second = if acknowledges { 0x81 } else { 0x01 };
    join(&[&[0x30, second, 0x88, 0x0b], &be16(payload.len()), &[0, 1], &numbers, payload])
}

pub(super) fn sll(protocol: u16, payload: &[u8]) -> Vec<u8> {
    join(&[&[0, 0, 0, 1, 0, 6, 2, 2, 2, 2, 2, 2, 0, 0], &protocol.to_be_bytes(), payload])
}

pub(super) fn sll2(protocol: u16, payload: &[u8]) -> Vec<u8> {
    join(&[&protocol.to_be_bytes(), &[0, 0, 0, 0, 0, 2, 0, 1, 0, 6, 2, 2, 2, 2, 2, 2, 0, 0], payload])
}

pub(super) fn join(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

fn be16(value: usize) -> [u8; 2] {
    u16::try_from(value).expect("test packets are short").to_be_bytes()
}
