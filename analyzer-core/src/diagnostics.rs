//! What could not be used, counted, with the first samples of each kind.
//!
//! In: skips and oddities with the packet's number. Out: lists in a fixed order. Guaranteed: bounded memory whatever the
//! capture holds; every packet without a segment is in exactly one count.

use crate::capture::Oddity;
use crate::decode::Skip;
use crate::record::SkipRecord;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Samples kept of each kind.
const SAMPLES: usize = 3;
/// Kinds of skips told apart. The details come from packets, so they are bounded; the rest share detail 0.
const MAX_KINDS: usize = 512;

/// Counts of what was skipped and what was odd.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Diagnostics {
    /// Sorted by skip.
    skips: Vec<(Skip, Counted)>,
    oddities: BTreeMap<String, u64>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Counted {
    packets: u64,
    samples: Vec<u64>,
}

impl Diagnostics {
    /// Counts a packet that has no segment.
    pub(crate) fn skip(&mut self, mut skip: Skip, number: u64) {
        let mut place = self.place(&skip);
        if self.skips.len() >= MAX_KINDS && place.is_err() {
            skip.detail = 0;
            place = self.place(&skip);
        }
        let at = place.unwrap_or_else(|at| {
            self.skips.insert(at, (skip, Counted::default()));
            at
        });
        let counted = &mut self.skips[at].1;
        counted.packets += 1;
        if counted.samples.len() < SAMPLES {
            counted.samples.push(number);
        }
    }

    /// Where a kind of skip is, or should be.
    fn place(&self, skip: &Skip) -> Result<usize, usize> {
        self.skips.binary_search_by(|(known, _)| known.cmp(skip))
    }

    /// Counts something odd about a packet that counts all the same.
    pub(crate) fn oddity(&mut self, oddity: Oddity) {
        count_up(&mut self.oddities, oddity.as_str(), 1);
    }

    /// Packets without a segment, by layer and reason.
    #[must_use]
    pub fn skips(&self) -> Vec<SkipRecord> {
        let record = |(skip, counted): &(Skip, Counted)| SkipRecord {
            layer: skip.layer.as_str().to_owned(),
            reason: skip.reason.as_str().to_owned(),
            detail: skip.detail,
            packets: counted.packets,
            samples: counted.samples.clone(),
        };
        self.skips.iter().map(record).collect()
    }

    /// Odd packets, by kind.
    #[must_use]
    pub fn oddities(&self) -> BTreeMap<String, u64> {
        self.oddities.clone()
    }
}

/// Adds to the count of a name, which is copied only when it is new.
pub(crate) fn count_up(counts: &mut BTreeMap<String, u64>, name: &str, more: u64) {
    match counts.get_mut(name) {
        Some(count) => *count += more,
        None => {
            counts.insert(name.to_owned(), more);
        }
    }
}
