//! Where short steps and long ones tell different slopes: a structure finer than the ladder, to which the ladder moves; rounding or noise, which
//! counts as such; or two slopes at two scales, which are both told.

use super::{Best, Outcome, Search};
use crate::difference::ladder::DEVIATIONS;
use crate::difference::noise;
use crate::difference::samples::{Pair, power_of_two};

/// A slope whose bound is this part of it is clear.
const CLEAR: f64 = 0.02;
/// The exponent below that of the point of steps at which values differ by noise alone.
pub(super) const SHORTEST: i32 = -42;
/// Half a unit in the last place of single precision, and as much again.
const UNSEEN: f64 = 1.2e-7;
/// The exponent of the longest step of a ladder around 1.
const ONE: i32 = -3;

impl Search<'_, '_> {
    /// The slope with steps of the size of 1, where the point is much smaller and the slope there another: a function that adds 1 inside, as
    /// `log(1 + x)` does, has no digits at the scale of such a point, and seems flat there, or as steep as its rounding.
    fn around_one(&mut self, fine: f64) -> Option<f64> {
        const SMALLER: i32 = 10;
        const RUNGS: i32 = 5;
        if self.scale > ONE - SMALLER || self.leaves(ONE) || !self.samples.can_ask(RUNGS as usize) {
            return None;
        }
        self.descend_from(ONE, RUNGS);
        let best = self.slope_of(ONE, RUNGS)?;
        let clear = best.bound() <= CLEAR * best.value.abs().max(fine.abs());
        (clear && self.is_curved(ONE - 1)).then_some(best.value)
    }

    /// The slope by the rungs known from an exponent down, so many of them.
    fn slope_of(&self, top: i32, rungs: i32) -> Option<Best> {
        self.best_within(1, top - rungs + 1.., top)
    }

    /// All values near the point are the same, and not so with steps of the size of 1.
    pub(super) fn flat_by_rounding(&mut self, best: &Best) -> Option<Outcome> {
        let centre = self.samples.centre;
        let is_near = |pair: &&Pair| pair.is_whole() && pair.exponent() <= best.longest;
        let is_same = |pair: &Pair| pair.plus == centre && pair.minus == centre;
        if !self.samples.all_pairs().filter(is_near).all(is_same) {
            return None;
        }
        let coarse = self.around_one(0.0).filter(|coarse| *coarse != 0.0)?;
        Some(self.scales((coarse, power_of_two(ONE)), best))
    }

    /// The slope over the ladder if there is one, else that with steps of the size of 1, and with which step.
    fn coarsest(&mut self, over_ladder: Option<f64>, fine: f64) -> Option<(f64, f64)> {
        match over_ladder {
            Some(coarse) => Some((coarse, power_of_two(self.top()))),
            None => Some((self.around_one(fine)?, power_of_two(ONE))),
        }
    }

    /// The ladder's answer, where what short steps show is a staircase of rounding inside the function: flat at short steps with
    /// risers that single precision would not see, or steeper there than all that it rises over the whole ladder.
    pub(super) fn rounding_alone(&mut self, levels: [i32; 3], slope: f64) -> Option<Best> {
        let centre = self.samples.centre;
        let is_flat = levels[1..].iter().all(|level| {
            self.samples
                .pair(*level)
                .is_some_and(|pair| pair.plus == centre && pair.minus == centre)
        });
        let rises = self
            .samples
            .all_pairs()
            .map(|pair| self.rise(pair))
            .fold(0.0, f64::max);
        let before = self.noise;
        if is_flat {
            self.measure(self.scale - 16, false);
            if self.noise == before {
                // Equal steps may meet equal risers; other ones will not.
                self.measure(self.scale - 19, false);
            }
        } else if rises <= 2.0 * UNSEEN * centre.abs()
            && slope.abs() * power_of_two(self.top()) > 8.0 * rises
        {
            self.noise = self.noise.max(rises);
        }
        let best = self.best()?;
        if self.noise > before && self.noise <= UNSEEN * centre.abs() && self.is_consistent(&best) {
            return Some(best);
        }
        self.noise = before;
        None
    }

