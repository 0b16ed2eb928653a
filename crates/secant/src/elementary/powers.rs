//! Powers and roots.

use crate::elementary::Functions;
use crate::elementary::range::{
    at, falling_beside_pole, goes_to_zero, magnitudes, no_slope, not_negative, one, rising, squared,
};
use crate::number::{Decoration, Interval, Rational, Series};
use crate::vocabulary::{Elementary, Partials, Scalar, binary, unary};

/// The power x^y for x > 0, for x = 0 with y > 0, and for x < 0 with a whole y. A power whose exponent is
/// written as a fraction with an odd denominator is a [`Root`], which is real for negative x too.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Pow.value(&[-2.0, 3.0]), -8.0);
/// assert!(Operation::Pow.value(&[-2.0, 0.5]).is_nan());
/// ```
pub struct Pow;

impl Elementary for Pow {
    const NAME: &'static str = "pow";
    const LATEX: &'static str = "^";
    const DOMAIN: &'static str =
        "a positive base, or a base of 0 with a positive exponent, or a whole exponent";
    const SUMMARY: &'static str = "the power x^y";
    const ULPS: f64 = 1.0;
    const SAMPLES: &'static [&'static [f64]] = &[
        &[2.0, 3.0],
        &[2.0, -0.5],
        &[0.3, 7.5],
        &[-1.5, 3.0],
        &[1e-10, 2.0],
        &[1e100, 2.5],
    ];

    fn value(x: &[f64]) -> f64 {
        let (base, exponent) = (x[0], x[1]);
        if base.is_nan() || exponent.is_nan() {
            return f64::NAN;
        }
        if base == 0.0 && exponent < 0.0 {
            let is_odd_pole = exponent.fract() == 0.0 && exponent % 2.0 != 0.0;
            return if is_odd_pole { f64::NAN } else { f64::INFINITY };
        }
        if exponent == 2.0 {
            return base * base;
        }
        libm::pow(base, exponent)
    }

    fn enclose(x: &[Interval]) -> Interval {
        let (base, exponent) = (x[0], x[1]);
        if base.is_empty() || exponent.is_empty() {
            return Interval::EMPTY;
        }
        if exponent.is_point() && exponent.lo().fract() == 0.0 {
            return whole_power(base, exponent.lo());
        }
        let positive = power_of_positive(base.within_domain(0.0, f64::INFINITY), exponent);
        if base.lo() >= 0.0 || !exponent.contains_integer() {
            return positive;
        }
        // Somewhere in the exponent stands a whole number, for which the negative bases have a power too.
        let mirrored = power_of_positive((-base).within_domain(0.0, f64::INFINITY), exponent);
        mirrored
            .union(-mirrored)
            .union(positive)
            .decorated(Decoration::Trivial)
    }

    /// y x^(y-1) and x^y ln x. For the exponent 0 the power x^-1 may overflow before 0 is multiplied with it, so
    /// that it is a quotient there; and nothing is multiplied with the logarithm of 0, since 0^y does not move.
    fn partials<S: Scalar>(x: &[S], y: &S) -> Partials<S> {
        let (base, exponent) = (&x[0], &x[1]);
        let is_zero = |number: &S| number.truth() == Some(false);
        let to_base = match (is_zero(base), is_zero(exponent)) {
            (true, true) => S::constant(0.0),
            (false, true) => exponent.clone() / base.clone() * y.clone(),
            _ => exponent.clone() * base.pow(&(exponent.clone() - one())),
        };
        let to_exponent = if is_zero(base) && !is_zero(exponent) {
            S::constant(0.0)
        } else {
            y.clone() * base.ln()
        };
        binary(to_base, to_exponent)
    }

    fn is_smooth(x: &[Interval]) -> bool {
        let whole = x[1].is_point() && x[1].lo().fract() == 0.0;
        let has_power = !x[0].is_empty() && !x[1].is_empty();
        has_power && (x[0].lo() > 0.0 || (whole && (x[1].lo() >= 0.0 || !x[0].contains(0.0))))
    }

    fn is_smooth_along(x: &[Interval], moving: [bool; 3]) -> bool {
        Self::is_smooth(x) && (x[0].lo() > 0.0 || !moving[1])
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        // 0^y is 0 for every y > 0, whether y moves or not, and nothing below; the 1 at 0 is no limit of it.
        if x[0].fixed_value() == Some(0.0) {
            match x[1].sign() {
                Some(1) => return Some(x[0].clone()),
                Some(-1) => return Some(Series::undefined()),
                Some(_) => {}
                None => return Some(Series::undecided()),
            }
        }
        let exponent = x[1].fixed_number()?;
        if x[0].sign() == Some(-1) && !exponent.is_integer() {
            return Some(Series::undefined());
        }
        Some(x[0].power(&exponent))
    }
}

