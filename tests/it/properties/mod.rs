//! Properties that hold for any packets: nothing is lost, nothing counts twice, nothing panics.
//!
//! In: random conversations with retransmissions, reordering, holes, fragments and clocks that step back, and captures
//! with damaged bytes. The seeds are fixed: a failure comes back on every machine until it is mended.

mod ledger;
mod noise;
mod once;
mod player;
mod script;
mod sums;
mod wire;

pub(crate) use script::scripts;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

/// Runs a property on so many random values.
#[track_caller]
pub(crate) fn check<S: Strategy>(cases: u32, values: S, property: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config {
        cases,
        rng_seed: RngSeed::Fixed(7),
        failure_persistence: None,
        max_shrink_iters: 4_000,
        ..Config::default()
    };
    if let Err(failure) = TestRunner::new(config).run(&values, property) {
        panic!("{failure}");
    }
}
