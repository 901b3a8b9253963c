//! The beginning of a byte stream, put together from pieces in any order.
//!
//! In: pieces with their place. Out: the bytes from the first one on, as far as there is no hole. Guaranteed: at most [`MAX_BYTES`] and
//! 16 waiting pieces; what was put first stays where pieces overlap, as a receiver would have it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What lies beyond is not kept: heads of requests and ClientHellos end before.
pub const MAX_BYTES: usize = 16 << 10;
/// Pieces behind a hole; more are left out.
const MOST_PIECES: usize = 16;

/// A growing beginning.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Opening {
    contiguous: Vec<u8>,
    /// What stands behind a hole, by its place.
    waiting: BTreeMap<u64, Vec<u8>>,
}

impl Opening {
    /// Adds a piece.
    pub fn put(&mut self, offset: u64, bytes: &[u8]) {
        let room = (MAX_BYTES as u64).saturating_sub(offset);
        let bytes = &bytes[..bytes.len().min(usize::try_from(room).unwrap_or(MAX_BYTES))];
        if bytes.is_empty() {
            return;
        }
        if offset > self.contiguous.len() as u64 {
            if self.waiting.len() < MOST_PIECES {
                self.waiting.entry(offset).or_insert_with(|| bytes.to_vec());
            }
            return;
        }
        self.append(offset, bytes);
        while let Some(entry) = self.waiting.first_entry()
            && *entry.key() <= self.contiguous.len() as u64
        {
            let (offset, bytes) = entry.remove_entry();
            self.append(offset, &bytes);
        }
    }

    /// Adds what is beyond the end; the piece begins before it.
    fn append(&mut self, offset: u64, bytes: &[u8]) {
        let known = self.contiguous.len() - usize::try_from(offset).unwrap_or(self.contiguous.len());
        self.contiguous.extend_from_slice(bytes.get(known..).unwrap_or_default());
    }

    /// The bytes from the first one on.
    #[must_use]
    pub fn contiguous(&self) -> &[u8] {
        &self.contiguous
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_come_in_any_order() {
        for (pieces, expected) in [
            (&[(0_u64, "abc"), (3, "def")][..], "abcdef"),
            (&[(3, "def"), (0, "abc")], "abcdef"),
            (&[(6, "gh"), (3, "def"), (0, "abc")], "abcdefgh"),
            (&[(0, "abc"), (1, "XYde"), (5, "f")], "abcdef"),
            (&[(2, "cd"), (2, "CDEF"), (0, "ab")], "abcd"),
            (&[(0, "abcdef"), (2, "XY")], "abcdef"),
            (&[(1, "b"), (2, "c")], ""),
            (&[(0, "a"), (2, "c")], "a"),
            (&[(u64::MAX, "z"), (0, "a")], "a"),
        ] {
            let mut opening = Opening::default();
            pieces.iter().for_each(|(offset, bytes)| opening.put(*offset, bytes.as_bytes()));
            assert_eq!(opening.contiguous(), expected.as_bytes(), "{pieces:?}");
        }
    }

    #[test]
    fn memory_is_bounded() {
        let mut opening = Opening::default();
        for n in 1..100 {
            opening.put(n * 10, b"waiting");
        }
        assert_eq!(opening.waiting.len(), MOST_PIECES);
        opening.put(MAX_BYTES as u64 - 1, b"beyond");
        opening.put(0, &vec![1; 2 * MAX_BYTES]);
        assert_eq!(opening.contiguous().len(), MAX_BYTES);
        assert!(opening.waiting.is_empty());
    }
}