    /// Short steps have a slope that the ladder does not: moves the ladder to the longest step that has it too.
    pub(super) fn approach(&mut self, slope: f64, error: f64, level: i32) -> Outcome {
        /// By this part the answer may differ from the slope at short steps beyond its error.
        const AGREES: f64 = 1e-3;
        /// So many exponents further down it is looked for.
        const SHORTER: i32 = 6;
        let coarse = self.plateau(slope, error);
        let mut reached = level;
        for above in [4, 8, 12, 16, 20, 24] {
            let next = level + above;
            if next > self.top() || !self.samples.can_ask(1) {
                break;
            }
            self.at(&[next]);
            let Some(pair) = self.whole_pair(next) else {
                break;
            };
            let rung = self.rung(pair, true);
            if (rung.value - slope).abs() > 0.05 * slope.abs() + error + DEVIATIONS * rung.noise {
                break;
            }
            reached = next;
        }
        self.descend_from(reached + 2, 6);
        self.longest = reached + 4;
        let mut best = self.best();
        let order = self.wanted.order;
        let strays = |best: &Best| {
            order == 1 && (best.value - slope).abs() > AGREES * slope.abs() + error + best.noise
        };
        if best.as_ref().is_some_and(strays) {
            self.descend_from(reached - 4, 4);
        }
        while self.longest >= reached - SHORTER && best.as_ref().is_none_or(strays) {
            self.longest -= 1;
            best = self.best();
        }
        let best = best.filter(|best| !strays(best));
        let Some(best) = best else {
            return Outcome::undecided();
        };
        let best = self.improve(best);
        let best = self.measured(best);
        if strays(&best) {
            return Outcome::undecided();
        }
        let (fine, error) = if self.wanted.order == 1 {
            (best.value, best.bound())
        } else {
            (slope, error)
        };
        let coarse = coarse.or_else(|| self.swing(fine));
        let coarse = self.coarsest(coarse, fine);
        match coarse {
            Some(coarse) if differs(coarse.0, fine, error) => self.scales(coarse, &best),
            _ => self.conclude(best),
        }
    }

    /// Both slopes are told; of a higher order that leaves nothing.
    fn scales(&self, coarse: (f64, f64), best: &Best) -> Outcome {
        if self.wanted.order > 1 {
            return Outcome::undecided();
        }
        Outcome::Scales {
            coarse,
            fine: (best.value, power_of_two(best.shortest)),
        }
    }

    /// The slope over the whole ladder, where the slope at short steps cannot last: the function moves far less over the ladder than it would
    /// by that slope, or all the way by another one. So it is with rounding that swings inside a function: `(exp(x) - 1)/x` near 0
    /// falls as 1/x from jump to jump.
    fn swing(&self, fine: f64) -> Option<f64> {
        const LESS: f64 = 16.0;
        const SMALL: f64 = 1e-3;
        let top = self.top();
        let centre = self.samples.centre;
        let rises = self
            .samples
            .pairs()
            .filter(|pair| pair.is_whole() && pair.exponent() <= top)
            .map(|pair| self.rise(pair))
            .fold(0.0, f64::max);
        if rises > centre.abs() {
            return None;
        }
        let clear = |best: &Best| best.bound() <= CLEAR * best.value.abs() && self.is_curved(top);
        if let Some(best) = self.slope_of(top, self.rungs()).filter(clear) {
            return Some(best.value);
        }
        let pair = self.whole_pair(top)?;
        let swings = rises <= SMALL * centre.abs() && fine.abs() * pair.step > LESS * rises;
        swings.then(|| self.rung(pair, true).value)
    }

    /// Whether the slopes on both sides differ at a long step as those of a curve do: little, or half as much as at twice the step. Between the
    /// arms of a corner, and across a jump, quotients settle too, but what the sides differ does not fall with the step.
    fn is_curved(&self, exponent: i32) -> bool {
        let [long, short] = [exponent + 1, exponent].map(|exponent| self.bend(exponent));
        let slope = self
            .samples
            .pair(exponent)
            .map_or(f64::NAN, |pair| self.rung(pair, true).value);
        short.abs() <= 0.1 * slope.abs() || (1.6..2.5).contains(&(long / short))
    }

    /// The slope at long steps, where it settles there at another number than at short ones.
    fn plateau(&mut self, slope: f64, error: f64) -> Option<f64> {
        const SETTLED: f64 = 0.05;
        let top = self.top();
        if self.leaves(top + 2) {
            return None;
        }
        self.at(&[top + 2, top + 1]);
        let at = |above: i32| {
            let pair = self.whole_pair(top + above)?;
            Some(self.rung(pair, true).value)
        };
        let [a, b, c] = [at(2)?, at(1)?, at(0)?];
        let spread = (a - b).abs().max((b - c).abs());
        let extrapolated = c + (c - b) / 3.0;
        // What is left at shorter steps is a ripple; it must be small at this one, or it was met by chance.
        let ripple = self
            .samples
            .pairs()
            .filter(|pair| pair.is_whole() && pair.exponent() < top)
            .map(|pair| ((pair.plus - pair.minus) / 2.0 - extrapolated * pair.step).abs())
            .fold(0.0, f64::max);
        let settled =
            self.is_curved(top) && spread.max(ripple / power_of_two(top)) <= SETTLED * c.abs();
        let apart = (extrapolated - slope).abs() > 4.0 * error + 4.0 * spread;
        (settled && apart).then_some(extrapolated)
    }

