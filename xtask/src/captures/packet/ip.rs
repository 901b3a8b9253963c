//! IPv4 and IPv6 headers, extension headers and fragments.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;

/// The client's address inside a VPN.
pub(crate) const CLIENT_V4: Ipv4Addr = Ipv4Addr::new(10, 8, 0, 2);
/// A server, from a block kept for documentation (RFC 5737).
pub(crate) const SERVER_V4: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 80);
/// The client's unique local address (RFC 4193).
pub(crate) const CLIENT_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 8, 0, 0, 0, 0, 0, 2);
/// A server, from the block kept for documentation (RFC 3849).
pub(crate) const SERVER_V6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0x80);

/// Protocol and next-header numbers of the IANA registry.
pub(crate) mod protocol {
    pub(crate) const HOP_BY_HOP: u8 = 0;
    pub(crate) const ICMP: u8 = 1;
    pub(crate) const IGMP: u8 = 2;
    pub(crate) const IPV4: u8 = 4;
    pub(crate) const TCP: u8 = 6;
    pub(crate) const UDP: u8 = 17;
    pub(crate) const IPV6: u8 = 41;
    pub(crate) const ROUTING: u8 = 43;
    pub(crate) const FRAGMENT: u8 = 44;
    pub(crate) const GRE: u8 = 47;
    pub(crate) const ESP: u8 = 50;
    pub(crate) const AUTHENTICATION: u8 = 51;
    pub(crate) const ICMPV6: u8 = 58;
    pub(crate) const NO_NEXT_HEADER: u8 = 59;
    pub(crate) const DESTINATION_OPTIONS: u8 = 60;
    pub(crate) const SCTP: u8 = 132;
    pub(crate) const UDP_LITE: u8 = 136;
}

/// An IPv4 header (RFC 791).
#[derive(Clone, Copy)]
pub(crate) struct Ipv4 {
    pub(crate) source: Ipv4Addr,
    pub(crate) destination: Ipv4Addr,
    pub(crate) identification: u16,
    /// A multiple of eight.
    pub(crate) fragment_offset_bytes: u16,
    pub(crate) more_fragments: bool,
    /// A multiple of four bytes, at most forty.
    pub(crate) options: &'static [u8],
    /// The total length field, where a case wants it wrong.
    pub(crate) total_length: Option<u16>,
}

impl Default for Ipv4 {
    fn default() -> Self {
        Self {
            source: CLIENT_V4,
            destination: SERVER_V4,
            identification: 0,
            fragment_offset_bytes: 0,
            more_fragments: false,
            options: &[],
            total_length: None,
        }
    }
}

impl Ipv4 {
    pub(crate) fn carry(self, protocol: u8, payload: &[u8]) -> Vec<u8> {
        let header_bytes = 20 + self.options.len();
        let total_length = self.total_length.unwrap_or((header_bytes + payload.len()) as u16);
        let fragment = (self.fragment_offset_bytes / 8) | if self.more_fragments { 0x2000 } else { 0 };
        let mut bytes = Vec::with_capacity(header_bytes + payload.len());
        bytes.extend([0x40 | (header_bytes / 4) as u8, 0]);
        bytes.extend(total_length.to_be_bytes());
        bytes.extend(self.identification.to_be_bytes());
        bytes.extend(fragment.to_be_bytes());
        bytes.extend([64, protocol, 0, 0]);
        bytes.extend(self.source.octets());
        bytes.extend(self.destination.octets());
        bytes.extend(self.options);
        let checksum = internet_checksum(&bytes);
        bytes[10..12].copy_from_slice(&checksum.to_be_bytes());
        bytes.extend(payload);
        bytes
    }
}

/// RFC 1071, over an even number of bytes whose checksum field is still zero.
fn internet_checksum(bytes: &[u8]) -> u16 {
    let mut sum: u32 = bytes.chunks(2).map(|pair| u32::from(pair[0]) << 8 | u32::from(pair[1])).sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

/// A plain IPv4 packet from the usual client to the usual server.
pub(crate) fn ipv4(protocol: u8, payload: &[u8]) -> Vec<u8> {
    Ipv4::default().carry(protocol, payload)
}

/// The part `range` of an IPv4 payload as a fragment of datagram `identification`.
pub(crate) fn ipv4_fragment(identification: u16, protocol: u8, whole: &[u8], range: Range<usize>) -> Vec<u8> {
    let header = Ipv4 {
        identification,
        fragment_offset_bytes: range.start as u16,
        more_fragments: range.end < whole.len(),
        ..Ipv4::default()
    };
    header.carry(protocol, &whole[range])
}

/// An IPv6 packet (RFC 8200); `next_header` is that of the first thing in `payload`.
pub(crate) fn ipv6_between(source: Ipv6Addr, destination: Ipv6Addr, next_header: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(40 + payload.len());
    bytes.extend([0x60, 0, 0, 0]);
    bytes.extend((payload.len() as u16).to_be_bytes());
    bytes.extend([next_header, 64]);
    bytes.extend(source.octets());
    bytes.extend(destination.octets());
    bytes.extend(payload);
    bytes
}

/// A plain IPv6 packet from the usual client to the usual server.
pub(crate) fn ipv6(next_header: u8, payload: &[u8]) -> Vec<u8> {
    ipv6_between(CLIENT_V6, SERVER_V6, next_header, payload)
}

/// A packet of the version that both addresses have.
pub(crate) fn ip_between(source: IpAddr, destination: IpAddr, protocol: u8, payload: &[u8]) -> Vec<u8> {
    match (source, destination) {
        (IpAddr::V4(source), IpAddr::V4(destination)) => {
            Ipv4 { source, destination, ..Ipv4::default() }.carry(protocol, payload)
        }
        (IpAddr::V6(source), IpAddr::V6(destination)) => ipv6_between(source, destination, protocol, payload),
        _ => unreachable!("a case never mixes the versions of one packet's addresses"),
    }
}

/// Hop-by-hop or destination options (RFC 8200 §4.3, §4.6) that hold nothing but one PadN of eight bytes in all.
pub(crate) fn options_header(next_header: u8, payload: &[u8]) -> Vec<u8> {
    [&[next_header, 0, 1, 4, 0, 0, 0, 0], payload].concat()
}

/// A routing header with one address and no segment left (RFC 8200 §4.4): 24 bytes.
pub(crate) fn routing_header(next_header: u8, payload: &[u8]) -> Vec<u8> {
    [&[next_header, 2, 0, 0, 0, 0, 0, 0], &SERVER_V6.octets()[..], payload].concat()
}

/// An authentication header with a check value of twelve bytes (RFC 4302): 24 bytes, told as six words less two.
pub(crate) fn authentication_header(next_header: u8, payload: &[u8]) -> Vec<u8> {
    [&[next_header, 4, 0, 0, 0, 0, 0x10, 0x01, 0, 0, 0, 1][..], &[0xa5; 12], payload].concat()
}

/// The part `range` of an IPv6 fragmentable part behind a fragment header (RFC 8200 §4.5).
pub(crate) fn ipv6_fragment(identification: u32, next_header: u8, whole: &[u8], range: Range<usize>) -> Vec<u8> {
    let more = u16::from(range.end < whole.len());
    let mut bytes = vec![next_header, 0];
    // The offset is in units of eight bytes in the upper thirteen bits: the byte offset itself, as it is a multiple.
    bytes.extend((range.start as u16 | more).to_be_bytes());
    bytes.extend(identification.to_be_bytes());
    bytes.extend(&whole[range]);
    ipv6(protocol::FRAGMENT, &bytes)
}
