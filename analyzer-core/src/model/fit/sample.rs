//! What fits are made of.
//!
//! In: a histogram. Out: its positive points as floats, with their logarithms. Guaranteed: at least two points.

use crate::model::Histogram;

/// Positive values with their counts.
#[derive(Debug)]
pub(super) struct Sample {
    /// Ascending.
    pub(super) points: Vec<Point>,
    /// Sum of the counts.
    pub(super) n: f64,
    /// Of the exact values.
    pub(super) mean: f64,
    /// Of the logarithms.
    pub(super) ln_mean: f64,
    /// Standard deviation of the logarithms, with n.
    pub(super) ln_sigma: f64,
}

/// The values of a bin, taken for its midpoint.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    pub(super) value: f64,
    pub(super) ln: f64,
    pub(super) count: f64,
    /// No value of the bin is less.
    pub(super) low: f64,
    /// No value of the bin is more.
    pub(super) high: f64,
}

impl Sample {
    /// None when all positive values are in one bin, because no family is as narrow.
    pub(super) fn of(histogram: &Histogram, unit: f64) -> Option<Self> {
        let points = histogram.bins().filter(|bin| bin.middle > 0).map(|bin| {
            let [low, value, high] = [bin.low, bin.middle, bin.high].map(|value| value as f64 * unit);
            Point { value, ln: value.ln(), count: bin.count as f64, low, high }
        });
        let points: Vec<Point> = points.collect();
        if points.len() < 2 {
            return None;
        }
        let n = (histogram.count() - histogram.zeros()) as f64;
        let mean = histogram.sum() as f64 * unit / n;
        let ln_mean = points.iter().map(|at| at.count * at.ln).sum::<f64>() / n;
        let variance = points.iter().map(|at| at.count * (at.ln - ln_mean).powi(2)).sum::<f64>() / n;
        Some(Self { points, n, mean, ln_mean, ln_sigma: variance.sqrt() })
    }
}
