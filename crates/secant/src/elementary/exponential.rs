//! Exponentials and logarithms.

use crate::number::Interval;
use crate::vocabulary::{Elementary, Partials, Scalar, unary};

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
        x[0].increasing(Self::ULPS, libm::exp)
            .intersection(Interval::new(0.0, f64::INFINITY))
    }

    fn partials<S: Scalar>(_x: &[S], y: &S) -> Partials<S> {
        unary(y.clone())
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
    const SAMPLES: &'static [&'static [f64]] = &[&[1.0], &[0.5], &[3.0], &[1e-300], &[1e300]];

    fn value(x: &[f64]) -> f64 {
        libm::log(x[0])
    }

    fn enclose(x: &[Interval]) -> Interval {
        let inside = x[0].within_domain(f64::from_bits(1), f64::INFINITY);
        inside.increasing(Self::ULPS, libm::log)
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        unary(S::constant(1.0) / x[0].clone())
    }

    fn is_smooth(x: &[Interval]) -> bool {
        x[0].lo() > 0.0
    }
}
