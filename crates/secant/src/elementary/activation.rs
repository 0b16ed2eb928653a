//! Smooth steps and ramps: what neurons are made of.

use crate::elementary::Functions;
use crate::elementary::range::{NOWHERE, dipping, not_negative, one, rising};
use crate::number::Interval;
use crate::vocabulary::{Elementary, Partials, Scalar, unary};

/// The logistic function 1/(1 + e^-x), from 0 to 1; derivative s(x) s(-x), which keeps the digits that 1 - s(x)
/// loses.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Sigmoid.value(&[0.0]), 0.5);
/// ```
pub struct Sigmoid;

impl Elementary for Sigmoid {
    const NAME: &'static str = "sigmoid";
    const ALIASES: &'static [&'static str] = &["logistic", "expit"];
    const LATEX: &'static str = r"\operatorname{sigmoid}";
    const SUMMARY: &'static str = "the logistic function 1/(1 + e^-x)";
    const ULPS: f64 = 2.0;
    const SAMPLES: &'static [&'static [f64]] =
        &[&[0.0], &[0.5], &[-3.0], &[1e-300], &[40.0], &[-700.0]];

    fn value(x: &[f64]) -> f64 {
        let small = libm::exp(-x[0].abs());
        if x[0] < 0.0 {
            small / (1.0 + small)
        } else {
            1.0 / (1.0 + small)
        }
    }

    fn enclose(x: &[Interval]) -> Interval {
        rising(x[0], Self::ULPS, 0.0, |x| Self::value(&[x])).intersection(Interval::new(0.0, 1.0))
    }

    fn partials<S: Scalar>(x: &[S], y: &S) -> Partials<S> {
        unary(y.clone() * (-x[0].clone()).sigmoid())
    }
}

/// The smooth ramp ln(1 + e^x); derivative sigmoid x.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Softplus.value(&[100.0]), 100.0);
/// ```
pub struct Softplus;

impl Elementary for Softplus {
    const NAME: &'static str = "softplus";
    const LATEX: &'static str = r"\operatorname{softplus}";
    const SUMMARY: &'static str = "the smooth ramp ln(1 + e^x)";
    const ULPS: f64 = 2.0;
    const SAMPLES: &'static [&'static [f64]] =
        &[&[0.0], &[0.5], &[-3.0], &[1e-300], &[800.0], &[-700.0]];

    fn value(x: &[f64]) -> f64 {
        let above = if x[0] > 0.0 { x[0] } else { 0.0 };
        above + libm::log1p(libm::exp(-x[0].abs()))
    }

    fn enclose(x: &[Interval]) -> Interval {
        rising(x[0], Self::ULPS, NOWHERE, |x| Self::value(&[x])).intersection(not_negative())
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        unary(x[0].sigmoid())
    }
}

/// The sigmoid linear unit x s(x), where s is the sigmoid; derivative s(x) (1 + x s(-x)). It falls to its least
/// value, about -0.278, at -1.278 and rises from there.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Silu.value(&[100.0]), 100.0);
/// ```
pub struct Silu;

impl Silu {
    /// Doubles on either side of the argument of the least value, and a lower bound of that value.
    const TURNS_BETWEEN: [f64; 2] = [-1.2784645427610741, -1.2784645427610735];
    const LEAST: f64 = -0.2784645427610739;
}

impl Elementary for Silu {
    const NAME: &'static str = "silu";
    const ALIASES: &'static [&'static str] = &["swish"];
    const LATEX: &'static str = r"\operatorname{silu}";
    const SUMMARY: &'static str = "x times its sigmoid, a smooth ramp that dips below 0";
    const ULPS: f64 = 2.5;
    const SAMPLES: &'static [&'static [f64]] =
        &[&[0.0], &[0.5], &[-3.0], &[1e-300], &[800.0], &[-700.0]];

    fn value(x: &[f64]) -> f64 {
        if x[0] > -700.0 {
            return x[0] / (1.0 + libm::exp(-x[0]));
        }
        // e^-x overflows here, and e^x would have lost digits to underflow before x is multiplied with it.
        let half = libm::exp(0.5 * x[0]);
        if half == 0.0 {
            -0.0
        } else {
            x[0] * half * half
        }
    }

    fn enclose(x: &[Interval]) -> Interval {
        let turns = Self::TURNS_BETWEEN;
        dipping(x[0], Self::ULPS, turns, Self::LEAST, |x| Self::value(&[x]))
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        let mirrored = (-x[0].clone()).sigmoid();
        unary(x[0].sigmoid() * (one::<S>() + x[0].clone() * mirrored))
    }
}
