//! Powers and roots.

use crate::elementary::Functions;
use crate::number::{Interval, Rational, Series};
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
        if x[0] == 0.0 && x[1] < 0.0 {
            return if x[1].fract() == 0.0 && x[1] % 2.0 != 0.0 {
                f64::NAN
            } else {
                f64::INFINITY
            };
        }
        libm::pow(x[0], x[1])
    }

    fn enclose(x: &[Interval]) -> Interval {
        let (base, exponent) = (x[0], x[1]);
        if base.is_empty() || exponent.is_empty() {
            return Interval::EMPTY;
        }
        if exponent.is_point() && exponent.lo().fract() == 0.0 {
            return whole_power(base, exponent.lo());
        }
        // x^y is monotone in each argument, so the extremes stand in the corners of the box.
        let positive = base.within_domain(0.0, f64::INFINITY);
        if positive.is_empty() {
            return positive;
        }
        let corner = |x: f64, y: f64| Interval::around(libm::pow(x, y), Self::ULPS);
        let lows = corner(positive.lo(), exponent.lo()).union(corner(positive.lo(), exponent.hi()));
        let highs =
            corner(positive.hi(), exponent.lo()).union(corner(positive.hi(), exponent.hi()));
        let mut image = lows.union(highs);
        if positive.contains(1.0) || exponent.contains(0.0) {
            image = image.union(Interval::point(1.0));
        }
        let image = image
            .intersection(Interval::new(0.0, f64::INFINITY))
            .decorated(positive.decoration());
        if positive.lo() == 0.0 && exponent.lo() <= 0.0 {
            return image.decorated(Interval::WHOLE.decoration());
        }
        image
    }

    fn partials<S: Scalar>(x: &[S], y: &S) -> Partials<S> {
        let (base, exponent) = (&x[0], &x[1]);
        let slope = exponent.clone() * base.pow(&(exponent.clone() - S::constant(1.0)));
        binary(slope, y.clone() * base.ln())
    }

    fn is_smooth(x: &[Interval]) -> bool {
        let whole = x[1].is_point() && x[1].lo().fract() == 0.0;
        x[0].lo() > 0.0 || (whole && (x[1].lo() >= 0.0 || !x[0].contains(0.0)))
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        let exponent = Rational::from_f64(x[1].fixed_value()?)?;
        Some(x[0].power(&exponent))
    }
}

/// The range of x^n for a whole n.
fn whole_power(base: Interval, n: f64) -> Interval {
    if n == 0.0 {
        return Interval::point(1.0);
    }
    if n < 0.0 {
        return Interval::point(1.0) / whole_power(base, -n);
    }
    let power = |x: f64| libm::pow(x, n);
    if n % 2.0 != 0.0 {
        return base.increasing(Pow::ULPS, power);
    }
    let least = if base.contains(0.0) {
        0.0
    } else {
        base.lo().abs().min(base.hi().abs())
    };
    let exact_one = Interval::new(0.0, f64::INFINITY);
    Interval::new(least, base.magnitude())
        .increasing(Pow::ULPS, power)
        .intersection(exact_one)
}

/// The real root of whole order n > 0: for odd n of every x, for even n of x >= 0. Its slope grows without
/// bound towards x = 0.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Root.value(&[-8.0, 3.0]), -2.0);
/// ```
pub struct Root;

impl Elementary for Root {
    const NAME: &'static str = "root";
    const ALIASES: &'static [&'static str] = &["nthroot"];
    const LATEX: &'static str = r"\sqrt";
    const DOMAIN: &'static str = "x >= 0, or an odd order";
    const SUMMARY: &'static str = "the real n-th root of x, n a whole number";
    const ULPS: f64 = 1.0;
    const SAMPLES: &'static [&'static [f64]] =
        &[&[2.0, 3.0], &[-5.0, 7.0], &[1e-300, 5.0], &[1e300, 6.0]];

    fn value(x: &[f64]) -> f64 {
        let (radicand, order) = (x[0], x[1]);
        if order < 1.0 || order.fract() != 0.0 || (radicand < 0.0 && order % 2.0 == 0.0) {
            return f64::NAN;
        }
        if order == 3.0 {
            return libm::cbrt(radicand);
        }
        let magnitude = radicand.abs();
        let guess = libm::pow(magnitude, 1.0 / order);
        if guess == 0.0 || !guess.is_finite() {
            return guess.copysign(radicand);
        }
        // One step of Newton's method on ln mends the rounding of 1/n: r (1 - ln(r^n / x) / n).
        let correction = libm::log1p((libm::pow(guess, order) - magnitude) / magnitude) / order;
        (guess - guess * correction).copysign(radicand)
    }

    fn enclose(x: &[Interval]) -> Interval {
        if !x[1].is_point() {
            return Interval::WHOLE;
        }
        let order = x[1].lo();
        let inside = if order % 2.0 == 0.0 {
            x[0].within_domain(0.0, f64::INFINITY)
        } else {
            x[0]
        };
        let image = inside.increasing(Self::ULPS, |radicand| Self::value(&[radicand, order]));
        if inside.lo() >= 0.0 {
            image.intersection(Interval::new(0.0, f64::INFINITY))
        } else {
            image
        }
    }

    fn partials<S: Scalar>(x: &[S], y: &S) -> Partials<S> {
        let power = y.pow(&(x[1].clone() - S::constant(1.0)));
        unary(S::constant(1.0) / (x[1].clone() * power))
    }

    fn is_smooth(x: &[Interval]) -> bool {
        !x[0].contains(0.0) && (x[0].lo() > 0.0 || x[1].lo() % 2.0 != 0.0)
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        Some(x[0].power(&Rational::from_f64(x[1].fixed_value()?)?.recip()?))
    }
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
        inside
            .increasing(Self::ULPS, f64::sqrt)
            .intersection(Interval::new(0.0, f64::INFINITY))
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
