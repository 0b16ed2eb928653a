//! Whether an answer foretells what stands at steps shorter than its own: where it does not, something contradicts, and the sides of the point are looked at.

use super::{Best, PROBED, Search};
use crate::difference::samples::{Pair, power_of_two};

impl Search<'_, '_> {
    /// Whether the slope and the bend at a much shorter step are what the ladder foretells.
    pub(super) fn is_consistent(&self, best: &Best) -> bool {
        let Some(first) = self.first(best) else {
            return false;
        };
        self.probed()
            .is_some_and(|pair| self.is_foretold(best, pair))
            && !(self.is_only_rounded() && self.is_kinked(&first))
            && self.has_its_slope(best, &first)
    }

    /// Whether the steps of an answer of a higher order have the slope of the function too: those longer than a wave agree by chance, but seldom on
    /// both.
    fn has_its_slope(&self, best: &Best, first: &Best) -> bool {
        /// So many bounds, and so much of the slope.
        const APART: f64 = 4.0;
        const PART: f64 = 1e-3;
        if self.wanted.order == 1 {
            return true;
        }
        let there = self.best_within(1, best.shortest..=best.longest, best.longest);
        there.is_none_or(|there| {
            let apart = (there.value - first.value).abs();
            apart <= APART * (there.bound() + first.bound()) + PART * first.value.abs()
        })
    }

    /// Whether an answer foretells the slope and the bend at this step, up to noise.
    fn is_foretold(&self, best: &Best, pair: &Pair) -> bool {
        /// So many standard deviations apart, a smaller step contradicts.
        const CONTRADICTS: f64 = 12.0;
        /// Values that are rounded by half a unit each, and no further: half of two, and four, of which the middle one counts twice. A tenth is for the digits of
        /// doubles.
        const ROUNDED: [f64; 2] = [1.1, 4.4];
        let Some(first) = self.first(best) else {
            return false;
        };
        let apart = if self.is_only_rounded() {
            ROUNDED
        } else {
            [CONTRADICTS; 2]
        };
        let [noise_of_slope, noise_of_bend] = apart.map(|apart| apart * self.deviation(pair));
        let slope = (pair.plus - pair.minus) / 2.0;
        let around = self.around(pair);
        let step = pair.step;
        let (foretold, doubt) = match self.second(best) {
            Some(second) => (second.value, self.doubt(&second, false, step)),
            None => {
                let shortest = self.samples.pair(first.shortest);
                let bend = shortest.map_or(0.0, |pair| self.rung(pair, false).value.abs());
                (0.0, 2.0 * bend)
            }
        };
        (slope - first.value * step).abs() <= noise_of_slope + self.doubt(&first, true, step) * step
            && (around - foretold * step * step).abs() <= noise_of_bend + doubt * step * step
    }

    /// How far off the quotient of a step may be from an answer for its limit: by the bound, and by what the quotient of the shortest step of the answer is off,
    /// which falls with the square of the step.
    pub(super) fn doubt(&self, answer: &Best, odd: bool, step: f64) -> f64 {
        const CAUTION: f64 = 2.0;
        let moved = self.samples.pair(answer.shortest).map_or(0.0, |pair| {
            let off = (self.rung(pair, odd).value - answer.value).abs();
            off * (step / pair.step).powi(2)
        });
        answer.bound() + CAUTION * moved
    }

    /// Whether an answer foretells what stands at all steps shorter than its own.
    pub(super) fn foretells_shorter(&self, best: &Best) -> bool {
        let shortest = power_of_two(best.shortest);
        let shorter = |pair: &&Pair| pair.is_whole() && pair.step < shortest;
        let mut pairs = self.samples.all_pairs().filter(shorter);
        pairs.all(|pair| self.is_foretold(best, pair))
    }

    /// Whether what the two sides differ by falls from the longest step to its half as at a corner, by a half, and not by a quarter:
    /// rounding to few digits may hide all shorter steps.
    fn is_kinked(&self, best: &Best) -> bool {
        let around = |exponent: i32| {
            let pair = self.whole_pair(exponent)?;
            let around = self.around(pair);
            Some((around, self.deviation(pair)))
        };
        let (Some((whole, off)), Some((half, _))) =
            (around(best.longest), around(best.longest - 1))
        else {
            return false;
        };
        half / whole > 0.4 && (half - whole / 4.0).abs() > 5.0 * off
    }

    /// Whether, where values have few digits, the ladder also foretells what stands between it and the steps at which rounding hides all but a thirtieth of
    /// a slope: there a change by a thousandth shows.
    pub(super) fn holds_between(&mut self, best: &Best, top: i32) -> bool {
        const LONGER: i32 = 5;
        const STEPS: [u8; 2] = [1, PROBED];
        let Some(visible) = self.visible_exponent() else {
            return true;
        };
        let between = (visible + LONGER).min(top - self.rungs() - 1);
        if between <= self.probe + 1 || !self.samples.can_ask(STEPS.len()) {
            return true;
        }
        self.samples.at_skewed(between, &STEPS, self.ask);
        STEPS.iter().all(|steps| {
            let pair = self.samples.skewed(between, *steps);
            pair.is_none_or(|pair| !pair.is_whole() || self.is_foretold(best, pair))
        })
    }
}
