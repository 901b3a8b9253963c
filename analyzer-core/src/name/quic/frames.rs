//! The frames of an Initial packet (RFC 9000 §12.4, §19).
//!
//! In: frames in the clear. Out: the parts of the handshake that CRYPTO frames carry. Guaranteed: what comes before a frame that can't be read
//! is used.

use super::packet::integer;

const PADDING: u64 = 0x00;
const PING: u64 = 0x01;
const ACK: u64 = 0x02;
const ACK_WITH_ECN: u64 = 0x03;
const CRYPTO: u64 = 0x06;

/// Calls `each` with the place and the bytes of every part.
pub(super) fn crypto(mut frames: &[u8], mut each: impl FnMut(u64, &[u8])) {
    while let Some(rest) = next(frames, &mut each) {
        frames = rest;
    }
}

fn next<'a>(frames: &'a [u8], each: &mut impl FnMut(u64, &[u8])) -> Option<&'a [u8]> {
    let (kind, rest) = integer(frames)?;
    match kind {
        PADDING | PING => Some(rest),
        ACK | ACK_WITH_ECN => {
            let (_largest, rest) = integer(rest)?;
            let (_delay, rest) = integer(rest)?;
            let (ranges, rest) = integer(rest)?;
            let (_first, mut rest) = integer(rest)?;
            let counts = if kind == ACK_WITH_ECN { 3 } else { 0 };
            // Each takes a byte at least, so that a number that lies ends with the bytes.
            for _ in 0..ranges.saturating_mul(2).saturating_add(counts) {
                (_, rest) = integer(rest)?;
            }
            Some(rest)
        }
        CRYPTO => {
            let (offset, rest) = integer(rest)?;
            let (length, rest) = integer(rest)?;
            let length = usize::try_from(length).ok()?;
            each(offset, &rest[..length.min(rest.len())]);
            rest.get(length..)
        }
        // CONNECTION_CLOSE, or none that belongs here.
        _ => None,
    }
}
