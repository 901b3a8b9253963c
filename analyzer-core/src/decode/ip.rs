//! IP packets, and those inside them, down to the first TCP or UDP header.
//!
//! In: the bytes from an IP header on. Out: the [`Segment`] of the outermost TCP or UDP header. Guaranteed: each
//! length is what its header declares within what the enclosing layer declares; at most [`MAX_DEPTH`] packets inside
//! each other are opened; a packet quoted in an ICMP error is never taken for one that was sent.

use super::Addresses;
use super::Segment;
use super::fragment::{FragmentKey, FragmentTable};
use super::gre;
use super::link::{IpVersion, Network};
use super::skip::{Layer, Reason, Skip};
use super::span::Span;
use super::transport::{self, Found};
use crate::capture::Packet;
use crate::time::Timestamp;
use etherparse::{IpAuthHeaderSlice, Ipv4HeaderSlice, Ipv6FragmentHeaderSlice, Ipv6HeaderSlice, Ipv6RawExtHeaderSlice};

/// Tunnels and fragments inside each other that are followed.
const MAX_DEPTH: usize = 8;
/// Extension headers in a row that are followed; RFC 8200 §4.1 foresees seven.
const MAX_EXTENSIONS: usize = 16;
/// The longest datagram that fragments can make (RFC 791, RFC 8200 §4.5).
const MAX_DATAGRAM_BYTES: usize = 65_535;

/// Finds the outermost TCP or UDP segment of an IP packet.
#[inline]
pub(super) fn decode<'a>(
    network: Network<'a>,
    packet: &Packet<'a>,
    fragments: &mut FragmentTable,
) -> Result<Segment<'a>, Skip> {
    // Both versions come here separately, so that the compiler keeps the fields of a plain packet in registers and
    // writes the segment once.
    match network.version {
        IpVersion::V4 => segment(&IpPacket::parse_v4(network.bytes)?, packet, fragments),
        IpVersion::V6 => segment(&IpPacket::parse_v6(network.bytes)?, packet, fragments),
    }
}

#[inline(always)]
fn segment<'a>(ip: &IpPacket<'a>, packet: &Packet<'a>, fragments: &mut FragmentTable) -> Result<Segment<'a>, Skip> {
    let found = match (ip.protocol, ip.fragment) {
        (6, None) => transport::tcp(ip.payload, ip.addresses)?,
        (17, None) => transport::udp(ip.payload, ip.addresses)?,
        _ => Walk { timestamp: packet.timestamp, fragments }.ip(ip, 0)?,
    };
    Ok(Segment {
        timestamp: packet.timestamp,
        addresses: found.stream.addresses,
        source_port: found.stream.source_port,
        destination_port: found.stream.destination_port,
        transport: found.stream.transport,
        ip_bytes: ip.total.wire_bytes_u32(),
        payload_bytes: found.payload.wire_bytes_u32(),
        payload: found.payload.captured(),
        tcp: found.stream.tcp,
        later_fragment: found.later_fragment,
    })
}

/// An IPv4 or IPv6 header, read.
struct IpPacket<'a> {
    /// Header and payload.
    total: Span<'a>,
    payload: Span<'a>,
    addresses: Addresses,
    protocol: u8,
    /// IPv4 only: in IPv6 it is an extension header.
    fragment: Option<Fragment>,
}

/// Which part of a datagram a fragment is.
#[derive(Debug, Clone, Copy)]
struct Fragment {
    identification: u32,
    offset_bytes: usize,
}

impl<'a> IpPacket<'a> {
    fn parse(network: Network<'a>) -> Result<Self, Skip> {
        match network.version {
            IpVersion::V4 => Self::parse_v4(network.bytes),
            IpVersion::V6 => Self::parse_v6(network.bytes),
        }
    }

