//! The gamma function, its logarithm, and the derivatives of that. All have poles at 0, -1, -2, and so on, and no value
//! there. Between two poles ln |gamma| and |gamma| are convex, digamma and its derivatives of even order rise, and those of
//! odd order are convex: ranges rest on that.

use crate::elementary::range::{composed, no_slope, one};
use crate::elementary::stirling::{self, Computed};
use crate::elementary::{Functions, LAST_ORDER, fixed_order, whole_order};
use crate::number::{Decoration, Interval, Series};
use crate::vocabulary::{Elementary, Partials, Scalar, binary, unary};

const DOMAIN: &str = "not 0, -1, -2, ...";
/// What `value` is off by at most, but beside zeros below 0.
const ULPS: f64 = 0.75;
/// The largest argument whose gamma is exact.
const LAST_EXACT: f64 = 23.0;
/// Lower bounds of gamma and of its logarithm above 0.
const LEAST: f64 = 0.8856031944108886;
const LEAST_LN: f64 = -0.12148629053584962;

/// The gamma function, the integral of t^(x-1) exp(-t) for x > 0, with gamma(n + 1) = n!; derivative gamma(x) digamma(x).
/// The largest error measured is 0.50 ulp.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Gamma.value(&[5.0]), 24.0);
/// assert!(Operation::Gamma.value(&[-2.0]).is_nan());
/// ```
pub struct Gamma;

impl Elementary for Gamma {
    const NAME: &'static str = "gamma";
    const ALIASES: &'static [&'static str] = &["Gamma", "tgamma"];
    const LATEX: &'static str = r"\Gamma";
    const DOMAIN: &'static str = DOMAIN;
    const SUMMARY: &'static str =
        "the gamma function, (x - 1)! for whole x; poles at 0 and the negative whole numbers";
    const ULPS: f64 = ULPS;
    const SAMPLES: &'static [&'static [f64]] = &[
        &[5.0],
        &[0.5],
        &[-2.5],
        &[1e-8],
        &[40.0],
        &[170.5],
        &[-20.3],
    ];

    fn value(x: &[f64]) -> f64 {
        stirling::gamma(x[0])
    }

    fn enclose(x: &[Interval]) -> Interval {
        let x = x[0];
        let at = |x: f64| {
            let value = stirling::gamma(x);
            if x.fract() == 0.0 && x <= LAST_EXACT {
                Interval::point(value)
            } else {
                Interval::around(value, ULPS)
            }
        };
        if let Some(known) = beside_poles(x, Interval::new(LEAST, f64::INFINITY)) {
            return known;
        }
        if x.is_point() {
            return at(x.lo());
        }
        let is_negative = x.lo() < 0.0 && x.lo().floor() % 2.0 != 0.0;
        let least = if x.lo() > 0.0 { LEAST } else { 0.0 };
        let magnitude = |x: f64| if is_negative { -at(x) } else { at(x) };
        let slope = |x: f64| magnitude(x) * enclosed(stirling::digamma(x));
        let range = convex(x, magnitude, slope, least);
        if is_negative { -range } else { range }
    }

    fn partials<S: Scalar>(x: &[S], y: &S) -> Partials<S> {
        unary(y.clone() * x[0].digamma())
    }

    fn is_smooth(x: &[Interval]) -> bool {
        is_away_from_poles(x[0])
    }

    /// Beside a pole, gamma(x) = gamma(x + n)/(x (x+1) ... (x+n-1)).
    fn one_sided(x: &[Series]) -> Option<Series> {
        let x = &x[0];
        let shift = match shift_from_pole(x)? {
            Ok(shift) => shift,
            Err(told) => return Some(told),
        };
        let product = (0..shift).fold(number(1.0), |product, k| {
            product * (x.clone() + number(f64::from(k)))
        });
        Some((x.clone() + number(f64::from(shift))).gamma() / product)
    }
}

/// The logarithm of |gamma(x)|, which does not overflow; derivative digamma(x). Its zeros 1 and 2 keep all digits; beside
/// those below 0 an error of 1e-28 times the size of what cancels there is left. Elsewhere the largest error measured
/// is 0.50 ulp.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::LnGamma.value(&[2.0]), 0.0);
/// assert_eq!(Operation::LnGamma.value(&[1e10]), 220258509288.81058);
/// ```
pub struct LnGamma;

