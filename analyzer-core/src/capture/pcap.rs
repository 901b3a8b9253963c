//! pcap records to packets.
//!
//! In: the file header, then bytes that begin at a record. Out: the packets of the records that are whole. Guaranteed:
//! both byte orders, microseconds and nanoseconds, the 24-byte record headers of the "modified" variant and the swapped
//! lengths of old files are read as libpcap reads them; the snapshot length, on which writers lie, decides nothing.
//!
//! Source: <https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-06.html>, and libpcap's `sf-pcap.c` for what is older.

use super::decoder::{Awaited, FILE_HEADER, Stop};
use super::pcapng::ByteOrder;
use super::{FaultKind, LinkType, MAX_RECORD_BYTES, Oddity, Packet};
use crate::time::{NANOS_PER_SECOND, Timestamp};
use pcap_parser::parse_pcap_header;

const FILE_HEADER_BYTES: usize = 24;

/// Reads the records of one pcap file.
#[derive(Debug)]
pub(super) struct PcapReader {
    framing: Framing,
    lengths: Lengths,
    link_type: LinkType,
    nanos_per_unit: i64,
}

/// How a record's header is laid out.
#[derive(Debug, Clone, Copy)]
enum Framing {
    Little,
    Big,
    /// Alexey Kuznetsov's patched libpcap: eight more bytes in each record header.
    ModifiedLittle,
    ModifiedBig,
}

/// In which order a record has its two lengths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lengths {
    CapturedFirst,
    /// Before version 2.3, and in DG/UX's 543.0.
    WireFirst,
    /// Version 2.3 was written both ways: the smaller one is the captured length.
    SmallerIsCaptured,
}

impl PcapReader {
    /// From the first bytes of the file; also tells how many of them are the header.
    pub(super) fn from_file_header(bytes: &[u8]) -> Result<(Self, usize), Stop> {
        let Some(&magic) = bytes.first_chunk::<4>() else {
            return Err(Stop::Awaits(Awaited::default()));
        };
        let (framing, nanos_per_unit) = match u32::from_le_bytes(magic) {
            0xa1b2_c3d4 => (Framing::Little, 1_000),
            0xd4c3_b2a1 => (Framing::Big, 1_000),
            0xa1b2_3c4d => (Framing::Little, 1),
            0x4d3c_b2a1 => (Framing::Big, 1),
            0xa1b2_cd34 => (Framing::ModifiedLittle, 1_000),
            0x34cd_b2a1 => (Framing::ModifiedBig, 1_000),
            _ => return Err(Stop::Fault(FaultKind::UnknownMagic(magic))),
        };
        let Some(&(mut header)) = bytes.first_chunk::<FILE_HEADER_BYTES>() else {
            return Err(Stop::Awaits(Awaited { what: FILE_HEADER, bytes: FILE_HEADER_BYTES }));
        };
        if let Framing::ModifiedBig = framing {
            // pcap-parser knows the modified magic in little-endian files only; the rest of the header is the same.
            header[..4].copy_from_slice(&0xa1b2_c3d4_u32.to_be_bytes());
        }
        let Ok((_, header)) = parse_pcap_header(&header) else {
            return Err(Stop::Fault(FaultKind::UnknownMagic(magic)));
        };
        let lengths = match (header.version_major, header.version_minor) {
            (2, 0..=2) | (543, _) => Lengths::WireFirst,
            (2, 3) => Lengths::SmallerIsCaptured,
            (2, _) => Lengths::CapturedFirst,
            (major, minor) => return Err(Stop::Fault(FaultKind::UnsupportedVersion { major, minor })),
        };
        // The upper half of the field tells the length of the frame check sequence.
        let [low, high, ..] = header.network.0.to_le_bytes();
        let link_type = LinkType(u16::from_le_bytes([low, high]));
        Ok((Self { framing, lengths, link_type, nanos_per_unit }, FILE_HEADER_BYTES))
    }

