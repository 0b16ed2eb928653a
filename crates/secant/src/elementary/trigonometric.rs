//! The trigonometric functions and their inverses; angles in radians.

use std::f64::consts::{FRAC_PI_2, TAU};

use crate::elementary::Functions;
use crate::number::Interval;
use crate::vocabulary::{Elementary, Partials, Scalar, unary};

/// Whether `phase + period * k` may lie in `x` for a whole k; where the rounding of huge arguments hides it, true.
fn may_hold_multiple(x: Interval, phase: f64, period: f64) -> bool {
    if !x.is_bounded() || x.magnitude() > 1e9 {
        return true;
    }
    // The quotients are off by less than 1e-6 at this magnitude, and a wide answer is still a right one.
    const SLACK: f64 = 1e-6;
    let first = ((x.lo() - phase) / period - SLACK).ceil();
    first <= (x.hi() - phase) / period + SLACK
}

/// The range of a wave between -1 and 1 that peaks at `crest` and bottoms half a turn later.
fn wave(x: Interval, ulps: f64, f: fn(f64) -> f64, crest: f64) -> Interval {
    if x.is_empty() {
        return x;
    }
    let unit = Interval::new(-1.0, 1.0);
    if x.is_point() {
        return Interval::around(f(x.lo()), ulps).intersection(unit);
    }
    let ends = Interval::around(f(x.lo()), ulps).union(Interval::around(f(x.hi()), ulps));
    let top = if may_hold_multiple(x, crest, TAU) {
        1.0
    } else {
        ends.hi()
    };
    let bottom = if may_hold_multiple(x, crest - TAU / 2.0, TAU) {
        -1.0
    } else {
        ends.lo()
    };
    Interval::new(bottom, top).intersection(unit)
}

/// The sine; derivative cos x.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Sin.value(&[0.0]), 0.0);
/// ```
pub struct Sin;

impl Elementary for Sin {
    const NAME: &'static str = "sin";
    const LATEX: &'static str = r"\sin";
    const SUMMARY: &'static str = "the sine of an angle in radians";
    const ULPS: f64 = 1.0;
    const SAMPLES: &'static [&'static [f64]] = &[
        &[0.0],
        &[0.5],
        &[-2.0],
        &[3.141592653589793],
        &[1e-300],
        &[1e22],
    ];

    fn value(x: &[f64]) -> f64 {
        libm::sin(x[0])
    }

    fn enclose(x: &[Interval]) -> Interval {
        wave(x[0], Self::ULPS, libm::sin, FRAC_PI_2)
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        unary(x[0].cos())
    }
}

/// The cosine; derivative -sin x.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Cos.value(&[0.0]), 1.0);
/// ```
pub struct Cos;

impl Elementary for Cos {
    const NAME: &'static str = "cos";
    const LATEX: &'static str = r"\cos";
    const SUMMARY: &'static str = "the cosine of an angle in radians";
    const ULPS: f64 = 1.0;
    const SAMPLES: &'static [&'static [f64]] = &[
        &[0.0],
        &[0.5],
        &[-2.0],
        &[1.5707963267948966],
        &[1e-300],
        &[1e22],
    ];

    fn value(x: &[f64]) -> f64 {
        libm::cos(x[0])
    }

    fn enclose(x: &[Interval]) -> Interval {
        wave(x[0], Self::ULPS, libm::cos, 0.0)
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        unary(-x[0].sin())
    }
}
