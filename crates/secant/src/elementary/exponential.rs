//! Exponentials and logarithms.

use crate::elementary::Functions;
use crate::elementary::range::{not_negative, one, rising, unbounded_at_edge, within_open_domain};
use crate::number::{Interval, Series};
use crate::vocabulary::{Elementary, Partials, Scalar, unary};

/// The numbers above 0 that are inside: the domain of a logarithm.
fn positive(x: Interval) -> Interval {
    within_open_domain(x, 0.0, f64::INFINITY)
}

/// The exponential e^x; it is its own derivative.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Exp.value(&[0.0]), 1.0);
/// ```
pub struct Exp;

impl Elementary for Exp {
    const NAME: &'static str = "exp";
    const LATEX: &'static str = r"\exp";
    const SUMMARY: &'static str = "the exponential e^x, its own derivative";
    const ULPS: f64 = 1.0;
    const SAMPLES: &'static [&'static [f64]] =
        &[&[0.0], &[1.0], &[-2.5], &[1e-300], &[700.0], &[-740.0]];

    fn value(x: &[f64]) -> f64 {
        libm::exp(x[0])
    }

    fn enclose(x: &[Interval]) -> Interval {
        rising(x[0], Self::ULPS, 0.0, libm::exp).intersection(not_negative())
    }

    fn partials<S: Scalar>(_x: &[S], y: &S) -> Partials<S> {
        unary(y.clone())
    }
}

/// The power 2^x; derivative 2^x ln 2.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Exp2.value(&[-3.0]), 0.125);
/// ```
pub struct Exp2;

impl Elementary for Exp2 {
    const NAME: &'static str = "exp2";
    const LATEX: &'static str = r"\operatorname{exp2}";
    const SUMMARY: &'static str = "the power 2^x";
    const ULPS: f64 = 1.0;
    const SAMPLES: &'static [&'static [f64]] =
        &[&[0.0], &[0.5], &[-3.25], &[1e-300], &[1023.5], &[-1070.0]];

    fn value(x: &[f64]) -> f64 {
        libm::exp2(x[0])
    }

    fn enclose(x: &[Interval]) -> Interval {
        rising(x[0], Self::ULPS, 0.0, libm::exp2).intersection(not_negative())
    }

    fn partials<S: Scalar>(_x: &[S], y: &S) -> Partials<S> {
        unary(y.clone() * S::constant(2.0).ln())
    }
}

/// e^x - 1 without the loss of digits near 0; derivative e^x.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Expm1.value(&[1e-20]), 1e-20);
/// ```
pub struct Expm1;

impl Elementary for Expm1 {
    const NAME: &'static str = "expm1";
    const LATEX: &'static str = r"\operatorname{expm1}";
    const SUMMARY: &'static str = "e^x - 1, with all its digits near 0";
    const ULPS: f64 = 1.0;
    const SAMPLES: &'static [&'static [f64]] = &[
        &[0.0],
        &[1.0],
        &[-2.5],
        &[1e-20],
        &[1e-300],
        &[700.0],
        &[-740.0],
    ];

    fn value(x: &[f64]) -> f64 {
        libm::expm1(x[0])
    }

    fn enclose(x: &[Interval]) -> Interval {
        rising(x[0], Self::ULPS, 0.0, libm::expm1).intersection(Interval::new(-1.0, f64::INFINITY))
    }

    /// Not `y + 1`, which has no digits left for large negative x.
    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        unary(x[0].exp())
    }
}

/// The natural logarithm, for x > 0; derivative 1/x.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Ln.value(&[1.0]), 0.0);
/// ```
pub struct Ln;

impl Elementary for Ln {
    const NAME: &'static str = "ln";
    const ALIASES: &'static [&'static str] = &["log", "loge"];
    const LATEX: &'static str = r"\ln";
    const DOMAIN: &'static str = "x > 0";
    const SUMMARY: &'static str = "the natural logarithm";
    const ULPS: f64 = 1.0;
    const SAMPLES: &'static [&'static [f64]] =
        &[&[1.0], &[0.5], &[3.0], &[0.999], &[1e-300], &[1e300]];

    fn value(x: &[f64]) -> f64 {
        libm::log(x[0])
    }

    fn enclose(x: &[Interval]) -> Interval {
        rising(positive(x[0]), Self::ULPS, 1.0, libm::log)
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        unary(one::<S>() / x[0].clone())
    }

    fn is_smooth(x: &[Interval]) -> bool {
        x[0].lo() > 0.0
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        unbounded_at_edge(&x[0])
    }
}

