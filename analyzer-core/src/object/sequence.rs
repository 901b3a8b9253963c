//! TCP sequence numbers to positions in a direction's payload.
//!
//! In: sequence number and length of each segment, in capture order. Out: where its payload stands in the stream and
//! how many of its bytes were not seen before. Guaranteed: 32-bit wrap-around is undone; at most [`MAX_HOLES`] holes
//! are remembered, and giving one up is counted.

use crate::state::serial;
use serde::{Deserialize, Serialize};

/// Holes remembered per direction. A fifth at once gives up the oldest: its bytes count as seen from then on.
pub(crate) const MAX_HOLES: usize = 4;

/// Position of the stream's first payload byte. Bytes before it can turn up when the capture began mid-stream, so
/// positions don't start at 0.
pub(crate) const ORIGIN: u64 = 1 << 32;

/// Without a SYN, so many bytes before the first segment may still arrive late and are new when they do.
const LATE_BYTES: u64 = 64 << 10;

/// How far one direction's payload has come.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(crate) struct Frontier {
    /// One past the highest payload byte seen; 0 until the first packet.
    high: u64,
    /// The sequence number that stands at `high`.
    high_sequence: u32,
}

impl Frontier {
    /// One past the highest payload byte seen.
    #[must_use]
    pub(crate) const fn high(&self) -> u64 {
        self.high
    }

    /// Whether any packet of the direction was seen.
    #[must_use]
    pub(crate) const fn is_started(&self) -> bool {
        self.high != 0
    }

    /// Whether a SYN with this sequence number opens another connection than the one that is tracked.
    #[must_use]
    pub(crate) const fn is_other_opening(&self, syn_sequence: u32) -> bool {
        // Until payload was seen, the expected position is the one after the SYN.
        self.is_started() && (self.high != ORIGIN || self.high_sequence != syn_sequence.wrapping_add(1))
    }

    /// Takes the sequence number of the direction's first packet; false, and without effect, at later ones.
    #[inline]
    pub(crate) fn start(&mut self, sequence: u32, is_syn: bool) -> bool {
        if self.is_started() {
            return false;
        }
        self.high = ORIGIN;
        self.high_sequence = if is_syn { sequence.wrapping_add(1) } else { sequence };
        true
    }

    /// Position of a sequence number, taking the one nearest to the highest byte seen.
    #[inline]
    pub(crate) fn position(&self, sequence: u32) -> u64 {
        let distance = sequence.wrapping_sub(self.high_sequence).cast_signed();
        self.high.saturating_add_signed(i64::from(distance))
    }

    /// Takes a segment that ends beyond everything seen.
    #[inline]
    pub(crate) fn advance(&mut self, end: u64) {
        // Only the low 32 bits of the distance matter to a sequence number.
        self.high_sequence = self.high_sequence.wrapping_add((end - self.high) as u32);
        self.high = end;
    }
}

/// The order of one direction's payload.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct SequenceTracker {
    frontier: Frontier,
    /// Highest position that the peer acknowledged.
    acknowledged: u64,
    /// The peer's acknowledgments can be read, because a packet of this direction was seen before one.
    peer_acknowledges: bool,
    holes: Option<Box<Holes>>,
    overflowed_holes: u32,
}

#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Holes {
    ranges: [(u64, u64); MAX_HOLES],
    #[serde(deserialize_with = "serial::at_most::<_, _, { MAX_HOLES as u64 }>")]
    count: u8,
}

/// Where a segment's payload stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Placed {
    /// Position of its first byte.
    pub start: u64,
    /// Bytes that were not seen before.
    pub new_bytes: u32,
}

impl SequenceTracker {
    /// One past the highest payload byte seen.
    #[must_use]
    pub(crate) const fn high(&self) -> u64 {
        self.frontier.high
    }

    /// How many holes were given up.
    #[must_use]
    pub(crate) const fn overflowed_holes(&self) -> u32 {
        self.overflowed_holes
    }

    /// Whether any packet of the direction was seen.
    #[must_use]
    pub(crate) const fn is_started(&self) -> bool {
        self.frontier.is_started()
    }

