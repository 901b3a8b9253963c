//! The identities of captures and analyses.
//!
//! In: every packet, in order. Out: 64 bits as 16 hexadecimal digits. Guaranteed: a capture's id depends on its packets'
//! order, times, lengths and first 64 bytes alone, not on files, chunks or compression.

use crate::capture::Packet;
use crate::record::SCHEMA_VERSION;
use std::fmt;
use twox_hash::XxHash3_128;

/// Bytes of each packet that are digested: the headers up to TCP over IPv6.
const HEADER_BYTES: usize = 64;
/// Digested at once, because the hash is several times as fast on long input.
const BLOCK_BYTES: usize = 16 << 10;
/// Room that one packet takes at most: its header bytes, time, lengths and link type.
const PACKET_BYTES: usize = HEADER_BYTES + 18;

/// XXH3-128 over the packets, of which 64 bits are used. It tells captures apart; it does not protect against forgery.
pub(super) struct CaptureDigest {
    block: Vec<u8>,
    hasher: XxHash3_128,
    /// What was digested of the first packet, once its block was.
    first: Vec<u8>,
}

/// What stands before a packet's header bytes.
const FACTS_BYTES: usize = PACKET_BYTES - HEADER_BYTES;

impl fmt::Debug for CaptureDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CaptureDigest").finish_non_exhaustive()
    }
}

impl Default for CaptureDigest {
    fn default() -> Self {
        Self::new()
    }
}

impl CaptureDigest {
    pub(super) fn new() -> Self {
        Self { block: Vec::with_capacity(BLOCK_BYTES), hasher: XxHash3_128::new(), first: Vec::new() }
    }

    #[inline]
    pub(super) fn add(&mut self, packet: &Packet<'_>) {
        if self.block.len() + PACKET_BYTES > BLOCK_BYTES {
            self.settle();
        }
        let mut facts = [0; FACTS_BYTES];
        facts[..8].copy_from_slice(&packet.timestamp.as_nanos().to_le_bytes());
        facts[8..12].copy_from_slice(&packet.wire_bytes.to_le_bytes());
        // Captured lengths are below 16 MiB.
        facts[12..16].copy_from_slice(&(packet.captured.len() as u32).to_le_bytes());
        facts[16..].copy_from_slice(&packet.link_type.0.to_le_bytes());
        self.block.extend_from_slice(&facts);
        self.block.extend_from_slice(&packet.captured[..packet.captured.len().min(HEADER_BYTES)]);
    }

    fn settle(&mut self) {
        if self.first.is_empty() {
            self.first.extend_from_slice(first_packet(&self.block));
        }
        self.hasher.write(&self.block);
        self.block.clear();
    }

    pub(super) fn finish(mut self) -> String {
        self.settle();
        hexadecimal(self.hasher.finish_128())
    }

    /// The same packets' digest as a number, and what was digested of the first one; empty without packets.
    pub(super) fn finish_file(mut self) -> (u64, Vec<u8>) {
        self.settle();
        (upper_half(self.hasher.finish_128()), self.first)
    }
}

/// The first packet of a block that begins with one.
fn first_packet(block: &[u8]) -> &[u8] {
    let captured =
        block.get(12..16).and_then(|length| length.first_chunk()).map_or(0, |length| u32::from_le_bytes(*length));
    let bytes = FACTS_BYTES + (captured as usize).min(HEADER_BYTES);
    block.get(..bytes).unwrap_or_default()
}

/// The id of a recording that is read in parts. It comes from its first packet, because the first part's records are
/// written before the last packet is known. The text keeps it apart from the id of the same packets read at once.
pub(super) fn id_of_parts(first_packet: &[u8]) -> String {
    hexadecimal(XxHash3_128::oneshot(&[b"a recording in parts\n", first_packet].concat()))
}

/// The id of an analysis: capture, method, parameters and schema.
pub(super) fn analysis_id(capture_id: &str, options: &[(&'static str, String)]) -> String {
    let mut text = format!("schema={SCHEMA_VERSION}\ncapture={capture_id}\n");
    for (name, value) in options {
        text.push_str(&format!("{name}={value}\n"));
    }
    text_id(&text)
}

/// Tells texts apart.
pub(crate) fn text_id(text: &str) -> String {
    hexadecimal(XxHash3_128::oneshot(text.as_bytes()))
}

fn hexadecimal(digest: u128) -> String {
    format!("{:016x}", upper_half(digest))
}

const fn upper_half(digest: u128) -> u64 {
    (digest >> 64) as u64
}
