//! Two lognormals at once.
//!
//! In: a sample. Out: the mixture that expectation and maximisation find (A. P. Dempster, N. M. Laird, D. B. Rubin, JRSS B
//! 39, 1977). Guaranteed: a bounded number of steps from fixed starts, no randomness.

use super::sample::Sample;
use crate::model::Distribution;

/// From every start; the likeliest goes on.
const FIRST_STEPS: usize = 10;

/// After that at most, with neighbouring points put together.
const NEXT_STEPS: usize = 180;

/// After that at most, with all points.
const LAST_STEPS: usize = 20;

/// Points are put together up to this share of the values, so that a narrow mode keeps its own,
const GROUP_SHARE: f64 = 1.0 / 64.0;

/// and up to this ratio of values, as a logarithm.
const GROUP_WIDTH: f64 = 0.1;

/// No component is narrower than half a bin (1/128 of the value): more can't be seen, and without a limit the
/// likelihood of one value alone is infinite.
const LEAST_SIGMA: f64 = 1.0 / 128.0;

/// No component has less of the values.
const LEAST_WEIGHT: f64 = 1e-9;

/// Shares of the values that the first component begins with: a range of the sorted values, the second has the rest.
/// The last is the middle, for a narrow component within a wide one.
const STARTS: [(f64, f64); 6] = [(0.0, 0.5), (0.0, 0.1), (0.0, 0.3), (0.0, 0.7), (0.0, 0.9), (0.3, 0.7)];

/// The likeliest mixture.
pub(super) fn estimate(sample: &Sample) -> Distribution {
    let (points, groups) = (Masses::of(sample, 0.0, 0.0), Masses::of(sample, GROUP_SHARE, GROUP_WIDTH));
    let starts = STARTS.iter().map(|range| {
        let state = Components::starting(&groups, *range).after(&groups, FIRST_STEPS);
        (state.ln_likelihood(&groups), state)
    });
    let best = starts.reduce(|best, next| if next.0 > best.0 { next } else { best });
    let state = best.map(|(_, state)| state).unwrap_or_default();
    state.after(&groups, NEXT_STEPS).after(&points, LAST_STEPS).distribution(sample.ln_mean)
}

/// Points, or groups of them.
#[derive(Debug)]
struct Masses {
    masses: Vec<Mass>,
    n: f64,
    /// Of all logarithms.
    variance: f64,
}

/// Logarithms are taken from the sample's mean: variances are differences of sums, and must not cancel out.
#[derive(Debug, Clone, Copy, Default)]
struct Mass {
    count: f64,
    /// Mean of the logarithms.
    first: f64,
    /// Mean of their squares.
    second: f64,
}

impl Masses {
    /// Neighbouring points together, up to a share of the values and a width.
    fn of(sample: &Sample, share: f64, width: f64) -> Self {
        let mut masses: Vec<Mass> = Vec::with_capacity(sample.points.len());
        let mut start = f64::NEG_INFINITY;
        for at in &sample.points {
            let ln = at.ln - sample.ln_mean;
            match masses.last_mut() {
                Some(last) if ln - start <= width && last.count + at.count <= share * sample.n => {
                    let count = last.count + at.count;
                    let mean = |last: f64, this: f64| last + (this - last) * (at.count / count);
                    *last = Mass { count, first: mean(last.first, ln), second: mean(last.second, ln * ln) };
                }
                _ => {
                    start = ln;
                    masses.push(Mass { count: at.count, first: ln, second: ln * ln });
                }
            }
        }
        Self { masses, n: sample.n, variance: sample.ln_sigma.powi(2) }
    }
}

/// Shares of the values, means and deviations of their logarithms.
#[derive(Debug, Clone, Copy, Default)]
struct Components {
    weight: [f64; 2],
    mu: [f64; 2],
    sigma: [f64; 2],
}

/// Weighted sums of one component.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    count: f64,
    first: f64,
    second: f64,
}

