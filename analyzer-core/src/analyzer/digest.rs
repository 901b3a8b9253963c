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
}

impl fmt::Debug for CaptureDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CaptureDigest").finish_non_exhaustive()
    }
}

impl CaptureDigest {
    pub(super) fn new() -> Self {
        Self { block: Vec::with_capacity(BLOCK_BYTES), hasher: XxHash3_128::new() }
    }

    #[inline]
    pub(super) fn add(&mut self, packet: &Packet<'_>) {
        if self.block.len() + PACKET_BYTES > BLOCK_BYTES {
            self.hasher.write(&self.block);
            self.block.clear();
        }
        let mut facts = [0; 18];
        facts[..8].copy_from_slice(&packet.timestamp.as_nanos().to_le_bytes());
        facts[8..12].copy_from_slice(&packet.wire_bytes.to_le_bytes());
        // Captured lengths are below 16 MiB.
        facts[12..16].copy_from_slice(&(packet.captured.len() as u32).to_le_bytes());
        facts[16..].copy_from_slice(&packet.link_type.0.to_le_bytes());
        self.block.extend_from_slice(&facts);
        self.block.extend_from_slice(&packet.captured[..packet.captured.len().min(HEADER_BYTES)]);
    }

    pub(super) fn finish(mut self) -> String {
        self.hasher.write(&self.block);
        hexadecimal(self.hasher.finish_128())
    }
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
    format!("{:016x}", (digest >> 64) as u64)
}
