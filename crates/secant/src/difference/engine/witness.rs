//! What the shortest steps say against an answer: slopes that go on moving as steps shrink, or that stand still at another number.

use super::scales::SHORTEST;
use super::verdict::halves;
use super::{Best, Outcome, SIDES, Search};
use crate::difference::ladder::DEVIATIONS;
use crate::difference::samples::Pair;

/// By so many bounds a slope at a short step leaves an answer.
const LEAVES: f64 = 4.0;
/// So many times the rounding of a value.
const ROUNDED: f64 = 12.0;

impl Search<'_, '_> {
    /// What short steps tell, where an answer for the first derivative is not the limit of their slopes.
    pub(super) fn contradicted(&mut self, best: &Best) -> Option<Outcome> {
        if self.wanted.order != 1 || self.wanted.rounding.is_coarse() {
            return None;
        }
        if let Some(outcome) = self.by_halves(best) {
            return Some(outcome);
        }
        if let Some((slopes, noise)) = self.leaving(best) {
            return Some(limit(slopes, noise));
        }
        self.by_witness(best)
    }

    /// What the sides of the point tell, where they contradict an answer as a smooth function would: a kink beside the point, over which the steps of the
    /// answer reach, looks like noise to them, and a slope that bends at the point settles with the step, not with its square.
    fn by_witness(&mut self, best: &Best) -> Option<Outcome> {
        let rounding = self.wanted.rounding.of(self.samples.centre.abs());
        let mut noise = rounding.max(self.declared_noise());
        self.witness(best, noise)?;
        noise = noise.max(self.table_deviation(self.scale + SHORTEST, true));
        let first = self.witness(best, noise)?;
        if !self.sides_stand(first, best, noise) {
            return None;
        }
        if first > 0 {
            return Some(self.finest_answer().unwrap_or(Outcome::undecided()));
        }
        // At longer steps the slopes move by more, and tell by which power of the step.
        let side = self.scale + SIDES[0];
        let doubt = self.doubt_of_side(side, noise);
        self.at(&[side + 8, side + 4]);
        let slopes = [side + 8, side + 4, side].map(|side| self.slope_at(side));
        let moved = (slopes[2] - slopes[1]).abs();
        if moved > doubt && falls_steadily(fall(slopes)) {
            return Some(limit(slopes, doubt));
        }
        Some(Outcome::Value {
            value: slopes[2],
            truncation: moved,
            noise: doubt,
            one_sided: false,
        })
    }

    /// Whether the slopes at the sides after the first that contradicts are the same as there, but for a quarter of what it contradicts by.
    fn sides_stand(&self, first: usize, best: &Best, noise: f64) -> bool {
        const MOVES: f64 = 0.25;
        let slope = self.slope_at(self.scale + SIDES[first]);
        let moves = MOVES * (slope - best.value).abs();
        SIDES[first + 1..].iter().all(|below| {
            let side = self.scale + below;
            (self.slope_at(side) - slope).abs() <= moves + self.doubt_of_side(side, noise)
        })
    }

    /// The slope at a step; no number where there is none.
    fn slope_at(&self, exponent: i32) -> f64 {
        self.simple(exponent).map_or(f64::NAN, |rung| rung.value)
    }

    /// The slope where the ladder has moved far down and its quotients still move with the step: the slope itself bends at the point, and what is left
    /// of a step halves with it.
    fn by_halves(&self, best: &Best) -> Option<Outcome> {
        let is_far_down = best.longest < self.top() - self.rungs();
        if !is_far_down {
            return None;
        }
        let rung = |above: i32| self.simple(best.shortest + above);
        let [long, middle, short] = [rung(2)?, rung(1)?, rung(0)?];
        let noise = DEVIATIONS * short.noise;
        if !halves(&[long.value, middle.value, short.value], 2.0 * noise) {
            return None;
        }
        let [before, value] = [(long, middle), (middle, short)]
            .map(|(longer, shorter)| 2.0 * shorter.value - longer.value);
        Some(Outcome::Value {
            value,
            truncation: (value - before).abs(),
            noise: 4.0 * noise,
            one_sided: false,
        })
    }