    /// RFC 791 §3.1.
    #[inline(always)]
    fn parse_v4(bytes: Span<'a>) -> Result<Self, Skip> {
        use etherparse::err::ipv4::HeaderSliceError::{Content, Len};
        let header = Ipv4HeaderSlice::from_slice(bytes.captured()).map_err(|error| match error {
            Len(error) => bytes.too_short(error.required_len, Layer::Network),
            Content(_) => Skip::new(Layer::Network, Reason::Malformed, 0),
        })?;
        // With segmentation offload the length is 0 when the capture sees the packet.
        let total = match header.total_len() {
            0 => bytes,
            total_bytes => bytes.limited_to(total_bytes.into()),
        };
        let offset_bytes = usize::from(header.fragments_offset().value()) * 8;
        let is_fragment = offset_bytes != 0 || header.more_fragments();
        Ok(Self {
            total,
            payload: total.after(header.slice().len(), Layer::Network)?,
            addresses: Addresses::v4(header.source(), header.destination()),
            protocol: header.protocol().0,
            fragment: is_fragment.then(|| Fragment { identification: header.identification().into(), offset_bytes }),
        })
    }

    /// RFC 8200 §3.
    #[inline(always)]
    fn parse_v6(bytes: Span<'a>) -> Result<Self, Skip> {
        use etherparse::err::ipv6::HeaderSliceError::{Content, Len};
        let header = Ipv6HeaderSlice::from_slice(bytes.captured()).map_err(|error| match error {
            Len(error) => bytes.too_short(error.required_len, Layer::Network),
            Content(_) => Skip::new(Layer::Network, Reason::Malformed, 0),
        })?;
        let header_bytes = header.slice().len();
        let behind = bytes.after(header_bytes, Layer::Network)?;
        let protocol = header.next_header().0;
        let payload = match header.payload_length() {
            0 => jumbo_payload_bytes(protocol, behind).map_or(behind, |length| behind.limited_to(length)),
            payload_bytes => behind.limited_to(payload_bytes.into()),
        };
        Ok(Self {
            total: bytes.limited_to(header_bytes + payload.wire_bytes()),
            payload,
            addresses: Addresses::v6(header.source(), header.destination()),
            protocol,
            fragment: None,
        })
    }
}

/// The payload length of a jumbogram (RFC 2675 §2). Without one, length 0 means segmentation offload.
#[cold]
fn jumbo_payload_bytes(protocol: u8, behind: Span<'_>) -> Option<usize> {
    const HOP_BY_HOP: u8 = 0;
    const PAD_1: u8 = 0;
    const JUMBO: u8 = 0xc2;
    if protocol != HOP_BY_HOP {
        return None;
    }
    let mut options = Ipv6RawExtHeaderSlice::from_slice(behind.captured()).ok()?.payload();
    loop {
        options = match *options {
            [JUMBO, 4, a, b, c, d, ..] => return usize::try_from(u32::from_be_bytes([a, b, c, d])).ok(),
            [PAD_1, ref rest @ ..] => rest,
            [_, length, ref rest @ ..] => rest.get(usize::from(length)..)?,
            _ => return None,
        };
    }
}

/// One packet's way down, with what outlives the packet.
struct Walk<'t> {
    timestamp: Timestamp,
    fragments: &'t mut FragmentTable,
}

