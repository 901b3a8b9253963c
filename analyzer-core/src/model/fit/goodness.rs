//! How near a distribution is to a sample.
//!
//! In: both. Out: Kolmogorov–Smirnov, Anderson–Darling and Akaike. Guaranteed: one pass over the points.
//!
//! Up to the least value of a bin and from its greatest on, the empirical cdf is exact. Between them its steps are not
//! known, and it is taken to rise as the distribution's does: one step in the middle would say that a million values are
//! far from any distribution.

use super::Goodness;
use super::sample::Sample;
use crate::model::Distribution;
use crate::model::significant::significant;

/// A cdf nearer to 0 or 1 counts as this near: A² would be infinite for Pareto's, which is 0 at the minimum.
const NEAREST: f64 = 1e-12;

/// Measures the distance.
pub(super) fn measure(distribution: &Distribution, sample: &Sample) -> Goodness {
    let (mut ks, mut ad, mut ln_likelihood) = (0.0_f64, 0.0_f64, 0.0_f64);
    let (mut seen, mut share, mut last) = (0.0_f64, 0.0_f64, 0.0_f64);
    // Most bins begin where the one before ends.
    let (mut end, mut cdf_there) = (0.0_f64, 0.0_f64);
    for at in &sample.points {
        let low = if at.low == end { cdf_there } else { distribution.cdf(at.low) };
        let high = if at.high > at.low { distribution.cdf(at.high) } else { low };
        (end, cdf_there) = (at.high, high);
        seen += at.count;
        let next = seen / sample.n;
        ks = ks.max((low - share).abs()).max((next - high).abs());
        ln_likelihood += at.count * distribution.ln_pdf(at.value);
        let [low, high] = [low, high].map(|cdf| cdf.clamp(NEAREST, 1.0 - NEAREST));
        ad += between(share, last, low) + within(share, next, low, high);
        (share, last) = (next, high);
    }
    ad += between(1.0, last, 1.0);
    Goodness { ks, ad: ad * sample.n, aic: 2.0 * f64::from(distribution.parameters()) - 2.0 * ln_likelihood }
}

/// ∫ (share − u)² / (u (1 − u)) du from `low` to `high`, where the empirical cdf stays at `share`. Their sum over all
/// steps is A² / n; for values that all differ it is the usual sum over ranks.
fn between(share: f64, low: f64, high: f64) -> f64 {
    let rest = 1.0 - share;
    let up = if share > 0.0 { share * share * (high / low).ln() } else { 0.0 };
    let down = if rest > 0.0 { rest * rest * ((1.0 - low) / (1.0 - high)).ln() } else { 0.0 };
    up + down - (high - low)
}

/// The same integral in a bin, where the empirical cdf rises in a line from `share` to `next`: by Simpson's rule over
/// the logit of u, of which du / (u (1 − u)) is the differential.
fn within(share: f64, next: f64, low: f64, high: f64) -> f64 {
    if high <= low {
        return 0.0;
    }
    let [from, to] = [low, high].map(|u| (u / (1.0 - u)).ln());
    let middle = (1.0 + (-f64::midpoint(from, to)).exp()).recip();
    let share_there = share + (next - share) * (middle - low) / (high - low);
    (to - from) / 6.0 * ((share - low).powi(2) + 4.0 * (share_there - middle).powi(2) + (next - high).powi(2))
}

impl Goodness {
    /// As it is written.
    pub(super) fn rounded(self) -> Self {
        Self { ks: significant(self.ks), ad: significant(self.ad), aic: significant(self.aic) }
    }
}
