//! Where a ClientHello ends (RFC 8446 §4.1.2).
//!
//! In: the payload of a direction, from its first byte on. Out: which bytes of each packet belong to the ClientHello that it
//! begins with. Guaranteed: at most [`MAX_BYTES`] from the beginning of the stream; what is no ClientHello is left out from
//! the byte on that shows it.

use crate::object::records::may_begin_header;
use crate::object::sequence::ORIGIN;
use std::ops::Range;

/// More than ClientHellos with post-quantum key shares have. Server names stand in front of those, or in any order.
const MAX_BYTES: u64 = 2048;
/// A record header, and the type and length of the handshake message.
const HEADER_BYTES: u8 = 9;
const HANDSHAKE: u8 = 22;
const CLIENT_HELLO: u8 = 1;

/// The ClientHello at the beginning of a direction.
#[derive(Debug, Clone, Default)]
pub(super) struct Hello {
    header: [u8; HEADER_BYTES as usize],
    filled: u8,
    is_expected: bool,
    /// Length with record headers, once `header` is filled.
    bytes: u16,
}

impl Hello {
    /// One that is expected, because the beginning of the stream was seen.
    pub(super) fn expected() -> Self {
        Self { is_expected: true, ..Self::default() }
    }

    /// Which bytes of a packet's payload belong to it. The packet stands at `start`.
    #[inline]
    pub(super) fn part(&mut self, start: u64, captured: &[u8]) -> Range<usize> {
        if !self.is_expected || start >= ORIGIN + MAX_BYTES {
            return 0..0;
        }
        self.part_near_beginning(start, captured)
    }

    fn part_near_beginning(&mut self, start: u64, captured: &[u8]) -> Range<usize> {
        let place = |bytes: u64| usize::try_from((ORIGIN + bytes).saturating_sub(start)).unwrap_or(usize::MAX);
        while self.filled < HEADER_BYTES && start <= ORIGIN + u64::from(self.filled) {
            let Some(byte) = captured.get(place(self.filled.into())) else { break };
            self.header[usize::from(self.filled)] = *byte;
            self.filled += 1;
            self.is_expected = self.may_be_hello();
            if !self.is_expected {
                return 0..0;
            }
        }
        if self.filled == HEADER_BYTES && self.bytes == 0 {
            self.bytes = self.length();
        }
        let known = if self.filled < HEADER_BYTES { self.filled.into() } else { self.bytes.into() };
        place(0)..place(known).min(captured.len())
    }

    fn may_be_hello(&self) -> bool {
        let header = &self.header[..usize::from(self.filled)];
        header[0] == HANDSHAKE && may_begin_header(header) && header.get(5).is_none_or(|kind| *kind == CLIENT_HELLO)
    }

    /// Length with its record headers, of which all but the first two are left out of account: a message that needs more is
    /// longer than what is kept.
    fn length(&self) -> u16 {
        let [_, _, _, record_high, record_low, _, high, middle, low] = self.header;
        let record = u64::from(u16::from_be_bytes([record_high, record_low]));
        let message = 4 + u64::from(u32::from_be_bytes([0, high, middle, low]));
        let headers = if message > record { 10 } else { 5 };
        // Below the limit, which fits.
        (message + headers).min(MAX_BYTES) as u16
    }
}