/// ln(1 + x) without the loss of digits near 0, for x > -1; derivative 1/(1 + x).
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Log1p.value(&[1e-20]), 1e-20);
/// ```
pub struct Log1p;

impl Elementary for Log1p {
    const NAME: &'static str = "log1p";
    const ALIASES: &'static [&'static str] = &["ln1p"];
    const LATEX: &'static str = r"\operatorname{log1p}";
    const DOMAIN: &'static str = "x > -1";
    const SUMMARY: &'static str = "ln(1 + x), with all its digits near 0";
    const ULPS: f64 = 1.0;
    const SAMPLES: &'static [&'static [f64]] = &[
        &[0.0],
        &[0.5],
        &[-0.75],
        &[1e-20],
        &[-0.9999999999999999],
        &[1e300],
    ];

    fn value(x: &[f64]) -> f64 {
        libm::log1p(x[0])
    }

    fn enclose(x: &[Interval]) -> Interval {
        let inside = within_open_domain(x[0], -1.0, f64::INFINITY);
        rising(inside, Self::ULPS, 0.0, libm::log1p)
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        unary(one::<S>() / (one::<S>() + x[0].clone()))
    }

    fn is_smooth(x: &[Interval]) -> bool {
        x[0].lo() > -1.0
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        unbounded_at_edge(&(Series::constant(Interval::point(1.0)) + x[0].clone()))
    }
}

/// The logarithm to base 2, for x > 0; derivative (1/ln 2)/x, in this order lest the product overflow.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Log2.value(&[8.0]), 3.0);
/// ```
pub struct Log2;

impl Elementary for Log2 {
    const NAME: &'static str = "log2";
    const ALIASES: &'static [&'static str] = &["lb"];
    const LATEX: &'static str = r"\log_2";
    const DOMAIN: &'static str = "x > 0";
    const SUMMARY: &'static str = "the logarithm to base 2";
    const ULPS: f64 = 1.0;
    const SAMPLES: &'static [&'static [f64]] = &[&[1.0], &[0.3], &[8.0], &[1e-300], &[1e300]];

    fn value(x: &[f64]) -> f64 {
        libm::log2(x[0])
    }

    fn enclose(x: &[Interval]) -> Interval {
        rising(positive(x[0]), Self::ULPS, 1.0, libm::log2)
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        unary(one::<S>() / S::constant(2.0).ln() / x[0].clone())
    }

    fn is_smooth(x: &[Interval]) -> bool {
        x[0].lo() > 0.0
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        unbounded_at_edge(&x[0])
    }
}

/// The logarithm to base 10, for x > 0; derivative (1/ln 10)/x, in this order lest the product overflow.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Log10.value(&[1000.0]), 3.0);
/// ```
pub struct Log10;

impl Elementary for Log10 {
    const NAME: &'static str = "log10";
    const ALIASES: &'static [&'static str] = &["lg"];
    const LATEX: &'static str = r"\log_{10}";
    const DOMAIN: &'static str = "x > 0";
    const SUMMARY: &'static str = "the logarithm to base 10";
    const ULPS: f64 = 1.0;
    const SAMPLES: &'static [&'static [f64]] = &[&[1.0], &[0.3], &[1000.0], &[1e-300], &[1e300]];

    fn value(x: &[f64]) -> f64 {
        libm::log10(x[0])
    }

    fn enclose(x: &[Interval]) -> Interval {
        rising(positive(x[0]), Self::ULPS, 1.0, libm::log10)
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        unary(one::<S>() / S::constant(10.0).ln() / x[0].clone())
    }

    fn is_smooth(x: &[Interval]) -> bool {
        x[0].lo() > 0.0
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        unbounded_at_edge(&x[0])
    }
}
