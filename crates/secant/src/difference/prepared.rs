//! [`Prepared`]: room for the work of [`Differences`], to be used again. It takes a function and a point, and gives gradients, Jacobians, mixed
//! derivatives and Hessians as lines through the point, whose searches share what was run.

use super::builder::{Differences, Mode};
use super::cheap;
use super::evaluators::Value;
use super::finding::Found;
use super::line::Moved;
use super::memo::{Batch, Memo, Once, on_line};
use super::mixed::Axis;
use super::samples::{Origin, Samples};
use super::work::{Along, Work};
use crate::error::Error;

/// How many points are run in one batch, where more than one line is known beforehand.
const ROWS: usize = 63;
/// The order of gradients and Jacobians.
const FIRST: u32 = 1;

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
        self.wanted.check_order(self.wanted.order)?;
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
                let look = wanted.look(line.origin(), line.domain(), FIRST);
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
                    let found = work.along(&mut ask, origin, domain, FIRST, Some(centre[row]));
                    let found = line.by_input(column, found);
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