    /// Whether an answer of a higher order, for which the ladder moved down, is another one than the first ladder clearly gives: where digits cancel inside a
    /// function, as in 3x (cosh x - 1), it is flat at short steps, or a staircase.
    pub(super) fn is_another_above(&self, best: &Best) -> bool {
        let (order, top) = (self.wanted.order, self.top());
        if order == 1 || best.longest > top - self.rungs() {
            return false;
        }
        let coarse = self.best_within(order, top - self.rungs() + 1..=top, top);
        coarse.is_some_and(|coarse| {
            let apart = (coarse.value - best.value).abs();
            coarse.bound() <= CLEAR * coarse.value.abs()
                && apart > 4.0 * (coarse.bound() + best.bound())
        })
    }

    /// The noise from a table of differences. A kink at the point itself looks like noise to a table across it, but not to
    /// those beside it.
    pub(super) fn measure(&mut self, level: i32, beside: bool) {
        self.take_noise(level, beside, 2.0);
    }

    /// The noise that is there beside known rounding to few digits: at the shortest steps, where all values are the same but for noise and a riser. Over longer ones
    /// a structure finer than the steps of an answer looks like noise.
    pub(super) fn measure_beside_rounding(&mut self) {
        self.take_noise(self.scale + SHORTEST, true, 1.0);
    }

    /// Takes as noise what a table shows, if it is more than so many times the rounding.
    fn take_noise(&mut self, level: i32, beside: bool, roundings: f64) {
        let deviation = self.table_deviation(level, beside);
        if deviation.is_finite()
            && deviation > roundings * self.wanted.rounding.of(self.samples.centre.abs())
        {
            self.noise = self.noise.max(1.5 * deviation);
        }
    }

    /// The standard deviation of values around the point, by a table of skew steps of one size.
    pub(super) fn table_deviation(&mut self, level: i32, beside: bool) -> f64 {
        let level = level.max(self.samples.finest());
        self.samples.at_skewed(level, &[1, 2, 3, 4], self.ask);
        let values = self.table(level);
        if beside {
            return noise::beside(&values);
        }
        noise::deviation(&values).unwrap_or_else(|| noise::beside(&values))
    }

    /// Whether the noise that was met is gone at the shortest steps: then it is a structure of the function. Rounding to single precision inside may be gone
    /// there too, between two of its steps.
    pub(super) fn smooths_out(&mut self) -> bool {
        /// This part of noise is left by chance.
        const PART: f64 = 1.0 / 64.0;
        self.noise > UNSEEN * self.samples.centre.abs()
            && self.table_deviation(self.scale + SHORTEST, true) < PART * self.noise
    }

    fn table(&self, level: i32) -> [f64; noise::VALUES] {
        let mut values = [self.samples.centre; noise::VALUES];
        let middle = noise::VALUES / 2;
        for distance in 1..=middle {
            let pair = self.samples.skewed(level, distance as u8);
            values[middle - distance] = pair.map_or(f64::NAN, |pair| pair.minus);
            values[middle + distance] = pair.map_or(f64::NAN, |pair| pair.plus);
        }
        values
    }

    /// If anything, the function is smooth only at the shortest steps: a ladder from there upward.
    pub(super) fn finest_answer(&mut self) -> Option<Outcome> {
        const BELIEVED: f64 = 0.01;
        let level = (self.scale - 44).max(self.samples.finest());
        self.longest = level + 8;
        self.noise = self.declared_noise();
        self.measure(level, false);
        self.descend_from(level + 6, 7);
        let quotient = |above: i32| {
            let pair = self.whole_pair(level + above)?;
            Some(self.rung(pair, true).value)
        };
        let [a, b, c] = [quotient(2)?, quotient(3)?, quotient(4)?];
        // Both sides of a cusp are steep alike, and their mean settles.
        let is_cusp = self.bend(level + 3).abs() > 0.1 * b.abs();
        if is_cusp || (a - b).abs().max((b - c).abs()) > 0.1 * b.abs() {
            return None;
        }
        let best = self.best()?;
        let best = self.improve(best);
        if best.bound() > BELIEVED * best.value.abs() {
            return None;
        }
        self.longest = i32::MAX;
        let coarse = self.plateau(b, (a - b).abs());
        let coarse = coarse.or_else(|| self.swing(b));
        let coarse = self.coarsest(coarse, b);
        Some(match coarse {
            Some(coarse) if differs(coarse.0, b, (a - b).abs()) => self.scales(coarse, &best),
            _ => Outcome::Value {
                value: best.value,
                truncation: best.truncation,
                noise: best.noise,
                one_sided: false,
            },
        })
    }
}

/// Whether the slope at long steps is another one than that at short ones.
fn differs(coarse: f64, fine: f64, error: f64) -> bool {
    (coarse - fine).abs() > (4.0 * error).max(0.02 * coarse.abs())
}
