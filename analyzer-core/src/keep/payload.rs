//! The payload of one packet as it is written.
//!
//! In: ranges of the captured payload that are to be kept. Out: bytes behind the packet's headers. Guaranteed: they are as
//! long as the last range reaches, never longer than what was captured, and zeros outside of the ranges.

use std::ops::Range;

/// What is kept of one packet's payload.
pub(super) struct KeptPayload<'p, 'o> {
    /// What was captured.
    captured: &'p [u8],
    /// What is written; the payload begins at `begin`.
    out: &'o mut Vec<u8>,
    begin: usize,
}

impl<'p, 'o> KeptPayload<'p, 'o> {
    /// Nothing yet: `out` ends with the packet's headers.
    pub(super) fn new(captured: &'p [u8], out: &'o mut Vec<u8>) -> Self {
        let begin = out.len();
        Self { captured, out, begin }
    }

    /// What was captured of the payload.
    pub(super) const fn captured(&self) -> &'p [u8] {
        self.captured
    }

    /// What is kept so far.
    pub(super) fn kept(&self) -> &[u8] {
        &self.out[self.begin..]
    }

    /// Keeps all of it.
    pub(super) fn keep_all(&mut self) {
        self.keep(0..self.captured.len());
    }

    /// Keeps these bytes as they are.
    pub(super) fn keep(&mut self, range: Range<usize>) {
        let range = self.reach(range);
        let place = self.begin + range.start..self.begin + range.end;
        self.out[place].copy_from_slice(&self.captured[range]);
    }

    /// Makes these bytes present, without telling what they were.
    pub(super) fn reach(&mut self, range: Range<usize>) -> Range<usize> {
        let end = range.end.min(self.captured.len());
        if self.out.len() < self.begin + end {
            self.out.resize(self.begin + end, 0);
        }
        range.start.min(end)..end
    }

    /// Puts other bytes, no longer than what was captured, in place of what is kept so far.
    pub(super) fn replace(&mut self, bytes: &[u8]) {
        self.out.truncate(self.begin);
        self.out.extend_from_slice(bytes);
    }
}
