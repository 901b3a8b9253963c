//! How many distinct directed 5-tuples a capture has.

use super::key::FlowKey;
use hashbrown::HashTable;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use twox_hash::XxHash3_64;

/// Beyond so many conversations the count is an upper bound: memory must not grow with the capture's length.
const MAX_EXACT: usize = 2_000_000;
/// The low bits of an entry: which of the two directions was seen.
const DIRECTIONS: u64 = 0b11;

/// Entries are looked up so many at a time: the look-ups don't depend on each other, so their cache misses overlap.
const BATCH: usize = 256;

/// The set of directed 5-tuples. An entry is 62 bits of the conversation's digest, which among two million collide
/// once in a million captures, and two bits for its directions.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct DirectedTuples {
    #[serde(serialize_with = "sorted", deserialize_with = "table")]
    entries: HashTable<u64>,
    pending: Vec<u64>,
    count: u64,
    beyond: u64,
}

impl DirectedTuples {
    /// Notes a conversation whose lower end, higher end or both sent.
    pub(super) fn insert(&mut self, key: FlowKey, low_sent: bool, high_sent: bool) {
        let directions = u64::from(low_sent) | u64::from(high_sent) << 1;
        self.pending.push(XxHash3_64::oneshot(&key.to_bytes()) & !DIRECTIONS | directions);
        if self.pending.len() >= BATCH {
            self.settle();
        }
    }

    fn settle(&mut self) {
        let mut pending = std::mem::take(&mut self.pending);
        for new in pending.drain(..) {
            let digest = new & !DIRECTIONS;
            if let Some(entry) = self.entries.find_mut(digest, |entry| entry & !DIRECTIONS == digest) {
                self.count += u64::from((new & !*entry).count_ones());
                *entry |= new;
                continue;
            }
            self.count += u64::from((new & DIRECTIONS).count_ones());
            if self.entries.len() >= MAX_EXACT {
                self.beyond += 1;
            } else {
                self.entries.insert_unique(digest, new, |entry| entry & !DIRECTIONS);
            }
        }
        self.pending = pending;
    }

    /// How many there are, and whether that is exact.
    pub(crate) fn count(mut self) -> (u64, bool) {
        self.settle();
        (self.count, self.beyond == 0)
    }
}

fn sorted<S: Serializer>(entries: &HashTable<u64>, serializer: S) -> Result<S::Ok, S::Error> {
    let mut entries: Vec<u64> = entries.iter().copied().collect();
    entries.sort_unstable();
    entries.serialize(serializer)
}

fn table<'de, D: Deserializer<'de>>(deserializer: D) -> Result<HashTable<u64>, D::Error> {
    let mut entries = HashTable::new();
    for entry in Vec::<u64>::deserialize(deserializer)? {
        entries.insert_unique(entry & !DIRECTIONS, entry, |entry| entry & !DIRECTIONS);
    }
    Ok(entries)
}
