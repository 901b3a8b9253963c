//! Pseudonyms in place of the addresses of a packet that is being written.
//!
//! In: what is kept of a packet. Out: the same, with pseudonyms in its outermost IP header and zeros for hardware
//! addresses. Guaranteed: what else could hold an address is cut off or blanked: everything behind the outermost IP header
//! unless a TCP or UDP header stands there, IPv4 options, and TCP options but the usual ones (multipath TCP announces
//! addresses, RFC 8684 §3.4.1); checksums that would tell the addresses are made anew (IPv4) or zeroed (TCP, UDP).
//! The packet's lengths on the wire stay what they are.

use crate::capture::{LinkType, Packet};
use crate::decode::{OuterIp, link_header_bytes};
use crate::record::Pseudonyms;
use std::net::IpAddr;

const TCP: u8 = 6;
const UDP: u8 = 17;
/// An Ethernet header, which can hide between the link layer's own and IP (MPLS pseudowires).
const ETHERNET_BYTES: usize = 14;

/// Anonymises `kept`, a beginning of `packet`, and tells how many of its bytes may be written.
pub(super) fn anonymize(packet: &Packet<'_>, pseudonyms: &Pseudonyms, kept: &mut [u8]) -> usize {
    let link_bytes = link_header_bytes(packet.link_type).min(kept.len());
    blank_hardware_addresses(packet.link_type, &mut kept[..link_bytes]);
    let Some(ip) = OuterIp::of(packet).filter(|ip| ip.header.start < link_bytes + ETHERNET_BYTES) else {
        return link_bytes;
    };
    let fixed_bytes = if ip.is_v4 { 20 } else { 40 };
    let start = ip.header.start.min(kept.len());
    let end = ip.header.end.min(kept.len());
    if end - start < fixed_bytes {
        // The addresses are not all there.
        return start;
    }
    let (headers, transport) = kept.split_at_mut(end);
    let header = &mut headers[start..];
    let protocol = if ip.is_v4 { anonymize_v4(header, pseudonyms) } else { anonymize_v6(header, pseudonyms) };
    match protocol {
        Some(TCP) if transport.len() >= 20 => anonymize_tcp(transport),
        Some(UDP) if transport.len() >= 8 => transport[6..8].fill(0),
        _ => return end,
    }
    kept.len()
}

fn blank_hardware_addresses(link_type: LinkType, header: &mut [u8]) {
    let addresses = match link_type.0 {
        1 => 0..12,
        113 => 6..14,
        276 => 12..20,
        _ => return,
    };
    // An incomplete header is blanked as far as it goes.
    let end = addresses.end.min(header.len());
    if let Some(addresses) = header.get_mut(addresses.start..end) {
        addresses.fill(0);
    }
}

/// RFC 791 §3.1. The protocol that follows, unless this is a later fragment.
fn anonymize_v4(header: &mut [u8], pseudonyms: &Pseudonyms) -> Option<u8> {
    for at in [12, 16] {
        if let Ok(octets) = <[u8; 4]>::try_from(&header[at..at + 4])
            && let IpAddr::V4(pseudonym) = pseudonyms.address(octets.into())
        {
            header[at..at + 4].copy_from_slice(&pseudonym.octets());
        }
    }
    header[20..].fill(0); // zero ends the options
    header[10..12].fill(0);
    let checksum = checksum(header);
    header[10..12].copy_from_slice(&checksum.to_be_bytes());
    let offset = u16::from_be_bytes([header[6], header[7]]) & 0x1fff;
    (offset == 0).then_some(header[9])
}

/// RFC 8200 §3. The protocol that follows the fixed header.
fn anonymize_v6(header: &mut [u8], pseudonyms: &Pseudonyms) -> Option<u8> {
    for at in [8, 24] {
        if let Ok(octets) = <[u8; 16]>::try_from(&header[at..at + 16])
            && let IpAddr::V6(pseudonym) = pseudonyms.address(octets.into())
        {
            header[at..at + 16].copy_from_slice(&pseudonym.octets());
        }
    }
    Some(header[6])
}

/// The internet checksum (RFC 1071) of a header whose length is a multiple of four.
fn checksum(header: &[u8]) -> u16 {
    let words = header.chunks_exact(2).map(|word| u32::from(u16::from_be_bytes([word[0], word[1]])));
    let sum: u32 = words.sum();
    let folded = (sum & 0xffff) + (sum >> 16);
    // Thirty words carry once more at most.
    !((folded & 0xffff) + (folded >> 16)) as u16
}

/// RFC 9293 §3.1: blanks the checksum and all options but the usual ones.
fn anonymize_tcp(header: &mut [u8]) {
    const NO_OPERATION: u8 = 1;
    header[16..18].fill(0);
    let header_bytes = (usize::from(header[12] >> 4) * 4).clamp(20, header.len());
    let options = &mut header[20..header_bytes];
    let mut at = 0;
    while let [kind, rest @ ..] = &options[at..] {
        let length = match (*kind, rest.first()) {
            (NO_OPERATION, _) => 1,
            (1.., Some(length)) if (2..=rest.len() + 1).contains(&usize::from(*length)) => usize::from(*length),
            // The end of the options, or what can't be read as one: nothing behind it counts.
            _ => return options[at..].fill(0),
        };
        // Segment size, window scale, selective acknowledgment allowed and made, timestamps.
        if !matches!((*kind, length), (2, 4) | (3, 3) | (4, 2) | (5, _) | (8, 10)) {
            options[at..at + length].fill(NO_OPERATION);
        }
        at += length;
    }
}
