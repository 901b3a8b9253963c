//! pcapng blocks to packets.
//!
//! In: bytes that begin at a block, the first of all being a section header. Out: the packets of the Enhanced, Simple
//! and obsolete Packet Blocks that are whole. Guaranteed: each section's byte order and interfaces are its own; section
//! lengths and option lengths, on which writers lie, are never followed out of their block; all other blocks are counted
//! by type, and their content (decryption secrets, for one) is not looked at.
//!
//! Source: <https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-03.html>. The blocks are read by hand: pcap-parser
//! collects the options of every block in a vector, which costs an allocation a packet and makes 160 MB of 16 MiB of
//! empty options.

use super::decoder::{Awaited, FILE_HEADER, Stop};
use super::pcap::begins_pcap_file;
use super::resolution::TickClock;
use super::{FaultKind, LinkType, MAX_RECORD_BYTES, Oddity, Packet};
use crate::time::Timestamp;
use pcap_parser::pcapng::{BOM_MAGIC, EPB_MAGIC, IDB_MAGIC, SHB_MAGIC, SPB_MAGIC};

/// The type of a section header block, which reads the same in both byte orders.
pub(super) const SECTION_HEADER: [u8; 4] = SHB_MAGIC.to_be_bytes();
/// The Packet Block that the Enhanced one replaced; pcap-parser has no name for it.
const OBSOLETE_PACKET_BLOCK: u32 = 2;
/// Type, length and the length again, around nothing.
const EMPTY_BLOCK_BYTES: usize = 12;
const MAX_INTERFACES_PER_SECTION: usize = 1 << 16;
const MAX_SKIPPED_TYPES: usize = 64;

/// What a pcapng file holds besides packets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PcapngCounts {
    /// Section header blocks.
    pub sections: u64,
    /// Interface description blocks, over all sections.
    pub interfaces: u64,
    /// Blocks without packets that were skipped, by block type in the order of their first block; only the first 64 types
    /// met are listed.
    pub skipped_blocks: Vec<(u32, u64)>,
    /// Skipped blocks of any type beyond those 64.
    pub skipped_blocks_of_unlisted_types: u64,
}

/// Reads the blocks of one pcapng file.
#[derive(Debug, Default)]
pub(super) struct PcapngReader {
    /// Of the present section, like `interfaces`.
    order: ByteOrder,
    interfaces: Vec<Interface>,
    /// Of the packet before, for those that have no time of their own.
    latest: Timestamp,
    counts: PcapngCounts,
}

/// What an interface description says about the packets that refer to it.
#[derive(Debug, Clone, Copy)]
struct Interface {
    link_type: LinkType,
    /// 0 means no limit.
    snaplen_bytes: u32,
    clock: TickClock,
}

/// A block whose borders were checked.
#[derive(Debug, Clone, Copy)]
struct Block<'a> {
    order: ByteOrder,
    block_type: u32,
    /// What lies between the two lengths.
    body: &'a [u8],
    file_offset: u64,
}

impl PcapngReader {
    pub(super) fn counts(&self) -> &PcapngCounts {
        &self.counts
    }

