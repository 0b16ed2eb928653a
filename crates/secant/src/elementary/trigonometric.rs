//! The trigonometric functions; angles in radians. Poles and crests are found by the sign of a sine or cosine
//! at both ends, which is right for arguments of any size, since the reduction of the angle is.

use std::f64::consts::{FRAC_PI_2, PI};

use crate::elementary::Functions;
use crate::elementary::range::{at, falling, goes_to_zero, one, rising, squared};
use crate::number::{Decoration, Interval, Series};
use crate::vocabulary::{Elementary, Partials, Scalar, unary};

/// Half a turn, rounded down: a wave has no two zeros in an interval narrower than this.
const HALF_TURN: f64 = PI;

/// Whether a wave, whose zeros stand half a turn apart, has a zero in `x`.
fn has_zero(x: Interval, wave: fn(f64) -> f64) -> bool {
    let (first, last) = (wave(x.lo()), wave(x.hi()));
    let crosses = first == 0.0 || last == 0.0 || (first < 0.0) != (last < 0.0);
    !x.is_bounded() || x.width() >= HALF_TURN || crosses
}

/// The range of a wave between -1 and 1; `slope` has the sign of its slope.
fn wave_range(x: Interval, ulps: f64, wave: fn(f64) -> f64, slope: fn(f64) -> f64) -> Interval {
    let all = Interval::new(-1.0, 1.0);
    if x.is_empty() || x.width() < HALF_TURN {
        return half_wave_range(x, ulps, wave, slope).intersection(all);
    }
    let (left, right) = (
        Interval::hull(x.lo(), x.middle()),
        Interval::hull(x.middle(), x.hi()),
    );
    if !x.is_bounded() || left.width().max(right.width()) >= HALF_TURN {
        return all;
    }
    half_wave_range(left, ulps, wave, slope)
        .union(half_wave_range(right, ulps, wave, slope))
        .intersection(all)
}

/// The range over less than half a turn: from end to end, and to the crest where the slope changes its sign.
fn half_wave_range(
    x: Interval,
    ulps: f64,
    wave: fn(f64) -> f64,
    slope: fn(f64) -> f64,
) -> Interval {
    if x.is_empty() {
        return x;
    }
    let ends = at(x.lo(), ulps, 0.0, wave).union(at(x.hi(), ulps, 0.0, wave));
    let (first, last) = (slope(x.lo()), slope(x.hi()));
    let turns = first.min(last) < 0.0 && first.max(last) > 0.0;
    if turns {
        ends.union(Interval::point(first.signum()))
    } else {
        ends
    }
}

/// The range over arguments with a pole; a double alone is a pole only if it is 0, and has no value then.
fn around_pole(x: Interval) -> Interval {
    if x.is_empty() || x.is_point() {
        Interval::EMPTY
    } else {
        Interval::WHOLE
    }
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
    const SAMPLES: &'static [&'static [f64]] =
        &[&[0.0], &[0.5], &[-2.0], &[PI], &[1e-300], &[1e22]];

    fn value(x: &[f64]) -> f64 {
        libm::sin(x[0])
    }

    fn enclose(x: &[Interval]) -> Interval {
        wave_range(x[0], Self::ULPS, libm::sin, libm::cos)
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
    const SAMPLES: &'static [&'static [f64]] =
        &[&[0.0], &[0.5], &[-2.0], &[FRAC_PI_2], &[1e-300], &[1e22]];

    fn value(x: &[f64]) -> f64 {
        libm::cos(x[0])
    }

    fn enclose(x: &[Interval]) -> Interval {
        wave_range(x[0], Self::ULPS, libm::cos, |x| -libm::sin(x))
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        unary(-x[0].sin())
    }
}

/// The tangent, sine over cosine; derivative 1 + tan² x.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Tan.value(&[0.0]), 0.0);
/// ```
pub struct Tan;

impl Elementary for Tan {
    const NAME: &'static str = "tan";
    const ALIASES: &'static [&'static str] = &["tg"];
    const LATEX: &'static str = r"\tan";
    const DOMAIN: &'static str = "x is not an odd multiple of pi/2";
    const SUMMARY: &'static str =
        "the tangent of an angle in radians; poles at odd multiples of pi/2";
    const ULPS: f64 = 1.0;
    const SAMPLES: &'static [&'static [f64]] =
        &[&[0.0], &[0.5], &[-2.0], &[FRAC_PI_2], &[1e-300], &[1e22]];

    fn value(x: &[f64]) -> f64 {
        libm::tan(x[0])
    }

    fn enclose(x: &[Interval]) -> Interval {
        if Self::is_smooth(x) {
            rising(x[0], Self::ULPS, 0.0, libm::tan)
        } else {
            around_pole(x[0])
        }
    }

    fn partials<S: Scalar>(_x: &[S], y: &S) -> Partials<S> {
        unary(one::<S>() + squared(y))
    }

    fn is_smooth(x: &[Interval]) -> bool {
        !has_zero(x[0], libm::cos)
    }
}

