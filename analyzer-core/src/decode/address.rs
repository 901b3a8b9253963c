//! The two addresses of an IP header, ready to be compared and hashed.

use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Sender and receiver of an IP packet.
///
/// Two words each (an IPv4 address fills the second), because every packet's addresses are compared and hashed, and
/// [`IpAddr`] costs several times as much there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Addresses {
    source: [u64; 2],
    destination: [u64; 2],
    is_v4: bool,
}

impl Addresses {
    /// Of an IPv4 header.
    #[inline]
    pub(super) const fn v4(source: [u8; 4], destination: [u8; 4]) -> Self {
        Self {
            source: [0, u32::from_be_bytes(source) as u64],
            destination: [0, u32::from_be_bytes(destination) as u64],
            is_v4: true,
        }
    }

    /// Of an IPv6 header.
    #[inline]
    pub(super) fn v6(source: [u8; 16], destination: [u8; 16]) -> Self {
        Self { source: words(source), destination: words(destination), is_v4: false }
    }

    /// Whether they are IPv4 addresses.
    #[must_use]
    pub const fn is_v4(&self) -> bool {
        self.is_v4
    }

    /// The sender's words.
    pub(crate) const fn source_words(&self) -> [u64; 2] {
        self.source
    }

    /// The receiver's words.
    pub(crate) const fn destination_words(&self) -> [u64; 2] {
        self.destination
    }

    /// The sender.
    #[must_use]
    pub fn source(&self) -> IpAddr {
        Self::address(self.source, self.is_v4)
    }

    /// The receiver.
    #[must_use]
    pub fn destination(&self) -> IpAddr {
        Self::address(self.destination, self.is_v4)
    }

    /// The address that two words stand for.
    pub(crate) fn address([upper, lower]: [u64; 2], is_v4: bool) -> IpAddr {
        if is_v4 {
            IpAddr::from(Ipv4Addr::from_bits(lower as u32)) // it was made from 32 bits
        } else {
            IpAddr::from(Ipv6Addr::from_bits(u128::from(upper) << 64 | u128::from(lower)))
        }
    }
}

fn words(octets: [u8; 16]) -> [u64; 2] {
    let bits = u128::from_be_bytes(octets);
    // The upper and the lower half.
    [(bits >> 64) as u64, bits as u64]
}