    /// The first of the sides at which a smooth function contradicts the answer.
    fn witness(&self, best: &Best, noise: f64) -> Option<usize> {
        SIDES.iter().position(|below| {
            let side = self.scale + below;
            let Some(pair) = self.whole_pair(side).filter(|_| side < best.shortest) else {
                return false;
            };
            let slope = self.rung(pair, true).value;
            let foretold = LEAVES * self.doubt(best, true, pair.step);
            let doubt = foretold + self.doubt_of_side(side, noise);
            self.is_straight(pair, slope) && (slope - best.value).abs() > doubt
        })
    }

    /// By how much the slope of a side may be off, for noise of this size.
    fn doubt_of_side(&self, side: i32, noise: f64) -> f64 {
        self.whole_pair(side)
            .map_or(f64::INFINITY, |pair| ROUNDED * noise / pair.step)
    }

    /// Whether both sides move, and alike: a step of a staircase, which rounding makes inside, is flat on one side at least.
    fn is_straight(&self, pair: &Pair, slope: f64) -> bool {
        const ALIKE: f64 = 0.1;
        let centre = self.samples.centre;
        let moves = pair.plus != centre && pair.minus != centre;
        moves && self.around(pair).abs() <= ALIKE * (slope * pair.step).abs()
    }

    /// The slopes at steps far below those of an answer, the shortest last, with the rounding of that, where they leave it and go on moving: a slope that
    /// moves with the logarithm of the step, or with a small power of it, has windows in which it seems to settle, and what it does below them looks like
    /// noise. But noise grows as the step shrinks, and the steps of a staircase, which rounding makes, do not move at all.
    fn leaving(&self, best: &Best) -> Option<([f64; 3], f64)> {
        /// Noise grows by 2⁸ from side to side.
        const GROWS: f64 = 16.0;
        /// What moves less, beside how far it is off, stands.
        const MOVES: f64 = 1e-4;
        /// What moves by less than this part of what it moved before, over steps 2⁸ apart, settles as fast as the slope of a smooth function, with the square
        /// of the step: faster than at a bend, where it goes with the step itself.
        const SLOW: f64 = 1.0 / 512.0;
        let mut slopes = [0.0; 3];
        let mut rounded = 0.0;
        for (slope, below) in slopes.iter_mut().zip(SIDES) {
            let pair = self.samples.pair(self.scale + below)?;
            rounded = ROUNDED * self.wanted.rounding.of(self.samples.magnitude(pair)) / pair.step;
            *slope = self.rung(pair, true).value;
            // What is no number leaves nothing either.
            let leaves = (*slope - best.value).abs() > LEAVES * best.bound() + rounded;
            leaves.then_some(())?;
        }
        let [far, near, nearest] = slopes.map(|slope| (slope - best.value).abs());
        let is_noise = near > GROWS * far || nearest > GROWS * near;
        let [before, after] = [slopes[1] - slopes[0], slopes[2] - slopes[1]].map(f64::abs);
        let moves = after > MOVES * near + rounded && after > SLOW * before;
        // Steps longer than those of the answer may reach over a bend, and leave it for that.
        let is_below = self.scale + SIDES[0] <= best.longest;
        (moves && !is_noise && (is_below || falls_steadily(fall(slopes))))
            .then_some((slopes, rounded))
    }
}

/// Where slopes at ever shorter steps go that no longer step foretells: the limit where they fall towards it by a steady factor, as beside x sqrt(x)
/// (Aitken 1926); else it is open whether there is one.
fn limit(slopes: [f64; 3], noise: f64) -> Outcome {
    let fall = fall(slopes);
    if falls_steadily(fall) {
        let [_, near, nearest] = slopes;
        let left = (nearest - near) * fall / (1.0 - fall);
        return Outcome::Value {
            value: nearest + left,
            truncation: 2.0 * left.abs(),
            noise: 2.0 * noise,
            one_sided: false,
        };
    }
    Outcome::undecided()
}

/// The part of what slopes moved before by which they move then.
fn fall([far, near, nearest]: [f64; 3]) -> f64 {
    (nearest - near) / (near - far)
}

fn falls_steadily(fall: f64) -> bool {
    fall > 0.0 && fall < 0.5
}
