//! Four evaluations: the point, a step to either side, and half a step ahead. The half step foretells how much the slopes on both
//! sides should differ; what they differ beyond that is the bound, and at a corner it is as large as the slopes themselves.

use super::engine::Outcome;
use super::ladder::DEVIATIONS;
use super::rounding::Rounding;
use super::samples::{Ask, exponent, power_of_two};
use crate::point::{Point, PointKind};

/// How many evaluations it takes.
pub(super) const EVALUATIONS: usize = 4;
/// The exponent of the step below that of the point, by order.
const BELOW: [i32; 2] = [13, 9];

/// The first or second derivative at the cost of four values.
pub(super) fn outcome(
    x: f64,
    [lower, upper]: [f64; 2],
    order: u32,
    (noise, rounding): (Option<f64>, Rounding),
    ask: &mut Ask,
) -> Outcome {
    let scale = if x == 0.0 { 0 } else { exponent(x) };
    let mut step = power_of_two(scale - BELOW[usize::from(order == 2)]);
    while step > power_of_two(scale - 40) && (x - step < lower || x + step > upper) {
        step /= 2.0;
    }
    if x - step < lower || x + step > upper {
        return Outcome::Point(Point::undecided());
    }
    let mut values = [f64::NAN; EVALUATIONS];
    ask(&[x, x - step, x + step, x + step / 2.0], &mut values);
    if values.iter().any(|value| !value.is_finite()) {
        let undecided = Point {
            has_value: values[0].is_finite(),
            ..Point::undecided()
        };
        return Outcome::Point(if values[0].is_finite() {
            undecided
        } else {
            Point::plain(PointKind::Undefined)
        });
    }
    let [centre, behind, ahead, half] = values;
    let (left, right) = ((centre - behind) / step, (ahead - centre) / step);
    let near = (half - centre) / (step / 2.0);
    let (gap, foretold) = (right - left, 2.0 * (right - near));
    let magnitude = values
        .iter()
        .fold(0.0, |greatest: f64, value| greatest.max(value.abs()));
    let deviation = (rounding.of(magnitude) + magnitude * noise.unwrap_or(0.0)) * DEVIATIONS;
    let slopes = left.abs().max(right.abs());
    // In a smooth function the two differ by the square of the step.
    if (gap - foretold).abs() > 0.01 * slopes + 16.0 * deviation / step {
        return Outcome::Point(Point {
            has_value: true,
            ..Point::undecided()
        });
    }
    let (value, noise) = if order == 1 {
        ((left + right) / 2.0, deviation / step)
    } else {
        (gap / step, 4.0 * deviation / step / step)
    };
    let truncation = (gap - foretold).abs() / if order == 1 { 1.0 } else { step };
    Outcome::Value {
        value,
        truncation,
        noise,
        one_sided: false,
    }
}
