//! Proven ranges of functions of a simple shape, from their computed values at the ends: rising, falling, even,
//! with a pole at 0. Here stand also the few words that many entries share. Nothing here knows an entry.

use std::f64::consts;

use crate::elementary::Functions;
use crate::number::{Constant, Decoration, Interval, Series};
use crate::vocabulary::Scalar;

/// Where no argument gives an exact value.
pub(super) const NOWHERE: f64 = f64::NAN;

/// The circle's circumference over its diameter, which is a little more than the nearest double.
pub(super) fn pi() -> Interval {
    Constant::Pi.enclose()
}

/// A quarter of a turn.
pub(super) fn half_pi() -> Interval {
    Interval::new(consts::FRAC_PI_2, consts::FRAC_PI_2.next_up())
}

/// Every number from 0 upward.
pub(super) fn not_negative() -> Interval {
    Interval::new(0.0, f64::INFINITY)
}

/// The square of a number, tight for intervals on both sides of 0.
pub(super) fn squared<S: Scalar>(number: &S) -> S {
    number.pow(&S::constant(2.0))
}

/// The slope towards an argument that is whole by nature: there is none, and no number passes for it.
pub(super) fn no_slope<S: Scalar>() -> S {
    S::constant(-1.0).sqrt()
}

/// The number 1.
pub(super) fn one<S: Scalar>() -> S {
    S::constant(1.0)
}

/// The value at one argument; the one computed at `exact` is not rounded.
pub(super) fn at(x: f64, ulps: f64, exact: f64, f: impl Fn(f64) -> f64) -> Interval {
    if x == exact {
        Interval::point(f(x))
    } else {
        Interval::around(f(x), ulps)
    }
}

/// The range of a function that never falls.
pub(super) fn rising(x: Interval, ulps: f64, exact: f64, f: impl Fn(f64) -> f64) -> Interval {
    between(at(x.lo(), ulps, exact, &f), at(x.hi(), ulps, exact, &f), x)
}

/// The range of a function that never rises.
pub(super) fn falling(x: Interval, ulps: f64, exact: f64, f: impl Fn(f64) -> f64) -> Interval {
    between(at(x.hi(), ulps, exact, &f), at(x.lo(), ulps, exact, &f), x)
}

/// The range of a function that falls to its least value, between two neighbouring doubles and not below this number, and rises from there through 0.
pub(super) fn dipping(
    x: Interval,
    ulps: f64,
    [after, before]: [f64; 2],
    least: f64,
    f: impl Fn(f64) -> f64,
) -> Interval {
    if x.hi() <= after {
        return falling(x, ulps, NOWHERE, f);
    }
    if x.is_empty() || x.is_point() || x.lo() >= before {
        return rising(x, ulps, 0.0, f);
    }
    let end = |x: f64| Interval::around(f(x), ulps);
    end(x.lo()).union(end(x.hi())).union(Interval::point(least))
}

/// Whether two numbers never meet.
pub(super) fn are_apart(x: &[Interval]) -> bool {
    x[0].hi() < x[1].lo() || x[1].hi() < x[0].lo()
}

/// From the least to the greatest value over x; what is known of x stays known.
fn between(least: Interval, greatest: Interval, x: Interval) -> Interval {
    Interval::new(least.lo(), greatest.hi()).decorated(x.decoration())
}

/// What is left of x in the domain from `lo` to `hi`, of a function that is infinite at these ends and so not
/// defined there. The ends are kept where numbers beside them, too close to be told apart, may be meant.
pub(super) fn within_open_domain(x: Interval, lo: f64, hi: f64) -> Interval {
    let inside = x.within_domain(lo, hi);
    let reaches_end = inside.lo() == lo || (inside.hi() == hi && hi.is_finite());
    if reaches_end && inside.is_point() {
        Interval::EMPTY
    } else if reaches_end {
        inside.decorated(Decoration::Trivial)
    } else {
        inside
    }
}

