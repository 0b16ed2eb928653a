//! The hyperbolic functions and their inverses.

use crate::elementary::Functions;
use crate::elementary::range::{
    falling, falling_beside_pole, goes_to_zero, magnitudes, not_negative, one, rising, squared,
    unbounded_at_edge, within_open_domain,
};
use crate::number::{Interval, Series};
use crate::vocabulary::{Elementary, Partials, Scalar, unary};

/// From here on e^-x is the whole answer of cosh and sinh: e^-2x is below their rounding.
const FAR: f64 = 20.0;

/// The hyperbolic sine (e^x - e^-x)/2; derivative cosh x.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Sinh.value(&[0.0]), 0.0);
/// ```
pub struct Sinh;

impl Elementary for Sinh {
    const NAME: &'static str = "sinh";
    const LATEX: &'static str = r"\sinh";
    const SUMMARY: &'static str = "the hyperbolic sine (e^x - e^-x)/2";
    const ULPS: f64 = 2.0;
    const SAMPLES: &'static [&'static [f64]] =
        &[&[0.0], &[0.5], &[-3.0], &[1e-300], &[710.0], &[-710.0]];

    fn value(x: &[f64]) -> f64 {
        libm::sinh(x[0])
    }

    fn enclose(x: &[Interval]) -> Interval {
        rising(x[0], Self::ULPS, 0.0, libm::sinh)
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        unary(x[0].cosh())
    }
}

/// The hyperbolic cosine (e^x + e^-x)/2; derivative sinh x.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Cosh.value(&[0.0]), 1.0);
/// ```
pub struct Cosh;

impl Elementary for Cosh {
    const NAME: &'static str = "cosh";
    const LATEX: &'static str = r"\cosh";
    const SUMMARY: &'static str = "the hyperbolic cosine (e^x + e^-x)/2";
    const ULPS: f64 = 2.0;
    const SAMPLES: &'static [&'static [f64]] =
        &[&[0.0], &[0.5], &[-3.0], &[1e-300], &[710.0], &[-710.0]];

    fn value(x: &[f64]) -> f64 {
        libm::cosh(x[0])
    }

    fn enclose(x: &[Interval]) -> Interval {
        rising(magnitudes(x[0]), Self::ULPS, 0.0, libm::cosh)
            .intersection(Interval::new(1.0, f64::INFINITY))
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        unary(x[0].sinh())
    }
}

/// The hyperbolic tangent, sinh over cosh; derivative sech² x, which keeps its digits where 1 - tanh² x has none.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Tanh.value(&[0.0]), 0.0);
/// ```
pub struct Tanh;

impl Elementary for Tanh {
    const NAME: &'static str = "tanh";
    const LATEX: &'static str = r"\tanh";
    const SUMMARY: &'static str = "the hyperbolic tangent, from -1 to 1";
    const ULPS: f64 = 2.5;
    const SAMPLES: &'static [&'static [f64]] = &[&[0.0], &[0.5], &[-19.0], &[1e-300], &[400.0]];

    fn value(x: &[f64]) -> f64 {
        libm::tanh(x[0])
    }

    fn enclose(x: &[Interval]) -> Interval {
        rising(x[0], Self::ULPS, 0.0, libm::tanh).intersection(Interval::new(-1.0, 1.0))
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        unary(squared(&x[0].sech()))
    }
}

/// The hyperbolic cotangent, cosh over sinh; derivative -csch² x.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Coth.value(&[400.0]), 1.0);
/// ```
pub struct Coth;

impl Elementary for Coth {
    const NAME: &'static str = "coth";
    const LATEX: &'static str = r"\coth";
    const DOMAIN: &'static str = "x is not 0";
    const SUMMARY: &'static str = "the hyperbolic cotangent, beyond -1 and 1; pole at 0";
    const ULPS: f64 = 2.0;
    const SAMPLES: &'static [&'static [f64]] = &[&[0.5], &[-19.0], &[1e-300], &[400.0]];

    /// 1 + 2/(e^2x - 1), which rounds less than one over tanh.
    fn value(x: &[f64]) -> f64 {
        if x[0] == 0.0 {
            f64::NAN
        } else {
            (1.0 + 2.0 / libm::expm1(2.0 * x[0].abs())).copysign(x[0])
        }
    }

    fn enclose(x: &[Interval]) -> Interval {
        falling_beside_pole(x[0], Self::ULPS, |x| Self::value(&[x]))
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        unary(-squared(&x[0].csch()))
    }

    fn is_smooth(x: &[Interval]) -> bool {
        !x[0].contains(0.0)
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        goes_to_zero(&x[0]).then(|| x[0].cosh() / x[0].sinh())
    }
}

/// The hyperbolic secant, one over cosh; derivative -sech x tanh x.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Sech.value(&[0.0]), 1.0);
/// ```
pub struct Sech;

impl Elementary for Sech {
    const NAME: &'static str = "sech";
    const LATEX: &'static str = r"\operatorname{sech}";
    const SUMMARY: &'static str = "one over the hyperbolic cosine";
    const ULPS: f64 = 2.5;
    const SAMPLES: &'static [&'static [f64]] =
        &[&[0.0], &[0.5], &[-19.0], &[1e-300], &[400.0], &[730.0]];

    fn value(x: &[f64]) -> f64 {
        if x[0].abs() < FAR {
            1.0 / libm::cosh(x[0])
        } else {
            2.0 * libm::exp(-x[0].abs())
        }
    }

    fn enclose(x: &[Interval]) -> Interval {
        falling(magnitudes(x[0]), Self::ULPS, 0.0, |x| Self::value(&[x]))
            .intersection(Interval::new(0.0, 1.0))
    }

    fn partials<S: Scalar>(x: &[S], y: &S) -> Partials<S> {
        unary(-(y.clone() * x[0].tanh()))
    }
}

