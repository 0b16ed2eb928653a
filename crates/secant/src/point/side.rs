//! One side of a point: what the function tends to, and its slope, from its one-sided series; where that is not
//! known, from samples.

use super::sample;
use crate::function::Recorded;
use crate::number::{Interval, Series};

/// What exists on one side of a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Side {
    /// The function has no value just beside the point.
    pub outside: bool,
    /// What it tends to; unbounded where it grows without bound, `None` where it tends to nothing.
    pub limit: Option<Interval>,
    /// The one-sided derivative of the asked order, of the function continued to the point; unbounded where it grows
    /// without bound.
    pub slope: Option<Interval>,
    /// Samples had to decide.
    pub sampled: bool,
    /// A number was taken as 0 because 0 was within its rounding.
    pub within_rounding: bool,
}

/// All numbers too large for a double, with the sign of the coefficient.
fn unbounded(sign: f64) -> Interval {
    Interval::point(f64::INFINITY.copysign(sign))
}

impl Side {
    /// The side towards `direction * sign`.
    pub(super) fn new(
        function: &Recorded,
        output: usize,
        at: &[f64],
        direction: &[f64],
        sign: f64,
        order: u32,
    ) -> Self {
        let inputs: Vec<Series> = at
            .iter()
            .zip(direction)
            .map(|(x, speed)| Series::approaching(*x, sign * speed))
            .collect();
        let series = function.program().run(&inputs)[output].clone();
        if series.is_undefined() {
            let beside = sample::value_beside(function, output, at, direction, sign);
            // A series may be undefined because the point is; the side is outside only if samples say so too.
            if beside.is_nan() {
                return Self {
                    outside: true,
                    limit: None,
                    slope: None,
                    sampled: false,
                    within_rounding: series.rests_on_rounding(),
                };
            }
        }
        if !series.is_known() {
            return sample::side(function, output, at, direction, sign, order);
        }
        Self::of_series(&series, sign, order)
            .unwrap_or_else(|| sample::side(function, output, at, direction, sign, order))
    }

    fn of_series(series: &Series, sign: f64, order: u32) -> Option<Self> {
        let within_rounding = series.rests_on_rounding();
        let side = |limit, slope| {
            Some(Self {
                outside: false,
                limit,
                slope,
                sampled: false,
                within_rounding,
            })
        };
        let order = i32::try_from(order).ok()?;
        if let Some((power, leading)) = series.leading().filter(|(power, _)| *power < 0) {
            let _ = power;
            return side(Some(unbounded(leading.lo())), None);
        }
        let limit = series.taylor(0)?;
        let turn = if order % 2 == 0 { 1.0 } else { sign };
        if let Some((power, coefficient)) = series.first_fault(order) {
            // c t^p has the derivative c p (p-1) ... t^(p-order), which grows without bound.
            let falling: f64 = (0..order).map(|k| power - f64::from(k)).product();
            return side(
                Some(limit),
                Some(unbounded(turn * falling * coefficient.lo())),
            );
        }
        let factorial: f64 = (1..=order).map(f64::from).product();
        let slope = series.taylor(order)? * Interval::point(factorial * turn);
        side(Some(limit), Some(slope))
    }

    /// The limit as one number.
    pub(super) fn limit_value(&self) -> Option<f64> {
        self.limit.map(super::shown)
    }
}