impl Sums {
    fn add(&mut self, mass: &Mass, share: f64) {
        let count = mass.count * share;
        self.count += count;
        self.first += count * mass.first;
        self.second += count * mass.second;
    }
}

impl Components {
    /// With the values of a range of shares for the first component.
    fn starting(all: &Masses, (from, to): (f64, f64)) -> Self {
        let mut sums = [Sums::default(); 2];
        let mut seen = 0.0;
        for mass in &all.masses {
            let middle = (seen + mass.count / 2.0) / all.n;
            seen += mass.count;
            sums[usize::from(!(from..to).contains(&middle))].add(mass, 1.0);
        }
        Self::of(all, sums)
    }

    fn of(all: &Masses, sums: [Sums; 2]) -> Self {
        let mut components = Self::default();
        for (at, Sums { count, first, second }) in sums.into_iter().enumerate() {
            // A component that no value belongs to takes all of them, with next to no share.
            let none = count < LEAST_WEIGHT * all.n;
            let mean = if none { 0.0 } else { first / count };
            let variance = if none { all.variance } else { second / count - mean * mean };
            components.weight[at] = (count / all.n).clamp(LEAST_WEIGHT, 1.0 - LEAST_WEIGHT);
            components.mu[at] = mean;
            components.sigma[at] = variance.max(0.0).sqrt().max(LEAST_SIGMA);
        }
        components
    }

    /// After so many steps, or fewer when they change nothing more.
    fn after(self, all: &Masses, most_steps: usize) -> Self {
        let mut state = self;
        for _ in 0..most_steps {
            let next = state.next(all);
            let done = next.is_near(&state);
            state = next;
            if done {
                break;
            }
        }
        state
    }

    /// One step: values are shared out by their densities, then each component is fitted to its share.
    fn next(&self, all: &Masses) -> Self {
        let densities = self.ln_densities();
        let mut sums = [Sums::default(); 2];
        for mass in &all.masses {
            let [first, second] = densities(mass.first);
            let share = (1.0 + (second - first).exp()).recip();
            sums[0].add(mass, share);
            sums[1].add(mass, 1.0 - share);
        }
        Self::of(all, sums)
    }

    /// Of the logarithms, but for a constant.
    fn ln_likelihood(&self, all: &Masses) -> f64 {
        let densities = self.ln_densities();
        let likelihoods = all.masses.iter().map(|mass| {
            let [first, second] = densities(mass.first);
            mass.count * (first.max(second) + (-(first - second).abs()).exp().ln_1p())
        });
        likelihoods.sum()
    }

    /// Logarithms of weight times density of both, without the factor that they share.
    fn ln_densities(&self) -> impl Fn(f64) -> [f64; 2] {
        let Self { weight, mu, sigma } = *self;
        let factors = [0, 1].map(|of| ((weight[of] / sigma[of]).ln(), -0.5 * sigma[of].powi(-2)));
        move |ln| [0, 1].map(|of| factors[of].0 + factors[of].1 * (ln - mu[of]).powi(2))
    }

    /// Whether a step changed next to nothing: what is left to go is then far less than a bin.
    fn is_near(&self, before: &Self) -> bool {
        let near = |at: usize| {
            (self.weight[at] - before.weight[at]).abs() < 1e-6
                && (self.mu[at] - before.mu[at]).abs() < 1e-6 * self.sigma[at]
                && (self.sigma[at] - before.sigma[at]).abs() < 1e-6 * self.sigma[at]
        };
        near(0) && near(1)
    }

    /// With the mean that was taken off the logarithms.
    fn distribution(&self, ln_mean: f64) -> Distribution {
        let order = if self.mu[0] <= self.mu[1] { [0, 1] } else { [1, 0] };
        Distribution::LognormalMixture {
            weight: self.weight[order[0]],
            mu: order.map(|at| ln_mean + self.mu[at]),
            sigma: order.map(|at| self.sigma[at]),
        }
    }
}
