//! Parameters of the greatest likelihood, for families that have one mode.
//!
//! In: a sample. Out: a distribution. Guaranteed: closed formulas, and one equation that Newton's method solves in a
//! bounded number of steps (N. L. Johnson, S. Kotz, N. Balakrishnan, Continuous Univariate Distributions 1, 1994).

use super::sample::Sample;
use crate::model::Distribution;

/// The mean is the sample's, of exact values.
pub(super) const fn exponential(sample: &Sample) -> Distribution {
    Distribution::Exponential { mean: sample.mean }
}

/// Mean and deviation are the logarithms'.
pub(super) const fn lognormal(sample: &Sample) -> Distribution {
    Distribution::Lognormal { mu: sample.ln_mean, sigma: sample.ln_sigma }
}

/// The minimum is the sample's, or the least value of the first bin when there are zeros; the shape is the reciprocal of the mean of ln(value / minimum).
pub(super) fn pareto(sample: &Sample) -> Distribution {
    let minimum = sample.points.first().map_or(0.0, |least| least.low);
    Distribution::Pareto { minimum, shape: (sample.ln_mean - minimum.ln()).recip() }
}

/// The shape k solves Σ xᵏ ln x / Σ xᵏ − 1/k = mean of ln x, whose left side only grows with k.
pub(super) fn weibull(sample: &Sample) -> Distribution {
    const MOST_STEPS: usize = 60;
    let ln_max = sample.points.last().map_or(0.0, |greatest| greatest.ln);
    // Powers of value / maximum are at most 1 and never overflow.
    let powers = |shape: f64| {
        sample.points.iter().fold([0.0; 3], |[zeroth, first, second], at| {
            let ln = at.ln - ln_max;
            let power = at.count * (shape * ln).exp();
            [zeroth + power, first + power * ln, second + power * ln * ln]
        })
    };
    // The logarithm of a Weibull variable has the deviation π / (√6 shape).
    let mut shape = std::f64::consts::PI / (6.0_f64.sqrt() * sample.ln_sigma);
    for _ in 0..MOST_STEPS {
        let [zeroth, first, second] = powers(shape);
        let mean = first / zeroth;
        let excess = mean - shape.recip() - (sample.ln_mean - ln_max);
        let slope = second / zeroth - mean * mean + shape.powi(-2);
        let next = (shape - excess / slope).max(shape / 4.0);
        let done = (next - shape).abs() <= 1e-12 * shape;
        shape = next;
        if done {
            break;
        }
    }
    let [zeroth, ..] = powers(shape);
    Distribution::Weibull { shape, scale: (ln_max + (zeroth / sample.n).ln() / shape).exp() }
}
