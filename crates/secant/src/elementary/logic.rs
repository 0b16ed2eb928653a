//! Comparisons, which are 1 where they hold and 0 where not, and the choice between two values.
//! A comparison of numbers that lie closer than their rounding is left open: both outcomes are enclosed.

use crate::elementary::Functions;
use crate::number::{Decoration, Interval, Series};
use crate::vocabulary::{Elementary, Partials, Scalar, flat};

/// The truth as a number.
fn truth(holds: bool) -> f64 {
    if holds { 1.0 } else { 0.0 }
}

/// The truth of something that may hold somewhere and may fail somewhere.
fn truth_over(may_hold: bool, may_fail: bool) -> Interval {
    match (may_hold, may_fail) {
        (true, false) => Interval::point(1.0),
        (false, true) => Interval::point(0.0),
        (true, true) => Interval::new(0.0, 1.0).decorated(Decoration::Defined),
        (false, false) => Interval::EMPTY,
    }
}

/// The truth of a comparison beside the point, from the sign of a - b there.
fn compare(x: &[Series], holds: impl Fn(i8) -> bool) -> Series {
    let difference = x[0].clone() - x[1].clone();
    difference.sign().map_or_else(Series::undecided, |sign| {
        Series::constant(Interval::point(truth(holds(sign))))
    })
}

/// `a < b`; jumps where a = b.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Less.value(&[1.0, 2.0]), 1.0);
/// ```
pub struct Less;

impl Elementary for Less {
    const NAME: &'static str = "less";
    const LATEX: &'static str = "<";
    const SUMMARY: &'static str = "1 where a < b, else 0";
    const ULPS: f64 = 0.0;
    const SAMPLES: &'static [&'static [f64]] = &[&[1.0, 2.0], &[2.0, -1.0]];

    fn value(x: &[f64]) -> f64 {
        if x[0].is_nan() || x[1].is_nan() {
            f64::NAN
        } else {
            truth(x[0] < x[1])
        }
    }

    fn enclose(x: &[Interval]) -> Interval {
        truth_over(x[0].lo() < x[1].hi(), x[0].hi() >= x[1].lo())
    }

    fn partials<S: Scalar>(_x: &[S], _y: &S) -> Partials<S> {
        flat()
    }

    fn is_smooth(x: &[Interval]) -> bool {
        x[0].hi() < x[1].lo() || x[1].hi() < x[0].lo()
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        Some(compare(x, |sign| sign < 0))
    }
}

/// `then` where the condition is not 0, else `otherwise`. What is not taken moves nothing and leaks nothing.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Choose.value(&[1.0, 5.0, f64::NAN]), 5.0);
/// ```
pub struct Choose;

impl Elementary for Choose {
    const NAME: &'static str = "choose";
    const LATEX: &'static str = r"\operatorname{choose}";
    const SUMMARY: &'static str = "the second argument where the first holds, else the third";
    const ULPS: f64 = 0.0;
    const SAMPLES: &'static [&'static [f64]] = &[&[1.0, 2.0, 3.0], &[0.0, 2.0, 3.0]];

    fn value(x: &[f64]) -> f64 {
        if x[0].is_nan() {
            f64::NAN
        } else if x[0] == 0.0 {
            x[2]
        } else {
            x[1]
        }
    }

    fn enclose(x: &[Interval]) -> Interval {
        let condition = x[0];
        if condition.is_empty() {
            condition
        } else if !condition.contains(0.0) {
            x[1]
        } else if condition.is_point() {
            x[2]
        } else {
            x[1].union(x[2]).decorated(Decoration::Defined)
        }
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        let one = || S::constant(1.0);
        match x[0].truth() {
            Some(true) => [None, Some(one()), None],
            Some(false) => [None, None, Some(one())],
            None => {
                let zero = S::constant(0.0);
                [
                    None,
                    Some(x[0].choose(&one(), &zero)),
                    Some(x[0].choose(&zero, &one())),
                ]
            }
        }
    }

    fn is_smooth(x: &[Interval]) -> bool {
        x[0].is_point() || !x[0].contains(0.0)
    }

    fn used(x: &[Interval]) -> [bool; 3] {
        match x[0].truth() {
            Some(taken) => [true, taken, !taken],
            None => [true; 3],
        }
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        Some(match x[0].truth() {
            Some(true) => x[1].clone(),
            Some(false) => x[2].clone(),
            None => Series::undecided(),
        })
    }
}
