//! How many distinct directed 5-tuples a capture has.

use super::key::FlowKey;
use hashbrown::HashTable;
use twox_hash::XxHash3_64;

/// Beyond so many conversations the count is an upper bound: memory must not grow with the capture's length.
const MAX_EXACT: usize = 2_000_000;
/// The low bits of an entry: which of the two directions was seen.
const DIRECTIONS: u64 = 0b11;

/// The set of directed 5-tuples. An entry is 62 bits of the conversation's digest, which among two million collide
/// once in a million captures, and two bits for its directions.
#[derive(Debug, Default)]
pub(crate) struct DirectedTuples {
    entries: HashTable<u64>,
    count: u64,
    beyond: u64,
}

impl DirectedTuples {
    /// Notes a conversation whose lower end, higher end or both sent.
    pub(super) fn insert(&mut self, key: FlowKey, low_sent: bool, high_sent: bool) {
        let digest = XxHash3_64::oneshot(&key.to_bytes());
        let directions = u64::from(low_sent) | u64::from(high_sent) << 1;
        let is_full = self.entries.len() >= MAX_EXACT;
        let same = |entry: &u64| (entry ^ digest) & !DIRECTIONS == 0;
        if let Some(entry) = self.entries.find_mut(digest & !DIRECTIONS, same) {
            self.count += u64::from((directions & !*entry & DIRECTIONS).count_ones());
            *entry |= directions;
            return;
        }
        self.count += u64::from(directions.count_ones());
        if is_full {
            self.beyond += 1;
        } else {
            let entry = digest & !DIRECTIONS | directions;
            self.entries.insert_unique(digest & !DIRECTIONS, entry, |entry| entry & !DIRECTIONS);
        }
    }

    /// How many there are.
    pub(crate) const fn count(&self) -> u64 {
        self.count
    }

    /// Whether the count is exact.
    pub(crate) const fn is_exact(&self) -> bool {
        self.beyond == 0
    }
}
