//! The cardinal sine and the spherical Bessel functions that its derivatives are made of.

use crate::elementary::range::{half_pi, magnitudes, no_slope, one};
use crate::elementary::stirling::Computed;
use crate::elementary::twofold::Twofold;
use crate::elementary::{Functions, fixed_order, whole_order};
use crate::number::{Interval, Rational, Series};
use crate::vocabulary::{Elementary, Partials, Scalar, binary, unary};

/// The cardinal sine sin(x)/x, without pi in it, and 1 at 0; derivative -j1(x), the spherical Bessel function
/// of order 1, which is (sin x - x cos x)/x² and keeps its digits near 0.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Sinc.value(&[0.0]), 1.0);
/// ```
pub struct Sinc;

impl Elementary for Sinc {
    const NAME: &'static str = "sinc";
    const LATEX: &'static str = r"\operatorname{sinc}";
    const SUMMARY: &'static str = "sin(x)/x, and 1 at 0";
    const ULPS: f64 = 2.0;
    const SAMPLES: &'static [&'static [f64]] = &[
        &[0.0],
        &[0.5],
        &[-3.0],
        &[4.493409457909064],
        &[1e-300],
        &[1e-8],
        &[1e10],
    ];

    fn value(x: &[f64]) -> f64 {
        if x[0] == 0.0 {
            1.0
        } else if x[0].is_infinite() {
            0.0
        } else {
            libm::sin(x[0]) / x[0]
        }
    }

    fn enclose(x: &[Interval]) -> Interval {
        bessel_range(x[0], 0)
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        unary(-x[0].spherical_bessel(&S::constant(1.0)))
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        Some(bessel_beside(&x[0], 0))
    }
}

/// The spherical Bessel function of x of whole order n from 0 to 45: j0 = sin x / x, j1 = (sin x - x cos x)/x²,
/// and so on. Derivative (n j(n-1) - (n+1) j(n+1))/(2n+1), which has nothing to divide by near 0. From order 1 on an error
/// of 1e-30 of its amplitude is left beside its zeros, and beyond 2^52 one of 1e-15.
///
/// ```
/// use secant::Operation;
/// let slope_of_sinc = -Operation::SphericalBessel.value(&[1e-8, 1.0]);
/// assert_eq!(slope_of_sinc, -1e-8 / 3.0);
/// ```
pub struct SphericalBessel;

/// From here sine and cosine are known to plain rounding alone.
const VERY_FAR: f64 = 4_503_599_627_370_496.0;

impl Elementary for SphericalBessel {
    const NAME: &'static str = "spherical_bessel";
    const LATEX: &'static str = r"\operatorname{j}";
    const DOMAIN: &'static str = "a whole order from 0 to 45";
    const SUMMARY: &'static str =
        "the spherical Bessel function of x of order n; minus the slope of sinc for n = 1";
    const ULPS: f64 = 0.75;
    const SAMPLES: &'static [&'static [f64]] = &[
        &[0.5, 1.0],
        &[-3.0, 1.0],
        &[4.5, 1.0],
        &[2.5, 2.0],
        &[0.0, 1.0],
        &[1e-8, 1.0],
        &[1e10, 1.0],
    ];

    fn value(x: &[f64]) -> f64 {
        match whole_order(x[1]) {
            None => f64::NAN,
            Some(order) => bessel(x[0], order).value,
        }
    }

    fn enclose(x: &[Interval]) -> Interval {
        match fixed_order(x[1]) {
            Some(order) => bessel_range(x[0], order),
            None if x[1].contains_integer() && x[1].hi() >= 0.0 => Interval::WHOLE,
            None => Interval::EMPTY,
        }
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        let (x, order) = (&x[0], &x[1]);
        let above = x.spherical_bessel(&(order.clone() + one()));
        if order.truth() == Some(false) {
            return binary(-above, no_slope());
        }
        let below = x.spherical_bessel(&(order.clone() - one()));
        let twice = order.clone() + order.clone() + one();
        let slope = (order.clone() * below - (order.clone() + one()) * above) / twice;
        binary(slope, no_slope())
    }

    fn is_smooth(x: &[Interval]) -> bool {
        !x[0].is_empty() && fixed_order(x[1]).is_some()
    }

    fn is_smooth_along(x: &[Interval], moving: [bool; 3]) -> bool {
        Self::is_smooth(x) && !moving[1]
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        Some(match x[1].fixed_value().and_then(whole_order) {
            Some(order) => bessel_beside(&x[0], order),
            None => Series::undefined(),
        })
    }
}

/// j of order n at any x.
fn bessel(x: f64, order: u8) -> Computed {
    if order == 0 {
        return Computed::rounded(Sinc::value(&[x]));
    }
    if x.is_infinite() {
        return Computed::rounded(0.0);
    }
    let magnitude = bessel_of_positive(x.abs(), order);
    let turns = order % 2 == 1 && x < 0.0;
    Computed {
        value: if turns {
            -magnitude.value
        } else {
            magnitude.value
        },
        ..magnitude
    }
}