    /// Reads the whole blocks of `bytes`, the first of which is at `file_offset`. Returns how many bytes they are and
    /// what stopped the reading.
    pub(super) fn walk(&mut self, bytes: &[u8], file_offset: u64, each: &mut impl FnMut(Packet<'_>)) -> (usize, Stop) {
        let mut consumed = 0;
        loop {
            let block = match self.next_block(&bytes[consumed..], file_offset + consumed as u64) {
                Ok(block) => block,
                Err(stop) => return (consumed, stop),
            };
            match self.read(block) {
                Ok(Some(packet)) => {
                    self.latest = packet.timestamp;
                    each(packet);
                }
                Ok(None) => {}
                Err(kind) => return (consumed, Stop::Fault(kind)),
            }
            consumed += EMPTY_BLOCK_BYTES + block.body.len();
        }
    }

    fn next_block<'a>(&self, bytes: &'a [u8], file_offset: u64) -> Result<Block<'a>, Stop> {
        let corrupt = |what| Err(Stop::Fault(FaultKind::CorruptBlock(what)));
        let awaits = |bytes| {
            let what = if self.counts.sections == 0 { FILE_HEADER } else { "a block" };
            Err(Stop::Awaits(Awaited { what, bytes }))
        };
        // Every block has twelve bytes, and a section header needs them to tell the order of its length.
        let Some(header) = bytes.first_chunk::<EMPTY_BLOCK_BYTES>() else {
            return awaits(EMPTY_BLOCK_BYTES);
        };
        let &[t0, t1, t2, t3, l0, l1, l2, l3, ..] = header;
        let order = if header.starts_with(&SECTION_HEADER) {
            match ByteOrder::of_section(header) {
                Some(order) => order,
                None => return corrupt("a section header without a byte-order magic"),
            }
        } else {
            self.order
        };
        let block_type = order.u32([t0, t1, t2, t3]);
        if block_type != EPB_MAGIC && begins_pcap_file(header) {
            return Err(Stop::Fault(FaultKind::ConcatenatedFile));
        }
        let length = order.u32([l0, l1, l2, l3]);
        let Some(block_bytes) = usize::try_from(length).ok().filter(|bytes| *bytes <= MAX_RECORD_BYTES) else {
            return Err(Stop::Fault(FaultKind::ImplausibleLength { what: "a block", length: u64::from(length) }));
        };
        if block_bytes < EMPTY_BLOCK_BYTES {
            return corrupt("its length is below the 12 bytes that every block has");
        }
        if !block_bytes.is_multiple_of(4) {
            // As libpcap; what follows such a block may begin padded or not.
            return corrupt("its length is not a multiple of 4");
        }
        let Some(([_, _, _, _, _, _, _, _, body @ ..], trailer)) =
            bytes.get(..block_bytes).and_then(<[u8]>::split_last_chunk::<4>)
        else {
            return awaits(block_bytes);
        };
        if *trailer != [l0, l1, l2, l3] {
            return corrupt("the lengths at its two ends differ");
        }
        Ok(Block { order, block_type, body, file_offset })
    }

    fn read<'a>(&mut self, block: Block<'a>) -> Result<Option<Packet<'a>>, FaultKind> {
        match block.block_type {
            EPB_MAGIC | OBSOLETE_PACKET_BLOCK => self.timed_packet(block).map(Some),
            SPB_MAGIC => self.simple_packet(block).map(Some),
            SHB_MAGIC => self.begin_section(block).map(|()| None),
            IDB_MAGIC => self.describe_interface(block).map(|()| None),
            skipped => {
                self.counts.skip(skipped);
                Ok(None)
            }
        }
    }

    fn begin_section(&mut self, block: Block<'_>) -> Result<(), FaultKind> {
        let Some(&[_, _, _, _, j0, j1, n0, n1, ..]) = block.body.first_chunk::<16>() else {
            return Err(FaultKind::CorruptBlock("a section header too short for its fields"));
        };
        let (major, minor) = (block.order.u16([j0, j1]), block.order.u16([n0, n1]));
        if major != 1 {
            return Err(FaultKind::UnsupportedVersion { major, minor });
        }
        self.order = block.order;
        self.interfaces.clear();
        self.counts.sections += 1;
        Ok(())
    }

    fn describe_interface(&mut self, block: Block<'_>) -> Result<(), FaultKind> {
        const TICK_RESOLUTION: u16 = 9;
        const TICK_OFFSET: u16 = 14;
        let order = block.order;
        let Some((&[k0, k1, _, _, s0, s1, s2, s3], options_bytes)) = block.body.split_first_chunk() else {
            return Err(FaultKind::CorruptBlock("an interface description too short for its fields"));
        };
        if self.interfaces.len() == MAX_INTERFACES_PER_SECTION {
            return Err(FaultKind::CorruptBlock("more than 65536 interfaces in a section"));
        }
        let (mut resolution, mut offset_seconds) = (TickClock::DEFAULT_RESOLUTION, 0);
        for (code, value) in options(order, options_bytes) {
            match (code, value) {
                (TICK_RESOLUTION, &[value]) => resolution = value,
                (TICK_OFFSET, &[a, b, c, d, e, f, g, h]) => offset_seconds = order.i64([a, b, c, d, e, f, g, h]),
                _ => {}
            }
        }
        self.interfaces.push(Interface {
            link_type: LinkType(order.u16([k0, k1])),
            snaplen_bytes: order.u32([s0, s1, s2, s3]),
            clock: TickClock::new(resolution, offset_seconds),
        });
        self.counts.interfaces += 1;
        Ok(())
    }

    fn timed_packet<'a>(&self, block: Block<'a>) -> Result<Packet<'a>, FaultKind> {
        let order = block.order;
        let Some((fields, data)) = block.body.split_first_chunk::<20>() else {
            return Err(TOO_SHORT_FOR_A_PACKET);
        };
        let &[i0, i1, i2, i3, h0, h1, h2, h3, l0, l1, l2, l3, c0, c1, c2, c3, w0, w1, w2, w3] = fields;
        let interface_id = match block.block_type {
            // Half of the old block's field counts dropped packets instead.
            OBSOLETE_PACKET_BLOCK => u32::from(order.u16([i0, i1])),
            _ => order.u32([i0, i1, i2, i3]),
        };
        let ticks = u64::from(order.u32([h0, h1, h2, h3])) << 32 | u64::from(order.u32([l0, l1, l2, l3]));
        let (captured_len, wire_len) = (order.u32([c0, c1, c2, c3]), order.u32([w0, w1, w2, w3]));
        let interface = self.interface(interface_id)?;
        let Some(captured) = usize::try_from(captured_len).ok().and_then(|bytes| data.get(..bytes)) else {
            return Err(FaultKind::CorruptBlock("a packet longer than its block"));
        };
        let instant = interface.clock.instant(ticks);
        let clamped = instant.clamped.then_some(Oddity::TimestampClamped);
        Ok(Packet {
            timestamp: instant.timestamp,
            link_type: interface.link_type,
            wire_bytes: wire_len.max(captured_len),
            captured,
            file_offset: block.file_offset,
            oddity: Oddity::of_lengths(captured_len, wire_len).or(clamped),
        })
    }

    fn simple_packet<'a>(&self, block: Block<'a>) -> Result<Packet<'a>, FaultKind> {
        let Some((wire_len, data)) = block.body.split_first_chunk() else {
            return Err(TOO_SHORT_FOR_A_PACKET);
        };
        let interface = self.interface(0)?;
        let wire_len = block.order.u32(*wire_len);
        // The captured length is not written: it is what the snapshot length left over, and never more than is there.
        let captured_len = match interface.snaplen_bytes {
            0 => wire_len,
            snaplen => wire_len.min(snaplen),
        };
        let captured_bytes = usize::try_from(captured_len).unwrap_or(usize::MAX).min(data.len());
        Ok(Packet {
            timestamp: self.latest,
            link_type: interface.link_type,
            wire_bytes: wire_len,
            captured: &data[..captured_bytes],
            file_offset: block.file_offset,
            oddity: Oddity::of_lengths(0, wire_len).or(Some(Oddity::NoTimestamp)),
        })
    }

    fn interface(&self, interface_id: u32) -> Result<&Interface, FaultKind> {
        let found = usize::try_from(interface_id).ok().and_then(|index| self.interfaces.get(index));
        found.ok_or(FaultKind::CorruptBlock(match self.interfaces.len() {
            0 => "a packet before any interface description",
            _ => "a packet of an interface that was not described",
        }))
    }
}

