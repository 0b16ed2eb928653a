//! Differences with nothing to tune, as a method: [`Differences`] beside the methods that know formulas. It takes any function as a
//! black box.

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

    fn along(
        &self,
        function: &dyn Function,
        at: &[f64],
        directions: &[Vec<f64>],
    ) -> Result<Vec<Estimate>, Error> {
        check_shapes(function, at, directions)?;
        let axes: Option<Vec<usize>> = directions.iter().map(|direction| axis(direction)).collect();
        let found = |output: usize| {
            let value = |x: &[f64]| function.eval(x).get(output).copied();
            match &axes {
                Some(axes) => self.differences.mixed(value, at, axes),
                None => self.differences.mixed(
                    |t: &[f64]| value(&moved(at, directions, t)),
                    &vec![0.0; directions.len()],
                    &distinct(directions),
                ),
            }
        };
        (0..function.outputs())
            .map(|output| Ok(estimate(found(output)?)))
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
        Finding::Derivative(estimate) => estimate,
        _ => Estimate {
            value: f64::NAN,
            bound: ErrorBound::Unknown,
            method: METHOD,
            evaluations: found.evaluations,
            notes: vec![Note::NoBound],
        },
    }
}
