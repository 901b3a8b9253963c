//! Counts of values in integer bins.
//!
//! In: integers (bytes, ns, objects). Out: counts, sum, quantiles and the points that fits are made of. Guaranteed:
//! integers only, and adding never wraps; so histograms merged in any order and grouping are equal, and so is their JSON.
//!
//! As JSON: `{"bins": [[bin, count], …], "sum": "decimal", "min": …, "max": …}`. The sum is text because it may have
//! 128 bits; the count is that of the bins.

use crate::summary::{BIN_COUNT, bin_midpoint, bin_of};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Values in the bins of [`bin_of`], with exact count, sum, minimum and maximum. A bin's midpoint is at most 1/128 off.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Stored", try_from = "Stored")]
pub struct Histogram {
    bins: BTreeMap<u16, u64>,
    count: u64,
    sum: u128,
    /// Least and greatest value; none when there is no value.
    range: Option<(u64, u64)>,
}

impl Histogram {
    /// Adds a value.
    pub fn add(&mut self, value: u64) {
        let bin = self.bins.entry(bin_of(value)).or_default();
        *bin = bin.saturating_add(1);
        self.count = self.count.saturating_add(1);
        self.sum = self.sum.saturating_add(u128::from(value));
        self.widen(value, value);
    }

    /// Adds another's values.
    pub fn merge(&mut self, other: &Self) {
        for (&bin, &count) in &other.bins {
            let mine = self.bins.entry(bin).or_default();
            *mine = mine.saturating_add(count);
        }
        self.count = self.count.saturating_add(other.count);
        self.sum = self.sum.saturating_add(other.sum);
        if let Some((min, max)) = other.range {
            self.widen(min, max);
        }
    }

    fn widen(&mut self, min: u64, max: u64) {
        let (least, greatest) = self.range.unwrap_or((min, max));
        self.range = Some((least.min(min), greatest.max(max)));
    }

    /// How many values there are.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Their exact sum.
    #[must_use]
    pub const fn sum(&self) -> u128 {
        self.sum
    }

    /// The least value, exactly.
    #[must_use]
    pub fn min(&self) -> Option<u64> {
        self.range.map(|(min, _)| min)
    }

    /// The greatest value, exactly.
    #[must_use]
    pub fn max(&self) -> Option<u64> {
        self.range.map(|(_, max)| max)
    }

    /// Sum over count.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum as f64 / self.count as f64)
    }

    /// How many values are 0: they have a bin of their own.
    #[must_use]
    pub fn zeros(&self) -> u64 {
        self.bins.get(&0).copied().unwrap_or(0)
    }

    /// The midpoint of each bin, within minimum and maximum, and its count; ascending.
    pub fn points(&self) -> impl Iterator<Item = (u64, u64)> {
        self.bins().map(|bin| (bin.middle, bin.count))
    }

    /// Each bin, ascending.
    pub(super) fn bins(&self) -> impl Iterator<Item = Bin> {
        self.bins.iter().map(|(&bin, &count)| {
            let (low, high) = bounds(bin);
            let [low, middle, high] = [low, bin_midpoint(bin), high].map(|value| self.within(value));
            Bin { low, middle, high, count }
        })
    }

    fn within(&self, value: u64) -> u64 {
        self.range.map_or(value, |(min, max)| value.max(min).min(max))
    }

    /// The smallest value that at least the share `q` (0 to 1) of all values does not exceed; none when there are none.
    #[must_use]
    pub fn quantile(&self, q: f64) -> Option<u64> {
        let exact = q.clamp(0.0, 1.0) * self.count as f64;
        // 0.07 of 100 is a little more than 7 in binary, but rank 7 is meant.
        let near = exact.round();
        let rank = if (exact - near).abs() <= exact * 1e-12 { near } else { exact.ceil() };
        self.ranked(std::iter::once(rank as u64)).pop()
    }

    /// The quantiles 0 %, 1 % … 100 %: 101 values, the first and the last exact; empty when there are no values.
    #[must_use]
    pub fn quantiles(&self) -> Vec<u64> {
        let rank = |percent: u128| (u128::from(self.count) * percent).div_ceil(100) as u64;
        self.ranked((0..=100).map(rank))
    }

    /// The values of these ranks, which ascend and count from 1.
    fn ranked(&self, ranks: impl Iterator<Item = u64>) -> Vec<u64> {
        let Some((min, max)) = self.range else { return Vec::new() };
        let mut bins = self.bins.iter();
        let (mut seen, mut value) = (0_u64, min);
        let values = ranks.map(|rank| {
            while seen < rank {
                let Some((&bin, &count)) = bins.next() else { break };
                seen = seen.saturating_add(count);
                value = self.within(bin_midpoint(bin));
            }
            match rank {
                0 | 1 => min,
                _ if rank >= self.count => max,
                _ => value,
            }
        });
        values.collect()
    }
}

/// What is known of the values of a bin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bin {
    /// No value is less.
    pub(super) low: u64,
    pub(super) middle: u64,
    /// No value is more.
    pub(super) high: u64,
    pub(super) count: u64,
}

/// The least value of a bin, and where the next begins; of a bin of one value, that twice.
pub(super) const fn bounds(bin: u16) -> (u64, u64) {
    if bin < 128 {
        return (bin as u64, bin as u64);
    }
    let shift = (bin >> 6) - 1;
    let low = (64 + (bin as u64 & 63)) << shift;
    (low, low.saturating_add(1 << shift))
}

/// A histogram as it stands in JSON.
#[derive(Serialize, Deserialize)]
struct Stored {
    bins: Vec<(u16, u64)>,
    sum: String,
    min: Option<u64>,
    max: Option<u64>,
}

impl From<Histogram> for Stored {
    fn from(histogram: Histogram) -> Self {
        let (min, max) = (histogram.min(), histogram.max());
        Self { bins: histogram.bins.into_iter().collect(), sum: histogram.sum.to_string(), min, max }
    }
}

/// Why a text is no histogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Malformed {
    #[error("a bin of a histogram is unknown, empty or not in order")]
    Bin,
    #[error("the sum of a histogram is no whole number")]
    Sum,
    #[error("minimum and maximum of a histogram do not fit its bins")]
    Range,
}

impl TryFrom<Stored> for Histogram {
    type Error = Malformed;

    fn try_from(stored: Stored) -> Result<Self, Malformed> {
        let Stored { bins, sum, min, max } = stored;
        let known = bins.iter().all(|&(bin, count)| usize::from(bin) < BIN_COUNT && count > 0);
        if !known || !bins.is_sorted_by(|(one, _), (next, _)| one < next) {
            return Err(Malformed::Bin);
        }
        let ends = bins.first().zip(bins.last()).map(|((first, _), (last, _))| (*first, *last));
        let range = min.zip(max);
        if range.is_some_and(|(min, max)| min > max) || range.map(|(min, max)| (bin_of(min), bin_of(max))) != ends {
            return Err(Malformed::Range);
        }
        let sum = sum.parse().map_err(|_| Malformed::Sum)?;
        let count = bins.iter().fold(0_u64, |count, (_, more)| count.saturating_add(*more));
        Ok(Self { bins: bins.into_iter().collect(), count, sum, range })
    }
}
