//! A random source of our own, so that a seed gives the same numbers everywhere and for ever.

/// SplitMix64 (Steele, Lea and Flood 2014): 64 random bits a call, from a counter that is stirred.
///
/// ```
/// use secant_train::Random;
/// // The first number of the reference implementation for seed 1234567.
/// assert_eq!(Random::new(1_234_567).bits(), 6_457_827_717_110_365_317);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Random {
    state: u64,
}

impl Random {
    /// From a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The seed with which it would go on from here, for a checkpoint.
    #[must_use]
    pub fn state(self) -> u64 {
        self.state
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 up to, not including, 1: the upper 53 bits.
    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number of the standard normal distribution (Box and Muller 1958; the cosine alone).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * libm::log(1.0 - self.uniform())).sqrt();
        radius * libm::cos(std::f64::consts::TAU * self.uniform())
    }

    /// A whole number below `bound`, without bias (Lemire 2019); 0 where the bound is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        let wide = |bits: u64| u128::from(bits) * u128::from(bound);
        let mut product = wide(self.bits());
        let unfair = bound.wrapping_neg().checked_rem(bound).unwrap_or(0);
        while (product as u64) < unfair {
            product = wide(self.bits());
        }
        (product >> 64) as u64
    }

    /// A random order of the numbers below `count` (Fisher and Yates 1938, in the form of Durstenfeld 1964).
    pub fn order(&mut self, count: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..count).collect();
        for last in (1..count).rev() {
            let other = self.below(last as u64 + 1) as usize;
            order.swap(last, other);
        }
        order
    }
}
