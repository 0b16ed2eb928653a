//! Functions with kinks and jumps. Where the value jumps or the slope breaks, no rule is trusted: the
//! entry says what it is on either side.

use crate::elementary::Functions;
use crate::elementary::range::{magnitudes, staircase, step_beside};
use crate::number::{Decoration, Interval, Series};
use crate::vocabulary::{Elementary, Partials, Scalar, binary, flat, unary};

/// A function with one step, at 0, beside a point: the neighbouring doubles stand on the steps.
fn step_at_zero(x: &Series, f: impl Fn(f64) -> f64) -> Series {
    let below = |x: Interval| Interval::point(f(x.lo().next_down()));
    let above = |x: Interval| Interval::point(f(x.hi().next_up()));
    step_beside(x, &f, below, above)
}

/// The distance from 0; corner at 0, with slopes -1 and 1.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Abs.value(&[-3.0]), 3.0);
/// ```
pub struct Abs;

impl Elementary for Abs {
    const NAME: &'static str = "abs";
    const LATEX: &'static str = r"\operatorname{abs}";
    const SUMMARY: &'static str = "the distance from 0; corner at 0";
    const ULPS: f64 = 0.0;
    const SAMPLES: &'static [&'static [f64]] = &[&[2.0], &[-3.0], &[1e-300], &[-1e300]];

    fn value(x: &[f64]) -> f64 {
        x[0].abs()
    }

    fn enclose(x: &[Interval]) -> Interval {
        magnitudes(x[0])
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        unary(x[0].sign())
    }

    fn is_smooth(x: &[Interval]) -> bool {
        !x[0].contains(0.0)
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        Some(match x[0].sign() {
            Some(-1) => -x[0].clone(),
            Some(_) => x[0].clone(),
            None => Series::unknown_of(x),
        })
    }
}

/// -1, 0 or 1 as x is below, at or above 0; jump at 0.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Sign.value(&[-3.0]), -1.0);
/// assert_eq!(Operation::Sign.value(&[0.0]), 0.0);
/// ```
pub struct Sign;

impl Elementary for Sign {
    const NAME: &'static str = "sign";
    const ALIASES: &'static [&'static str] = &["sgn", "signum"];
    const LATEX: &'static str = r"\operatorname{sgn}";
    const SUMMARY: &'static str = "-1, 0 or 1 as x is below, at or above 0; jump at 0";
    const ULPS: f64 = 0.0;
    const SAMPLES: &'static [&'static [f64]] = &[&[2.0], &[-3.0], &[1e-300], &[-1e300]];

    fn value(x: &[f64]) -> f64 {
        if x[0] == 0.0 { 0.0 } else { x[0].signum() }
    }

    fn enclose(x: &[Interval]) -> Interval {
        staircase(x[0], |x| Self::value(&[x]))
    }

    fn partials<S: Scalar>(_x: &[S], _y: &S) -> Partials<S> {
        flat()
    }

    fn is_smooth(x: &[Interval]) -> bool {
        x[0].lo() > 0.0 || x[0].hi() < 0.0
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        Some(step_at_zero(&x[0], |x| Self::value(&[x])))
    }
}

/// Heaviside's step: 0 below 0, 1 above, and 1/2 at 0, where it jumps.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Heaviside.value(&[3.0]), 1.0);
/// assert_eq!(Operation::Heaviside.value(&[0.0]), 0.5);
/// ```
pub struct Heaviside;

impl Elementary for Heaviside {
    const NAME: &'static str = "heaviside";
    const LATEX: &'static str = r"\operatorname{H}";
    const SUMMARY: &'static str = "0 below 0, 1 above, 1/2 at 0; jump at 0";
    const ULPS: f64 = 0.0;
    const SAMPLES: &'static [&'static [f64]] = &[&[2.0], &[-3.0], &[1e-300], &[-1e300]];

    fn value(x: &[f64]) -> f64 {
        0.5 + 0.5 * Sign::value(x)
    }

    fn enclose(x: &[Interval]) -> Interval {
        staircase(x[0], |x| Self::value(&[x]))
    }

    fn partials<S: Scalar>(_x: &[S], _y: &S) -> Partials<S> {
        flat()
    }

    fn is_smooth(x: &[Interval]) -> bool {
        x[0].lo() > 0.0 || x[0].hi() < 0.0
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        Some(step_at_zero(&x[0], |x| Self::value(&[x])))
    }
}

/// Whether x stays between two neighbouring whole numbers.
fn is_between_whole_numbers(x: Interval) -> bool {
    !x.is_empty() && !x.contains_integer()
}

/// The greatest whole number not above x; jump at every whole number.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Floor.value(&[-2.5]), -3.0);
/// ```
pub struct Floor;

