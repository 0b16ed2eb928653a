//! [`Digest`]: many numbers as one, by which two lots of them are told apart.

use std::fmt;

/// A sum over words in their order. Each step takes every state and every word to others, one to one, so that a single word that differs always shows.
pub(super) struct Digest(u64);

impl Digest {
    pub(super) fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    pub(super) fn word(&mut self, bits: u64) {
        self.0 = (self.0 ^ bits)
            .wrapping_mul(0x0100_0000_01b3)
            .rotate_left(29);
    }

    pub(super) fn numbers(&mut self, values: &[f64]) {
        self.word(values.len() as u64);
        values.iter().for_each(|value| self.word(value.to_bits()));
    }

    pub(super) fn text(&mut self, text: &str) {
        self.word(text.len() as u64);
        text.bytes().for_each(|byte| self.word(u64::from(byte)));
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Digest;

    fn of(values: &[f64]) -> String {
        let mut digest = Digest::new();
        digest.numbers(values);
        digest.to_string()
    }

    #[test]
    fn every_bit_shows_and_so_does_the_order() {
        let values: [f64; 3] = [0.0, 1.5, -2.0];
        for place in 0..3 {
            for bit in 0..64 {
                let mut other = values;
                other[place] = f64::from_bits(other[place].to_bits() ^ (1 << bit));
                assert_ne!(of(&values), of(&other), "{place}, {bit}");
            }
        }
        assert_ne!(of(&values), of(&[1.5, 0.0, -2.0]));
    }
}