const TOO_SHORT_FOR_A_PACKET: FaultKind = FaultKind::CorruptBlock("a packet block too short for its fields");

/// The options that lie whole in `bytes`. One that claims more ends the list, because what follows has no border.
fn options(order: ByteOrder, mut bytes: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    const END_OF_OPTIONS: u16 = 0;
    std::iter::from_fn(move || {
        let (&[c0, c1, l0, l1], rest) = bytes.split_first_chunk()?;
        let (code, value_bytes) = (order.u16([c0, c1]), usize::from(order.u16([l0, l1])));
        let value = rest.get(..value_bytes)?;
        bytes = rest.get(value_bytes.next_multiple_of(4)..).unwrap_or_default();
        (code != END_OF_OPTIONS).then_some((code, value))
    })
}

impl PcapngCounts {
    fn skip(&mut self, block_type: u32) {
        let listed = self.skipped_blocks.len();
        match self.skipped_blocks.iter_mut().find(|(listed, _)| *listed == block_type) {
            Some((_, count)) => *count += 1,
            None if listed < MAX_SKIPPED_TYPES => self.skipped_blocks.push((block_type, 1)),
            None => self.skipped_blocks_of_unlisted_types += 1,
        }
    }
}

/// The order in which a section's bytes are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum ByteOrder {
    #[default]
    Little,
    Big,
}

impl ByteOrder {
    /// What the section that begins with `header` says, if a section begins there.
    pub(super) fn of_section(header: &[u8]) -> Option<Self> {
        let magic = header.strip_prefix(&SECTION_HEADER)?.get(4..8)?;
        if magic == BOM_MAGIC.to_le_bytes() {
            Some(Self::Little)
        } else if magic == BOM_MAGIC.to_be_bytes() {
            Some(Self::Big)
        } else {
            None
        }
    }

    fn u16(self, bytes: [u8; 2]) -> u16 {
        match self {
            Self::Little => u16::from_le_bytes(bytes),
            Self::Big => u16::from_be_bytes(bytes),
        }
    }

    fn u32(self, bytes: [u8; 4]) -> u32 {
        match self {
            Self::Little => u32::from_le_bytes(bytes),
            Self::Big => u32::from_be_bytes(bytes),
        }
    }

    fn i64(self, bytes: [u8; 8]) -> i64 {
        match self {
            Self::Little => i64::from_le_bytes(bytes),
            Self::Big => i64::from_be_bytes(bytes),
        }
    }
}
