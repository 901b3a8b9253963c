//! How long to wait before sending again.
//!
//! In: how often a body was sent in vain, and a random number of the shell's. Out: a waiting time. Guaranteed: bounded,
//! and spread over the whole range ("full jitter"), so that senders that failed together don't come back together.

use std::time::Duration;

/// Exponential back-off with full jitter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// Longest wait after the first failure; it doubles with each further one.
    pub first: Duration,
    /// Longest wait of all.
    pub longest: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { first: Duration::from_millis(200), longest: Duration::from_secs(30) }
    }
}

impl Backoff {
    /// The wait after so many failures, from 1; `random` is uniform over all 64-bit numbers.
    #[must_use]
    pub fn wait(&self, failures: u32, random: u64) -> Duration {
        let doublings = failures.saturating_sub(1).min(31);
        let longest = self.first.saturating_mul(1 << doublings).min(self.longest);
        // The upper 32 bits as a share of the range: exact enough for a wait, and free of rounding to zero.
        let nanos = longest.as_nanos() * u128::from(random >> 32) / u128::from(u32::MAX);
        Duration::from_nanos(nanos.min(u128::from(u64::MAX)) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_cover_the_whole_range() {
        let backoff = Backoff::default();
        for (failures, longest_ms) in [(1, 200), (2, 400), (5, 3_200), (8, 25_600), (9, 30_000), (u32::MAX, 30_000)] {
            assert_eq!(backoff.wait(failures, u64::MAX).as_millis(), longest_ms);
            assert_eq!(backoff.wait(failures, 0), Duration::ZERO);
            let middle = backoff.wait(failures, u64::MAX / 2).as_millis();
            assert!(middle.abs_diff(longest_ms / 2) <= 1, "{failures}: {middle}");
        }
    }
}
