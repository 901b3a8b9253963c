//! Fits of distributions by maximum likelihood, and how good they are.
//!
//! In: a histogram and the unit of its integers. Out: one fit for each family, the best first. Guaranteed: made of the
//! histogram alone, in one order; so equal histograms have equal fits.

mod estimate;
mod goodness;
mod mixture;
mod sample;

use super::{Distribution, Histogram};
use sample::Sample;
use serde::{Deserialize, Serialize};

/// A distribution and how well it fits.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    /// With the parameters of the greatest likelihood.
    #[serde(flatten)]
    pub distribution: Distribution,
    /// How near it is to the values.
    #[serde(flatten)]
    pub goodness: Goodness,
}

/// How near a distribution is to the values. There is no p-value: with as many values as a capture has, every family
/// is rejected, and what counts is which is nearest.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Goodness {
    /// Kolmogorov–Smirnov: greatest distance of the two cdfs, at the bounds of bins, where the empirical one is exact.
    pub ks: f64,
    /// Anderson–Darling A², as if the values of a bin were spread out in it as the distribution has it.
    pub ad: f64,
    /// Akaike's criterion, 2k − 2 ln L. Only differences between fits of the same values mean something.
    pub aic: f64,
}

/// Fewer values are not fitted.
pub const MIN_SAMPLES: u64 = 30;

/// Fits of the positive values, least AIC first. A value is `unit` times its integer.
///
/// Values of 0 have no logarithm and are left out. Empty when fewer than [`MIN_SAMPLES`] are left or all are equal.
#[must_use]
pub fn fits(histogram: &Histogram, unit: f64) -> Vec<Fit> {
    if histogram.count() - histogram.zeros() < MIN_SAMPLES {
        return Vec::new();
    }
    let Some(sample) = Sample::of(histogram, unit) else { return Vec::new() };
    let distributions = [
        estimate::exponential(&sample),
        estimate::lognormal(&sample),
        estimate::weibull(&sample),
        estimate::pareto(&sample),
        mixture::estimate(&sample),
    ];
    let fits = distributions.into_iter().map(|distribution| Fit {
        distribution: distribution.rounded(),
        goodness: goodness::measure(&distribution, &sample).rounded(),
    });
    let mut fits: Vec<Fit> = fits.filter(Fit::is_finite).collect();
    // Sorted as rounded: what differs in the last bit only, on another machine, then stands in the same order.
    fits.sort_by(|one, other| one.goodness.aic.total_cmp(&other.goodness.aic));
    fits
}

impl Fit {
    /// Parameters that are too great for a float have NaN or ∞ in their measures.
    const fn is_finite(&self) -> bool {
        let Goodness { ks, ad, aic } = self.goodness;
        ks.is_finite() && ad.is_finite() && aic.is_finite()
    }
}
