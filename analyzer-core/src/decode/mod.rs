//! Packets to segments: from the link layer to the first TCP or UDP header.
//!
//! In: a [`Packet`]. Out: the [`Segment`] of its outermost TCP or UDP header, or the [`Skip`]
//! that says why there is none. Guaranteed: byte counts come from the lengths in headers, bounded by what the
//! enclosing layer declares, never from how much was captured; nesting is bounded; no panic on any bytes.

mod address;
mod fragment;
mod gre;
mod ip;
mod link;
mod outer;
mod skip;
mod span;
mod transport;

pub use address::Addresses;
pub(crate) use outer::{OuterIp, link_header_bytes};
pub use skip::{Layer, Reason, Skip};

use crate::capture::Packet;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// The transport protocols whose payload is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Transport {
    /// RFC 9293
    Tcp,
    /// RFC 768
    Udp,
}

impl Transport {
    /// The name used in results (ECS `network.transport`).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }
}

/// An address and a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Endpoint {
    /// IP address as in the header (no mapping between versions).
    pub ip: IpAddr,
    /// Port, host byte order.
    pub port: u16,
}

/// What TCP's header adds to a segment (RFC 9293 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TcpInfo {
    /// Sequence number of the first payload byte (of the SYN itself when SYN is set).
    pub sequence: u32,
    /// Acknowledgment number; meaningful when ACK is set.
    pub acknowledgment: u32,
    /// The flag bits, CWR ECE URG ACK PSH RST SYN FIN from the highest bit down.
    pub flags: TcpFlags,
}

/// TCP's eight flag bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TcpFlags(pub u8);

impl TcpFlags {
    /// No more data from the sender.
    #[must_use]
    pub const fn fin(self) -> bool {
        self.0 & 0x01 != 0
    }
    /// Synchronise sequence numbers.
    #[must_use]
    pub const fn syn(self) -> bool {
        self.0 & 0x02 != 0
    }
    /// Reset the connection.
    #[must_use]
    pub const fn rst(self) -> bool {
        self.0 & 0x04 != 0
    }
    /// The acknowledgment number is significant.
    #[must_use]
    pub const fn ack(self) -> bool {
        self.0 & 0x10 != 0
    }
}

/// One packet's share of a TCP or UDP stream.
#[derive(Debug, Clone, Copy)]
pub struct Segment<'a> {
    /// The packet's time.
    pub timestamp: Timestamp,
    /// Sender and receiver.
    pub addresses: Addresses,
    /// The sender's port.
    pub source_port: u16,
    /// The receiver's port.
    pub destination_port: u16,
    /// TCP or UDP.
    pub transport: Transport,
    /// The outermost IP packet, header included, in bytes.
    pub ip_bytes: u32,
    /// Payload on the wire in bytes, whether captured or not.
    pub payload_bytes: u32,
    /// The captured beginning of the payload: at most `payload_bytes` long.
    pub payload: &'a [u8],
    /// Sequence numbers and flags; `None` for UDP.
    pub tcp: Option<TcpInfo>,
    /// This is a later IP fragment: the ports are those of its datagram's first fragment, and the transport header
    /// is not in it.
    pub later_fragment: bool,
}

impl Segment<'_> {
    /// The sender.
    #[must_use]
    pub fn source(&self) -> Endpoint {
        Endpoint { ip: self.addresses.source(), port: self.source_port }
    }

    /// The receiver.
    #[must_use]
    pub fn destination(&self) -> Endpoint {
        Endpoint { ip: self.addresses.destination(), port: self.destination_port }
    }
}

impl Segment<'_> {
    /// Where the payload begins in the captured bytes of the packet that the segment was found in: the length of all
    /// headers, or of what was captured of them.
    #[inline]
    #[must_use]
    pub fn header_bytes(&self, packet: &Packet<'_>) -> usize {
        // A payload that begins behind the captured bytes is an empty slice that points anywhere else.
        let distance = self.payload.as_ptr().addr().wrapping_sub(packet.captured.as_ptr().addr());
        distance.min(packet.captured.len())
    }
}

/// The decoder with the little state that decoding needs: the table of IP fragments under way.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Decoder {
    fragments: fragment::FragmentTable,
}

impl Decoder {
    /// Finds the outermost TCP or UDP segment of a packet.
    ///
    /// # Errors
    /// The [`Skip`] that names the layer and the reason, when the packet has no such segment.
    #[inline(always)]
    pub fn decode<'a>(&mut self, packet: &Packet<'a>) -> Result<Segment<'a>, Skip> {
        let network = link::strip(packet)?;
        ip::decode(network, packet, &mut self.fragments)
    }
}

#[cfg(test)]
mod tests;
