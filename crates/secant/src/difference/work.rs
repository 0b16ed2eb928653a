//! [`Work`]: the search along one line, by one input or by several, and the product of differences by several inputs.

use super::builder::{Differences, MIXED, Mode};
use super::cheap::{self, Corners, Look};
use super::engine::{Outcome, Search, Wanted};
use super::finding::Found;
use super::memo::Once;
use super::mixed::{AXES, Axis, Mixed};
use super::samples::{Ask, BATCH, Origin, Samples};
use super::units::Units;

/// The work on one line after the other.
pub(super) struct Work<'p> {
    pub(super) wanted: &'p Differences,
    pub(super) samples: &'p mut Samples,
}

impl Work<'_> {
    /// The search along one line.
    pub(super) fn along(
        &mut self,
        ask: &mut Ask,
        origin: Origin,
        domain: [f64; 2],
        order: u32,
        centre: Option<f64>,
    ) -> Found {
        let Differences {
            mode,
            noise,
            rounding,
            ..
        } = *self.wanted;
        if mode.looks_once() {
            let look = self.wanted.look(origin, domain, order);
            let (outcome, evaluations) = cheap::outcome(look, centre, ask);
            return Found::new(outcome, evaluations, 0.0);
        }
        let mut asked = 0;
        let centre = centre.unwrap_or_else(|| {
            let mut value = [f64::NAN];
            ask(&[origin.x], &mut value);
            asked = 1;
            value[0]
        });
        let wanted = Wanted {
            order,
            goal: mode.goal(order),
            noise,
            rounding,
        };
        let (outcome, noise) = match Units::of(&origin, centre) {
            None => self.searched(ask, origin, domain, wanted, centre),
            Some(units) => self.searched_in(units, ask, origin, domain, wanted, centre),
        };
        Found::new(outcome, asked + self.samples.evaluations, noise)
    }

    /// What is found along a line with this value at its start, and the noise of values.
    fn searched(
        &mut self,
        ask: &mut Ask,
        origin: Origin,
        domain: [f64; 2],
        wanted: Wanted,
        centre: f64,
    ) -> (Outcome, f64) {
        // The start counts towards the cap though it is known.
        let cap = self.wanted.mode.cap() - 1;
        self.samples.start(origin, domain, cap, centre);
        let mut search = Search::new(self.samples, ask, wanted);
        let outcome = search.outcome();
        (outcome, search.noise)
    }

    /// The same, with positions and values measured in units.
    fn searched_in(
        &mut self,
        units: Units,
        ask: &mut Ask,
        origin: Origin,
        domain: [f64; 2],
        wanted: Wanted,
        centre: f64,
    ) -> (Outcome, f64) {
        let mut measured = |positions: &[f64], values: &mut [f64]| {
            let mut whole = [0.0; 2 * BATCH];
            for (whole, position) in whole.iter_mut().zip(positions) {
                *whole = units.whole_position(*position);
            }
            ask(&whole[..positions.len()], values);
            values
                .iter_mut()
                .for_each(|value| *value = units.value(*value));
        };
        let ends = domain.map(|end| units.position(end));
        let order = wanted.order;
        let wanted = Wanted {
            rounding: units.rounding(wanted.rounding),
            ..wanted
        };
        let (outcome, noise) = self.searched(
            &mut measured,
            units.origin(origin),
            ends,
            wanted,
            units.value(centre),
        );
        (units.outcome(outcome, order), units.whole_value(noise))
    }

    /// The derivative by one axis alone, with the other inputs where they are.
    pub(super) fn by_axis(
        &mut self,
        once: &mut Once,
        at: &[f64],
        axes: &[Axis],
        place: usize,
    ) -> Found {
        let axis = axes[place];
        let start = Axis::positions(axes);
        let key = |position: f64| {
            let mut key = start;
            key[place] = position;
            key
        };
        let place = |position: f64, points: &mut Vec<f64>| {
            let start = points.len();
            points.extend_from_slice(at);
            points[start + axis.input] = position;
        };
        let mut ask = |positions: &[f64], values: &mut [f64]| {
            once.ask(positions, key, place, 0, values);
        };
        let mut centre = [f64::NAN];
        ask(&[axis.at], &mut centre);
        let domain = self.wanted.domain(axis.input);
        self.along(
            &mut ask,
            Origin::at(axis.at),
            domain,
            axis.order,
            Some(centre[0]),
        )
    }

    /// The derivative by several inputs that are smooth alone.
    pub(super) fn product(
        &mut self,
        once: &mut Once,
        at: &[f64],
        axes: &[Axis],
        noise: f64,
    ) -> Found {
        let wanted = &self.wanted;
        let mut values = |positions: &[[f64; AXES]], values: &mut [f64]| {
            for position in positions {
                once.want(*position, |points| {
                    let start = points.len();
                    points.extend_from_slice(at);
                    for (axis, x) in axes.iter().zip(position) {
                        points[start + axis.input] = *x;
                    }
                });
            }
            once.run_wanted();
            for (position, value) in positions.iter().zip(values) {
                *value = once.value(position, 0);
            }
        };
        if wanted.mode == Mode::Cheap {
            let mut value = |position: &[f64; AXES]| {
                let mut value = [f64::NAN];
                values(std::slice::from_ref(position), &mut value);
                value[0]
            };
            return Found::new(Self::cheap_product(wanted, axes, &mut value), 0, noise);
        }
        let inside = |position: &[f64; AXES]| {
            axes.iter().zip(position).all(|(axis, x)| {
                let [lower, upper] = wanted.domain(axis.input);
                (lower..=upper).contains(x)
            })
        };
        let order = axes.iter().map(|axis| axis.order).sum();
        let outcome = Mixed {
            axes,
            values: &mut values,
            inside: &inside,
            noise,
            rounding: wanted.rounding,
            goal: wanted.mode.goal(order),
            left: wanted.mode.cap().max(MIXED),
        }
        .outcome();
        Found::new(outcome, 0, noise)
    }

    /// The same from the looks along both lines, which are known, and two values more.
    fn cheap_product(
        wanted: &Differences,
        axes: &[Axis],
        value: &mut dyn FnMut(&[f64; AXES]) -> f64,
    ) -> Outcome {
        let look = |axis: &Axis| {
            let domain = wanted.domain(axis.input);
            wanted.look(Origin::at(axis.at), domain, axis.order)
        };
        let (Some(first), Some(second)) = (look(&axes[0]), look(&axes[1])) else {
            return Outcome::undecided();
        };
        let start = Axis::positions(axes);
        let mut beside = |place: usize, look: &Look| {
            let ([behind, ahead, _], _) = look.positions();
            [behind, ahead].map(|position| {
                let mut positions = start;
                positions[place] = position;
                (position, value(&positions))
            })
        };
        let [behind, ahead] = {
            let (a, b) = (beside(0, &first), beside(1, &second));
            [[a[0], b[0]], [a[1], b[1]]]
        };
        let mut both = |sides: [(f64, f64); 2]| {
            let mut positions = start;
            (positions[0], positions[1]) = (sides[0].0, sides[1].0);
            value(&positions)
        };
        let corners = Corners {
            both_behind: both(behind),
            both_ahead: both(ahead),
            behind: behind.map(|(_, value)| value),
            ahead: ahead.map(|(_, value)| value),
            centre: value(&start),
        };
        Look::mixed([&first, &second], &corners)
    }

    pub(super) fn line_of_hessian(
        &mut self,
        once: &mut Once,
        at: &[f64],
        input: usize,
        centre: f64,
    ) -> Along {
        let [first, second] = [1, 2].map(|order| Axis::new(input, at[input], order));
        once.memo.restart(1);
        once.memo.know(Axis::positions(&[first]), &[centre]);
        let bend = self.by_axis(once, at, &[second], 0);
        if !self.wanted.mode.looks_once() {
            let slope = self.by_axis(once, at, &[first], 0);
            let evaluations = once.run_since();
            return Along {
                axis: first,
                slope,
                bend: Found {
                    evaluations,
                    ..bend
                },
                beside: None,
            };
        }
        let domain = self.wanted.domain(input);
        let look = self.wanted.look(Origin::at(at[input]), domain, 2);
        let beside = look.map(|look| {
            let ([behind, ahead, _], _) = look.positions();
            [behind, ahead].map(|position| {
                (
                    position,
                    once.value(&Axis::positions(&[Axis::new(input, position, 1)]), 0),
                )
            })
        });
        let evaluations = once.run_since();
        Along {
            axis: second,
            slope: bend.clone(),
            bend: Found {
                evaluations,
                ..bend
            },
            beside,
        }
    }
}

/// What a Hessian takes from the line of one input.
pub(super) struct Along {
    pub(super) axis: Axis,
    /// Whether the input alone is smooth, and how noisy.
    pub(super) slope: Found,
    pub(super) bend: Found,
    /// Positions and values on either side, where a mixed derivative uses them too.
    pub(super) beside: Option<[(f64, f64); 2]>,
}