    /// Whether a SYN with this sequence number opens another connection than the one that is tracked.
    #[must_use]
    pub(crate) const fn is_other_opening(&self, syn_sequence: u32) -> bool {
        self.frontier.is_other_opening(syn_sequence)
    }

    /// Takes the sequence number of the direction's first packet; later calls do nothing.
    #[inline]
    pub(crate) fn start(&mut self, sequence: u32, is_syn: bool) {
        if !self.frontier.start(sequence, is_syn) {
            return;
        }
        self.acknowledged = ORIGIN;
        if !is_syn {
            self.add_hole(ORIGIN - LATE_BYTES, ORIGIN);
        }
    }

    /// Places the payload of a segment. [`SequenceTracker::start`] must have been called.
    #[inline]
    pub(crate) fn place(&mut self, sequence: u32, payload_bytes: u32) -> Placed {
        let start = self.frontier.position(sequence);
        let end = start + u64::from(payload_bytes);
        if start == self.frontier.high {
            self.frontier.advance(end);
            return Placed { start, new_bytes: payload_bytes };
        }
        let new_bytes = if start > self.frontier.high {
            self.add_hole(self.frontier.high, start);
            u64::from(payload_bytes)
        } else {
            let filled = self.fill(start, end.min(self.frontier.high));
            filled + end.saturating_sub(self.frontier.high)
        };
        if end > self.frontier.high {
            self.frontier.advance(end);
        }
        // New bytes are at most the payload's.
        Placed { start, new_bytes: u32::try_from(new_bytes).unwrap_or(payload_bytes) }
    }

    /// Takes an acknowledgment number of the peer.
    #[inline]
    pub(crate) fn acknowledge(&mut self, acknowledgment: u32) {
        if self.is_started() {
            self.peer_acknowledges = true;
            self.acknowledged = self.acknowledged.max(self.frontier.position(acknowledgment));
        }
    }

    /// Whether an acknowledgment number covers everything seen. True when nothing can be said, because no packet of
    /// the direction was seen.
    #[inline]
    #[must_use]
    pub(crate) fn covers(&self, acknowledgment: u32) -> bool {
        !self.is_started() || self.frontier.position(acknowledgment) >= self.frontier.high
    }

    /// Whether the peer has acknowledged everything seen. True as well when it was never seen to acknowledge
    /// (asymmetric capture).
    #[inline]
    #[must_use]
    pub(crate) const fn is_all_acknowledged(&self) -> bool {
        !self.peer_acknowledges || self.acknowledged >= self.frontier.high
    }

    #[cold]
    fn add_hole(&mut self, start: u64, end: u64) {
        self.overflowed_holes += u32::from(self.holes.get_or_insert_default().push(start, end));
    }

    /// Fills the part of the holes between two positions; returns the bytes that were missing there.
    #[cold]
    fn fill(&mut self, start: u64, end: u64) -> u64 {
        let Some(holes) = &mut self.holes else { return 0 };
        let old = **holes;
        let mut filled = 0;
        **holes = Holes::default();
        for &(from, to) in &old.ranges[..usize::from(old.count)] {
            let (cut_from, cut_to) = (from.max(start), to.min(end));
            if cut_from >= cut_to {
                self.overflowed_holes += u32::from(holes.push(from, to));
                continue;
            }
            filled += cut_to - cut_from;
            // A hole that is filled in its middle becomes two, which may be one too many.
            for (left, right) in [(from, cut_from), (cut_to, to)].into_iter().filter(|(left, right)| left < right) {
                self.overflowed_holes += u32::from(holes.push(left, right));
            }
        }
        if holes.count == 0 {
            self.holes = None;
        }
        filled
    }
}

impl Holes {
    /// Remembers a hole; true when the oldest had to be given up for it.
    fn push(&mut self, start: u64, end: u64) -> bool {
        let is_full = usize::from(self.count) == MAX_HOLES;
        if is_full {
            self.ranges.copy_within(1.., 0);
            self.count -= 1;
        }
        self.ranges[usize::from(self.count)] = (start, end);
        self.count += 1;
        is_full
    }
}
