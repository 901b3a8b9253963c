//! Records to blocks of compact bytes and back.
//!
//! In: records of one kind, one after the other. Out: a block of bounded size whenever one is full, to be kept wherever
//! its owner likes; [`for_each`] gives the records of a block back in their order. Guaranteed: a block is never copied
//! to make room for the next one, holds no record partly, and is read without its neighbours.

use super::compact::{Compact, Decoder, Encoder, MAX_RECORD_BYTES, PADDING_BYTES};
use thiserror::Error;

/// No block is larger.
pub const BLOCK_BYTES: usize = 256 << 10;

/// Collects records into blocks.
#[derive(Debug)]
pub struct BlockWriter {
    /// The open block, and how far it is filled.
    block: Box<[u8]>,
    filled: usize,
}

/// A block that holds something else than records of the kind that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("what was kept is no record of this kind")]
pub struct DamagedBlock;

impl Default for BlockWriter {
    fn default() -> Self {
        Self::new()
    }
}

impl BlockWriter {
    /// An open block without a record.
    #[must_use]
    pub fn new() -> Self {
        Self { block: vec![0; BLOCK_BYTES].into_boxed_slice(), filled: 0 }
    }

    /// Adds a record; one that may not fit first hands the open block to `full` and begins another.
    #[inline]
    pub fn push<R: Compact>(&mut self, record: &R, full: impl FnOnce(&[u8])) {
        if self.block.len() - self.filled < MAX_RECORD_BYTES {
            full(self.take());
        }
        let mut encoder = Encoder::new(&mut self.block[self.filled..]);
        record.put(&mut encoder);
        self.filled += encoder.bytes();
    }

    /// The open block; empty when it has no record.
    #[must_use]
    pub fn open(&self) -> &[u8] {
        // The last record left room for the padding, whose bytes mean nothing.
        if self.filled == 0 { &[] } else { &self.block[..self.filled + PADDING_BYTES] }
    }

    /// The open block, empty when it has no record; the next record begins another.
    #[must_use]
    pub fn take(&mut self) -> &[u8] {
        let filled = std::mem::take(&mut self.filled);
        if filled == 0 { &[] } else { &self.block[..filled + PADDING_BYTES] }
    }
}

/// Calls `each` with the records of a block in the order in which they were pushed.
///
/// # Errors
/// The first error of `each`, or [`DamagedBlock`] after the records before the damage.
pub fn for_each<R: Compact, E: From<DamagedBlock>>(
    block: &[u8],
    mut each: impl FnMut(&R) -> Result<(), E>,
) -> Result<(), E> {
    let mut decoder = Decoder::new(block, block.len().saturating_sub(PADDING_BYTES));
    while !decoder.is_at_end() {
        each(&R::take(&mut decoder).ok_or(DamagedBlock)?)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{ObjectRecord, samples};

    fn records(block: &[u8]) -> Result<Vec<u64>, DamagedBlock> {
        let mut indices = Vec::new();
        for_each(block, |object: &ObjectRecord| {
            assert_eq!(*object, ObjectRecord { index: object.index, ..samples::object() });
            indices.push(object.index);
            Ok::<_, DamagedBlock>(())
        })?;
        Ok(indices)
    }

    #[test]
    fn blocks_are_bounded_and_each_is_read_alone() {
        for count in [0, 1, 2, 20_000] {
            let mut writer = BlockWriter::new();
            let mut blocks: Vec<Vec<u8>> = Vec::new();
            for index in 0..count {
                writer.push(&ObjectRecord { index, ..samples::object() }, |full| blocks.push(full.to_vec()));
            }
            let open = writer.open().to_vec();
            blocks.push(writer.take().to_vec());
            assert_eq!(blocks.last(), Some(&open));
            assert_eq!(writer.take(), [0_u8; 0]);
            assert!(blocks.iter().all(|block| block.len() <= BLOCK_BYTES));
            assert_eq!(blocks.len() > 1, count == 20_000, "{count} records");
            let mut next = 0;
            for block in &blocks {
                for index in records(block).expect("a block") {
                    assert_eq!(index, next);
                    next += 1;
                }
            }
            assert_eq!(next, count);
        }
    }

    #[test]
    fn a_damaged_block_gives_what_comes_before() {
        let mut writer = BlockWriter::new();
        writer.push(&samples::object(), |_| unreachable!("one record fits"));
        let one = writer.take().to_vec();
        assert_eq!(records(&one), Ok(vec![0]));
        let mut seen = 0;
        let joined = [&one[..one.len() - PADDING_BYTES], &one[..one.len() / 2]].concat();
        let damaged = for_each(&joined, |_: &ObjectRecord| {
            seen += 1;
            Ok(())
        });
        assert_eq!((damaged, seen), (Err(DamagedBlock), 1));
        for short in 0..=PADDING_BYTES {
            assert_eq!(records(&[0xff; PADDING_BYTES][..short]), Ok(vec![]));
        }
    }
}
