//! The modes that look once. [`Mode::Cheap`]: the point, a step to either side, and half a step ahead. The half step foretells how much the
//! slopes on both sides should differ; what they differ beyond that is the bound, and at a corner it is as large as the slopes
//! themselves. [`Mode::Forward`]: the point and one step, which leave nothing to tell an error by.

use super::builder::Mode;
use super::engine::Outcome;
use super::ladder::DEVIATIONS;
use super::rounding::Rounding;
use super::samples::{Ask, Origin, exponent, power_of_two};
use crate::point::{Point, PointKind};

/// The most values that are asked for beside the one at the point.
pub(super) const BESIDE: usize = 3;
/// The exponent of the step below that of the point, by order.
const BELOW: [i32; 2] = [13, 9];

/// What a look sees, and how many evaluations that took; without room for a look it stays undecided.
pub(super) fn outcome(look: Option<Look>, centre: Option<f64>, ask: &mut Ask) -> (Outcome, usize) {
    match look {
        Some(look) => look.outcome(centre, ask),
        None => (Outcome::undecided(), 0),
    }
}

/// Which points a look takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    origin: Origin,
    mode: Mode,
    order: u32,
    /// The relative noise of a value that the user knows of, with rounding.
    noise: f64,
    rounding: Rounding,
    /// Towards the side with more room; a look to both sides goes ahead.
    step: f64,
}

impl Look {
    /// The look that has room in the domain.
    pub(super) fn new(
        origin: Origin,
        [lower, upper]: [f64; 2],
        mode: Mode,
        order: u32,
        (noise, rounding): (Option<f64>, Rounding),
    ) -> Option<Self> {
        let noise = f64::EPSILON / 2.0 + noise.unwrap_or(0.0);
        let forward = mode == Mode::Forward;
        // Where the error is of the size of the step, it is least where that is the root of the noise.
        let below = if forward {
            (-exponent(noise) / 2).max(1)
        } else {
            BELOW[usize::from(order == 2)]
        };
        let x = origin.x;
        let sign = if forward && upper - x < x - lower && upper < x + power_of_two(origin.scale) {
            -1.0
        } else {
            1.0
        };
        let has_room = |step: f64| {
            let inside = |position: f64| position >= lower && position <= upper;
            inside(x + step) && (forward || inside(x - step))
        };
        let shortest = power_of_two((origin.scale - 40).max(origin.finest));
        let mut step = power_of_two(origin.scale - below);
        while step > shortest && !has_room(sign * step) {
            step /= 2.0;
        }
        has_room(sign * step).then_some(Self {
            origin,
            mode,
            order,
            noise,
            rounding,
            step: sign * step,
        })
    }

    /// How far a value of this size may be off.
    fn deviation(&self, magnitude: f64) -> f64 {
        (magnitude * self.noise).max(self.rounding.of(magnitude))
    }

    /// Where it looks beside the point, and at how many places.
    pub(super) fn positions(&self) -> ([f64; BESIDE], usize) {
        let (x, step) = (self.origin.x, self.step);
        if self.mode == Mode::Forward {
            ([x + step; BESIDE], 1)
        } else {
            ([x - step, x + step, x + step / 2.0], BESIDE)
        }
    }

    fn outcome(&self, centre: Option<f64>, ask: &mut Ask) -> (Outcome, usize) {
        let (beside, count) = self.positions();
        let mut positions = [self.origin.x; BESIDE + 1];
        positions[1..].copy_from_slice(&beside);
        let mut values = [centre.unwrap_or(f64::NAN); BESIDE + 1];
        let known = usize::from(centre.is_some());
        ask(&positions[known..=count], &mut values[known..=count]);
        let values = &values[..=count];
        let outcome = if !values[0].is_finite() {
            Outcome::Point(Point::plain(PointKind::Undefined))
        } else if values.iter().any(|value| !value.is_finite()) {
            Outcome::undecided()
        } else if let [centre, behind, ahead, half] = *values {
            self.both_sides(centre, behind, ahead, half)
        } else {
            Outcome::Unbounded((values[count] - values[0]) / self.step)
        };
        (outcome, count + 1 - known)
    }

    fn both_sides(&self, centre: f64, behind: f64, ahead: f64, half: f64) -> Outcome {
        let step = self.step;
        let (left, right) = ((centre - behind) / step, (ahead - centre) / step);
        let near = (half - centre) / (step / 2.0);
        let (gap, foretold) = (right - left, 2.0 * (right - near));
        let magnitude = [centre, behind, ahead, half]
            .into_iter()
            .fold(0.0, |greatest: f64, value| greatest.max(value.abs()));
        if magnitude == 0.0 {
            // Zeros have no last digit to tell an error by.
            return Outcome::Unbounded(0.0);
        }
        let deviation = self.deviation(magnitude) * DEVIATIONS;
        let slopes = left.abs().max(right.abs());
        // In a smooth function the two differ by the square of the step.
        if (gap - foretold).abs() > 0.01 * slopes + 16.0 * deviation / step {
            return Outcome::undecided();
        }
        let (value, noise) = if self.order == 1 {
            ((left + right) / 2.0, deviation / step)
        } else {
            (gap / step, 4.0 * deviation / step / step)
        };
        let truncation = (gap - foretold).abs() / if self.order == 1 { 1.0 } else { step };
        Outcome::Value {
            value,
            truncation,
            noise,
            one_sided: false,
        }
    }

    /// The mixed derivative by two inputs, from the values on both lines and two more: ahead along both, and behind along both. The
    /// two sides have errors of opposite sign, so what they differ is far more than their mean is off.
    pub(super) fn mixed(lines: [&Self; 2], values: &Corners) -> Outcome {
        let Corners {
            centre,
            behind,
            ahead,
            both_behind,
            both_ahead,
        } = *values;
        let area = lines[0].step * lines[1].step;
        let magnitude = [centre, behind[0], behind[1], ahead[0], ahead[1]]
            .into_iter()
            .chain([both_behind, both_ahead])
            .fold(0.0, |greatest: f64, value| greatest.max(value.abs()));
        let before = ((both_behind - behind[0]) - (behind[1] - centre)) / area;
        let after = ((both_ahead - ahead[0]) - (ahead[1] - centre)) / area;
        if !(before + after).is_finite() {
            return Outcome::undecided();
        }
        let noise = 2.0 * lines[0].deviation(magnitude) * DEVIATIONS / area;
        Outcome::Value {
            value: (before + after) / 2.0,
            truncation: (after - before).abs(),
            noise,
            one_sided: false,
        }
    }
}

/// The values around a point that a mixed derivative takes: on each line, and off both.
#[derive(Clone, Copy, Debug)]
pub(super) struct Corners {
    pub(super) centre: f64,
    pub(super) behind: [f64; 2],
    pub(super) ahead: [f64; 2],
    pub(super) both_behind: f64,
    pub(super) both_ahead: f64,
}
