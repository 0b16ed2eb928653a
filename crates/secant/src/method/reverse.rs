//! Adjoints swept backward through the steps (Linnainmaa 1970): all inputs at once, at the cost of a few runs.
//! The second derivative sweeps tangents backward; beyond that, the formula's derivative is swept.

use super::forward::moving;
use super::{Method, but_two, check_shapes, formulas, moves};
use crate::error::{Error, ErrorKind};
use crate::estimate::Estimate;
use crate::function::{Function, Recorded};
use crate::number::Interval;
use crate::program::Program;
use crate::vocabulary::{Dual, Scalar};

/// Reverse mode.
///
/// ```
/// use secant::{Formula, Recorded, method::{Method, Reverse}};
/// let f = Recorded::from(&Formula::parse("x*y^2")?);
/// let gradient = Reverse.back(&f, &[3.0, 2.0], &[1.0]).unwrap()?;
/// assert_eq!((gradient[0].value, gradient[1].value), (4.0, 12.0));
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Reverse;

impl Method for Reverse {
    fn name(&self) -> &'static str {
        "reverse"
    }

    fn along(
        &self,
        function: &dyn Function,
        at: &[f64],
        directions: &[Vec<f64>],
    ) -> Result<Vec<Estimate>, Error> {
        check_shapes(function, at, directions)?;
        let recorded = formulas(self, function)?;
        let (derived, last) = but_two(recorded, directions)?;
        let boxed = Interval::points(at);
        let estimate = |output: usize| {
            let value = derivative(&derived, output, at, last);
            let range = derivative(&derived, output, &boxed, last);
            Estimate::rounded(self.name(), value, range)
        };
        Ok((0..function.outputs()).map(estimate).collect())
    }

    fn back(
        &self,
        function: &dyn Function,
        at: &[f64],
        weights: &[f64],
    ) -> Option<Result<Vec<Estimate>, Error>> {
        if at.len() != function.inputs() || weights.len() != function.outputs() {
            return Some(Err(Error::new(
                ErrorKind::Shape,
                "a point needs one entry for each input, weights one for each output",
            )));
        }
        let Some(recorded) = function.recorded() else {
            let estimate = |adjoint| Estimate::unbounded(self.name(), adjoint);
            return Some(match function.vjp(at, weights) {
                Some(adjoints) => Ok(adjoints.into_iter().map(estimate).collect()),
                None => Err(formulas(self, function).err().unwrap_or_else(|| {
                    Error::new(
                        ErrorKind::Unsupported,
                        "this function cannot be swept backward",
                    )
                })),
            });
        };
        let found = self.swept(recorded.program(), at, weights);
        // Along one input there may be a derivative where there is none along all: x^n at a negative x is told by x alone.
        let lost = found.iter().filter(|estimate| estimate.value.is_nan());
        let are_few = at.len() > 1 && lost.count() <= MOST_ALONE;
        let alone = |(input, estimate): (usize, Estimate)| {
            if are_few && estimate.value.is_nan() {
                let moved = recorded.program().moved_by(|other| other == input);
                return self.swept(&moved, at, weights).swap_remove(input);
            }
            estimate
        };
        Some(Ok(found.into_iter().enumerate().map(alone).collect()))
    }
}

/// So many inputs that have no derivative in common are swept for one by one.
const MOST_ALONE: usize = 64;

impl Reverse {
    /// The weighed outputs' derivatives by each input, by one sweep.
    fn swept(self, program: &Program, at: &[f64], weights: &[f64]) -> Vec<Estimate> {
        let values = program.pullback(at, weights);
        let ranges = program.pullback(&Interval::points(at), &Interval::points(weights));
        let estimate = |(value, range): (Option<f64>, Option<Interval>)| {
            Estimate::rounded(
                self.name(),
                value.unwrap_or(0.0),
                range.unwrap_or(Interval::point(0.0)),
            )
        };
        values.into_iter().zip(ranges).map(estimate).collect()
    }
}

/// The derivative of one output along one direction or two, by one sweep back; the output itself along none.
fn derivative<S: Scalar>(
    function: &Recorded,
    output: usize,
    at: &[S],
    directions: &[Vec<f64>],
) -> S {
    match directions {
        [direction] => along(&sweep(function, output, at, directions), direction),
        [first, second] => {
            let swept = sweep(function, output, &moving(at, first), directions);
            let tangents: Vec<Option<S>> = swept
                .into_iter()
                .map(|adjoint| adjoint.map(|adjoint| Dual::tangent(&adjoint)))
                .collect();
            along(&tangents, second)
        }
        _ => function.program().run(at)[output].clone(),
    }
}

/// The gradient of one output by the inputs that move along one of the directions.
fn sweep<S: Scalar>(
    function: &Recorded,
    output: usize,
    at: &[S],
    directions: &[Vec<f64>],
) -> Vec<Option<S>> {
    let moves = moves(directions);
    let weights: Vec<S> = (0..function.outputs())
        .map(|index| S::constant(if index == output { 1.0 } else { 0.0 }))
        .collect();
    let program = function.program();
    if (0..at.len()).all(&moves) {
        return program.pullback(at, &weights);
    }
    program.moved_by(moves).pullback(at, &weights)
}

/// The gradient's component along a direction; inputs that do not move are left out.
fn along<S: Scalar>(gradient: &[Option<S>], direction: &[f64]) -> S {
    let moving = gradient
        .iter()
        .zip(direction)
        .filter(|(_, speed)| **speed != 0.0);
    let terms = moving.filter_map(|(adjoint, speed)| {
        adjoint.clone().map(|adjoint| {
            if *speed == 1.0 {
                adjoint
            } else {
                adjoint * S::constant(*speed)
            }
        })
    });
    terms
        .reduce(|sum, term| sum + term)
        .unwrap_or_else(|| S::constant(0.0))
}