/// The value at one pair; small whole powers of whole numbers are exact.
fn power_at(base: f64, exponent: f64) -> Interval {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let power = libm::pow(base, exponent);
    let is_whole = base.fract() == 0.0 && exponent.fract() == 0.0 && exponent >= 0.0;
    let is_trivial =
        exponent == 0.0 || exponent == 1.0 || base == 1.0 || (base == 0.0 && exponent > 0.0);
    if is_trivial || (is_whole && power.abs() < EXACT) {
        Interval::point(power)
    } else {
        Interval::around(power, Pow::ULPS)
    }
}

/// The range of x^y for x >= 0. It is monotone in each argument, so the extremes stand in the corners of the box.
fn power_of_positive(base: Interval, exponent: Interval) -> Interval {
    if base.is_empty() {
        return base;
    }
    let base = Interval::new(base.lo() + 0.0, base.hi()).decorated(base.decoration());
    let lows = power_at(base.lo(), exponent.lo()).union(power_at(base.lo(), exponent.hi()));
    let highs = power_at(base.hi(), exponent.lo()).union(power_at(base.hi(), exponent.hi()));
    let range = lows.union(highs).intersection(not_negative());
    // At 0 the power falls from 1 to 0 as the exponent leaves 0, and has no value for one below 0.
    let known = if base.lo() > 0.0 || exponent.lo() > 0.0 {
        base.decoration()
    } else if exponent.lo() == 0.0 {
        base.decoration().min(Decoration::Defined)
    } else {
        Decoration::Trivial
    };
    range.decorated(known)
}

/// The range of x^n for a whole n.
fn whole_power(base: Interval, n: f64) -> Interval {
    if n == 0.0 {
        return Interval::point(1.0);
    }
    let is_even = n % 2.0 == 0.0;
    if base.contains(0.0) && n < 0.0 {
        return Interval::point(1.0) / whole_power(base, -n);
    }
    let argument = if is_even { magnitudes(base) } else { base };
    let ends = power_at(argument.lo(), n).union(power_at(argument.hi(), n));
    if is_even || argument.lo() >= 0.0 {
        ends.intersection(not_negative())
    } else {
        ends
    }
}

/// The real root of whole order n: for odd n of every x, for even n of x >= 0; a negative order gives one over
/// the root. Its slope 1/(n y^(n-1)), where y is the root, grows without bound towards x = 0.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Root.value(&[-8.0, 3.0]), -2.0);
/// assert_eq!(Operation::Root.value(&[1024.0, 10.0]), 2.0);
/// ```
pub struct Root;