impl Elementary for Floor {
    const NAME: &'static str = "floor";
    const LATEX: &'static str = r"\operatorname{floor}";
    const SUMMARY: &'static str = "the greatest whole number not above x; jump at whole numbers";
    const ULPS: f64 = 0.0;
    const SAMPLES: &'static [&'static [f64]] =
        &[&[2.5], &[-3.25], &[1e-300], &[-1e-300], &[1e15 + 0.5]];

    fn value(x: &[f64]) -> f64 {
        x[0].floor()
    }

    fn enclose(x: &[Interval]) -> Interval {
        staircase(x[0], f64::floor)
    }

    fn partials<S: Scalar>(_x: &[S], _y: &S) -> Partials<S> {
        flat()
    }

    fn is_smooth(x: &[Interval]) -> bool {
        is_between_whole_numbers(x[0])
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        let below = |x: Interval| Ceil::enclose(&[x]) - Interval::point(1.0);
        let above = |x: Interval| Self::enclose(&[x]);
        Some(step_beside(&x[0], f64::floor, below, above))
    }
}

/// The least whole number not below x; jump at every whole number.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Ceil.value(&[-2.5]), -2.0);
/// ```
pub struct Ceil;

impl Elementary for Ceil {
    const NAME: &'static str = "ceil";
    const ALIASES: &'static [&'static str] = &["ceiling"];
    const LATEX: &'static str = r"\operatorname{ceil}";
    const SUMMARY: &'static str = "the least whole number not below x; jump at whole numbers";
    const ULPS: f64 = 0.0;
    const SAMPLES: &'static [&'static [f64]] =
        &[&[2.5], &[-3.25], &[1e-300], &[-1e-300], &[1e15 + 0.5]];

    fn value(x: &[f64]) -> f64 {
        x[0].ceil()
    }

    fn enclose(x: &[Interval]) -> Interval {
        staircase(x[0], f64::ceil)
    }

    fn partials<S: Scalar>(_x: &[S], _y: &S) -> Partials<S> {
        flat()
    }

    fn is_smooth(x: &[Interval]) -> bool {
        is_between_whole_numbers(x[0])
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        let below = |x: Interval| Self::enclose(&[x]);
        let above = |x: Interval| Floor::enclose(&[x]) + Interval::point(1.0);
        Some(step_beside(&x[0], f64::ceil, below, above))
    }
}

/// The nearest whole number, of two equally near the even one; jump halfway between whole numbers.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Round.value(&[2.5]), 2.0);
/// assert_eq!(Operation::Round.value(&[2.6]), 3.0);
/// ```
pub struct Round;

impl Elementary for Round {
    const NAME: &'static str = "round";
    const LATEX: &'static str = r"\operatorname{round}";
    const SUMMARY: &'static str =
        "the nearest whole number, halves to the even one; jump halfway between whole numbers";
    const ULPS: f64 = 0.0;
    const SAMPLES: &'static [&'static [f64]] = &[&[2.25], &[-3.75], &[3.0], &[1e-300], &[1e300]];

    fn value(x: &[f64]) -> f64 {
        x[0].round_ties_even()
    }

    fn enclose(x: &[Interval]) -> Interval {
        staircase(x[0], f64::round_ties_even)
    }

    fn partials<S: Scalar>(_x: &[S], _y: &S) -> Partials<S> {
        flat()
    }

    fn is_smooth(x: &[Interval]) -> bool {
        let is_halfway = |x: f64| (x - x.floor()) == 0.5;
        let (lo, hi) = (x[0].lo(), x[0].hi());
        lo.round_ties_even() == hi.round_ties_even() && !is_halfway(lo) && !is_halfway(hi)
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        let half = Interval::point(0.5);
        let below = |x: Interval| Ceil::enclose(&[x - half]);
        let above = |x: Interval| Floor::enclose(&[x + half]);
        Some(step_beside(&x[0], f64::round_ties_even, below, above))
    }
}

/// What is left of a after whole multiples of b, a - b floor(a/b): it has the sign of b and jumps where a is a
/// multiple of b. Partials 1 and -floor(a/b), of which the latter is computed as (a - mod(a, b))/b.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Mod.value(&[7.5, 2.0]), 1.5);
/// assert_eq!(Operation::Mod.value(&[-7.5, 2.0]), 0.5);
/// ```
pub struct Mod;

