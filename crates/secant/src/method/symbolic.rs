//! The derivative as a formula, by the rules, simplified and evaluated.

use super::{Method, check_shapes, derived, formulas, moves};
use crate::error::Error;
use crate::estimate::Estimate;
use crate::function::Function;
use crate::number::Interval;

/// Differentiates the formula itself.
///
/// ```
/// use secant::{Formula, Recorded, method::{Method, Symbolic}};
/// let f = Recorded::from(&Formula::parse("x^3")?);
/// assert_eq!(Symbolic.along(&f, &[2.0], &[vec![1.0]])?[0].value, 12.0);
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Symbolic;

impl Method for Symbolic {
    fn name(&self) -> &'static str {
        "symbolic"
    }

    fn highest_order(&self) -> usize {
        10
    }

    fn along(
        &self,
        function: &dyn Function,
        at: &[f64],
        directions: &[Vec<f64>],
    ) -> Result<Vec<Estimate>, Error> {
        check_shapes(function, at, directions)?;
        let recorded = formulas(self, function)?;
        let derivative = derived(recorded, directions)?;
        let boxed = Interval::points(at);
        let ranges = derivative.program().run(&boxed);
        let values = derivative.eval(at);
        // The rules of a function hold where it is smooth: at a jump that is multiplied by 0 they give a number, which need not be the slope.
        let moved = recorded.program().moved_by(moves(directions));
        let all_smooth = moved.rough_steps(&boxed).is_empty();
        let estimate = |(output, (value, range)): (usize, (f64, Interval))| {
            if all_smooth || moved.is_smooth(output, &boxed) {
                Estimate::rounded(self.name(), value, range)
            } else {
                Estimate::unbounded(self.name(), value)
            }
        };
        let pairs = values.into_iter().zip(ranges);
        Ok(pairs.enumerate().map(estimate).collect())
    }
}
