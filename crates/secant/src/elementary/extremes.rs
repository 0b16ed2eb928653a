//! The lesser and the greater of two numbers, with corners where they are equal, and the greater one without a corner.

use crate::elementary::Functions;
use crate::elementary::range::are_apart;
use crate::elementary::twofold::Twofold;
use crate::number::{Interval, Series};
use crate::vocabulary::{Elementary, Partials, Scalar, binary, flat, unary};

/// Pairs that show which is taken.
const PAIRS: &[&[f64]] = &[
    &[1.0, 2.0],
    &[3.0, -0.5],
    &[-2.0, -2.5],
    &[1e-300, 0.0],
    &[1e300, -1e300],
];

/// The partials of a function that takes its first argument where `first_taken` holds, else the second, which is so for sure where one is `beyond` the
/// other. What is not taken is not multiplied with anything; where both are equal neither is left out, for a corner is there.
fn partials_of_taken<S: Scalar>(first_taken: S, beyond: [S; 2]) -> Partials<S> {
    let [first, second] = beyond;
    match (first.truth(), second.truth()) {
        (Some(true), _) => [Some(S::constant(1.0)), None, None],
        (_, Some(true)) => [None, Some(S::constant(1.0)), None],
        _ => binary(first_taken, second),
    }
}

/// The first series or the second, as the sign of their difference says.
fn taken_beside(x: &[Series], takes_first: impl Fn(i8) -> bool) -> Series {
    let difference = x[0].clone() - x[1].clone();
    let taken = match difference.sign() {
        Some(sign) if takes_first(sign) => x[0].clone(),
        Some(_) => x[1].clone(),
        None => Series::unknown_of(x),
    };
    taken.resting_on(difference.rests_on_rounding())
}

/// The lesser of two numbers; its slope is that of the lesser, with a corner where they are equal.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Min.value(&[1.0, 2.0]), 1.0);
/// assert!(Operation::Min.value(&[1.0, f64::NAN]).is_nan());
/// ```
pub struct Min;

impl Elementary for Min {
    const NAME: &'static str = "min";
    const LATEX: &'static str = r"\min";
    const SUMMARY: &'static str = "the lesser of two numbers; corner where they are equal";
    const ULPS: f64 = 0.0;
    const SAMPLES: &'static [&'static [f64]] = PAIRS;

    fn value(x: &[f64]) -> f64 {
        if x[0].is_nan() || x[1].is_nan() {
            f64::NAN
        } else {
            x[0].min(x[1])
        }
    }

    fn enclose(x: &[Interval]) -> Interval {
        if x[0].is_empty() || x[1].is_empty() {
            return Interval::EMPTY;
        }
        Interval::new(x[0].lo().min(x[1].lo()), x[0].hi().min(x[1].hi()))
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        partials_of_taken(x[0].less_equal(&x[1]), [x[0].less(&x[1]), x[1].less(&x[0])])
    }

    fn is_smooth(x: &[Interval]) -> bool {
        are_apart(x)
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        Some(taken_beside(x, |sign| sign < 0))
    }
}

/// The greater of two numbers; its slope is that of the greater, with a corner where they are equal.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Max.value(&[1.0, 2.0]), 2.0);
/// assert!(Operation::Max.value(&[1.0, f64::NAN]).is_nan());
/// ```
pub struct Max;

impl Elementary for Max {
    const NAME: &'static str = "max";
    const LATEX: &'static str = r"\max";
    const SUMMARY: &'static str = "the greater of two numbers; corner where they are equal";
    const ULPS: f64 = 0.0;
    const SAMPLES: &'static [&'static [f64]] = PAIRS;

    fn value(x: &[f64]) -> f64 {
        if x[0].is_nan() || x[1].is_nan() {
            f64::NAN
        } else {
            x[0].max(x[1])
        }
    }

    fn enclose(x: &[Interval]) -> Interval {
        if x[0].is_empty() || x[1].is_empty() {
            return Interval::EMPTY;
        }
        Interval::new(x[0].lo().max(x[1].lo()), x[0].hi().max(x[1].hi()))
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        partials_of_taken(
            x[0].greater_equal(&x[1]),
            [x[0].greater(&x[1]), x[1].greater(&x[0])],
        )
    }

    fn is_smooth(x: &[Interval]) -> bool {
        are_apart(x)
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        Some(taken_beside(x, |sign| sign > 0))
    }
}

