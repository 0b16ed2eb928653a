//! [`Prepared`]: room for the work of [`Differences`], and the work itself: lines through the point, one after the other, whose searches share what
//! was run.

use super::builder::{Differences, Mode};
use super::cheap::{self, Corners, Look};
use super::engine::{Outcome, Search, Wanted};
use super::evaluators::Value;
use super::finding::Found;
use super::line::Moved;
use super::memo::{Batch, Memo, Once, on_line};
use super::mixed::{AXES, Axis, Mixed};
use super::samples::{Ask, Origin, Samples};
use crate::error::Error;
use crate::point::Point;

/// How many points are run in one batch, where more than one line is known beforehand.
const ROWS: usize = 63;

/// [`Differences`] with room for the work: used again for functions of as many inputs, it allocates nothing.
#[derive(Clone, Debug)]
pub struct Prepared {
    wanted: Differences,
    samples: Samples,
    points: Vec<f64>,
    memo: Memo,
    /// The outputs at the point itself.
    centre: Vec<f64>,
}

impl Prepared {
    pub(super) fn new(wanted: Differences, inputs: usize) -> Self {
        Self {
            samples: Samples::new(),
            points: Vec::with_capacity(ROWS * inputs.max(1)),
            memo: Memo::with_capacity(wanted.mode.cap().max(ROWS)),
            centre: Vec::with_capacity(1),
            wanted,
        }
    }

