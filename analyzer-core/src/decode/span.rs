//! A stretch of a packet as it was on the wire, of which a beginning may have been captured.
//!
//! In: a packet, then what each header declares. Out: the bytes of a header, or the [`Skip`] that says why they are
//! not there. Guaranteed: a stretch only ever shrinks (except by [`Span::unfragmented`]), so that no length exceeds
//! what its enclosing layer declares, and how much was captured never changes a length.

use super::skip::{Layer, Reason, Skip};
use crate::capture::Packet;

/// The wire bytes `start..end` of a record, counted from the record's first byte.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span<'a> {
    /// The captured bytes of the record, from its first byte on.
    record: &'a [u8],
    start: usize,
    end: usize,
}

impl<'a> Span<'a> {
    /// The whole packet.
    #[inline]
    pub(super) fn of(packet: &Packet<'a>) -> Self {
        let wire_bytes = usize::try_from(packet.wire_bytes).unwrap_or(usize::MAX);
        Self { record: packet.captured, start: 0, end: wire_bytes.max(packet.captured.len()) }
    }

    /// What was captured of this stretch.
    #[inline]
    pub(super) fn captured(self) -> &'a [u8] {
        self.record.get(self.start..self.end.min(self.record.len())).unwrap_or_default()
    }

    /// Length on the wire.
    #[inline]
    pub(super) fn wire_bytes(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// [`Span::wire_bytes`] as results count it.
    #[inline]
    pub(super) fn wire_bytes_u32(self) -> u32 {
        u32::try_from(self.wire_bytes()).unwrap_or(u32::MAX)
    }

    /// The first `N` bytes.
    #[inline]
    pub(super) fn header<const N: usize>(self, layer: Layer) -> Result<&'a [u8; N], Skip> {
        match self.captured().first_chunk() {
            Some(header) => Ok(header),
            None => Err(self.too_short(N, layer)),
        }
    }

    /// Why `header_bytes` bytes can't be read here: the enclosing layer declares fewer, or fewer were captured.
    #[cold]
    pub(super) fn too_short(self, header_bytes: usize, layer: Layer) -> Skip {
        let reason = if self.wire_bytes() < header_bytes { Reason::Malformed } else { Reason::Truncated };
        Skip::new(layer, reason, 0)
    }

    /// What follows the first `header_bytes` bytes.
    #[inline]
    pub(super) fn after(self, header_bytes: usize, layer: Layer) -> Result<Self, Skip> {
        if self.wire_bytes() < header_bytes {
            return Err(Skip::new(layer, Reason::Malformed, 0));
        }
        Ok(Self { start: self.start + header_bytes, ..self })
    }

    /// The first `wire_bytes` bytes, or all of them when there are fewer.
    #[inline]
    pub(super) fn limited_to(self, wire_bytes: usize) -> Self {
        Self { end: self.end.min(self.start.saturating_add(wire_bytes)), ..self }
    }

    /// What follows the first `offset_bytes` bytes; nothing when there are no more.
    pub(super) fn beginning_at(self, offset_bytes: usize) -> Self {
        Self { start: self.start.saturating_add(offset_bytes).min(self.end), ..self }
    }

    /// This stretch as if the fragment that it is were the whole datagram: up to `wire_bytes` long, while the bytes
    /// that can be read stay those of the fragment.
    pub(super) fn unfragmented(self, wire_bytes: usize) -> Self {
        let record = self.record.get(..self.end).unwrap_or(self.record);
        Self { record, end: self.start.saturating_add(wire_bytes).max(self.end), ..self }
    }

    /// The part of this stretch that lies within `other`, a stretch of the same record.
    pub(super) fn within(self, other: Self) -> Self {
        Self { end: self.end.min(other.end).max(self.start), ..self }
    }

    /// Where `inner`, a later stretch of the same record, begins and ends, counted from the beginning of this one.
    pub(super) fn offsets_of(self, inner: Self) -> (usize, usize) {
        (inner.start.saturating_sub(self.start), inner.end.saturating_sub(self.start))
    }
}
