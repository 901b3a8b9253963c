//! Where the outermost headers of a packet are, whatever they carry.
//!
//! In: a packet. Out: the place of its link-layer header and of its outermost IP header in the captured bytes. Guaranteed:
//! the IP header is the one that [`Decoder`](super::Decoder) starts from; places are within the captured bytes.

use super::link::{self, IpVersion};
use crate::capture::{LinkType, Packet};
use std::ops::Range;

/// IPv6's extension header of fragments (RFC 8200 §4.5).
const FRAGMENT: u8 = 44;

/// The outermost IP header of a packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OuterIp {
    /// Its captured bytes in the packet's: with options (IPv4), with a fragment header behind it (IPv6), so that a fragment
    /// is known to be one.
    pub header: Range<usize>,
    /// IPv4 or IPv6.
    pub is_v4: bool,
}

impl OuterIp {
    /// Finds it; `None` when the packet has none.
    #[must_use]
    pub(crate) fn of(packet: &Packet<'_>) -> Option<Self> {
        let network = link::strip(packet).ok()?;
        let captured = network.bytes.captured();
        let start = captured.as_ptr().addr().wrapping_sub(packet.captured.as_ptr().addr()).min(packet.captured.len());
        let is_v4 = network.version == IpVersion::V4;
        let declared = match network.version {
            IpVersion::V4 => usize::from(captured.first()? & 0x0f).max(5) * 4,
            IpVersion::V6 if captured.get(6) == Some(&FRAGMENT) => 48,
            IpVersion::V6 => 40,
        };
        Some(Self { header: start..start + declared.min(captured.len()), is_v4 })
    }
}

/// Length of the header that every packet of a link type begins with; 0 where the link type has none, or an unknown one.
#[must_use]
pub(crate) const fn link_header_bytes(link_type: LinkType) -> usize {
    match link_type.0 {
        1 => 14,
        113 => 16,
        276 => 20,
        _ => 0,
    }
}
