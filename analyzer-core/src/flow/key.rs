//! Who talks to whom: the key of a connection, its directions, and which end is the client.

use crate::decode::{Addresses, Endpoint, Segment, Transport};
use serde::{Deserialize, Serialize};
use std::hash::{Hash, Hasher};

/// Direction of a packet or object, seen from the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Direction {
    /// From the client to the server.
    Up,
    /// From the server to the client.
    Down,
}

impl Direction {
    /// Both, in the order of their indices.
    pub const BOTH: [Self; 2] = [Self::Up, Self::Down];

    /// 0 for up, 1 for down.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The other one.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Up => Self::Down,
            Self::Down => Self::Up,
        }
    }

    /// The name used in results.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }

    /// ECS `network.direction`, with the client inside the perimeter.
    #[must_use]
    pub const fn network_direction(self) -> &'static str {
        match self {
            Self::Up => "outbound",
            Self::Down => "inbound",
        }
    }
}

/// How the client of a connection was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ClientSource {
    /// Exactly one end is among the clients that the user named.
    Option,
    /// It sent the SYN.
    Syn,
    /// Its port alone is an ephemeral one (32 768 and above). Only where no SYN was seen: the first packet of a
    /// recording that begins mid-stream is as often the server's.
    Port,
    /// It sent the first packet seen.
    First,
}

impl ClientSource {
    /// The name used in results.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Option => "option",
            Self::Syn => "syn",
            Self::Port => "port",
            Self::First => "first",
        }
    }
}

/// The 5-tuple of a connection without direction: both ends in a fixed order.
///
/// Addresses are two words each (IPv4 ones fill the second), so that keys compare and hash in a few instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowKey {
    low: [u64; 2],
    high: [u64; 2],
    low_port: u16,
    high_port: u16,
    /// TCP or UDP and the IP version, which tells an IPv4 address from an IPv6 one with the same bits.
    protocol: u8,
}

/// Hashes five words instead of field by field: the table looks up once per packet.
impl Hash for FlowKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.low[0]);
        state.write_u64(self.low[1]);
        state.write_u64(self.high[0]);
        state.write_u64(self.high[1]);
        state.write_u64(u64::from(self.low_port) | u64::from(self.high_port) << 16 | u64::from(self.protocol) << 32);
    }
}

impl FlowKey {
    /// The key of a segment's connection, and whether the segment's source is its lower end.
    #[must_use]
    #[inline]
    pub fn of(segment: &Segment<'_>) -> (Self, bool) {
        let (source, destination) = (segment.addresses.source_words(), segment.addresses.destination_words());
        let (source_port, destination_port) = (segment.source_port, segment.destination_port);
        let source_is_low = (source[0], source[1], source_port) <= (destination[0], destination[1], destination_port);
        let protocol = u8::from(segment.transport == Transport::Udp) | u8::from(segment.addresses.is_v4()) << 1;
        // Exchanged by masks: directions alternate, so a branch would be mispredicted for every other packet.
        let mask = u64::from(source_is_low).wrapping_sub(1);
        let exchange = [(source[0] ^ destination[0]) & mask, (source[1] ^ destination[1]) & mask];
        let exchange_port = (source_port ^ destination_port) & mask as u16;
        let key = Self {
            low: [source[0] ^ exchange[0], source[1] ^ exchange[1]],
            high: [destination[0] ^ exchange[0], destination[1] ^ exchange[1]],
            low_port: source_port ^ exchange_port,
            high_port: destination_port ^ exchange_port,
            protocol,
        };
        (key, source_is_low)
    }

    /// TCP or UDP.
    #[must_use]
    pub const fn transport(&self) -> Transport {
        if self.protocol & 1 == 0 { Transport::Tcp } else { Transport::Udp }
    }

    /// The lower and the higher end.
    #[must_use]
    pub fn ends(&self) -> (Endpoint, Endpoint) {
        let v4 = self.protocol & 2 != 0;
        (
            Endpoint { ip: Addresses::address(self.low, v4), port: self.low_port },
            Endpoint { ip: Addresses::address(self.high, v4), port: self.high_port },
        )
    }

    /// The key as bytes, the same on every machine.
    pub(super) fn to_bytes(self) -> [u8; 37] {
        let mut bytes = [0; 37];
        let words = [self.low[0], self.low[1], self.high[0], self.high[1]];
        for (place, word) in bytes.chunks_exact_mut(8).zip(words) {
            place.copy_from_slice(&word.to_be_bytes());
        }
        bytes[32..34].copy_from_slice(&self.low_port.to_be_bytes());
        bytes[34..36].copy_from_slice(&self.high_port.to_be_bytes());
        bytes[36] = self.protocol;
        bytes
    }
}
