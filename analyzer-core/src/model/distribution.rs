//! Families of distributions that models are fitted with.
//!
//! In: parameters. Out: cdf, density, quantiles and mean. Guaranteed: no panic for any parameters; those that make no
//! distribution (a negative scale, say) give NaN.

use super::significant::significant;
use serde::{Deserialize, Serialize};
use statrs::distribution::{Continuous, ContinuousCDF, Exp, LogNormal, Pareto, Weibull};
use statrs::statistics::Distribution as _;

/// A distribution of positive values. Scales are in the unit of the values (bytes, s or objects).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "family", rename_all = "snake_case")]
pub enum Distribution {
    /// Memoryless.
    Exponential {
        /// In the unit of the values.
        mean: f64,
    },
    /// The logarithm is normal.
    Lognormal {
        /// Mean of ln(value).
        mu: f64,
        /// Standard deviation of ln(value).
        sigma: f64,
    },
    /// 1 − exp(−(x / scale)^shape).
    Weibull {
        /// Below 1: heavier tail than the exponential's.
        shape: f64,
        /// In the unit of the values.
        scale: f64,
    },
    /// Type I: 1 − (minimum / x)^shape.
    Pareto {
        /// No value is below it; in the unit of the values.
        minimum: f64,
        /// Tail index: the mean is infinite up to 1, the variance up to 2.
        shape: f64,
    },
    /// One of two lognormals.
    LognormalMixture {
        /// Share of the first, which has the lower mu.
        weight: f64,
        /// Means of ln(value).
        mu: [f64; 2],
        /// Standard deviations of ln(value).
        sigma: [f64; 2],
    },
}