impl Elementary for LnGamma {
    const NAME: &'static str = "lgamma";
    const ALIASES: &'static [&'static str] = &["lngamma", "loggamma", "gammaln"];
    const LATEX: &'static str = r"\operatorname{lgamma}";
    const DOMAIN: &'static str = DOMAIN;
    const SUMMARY: &'static str = "ln |gamma(x)|; poles at 0 and the negative whole numbers";
    const ULPS: f64 = ULPS;
    const SAMPLES: &'static [&'static [f64]] = &[
        &[5.0],
        &[0.5],
        &[1.0],
        &[-2.5],
        &[1e-8],
        &[40.0],
        &[1e10],
        &[-20.3],
    ];

    fn value(x: &[f64]) -> f64 {
        stirling::ln_gamma(x[0]).value
    }

    fn enclose(x: &[Interval]) -> Interval {
        let x = x[0];
        let at = |x: f64| match x {
            1.0 | 2.0 => Interval::point(0.0),
            _ => enclosed(stirling::ln_gamma(x)),
        };
        if let Some(known) = beside_poles(x, Interval::new(LEAST_LN, f64::INFINITY)) {
            return known;
        }
        if x.is_point() {
            return at(x.lo());
        }
        let least = if x.lo() > 0.0 {
            LEAST_LN
        } else {
            f64::NEG_INFINITY
        };
        convex(x, at, |x| enclosed(stirling::digamma(x)), least)
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        unary(x[0].digamma())
    }

    fn is_smooth(x: &[Interval]) -> bool {
        is_away_from_poles(x[0])
    }

    /// Beside a pole it grows like a logarithm, which no series tells.
    fn one_sided(x: &[Series]) -> Option<Series> {
        match shift_from_pole(&x[0])? {
            Ok(_) => Some(Series::undecided()),
            Err(told) => Some(told),
        }
    }
}

/// The derivative of ln |gamma(x)|; derivative polygamma(1, x). Its zero 1.4616... keeps all digits; beside those below
/// 0 an error of 1e-28 is left. Elsewhere the largest error measured is 0.50 ulp.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Digamma.value(&[1.0]), -0.5772156649015329);
/// ```
pub struct Digamma;

impl Elementary for Digamma {
    const NAME: &'static str = "digamma";
    const ALIASES: &'static [&'static str] = &["psi"];
    const LATEX: &'static str = r"\operatorname{digamma}";
    const DOMAIN: &'static str = DOMAIN;
    const SUMMARY: &'static str =
        "the slope of ln |gamma(x)|; poles at 0 and the negative whole numbers";
    const ULPS: f64 = ULPS;
    const SAMPLES: &'static [&'static [f64]] = &[
        &[5.0],
        &[0.5],
        &[1.4616321449683622],
        &[-2.3],
        &[1e-8],
        &[1e10],
        &[-20.3],
    ];

    fn value(x: &[f64]) -> f64 {
        stirling::digamma(x[0]).value
    }

    fn enclose(x: &[Interval]) -> Interval {
        polygamma_range(0, x[0])
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        unary(one::<S>().polygamma(&x[0]))
    }

    fn is_smooth(x: &[Interval]) -> bool {
        is_away_from_poles(x[0])
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        Some(polygamma_beside(0, &x[0]))
    }
}

/// The derivative of digamma of whole order n from 0 to 45, order first as in the books: polygamma(0, x) is digamma,
/// polygamma(1, x) trigamma; derivative polygamma(n + 1, x). For even n, beside zeros below 0, an error of 1e-28 times
/// the size of what cancels there is left. Elsewhere the largest error measured is 0.50 ulp.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Polygamma.value(&[1.0, 1.0]), std::f64::consts::PI.powi(2) / 6.0);
/// ```
pub struct Polygamma;

impl Elementary for Polygamma {
    const NAME: &'static str = "polygamma";
    const LATEX: &'static str = r"\operatorname{polygamma}";
    const DOMAIN: &'static str = "a whole order from 0 to 45, and x not 0, -1, -2, ...";
    const SUMMARY: &'static str = "polygamma(n, x), the derivative of digamma of order n";
    const ULPS: f64 = ULPS;
    const SAMPLES: &'static [&'static [f64]] = &[
        &[1.0, 5.0],
        &[0.0, 0.5],
        &[2.0, -2.3],
        &[3.0, 1e-8],
        &[1.0, 1e10],
        &[4.0, 40.0],
        &[1.0, -20.3],
    ];

    fn value(x: &[f64]) -> f64 {
        whole_order(x[0]).map_or(f64::NAN, |order| derivative(order, x[1]).value)
    }

    fn enclose(x: &[Interval]) -> Interval {
        let order = fixed_order(x[0]);
        match order {
            Some(order) => polygamma_range(order, x[1]),
            None if x[0].is_empty() || x[1].is_empty() || !x[0].contains_integer() => {
                Interval::EMPTY
            }
            None => Interval::WHOLE,
        }
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        let next = x[0].clone() + one::<S>();
        binary(no_slope(), next.polygamma(&x[1]))
    }

    fn is_smooth(x: &[Interval]) -> bool {
        fixed_order(x[0]).is_some() && is_away_from_poles(x[1])
    }

    fn is_smooth_along(x: &[Interval], moving: [bool; 3]) -> bool {
        Self::is_smooth(x) && !moving[0]
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        Some(match x[0].fixed_value().and_then(whole_order) {
            Some(order) => polygamma_beside(order, &x[1]),
            None => Series::undefined(),
        })
    }
}

