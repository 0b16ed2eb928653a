//! Functions with kinks and jumps. Where the value jumps or the slope breaks, no rule is trusted: the
//! entry says what it is on either side.

use crate::elementary::Functions;
use crate::number::{Decoration, Interval, Series};
use crate::vocabulary::{Elementary, Partials, Scalar, flat, unary};

/// The distance from 0; corner at 0, with slopes -1 and 1.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Abs.value(&[-3.0]), 3.0);
/// ```
pub struct Abs;

impl Elementary for Abs {
    const NAME: &'static str = "abs";
    const LATEX: &'static str = r"\operatorname{abs}";
    const SUMMARY: &'static str = "the distance from 0; corner at 0";
    const ULPS: f64 = 0.0;
    const SAMPLES: &'static [&'static [f64]] = &[&[2.0], &[-3.0], &[1e-300], &[-1e300]];

    fn value(x: &[f64]) -> f64 {
        x[0].abs()
    }

    fn enclose(x: &[Interval]) -> Interval {
        let least = if x[0].contains(0.0) {
            0.0
        } else {
            x[0].lo().abs().min(x[0].hi().abs())
        };
        if x[0].is_empty() {
            x[0]
        } else {
            Interval::new(least, x[0].magnitude())
        }
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        unary(x[0].sign())
    }

    fn is_smooth(x: &[Interval]) -> bool {
        !x[0].contains(0.0)
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        Some(match x[0].sign() {
            Some(-1) => -x[0].clone(),
            Some(_) => x[0].clone(),
            None => Series::undecided(),
        })
    }
}

/// -1, 0 or 1 as x is below, at or above 0; jump at 0.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Sign.value(&[-3.0]), -1.0);
/// assert_eq!(Operation::Sign.value(&[0.0]), 0.0);
/// ```
pub struct Sign;

impl Elementary for Sign {
    const NAME: &'static str = "sign";
    const ALIASES: &'static [&'static str] = &["sgn", "signum"];
    const LATEX: &'static str = r"\operatorname{sgn}";
    const SUMMARY: &'static str = "-1, 0 or 1 as x is below, at or above 0; jump at 0";
    const ULPS: f64 = 0.0;
    const SAMPLES: &'static [&'static [f64]] = &[&[2.0], &[-3.0], &[1e-300], &[-1e300]];

    fn value(x: &[f64]) -> f64 {
        if x[0] == 0.0 { 0.0 } else { x[0].signum() }
    }

    fn enclose(x: &[Interval]) -> Interval {
        staircase(x[0], |x| Self::value(&[x]))
    }

    fn partials<S: Scalar>(_x: &[S], _y: &S) -> Partials<S> {
        flat()
    }

    fn is_smooth(x: &[Interval]) -> bool {
        !x[0].contains(0.0)
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        Some(x[0].sign().map_or_else(Series::undecided, |sign| {
            Series::constant(Interval::point(f64::from(sign)))
        }))
    }
}

/// The range of a step function that never falls: continuous only where it stays on one step.
fn staircase(x: Interval, f: impl Fn(f64) -> f64) -> Interval {
    if x.is_empty() {
        return x;
    }
    let image = Interval::new(f(x.lo()), f(x.hi()));
    if image.is_point() {
        image
    } else {
        image.decorated(Decoration::Defined)
    }
}
