//! One side of a point: what the function tends to, and its slope, from its one-sided series; where that is not
//! known, from samples.

use crate::function::Recorded;
use crate::number::{Interval, Series};

/// What exists on one side of a point.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// The function has no value just beside the point.
    pub outside: bool,
    /// What it tends to; unbounded where it grows without bound, `None` where it tends to nothing.
    pub limit: Option<Interval>,
    /// The one-sided derivatives of order 1, 2, …, of the function continued to the point; unbounded where one grows
    /// without bound, `None` where it is not known; nothing after either.
    pub slopes: Vec<Option<Interval>>,
    /// Samples had to decide.
    pub sampled: bool,
    /// A number was taken as 0 because 0 was within its rounding.
    pub within_rounding: bool,
}

/// All numbers too large for a double, with the sign of the coefficient.
fn unbounded(sign: f64) -> Interval {
    Interval::point(f64::INFINITY.copysign(sign))
}

/// All steps of a function as series of the distance, towards `direction * sign`.
pub(super) fn beside(function: &Recorded, at: &[f64], direction: &[f64], sign: f64) -> Vec<Series> {
    let inputs = at.iter().zip(direction);
    let inputs = inputs.map(|(x, speed)| Series::approaching(*x, sign * speed));
    function.program().slots(&inputs.collect::<Vec<_>>())
}

impl Side {
    /// What the series of the side of this sign tells; `None` where it is not known.
    pub(super) fn of_series(series: &Series, sign: f64, order: u32) -> Option<Self> {
        if series.is_undefined() {
            return Some(Self {
                outside: true,
                limit: None,
                slopes: Vec::new(),
                sampled: false,
                within_rounding: series.rests_on_rounding(),
            });
        }
        let side = |limit, slopes| Self {
            outside: false,
            limit: Some(limit),
            slopes,
            sampled: false,
            within_rounding: series.rests_on_rounding(),
        };
        if !series.is_known() {
            return None;
        }
        if let Some((_, leading)) = series.leading().filter(|(power, _)| power.is_negative()) {
            return Some(side(unbounded(leading.lo()), vec![None]));
        }
        let limit = series.taylor(0)?;
        let mut slopes = Vec::new();
        for order in 1..=i32::try_from(order).ok()? {
            let slope = slope(series, sign, order);
            slopes.push(slope);
            if slope.is_none_or(|slope| !slope.is_bounded()) {
                break;
            }
        }
        Some(side(limit, slopes))
    }
}

/// The one-sided derivative of this order, where all lower ones exist.
fn slope(series: &Series, sign: f64, order: i32) -> Option<Interval> {
    let turn = if order % 2 == 0 { 1.0 } else { sign };
    if let Some((power, coefficient)) = series.first_fault(order) {
        if coefficient.contains(0.0) {
            // Rounding hides whether there is such a power at all.
            return None;
        }
        // c t^p has the derivative c p (p-1) ... t^(p-order), which grows without bound.
        let falling: f64 = (0..order).map(|k| power - f64::from(k)).product();
        return Some(unbounded(turn * falling * coefficient.lo()));
    }
    let factorial: f64 = (1..=order).map(f64::from).product();
    Some(series.taylor(order)? * Interval::point(factorial * turn))
}