    /// The derivative of a function of one number, as [`Differences::derivative`].
    ///
    /// ```
    /// let mut prepared = secant::Differences::new().prepare(1);
    /// for x in [0.5, 1.0, 1.5] {
    ///     assert!((prepared.derivative(f64::exp, x)?.value().unwrap() - x.exp()).abs() < 1e-12);
    /// }
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Differences::derivative`].
    pub fn derivative<V: Value>(
        &mut self,
        mut function: impl FnMut(f64) -> V,
        x: f64,
    ) -> Result<Found, Error> {
        self.wanted.check(&[x])?;
        let mut ask = |positions: &[f64], values: &mut [f64]| {
            for (position, value) in positions.iter().zip(values) {
                *value = function(*position).number();
            }
        };
        let (order, domain) = (self.wanted.order, self.wanted.domain(0));
        let mut work = Work {
            wanted: &self.wanted,
            samples: &mut self.samples,
        };
        Ok(work.along(&mut ask, Origin::at(x), domain, order, None))
    }

    /// The gradient in place of what `gradient` held, as [`Differences::gradient_batch`].
    ///
    /// ```
    /// let mut prepared = secant::Differences::new().prepare(2);
    /// let mut gradient = Vec::with_capacity(2);
    /// let area = |points: &[f64], values: &mut [f64]| {
    ///     for (point, value) in points.chunks_exact(2).zip(values) {
    ///         *value = point[0] * point[1];
    ///     }
    /// };
    /// for width in [1.0, 2.0] {
    ///     prepared.gradient_into(area, &[width, 3.0], &mut gradient)?;
    ///     assert!((gradient[1].value().unwrap() - width).abs() < 1e-12);
    /// }
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Differences::derivative`].
    pub fn gradient_into(
        &mut self,
        mut batch: impl FnMut(&[f64], &mut [f64]),
        at: &[f64],
        gradient: &mut Vec<Found>,
    ) -> Result<(), Error> {
        gradient.clear();
        self.entries(&mut batch, 1, at, Moved::Alone, &mut |_, _, found| {
            gradient.push(found);
        })
    }

    /// The entries of a Jacobian, line by line. The point itself is run once, every other point once for all outputs; what the
    /// looks of a cheap mode need is known beforehand and run side by side.
    pub(super) fn entries(
        &mut self,
        batch: &mut Batch,
        outputs: usize,
        at: &[f64],
        moved: Moved,
        each: &mut dyn FnMut(usize, usize, Found),
    ) -> Result<(), Error> {
        self.wanted.check(at)?;
        let wanted = &self.wanted;
        let centre = &mut self.centre;
        centre.clear();
        centre.resize(outputs, f64::NAN);
        batch(at, centre);
        let mut once = Once::new(batch, &mut self.memo, &mut self.points);
        let mut work = Work {
            wanted,
            samples: &mut self.samples,
        };
        let lines = moved.lines(at.len());
        let together = if wanted.mode.looks_once() {
            ROWS / cheap::BESIDE
        } else {
            1
        };
        for first in (0..lines).step_by(together) {
            let chunk = first..(first + together).min(lines);
            once.memo.restart(outputs);
            for number in chunk.clone() {
                let line = moved.line(&number, at, wanted);
                let is_asked_for = moved.entries(number, outputs).next().is_some();
                let look = wanted.look(line.origin(), line.domain(), wanted.order);
                if let Some(look) = look.filter(|_| is_asked_for) {
                    let (positions, count) = look.positions();
                    for position in &positions[..count] {
                        once.want(on_line(number, *position), |points| {
                            line.place(*position, points);
                        });
                    }
                }
            }
            once.run_wanted();
            for number in chunk {
                let line = moved.line(&number, at, wanted);
                let (origin, domain) = (line.origin(), line.domain());
                for (row, column) in moved.entries(number, outputs) {
                    let mut ask = |positions: &[f64], values: &mut [f64]| {
                        let key = |position| on_line(number, position);
                        let place = |position, points: &mut Vec<f64>| line.place(position, points);
                        once.ask(positions, key, place, row, values);
                    };
                    let found =
                        work.along(&mut ask, origin, domain, wanted.order, Some(centre[row]));
                    let found = line.by_input(column, wanted.order, found);
                    each(row, column, found.costing(once.run_since()));
                }
            }
        }
        Ok(())
    }

    /// The derivative by inputs in turn. Each input alone must be smooth first: a product of differences does not see a corner.
    pub(super) fn mixed_at(&mut self, batch: &mut Batch, at: &[f64], inputs: &[usize]) -> Found {
        let (mut axes, count) = Axis::of(at, inputs);
        let axes = &mut axes[..count];
        if count > 1 && self.wanted.mode == Mode::Cheap {
            // A look that a mixed derivative can use as well.
            axes.iter_mut().for_each(|axis| axis.order = 2);
        }
        self.memo.restart(1);
        let mut once = Once::new(batch, &mut self.memo, &mut self.points);
        let mut work = Work {
            wanted: &self.wanted,
            samples: &mut self.samples,
        };
        // The point itself is run by the first line that needs it.
        once.run = 0;
        let mut noise = 0.0f64;
        for place in 0..count {
            let line = work.by_axis(&mut once, at, axes, place);
            if count == 1 || line.value().is_none() {
                return line.costing(once.run_since());
            }
            noise = noise.max(line.noise);
        }
        let found = work.product(&mut once, at, axes, noise);
        found.costing(once.run_since())
    }

    /// The Hessian. Both derivatives along a line share what is run there; off the lines no two pairs of inputs meet.
    pub(super) fn hessian(&mut self, batch: &mut Batch, at: &[f64]) -> Vec<Vec<Found>> {
        let mut centre = [f64::NAN];
        batch(at, &mut centre);
        let mut once = Once::new(batch, &mut self.memo, &mut self.points);
        let mut work = Work {
            wanted: &self.wanted,
            samples: &mut self.samples,
        };
        let lines: Vec<Along> = (0..at.len())
            .map(|input| work.line_of_hessian(&mut once, at, input, centre[0]))
            .collect();
        let mut rows: Vec<Vec<Found>> = Vec::with_capacity(at.len());
        for row in 0..at.len() {
            let mirrored = |above: &Vec<Found>| above[row].clone().costing(0);
            let mut entries: Vec<Found> = rows.iter().map(mirrored).collect();
            entries.push(lines[row].bend.clone());
            for column in row + 1..at.len() {
                let pair = [&lines[row], &lines[column]];
                let found = match pair.iter().find(|line| line.slope.value().is_none()) {
                    Some(bent) => bent.slope.clone(),
                    None => {
                        let axes = pair.map(|line| line.axis);
                        let start = Axis::positions(&axes);
                        once.memo.restart(1);
                        once.memo.know(start, &centre);
                        for (place, line) in pair.iter().enumerate() {
                            for (position, value) in line.beside.iter().flatten() {
                                let mut key = start;
                                key[place] = *position;
                                once.memo.know(key, &[*value]);
                            }
                        }
                        let noise = pair[0].slope.noise.max(pair[1].slope.noise);
                        work.product(&mut once, at, &axes, noise)
                    }
                };
                entries.push(found.costing(once.run_since()));
            }
            rows.push(entries);
        }
        rows
    }
}

/// The work on one line after the other.
struct Work<'p> {
    wanted: &'p Differences,
    samples: &'p mut Samples,
}

impl Work<'_> {
    /// The search along one line.
    fn along(
        &mut self,
        ask: &mut Ask,
        origin: Origin,
        domain: [f64; 2],
        order: u32,
        centre: Option<f64>,
    ) -> Found {
        let (mode, noise) = (self.wanted.mode, self.wanted.noise);
        if mode.looks_once() {
            let look = self.wanted.look(origin, domain, order);
            let (outcome, evaluations) = cheap::outcome(look, centre, ask);
            return Found::new(outcome, evaluations, 0.0);
        }
        self.samples.start(origin, domain, mode.cap(), centre, ask);
        let wanted = Wanted {
            order,
            goal: mode.goal(order),
            noise,
        };
        let mut search = Search::new(self.samples, ask, wanted);
        let outcome = search.outcome();
        let noise = search.noise;
        Found::new(outcome, self.samples.evaluations, noise)
    }

    /// The derivative by one axis alone, with the other inputs where they are.
    fn by_axis(&mut self, once: &mut Once, at: &[f64], axes: &[Axis], place: usize) -> Found {
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
    fn product(&mut self, once: &mut Once, at: &[f64], axes: &[Axis], noise: f64) -> Found {
        let wanted = &self.wanted;
        let mut value = |position: &[f64; AXES]| {
            once.want(*position, |points| {
                let start = points.len();
                points.extend_from_slice(at);
                for (axis, x) in axes.iter().zip(position) {
                    points[start + axis.input] = *x;
                }
            });
            once.run_wanted();
            once.value(position, 0)
        };
        if wanted.mode == Mode::Cheap {
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
            value: &mut value,
            inside: &inside,
            noise,
            goal: wanted.mode.goal(order),
            left: wanted.mode.cap().max(60),
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
            return Outcome::Point(Point::undecided());
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

    fn line_of_hessian(&mut self, once: &mut Once, at: &[f64], input: usize, centre: f64) -> Along {
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
struct Along {
    axis: Axis,
    /// Whether the input alone is smooth, and how noisy.
    slope: Found,
    bend: Found,
    /// Positions and values on either side, where a mixed derivative uses them too.
    beside: Option<[(f64, f64); 2]>,
}
