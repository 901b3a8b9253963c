//! Fits of binned values against those that scipy 1.17 and scikit-learn 1.9 make of the values themselves.

use super::{histogram, random};
use crate::model::{Distribution, Histogram, fits};

/// Set, family, parameters, KS, A² and ln L: printed by `reference.py`.
type Expected = (&'static str, &'static str, &'static [f64], f64, f64, f64);

#[rustfmt::skip]
const EXPECTED: &[Expected] = &[
    ("exponential", "exponential", &[4998.28], 0.00067, 0.0016, -9516.85),
    ("exponential", "lognormal", &[7.94067, 1.27836], 0.07093, 12.0791, -9605.19),
    ("exponential", "weibull", &[1.00101, 5000.42], 0.00086, 0.0018, -9516.85),
    ("exponential", "pareto", &[3.0, 0.146155], 0.43460, 308.9700, -10863.76),
    ("exponential", "lognormal_mixture", &[0.282347, 6.74138, 8.41251, 1.44916, 0.813893], 0.01687, 0.7164, -9529.74),
    ("lognormal", "exponential", &[9117.73], 0.22413, 243.3898, -20235.95),
    ("lognormal", "lognormal", &[7.99999, 1.49957], 0.00045, 0.0009, -19648.21),
    ("lognormal", "weibull", &[0.668284, 6310.41], 0.06038, 23.4744, -19808.44),
    ("lognormal", "pareto", &[16.0, 0.1913], 0.36995, 466.1140, -21307.80),
    ("lognormal", "lognormal_mixture", &[0.843292, 7.85707, 8.76907, 1.47271, 1.40599], 0.00054, 0.0012, -19648.20),
    ("weibull", "exponential", &[30057.0], 0.20559, 203.7993, -16966.28),
    ("weibull", "lognormal", &[8.94568, 2.11615], 0.07006, 17.7785, -16671.32),
    ("weibull", "weibull", &[0.601171, 20019.9], 0.00259, 0.0078, -16546.44),
    ("weibull", "pareto", &[1.0, 0.111786], 0.39769, 407.8864, -18205.27),
    ("weibull", "lognormal_mixture", &[0.292015, 6.97755, 9.75745, 2.34669, 1.34056], 0.01598, 0.9837, -16561.87),
    ("pareto", "exponential", &[1896.8], 0.23172, 108.5264, -8547.92),
    ("pareto", "lognormal", &[6.98357, 0.767077], 0.15806, 46.3698, -8137.34),
    ("pareto", "weibull", &[0.861632, 1671.27], 0.29780, 102.7900, -8509.69),
    ("pareto", "pareto", &[500.0, 1.30045], 0.00175, 0.0236, -7720.86),
    ("pareto", "lognormal_mixture", &[0.600492, 6.56768, 7.60869, 0.252603, 0.852149], 0.06904, 6.8791, -7882.92),
    ("mixture", "exponential", &[12005.6], 0.31606, 464.8221, -20786.26),
    ("mixture", "lognormal", &[7.92495, 2.2536], 0.18332, 133.2879, -20312.84),
    ("mixture", "weibull", &[0.568085, 8022.46], 0.19327, 95.7393, -20190.95),
    ("mixture", "pareto", &[41.0, 0.237452], 0.27184, 205.1425, -20725.49),
    ("mixture", "lognormal_mixture", &[0.349973, 4.99979, 9.49986, 0.399803, 0.79989], 0.00154, 0.0032, -19050.26),
    ("overlapping", "exponential", &[3685.44], 0.05518, 8.9589, -14739.43),
    ("overlapping", "lognormal", &[7.75, 1.08924], 0.09133, 22.1454, -14807.08),
    ("overlapping", "weibull", &[1.13412, 3857.58], 0.03813, 4.1229, -14720.07),
    ("overlapping", "pareto", &[44.0, 0.252155], 0.35089, 383.1836, -16204.34),
    ("overlapping", "lognormal_mixture", &[0.487557, 6.96697, 8.49501, 0.98368, 0.506221], 0.00124, 0.0028, -14676.68),
    ("times", "exponential", &[0.133895], 0.11657, 13.4287, 505.35),
    ("times", "lognormal", &[-2.72327, 1.19845], 0.00131, 0.0031, 561.65),
    ("times", "weibull", &[0.839074, 0.119593], 0.06116, 5.7970, 522.39),
    ("times", "pareto", &[0.00160996, 0.269667], 0.34409, 104.0630, 206.35),
    ("times", "lognormal_mixture", &[0.482649, -3.16879, -2.30762, 1.11654, 1.12037], 0.00160, 0.0036, 561.67),
    ("uniform", "exponential", &[49964.8], 0.16243, 56.6202, -11819.07),
    ("uniform", "lognormal", &[10.4701, 1.12783], 0.17761, 58.1522, -12009.30),
    ("uniform", "weibull", &[1.53101, 54624.0], 0.10424, 22.0318, -11714.97),
    ("uniform", "pareto", &[8.0, 0.119181], 0.47783, 360.1490, -13597.17),
    ("uniform", "lognormal_mixture", &[0.343126, 9.43671, 11.0098, 1.34914, 0.369465], 0.07822, 8.7894, -11696.92),
];

/// Values at the middle of each of `n` equal shares.
fn at(of: Distribution, n: u32) -> impl Iterator<Item = u64> {
    (0..n).map(move |at| of.quantile((f64::from(at) + 0.5) / f64::from(n)).round().max(1.0) as u64)
}

/// The sets of `reference.py`, and the unit of their integers.
fn set(name: &str) -> (Histogram, f64) {
    let lognormal = |mu, sigma| Distribution::Lognormal { mu, sigma };
    let of = match name {
        "exponential" => histogram(at(Distribution::Exponential { mean: 5000.0 }, 1000)),
        "lognormal" => histogram(at(lognormal(8.0, 1.5), 2000)),
        "weibull" => histogram(at(Distribution::Weibull { shape: 0.6, scale: 20_000.0 }, 1500)),
        "pareto" => histogram(at(Distribution::Pareto { minimum: 500.0, shape: 1.3 }, 1000)),
        "mixture" => histogram(at(lognormal(5.0, 0.4), 700).chain(at(lognormal(9.5, 0.8), 1300))),
        "overlapping" => histogram(at(lognormal(7.0, 1.0), 800).chain(at(lognormal(8.5, 0.5), 800))),
        "times" => return (histogram(at(lognormal(18.0, 1.2), 500)), 1e-9),
        "uniform" => histogram(random(1000).map(|value| 1 + value % 100_000)),
        _ => panic!("no set {name}"),
    };
    (of, 1.0)
}

fn parameters(of: Distribution) -> Vec<f64> {
    match of {
        Distribution::Exponential { mean } => vec![mean],
        Distribution::Lognormal { mu, sigma } => vec![mu, sigma],
        Distribution::Weibull { shape, scale } => vec![shape, scale],
        Distribution::Pareto { minimum, shape } => vec![minimum, shape],
        Distribution::LognormalMixture { weight, mu, sigma } => vec![weight, mu[0], mu[1], sigma[0], sigma[1]],
    }
}

#[test]
fn fits_are_those_of_scipy() {
    let mut faults = Vec::new();
    for &(name, family, expected, ks, ad, ln_likelihood) in EXPECTED {
        let (of, unit) = set(name);
        let fit = fits(&of, unit).into_iter().find(|fit| fit.distribution.family() == family).expect(family);
        let found = parameters(fit.distribution);
        // Two components are only there to be found where the values have them.
        let sought = family != "lognormal_mixture" || ["mixture", "overlapping"].contains(&name);
        let near = |(one, other): (&f64, &f64)| (one - other).abs() <= 0.01 * other.abs();
        let likelihood = f64::from(fit.distribution.parameters()) - fit.goodness.aic / 2.0;
        let checks = [
            ("parameters", !sought || found.iter().zip(expected).all(near)),
            ("KS", (fit.goodness.ks - ks).abs() <= 0.005),
            ("A²", (fit.goodness.ad - ad).abs() <= 0.02 * ad + 0.02),
            ("ln L", (likelihood - ln_likelihood).abs() <= 0.005 * ln_likelihood.abs()),
        ];
        let missed = checks.iter().filter(|(_, met)| !met).map(|(what, _)| *what).collect::<Vec<_>>();
        let told = format!("{name} {family} {found:?} {:?} {likelihood}, {missed:?} missed", fit.goodness);
        println!("{told} for {expected:?} {ks} {ad} {ln_likelihood}");
        faults.extend((!missed.is_empty()).then_some(told));
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn the_family_that_made_the_values_fits_best() {
    for (name, family) in [
        ("exponential", "exponential"),
        ("lognormal", "lognormal"),
        ("weibull", "weibull"),
        ("pareto", "pareto"),
        ("mixture", "lognormal_mixture"),
        ("overlapping", "lognormal_mixture"),
        ("times", "lognormal"),
    ] {
        let (of, unit) = set(name);
        assert_eq!(fits(&of, unit)[0].distribution.family(), family, "{name}");
    }
}
