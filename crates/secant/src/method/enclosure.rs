//! Proven ranges: the forward method run with intervals and outward rounding (Moore 1966).

use super::forward::derivatives;
use super::{Method, are_finite, but_two, check_shapes, formulas};
use crate::error::Error;
use crate::estimate::{ErrorBound, Estimate, Note};
use crate::function::{Function, Recorded};
use crate::number::{Decoration, Interval};

/// Interval arithmetic.
///
/// ```
/// use secant::{ErrorBound, Formula, Recorded, method::{Enclosure, Method}};
/// let f = Recorded::from(&Formula::parse("exp(x)")?);
/// let slope = &Enclosure.along(&f, &[1.0], &[vec![1.0]])?[0];
/// assert!(matches!(slope.bound, ErrorBound::Enclosed(range) if range.contains(std::f64::consts::E)));
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Enclosure;

impl Method for Enclosure {
    fn name(&self) -> &'static str {
        "enclosure"
    }

    fn along(
        &self,
        function: &dyn Function,
        at: &[f64],
        directions: &[Vec<f64>],
    ) -> Result<Vec<Estimate>, Error> {
        check_shapes(function, at, directions)?;
        let boxed = Interval::points(at);
        let (derived, last) = but_two(formulas(self, function)?, directions)?;
        let ranges = derivatives(&derived, &boxed, last);
        Ok(ranges
            .into_iter()
            .map(|range| self.estimate(range))
            .collect())
    }
}

impl Enclosure {
    fn estimate(self, range: Interval) -> Estimate {
        let proven = range.decoration() > Decoration::Trivial && range.is_bounded();
        let (bound, notes) = if proven {
            (ErrorBound::Enclosed(range), Vec::new())
        } else {
            (ErrorBound::Unknown, vec![Note::NoBound])
        };
        // The middle of all numbers says nothing.
        let value = if range.is_bounded() {
            range.middle()
        } else {
            f64::NAN
        };
        Estimate {
            value,
            bound,
            method: self.name(),
            evaluations: 1,
            notes,
        }
    }
}

/// A proven range of each output, or of its derivative along the directions, over a whole box of inputs. Where the
/// decoration is [`Trivial`](Decoration::Trivial), there may be points of the box that have no value. Of a derivative of high order whose formula has
/// grown beyond all measure, and along a direction that is not finite, nothing is known: it is somewhere among all numbers.
///
/// ```
/// use secant::{Formula, Interval, Recorded, method::range};
/// let f = Recorded::from(&Formula::parse("x^2")?);
/// let slopes = range(&f, &[Interval::new(1.0, 2.0)], &[vec![1.0]]);
/// assert!(slopes[0].contains(2.0) && slopes[0].contains(4.0) && !slopes[0].contains(1.9));
/// # Ok::<(), secant::Error>(())
/// ```
#[must_use]
pub fn range(function: &Recorded, inputs: &[Interval], directions: &[Vec<f64>]) -> Vec<Interval> {
    // Where the function has no value it has no derivative, though what the rule reads may have.
    let values = function.program().run(inputs);
    let derived = but_two(function, directions).ok();
    let Some((derived, last)) = derived.filter(|_| are_finite(directions)) else {
        return vec![Interval::WHOLE.decorated(Decoration::Trivial); values.len()];
    };
    let found = derivatives(&derived, inputs, last).into_iter();
    found
        .zip(values)
        .map(|(range, value)| range.decorated(range.decoration().min(value.decoration())))
        .collect()
}
