//! The inverses of the trigonometric functions.

use std::f64::consts::FRAC_PI_2;

use crate::elementary::Functions;
use crate::elementary::range::{
    NOWHERE, at, falling, half_pi, not_negative, one, pi, rising, squared,
};
use crate::number::{Decoration, Interval, Series};
use crate::vocabulary::{Elementary, Partials, Scalar, binary, unary};

/// 1/sqrt((1 - x)(1 + x)): the factors keep the digits that 1 - x² loses near ±1.
fn slope_of_asin<S: Scalar>(x: &S) -> S {
    one::<S>() / ((one::<S>() - x.clone()) * (one::<S>() + x.clone())).sqrt()
}

/// Whether x stays strictly between -1 and 1.
fn is_inside_unit(x: Interval) -> bool {
    x.lo() > -1.0 && x.hi() < 1.0
}

/// The arc sine, the angle from -pi/2 to pi/2 whose sine is x; derivative 1/sqrt((1 - x)(1 + x)).
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Asin.value(&[0.0]), 0.0);
/// ```
pub struct Asin;

impl Elementary for Asin {
    const NAME: &'static str = "asin";
    const ALIASES: &'static [&'static str] = &["arcsin"];
    const LATEX: &'static str = r"\arcsin";
    const DOMAIN: &'static str = "-1 <= x <= 1";
    const SUMMARY: &'static str = "the angle whose sine is x; vertical tangents at -1 and 1";
    const ULPS: f64 = 1.0;
    const SAMPLES: &'static [&'static [f64]] =
        &[&[0.0], &[0.5], &[-0.75], &[0.9999999999999999], &[1e-300]];

    fn value(x: &[f64]) -> f64 {
        libm::asin(x[0])
    }

    fn enclose(x: &[Interval]) -> Interval {
        rising(x[0].within_domain(-1.0, 1.0), Self::ULPS, 0.0, libm::asin)
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        unary(slope_of_asin(&x[0]))
    }

    fn is_smooth(x: &[Interval]) -> bool {
        is_inside_unit(x[0])
    }
}

/// The arc cosine, the angle from 0 to pi whose cosine is x; derivative -1/sqrt((1 - x)(1 + x)).
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Acos.value(&[1.0]), 0.0);
/// ```
pub struct Acos;

impl Elementary for Acos {
    const NAME: &'static str = "acos";
    const ALIASES: &'static [&'static str] = &["arccos"];
    const LATEX: &'static str = r"\arccos";
    const DOMAIN: &'static str = "-1 <= x <= 1";
    const SUMMARY: &'static str = "the angle whose cosine is x; vertical tangents at -1 and 1";
    const ULPS: f64 = 1.0;
    const SAMPLES: &'static [&'static [f64]] =
        &[&[0.0], &[0.5], &[-0.75], &[0.9999999999999999], &[1e-300]];

    fn value(x: &[f64]) -> f64 {
        libm::acos(x[0])
    }

    fn enclose(x: &[Interval]) -> Interval {
        falling(x[0].within_domain(-1.0, 1.0), Self::ULPS, 1.0, libm::acos)
            .intersection(not_negative())
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        unary(-slope_of_asin(&x[0]))
    }

    fn is_smooth(x: &[Interval]) -> bool {
        is_inside_unit(x[0])
    }
}

/// The arc tangent, the angle between -pi/2 and pi/2 whose tangent is x; derivative 1/(1 + x²).
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Atan.value(&[0.0]), 0.0);
/// ```
pub struct Atan;

impl Elementary for Atan {
    const NAME: &'static str = "atan";
    const ALIASES: &'static [&'static str] = &["arctan", "arctg"];
    const LATEX: &'static str = r"\arctan";
    const SUMMARY: &'static str = "the angle whose tangent is x";
    const ULPS: f64 = 1.0;
    const SAMPLES: &'static [&'static [f64]] = &[&[0.0], &[0.5], &[-3.0], &[1e-300], &[1e300]];

    fn value(x: &[f64]) -> f64 {
        libm::atan(x[0])
    }

    fn enclose(x: &[Interval]) -> Interval {
        rising(x[0], Self::ULPS, 0.0, libm::atan)
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        unary(one::<S>() / (one::<S>() + squared(&x[0])))
    }
}

/// The arc cotangent atan(1/x), from -pi/2 to pi/2, with pi/2 at 0, where it jumps; derivative -1/(1 + x²).
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Acot.value(&[0.0]), std::f64::consts::FRAC_PI_2);
/// ```
pub struct Acot;