impl Elementary for Root {
    const NAME: &'static str = "root";
    const ALIASES: &'static [&'static str] = &["nthroot"];
    const LATEX: &'static str = r"\sqrt";
    const DOMAIN: &'static str = "a whole order other than 0, and x >= 0 unless it is odd";
    const SUMMARY: &'static str =
        "the real n-th root of x, n a whole number; vertical tangent at 0";
    const ULPS: f64 = 1.0;
    const SAMPLES: &'static [&'static [f64]] = &[
        &[2.0, 3.0],
        &[-5.0, 7.0],
        &[3.0, -2.0],
        &[1e-300, 5.0],
        &[1e300, 6.0],
    ];

    fn value(x: &[f64]) -> f64 {
        let (radicand, order) = (x[0], x[1]);
        let is_pole = radicand == 0.0 && order < 0.0;
        if order.fract() != 0.0 || order == 0.0 || is_pole {
            return f64::NAN;
        }
        if radicand < 0.0 && order % 2.0 == 0.0 {
            return f64::NAN;
        }
        root_of_positive(radicand.abs(), order).copysign(radicand)
    }

    fn enclose(x: &[Interval]) -> Interval {
        if x[0].is_empty() || x[1].is_empty() {
            return Interval::EMPTY;
        }
        if !x[1].is_point() {
            return Interval::WHOLE;
        }
        let order = x[1].lo();
        if order.fract() != 0.0 || order == 0.0 {
            return Interval::EMPTY;
        }
        let inside = if order % 2.0 == 0.0 {
            x[0].within_domain(0.0, f64::INFINITY)
        } else {
            x[0]
        };
        let root = |radicand: f64| Self::value(&[radicand, order]);
        if order < 0.0 {
            return falling_beside_pole(inside, Self::ULPS, root);
        }
        let image = rising(inside, Self::ULPS, 0.0, root);
        if inside.lo() >= 0.0 {
            image.intersection(not_negative())
        } else {
            image
        }
    }

    fn partials<S: Scalar>(x: &[S], y: &S) -> Partials<S> {
        let power = y.pow(&(x[1].clone() - one()));
        binary(one::<S>() / (x[1].clone() * power), no_slope())
    }

    fn is_smooth(x: &[Interval]) -> bool {
        let (radicand, order) = (x[0], x[1]);
        let has_root = order.is_point() && order.lo().fract() == 0.0 && order.lo() != 0.0;
        let is_odd = order.lo() % 2.0 != 0.0;
        let beside_zero = radicand.lo() > 0.0 || (is_odd && radicand.hi() < 0.0);
        has_root && !radicand.is_empty() && (beside_zero || order.lo() == 1.0)
    }

    fn is_smooth_along(x: &[Interval], moving: [bool; 3]) -> bool {
        Self::is_smooth(x) && !moving[1]
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        Some(x[0].power(&Rational::from_f64(x[1].fixed_value()?)?.recip()?))
    }
}

/// The root of x >= 0 of a whole order. The rounding of 1/n is mended by its rest, and what the power lost by
/// one step of Newton's method, so that a root that is a double comes out exact.
fn root_of_positive(x: f64, order: f64) -> f64 {
    if order == 1.0 || x == 0.0 {
        return x;
    }
    if order == 2.0 {
        return x.sqrt();
    }
    if order == 3.0 {
        return libm::cbrt(x);
    }
    let exponent = 1.0 / order;
    if x.is_infinite() {
        return libm::pow(x, exponent);
    }
    let rest = (-order).mul_add(exponent, 1.0) / order;
    let power = libm::pow(x, exponent);
    let guess = power + power * (rest * libm::log(x));
    let back = libm::pow(guess, order);
    let is_close = back.is_normal() && x.is_normal() && order.abs() < 1e4;
    if !is_close {
        return guess;
    }
    guess - guess * ((back - x) / x / order)
}

/// The square root, for x >= 0; derivative 1/(2 sqrt x), infinite at 0.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Sqrt.value(&[9.0]), 3.0);
/// ```
pub struct Sqrt;

impl Elementary for Sqrt {
    const NAME: &'static str = "sqrt";
    const LATEX: &'static str = r"\sqrt";
    const DOMAIN: &'static str = "x >= 0";
    const SUMMARY: &'static str = "the square root; vertical tangent at 0";
    const ULPS: f64 = 0.5;
    const SAMPLES: &'static [&'static [f64]] = &[&[1.0], &[2.0], &[1e-300], &[1e300]];

    fn value(x: &[f64]) -> f64 {
        x[0].sqrt()
    }

    fn enclose(x: &[Interval]) -> Interval {
        let inside = x[0].within_domain(0.0, f64::INFINITY);
        rising(inside, Self::ULPS, 0.0, f64::sqrt).intersection(not_negative())
    }

    fn partials<S: Scalar>(_x: &[S], y: &S) -> Partials<S> {
        unary(S::constant(0.5) / y.clone())
    }

    fn is_smooth(x: &[Interval]) -> bool {
        x[0].lo() > 0.0
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        Some(x[0].power(&Rational::new(1, 2)?))
    }
}

