//! Differences with nothing to tune, as a method: [`Differences`] beside the methods that know formulas. It takes any function as a
//! black box.

use std::cell::{Cell, RefCell};

use rustc_hash::FxHashMap;

use super::{Method, check_shapes};
use crate::difference::{Differences, Finding, Found, METHOD};
use crate::error::Error;
use crate::estimate::{ErrorBound, Estimate, Note};
use crate::function::Function;

/// Order and step chosen from the function's own noise and scale. Where it finds no derivative the number is NaN.
///
/// ```
/// use secant::{BlackBox, Differences, derivative, method::Automatic};
/// let f = BlackBox::new(2, |x: &[f64]| x[0].sin() * x[1]);
/// let slope = derivative(&Automatic::new(Differences::new()), &f, &[1.0, 2.0], &[0])?;
/// assert!((slope.value - 2.0 * 1f64.cos()).abs() <= slope.bound.absolute(slope.value).unwrap());
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Automatic {
    differences: Differences,
}

impl Automatic {
    /// Differences with these settings; the order comes from the directions.
    #[must_use]
    pub fn new(differences: Differences) -> Self {
        Self { differences }
    }
}

impl Method for Automatic {
    fn name(&self) -> &'static str {
        METHOD
    }

    fn highest_order(&self) -> usize {
        self.differences.highest_order() as usize
    }

    fn along(
        &self,
        function: &dyn Function,
        at: &[f64],
        directions: &[Vec<f64>],
    ) -> Result<Vec<Estimate>, Error> {
        check_shapes(function, at, directions)?;
        let axes: Option<Vec<usize>> = directions.iter().map(|direction| axis(direction)).collect();
        // All outputs are run at once: what one of them asks for, the next ones need not.
        let known: RefCell<FxHashMap<Vec<u64>, Vec<f64>>> = RefCell::default();
        let runs = Cell::new(0);
        let bits = |x: &[f64]| -> Vec<u64> { x.iter().map(|x| x.to_bits()).collect() };
        let answer = |points: &[Vec<f64>], output: usize, values: &mut [f64]| {
            let mut known = known.borrow_mut();
            let is_fresh = |point: &&Vec<f64>| !known.contains_key(&bits(point));
            let fresh: Vec<Vec<f64>> = points.iter().filter(is_fresh).cloned().collect();
            runs.set(runs.get() + fresh.len());
            for (point, outputs) in fresh.iter().zip(function.eval_many(&fresh)) {
                known.insert(bits(point), outputs);
            }
            for (point, value) in points.iter().zip(values) {
                let outputs = known.get(&bits(point));
                let found = outputs.and_then(|outputs| outputs.get(output)).copied();
                *value = found.unwrap_or(f64::NAN);
            }
        };
        let found = |output: usize| match &axes {
            Some(axes) => self.differences.mixed_batch(
                |points, values| {
                    let points: Vec<Vec<f64>> =
                        points.chunks_exact(at.len()).map(<[f64]>::to_vec).collect();
                    answer(&points, output, values);
                },
                at,
                axes,
            ),
            None => self.differences.mixed_batch(
                |far, values| {
                    let far = far.chunks_exact(directions.len());
                    let points: Vec<Vec<f64>> = far.map(|far| moved(at, directions, far)).collect();
                    answer(&points, output, values);
                },
                &vec![0.0; directions.len()],
                &distinct(directions),
            ),
        };
        (0..function.outputs())
            .map(|output| {
                let found = found(output)?;
                Ok(estimate(found.costing(runs.take())))
            })
            .collect()
    }
}

/// The input along which a unit direction points.
fn axis(direction: &[f64]) -> Option<usize> {
    let axis = direction.iter().position(|speed| *speed == 1.0)?;
    let others = direction
        .iter()
        .enumerate()
        .filter(|(input, _)| *input != axis);
    others
        .into_iter()
        .all(|(_, speed)| *speed == 0.0)
        .then_some(axis)
}

/// The point moved so far along each direction.
fn moved(at: &[f64], directions: &[Vec<f64>], far: &[f64]) -> Vec<f64> {
    let mut point = at.to_vec();
    for (direction, far) in directions.iter().zip(far) {
        for (x, speed) in point.iter_mut().zip(direction) {
            *x += far * speed;
        }
    }
    point
}

/// For each direction the place of the first that is the same, so that a repeated one counts as a higher order.
fn distinct(directions: &[Vec<f64>]) -> Vec<usize> {
    directions
        .iter()
        .enumerate()
        .map(|(place, direction)| {
            directions
                .iter()
                .position(|other| other == direction)
                .unwrap_or(place)
        })
        .collect()
}

fn estimate(found: Found) -> Estimate {
    match found.finding {
        Finding::Derivative(estimate) => Estimate {
            evaluations: found.evaluations,
            ..estimate
        },
        // Less than a digit is still a range.
        Finding::TooNoisy { value, bound } => Estimate {
            value,
            bound: ErrorBound::Estimated {
                truncation: 0.0,
                rounding: bound,
            },
            method: METHOD,
            evaluations: found.evaluations,
            notes: Vec::new(),
        },
        _ => Estimate {
            value: f64::NAN,
            bound: ErrorBound::Unknown,
            method: METHOD,
            evaluations: found.evaluations,
            notes: vec![Note::Unsettled],
        },
    }
}
