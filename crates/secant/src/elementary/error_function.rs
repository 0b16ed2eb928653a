//! The error function, what it lacks of 1, and the linear unit weighted with it.

use crate::elementary::Functions;
use crate::elementary::mills;
use crate::elementary::range::{dipping, falling, rising, squared};
use crate::number::{Constant, Interval};
use crate::vocabulary::{Elementary, Partials, Scalar, unary};

/// The slope of erf, 2/√π exp(-x²).
fn slope<S: Scalar>(x: &S) -> S {
    let root_of_pi = S::named(Constant::Pi).sqrt();
    S::constant(2.0) * (-squared(x)).exp() / root_of_pi
}

/// The error function 2/√π times the integral of exp(-t²) from 0 to x, odd, from -1 to 1; derivative
/// 2/√π exp(-x²). The largest error measured is 0.50 ulp.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Erf.value(&[0.5]), 0.5204998778130465);
/// ```
pub struct Erf;

impl Elementary for Erf {
    const NAME: &'static str = "erf";
    const LATEX: &'static str = r"\operatorname{erf}";
    const SUMMARY: &'static str = "the error function, 2/sqrt(pi) times the integral of exp(-t^2)";
    const ULPS: f64 = 0.75;
    const SAMPLES: &'static [&'static [f64]] =
        &[&[0.0], &[0.3], &[-1.5], &[1e-300], &[5.5], &[-8.0]];

    fn value(x: &[f64]) -> f64 {
        mills::erf(x[0])
    }

    fn enclose(x: &[Interval]) -> Interval {
        rising(x[0], Self::ULPS, 0.0, mills::erf).intersection(Interval::new(-1.0, 1.0))
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        unary(slope(&x[0]))
    }
}

/// The complement 1 - erf(x), to its last digits where that is small; derivative -2/√π exp(-x²). The largest error
/// measured is 0.50 ulp.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Erfc.value(&[0.0]), 1.0);
/// assert!(Operation::Erfc.value(&[26.0]) > 0.0);
/// ```
pub struct Erfc;

impl Elementary for Erfc {
    const NAME: &'static str = "erfc";
    const LATEX: &'static str = r"\operatorname{erfc}";
    const SUMMARY: &'static str = "1 - erf(x), to its last digits where that is small";
    const ULPS: f64 = 0.75;
    const SAMPLES: &'static [&'static [f64]] =
        &[&[0.0], &[0.3], &[-1.5], &[1e-300], &[5.5], &[-8.0], &[26.0]];

    fn value(x: &[f64]) -> f64 {
        mills::erfc(x[0])
    }

    fn enclose(x: &[Interval]) -> Interval {
        falling(x[0], Self::ULPS, 0.0, mills::erfc).intersection(Interval::new(0.0, 2.0))
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        unary(-slope(&x[0]))
    }
}

/// The Gaussian error linear unit x Φ(x) (Hendrycks and Gimpel 2016), where Φ(x) = erfc(-x/√2)/2 is the share of the
/// normal distribution below x; derivative Φ(x) + x exp(-x²/2)/√(2π). It is the exact one; the form
/// x/2 (1 + tanh(√(2/π) (x + 0.044715 x³))) that some programs take for it is off by up to 0.0005. It falls to its
/// least value, about -0.17, at -0.7518 and rises from there. The largest error measured is 0.50 ulp.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Gelu.value(&[100.0]), 100.0);
/// ```
pub struct Gelu;

impl Gelu {
    /// Doubles on either side of the argument of the least value, and a lower bound of that value.
    const TURNS_BETWEEN: [f64; 2] = [-0.7517915246935645, -0.7517915246935644];
    const LEAST: f64 = -0.1699712074799037;
}

impl Elementary for Gelu {
    const NAME: &'static str = "gelu";
    const LATEX: &'static str = r"\operatorname{gelu}";
    const SUMMARY: &'static str = "x times the share of the normal distribution below x, exactly; the tanh form is another function";
    const ULPS: f64 = 0.75;
    const SAMPLES: &'static [&'static [f64]] =
        &[&[0.0], &[0.5], &[-3.0], &[1e-300], &[12.0], &[-5.0]];

    fn value(x: &[f64]) -> f64 {
        mills::weighted_share(x[0])
    }

    fn enclose(x: &[Interval]) -> Interval {
        let turns = Self::TURNS_BETWEEN;
        dipping(x[0], Self::ULPS, turns, Self::LEAST, mills::weighted_share)
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        let two = || S::constant(2.0);
        let share = (-(x[0].clone() / two().sqrt())).erfc() / two();
        let bell = (-(squared(&x[0]) / two())).exp();
        let density = bell / (two() * S::named(Constant::Pi)).sqrt();
        unary(share + x[0].clone() * density)
    }
}
