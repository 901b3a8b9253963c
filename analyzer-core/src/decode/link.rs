//! Link layers, and what sits between them and IP.
//!
//! In: a packet of any link type, or what a GRE tunnel carries. Out: where its IP header begins and how many bytes
//! the layers around it declare for it. Guaranteed: PPPoE's and 802.3's own lengths are respected, so Ethernet's
//! padding and frame check sequence are left out wherever they can be told; at most [`MAX_HEADERS`] headers are walked.
//!
//! Link types are those of <https://www.tcpdump.org/linktypes.html>.

use super::skip::{Layer, Reason, Skip};
use super::span::Span;
use crate::capture::{LinkType, Packet};

/// More headers than any network stacks before IP; the rest of such a packet is not looked at.
const MAX_HEADERS: usize = 16;

const ETHERTYPE_IPV4: u16 = 0x0800;
const ETHERTYPE_IPV6: u16 = 0x86dd;
/// "Transparent Ethernet Bridging", which GRE (RFC 1701) uses for Ethernet frames.
const ETHERTYPE_BRIDGED_ETHERNET: u16 = 0x6558;
/// PPP inside GRE (RFC 2637).
const ETHERTYPE_PPP: u16 = 0x880b;
/// The largest value of Ethernet's type field that is a length (IEEE 802.3 §3.2.6).
const MAX_802_3_BYTES: u16 = 1500;

/// The bytes from an IP header on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Network<'a> {
    /// From the IP header to the end that the enclosing layers declare.
    pub(super) bytes: Span<'a>,
    /// The version that the first byte tells.
    pub(super) version: IpVersion,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IpVersion {
    V4,
    V6,
}

impl<'a> Network<'a> {
    /// Reads the version, which has to be the one that the enclosing layer announces, if it announces any.
    #[inline(always)]
    pub(super) fn new(bytes: Span<'a>, announced: Option<IpVersion>) -> Result<Self, Skip> {
        match (bytes.header::<1>(Layer::Network)?[0] >> 4, announced) {
            (4, None | Some(IpVersion::V4)) => Ok(Self { bytes, version: IpVersion::V4 }),
            (6, None | Some(IpVersion::V6)) => Ok(Self { bytes, version: IpVersion::V6 }),
            _ => Err(Skip::new(Layer::Network, Reason::Malformed, 0)),
        }
    }
}

/// The kind of header that comes next.
#[derive(Debug, Clone, Copy)]
pub(super) enum Header {
    Ip(Option<IpVersion>),
    Ethernet,
    /// Whatever this EtherType stands for.
    EtherType(u16),
    /// IEEE 802.2.
    Llc,
    /// An MPLS label (RFC 3032).
    Mpls,
    /// PPP (RFC 1661), with or without HDLC-like framing's address and control bytes (RFC 1662).
    Ppp,
    /// PPP, or Cisco's HDLC framing (RFC 1547 §4.3.1) with an EtherType, which its address byte tells.
    PppOrCiscoHdlc,
    /// BSD loopback: an address family in the byte order of the capturing machine.
    Null,
    /// The same in network byte order.
    Loop,
    LinuxSll,
    LinuxSll2,
}

/// Strips a packet down to its IP header.
#[inline]
pub(super) fn strip<'a>(packet: &Packet<'a>) -> Result<Network<'a>, Skip> {
    let bytes = Span::of(packet);
    // Nearly all packets are IP right behind the link layer's own header.
    let ether_type_and_rest = match packet.link_type.0 {
        1 => behind_type::<14, 12>(bytes),
        113 => behind_type::<16, 14>(bytes),
        276 => behind_type::<20, 0>(bytes),
        12 | 14 | 101 => raw_ip(bytes),
        _ => None,
    };
    match ether_type_and_rest {
        Some((ETHERTYPE_IPV4, bytes)) => Network::new(bytes, Some(IpVersion::V4)),
        Some((ETHERTYPE_IPV6, bytes)) => Network::new(bytes, Some(IpVersion::V6)),
        _ => strip_any(packet.link_type, bytes),
    }
}

/// The EtherType at byte `AT` of a header of `N` bytes, and what follows the header.
#[inline(always)]
fn behind_type<const N: usize, const AT: usize>(bytes: Span<'_>) -> Option<(u16, Span<'_>)> {
    let header = bytes.header::<N>(Layer::Link).ok()?;
    Some((u16::from_be_bytes([header[AT], header[AT + 1]]), bytes.after(N, Layer::Link).ok()?))
}

/// The EtherType that a packet without link layer would have.
#[inline(always)]
fn raw_ip(bytes: Span<'_>) -> Option<(u16, Span<'_>)> {
    match bytes.captured().first()? >> 4 {
        4 => Some((ETHERTYPE_IPV4, bytes)),
        6 => Some((ETHERTYPE_IPV6, bytes)),
        _ => None,
    }
}

