//! The pcapng format (draft-ietf-opsawg-pcapng): blocks appended to one buffer in the byte order of their section.

use super::Endian;
use crate::captures::packet::Packet;

/// Block types.
pub(crate) mod block_type {
    pub(crate) const SECTION_HEADER: u32 = 0x0a0d_0d0a;
    pub(crate) const INTERFACE_DESCRIPTION: u32 = 1;
    pub(crate) const OBSOLETE_PACKET: u32 = 2;
    pub(crate) const SIMPLE_PACKET: u32 = 3;
    pub(crate) const NAME_RESOLUTION: u32 = 4;
    pub(crate) const INTERFACE_STATISTICS: u32 = 5;
    pub(crate) const ENHANCED_PACKET: u32 = 6;
    pub(crate) const DECRYPTION_SECRETS: u32 = 10;
    pub(crate) const CUSTOM: u32 = 0x0000_0bad;
    pub(crate) const UNKNOWN: u32 = 0x0000_7abc;
}

/// `if_tsresol`
pub(crate) const OPTION_RESOLUTION: u16 = 9;
/// `if_tsoffset`
pub(crate) const OPTION_OFFSET: u16 = 14;
/// `opt_comment`
pub(crate) const OPTION_COMMENT: u16 = 1;
/// `epb_flags`
pub(crate) const OPTION_FLAGS: u16 = 2;

/// A pcapng file under construction.
pub(crate) struct Pcapng {
    endian: Endian,
    bytes: Vec<u8>,
}

impl Pcapng {
    /// A file with one section header and no interface yet.
    pub(crate) fn new(endian: Endian) -> Self {
        Self { endian, bytes: Vec::new() }.section(endian)
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Any block: type, length, body filled to a multiple of four, length again.
    pub(crate) fn block(mut self, block_type: u32, body: &[u8]) -> Self {
        let padding = body.len().next_multiple_of(4) - body.len();
        let length = self.endian.u32((12 + body.len() + padding) as u32);
        for part in [&self.endian.u32(block_type)[..], &length, body, &[0; 4][..padding], &length] {
            self.bytes.extend(part);
        }
        self
    }

    /// Begins a section; what follows is written in its byte order and its interfaces count from zero again.
    pub(crate) fn section(mut self, endian: Endian) -> Self {
        self.endian = endian;
        let mut body = endian.u32(0x1a2b_3c4d).to_vec();
        body.extend(endian.u16(1));
        body.extend(endian.u16(0));
        body.extend(endian.u64(u64::MAX)); // section length not told
        self.block(block_type::SECTION_HEADER, &body)
    }

    pub(crate) fn interface(self, link_type: u16, snaplen: u32, options: &[(u16, Vec<u8>)]) -> Self {
        let mut body = self.endian.u16(link_type).to_vec();
        body.extend([0, 0]);
        body.extend(self.endian.u32(snaplen));
        body.extend(self.options(options));
        self.block(block_type::INTERFACE_DESCRIPTION, &body)
    }

    /// An Enhanced Packet Block; `ticks` in the interface's resolution, after its offset.
    pub(crate) fn enhanced(self, interface: u32, ticks: u64, packet: &Packet, options: &[(u16, Vec<u8>)]) -> Self {
        let mut body = self.endian.u32(interface).to_vec();
        body.extend(self.packet_body(ticks, packet, options));
        self.block(block_type::ENHANCED_PACKET, &body)
    }

    /// The Packet Block of old drafts: a 16-bit interface and a drop counter, then as in the enhanced one.
    pub(crate) fn obsolete(self, interface: u16, ticks: u64, packet: &Packet) -> Self {
        let mut body = self.endian.u16(interface).to_vec();
        body.extend(self.endian.u16(u16::MAX)); // drops not known
        body.extend(self.packet_body(ticks, packet, &[]));
        self.block(block_type::OBSOLETE_PACKET, &body)
    }

    /// A Simple Packet Block: no time, and no captured length but what the interface's snaplen implies.
    pub(crate) fn simple(self, packet: &Packet) -> Self {
        let mut body = self.endian.u32(packet.wire_bytes).to_vec();
        body.extend(&packet.captured);
        self.block(block_type::SIMPLE_PACKET, &body)
    }

    fn packet_body(&self, ticks: u64, packet: &Packet, options: &[(u16, Vec<u8>)]) -> Vec<u8> {
        let captured_bytes = packet.captured.len() as u32;
        let fields = [(ticks >> 32) as u32, ticks as u32, captured_bytes, packet.wire_bytes];
        let mut body: Vec<u8> = fields.iter().flat_map(|&field| self.endian.u32(field)).collect();
        body.extend(&packet.captured);
        body.resize(body.len().next_multiple_of(4), 0);
        body.extend(self.options(options));
        body
    }

    /// Options with their end mark, or nothing when there are none.
    fn options(&self, options: &[(u16, Vec<u8>)]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (code, value) in options {
            bytes.extend(self.endian.u16(*code));
            bytes.extend(self.endian.u16(value.len() as u16));
            bytes.extend(value);
            bytes.resize(bytes.len().next_multiple_of(4), 0);
        }
        if !options.is_empty() {
            bytes.extend([0; 4]);
        }
        bytes
    }
}
