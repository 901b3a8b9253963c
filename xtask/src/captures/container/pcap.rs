//! The pcap format and its variants (draft-ietf-opsawg-pcap, and libpcap's older habits).

use super::Endian;
use crate::captures::packet::Packet;

/// How a pcap file is written.
#[derive(Clone, Copy)]
pub(crate) struct Pcap {
    pub(crate) endian: Endian,
    /// The fraction counts nanoseconds instead of microseconds.
    pub(crate) nanoseconds: bool,
    /// Kuznetzov's variant: eight more bytes in each record header.
    pub(crate) modified: bool,
    pub(crate) version: (u16, u16),
    pub(crate) snaplen: u32,
    /// The link type with the bits about the frame check sequence above it.
    pub(crate) network: u32,
}

impl Pcap {
    /// What tcpdump writes today.
    pub(crate) const fn plain(link_type: u16) -> Self {
        Self {
            endian: Endian::Little,
            nanoseconds: false,
            modified: false,
            version: (2, 4),
            snaplen: 262_144,
            network: link_type as u32,
        }
    }

    pub(crate) fn file_header(self) -> Vec<u8> {
        let magic = match (self.nanoseconds, self.modified) {
            (false, false) => 0xa1b2_c3d4,
            (true, _) => 0xa1b2_3c4d,
            (false, true) => 0xa1b2_cd34,
        };
        let mut bytes = self.endian.u32(magic).to_vec();
        bytes.extend(self.endian.u16(self.version.0));
        bytes.extend(self.endian.u16(self.version.1));
        bytes.extend([0; 8]); // time zone and accuracy, which nobody fills in
        bytes.extend(self.endian.u32(self.snaplen));
        bytes.extend(self.endian.u32(self.network));
        bytes
    }

    /// # Panics
    /// When the file's resolution can't tell the packet's time: the case would not say what it means.
    pub(crate) fn record(self, packet: &Packet) -> Vec<u8> {
        let (second, nanos) = (packet.at_ns.div_euclid(1_000_000_000), packet.at_ns.rem_euclid(1_000_000_000));
        assert!(self.nanoseconds || nanos % 1_000 == 0, "microseconds can't tell {nanos} ns");
        let fraction = if self.nanoseconds { nanos } else { nanos / 1_000 };
        self.record_with_time(second as u32, fraction as u32, packet)
    }

    pub(crate) fn record_with_time(self, second: u32, fraction: u32, packet: &Packet) -> Vec<u8> {
        let captured_bytes = packet.captured.len() as u32;
        // Files before version 2.4 may hold the two lengths the other way round; libpcap swaps them back when the
        // captured one is the larger.
        let lengths = if self.version < (2, 4) {
            [packet.wire_bytes, captured_bytes]
        } else {
            [captured_bytes, packet.wire_bytes]
        };
        let mut bytes: Vec<u8> =
            [second, fraction, lengths[0], lengths[1]].iter().flat_map(|&field| self.endian.u32(field)).collect();
        if self.modified {
            bytes.extend(self.endian.u32(2)); // interface index
            bytes.extend(self.endian.u16(0x0800));
            bytes.extend([0, 0]); // packet type, padding
        }
        bytes.extend(&packet.captured);
        bytes
    }

    pub(crate) fn file(self, packets: &[Packet]) -> Vec<u8> {
        let mut bytes = self.file_header();
        for packet in packets {
            bytes.extend(self.record(packet));
        }
        bytes
    }
}