fn strip_any(link_type: LinkType, bytes: Span<'_>) -> Result<Network<'_>, Skip> {
    if bytes.captured().is_empty() {
        return Err(Skip::new(Layer::Link, Reason::Empty, 0));
    }
    let header = match link_type.0 {
        0 => Header::Null,
        1 => Header::Ethernet,
        9 => Header::Ppp,
        50 | 104 => Header::PppOrCiscoHdlc,
        12 | 14 | 101 => Header::Ip(None),
        108 => Header::Loop,
        113 => Header::LinuxSll,
        228 => Header::Ip(Some(IpVersion::V4)),
        229 => Header::Ip(Some(IpVersion::V6)),
        276 => Header::LinuxSll2,
        other => return Err(Skip::new(Layer::Link, Reason::UnsupportedLinkType, other.into())),
    };
    walk(header, bytes)
}

/// Walks from a header of the given kind to the IP header behind it.
pub(super) fn walk(mut header: Header, mut bytes: Span<'_>) -> Result<Network<'_>, Skip> {
    for _ in 0..=MAX_HEADERS {
        (header, bytes) = match header {
            Header::Ip(announced) => return Network::new(bytes, announced),
            Header::Ethernet => ethernet(bytes),
            Header::EtherType(ether_type) => by_ether_type(ether_type, bytes),
            Header::Llc => llc(bytes),
            Header::Mpls => mpls(bytes),
            Header::Ppp => ppp(bytes),
            Header::PppOrCiscoHdlc => ppp_or_cisco_hdlc(bytes),
            Header::Null => null(bytes),
            Header::Loop => loopback(bytes),
            Header::LinuxSll => linux_sll(bytes),
            Header::LinuxSll2 => linux_sll2(bytes),
        }?;
    }
    Err(Skip::new(Layer::Link, Reason::TooDeep, 0))
}

/// The next header and the bytes from it on.
type Step<'a> = Result<(Header, Span<'a>), Skip>;

fn not_ip(detail: impl Into<u32>) -> Skip {
    Skip::new(Layer::Link, Reason::NotIp, detail.into())
}

fn ethernet(bytes: Span<'_>) -> Step<'_> {
    let header = bytes.header::<14>(Layer::Link)?;
    let rest = bytes.after(14, Layer::Link)?;
    Ok(type_or_length(u16::from_be_bytes([header[12], header[13]]), rest))
}

/// Ethernet's type field, which is a length when it is small (IEEE 802.3 §3.2.6).
fn type_or_length(value: u16, rest: Span<'_>) -> (Header, Span<'_>) {
    if value <= MAX_802_3_BYTES {
        (Header::Llc, rest.limited_to(value.into()))
    } else {
        (Header::EtherType(value), rest)
    }
}

fn by_ether_type(ether_type: u16, bytes: Span<'_>) -> Step<'_> {
    match ether_type {
        ETHERTYPE_IPV4 => Ok((Header::Ip(Some(IpVersion::V4)), bytes)),
        ETHERTYPE_IPV6 => Ok((Header::Ip(Some(IpVersion::V6)), bytes)),
        // IEEE 802.1Q, 802.1ad, and the type that stacked tags had before it.
        0x8100 | 0x88a8 | 0x9100 => {
            let tag = bytes.header::<4>(Layer::Link)?;
            Ok(type_or_length(u16::from_be_bytes([tag[2], tag[3]]), bytes.after(4, Layer::Link)?))
        }
        0x8847 | 0x8848 => Ok((Header::Mpls, bytes)),
        0x8864 => pppoe_session(bytes),
        ETHERTYPE_BRIDGED_ETHERNET => Ok((Header::Ethernet, bytes)),
        ETHERTYPE_PPP => Ok((Header::Ppp, bytes)),
        other => Err(not_ip(other)),
    }
}

/// RFC 2516 §4: version and type, code, session, length, then PPP without framing.
fn pppoe_session(bytes: Span<'_>) -> Step<'_> {
    let header = bytes.header::<6>(Layer::Link)?;
    if header[0] != 0x11 || header[1] != 0 {
        return Err(Skip::new(Layer::Link, Reason::Malformed, 0));
    }
    let length = u16::from_be_bytes([header[4], header[5]]);
    Ok((Header::Ppp, bytes.after(6, Layer::Link)?.limited_to(length.into())))
}

/// Logical link control (IEEE 802.2), and SNAP (RFC 1042) which brings the EtherType back.
fn llc(bytes: Span<'_>) -> Step<'_> {
    const UNNUMBERED: u8 = 0x03;
    let [destination_sap, source_sap, control] = *bytes.header(Layer::Link)?;
    match (destination_sap, source_sap, control) {
        (0x06, 0x06, UNNUMBERED) => Ok((Header::Ip(Some(IpVersion::V4)), bytes.after(3, Layer::Link)?)),
        (0xaa, 0xaa, UNNUMBERED) => {
            let header = bytes.header::<8>(Layer::Link)?;
            let protocol = u16::from_be_bytes([header[6], header[7]]);
            match header[3..6] {
                [0, 0, 0] => Ok((Header::EtherType(protocol), bytes.after(8, Layer::Link)?)),
                _ => Err(not_ip(protocol)),
            }
        }
        _ => Err(not_ip(destination_sap)),
    }
}

/// Below the bottom label nothing names the protocol: the first nibble tells (RFC 4928 §3).
fn mpls(bytes: Span<'_>) -> Step<'_> {
    const BOTTOM_OF_STACK: u8 = 0x01;
    let label = bytes.header::<4>(Layer::Link)?;
    let rest = bytes.after(4, Layer::Link)?;
    if label[2] & BOTTOM_OF_STACK == 0 {
        return Ok((Header::Mpls, rest));
    }
    match rest.header::<1>(Layer::Link)?[0] >> 4 {
        4 => Ok((Header::Ip(Some(IpVersion::V4)), rest)),
        6 => Ok((Header::Ip(Some(IpVersion::V6)), rest)),
        // A pseudowire's control word (RFC 4385 §3), then the Ethernet frame that it carries (RFC 4448).
        0 => Ok((Header::Ethernet, rest.after(4, Layer::Link)?)),
        _ => Err(not_ip(0x8847_u16)),
    }
}

fn ppp(bytes: Span<'_>) -> Step<'_> {
    // No protocol number begins with 0xff, so this is the address of HDLC-like framing, and its control byte follows.
    let bytes = match bytes.header::<1>(Layer::Link)? {
        [0xff] if bytes.header::<2>(Layer::Link)?[1] == 0x03 => bytes.after(2, Layer::Link)?,
        _ => bytes,
    };
    // Protocol numbers end in an odd byte, and one whose first byte is 0 may be sent without it (RFC 1661 §6.5).
    let first = bytes.header::<1>(Layer::Link)?[0];
    let (protocol, header_bytes) =
        if first & 1 == 1 { (u16::from(first), 1) } else { (u16::from_be_bytes(*bytes.header::<2>(Layer::Link)?), 2) };
    let rest = bytes.after(header_bytes, Layer::Link)?;
    match protocol {
        0x0021 => Ok((Header::Ip(Some(IpVersion::V4)), rest)),
        0x0057 => Ok((Header::Ip(Some(IpVersion::V6)), rest)),
        0x0281 | 0x0283 => Ok((Header::Mpls, rest)),
        other => Err(not_ip(other)),
    }
}

fn ppp_or_cisco_hdlc(bytes: Span<'_>) -> Step<'_> {
    const UNICAST: u8 = 0x0f;
    const BROADCAST: u8 = 0x8f;
    let [UNICAST | BROADCAST] = bytes.header::<1>(Layer::Link)? else { return Ok((Header::Ppp, bytes)) };
    let header = bytes.header::<4>(Layer::Link)?;
    Ok((Header::EtherType(u16::from_be_bytes([header[2], header[3]])), bytes.after(4, Layer::Link)?))
}

fn null(bytes: Span<'_>) -> Step<'_> {
    let header = *bytes.header(Layer::Link)?;
    // Address families are small, so the byte order that makes the number small is the right one.
    let family = u32::from_le_bytes(header).min(u32::from_be_bytes(header));
    by_address_family(family, bytes)
}

fn loopback(bytes: Span<'_>) -> Step<'_> {
    by_address_family(u32::from_be_bytes(*bytes.header(Layer::Link)?), bytes)
}

/// `AF_INET` is 2 everywhere; `AF_INET6` is 10 on Linux, 23 on Windows, 24, 28 and 30 on the BSDs and macOS.
fn by_address_family(family: u32, bytes: Span<'_>) -> Step<'_> {
    let rest = bytes.after(4, Layer::Link)?;
    match family {
        2 => Ok((Header::Ip(Some(IpVersion::V4)), rest)),
        10 | 23 | 24 | 28 | 30 => Ok((Header::Ip(Some(IpVersion::V6)), rest)),
        other => Err(not_ip(other)),
    }
}

fn linux_sll(bytes: Span<'_>) -> Step<'_> {
    let header = bytes.header::<16>(Layer::Link)?;
    let protocol = u16::from_be_bytes([header[14], header[15]]);
    Ok((by_linux_protocol(protocol), bytes.after(16, Layer::Link)?))
}

fn linux_sll2(bytes: Span<'_>) -> Step<'_> {
    let header = bytes.header::<20>(Layer::Link)?;
    let protocol = u16::from_be_bytes([header[0], header[1]]);
    Ok((by_linux_protocol(protocol), bytes.after(20, Layer::Link)?))
}

/// Linux writes an EtherType, or a small number of its own for frames without one; 4 is IEEE 802.2.
fn by_linux_protocol(protocol: u16) -> Header {
    const LINUX_802_2: u16 = 4;
    if protocol == LINUX_802_2 { Header::Llc } else { Header::EtherType(protocol) }
}
