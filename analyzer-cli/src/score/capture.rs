//! A capture held in memory, whole or degraded as a bad recorder would have left it.

use analyzer_core::capture::CaptureDecoder;
use anyhow::{Context, Result};

/// The packets of a capture as a pcap file each (nanoseconds, little-endian), without the file header.
#[derive(Debug, Clone, Default)]
pub(super) struct Packets {
    link_type: u16,
    records: Vec<Vec<u8>>,
}

/// What a bad recorder does to a capture.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Degradation {
    /// Share of the packets that are missing at the beginning.
    pub(super) skip_share: f64,
    /// Share of the packets lost at random.
    pub(super) drop_share: f64,
    /// Seed of the random losses.
    pub(super) seed: u64,
}

impl Packets {
    /// Splits a decompressed capture into packets.
    pub(super) fn read(bytes: &[u8]) -> Result<Self> {
        let mut packets = Self::default();
        let mut decoder = CaptureDecoder::new();
        let each = |packet: analyzer_core::capture::Packet<'_>| {
            let nanos = packet.timestamp.as_nanos();
            let (seconds, fraction) = (nanos.div_euclid(1_000_000_000), nanos.rem_euclid(1_000_000_000));
            let captured_bytes = packet.captured.len() as u32; // below 16 MiB
            // Truth captures are of our time, so the seconds fit.
            let words = [seconds as u32, fraction as u32, captured_bytes, packet.wire_bytes];
            let mut record: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
            record.extend_from_slice(packet.captured);
            packets.link_type = packet.link_type.0;
            packets.records.push(record);
        };
        decoder
            .push(bytes, each)
            .and_then(|()| decoder.finish())
            .context("truth captures must be readable to their end")?;
        Ok(packets)
    }

    /// The frame numbers that are left after a degradation.
    pub(super) fn kept(&self, degradation: Degradation) -> Vec<u64> {
        let skipped = (self.records.len() as f64 * degradation.skip_share) as u64;
        let mut random = SplitMix(degradation.seed);
        let all = 1..=self.records.len() as u64;
        all.filter(|number| *number > skipped && random.next_share() >= degradation.drop_share).collect()
    }

    /// A pcap file of the packets with these frame numbers.
    pub(super) fn to_pcap(&self, numbers: &[u64]) -> Vec<u8> {
        let words = [0xa1b2_3c4d_u32, 0x0004_0002, 0, 0, 262_144, u32::from(self.link_type)];
        let mut file: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        for number in numbers {
            file.extend_from_slice(&self.records[*number as usize - 1]);
        }
        file
    }
}

/// Steele, Lea and Flood's SplitMix64: seeded, so that a degradation is the same each time.
struct SplitMix(u64);

impl SplitMix {
    /// A number from 0 (included) to 1.
    fn next_share(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        (mixed >> 11) as f64 / (1_u64 << 53) as f64
    }
}
