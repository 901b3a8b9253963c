//! A seeded sequence of numbers, the same for ever and everywhere.

/// Knuth's 64-bit linear congruential generator (MMIX); good enough to vary sizes.
pub(super) struct Random(u64);

impl Random {
    pub(super) const fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: usize, high: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // The upper bits are the random ones.
        low + (self.0 >> 33) as usize % (high - low + 1)
    }
}
