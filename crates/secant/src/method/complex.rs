//! The complex step: Im f(x + i delta) / delta (Squire and Trapp 1998). Nothing is subtracted, so that delta may be as
//! small as one likes; truncation is f''' delta²/6.

use super::{Method, check_shapes, formulas};
use crate::error::{Error, ErrorKind};
use crate::estimate::Estimate;
use crate::function::Function;
use crate::vocabulary::Complex;

/// The slope by a step off the real line.
///
/// ```
/// use secant::{Formula, Recorded, method::{ComplexStep, Method}};
/// let f = Recorded::from(&Formula::parse("2x^2")?);
/// let step = ComplexStep { delta: 1e-20 };
/// assert_eq!(step.along(&f, &[1.0], &[vec![1.0]])?[0].value, 4.0);
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ComplexStep {
    /// How far the step goes: a finite number above 0.
    pub delta: f64,
}

impl Method for ComplexStep {
    fn name(&self) -> &'static str {
        "complex-step"
    }

    fn highest_order(&self) -> usize {
        1
    }

    fn along(
        &self,
        function: &dyn Function,
        at: &[f64],
        directions: &[Vec<f64>],
    ) -> Result<Vec<Estimate>, Error> {
        check_shapes(function, at, directions)?;
        let recorded = formulas(self, function)?;
        if !(self.delta.is_finite() && self.delta > 0.0) {
            let message = format!(
                "delta is {}, it must be a finite number above 0",
                self.delta
            );
            return Err(Error::new(ErrorKind::Setting, message).hint("1e-20 is a fair choice"));
        }
        let [direction] = directions else {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "a complex step gives first derivatives only",
            )
            .hint("use the method 'taylor'"));
        };
        let off_the_line = |(x, speed): (&f64, &f64)| Complex::new(*x, speed * self.delta);
        let z: Vec<Complex> = at.iter().zip(direction).map(off_the_line).collect();
        let estimate = |output: Complex| Estimate::unbounded(self.name(), output.im / self.delta);
        Ok(recorded
            .program()
            .run(&z)
            .into_iter()
            .map(estimate)
            .collect())
    }
}