/// j of order n >= 1 at x >= 0: the power series before the first zero, which stands above n + 1, and from
/// there, where the recurrence is stable, upward from sine and cosine (Abramowitz and Stegun 1964, 10.1.2 and
/// 10.1.19); with two doubles a number, since both cancel a little.
fn bessel_of_positive(x: f64, order: u8) -> Computed {
    let n = f64::from(order);
    if x < n + 1.0 {
        let first = (1..=order).fold(Twofold::from(1.0), |product, k| {
            product.times(x).over(2.0 * f64::from(k) + 1.0)
        });
        let half_square = Twofold::from(x).times(x).times(0.5);
        let sum = Twofold::alternating(first, half_square, |k| k * (2.0 * (n + k) + 1.0));
        return Computed::rounded(sum.head());
    }
    let (sine, cosine, left) = if x < VERY_FAR {
        let (sine, cosine) = Twofold::sine_and_cosine(x);
        (sine, cosine, 1e-30)
    } else {
        let (sine, cosine) = (libm::sin(x), libm::cos(x));
        (Twofold::from(sine), Twofold::from(cosine), 1e-15)
    };
    let mut below = sine.over(x);
    let mut current = below.minus(cosine).over(x);
    for k in 1..order {
        let next = current.times(2.0 * f64::from(k) + 1.0).over(x).minus(below);
        (below, current) = (current, next);
    }
    Computed {
        value: current.head(),
        slack: left / x,
    }
}

/// The range of j of order n. A single argument is computed; over a wider one the value moves from that in the
/// middle by at most half the distance, since |j'| <= 1/2, and |j| <= 1/sqrt(2n+1): both from
/// j(x) = ((-i)^n / 2) times the integral of e^(ixt) P(t) for t from -1 to 1 (DLMF 10.54.2).
fn bessel_range(x: Interval, order: u8) -> Interval {
    let ulps = if order == 0 {
        Sinc::ULPS
    } else {
        SphericalBessel::ULPS
    };
    let at = |x: f64| {
        let computed = bessel(x, order);
        if x == 0.0 {
            return Interval::point(computed.value);
        }
        Interval::around(computed.value, ulps) + Interval::new(-computed.slack, computed.slack)
    };
    let bound = one::<Interval>() / Interval::point(2.0 * f64::from(order) + 1.0).sqrt();
    let bounds = (-bound).union(bound);
    if x.is_empty() {
        return x;
    }
    if x.is_point() {
        return at(x.lo());
    }
    if !x.is_bounded() || x.width() > 4.0 {
        return far_bounds(x, order).intersection(bounds);
    }
    let distance = magnitudes(x);
    if order == 0 && distance.hi() <= half_pi().lo() + half_pi().lo() {
        // The cardinal sine falls all the way from 0 to beyond its first zero.
        return at(distance.hi())
            .union(at(distance.lo()))
            .intersection(bounds);
    }
    let middle = Interval::point(x.middle());
    let moved = (x - middle) * Interval::new(-0.5, 0.5);
    (at(x.middle()) + moved).intersection(bounds)
}

/// Away from 0, |sinc x| <= 1/|x|; for other orders only the common bound is used.
fn far_bounds(x: Interval, order: u8) -> Interval {
    let distance = magnitudes(x);
    if order != 0 || distance.lo() == 0.0 {
        return Interval::new(f64::NEG_INFINITY, f64::INFINITY);
    }
    let bound = one::<Interval>() / Interval::point(distance.lo());
    (-bound).union(bound)
}

/// j of order n beside a point: its power series near 0, else upward from sin(x)/x.
fn bessel_beside(x: &Series, order: u8) -> Series {
    let number = |value: f64| Series::constant(Interval::point(value));
    let n = f64::from(order);
    match x.leading() {
        None if x.sign() == Some(0) => return number(if order == 0 { 1.0 } else { 0.0 }),
        Some((power, _)) if power > Rational::ZERO => {
            let first = (1..=order).fold(number(1.0), |product, k| {
                product * x.clone() / number(2.0 * f64::from(k) + 1.0)
            });
            let square = x.clone() * x.clone();
            let (mut sum, mut term) = (first.clone(), first);
            // So many terms that the rest begins behind all powers that a series keeps.
            let last = square.powers_kept() + 1;
            for k in 1..=last {
                let k = k as f64;
                term = -(term * square.clone()) / number(2.0 * k * (2.0 * (n + k) + 1.0));
                sum = sum + term.clone();
            }
            return sum + x.left_out_from(i64::from(order) + 2 * (last + 1));
        }
        _ => {}
    }
    let mut below = x.sin() / x.clone();
    if order == 0 {
        return below;
    }
    let mut current = (below.clone() - x.cos()) / x.clone();
    for k in 1..order {
        let next = current.clone() * number(2.0 * f64::from(k) + 1.0) / x.clone() - below;
        (below, current) = (current, next);
    }
    // Where the differences cancel to nothing within their rounding, nothing is known.
    if current.rests_on_rounding() && !x.rests_on_rounding() {
        return Series::undecided();
    }
    current
}