impl Distribution {
    /// The name in results.
    #[must_use]
    pub const fn family(&self) -> &'static str {
        match self {
            Self::Exponential { .. } => "exponential",
            Self::Lognormal { .. } => "lognormal",
            Self::Weibull { .. } => "weibull",
            Self::Pareto { .. } => "pareto",
            Self::LognormalMixture { .. } => "lognormal_mixture",
        }
    }

    /// How many parameters are fitted, for Akaike's criterion.
    #[must_use]
    pub const fn parameters(&self) -> u32 {
        match self {
            Self::Exponential { .. } => 1,
            Self::Lognormal { .. } | Self::Weibull { .. } | Self::Pareto { .. } => 2,
            Self::LognormalMixture { .. } => 5,
        }
    }

    /// Share of the values up to `x`.
    #[must_use]
    pub fn cdf(&self, x: f64) -> f64 {
        match *self {
            Self::Exponential { mean } => Exp::new(mean.recip()).map_or(f64::NAN, |of| of.cdf(x)),
            Self::Lognormal { mu, sigma } => LogNormal::new(mu, sigma).map_or(f64::NAN, |of| of.cdf(x)),
            // statrs takes the powers of value and scale apart: of narrow distributions they overflow.
            Self::Weibull { shape, scale } if shape > 0.0 && scale > 0.0 => {
                -(-(x.max(0.0) / scale).powf(shape)).exp_m1()
            }
            Self::Weibull { .. } => f64::NAN,
            Self::Pareto { minimum, shape } => Pareto::new(minimum, shape).map_or(f64::NAN, |of| of.cdf(x)),
            Self::LognormalMixture { weight, .. } => {
                let [first, second] = self.components().map(|of| of.cdf(x));
                weight * first + (1.0 - weight) * second
            }
        }
    }

    /// Logarithm of the density at `x`; −∞ where there is none.
    #[must_use]
    pub fn ln_pdf(&self, x: f64) -> f64 {
        match *self {
            Self::Exponential { mean } => Exp::new(mean.recip()).map_or(f64::NAN, |of| of.ln_pdf(x)),
            Self::Lognormal { mu, sigma } => LogNormal::new(mu, sigma).map_or(f64::NAN, |of| of.ln_pdf(x)),
            Self::Weibull { .. } if x <= 0.0 => f64::NEG_INFINITY,
            Self::Weibull { shape, scale } if shape > 0.0 && scale > 0.0 => {
                let ln = (x / scale).ln();
                (shape / scale).ln() + (shape - 1.0) * ln - (shape * ln).exp()
            }
            Self::Weibull { .. } => f64::NAN,
            Self::Pareto { minimum, shape } => Pareto::new(minimum, shape).map_or(f64::NAN, |of| of.ln_pdf(x)),
            Self::LognormalMixture { weight, .. } => {
                let [first, second] = self.components().map(|of| of.ln_pdf(x));
                let (first, second) = (weight.ln() + first, (-weight).ln_1p() + second);
                let greater = first.max(second);
                // The greater is taken out, because both densities may be too small for a float.
                if greater == f64::NEG_INFINITY { greater } else { greater + (-(first - second).abs()).exp().ln_1p() }
            }
        }
    }

    /// The mean in the unit of the values; `None` when it is infinite or too great for a float.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        let mean = match *self {
            Self::Exponential { mean } => Some(mean),
            Self::Lognormal { mu, sigma } => LogNormal::new(mu, sigma).ok()?.mean(),
            Self::Weibull { shape, scale } => Weibull::new(shape, scale).ok()?.mean(),
            Self::Pareto { minimum, shape } if shape > 1.0 => Pareto::new(minimum, shape).ok()?.mean(),
            Self::Pareto { .. } => None,
            Self::LognormalMixture { weight, .. } => {
                let [first, second] = self.components().map(|of| of.mean());
                Some(weight * first? + (1.0 - weight) * second?)
            }
        };
        mean.filter(|mean| mean.is_finite())
    }

    /// The value that the share `p` does not exceed; `p` is clamped to 0 … 1, and 1 may give ∞.
    #[must_use]
    pub fn quantile(&self, p: f64) -> f64 {
        let p = p.clamp(0.0, 1.0);
        match *self {
            Self::Exponential { mean } => -mean * (-p).ln_1p(),
            Self::Lognormal { mu, sigma } => LogNormal::new(mu, sigma).map_or(f64::NAN, |of| of.inverse_cdf(p)),
            Self::Weibull { shape, scale } => scale * (-(-p).ln_1p()).powf(shape.recip()),
            Self::Pareto { minimum, shape } => minimum * (-(-p).ln_1p() / shape).exp(),
            Self::LognormalMixture { .. } => self.mixture_quantile(p),
        }
    }

    /// The quantile of a mixture has no formula, but lies between those of its components.
    fn mixture_quantile(&self, p: f64) -> f64 {
        let [first, second] = self.components().map(|of| of.quantile(p).ln());
        let (mut low, mut high) = (first.min(second), first.max(second));
        if !(low.is_finite() && high.is_finite()) {
            return low.exp();
        }
        for _ in 0..64 {
            let middle = f64::midpoint(low, high);
            if self.cdf(middle.exp()) < p { low = middle } else { high = middle }
        }
        high.exp()
    }

    /// The two lognormals of a mixture; anything else is twice itself.
    const fn components(&self) -> [Self; 2] {
        match *self {
            Self::LognormalMixture { mu, sigma, .. } => {
                [Self::Lognormal { mu: mu[0], sigma: sigma[0] }, Self::Lognormal { mu: mu[1], sigma: sigma[1] }]
            }
            other => [other; 2],
        }
    }

    /// The same with parameters as they are written.
    pub(super) fn rounded(self) -> Self {
        match self {
            Self::Exponential { mean } => Self::Exponential { mean: significant(mean) },
            Self::Lognormal { mu, sigma } => Self::Lognormal { mu: significant(mu), sigma: significant(sigma) },
            Self::Weibull { shape, scale } => Self::Weibull { shape: significant(shape), scale: significant(scale) },
            Self::Pareto { minimum, shape } => {
                Self::Pareto { minimum: significant(minimum), shape: significant(shape) }
            }
            Self::LognormalMixture { weight, mu, sigma } => Self::LognormalMixture {
                weight: significant(weight),
                mu: mu.map(significant),
                sigma: sigma.map(significant),
            },
        }
    }
}
