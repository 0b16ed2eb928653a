//! Tangents carried forward through the steps of the function (Wengert 1964): dual numbers for the first
//! derivative, duals of duals for the second; beyond that, of the formula's derivative.

use super::{Method, but_two, check_shapes};
use crate::error::{Error, ErrorKind};
use crate::estimate::Estimate;
use crate::function::{Function, Recorded};
use crate::number::Interval;
use crate::vocabulary::{Dual, Scalar};

/// Forward mode.
///
/// ```
/// use secant::{Dual, Functions, Generic, method::{Forward, Method}};
/// let f = Generic::new(1, |x: &[Dual<f64>]| x[0].sin());
/// assert_eq!(Forward.along(&f, &[0.0], &[vec![1.0]])?[0].value, 1.0);
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Forward;

impl Method for Forward {
    fn name(&self) -> &'static str {
        "forward"
    }

    fn along(
        &self,
        function: &dyn Function,
        at: &[f64],
        directions: &[Vec<f64>],
    ) -> Result<Vec<Estimate>, Error> {
        check_shapes(function, at, directions)?;
        match function.recorded() {
            Some(recorded) => {
                let (derived, last) = but_two(recorded, directions)?;
                let values = derivatives(&derived, at, last);
                let boxed = Interval::points(at);
                let ranges = derivatives(&derived, &boxed, last);
                Ok(values
                    .into_iter()
                    .zip(ranges)
                    .map(|(value, range)| Estimate::rounded(self.name(), value, range))
                    .collect())
            }
            None => self.of_closure(function, at, directions),
        }
    }
}

impl Forward {
    fn of_closure(
        self,
        function: &dyn Function,
        at: &[f64],
        directions: &[Vec<f64>],
    ) -> Result<Vec<Estimate>, Error> {
        let refused =
            |message: &str, hint: &str| Err(Error::new(ErrorKind::Unsupported, message).hint(hint));
        let [direction] = directions else {
            return refused(
                "forward mode gives closures first derivatives only",
                "record the function with Recorded::trace",
            );
        };
        let Some(tangents) = function.jvp(at, direction) else {
            return refused(
                "forward mode needs a function that runs with duals",
                "use Generic, or the difference method",
            );
        };
        let estimate = |tangent| Estimate::unbounded(self.name(), tangent);
        Ok(tangents.into_iter().map(estimate).collect())
    }
}

/// The inputs with their tangents; an input that does not move is a constant.
pub(super) fn moving<S: Scalar>(at: &[S], direction: &[f64]) -> Vec<Dual<S>> {
    let input = |(x, speed): (&S, &f64)| {
        if *speed == 0.0 {
            Dual::fixed(x.clone())
        } else {
            Dual::new(x.clone(), S::constant(*speed))
        }
    };
    at.iter().zip(direction).map(input).collect()
}

/// The derivatives with any kind of number, by tangents for one direction or two; the values along none.
pub(super) fn derivatives<S: Scalar>(
    function: &Recorded,
    at: &[S],
    directions: &[Vec<f64>],
) -> Vec<S> {
    match directions {
        [direction] => function
            .program()
            .run(&moving(at, direction))
            .iter()
            .map(Dual::tangent)
            .collect(),
        [first, second] => {
            let inner = moving(at, first);
            let outer: Vec<Dual<Dual<S>>> = moving(&inner, second);
            function
                .program()
                .run(&outer)
                .iter()
                .map(|output| output.tangent().tangent())
                .collect()
        }
        _ => function.program().run(at),
    }
}
