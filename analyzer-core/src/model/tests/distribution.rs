//! The families: that cdf, density, quantile and mean belong together.

use crate::model::Distribution;

const DISTRIBUTIONS: [Distribution; 8] = [
    Distribution::Exponential { mean: 0.004 },
    Distribution::Lognormal { mu: 8.0, sigma: 1.5 },
    Distribution::Weibull { shape: 0.6, scale: 20_000.0 },
    // So narrow that the powers of value and scale alone are no floats.
    Distribution::Weibull { shape: 400.0, scale: 1e9 },
    Distribution::Pareto { minimum: 500.0, shape: 1.3 },
    Distribution::Pareto { minimum: 1e-6, shape: 0.4 },
    Distribution::LognormalMixture { weight: 0.3, mu: [-5.0, 2.0], sigma: [0.3, 1.0] },
    Distribution::LognormalMixture { weight: 0.999, mu: [7.0, 7.0], sigma: [1.0, 0.01] },
];

fn near(one: f64, other: f64, relative: f64) -> bool {
    (one - other).abs() <= relative * one.abs().max(other.abs())
}

#[test]
fn the_quantile_inverts_the_cdf() {
    for of in DISTRIBUTIONS {
        for p in [0.001, 0.01, 0.2, 0.5, 0.77, 0.99, 0.9999] {
            let x = of.quantile(p);
            assert!(near(of.cdf(x), p, 1e-7), "{of:?}: {p} gives {x}, which gives {}", of.cdf(x));
        }
        assert!(of.quantile(0.0) >= 0.0 && of.quantile(-1.0) >= 0.0 && of.quantile(2.0) > of.quantile(0.9999));
        assert!(of.cdf(0.0) == 0.0 && of.cdf(-1.0) == 0.0 && near(of.cdf(f64::MAX), 1.0, 1e-12), "{of:?}");
    }
}

#[test]
fn the_density_is_the_slope_of_the_cdf() {
    for of in DISTRIBUTIONS {
        for p in [0.05, 0.4, 0.9] {
            let x = of.quantile(p);
            let step = 1e-5 * (of.quantile(p + 0.01) - of.quantile(p));
            let slope = (of.cdf(x + step) - of.cdf(x - step)) / (2.0 * step);
            assert!(near(of.ln_pdf(x).exp(), slope, 1e-4), "{of:?} at {x}: {} for {slope}", of.ln_pdf(x).exp());
        }
    }
}

#[test]
fn the_mean_is_that_of_the_quantiles() {
    for of in DISTRIBUTIONS {
        let Some(mean) = of.mean() else { continue };
        let n = 20_000;
        let sum: f64 = (0..n).map(|at| of.quantile((f64::from(at) + 0.5) / f64::from(n))).sum();
        // The tail of a Pareto distribution with a shape near 1 has much of the mean.
        let tolerance = if of.family() == "pareto" { 0.15 } else { 0.002 };
        assert!(near(sum / f64::from(n), mean, tolerance), "{of:?}: {mean} for {}", sum / f64::from(n));
    }
    let infinite = [
        Distribution::Pareto { minimum: 1.0, shape: 1.0 },
        Distribution::Pareto { minimum: 1.0, shape: 0.4 },
        Distribution::Lognormal { mu: 1.0, sigma: 1e200 },
    ];
    assert!(infinite.iter().all(|of| of.mean().is_none()));
}

#[test]
fn names_and_parameters() {
    for (of, family, parameters) in [
        (DISTRIBUTIONS[0], "exponential", 1),
        (DISTRIBUTIONS[1], "lognormal", 2),
        (DISTRIBUTIONS[2], "weibull", 2),
        (DISTRIBUTIONS[4], "pareto", 2),
        (DISTRIBUTIONS[6], "lognormal_mixture", 5),
    ] {
        assert_eq!((of.family(), of.parameters()), (family, parameters));
        let json = serde_json::to_value(of).expect("JSON");
        assert_eq!(json["family"], family);
        assert_eq!(serde_json::from_value::<Distribution>(json).expect("read back"), of);
    }
}

#[test]
fn parameters_that_make_no_distribution_give_no_number() {
    for of in [
        Distribution::Exponential { mean: -1.0 },
        Distribution::Lognormal { mu: 0.0, sigma: -1.0 },
        Distribution::Weibull { shape: -1.0, scale: 1.0 },
        Distribution::Pareto { minimum: f64::NAN, shape: 1.0 },
        Distribution::LognormalMixture { weight: 0.5, mu: [0.0, 1.0], sigma: [f64::NAN, 1.0] },
    ] {
        assert!(of.cdf(1.0).is_nan() && of.ln_pdf(1.0).is_nan(), "{of:?}");
        let (_, _) = (of.mean(), of.quantile(0.3));
    }
}