fn derivative(order: u8, x: f64) -> Computed {
    match order {
        0 => stirling::digamma(x),
        _ => stirling::polygamma(order, x),
    }
}

fn is_away_from_poles(x: Interval) -> bool {
    !x.is_empty() && x.lo().ceil() > x.hi().min(0.0)
}

fn enclosed(computed: Computed) -> Interval {
    let slack = Interval::new(-computed.slack, computed.slack);
    Interval::around(computed.value, ULPS) + slack
}

/// The range where x is empty, holds a pole, or ends at the pole 0 above which all of `above` may be reached.
fn beside_poles(x: Interval, above: Interval) -> Option<Interval> {
    if x.is_empty() || (x.is_point() && stirling::is_pole(x.lo())) {
        Some(Interval::EMPTY)
    } else if is_away_from_poles(x) {
        None
    } else if x.lo() == 0.0 {
        Some(above.decorated(Decoration::Trivial))
    } else {
        Some(Interval::WHOLE)
    }
}

/// The range of a convex function over x: at most what it is at the ends, and above its tangents there.
fn convex(
    x: Interval,
    value: impl Fn(f64) -> Interval,
    slope: impl Fn(f64) -> Interval,
    least: f64,
) -> Interval {
    let (first, last) = (value(x.lo()), value(x.hi()));
    let way = Interval::new(0.0, x.width());
    let below_first = first + slope(x.lo()) * way;
    let below_last = last - slope(x.hi()) * way;
    // An end where nothing is known gives NaN, which is no bound.
    let lower = least.max(below_first.lo()).max(below_last.lo());
    Interval::new(lower, first.hi().max(last.hi()))
}

fn polygamma_range(order: u8, x: Interval) -> Interval {
    let at = |x: f64| enclosed(derivative(order, x));
    let rises = order.is_multiple_of(2);
    let above = match at(x.hi()) {
        end if end.is_empty() => Interval::WHOLE,
        end if rises => Interval::new(f64::NEG_INFINITY, end.hi()),
        end => Interval::new(end.lo(), f64::INFINITY),
    };
    if let Some(known) = beside_poles(x, above) {
        known
    } else if x.is_point() {
        at(x.lo())
    } else if rises {
        Interval::new(at(x.lo()).lo(), at(x.hi()).hi())
    } else {
        convex(x, at, |x| enclosed(stirling::polygamma(order + 1, x)), 0.0)
    }
}

fn number(value: f64) -> Series {
    Series::constant(Interval::point(value))
}

/// How far to go upward to leave the pole that x approaches, or what is told at once; `None` where x approaches none.
fn shift_from_pole(x: &Series) -> Option<Result<u8, Series>> {
    /// Poles beyond this are left open.
    const FARTHEST: f64 = -100.0;
    let start = x.start().filter(|start| !start.is_empty())?;
    if is_away_from_poles(start) {
        None
    } else if x.fixed_value().is_some() {
        Some(Err(Series::undefined()))
    } else if start.is_point() && start.lo() >= FARTHEST {
        Some(Ok((1.0 - start.lo()) as u8))
    } else {
        Some(Err(Series::undecided()))
    }
}

/// psi(n, x) beside a point: its Taylor series, or, beside a pole, psi(n, x + m) less the poles between.
fn polygamma_beside(order: u8, x: &Series) -> Series {
    let shift = match shift_from_pole(x) {
        None => return polygamma_away(order, x),
        Some(Err(told)) => return told,
        Some(Ok(shift)) => shift,
    };
    let factorial = (1..=order).fold(number(1.0), |product, k| product * number(f64::from(k)));
    let mut poles = number(0.0);
    for k in 0..shift {
        let distance = x.clone() + number(f64::from(k));
        let power = (0..order).fold(distance.clone(), |power, _| power * distance.clone());
        poles = poles + factorial.clone() / power;
    }
    let poles = if order.is_multiple_of(2) {
        -poles
    } else {
        poles
    };
    polygamma_away(order, &(x.clone() + number(f64::from(shift)))) + poles
}

fn polygamma_away(order: u8, x: &Series) -> Series {
    let Some(start) = x.start() else {
        return Series::unknown_of(std::slice::from_ref(x));
    };
    let coefficient = |k: u8, factorial: Interval| polygamma_range(order + k, start) / factorial;
    composed(x, LAST_ORDER - order, coefficient)
}