/// The cube root, real for every x; derivative 1/(3 y²) where y is the root, infinite at 0.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Cbrt.value(&[-27.0]), -3.0);
/// ```
pub struct Cbrt;

impl Elementary for Cbrt {
    const NAME: &'static str = "cbrt";
    const LATEX: &'static str = r"\sqrt[3]";
    const SUMMARY: &'static str = "the real cube root; vertical tangent at 0";
    const ULPS: f64 = 0.5;
    const SAMPLES: &'static [&'static [f64]] = &[&[1.0], &[2.0], &[-5.0], &[1e-300], &[-1e300]];

    fn value(x: &[f64]) -> f64 {
        libm::cbrt(x[0])
    }

    fn enclose(x: &[Interval]) -> Interval {
        rising(x[0], Self::ULPS, 0.0, libm::cbrt)
    }

    fn partials<S: Scalar>(_x: &[S], y: &S) -> Partials<S> {
        unary(one::<S>() / (S::constant(3.0) * squared(y)))
    }

    fn is_smooth(x: &[Interval]) -> bool {
        x[0].lo() > 0.0 || x[0].hi() < 0.0
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        Some(x[0].power(&Rational::new(1, 3)?))
    }
}

/// The length sqrt(x² + y²) without overflow on the way; partials x/h and y/h, where h is the length. It has a
/// corner at the origin, a cone's tip.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Hypot.value(&[3.0, -4.0]), 5.0);
/// ```
pub struct Hypot;

impl Elementary for Hypot {
    const NAME: &'static str = "hypot";
    const ALIASES: &'static [&'static str] = &["norm"];
    const LATEX: &'static str = r"\operatorname{hypot}";
    const SUMMARY: &'static str = "the length sqrt(x^2 + y^2 + ...), which neither overflows nor vanishes on the way; corner where all are 0";
    const ULPS: f64 = 1.0;
    const SAMPLES: &'static [&'static [f64]] = &[
        &[3.0, 4.0],
        &[-1.0, 0.5],
        &[0.0, -2.0],
        &[1e-300, 1e-300],
        &[1e200, 1e200],
    ];

    fn value(x: &[f64]) -> f64 {
        if x[0].is_nan() || x[1].is_nan() {
            f64::NAN
        } else {
            libm::hypot(x[0], x[1])
        }
    }

    fn enclose(x: &[Interval]) -> Interval {
        let (a, b) = (magnitudes(x[0]), magnitudes(x[1]));
        if a.is_empty() || b.is_empty() {
            return Interval::EMPTY;
        }
        let length = |a: f64, b: f64| {
            let exact = if b == 0.0 { a } else { f64::NAN };
            at(a, Self::ULPS, exact, |a| libm::hypot(a, b))
        };
        length(a.lo(), b.lo())
            .union(length(a.hi(), b.hi()))
            .intersection(not_negative())
    }

    fn partials<S: Scalar>(x: &[S], y: &S) -> Partials<S> {
        binary(x[0].clone() / y.clone(), x[1].clone() / y.clone())
    }

    fn is_smooth(x: &[Interval]) -> bool {
        let is_origin_inside = x[0].contains(0.0) && x[1].contains(0.0);
        !is_origin_inside && !x[0].is_empty() && !x[1].is_empty()
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        if !goes_to_zero(&x[0]) || !goes_to_zero(&x[1]) {
            return None;
        }
        let square = x[0].power(&Rational::new(2, 1)?) + x[1].power(&Rational::new(2, 1)?);
        Some(square.power(&Rational::new(1, 2)?))
    }
}
