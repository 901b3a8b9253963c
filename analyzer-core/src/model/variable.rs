//! One variable of a model.
//!
//! In: a histogram. Out: its quantiles and fits in the unit that is told. Guaranteed: all made of the histogram, so that
//! a merged variable equals one that was made of all values at once; every float has 6 significant digits.

use super::significant::significant;
use super::{Fit, Histogram, fits};
use serde::{Deserialize, Serialize};

/// The distribution of one quantity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Variable {
    /// Unit of the floats.
    pub unit: Unit,
    /// How many values there are.
    pub n: u64,
    /// How many of them are 0: the fits are made of the others, `n − zeros`.
    pub zeros: u64,
    /// Mean, zeros included; none without values.
    pub mean: Option<f64>,
    /// Least value.
    pub min: Option<f64>,
    /// Greatest value.
    pub max: Option<f64>,
    /// 0 %, 1 % … 100 %, zeros included; empty without values.
    pub quantiles: Vec<f64>,
    /// Fits of the positive values, least AIC first; empty for fewer than [`MIN_SAMPLES`](super::MIN_SAMPLES).
    pub fits: Vec<Fit>,
    /// What all this is made of, in bytes, ns or objects.
    pub bins: Histogram,
}

impl Variable {
    /// Of the values of a histogram: bytes, ns or objects, by the unit.
    #[must_use]
    pub fn of(unit: Unit, bins: Histogram) -> Self {
        let scaled = |value: u64| significant(value as f64 * unit.scale());
        Self {
            unit,
            n: bins.count(),
            zeros: bins.zeros(),
            mean: bins.mean().map(|mean| significant(mean * unit.scale())),
            min: bins.min().map(scaled),
            max: bins.max().map(scaled),
            quantiles: bins.quantiles().into_iter().map(scaled).collect(),
            fits: fits(&bins, unit.scale()),
            bins,
        }
    }
}

/// Unit of a variable's floats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    /// Bytes.
    #[serde(rename = "byte")]
    Byte,
    /// Seconds; the histogram counts ns.
    #[serde(rename = "s")]
    Second,
    /// Objects.
    #[serde(rename = "object")]
    Object,
}

impl Unit {
    /// The name in results.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Byte => "byte",
            Self::Second => "s",
            Self::Object => "object",
        }
    }

    /// What one step of the histogram's integers is in this unit.
    const fn scale(self) -> f64 {
        match self {
            Self::Byte | Self::Object => 1.0,
            Self::Second => 1e-9,
        }
    }
}
