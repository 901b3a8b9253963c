//! Capture files to packets.
//!
//! In: the bytes of a capture file (pcap or pcapng, decompressed), in chunks of any size. Out: [`Packet`]s in file
//! order, and at most one [`Fault`] that ends the file. Guaranteed: the same bytes in any chunking give the same
//! packets and the same fault; packets before a fault are delivered; no length field makes this module hold more than
//! [`MAX_RECORD_BYTES`].
//!
//! What has to be known of files before they are read is here too: their [`Compression`], whether they are captures
//! ([`Probe`]), and their order and name as one recording ([`FileOrder`], [`capture_name`]).

mod compression;
mod decoder;
mod fault;
mod pcap;
mod pcapng;
mod probe;
mod recording;
mod resolution;

pub use compression::Compression;
pub use decoder::CaptureDecoder;
pub use fault::{Fault, FaultKind};
pub use pcapng::PcapngCounts;
pub use probe::Probe;
pub use recording::{FileOrder, capture_name, series_name};

use crate::time::Timestamp;

/// The longest record or block that is believed; a longer one is a [`Fault`]. libpcap's limit is the same order.
pub const MAX_RECORD_BYTES: usize = 16 << 20;

/// A link-layer header type as in the registry of <https://www.tcpdump.org/linktypes.html>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LinkType(pub u16);

/// One captured packet, borrowed from the chunk that holds it.
#[derive(Debug, Clone, Copy)]
pub struct Packet<'a> {
    /// When it was captured, in nanoseconds whatever the file's resolution.
    pub timestamp: Timestamp,
    /// What the first captured byte is.
    pub link_type: LinkType,
    /// Length on the wire, in bytes; never less than `captured.len()`.
    pub wire_bytes: u32,
    /// The bytes that the capture kept, from the link layer on.
    pub captured: &'a [u8],
    /// Where the packet's record begins in the decompressed file.
    pub file_offset: u64,
    /// What is odd about the record, if anything; of several oddities the first in their order. The packet counts all
    /// the same.
    pub oddity: Option<Oddity>,
}

/// Something a record says that can't be right but does not stop the reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Oddity {
    /// The fraction of the second is a whole second or more (it is used as it stands).
    FractionOverflow,
    /// The captured length exceeds the length on the wire (the larger one is used).
    CapturedExceedsWire,
    /// The length on the wire is over 16 MiB, more than any network carries.
    ImplausibleWireLength,
    /// The time does not fit in 64 bits of nanoseconds and was clamped.
    TimestampClamped,
    /// The record has no time (pcapng Simple Packet Block); the previous packet's is used.
    NoTimestamp,
}

impl Oddity {
    /// The name used in results.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FractionOverflow => "fraction_overflow",
            Self::CapturedExceedsWire => "captured_exceeds_wire",
            Self::ImplausibleWireLength => "implausible_wire_length",
            Self::TimestampClamped => "timestamp_clamped",
            Self::NoTimestamp => "no_timestamp",
        }
    }

    /// What is odd about the two lengths of a record, in bytes.
    fn of_lengths(captured_len: u32, wire_len: u32) -> Option<Self> {
        if captured_len > wire_len {
            Some(Self::CapturedExceedsWire)
        } else if wire_len as usize > MAX_RECORD_BYTES {
            Some(Self::ImplausibleWireLength)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests;
