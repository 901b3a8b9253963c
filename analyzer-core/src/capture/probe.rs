//! The beginning of a file to what it is.
//!
//! In: a file's first bytes, decompressed, in chunks of any size. Out: whether it is a capture, and when its first packet
//! was captured, by which the files of a recording are ordered. Guaranteed: the same bytes in any chunking give the same
//! answers, and it wants no more than [`Probe::MAX_BYTES`].

use super::{CaptureDecoder, FaultKind, Oddity};
use crate::time::Timestamp;

/// Looks for the first packet of a file. One probe looks into one file.
#[derive(Debug, Default)]
pub struct Probe {
    decoder: CaptureDecoder,
    read_bytes: usize,
    /// Nothing that follows can change the answers.
    is_done: bool,
    is_foreign: bool,
    start: Option<Timestamp>,
}

impl Probe {
    /// How far the first packet is looked for.
    pub const MAX_BYTES: usize = 32 << 20;

    /// A probe at the beginning of a file.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes of the file and tells whether more are wanted. What is pushed when none are is ignored.
    pub fn push(&mut self, chunk: &[u8]) -> bool {
        if self.is_done {
            return false;
        }
        let chunk = &chunk[..chunk.len().min(Self::MAX_BYTES - self.read_bytes)];
        self.read_bytes += chunk.len();
        let start = &mut self.start;
        let read = self.decoder.push(chunk, |packet| {
            if start.is_none() && packet.oddity != Some(Oddity::NoTimestamp) {
                *start = Some(packet.timestamp);
            }
        });
        self.is_foreign = matches!(&read, Err(fault) if matches!(fault.kind, FaultKind::UnknownMagic(_)));
        self.is_done = read.is_err() || self.start.is_some() || self.read_bytes == Self::MAX_BYTES;
        !self.is_done
    }

    /// It begins like a capture file, as far as was seen.
    #[must_use]
    pub const fn is_capture(&self) -> bool {
        // No format has a shorter magic.
        self.read_bytes >= 4 && !self.is_foreign
    }

    /// Time of its first packet that has one, as far as was seen.
    #[must_use]
    pub const fn start(&self) -> Option<Timestamp> {
        self.start
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: [u8; 24] = [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0];

    /// A packet of one byte at `second`, and the first byte of another.
    fn packet(second: u8) -> Vec<u8> {
        vec![second, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 60, 0, 0, 0, 0xff, 0]
    }

    #[test]
    fn what_a_file_is_and_when_it_begins() {
        for (name, file, is_capture, start, wants_more) in [
            ("nothing", vec![], false, None, true),
            ("less than a magic", HEADER[..3].to_vec(), false, None, true),
            ("a magic", HEADER[..4].to_vec(), true, None, true),
            ("no capture", b"no capture, but more than the 24 bytes of a header".to_vec(), false, None, false),
            ("no packet", HEADER.to_vec(), true, None, true),
            ("half a packet", [&HEADER[..], &packet(5)[..16]].concat(), true, None, true),
            ("a packet", [&HEADER[..], &packet(5), &[0xff; 40]].concat(), true, Some(5), false),
            ("a fault before the first packet", [&HEADER[..], &[0xff; 40]].concat(), true, None, false),
            ("an unknown version", [&HEADER[..4], &[9; 20]].concat(), true, None, false),
        ] {
            for chunk_bytes in [1, 3, 25, usize::MAX] {
                let mut probe = Probe::new();
                let more = file.chunks(chunk_bytes).fold(true, |_, chunk| probe.push(chunk));
                let start = start.map(|second: i64| Timestamp::from_nanos(second * 1_000_000_000));
                let found = (probe.is_capture(), probe.start(), more);
                assert_eq!(found, (is_capture, start, wants_more), "{name}, chunks of {chunk_bytes}");
            }
        }
    }

    #[test]
    fn it_is_bounded() {
        // Blocks of a type that nobody knows, each 4096 bytes long.
        let mut block = vec![0; 4096];
        block[..8].copy_from_slice(&[0x77, 0, 0, 0, 0, 0x10, 0, 0]);
        block[4092..].copy_from_slice(&[0, 0x10, 0, 0]);
        let section = [
            0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255,
            255, 28, 0, 0, 0,
        ];
        let mut probe = Probe::new();
        assert!(probe.push(&section));
        let mut pushed = section.len();
        while probe.push(&block) {
            pushed += block.len();
            assert!(pushed < Probe::MAX_BYTES);
        }
        assert_eq!(probe.read_bytes, Probe::MAX_BYTES);
        assert!(probe.is_capture());
        assert_eq!(probe.start(), None);
    }
}