/// The range of a function that falls on either side of its odd pole at 0, from above to below.
pub(super) fn falling_beside_pole(x: Interval, ulps: f64, f: impl Fn(f64) -> f64) -> Interval {
    if x.is_empty() || x.lo() > 0.0 || x.hi() < 0.0 {
        return falling(x, ulps, NOWHERE, f);
    }
    let range = match (x.lo() == 0.0, x.hi() == 0.0) {
        (true, true) => Interval::EMPTY,
        (true, false) => Interval::new(at(x.hi(), ulps, NOWHERE, f).lo(), f64::INFINITY),
        (false, true) => Interval::new(f64::NEG_INFINITY, at(x.lo(), ulps, NOWHERE, f).hi()),
        (false, false) => Interval::WHOLE,
    };
    range.decorated(Decoration::Trivial)
}

/// All distances from 0 inside.
pub(super) fn magnitudes(x: Interval) -> Interval {
    let least = if x.contains(0.0) {
        0.0
    } else {
        x.lo().abs().min(x.hi().abs())
    };
    if x.is_empty() {
        x
    } else {
        Interval::new(least, x.magnitude()).decorated(x.decoration())
    }
}

/// The range of a step function that never falls: continuous only where it stays on one step.
pub(super) fn staircase(x: Interval, f: impl Fn(f64) -> f64) -> Interval {
    if x.is_empty() {
        return x;
    }
    let image = Interval::new(f(x.lo()), f(x.hi()));
    if image.is_point() {
        image
    } else {
        image.decorated(Decoration::Defined)
    }
}

/// A step function that never falls, beside a point: `below` and `above` tell the step on either side of it.
pub(super) fn step_beside(
    x: &Series,
    f: impl Fn(f64) -> f64,
    below: impl Fn(Interval) -> Interval,
    above: impl Fn(Interval) -> Interval,
) -> Series {
    let Some(start) = x.start() else {
        return Series::unknown_of(std::slice::from_ref(x));
    };
    let step = |value: f64| Series::constant(Interval::point(value));
    if f(start.lo()) == f(start.hi()) && !start.is_point() {
        return step(f(start.lo()));
    }
    if !start.is_point() {
        return Series::undecided();
    }
    let point = start.lo();
    let beside = match (x.clone() - Series::constant(start)).sign() {
        Some(-1) => below(start),
        Some(0) => return step(f(point)),
        Some(_) => above(start),
        None => return Series::undecided(),
    };
    // Beyond 2⁵³ a step is smaller than the doubles tell: it would pass for none.
    if !beside.is_point() && beside.contains(f(point)) {
        return Series::undecided();
    }
    Series::constant(beside)
}

/// What is told of a function of which `distance` measures how far the argument stands inside the domain:
/// nothing outside, no series on the very edge, where it grows without bound; else its rule tells.
pub(super) fn unbounded_at_edge(distance: &Series) -> Option<Series> {
    match distance.sign() {
        Some(1) => {
            let is_beside = distance.start().is_none_or(|start| start.contains(0.0));
            is_beside.then(Series::undecided)
        }
        Some(_) => Some(Series::undefined()),
        None => Some(Series::unknown_of(std::slice::from_ref(distance))),
    }
}

/// Whether the argument goes to 0, where a quotient tells more than a rule.
pub(super) fn goes_to_zero(x: &Series) -> bool {
    x.start().is_some_and(|start| start.contains(0.0))
}

/// A function beside a point, from its Taylor coefficients at the start of x: `coefficient` is given the order, up to
/// `most`, and its factorial.
pub(super) fn composed(
    x: &Series,
    most: u8,
    coefficient: impl Fn(u8, Interval) -> Interval,
) -> Series {
    /// More terms are not taken.
    const MOST: u8 = 40;
    let one = Interval::point(1.0);
    let distance = x.distance();
    if distance.leading().is_none() {
        return Series::constant(coefficient(0, one)) + distance;
    }
    let most = most.min(MOST);
    let begins = |k: &u8| coefficient(*k, one).magnitude() != 0.0;
    let first = (0..=most).find(begins).unwrap_or(most);
    let needed = distance.powers_kept() + 1;
    let last = most.min(first.saturating_add(needed.clamp(0, MOST.into()) as u8));
    let (mut sum, mut product, mut factorial) = (
        Series::constant(coefficient(0, one)),
        Series::constant(one),
        one,
    );
    for k in 1..=last {
        factorial = factorial * Interval::point(k.into());
        product = product * distance.clone();
        sum = sum + Series::constant(coefficient(k, factorial)) * product.clone();
    }
    sum + distance.left_out_from(i64::from(last) + 1)
}