    /// Reads the whole records of `bytes`, the first of which is at `file_offset`. Returns how many bytes they are and
    /// what stopped the reading.
    pub(super) fn walk(&self, bytes: &[u8], file_offset: u64, each: &mut impl FnMut(Packet<'_>)) -> (usize, Stop) {
        // Each framing gets its own copy of the loop, in which byte order and header length are constants.
        match self.framing {
            Framing::Little => self.walk_records::<false, 16>(bytes, file_offset, each),
            Framing::Big => self.walk_records::<true, 16>(bytes, file_offset, each),
            Framing::ModifiedLittle => self.walk_records::<false, 24>(bytes, file_offset, each),
            Framing::ModifiedBig => self.walk_records::<true, 24>(bytes, file_offset, each),
        }
    }

    fn walk_records<const BIG_ENDIAN: bool, const HEADER_BYTES: usize>(
        &self,
        bytes: &[u8],
        file_offset: u64,
        each: &mut impl FnMut(Packet<'_>),
    ) -> (usize, Stop) {
        let mut consumed = 0;
        let stop = loop {
            let record = &bytes[consumed..];
            let Some(header) = record.first_chunk::<HEADER_BYTES>() else {
                break Stop::Awaits(Awaited { what: "a record header", bytes: HEADER_BYTES });
            };
            // pcap-parser's parse_pcap_frame would read the same four numbers again, after the length had to be read
            // here to be bounded; and it knows neither swapped lengths nor big-endian modified files.
            let [seconds, fraction, first, second] = record_fields::<BIG_ENDIAN>(header);
            let (captured_len, wire_len) = match self.lengths {
                Lengths::CapturedFirst => (first, second),
                _ => self.lengths.in_order(first, second),
            };
            let captured_bytes = captured_len as usize;
            if captured_bytes > MAX_RECORD_BYTES {
                break Stop::Fault(implausible(header, captured_len));
            }
            // A joined file's header makes a short record. Hardly a fraction reads as its version, so that this is cheap.
            if matches!(header[4..8], [2, 0, 4, 0] | [0, 2, 0, 4]) && begins_pcap_file(header) {
                break Stop::Fault(FaultKind::ConcatenatedFile);
            }
            let Some(captured) = record.get(HEADER_BYTES..HEADER_BYTES + captured_bytes) else {
                break Stop::Awaits(Awaited { what: "a packet", bytes: HEADER_BYTES + captured_bytes });
            };
            let nanos = i64::from(seconds) * NANOS_PER_SECOND + i64::from(fraction) * self.nanos_per_unit;
            each(Packet {
                timestamp: Timestamp::from_nanos(nanos),
                link_type: self.link_type,
                wire_bytes: wire_len.max(captured_len),
                captured,
                file_offset: file_offset + consumed as u64,
                oddity: self.oddity(fraction, captured_len, wire_len),
            });
            consumed += HEADER_BYTES + captured_bytes;
        };
        (consumed, stop)
    }

    fn oddity(&self, fraction: u32, captured_len: u32, wire_len: u32) -> Option<Oddity> {
        if i64::from(fraction) * self.nanos_per_unit >= NANOS_PER_SECOND {
            Some(Oddity::FractionOverflow)
        } else {
            Oddity::of_lengths(captured_len, wire_len)
        }
    }
}

impl Lengths {
    /// The captured length and the length on the wire.
    #[cold]
    fn in_order(self, first: u32, second: u32) -> (u32, u32) {
        match self {
            Self::CapturedFirst => (first, second),
            Self::WireFirst => (second, first),
            Self::SmallerIsCaptured => (first.min(second), first.max(second)),
        }
    }
}

/// The four numbers with which the record headers of all variants begin.
fn record_fields<const BIG_ENDIAN: bool>(header: &[u8]) -> [u32; 4] {
    let (numbers, _) = header.as_chunks::<4>();
    let number = |index: usize| {
        let bytes = numbers.get(index).copied().unwrap_or_default();
        if BIG_ENDIAN { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
    };
    [number(0), number(1), number(2), number(3)]
}

/// What a record header with an unbelievable length is: often the header of a file that was joined to this one.
#[cold]
fn implausible(header: &[u8], captured_len: u32) -> FaultKind {
    if begins_pcap_file(header) || ByteOrder::of_section(header).is_some() {
        FaultKind::ConcatenatedFile
    } else {
        FaultKind::ImplausibleLength { what: "a packet", length: u64::from(captured_len) }
    }
}

/// Whether a pcap file could begin with `header`: a magic, then version 2.0 to 2.4 in the same byte order.
pub(super) fn begins_pcap_file(header: &[u8]) -> bool {
    matches!(
        header,
        [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 0..=4, 0, ..]
            | [0x4d, 0x3c, 0xb2, 0xa1, 2, 0, 0..=4, 0, ..]
            | [0x34, 0xcd, 0xb2, 0xa1, 2, 0, 0..=4, 0, ..]
            | [0xa1, 0xb2, 0xc3, 0xd4, 0, 2, 0, 0..=4, ..]
            | [0xa1, 0xb2, 0x3c, 0x4d, 0, 2, 0, 0..=4, ..]
            | [0xa1, 0xb2, 0xcd, 0x34, 0, 2, 0, 0..=4, ..]
    )
}
