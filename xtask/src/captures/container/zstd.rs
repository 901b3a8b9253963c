//! zstd frames (RFC 8878). Its library gives the same bytes on every machine as long as `Cargo.lock` pins it.

use anyhow::Result;

/// One frame.
pub(crate) fn zstd(content: &[u8]) -> Result<Vec<u8>> {
    Ok(zstd::bulk::compress(content, 19)?)
}

/// A frame that readers must skip (RFC 8878 §3.1.2).
pub(crate) fn skippable(content: &[u8]) -> Vec<u8> {
    [&0x184d_2a50_u32.to_le_bytes()[..], &(content.len() as u32).to_le_bytes(), content].concat()
}
