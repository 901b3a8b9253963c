//! What could not be used, counted, with the first samples of each kind.
//!
//! In: skips and oddities with the packet's number. Out: lists in a fixed order. Guaranteed: bounded memory whatever the
//! capture holds; every packet without a segment is in exactly one count.

use crate::capture::Oddity;
use crate::decode::Skip;
use crate::record::SkipRecord;
use std::collections::BTreeMap;

/// Samples kept of each kind.
const SAMPLES: usize = 3;
/// Kinds of skips told apart. The details come from packets, so they are bounded; the rest share detail 0.
const MAX_KINDS: usize = 512;

/// Counts of what was skipped and what was odd.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics {
    skips: BTreeMap<Skip, Counted>,
    oddities: BTreeMap<Oddity, u64>,
}

#[derive(Debug, Clone, Default)]
struct Counted {
    packets: u64,
    samples: Vec<u64>,
}

impl Diagnostics {
    /// Counts a packet that has no segment.
    pub(crate) fn skip(&mut self, mut skip: Skip, number: u64) {
        if self.skips.len() >= MAX_KINDS && !self.skips.contains_key(&skip) {
            skip.detail = 0;
        }
        let counted = self.skips.entry(skip).or_default();
        counted.packets += 1;
        if counted.samples.len() < SAMPLES {
            counted.samples.push(number);
        }
    }

    /// Counts something odd about a packet that counts all the same.
    pub(crate) fn oddity(&mut self, oddity: Oddity) {
        *self.oddities.entry(oddity).or_default() += 1;
    }

    /// Packets without a segment, by layer and reason.
    #[must_use]
    pub fn skips(&self) -> Vec<SkipRecord> {
        let record = |(skip, counted): (&Skip, &Counted)| SkipRecord {
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
        self.oddities.iter().map(|(oddity, packets)| (oddity.as_str().to_owned(), *packets)).collect()
    }
}