/// The cotangent, cosine over sine; derivative -(1 + cot² x).
///
/// ```
/// use secant::Operation;
/// assert!(Operation::Cot.value(&[0.0]).is_nan());
/// ```
pub struct Cot;

impl Elementary for Cot {
    const NAME: &'static str = "cot";
    const ALIASES: &'static [&'static str] = &["ctg"];
    const LATEX: &'static str = r"\cot";
    const DOMAIN: &'static str = "x is not a multiple of pi";
    const SUMMARY: &'static str = "the cotangent of an angle in radians; poles at multiples of pi";
    const ULPS: f64 = 2.0;
    const SAMPLES: &'static [&'static [f64]] =
        &[&[0.5], &[-2.0], &[FRAC_PI_2], &[PI], &[1e-300], &[1e22]];

    fn value(x: &[f64]) -> f64 {
        if x[0] == 0.0 {
            f64::NAN
        } else {
            1.0 / libm::tan(x[0])
        }
    }

    fn enclose(x: &[Interval]) -> Interval {
        if Self::is_smooth(x) {
            falling(x[0], Self::ULPS, f64::NAN, |x| Self::value(&[x]))
        } else {
            around_pole(x[0])
        }
    }

    fn partials<S: Scalar>(_x: &[S], y: &S) -> Partials<S> {
        unary(-(one::<S>() + squared(y)))
    }

    fn is_smooth(x: &[Interval]) -> bool {
        !has_zero(x[0], libm::sin)
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        goes_to_zero(&x[0]).then(|| x[0].cos() / x[0].sin())
    }
}

/// The secant, one over the cosine; derivative sec x tan x.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Sec.value(&[0.0]), 1.0);
/// ```
pub struct Sec;

impl Elementary for Sec {
    const NAME: &'static str = "sec";
    const LATEX: &'static str = r"\sec";
    const DOMAIN: &'static str = "x is not an odd multiple of pi/2";
    const SUMMARY: &'static str = "one over the cosine; poles at odd multiples of pi/2";
    const ULPS: f64 = 2.0;
    const SAMPLES: &'static [&'static [f64]] =
        &[&[0.0], &[0.5], &[-2.0], &[FRAC_PI_2], &[1e-300], &[1e22]];

    fn value(x: &[f64]) -> f64 {
        1.0 / libm::cos(x[0])
    }

    fn enclose(x: &[Interval]) -> Interval {
        if Self::is_smooth(x) {
            one::<Interval>() / Cos::enclose(x)
        } else {
            outside_unit(Cos::enclose(x))
        }
    }

    fn partials<S: Scalar>(x: &[S], y: &S) -> Partials<S> {
        unary(y.clone() * x[0].tan())
    }

    fn is_smooth(x: &[Interval]) -> bool {
        !has_zero(x[0], libm::cos)
    }
}

/// The range of 1/w where w, a sine or cosine over an interval with a pole, may be 0.
fn outside_unit(wave: Interval) -> Interval {
    (one::<Interval>() / wave).decorated(Decoration::Trivial)
}

/// The cosecant, one over the sine; derivative -csc x cot x.
///
/// ```
/// use secant::Operation;
/// assert!(Operation::Csc.value(&[0.0]).is_nan());
/// ```
pub struct Csc;

impl Elementary for Csc {
    const NAME: &'static str = "csc";
    const ALIASES: &'static [&'static str] = &["cosec"];
    const LATEX: &'static str = r"\csc";
    const DOMAIN: &'static str = "x is not a multiple of pi";
    const SUMMARY: &'static str = "one over the sine; poles at multiples of pi";
    const ULPS: f64 = 2.0;
    const SAMPLES: &'static [&'static [f64]] =
        &[&[0.5], &[-2.0], &[FRAC_PI_2], &[PI], &[1e-300], &[1e22]];

    fn value(x: &[f64]) -> f64 {
        if x[0] == 0.0 {
            f64::NAN
        } else {
            1.0 / libm::sin(x[0])
        }
    }

    fn enclose(x: &[Interval]) -> Interval {
        if Self::is_smooth(x) {
            one::<Interval>() / Sin::enclose(x)
        } else {
            outside_unit(Sin::enclose(x))
        }
    }

    fn partials<S: Scalar>(x: &[S], y: &S) -> Partials<S> {
        unary(-(y.clone() * x[0].cot()))
    }

    fn is_smooth(x: &[Interval]) -> bool {
        !has_zero(x[0], libm::sin)
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        goes_to_zero(&x[0]).then(|| Series::constant(one()) / x[0].sin())
    }
}
