//! Random numbers that are the same on every machine and in every version of every crate.
//!
//! In: a seed. Out: numbers that look random. Guaranteed: the sequence of a seed never changes, because files that were made of it are
//! compared.

/// `SplitMix64` (G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014): an integer that counts up, and is mixed.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A share between 0 and 1, neither of which it is: quantiles there may be 0 or ∞.
    pub(super) fn share(&mut self) -> f64 {
        // 52 bits and a half: all of them are floats.
        ((self.next() >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first numbers of the authors' own program for the seed 1234567.
    #[test]
    fn the_numbers_are_those_of_the_paper() {
        let mut random = Random::new(1_234_567);
        let numbers: [u64; 3] = std::array::from_fn(|_| random.next());
        assert_eq!(numbers, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn shares_are_spread_evenly_and_touch_no_end() {
        let mut random = Random::new(0);
        let mut tenths = [0_u32; 10];
        for _ in 0..100_000 {
            let share = random.share();
            assert!(share > 0.0 && share < 1.0);
            tenths[(share * 10.0) as usize] += 1;
        }
        // Five deviations of a binomial count: √(100 000 · 0.1 · 0.9) = 95.
        assert!(tenths.iter().all(|count| count.abs_diff(10_000) < 475), "{tenths:?}");
    }
}