impl Walk<'_> {
    #[inline(never)]
    fn ip<'a>(&mut self, packet: &IpPacket<'a>, depth: usize) -> Result<Found<'a>, Skip> {
        match packet.fragment {
            None => self.upper_layer(packet.protocol, packet.payload, packet.addresses, depth),
            Some(fragment) => self.fragment(fragment, packet.protocol, packet.payload, packet.addresses, depth),
        }
    }

    #[inline]
    fn upper_layer<'a>(
        &mut self,
        protocol: u8,
        bytes: Span<'a>,
        addresses: Addresses,
        depth: usize,
    ) -> Result<Found<'a>, Skip> {
        match protocol {
            6 => transport::tcp(bytes, addresses),
            17 => transport::udp(bytes, addresses),
            _ => self.other_protocol(protocol, bytes, addresses, depth),
        }
    }

    /// Tunnels and extension headers.
    fn other_protocol<'a>(
        &mut self,
        mut protocol: u8,
        mut bytes: Span<'a>,
        addresses: Addresses,
        depth: usize,
    ) -> Result<Found<'a>, Skip> {
        for _ in 0..MAX_EXTENSIONS {
            (protocol, bytes) = match (protocol, addresses.is_v4()) {
                (6 | 17, _) => return self.upper_layer(protocol, bytes, addresses, depth),
                (4, _) => return self.tunnel(Network::new(bytes, Some(IpVersion::V4))?, depth),
                (41, _) => return self.tunnel(Network::new(bytes, Some(IpVersion::V6))?, depth),
                (47, _) => return self.tunnel(gre::strip(bytes)?, depth),
                (51, _) => authentication_header(bytes)?,
                // Hop-by-hop, routing, destination options; mobility, HIP and shim6 have the same layout.
                (0 | 43 | 60 | 135 | 139 | 140, false) => extension_header(bytes)?,
                (44, false) => {
                    let header = Ipv6FragmentHeaderSlice::from_slice(bytes.captured())
                        .map_err(|error| bytes.too_short(error.required_len, Layer::Network))?;
                    let rest = bytes.after(header.slice().len(), Layer::Network)?;
                    // An atomic fragment (RFC 6946) is a whole datagram.
                    if header.is_fragmenting_payload() {
                        let fragment = Fragment {
                            identification: header.identification(),
                            offset_bytes: usize::from(header.fragment_offset().value()) * 8,
                        };
                        return self.fragment(fragment, header.next_header().0, rest, addresses, depth);
                    }
                    (header.next_header().0, rest)
                }
                (other, _) => return Err(Skip::new(Layer::Network, Reason::OtherProtocol, other.into())),
            };
        }
        Err(Skip::new(Layer::Network, Reason::TooDeep, 0))
    }

    fn tunnel<'a>(&mut self, inner: Network<'a>, depth: usize) -> Result<Found<'a>, Skip> {
        if depth + 1 >= MAX_DEPTH {
            return Err(Skip::new(Layer::Network, Reason::TooDeep, 0));
        }
        self.ip(&IpPacket::parse(inner)?, depth + 1)
    }

    /// A fragment counts the bytes that it carries itself. The first one is read as if it were the whole datagram, so
    /// that the table learns which of the later ones' bytes are payload.
    #[cold]
    fn fragment<'a>(
        &mut self,
        fragment: Fragment,
        protocol: u8,
        carried: Span<'a>,
        addresses: Addresses,
        depth: usize,
    ) -> Result<Found<'a>, Skip> {
        let key = FragmentKey::new(addresses, fragment.identification, protocol);
        if fragment.offset_bytes > 0 {
            let unmatched = Skip::new(Layer::Network, Reason::LaterFragment, 0);
            return self.fragments.join(&key, self.timestamp, fragment.offset_bytes, carried).ok_or(unmatched);
        }
        if depth + 1 >= MAX_DEPTH {
            return Err(Skip::new(Layer::Network, Reason::TooDeep, 0));
        }
        let found = self.upper_layer(protocol, carried.unfragmented(MAX_DATAGRAM_BYTES), addresses, depth + 1);
        match found {
            Ok(found) => {
                self.fragments.insert(key, self.timestamp, carried, &found);
                Ok(Found { payload: found.payload.within(carried), ..found })
            }
            Err(skip) => {
                // Or the later fragments would join an older datagram of the same identification.
                self.fragments.remove(&key);
                Err(skip)
            }
        }
    }
}

/// RFC 4302 §2. The payload stays readable behind it, unlike behind ESP.
fn authentication_header(bytes: Span<'_>) -> Result<(u8, Span<'_>), Skip> {
    use etherparse::err::ip_auth::HeaderSliceError::{Content, Len};
    let header = IpAuthHeaderSlice::from_slice(bytes.captured()).map_err(|error| match error {
        Len(error) => bytes.too_short(error.required_len, Layer::Network),
        Content(_) => Skip::new(Layer::Network, Reason::Malformed, 0),
    })?;
    Ok((header.next_header().0, bytes.after(header.slice().len(), Layer::Network)?))
}

/// RFC 8200 §4.
fn extension_header(bytes: Span<'_>) -> Result<(u8, Span<'_>), Skip> {
    let header = Ipv6RawExtHeaderSlice::from_slice(bytes.captured())
        .map_err(|error| bytes.too_short(error.required_len, Layer::Network))?;
    Ok((header.next_header().0, bytes.after(header.slice().len(), Layer::Network)?))
}
