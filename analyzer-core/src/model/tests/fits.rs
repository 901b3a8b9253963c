//! When there are fits, and what of.

use super::{histogram, random};
use crate::model::{Fit, Histogram, MIN_SAMPLES, Unit, Variable, fits};

fn families(fits: &[Fit]) -> Vec<&'static str> {
    fits.iter().map(|fit| fit.distribution.family()).collect()
}

#[test]
fn few_or_equal_values_are_not_fitted() {
    let fitted = |histogram: &Histogram| fits(histogram, 1.0).len();
    assert_eq!(fitted(&Histogram::default()), 0);
    assert_eq!(fitted(&histogram(1..MIN_SAMPLES)), 0, "29 values");
    assert_eq!(fitted(&histogram(1..=MIN_SAMPLES)), 5, "30 values");
    assert_eq!(fitted(&histogram([0; 1000])), 0);
    assert_eq!(fitted(&histogram([1500; 1000])), 0);
    assert_eq!(fitted(&histogram([4096, 4097].repeat(500))), 0, "one bin");
    assert_eq!(fitted(&histogram([1, 2].repeat(500))), 5);
    assert_eq!(fitted(&histogram((1..MIN_SAMPLES).chain([0; 50]))), 0, "zeros do not count");
}

#[test]
fn zeros_are_counted_and_left_out_of_the_fits() {
    let positive = || random(400).map(|value| value % 5_000_000_000 + 1);
    let without = Variable::of(Unit::Second, histogram(positive()));
    let with = Variable::of(Unit::Second, histogram(positive().chain([0; 100])));
    assert_eq!((without.n, without.zeros, with.n, with.zeros), (400, 0, 500, 100));
    assert_eq!(families(&with.fits), families(&without.fits));
    let [mine, theirs] = [&with, &without].map(|of| of.fits.iter().find(|fit| fit.distribution.parameters() == 1));
    assert_eq!(mine, theirs);
    assert!(mine.is_some());
    assert_eq!((with.min, with.quantiles[20], with.mean < without.mean), (Some(0.0), 0.0, true));
}

#[test]
fn the_least_aic_comes_first() {
    // By KS the order is another: the lognormal is nearer in one place, the Weibull in most.
    let modes = random(2000).map(|value| if value % 3 == 0 { 100 + value % 97 } else { 5_000 + value % 30_000 });
    let fits = fits(&histogram(modes), 1.0);
    assert_eq!(fits.len(), 5);
    assert!(fits.is_sorted_by(|one, next| one.goodness.aic <= next.goodness.aic));
    assert!(!fits.is_sorted_by(|one, next| one.goodness.ks <= next.goodness.ks), "{fits:?}");
}

#[test]
fn both_sides_of_a_step_are_compared() {
    let fits = fits(&histogram([1].repeat(90).into_iter().chain([100; 10])), 1.0);
    let exponential = fits.iter().find(|fit| fit.distribution.family() == "exponential").expect("fitted");
    // Nine of ten values are 1, where the exponential cdf of the mean 10.9 is only 0.088.
    assert!((exponential.goodness.ks - (0.9 - exponential.distribution.cdf(1.0))).abs() < 1e-6, "{exponential:?}");
}

#[test]
fn the_unit_scales_parameters_and_nothing_else() {
    let of = histogram(random(500).map(|value| value % 3_000_000 + 500));
    let (nanos, seconds) = (fits(&of, 1.0), fits(&of, 1e-9));
    assert_eq!(families(&nanos), families(&seconds));
    for (one, other) in nanos.iter().zip(&seconds) {
        assert!((one.goodness.ks - other.goodness.ks).abs() < 1e-5);
        let [one, other] = [one, other].map(|fit| fit.distribution.quantile(0.3));
        assert!((one * 1e-9 / other - 1.0).abs() < 1e-4, "{one} ns, {other} s");
    }
}

#[test]
fn hostile_values_give_finite_fits_or_none() {
    for of in [
        histogram([1, u64::MAX].repeat(100)),
        histogram((0..64).map(|shift| 1 << shift)),
        histogram(std::iter::repeat_n(1, 100_000).chain([u64::MAX])),
        histogram(std::iter::repeat_n(1_000_000, 100_000).chain([1_020_000])),
    ] {
        for unit in [1.0, 1e-9] {
            for fit in fits(&of, unit) {
                let text = serde_json::to_string(&fit).expect("JSON");
                assert!(!text.contains("null"), "{text}");
                assert_eq!(serde_json::from_str::<Fit>(&text).expect("read back"), fit);
            }
        }
    }
}

#[test]
fn a_narrow_mode_within_a_wide_one_is_found() {
    // Three of ten objects have 1,460 bytes; the others are spread around.
    let wide = random(7000).map(|value| 100 + value % 40_000);
    let best = fits(&histogram(wide.chain([1460; 3000])), 1.0)[0];
    let text = serde_json::to_value(best).expect("JSON");
    assert_eq!(text["family"], "lognormal_mixture");
    let (weight, mu) = (text["weight"].as_f64().unwrap_or_default(), text["mu"][0].as_f64().unwrap_or_default());
    assert!((weight - 0.3).abs() < 0.02 && (mu - 1460_f64.ln()).abs() < 0.01, "{text}");
}
