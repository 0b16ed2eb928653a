//! Derivatives by several inputs: products of central differences, one for each input, at steps that shrink together. Their error
//! is in even powers of the step, so the same ladder extrapolates them.

use super::engine::Outcome;
use super::ladder::{Coefficient, DEVIATIONS, Ladder, Rung};
use super::rounding::Rounding;
use super::samples::{Origin, power_of_two};

/// The most inputs that take part.
pub(super) const AXES: usize = 4;
/// The most points of one step: two along each of four inputs.
const POINTS: usize = 16;

/// One input that moves: its place, its value, the exponent of its scale, how often it is differentiated by.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Axis {
    pub(super) input: usize,
    pub(super) at: f64,
    pub(super) scale: i32,
    pub(super) order: u32,
}

impl Axis {
    pub(super) fn new(input: usize, at: f64, order: u32) -> Self {
        let scale = Origin::at(at).scale;
        Self {
            input,
            at,
            scale,
            order,
        }
    }

    /// The axes of a derivative by inputs in turn, and how many there are.
    pub(super) fn of(at: &[f64], inputs: &[usize]) -> ([Self; AXES], usize) {
        let (mut axes, mut count) = ([Self::default(); AXES], 0);
        for input in inputs {
            match axes[..count].iter_mut().find(|axis| axis.input == *input) {
                Some(axis) => axis.order += 1,
                None => {
                    axes[count] = Self::new(*input, at[*input], 1);
                    count += 1;
                }
            }
        }
        (axes, count)
    }

    /// Where the axes start.
    pub(super) fn positions(axes: &[Self]) -> [f64; AXES] {
        let mut positions = [0.0; AXES];
        for (position, axis) in positions.iter_mut().zip(axes) {
            *position = axis.at;
        }
        positions
    }
}

/// The central stencil of an order: offsets in steps, weights, and by how many points it counts.
fn stencil(order: u32) -> (&'static [f64], &'static [f64]) {
    match order {
        1 => (&[-1.0, 1.0], &[-0.5, 0.5]),
        2 => (&[-1.0, 0.0, 1.0], &[1.0, -2.0, 1.0]),
        _ => (&[-2.0, -1.0, 1.0, 2.0], &[-0.5, 1.0, -1.0, 0.5]),
    }
}

/// Values at positions of the axes.
pub(super) type Values<'v> = dyn FnMut(&[[f64; AXES]], &mut [f64]) + 'v;

/// A search over several inputs.
pub(super) struct Mixed<'m> {
    pub(super) axes: &'m [Axis],
    /// The values at positions of the axes, all those of one step in one call.
    pub(super) values: &'m mut Values<'m>,
    /// Whether positions are in the domain.
    pub(super) inside: &'m dyn Fn(&[f64; AXES]) -> bool,
    /// The noise that the single inputs showed.
    pub(super) noise: f64,
    pub(super) rounding: Rounding,
    pub(super) goal: f64,
    /// How many more evaluations may be spent.
    pub(super) left: usize,
}

impl Mixed<'_> {
    /// The derivative; undecided where the shape of the step matters.
    pub(super) fn outcome(&mut self) -> Outcome {
        const RUNGS: i32 = 5;
        const MOST: i32 = 9;
        /// Several inputs at once have more terms that may cancel by chance in what a rung changes.
        const CAUTION: f64 = 3.0;
        let mut ladder = Ladder::central(Coefficient::Limit);
        let (mut longest, mut shortest) = (-2, -1);
        let mut best = None;
        let mut next = longest;
        for count in 1..=MOST {
            let Some(rung) = self.rung(next, 0) else {
                if count == 1 || next == longest {
                    // Too long for the domain: all of the ladder moves down.
                    longest = next - 1;
                    next = longest;
                    shortest = next + 1;
                    continue;
                }
                break;
            };
            ladder.push(rung);
            // The last rung that can be paid for is the skew one.
            let is_last = self.left < 2 * self.cost();
            (longest, shortest) = (longest.max(next), shortest.min(next));
            best = ladder.best(i32::MAX);
            let good = best.is_some_and(|best| best.bound() <= self.goal * best.value.abs());
            if is_last || (count >= RUNGS && good) {
                break;
            }
            let noisy = count >= RUNGS && best.is_some_and(|best| best.noise > best.truncation);
            next = if noisy && longest < 2 {
                longest + 1
            } else {
                shortest - 1
            };
        }
        let Some(best) = best else {
            return Outcome::undecided();
        };
        // A step twice as long along one input must tell the same, or the derivative depends on the way to the point (Peano).
        let skew = self.rung(best.shortest - 1, 1);
        let agrees = skew.is_some_and(|skew| {
            let off = (skew.value - best.value).abs();
            off <= best.bound() + 8.0 * skew.noise + 0.05 * best.value.abs()
        });
        if !agrees {
            return Outcome::undecided();
        }
        Outcome::Value {
            value: best.value,
            truncation: CAUTION * best.truncation,
            noise: best.noise,
            one_sided: false,
        }
    }

    /// How many values a rung takes.
    fn cost(&self) -> usize {
        let values = self.axes.iter().map(|axis| stencil(axis.order).0.len());
        values.product()
    }

    /// The product of differences at one step, with the first input's longer by so many powers of two.
    fn rung(&mut self, exponent: i32, stretched: i32) -> Option<Rung> {
        let mut steps = [0.0; AXES];
        for (place, axis) in self.axes.iter().enumerate() {
            steps[place] =
                power_of_two(axis.scale + exponent + if place == 0 { stretched } else { 0 });
        }
        let (mut positions, mut weights) = ([[0.0; AXES]; POINTS], [1.0; POINTS]);
        let count = self.cost();
        if count > self.left.min(POINTS) {
            return None;
        }
        let places = positions.iter_mut().zip(&mut weights).take(count);
        for (index, (position, weight)) in places.enumerate() {
            let mut rest = index;
            for (place, axis) in self.axes.iter().enumerate() {
                let (offsets, factors) = stencil(axis.order);
                let offset = rest % offsets.len();
                rest /= offsets.len();
                position[place] = axis.at + offsets[offset] * steps[place];
                *weight *= factors[offset] / steps[place].powi(axis.order as i32);
            }
            if !(self.inside)(position) {
                return None;
            }
        }
        let mut values = [f64::NAN; POINTS];
        (self.values)(&positions[..count], &mut values[..count]);
        self.left -= count;
        let (mut sum, mut squares, mut magnitude) = (0.0, 0.0, 0.0f64);
        for (value, weight) in values[..count].iter().zip(weights) {
            if !value.is_finite() {
                return None;
            }
            sum += weight * value;
            squares += weight * weight;
            magnitude = magnitude.max(value.abs());
        }
        // Of the value, and of the position, which several inputs round.
        let deviation = 2.0 * self.rounding.of(magnitude) + self.noise;
        Some(Rung {
            exponent,
            value: sum,
            noise: deviation * squares.sqrt(),
        })
        .filter(|rung| rung.noise * DEVIATIONS < f64::MAX)
    }
}
