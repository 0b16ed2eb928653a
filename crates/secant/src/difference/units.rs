//! [`Units`]: powers of two in which a point and values far from 1 are measured, so that squares of steps and of values stay within doubles. What is
//! multiplied by a power of two keeps its bits.

use super::engine::Outcome;
use super::rounding::Rounding;
use super::samples::{Origin, exponent, power_of_two};
use crate::point::Point;

/// Of numbers from 2⁻²⁰⁰ to 2²⁰⁰ the fourth powers have room, and they are taken as they are.
const FAR: i32 = 200;
/// Values below this have less digits than a double: they lie apart by the smallest number there is.
const FEW_DIGITS: i32 = -960;

/// What a step and a value are measured in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Units {
    step: f64,
    value: f64,
}

impl Units {
    /// Those that suit a point and its value; `None` where both are taken as they are. A small point has none of its own: a function may add 1 to it, and a
    /// small value there need not be small elsewhere.
    pub(super) fn of(origin: &Origin, centre: f64) -> Option<Self> {
        let step = match origin.scale > FAR {
            true => power_of_two(origin.scale),
            false => 1.0,
        };
        let is_small = origin.x.abs() < power_of_two(-FAR);
        let value = match exponent(centre) {
            _ if centre == 0.0 || !centre.is_finite() => 1.0,
            size if size > FAR || (size < -FAR && !is_small) => {
                // Its reciprocal is a double too.
                power_of_two(size.clamp(-1000, 1000))
            }
            _ => 1.0,
        };
        (step != 1.0 || value != 1.0).then_some(Self { step, value })
    }

    /// A position along the line in these units.
    pub(super) fn position(self, x: f64) -> f64 {
        x / self.step
    }

    /// A position as it was.
    pub(super) fn whole_position(self, x: f64) -> f64 {
        x * self.step
    }

    /// A value in these units.
    pub(super) fn value(self, f: f64) -> f64 {
        f / self.value
    }

    /// A value, or the noise of values, as it was.
    pub(super) fn whole_value(self, f: f64) -> f64 {
        f * self.value
    }

    /// Where a line starts.
    pub(super) fn origin(self, origin: Origin) -> Origin {
        let scale = exponent(self.step);
        Origin {
            x: self.position(origin.x),
            scale: origin.scale - scale,
            finest: origin.finest - scale,
            longest: origin.longest - scale,
        }
    }

    /// How far values are rounded.
    pub(super) fn rounding(self, rounding: Rounding) -> Rounding {
        // A function rounds on its way to the value as well.
        const ON_THE_WAY: u64 = 2;
        let least = match self.value < power_of_two(FEW_DIGITS) {
            true => f64::from_bits(1 + ON_THE_WAY),
            false => 0.0,
        };
        Rounding {
            unit: self.value(rounding.unit.max(least)),
            ..rounding
        }
    }

    /// What was found for a derivative of an order, as it is without units.
    pub(super) fn outcome(self, outcome: Outcome, order: u32) -> Outcome {
        // One factor after the other: their product need be no double.
        let derivative =
            |number: f64| (0..order).fold(self.whole_value(number), |number, _| number / self.step);
        match outcome {
            Outcome::Value {
                value,
                truncation,
                noise,
                one_sided,
            } => Outcome::Value {
                value: derivative(value),
                truncation: derivative(truncation),
                noise: derivative(noise),
                one_sided,
            },
            Outcome::Unbounded(value) => Outcome::Unbounded(derivative(value)),
            Outcome::TooNoisy { value, bound } => Outcome::TooNoisy {
                value: derivative(value),
                bound: derivative(bound),
            },
            Outcome::Scales { coarse, fine } => {
                let scale = |(slope, step): (f64, f64)| {
                    (
                        self.whole_value(slope) / self.step,
                        self.whole_position(step),
                    )
                };
                Outcome::Scales {
                    coarse: scale(coarse),
                    fine: scale(fine),
                }
            }
            Outcome::Point(point) => Outcome::Point(Point {
                left: point.left.map(|slope| self.whole_value(slope) / self.step),
                right: point.right.map(|slope| self.whole_value(slope) / self.step),
                left_limit: point.left_limit.map(|limit| self.whole_value(limit)),
                right_limit: point.right_limit.map(|limit| self.whole_value(limit)),
                ..point
            }),
        }
    }
}
