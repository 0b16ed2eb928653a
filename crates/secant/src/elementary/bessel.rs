//! The Bessel functions of the first kind, of whole order.

use crate::elementary::cylinder;
use crate::elementary::range::{composed, no_slope, one};
use crate::elementary::{Functions, fixed_order, whole_order};
use crate::number::{Interval, Series};
use crate::vocabulary::{Elementary, Partials, Scalar, binary, unary};

/// What `value` is off by at most.
const ULPS: f64 = 0.75;

/// The Bessel function of the first kind of order 0, even, 1 at 0; derivative -j1(x). It keeps its digits beside its
/// zeros up to 36; beyond, an error of 1e-28 of its amplitude is left there, and beyond 2^52 one of 1e-15. Elsewhere
/// the largest error measured is 0.50 ulp.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::J0.value(&[0.0]), 1.0);
/// ```
pub struct J0;

impl Elementary for J0 {
    const NAME: &'static str = "j0";
    const ALIASES: &'static [&'static str] = &["J_0"];
    const LATEX: &'static str = "J_0";
    const SUMMARY: &'static str = "the Bessel function of the first kind of order 0";
    const ULPS: f64 = ULPS;
    const SAMPLES: &'static [&'static [f64]] = &[
        &[0.0],
        &[0.5],
        &[-3.0],
        &[2.404825557695773],
        &[1e-300],
        &[50.0],
        &[1e10],
    ];

    fn value(x: &[f64]) -> f64 {
        cylinder::bessel(0, x[0]).value
    }

    fn enclose(x: &[Interval]) -> Interval {
        range(0, x[0])
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        unary(-x[0].j1())
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        Some(beside(0, &x[0]))
    }
}

/// The Bessel function of the first kind of order 1, odd; derivative (j0(x) - bessel_j(2, x))/2, which has nothing to
/// divide by at 0. As exact as [`J0`].
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::J1.value(&[1e-8]), 5e-9);
/// ```
pub struct J1;

impl Elementary for J1 {
    const NAME: &'static str = "j1";
    const ALIASES: &'static [&'static str] = &["J_1"];
    const LATEX: &'static str = "J_1";
    const SUMMARY: &'static str = "the Bessel function of the first kind of order 1";
    const ULPS: f64 = ULPS;
    const SAMPLES: &'static [&'static [f64]] = &[
        &[0.0],
        &[0.5],
        &[-3.0],
        &[3.8317059702075125],
        &[1e-8],
        &[50.0],
        &[1e10],
    ];

    fn value(x: &[f64]) -> f64 {
        cylinder::bessel(1, x[0]).value
    }

    fn enclose(x: &[Interval]) -> Interval {
        range(1, x[0])
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        let above = S::constant(2.0).bessel_j(&x[0]);
        unary(S::constant(0.5) * (x[0].j0() - above))
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        Some(beside(1, &x[0]))
    }
}

/// The Bessel function of the first kind of x of whole order n from 0 to 45, order first as in the books; derivative
/// (J(n-1) - J(n+1))/2. From order 2 on an error of 1e-26 of its amplitude is left beside its zeros. Elsewhere the
/// largest error measured is 0.50 ulp.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::BesselJ.value(&[2.0, 0.0]), 0.0);
/// ```
pub struct BesselJ;

impl Elementary for BesselJ {
    const NAME: &'static str = "bessel_j";
    const ALIASES: &'static [&'static str] = &["besselj", "jn"];
    const LATEX: &'static str = r"\operatorname{besselj}";
    const DOMAIN: &'static str = "a whole order from 0 to 45";
    const SUMMARY: &'static str =
        "bessel_j(n, x), the Bessel function of the first kind of order n";
    const ULPS: f64 = ULPS;
    const SAMPLES: &'static [&'static [f64]] = &[
        &[2.0, 0.5],
        &[0.0, -3.0],
        &[3.0, 2.5],
        &[1.0, 0.0],
        &[2.0, 1e-8],
        &[5.0, 1e10],
    ];

    fn value(x: &[f64]) -> f64 {
        whole_order(x[0]).map_or(f64::NAN, |order| cylinder::bessel(order, x[1]).value)
    }

    fn enclose(x: &[Interval]) -> Interval {
        match fixed_order(x[0]) {
            Some(order) => range(order, x[1]),
            None if x[0].is_empty() || x[1].is_empty() || !x[0].contains_integer() => {
                Interval::EMPTY
            }
            None => Interval::WHOLE,
        }
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        let (order, x) = (&x[0], &x[1]);
        let above = (order.clone() + one()).bessel_j(x);
        if order.truth() == Some(false) {
            return binary(no_slope(), -above);
        }
        let below = (order.clone() - one()).bessel_j(x);
        binary(no_slope(), S::constant(0.5) * (below - above))
    }

    fn is_smooth(x: &[Interval]) -> bool {
        fixed_order(x[0]).is_some() && !x[1].is_empty()
    }

    fn is_smooth_along(x: &[Interval], moving: [bool; 3]) -> bool {
        Self::is_smooth(x) && !moving[0]
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        Some(match x[0].fixed_value().and_then(whole_order) {
            Some(order) => beside(order, &x[1]),
            None => Series::undefined(),
        })
    }
}

/// The range of J of order n. A single argument is computed; over a wider one the value moves from that in the middle
/// by at most 2/pi times the distance, which bounds the slope by Bessel's integral (DLMF 10.9.2), and |J0| <= 1,
/// |Jn| <= 1/sqrt(2) (DLMF 10.14.1).
fn range(order: u8, x: Interval) -> Interval {
    let at = |x: f64| {
        let computed = cylinder::bessel(order, x);
        if x == 0.0 {
            return Interval::point(computed.value);
        }
        Interval::around(computed.value, ULPS) + Interval::new(-computed.slack, computed.slack)
    };
    if x.is_empty() {
        return x;
    }
    let most = if order == 0 {
        1.0
    } else {
        std::f64::consts::FRAC_1_SQRT_2
    };
    let bounds = Interval::new(-most, most);
    if x.is_point() {
        return at(x.lo());
    }
    if !x.is_bounded() || x.width() > 4.0 {
        return bounds;
    }
    let middle = x.middle();
    let slopes = Interval::new(-0.6367, 0.6367);
    let moved = (x - Interval::point(middle)) * slopes;
    (at(middle) + moved).intersection(bounds)
}

/// J of order n beside a point: its derivative of order k is the sum of (-1)^j times the binomial of k and j times
/// J(n - k + 2j), over 2^k (DLMF 10.6.7).
fn beside(order: u8, x: &Series) -> Series {
    let Some(start) = x.start() else {
        return Series::unknown_of(std::slice::from_ref(x));
    };
    let of_any_order = |order: i32| {
        let range = range(order.unsigned_abs() as u8, start);
        if order < 0 && order % 2 != 0 {
            -range
        } else {
            range
        }
    };
    let coefficient = |k: u8, factorial: Interval| {
        let (mut sum, mut binomial) = (Interval::point(0.0), 1.0);
        for j in 0..=k {
            let term = Interval::point(binomial)
                * of_any_order(i32::from(order) - i32::from(k) + 2 * i32::from(j));
            sum = if j % 2 == 0 { sum + term } else { sum - term };
            binomial = binomial * f64::from(k - j) / f64::from(j + 1);
        }
        let scale = libm::ldexp(1.0, i32::from(k));
        sum / Interval::point(scale) / factorial
    };
    composed(x, u8::MAX, coefficient)
}