impl Elementary for Mod {
    const NAME: &'static str = "mod";
    const LATEX: &'static str = r"\operatorname{mod}";
    const DOMAIN: &'static str = "the divisor is not 0";
    const SUMMARY: &'static str = "the rest of a after whole multiples of b, with the sign of b; jump where a is a multiple of b";
    const ULPS: f64 = 0.5;
    const SAMPLES: &'static [&'static [f64]] = &[
        &[7.5, 2.0],
        &[-7.5, 2.0],
        &[7.5, -2.0],
        &[1e-300, 3.0],
        &[1e300, 7.0],
    ];

    /// The remainder of the division of doubles is exact; what is added to it is rounded once.
    fn value(x: &[f64]) -> f64 {
        let (dividend, divisor) = (x[0], x[1]);
        let rest = dividend % divisor;
        if rest != 0.0 && (rest < 0.0) != (divisor < 0.0) {
            rest + divisor
        } else {
            rest
        }
    }

    fn enclose(x: &[Interval]) -> Interval {
        let divisor = x[1];
        if divisor.is_empty() || x[0].is_empty() || (divisor.is_point() && divisor.lo() == 0.0) {
            return Interval::EMPTY;
        }
        if let Some(rests) = rests_of_one_quotient(x) {
            return rests;
        }
        let known = if divisor.contains(0.0) {
            Decoration::Trivial
        } else {
            Decoration::Defined
        };
        Interval::new(divisor.lo().min(0.0), divisor.hi().max(0.0)).decorated(known)
    }

    /// What is taken away is a whole multiple: its quotient is rounded to the nearest whole number, since
    /// floor(a/b) would be one off where the quotient itself was rounded up to a whole number, as 5.5/0.1 is.
    fn partials<S: Scalar>(x: &[S], y: &S) -> Partials<S> {
        let turns = ((x[0].clone() - y.clone()) / x[1].clone()).round();
        binary(S::constant(1.0), -turns)
    }

    fn is_smooth(x: &[Interval]) -> bool {
        rests_of_one_quotient(x).is_some()
            && corners(x).iter().all(|corner| Self::value(corner) != 0.0)
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        Some(rest_beside(&x[0], &x[1]))
    }
}

/// The corners of a box.
fn corners(x: &[Interval]) -> [[f64; 2]; 4] {
    let (a, b) = (x[0], x[1]);
    [
        [a.lo(), b.lo()],
        [a.lo(), b.hi()],
        [a.hi(), b.lo()],
        [a.hi(), b.hi()],
    ]
}

/// floor(a/b), right also where the rounded quotient is a whole number that the true one is not; `None` where
/// it is too large to be told.
fn whole_quotient(pair: &[f64]) -> Option<f64> {
    const LARGEST: f64 = 4_503_599_627_370_496.0;
    let quotient = ((pair[0] - Mod::value(pair)) / pair[1]).round();
    (quotient.abs() < LARGEST).then_some(quotient)
}

/// The range of the rest where floor(a/b) is the same all over the box: monotone in a and in b then, so that its
/// extremes stand in the corners.
fn rests_of_one_quotient(x: &[Interval]) -> Option<Interval> {
    let corners = corners(x);
    let rest = |corner: &[f64; 2]| {
        let value = Mod::value(corner);
        if value == 0.0 {
            Interval::point(0.0)
        } else {
            Interval::around(value, Mod::ULPS)
        }
    };
    if x[0].is_point() && x[1].is_point() {
        return Some(rest(&corners[0])).filter(|rest| !rest.is_empty());
    }
    let quotient = whole_quotient(&corners[0])?;
    let is_same = |corner: &[f64; 2]| whole_quotient(corner) == Some(quotient);
    let has_one = !x[1].contains(0.0) && corners.iter().all(is_same);
    has_one.then(|| {
        corners
            .iter()
            .map(rest)
            .fold(rest(&corners[0]), Interval::union)
    })
}

/// a - b k beside a point, where k is floor(a/b) on that side.
fn rest_beside(a: &Series, b: &Series) -> Series {
    if a.is_undefined() || b.is_undefined() || b.sign() == Some(0) {
        return Series::undefined();
    }
    let points = a
        .start()
        .zip(b.start())
        .filter(|(a, b)| a.is_point() && b.is_point());
    let Some((start, divisor)) = points else {
        return Series::undecided();
    };
    let Some(quotient) = whole_quotient(&[start.lo(), divisor.lo()]) else {
        return Series::undecided();
    };
    let rest = |turns: f64| a.clone() - b.clone() * Series::constant(Interval::point(turns));
    if Mod::value(&[start.lo(), divisor.lo()]) != 0.0 {
        return rest(quotient);
    }
    match (rest(quotient).sign(), b.sign()) {
        (Some(0), _) => rest(quotient),
        (Some(side), Some(of_divisor)) if side == of_divisor => rest(quotient),
        (Some(_), Some(_)) => rest(quotient - 1.0),
        _ => Series::undecided(),
    }
}
