//! One value of a variable.
//!
//! In: a variable of a model and a share. Out: the value that this share of all values does not exceed (inverse transform).
//! Guaranteed: from the best fit, which is the first; from the quantiles where there is no fit; as many zeros as there were,
//! since fits leave them out.

use super::random::Random;
use analyzer_core::model::Variable;

/// Fits with a tail that has no mean may draw what no capture holds; nothing is longer or larger than this many s, bytes
/// or objects.
const MOST: f64 = 1e12;

/// A value in the variable's unit; `None` when it never had one.
pub(super) fn draw(variable: &Variable, random: &mut Random) -> Option<f64> {
    (variable.n > 0).then(|| at(variable, random.share()))
}

fn at(variable: &Variable, share: f64) -> f64 {
    let Some(fit) = variable.fits.first() else { return between(&variable.quantiles, share) };
    let zeros = variable.zeros as f64 / variable.n as f64;
    if share < zeros {
        return 0.0;
    }
    let value = fit.distribution.quantile((share - zeros) / (1.0 - zeros));
    if value.is_finite() { value.clamp(0.0, MOST) } else { MOST }
}

/// On the line through the quantiles.
fn between(quantiles: &[f64], share: f64) -> f64 {
    let Some(last) = quantiles.len().checked_sub(1) else { return 0.0 };
    let place = share * last as f64;
    let below = (place as usize).min(last);
    let (low, high) = (quantiles[below], quantiles[(below + 1).min(last)]);
    low + (high - low) * (place - below as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use analyzer_core::model::{Histogram, Unit};

    fn variable(values: impl IntoIterator<Item = u64>) -> Variable {
        let mut bins = Histogram::default();
        values.into_iter().for_each(|value| bins.add(value));
        Variable::of(Unit::Object, bins)
    }

    #[test]
    fn without_a_fit_the_quantiles_are_drawn() {
        let few = variable([10, 10, 30]);
        assert!(few.fits.is_empty());
        for (share, value) in [(0.0, 10.0), (0.5, 10.0), (0.9, 30.0), (1.0, 30.0)] {
            assert!((at(&few, share) - value).abs() < 1e-9, "{share}");
        }
        assert_eq!(at(&variable([7; 100]), 0.37).to_bits(), 7.0_f64.to_bits(), "equal values have no fit");
        assert_eq!(draw(&variable([]), &mut Random::new(0)), None);
    }

    #[test]
    fn zeros_are_as_many_as_there_were() {
        let mixed = variable((0..1_000).map(|at| if at % 4 == 0 { 0 } else { at }));
        assert!(!mixed.fits.is_empty());
        assert_eq!(at(&mixed, 0.2499).to_bits(), 0.0_f64.to_bits());
        assert!(at(&mixed, 0.2501) > 0.0);
        // What is left of the shares is the whole of the fit.
        let median = mixed.fits[0].distribution.quantile(0.5);
        assert!((at(&mixed, 0.625) - median).abs() < 1e-9 * median);
    }
}