impl Elementary for Acot {
    const NAME: &'static str = "acot";
    const ALIASES: &'static [&'static str] = &["arccot", "arcctg"];
    const LATEX: &'static str = r"\operatorname{arccot}";
    const SUMMARY: &'static str =
        "the angle in (-pi/2, pi/2] whose cotangent is x; jump from -pi/2 to pi/2 at 0";
    const ULPS: f64 = 2.0;
    const SAMPLES: &'static [&'static [f64]] = &[&[0.5], &[-3.0], &[1e-300], &[1e300]];

    fn value(x: &[f64]) -> f64 {
        if x[0] == 0.0 {
            FRAC_PI_2
        } else {
            libm::atan(1.0 / x[0])
        }
    }

    fn enclose(x: &[Interval]) -> Interval {
        if x[0].lo() < 0.0 && x[0].contains(0.0) {
            let half = half_pi();
            return (-half).union(half).decorated(Decoration::Defined);
        }
        falling(x[0], Self::ULPS, NOWHERE, |x| Self::value(&[x]))
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        unary(-(one::<S>() / (one::<S>() + squared(&x[0]))))
    }

    fn is_smooth(x: &[Interval]) -> bool {
        !x[0].contains(0.0)
    }

    /// Half a turn's half on the side of x, less atan x.
    fn one_sided(x: &[Series]) -> Option<Series> {
        let limit = match x[0].sign() {
            Some(-1) => -half_pi(),
            Some(_) => half_pi(),
            None => return Some(Series::unknown_of(x)),
        };
        Some(Series::constant(limit) - x[0].atan())
    }
}

/// The angle from the positive x axis to the point (x, y), in (-pi, pi]; it jumps across the negative x axis.
/// Partials x/r² and -y/r², computed as quotients by r twice, lest r² overflow.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Atan2.value(&[0.0, -1.0]), std::f64::consts::PI);
/// assert!(Operation::Atan2.value(&[0.0, 0.0]).is_nan());
/// ```
pub struct Atan2;

impl Elementary for Atan2 {
    const NAME: &'static str = "atan2";
    const ALIASES: &'static [&'static str] = &["arctan2"];
    const LATEX: &'static str = r"\operatorname{atan2}";
    const DOMAIN: &'static str = "not both arguments are 0";
    const SUMMARY: &'static str =
        "atan2(y, x): the angle of the point (x, y); jump across the negative x axis";
    const ULPS: f64 = 2.0;
    const SAMPLES: &'static [&'static [f64]] = &[
        &[1.0, 2.0],
        &[3.0, -0.5],
        &[-2.0, -1.0],
        &[-1e-10, 1.0],
        &[1e-300, 1e-300],
        &[1e300, -1e300],
    ];

    fn value(x: &[f64]) -> f64 {
        if x[0] == 0.0 && x[1] == 0.0 {
            return f64::NAN;
        }
        // Adding 0 makes -0 the number 0: the cut itself belongs to the upper side.
        libm::atan2(x[0] + 0.0, x[1])
    }

    fn enclose(x: &[Interval]) -> Interval {
        let (y, x) = (x[0], x[1]);
        if y.is_empty() || x.is_empty() {
            return Interval::EMPTY;
        }
        let everything = (-pi()).union(pi());
        if y.contains(0.0) && x.contains(0.0) {
            let is_origin = y.is_point() && x.is_point();
            let range = if is_origin {
                Interval::EMPTY
            } else {
                everything
            };
            return range.decorated(Decoration::Trivial);
        }
        if y.lo() < 0.0 && y.hi() >= 0.0 && x.lo() < 0.0 {
            return everything.decorated(Decoration::Defined);
        }
        // Along an edge of the box the angle only grows or only falls, so its extremes stand in the corners.
        let corner = |y: f64, x: f64| {
            let exact = if y == 0.0 && x > 0.0 { y } else { NOWHERE };
            at(y, Self::ULPS, exact, |y| Self::value(&[y, x]))
        };
        corner(y.lo(), x.lo())
            .union(corner(y.lo(), x.hi()))
            .union(corner(y.hi(), x.lo()))
            .union(corner(y.hi(), x.hi()))
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        let (y, x) = (&x[0], &x[1]);
        let r = x.hypot(y);
        binary(
            x.clone() / r.clone() / r.clone(),
            -(y.clone() / r.clone() / r),
        )
    }

    fn is_smooth(x: &[Interval]) -> bool {
        let (y, x) = (x[0], x[1]);
        let is_off_cut = x.lo() > 0.0 || y.lo() > 0.0 || y.hi() < 0.0;
        is_off_cut && !y.is_empty() && !x.is_empty()
    }

    /// The arc tangent of whichever quotient stays bounded, and the quarter turns that lead there.
    fn one_sided(x: &[Series]) -> Option<Series> {
        let (Some(side_of_y), Some(side_of_x)) = (x[0].sign(), x[1].sign()) else {
            return Some(Series::unknown_of(x));
        };
        let (y, x) = (&x[0], &x[1]);
        if side_of_y == 0 && side_of_x == 0 {
            return Some(Series::undefined());
        }
        let order = |series: &Series| series.leading().map(|(power, _)| power);
        if order(y).is_some_and(|y| order(x).is_none_or(|x| y < x)) {
            let quarter = if side_of_y < 0 { -half_pi() } else { half_pi() };
            return Some(Series::constant(quarter) - (x.clone() / y.clone()).atan());
        }
        let angle = (y.clone() / x.clone()).atan();
        Some(match (side_of_x, side_of_y) {
            (1, _) => angle,
            (_, -1) => Series::constant(-pi()) + angle,
            _ => Series::constant(pi()) + angle,
        })
    }
}
