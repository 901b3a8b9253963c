//! Chunks to whole records.
//!
//! In: the file's bytes in chunks of any size. Out: the packets that the reader of the announced format finds in
//! them. Guaranteed: records are read where they lie in the caller's chunk, and only one that
//! straddles two chunks is copied; every step consumes bytes or asks for more of them, so nothing loops; after a fault
//! nothing is read any more.

use super::pcap::PcapReader;
use super::pcapng::{PcapngCounts, PcapngReader, SECTION_HEADER};
use super::{Fault, FaultKind, Packet};

/// Turns a capture file into packets. One decoder reads one file.
///
/// It is fed by [`push`](Self::push) and ended by [`finish`](Self::finish); it never asks for bytes itself.
#[derive(Debug, Default)]
pub struct CaptureDecoder {
    format: Format,
    /// After a fault or the end of the file.
    ended: bool,
    /// The beginning of a unit whose end has not come yet; shorter than `awaited.bytes` between two calls.
    carry: Vec<u8>,
    awaited: Awaited,
    /// Offset in the file of the first byte that is not consumed, which is the first of `carry`.
    bytes_consumed: u64,
}

#[derive(Debug, Default)]
enum Format {
    /// The file header has not come yet.
    #[default]
    Unknown,
    Pcap(PcapReader),
    Pcapng(PcapngReader),
}

/// The unit (header, record or block) that must be whole before the reading can go on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Awaited {
    /// Its name, for [`FaultKind::Truncated`].
    pub(super) what: &'static str,
    /// Its length from its beginning, as far as it is known; always more than what is there.
    pub(super) bytes: usize,
}

/// Why a reader read no further.
#[derive(Debug)]
pub(super) enum Stop {
    /// The bytes end before the unit that begins there does.
    Awaits(Awaited),
    /// The unit that begins there can't be read.
    Fault(FaultKind),
}

/// What the first unit of a file is called when it is cut.
pub(super) const FILE_HEADER: &str = "the file header";

impl CaptureDecoder {
    /// A decoder at the beginning of a file.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the next bytes of the file and calls `each` for each packet that is whole by now, in file order.
    ///
    /// # Errors
    /// The [`Fault`] that ends the file, once; the packets before it were delivered. What is pushed afterwards is
    /// ignored.
    pub fn push(&mut self, mut chunk: &[u8], mut each: impl FnMut(Packet<'_>)) -> Result<(), Fault> {
        while !self.carry.is_empty() && !chunk.is_empty() {
            let missing = self.awaited.bytes.saturating_sub(self.carry.len());
            let (next, later) = chunk.split_at(missing.min(chunk.len()));
            self.keep(next);
            chunk = later;
            if next.len() < missing {
                return Ok(());
            }
            // The carry holds exactly one unit now, or its header, which tells how long the unit is.
            let mut carry = std::mem::take(&mut self.carry);
            let consumed = self.walk(&carry, &mut each)?;
            carry.drain(..consumed);
            self.carry = carry;
        }
        if chunk.is_empty() || self.ended {
            return Ok(());
        }
        let consumed = self.walk(chunk, &mut each)?;
        self.keep(&chunk[consumed..]);
        Ok(())
    }

    /// Says that the file ends here.
    ///
    /// # Errors
    /// A [`Fault`] when the file is empty or ends inside a header, a record or a block, unless `push` already
    /// returned one.
    pub fn finish(&mut self) -> Result<(), Fault> {
        let carried = std::mem::take(&mut self.carry).len();
        if std::mem::replace(&mut self.ended, true) {
            return Ok(());
        }
        let kind = match self.format {
            Format::Unknown if carried == 0 => FaultKind::Empty,
            _ if carried == 0 => return Ok(()),
            _ => FaultKind::Truncated {
                what: self.awaited.what,
                missing: self.awaited.bytes.saturating_sub(carried) as u64,
            },
        };
        Err(Fault { offset: self.bytes_consumed, kind })
    }

    /// Bytes of the decompressed file that were understood: whole headers, records and blocks. At a fault, its offset.
    #[must_use]
    pub fn bytes_consumed(&self) -> u64 {
        self.bytes_consumed
    }

    /// What a pcapng file holds besides packets, so far; `None` for a pcap file.
    #[must_use]
    pub fn pcapng_counts(&self) -> Option<&PcapngCounts> {
        match &self.format {
            Format::Pcapng(reader) => Some(reader.counts()),
            Format::Unknown | Format::Pcap(_) => None,
        }
    }

    /// Reads what is whole in `bytes`, which begin at `bytes_consumed`, and returns how many bytes that was.
    fn walk(&mut self, bytes: &[u8], each: &mut impl FnMut(Packet<'_>)) -> Result<usize, Fault> {
        let (consumed, stop) = match &mut self.format {
            Format::Pcap(reader) => reader.walk(bytes, self.bytes_consumed, each),
            Format::Pcapng(reader) => reader.walk(bytes, self.bytes_consumed, each),
            Format::Unknown => match Format::announced_by(bytes) {
                Ok((format, header_bytes)) => {
                    self.format = format;
                    self.bytes_consumed += header_bytes as u64;
                    return Ok(header_bytes + self.walk(&bytes[header_bytes..], each)?);
                }
                Err(stop) => (0, stop),
            },
        };
        self.bytes_consumed += consumed as u64;
        match stop {
            Stop::Awaits(awaited) => {
                debug_assert!(awaited.bytes > bytes.len() - consumed, "a unit that is there is never awaited");
                self.awaited = awaited;
                Ok(consumed)
            }
            Stop::Fault(kind) => {
                self.ended = true;
                Err(Fault { offset: self.bytes_consumed, kind })
            }
        }
    }

    #[cfg(test)]
    pub(super) fn carry_capacity(&self) -> usize {
        self.carry.capacity()
    }

    /// Appends to the carry. Its capacity doubles with the bytes that really came, but never exceeds the awaited unit.
    fn keep(&mut self, bytes: &[u8]) {
        let len = self.carry.len() + bytes.len();
        if len > self.carry.capacity() {
            let capacity = (2 * self.carry.capacity()).min(self.awaited.bytes).max(len);
            self.carry.reserve_exact(capacity - self.carry.len());
        }
        self.carry.extend_from_slice(bytes);
    }
}

impl Format {
    /// The format whose file begins with `bytes`, and the length of what is read of it here.
    fn announced_by(bytes: &[u8]) -> Result<(Self, usize), Stop> {
        match bytes.first_chunk() {
            None => Err(Stop::Awaits(Awaited::default())),
            // The section header is a block like others, so its reader reads it.
            Some(&SECTION_HEADER) => Ok((Self::Pcapng(PcapngReader::default()), 0)),
            Some(_) => PcapReader::from_file_header(bytes).map(|(reader, consumed)| (Self::Pcap(reader), consumed)),
        }
    }
}

/// The magic, which comes first in every format.
impl Default for Awaited {
    fn default() -> Self {
        Self { what: FILE_HEADER, bytes: 4 }
    }
}