/// The rectifier max(x, 0); slope 0 below 0 and 1 above, corner at 0.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Relu.value(&[-3.0]), 0.0);
/// assert_eq!(Operation::Relu.value(&[3.0]), 3.0);
/// ```
pub struct Relu;

impl Elementary for Relu {
    const NAME: &'static str = "relu";
    const LATEX: &'static str = r"\operatorname{relu}";
    const SUMMARY: &'static str = "x where it is above 0, else 0; corner at 0";
    const ULPS: f64 = 0.0;
    const SAMPLES: &'static [&'static [f64]] = &[&[2.0], &[-3.0], &[1e-300], &[-1e300]];

    fn value(x: &[f64]) -> f64 {
        Max::value(&[x[0], 0.0])
    }

    fn enclose(x: &[Interval]) -> Interval {
        Max::enclose(&[x[0], Interval::point(0.0)])
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        let zero = S::constant(0.0);
        match x[0].less(&zero).truth() {
            Some(true) => flat(),
            _ => unary(x[0].heaviside()),
        }
    }

    fn is_smooth(x: &[Interval]) -> bool {
        are_apart(&[x[0], Interval::point(0.0)])
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        let zero = Series::constant(Interval::point(0.0));
        Some(taken_beside(&[x[0].clone(), zero], |sign| sign > 0))
    }
}

/// The smooth maximum ln(e^a + e^b), which nothing overflows on the way to; of more numbers it is taken two at a time.
/// Its slopes sigmoid(a - b) and sigmoid(b - a) make the softmax of all. Beside its zeros an error of 4e-28 of the
/// greater number is left. Elsewhere the largest error measured is 0.80 ulp.
///
/// ```
/// use secant::Operation;
/// let far = Operation::LogSumExp.value(&[1000.0, 1001.0]);
/// assert_eq!(far, 1001.3132616875182);
/// ```
pub struct LogSumExp;

impl LogSumExp {
    fn at(most: f64, least: f64) -> f64 {
        if most == least && most.is_infinite() {
            return most;
        }
        let plain = most + libm::log1p(libm::exp(least - most));
        if plain.abs() >= 1.0 || plain.is_nan() {
            return plain;
        }
        // Nearer to 0 the two parts cancel: here e^a - 1 and e^b do, with two doubles a number.
        let (power, doublings) = Twofold::from(least.max(-1e4)).exp();
        let rise = Twofold::from(most).expm1();
        rise.plus(power.doubled(doublings)).log1p().head()
    }

    fn around(a: f64, b: f64) -> Interval {
        let most = a.max(b);
        let value = Self::at(most, a.min(b));
        let slack = if value.abs() < 1e-10 {
            4e-28 * most.abs()
        } else {
            0.0
        };
        Interval::around(value, Self::ULPS) + Interval::new(-slack, slack)
    }
}

impl Elementary for LogSumExp {
    const NAME: &'static str = "logsumexp";
    const ALIASES: &'static [&'static str] = &["logaddexp"];
    const LATEX: &'static str = r"\operatorname{logsumexp}";
    const SUMMARY: &'static str =
        "ln(e^a + e^b + ...), the smooth maximum; nothing overflows on the way";
    const ULPS: f64 = 1.5;
    const SAMPLES: &'static [&'static [f64]] = &[
        &[1.0, 2.0],
        &[1000.0, 1001.0],
        &[-0.5, -1.0],
        &[-1000.0, -990.0],
        &[0.0, -700.0],
        &[3.0, 3.0],
    ];

    fn value(x: &[f64]) -> f64 {
        if x[0].is_nan() || x[1].is_nan() {
            f64::NAN
        } else {
            Self::at(x[0].max(x[1]), x[0].min(x[1]))
        }
    }

    fn enclose(x: &[Interval]) -> Interval {
        if x[0].is_empty() || x[1].is_empty() {
            return Interval::EMPTY;
        }
        let (least, most) = (
            Self::around(x[0].lo(), x[1].lo()),
            Self::around(x[0].hi(), x[1].hi()),
        );
        Interval::new(least.lo(), most.hi())
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        let difference = x[0].clone() - x[1].clone();
        binary(difference.sigmoid(), (-difference).sigmoid())
    }
}