/// The hyperbolic cosecant, one over sinh; derivative -csch x coth x.
///
/// ```
/// use secant::Operation;
/// assert!(Operation::Csch.value(&[0.0]).is_nan());
/// ```
pub struct Csch;

impl Elementary for Csch {
    const NAME: &'static str = "csch";
    const ALIASES: &'static [&'static str] = &["cosech"];
    const LATEX: &'static str = r"\operatorname{csch}";
    const DOMAIN: &'static str = "x is not 0";
    const SUMMARY: &'static str = "one over the hyperbolic sine; pole at 0";
    const ULPS: f64 = 3.0;
    const SAMPLES: &'static [&'static [f64]] = &[&[0.5], &[-19.0], &[1e-300], &[400.0], &[730.0]];

    fn value(x: &[f64]) -> f64 {
        if x[0] == 0.0 {
            f64::NAN
        } else if x[0].abs() < FAR {
            1.0 / libm::sinh(x[0])
        } else {
            (2.0 * libm::exp(-x[0].abs())).copysign(x[0])
        }
    }

    fn enclose(x: &[Interval]) -> Interval {
        falling_beside_pole(x[0], Self::ULPS, |x| Self::value(&[x]))
    }

    fn partials<S: Scalar>(x: &[S], y: &S) -> Partials<S> {
        unary(-(y.clone() * x[0].coth()))
    }

    fn is_smooth(x: &[Interval]) -> bool {
        !x[0].contains(0.0)
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        goes_to_zero(&x[0]).then(|| Series::constant(one()) / x[0].sinh())
    }
}

/// The inverse of sinh; derivative 1/sqrt(1 + x²), computed by hypot lest x² overflow.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Asinh.value(&[0.0]), 0.0);
/// ```
pub struct Asinh;

impl Elementary for Asinh {
    const NAME: &'static str = "asinh";
    const ALIASES: &'static [&'static str] = &["arsinh", "arcsinh"];
    const LATEX: &'static str = r"\operatorname{arsinh}";
    const SUMMARY: &'static str = "the inverse of the hyperbolic sine";
    const ULPS: f64 = 2.0;
    const SAMPLES: &'static [&'static [f64]] = &[&[0.0], &[0.5], &[-3.0], &[1e-300], &[1e300]];

    fn value(x: &[f64]) -> f64 {
        libm::asinh(x[0])
    }

    fn enclose(x: &[Interval]) -> Interval {
        rising(x[0], Self::ULPS, 0.0, |x| Self::value(&[x]))
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        unary(one::<S>() / one::<S>().hypot(&x[0]))
    }
}

/// The inverse of cosh, for x >= 1; derivative 1/(sqrt(x - 1) sqrt(x + 1)).
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Acosh.value(&[1.0]), 0.0);
/// ```
pub struct Acosh;

impl Elementary for Acosh {
    const NAME: &'static str = "acosh";
    const ALIASES: &'static [&'static str] = &["arcosh", "arccosh"];
    const LATEX: &'static str = r"\operatorname{arcosh}";
    const DOMAIN: &'static str = "x >= 1";
    const SUMMARY: &'static str = "the inverse of the hyperbolic cosine; vertical tangent at 1";
    const ULPS: f64 = 2.5;
    const SAMPLES: &'static [&'static [f64]] =
        &[&[1.5], &[3.0], &[1.0000000000000002], &[1e10], &[1e300]];

    fn value(x: &[f64]) -> f64 {
        if x[0] < 1.0 {
            f64::NAN
        } else {
            libm::acosh(x[0])
        }
    }

    fn enclose(x: &[Interval]) -> Interval {
        let inside = x[0].within_domain(1.0, f64::INFINITY);
        rising(inside, Self::ULPS, 1.0, |x| Self::value(&[x])).intersection(not_negative())
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        let below = (x[0].clone() - one()).sqrt();
        let above = (x[0].clone() + one()).sqrt();
        unary(one::<S>() / (below * above))
    }

    fn is_smooth(x: &[Interval]) -> bool {
        x[0].lo() > 1.0
    }
}

/// The inverse of tanh, for -1 < x < 1; derivative 1/((1 - x)(1 + x)).
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Atanh.value(&[0.0]), 0.0);
/// ```
pub struct Atanh;

impl Elementary for Atanh {
    const NAME: &'static str = "atanh";
    const ALIASES: &'static [&'static str] = &["artanh", "arctanh"];
    const LATEX: &'static str = r"\operatorname{artanh}";
    const DOMAIN: &'static str = "-1 < x < 1";
    const SUMMARY: &'static str = "the inverse of the hyperbolic tangent; infinite at -1 and 1";
    const ULPS: f64 = 2.0;
    const SAMPLES: &'static [&'static [f64]] =
        &[&[0.0], &[0.5], &[-0.75], &[0.9999999999999999], &[1e-300]];

    fn value(x: &[f64]) -> f64 {
        libm::atanh(x[0])
    }

    fn enclose(x: &[Interval]) -> Interval {
        let inside = within_open_domain(x[0], -1.0, 1.0);
        rising(inside, Self::ULPS, 0.0, |x| Self::value(&[x]))
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        unary(one::<S>() / ((one::<S>() - x[0].clone()) * (one::<S>() + x[0].clone())))
    }

    fn is_smooth(x: &[Interval]) -> bool {
        x[0].lo() > -1.0 && x[0].hi() < 1.0
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        let below = Series::constant(one()) - x[0].clone();
        let above = Series::constant(one()) + x[0].clone();
        unbounded_at_edge(&(below * above))
    }
}
