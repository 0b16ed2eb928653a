//! Comparisons, which are 1 where they hold and 0 where not, their connectives, and the choice between two
//! values. A comparison of numbers that lie closer than their rounding is left open: both outcomes are
//! enclosed.

use std::cmp::Ordering;

use crate::elementary::Functions;
use crate::elementary::range::are_apart;
use crate::number::{Decoration, Interval, Series};
use crate::vocabulary::{Elementary, Partials, Scalar, flat, unary};

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

/// The truth all along on one side.
fn truth_beside(holds: bool) -> Series {
    Series::constant(Interval::point(truth(holds)))
}

/// How numbers of one interval can stand to numbers of another.
fn possible_orders(a: Interval, b: Interval) -> impl Iterator<Item = Ordering> {
    let less = (a.lo() < b.hi()).then_some(Ordering::Less);
    let equal = (a.lo() <= b.hi() && b.lo() <= a.hi()).then_some(Ordering::Equal);
    let greater = (a.hi() > b.lo()).then_some(Ordering::Greater);
    [less, equal, greater].into_iter().flatten()
}

/// A comparison is known by the orders for which it holds: the six entries differ in that alone.
macro_rules! comparison {
    ($(#[$about:meta])* $entry:ident, $name:literal, $latex:literal, $summary:literal, $holds:path) => {
        $(#[$about])*
        pub struct $entry;

        impl Elementary for $entry {
            const NAME: &'static str = $name;
            const LATEX: &'static str = $latex;
            const SUMMARY: &'static str = $summary;
            const ULPS: f64 = 0.0;
            const SAMPLES: &'static [&'static [f64]] =
                &[&[1.0, 2.0], &[2.0, -1.0], &[0.0, 1e-300], &[1e300, -1e300]];

            fn value(x: &[f64]) -> f64 {
                x[0].partial_cmp(&x[1]).map_or(f64::NAN, |order| truth($holds(order)))
            }

            fn enclose(x: &[Interval]) -> Interval {
                let orders = || possible_orders(x[0], x[1]);
                truth_over(orders().any($holds), !orders().all($holds))
            }

            fn partials<S: Scalar>(_x: &[S], _y: &S) -> Partials<S> {
                flat()
            }

            fn is_smooth(x: &[Interval]) -> bool {
                are_apart(x)
            }

            fn one_sided(x: &[Series]) -> Option<Series> {
                let difference = x[0].clone() - x[1].clone();
                let told = difference.sign().map(|sign| truth_beside($holds(sign.cmp(&0))));
                let told = told.unwrap_or_else(|| Series::unknown_of(x));
                Some(told.resting_on(difference.rests_on_rounding()))
            }
        }
    };
}

comparison! {
    /// `a < b`, 1 where it holds and 0 where not; jump where a = b.
    ///
    /// ```
    /// use secant::Operation;
    /// assert_eq!(Operation::Less.value(&[1.0, 2.0]), 1.0);
    /// ```
    Less, "less", "<", "1 where a < b, else 0; jump where they are equal", Ordering::is_lt
}

comparison! {
    /// `a <= b`, 1 where it holds and 0 where not; jump where a = b.
    ///
    /// ```
    /// use secant::Operation;
    /// assert_eq!(Operation::LessEqual.value(&[2.0, 2.0]), 1.0);
    /// ```
    LessEqual, "less_equal", r"\le", "1 where a <= b, else 0; jump where they are equal", Ordering::is_le
}

comparison! {
    /// `a > b`, 1 where it holds and 0 where not; jump where a = b.
    ///
    /// ```
    /// use secant::Operation;
    /// assert_eq!(Operation::Greater.value(&[1.0, 2.0]), 0.0);
    /// ```
    Greater, "greater", ">", "1 where a > b, else 0; jump where they are equal", Ordering::is_gt
}

comparison! {
    /// `a >= b`, 1 where it holds and 0 where not; jump where a = b.
    ///
    /// ```
    /// use secant::Operation;
    /// assert_eq!(Operation::GreaterEqual.value(&[2.0, 2.0]), 1.0);
    /// ```
    GreaterEqual, "greater_equal", r"\ge", "1 where a >= b, else 0; jump where they are equal", Ordering::is_ge
}

comparison! {
    /// `a = b`, 1 where it holds and 0 where not; a single point stands out where they are equal.
    ///
    /// ```
    /// use secant::Operation;
    /// assert_eq!(Operation::Equal.value(&[2.0, 2.0]), 1.0);
    /// ```
    Equal, "equal", "=", "1 where a = b, else 0; jump there", Ordering::is_eq
}

comparison! {
    /// `a != b`, 1 where it holds and 0 where not; a single point stands out where they are equal.
    ///
    /// ```
    /// use secant::Operation;
    /// assert_eq!(Operation::NotEqual.value(&[2.0, 2.0]), 0.0);
    /// ```
    NotEqual, "not_equal", r"\ne", "0 where a = b, else 1; jump there", Ordering::is_ne
}

/// Whether conditions over these arguments may hold, and whether they may fail.
fn outcomes(condition: Interval) -> [bool; 2] {
    let is_zero = condition.is_point() && condition.lo() == 0.0;
    [!condition.is_empty() && !is_zero, condition.contains(0.0)]
}

/// A condition is a number in steps already: its jumps are told where it is compared, and one that is 0 here
/// is 0 beside here too.
fn is_settled(condition: Interval) -> bool {
    condition.is_point() || (!condition.is_empty() && !condition.contains(0.0))
}

/// A connective of two conditions is known by when it holds: the two entries differ in that alone.
macro_rules! connective {
    ($(#[$about:meta])* $entry:ident, $name:literal, $latex:literal, $summary:literal, $join:expr) => {
        $(#[$about])*
        pub struct $entry;

        impl Elementary for $entry {
            const NAME: &'static str = $name;
            const LATEX: &'static str = $latex;
            const SUMMARY: &'static str = $summary;
            const ULPS: f64 = 0.0;
            const SAMPLES: &'static [&'static [f64]] =
                &[&[1.0, 0.0], &[1.0, 1.0], &[0.0, 0.0], &[-2.5, 0.0]];

            fn value(x: &[f64]) -> f64 {
                let join: fn(bool, bool) -> bool = $join;
                if x[0].is_nan() || x[1].is_nan() {
                    f64::NAN
                } else {
                    truth(join(x[0] != 0.0, x[1] != 0.0))
                }
            }

            fn enclose(x: &[Interval]) -> Interval {
                let join: fn(bool, bool) -> bool = $join;
                if x[0].is_empty() || x[1].is_empty() {
                    return Interval::EMPTY;
                }
                // It holds the surer the more its parts hold, and fails the surer the more they fail.
                let ([a_holds, a_fails], [b_holds, b_fails]) = (outcomes(x[0]), outcomes(x[1]));
                truth_over(join(a_holds, b_holds), !join(!a_fails, !b_fails))
            }

            /// A condition moves nothing, but where it has no derivative itself (a tie), neither has what it decides.
            fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
                let join: fn(bool, bool) -> bool = $join;
                let by_other = |other: &S| {
                    let decides = other.truth().is_some_and(|b| join(true, b) == join(false, b));
                    (!decides).then(|| S::constant(0.0))
                };
                [by_other(&x[1]), by_other(&x[0]), None]
            }

            fn is_smooth(x: &[Interval]) -> bool {
                is_settled(x[0]) && is_settled(x[1])
            }

            fn one_sided(x: &[Series]) -> Option<Series> {
                let join: fn(bool, bool) -> bool = $join;
                let holds = x[0].sign().zip(x[1].sign()).map(|(a, b)| join(a != 0, b != 0));
                Some(holds.map_or_else(|| Series::unknown_of(x), truth_beside))
            }
        }
    };
}

connective! {
    /// 1 where both conditions hold (are not 0), else 0.
    ///
    /// ```
    /// use secant::Operation;
    /// assert_eq!(Operation::And.value(&[1.0, 0.0]), 0.0);
    /// ```
    And, "and", r"\land", "1 where both conditions hold, else 0; jumps where a condition does", |a, b| a && b
}

connective! {
    /// 1 where one of the conditions holds (is not 0) or both, else 0.
    ///
    /// ```
    /// use secant::Operation;
    /// assert_eq!(Operation::Or.value(&[1.0, 0.0]), 1.0);
    /// ```
    Or, "or", r"\lor", "1 where a condition or both hold, else 0; jumps where a condition does", |a, b| a || b
}

/// 1 where the condition fails (is 0), else 0.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Not.value(&[0.0]), 1.0);
/// ```
pub struct Not;

impl Elementary for Not {
    const NAME: &'static str = "not";
    const LATEX: &'static str = r"\lnot";
    const SUMMARY: &'static str =
        "1 where the condition fails, else 0; jumps where the condition does";
    const ULPS: f64 = 0.0;
    const SAMPLES: &'static [&'static [f64]] = &[&[0.0], &[1.0], &[-2.5]];

    fn value(x: &[f64]) -> f64 {
        if x[0].is_nan() {
            f64::NAN
        } else {
            truth(x[0] == 0.0)
        }
    }

    fn enclose(x: &[Interval]) -> Interval {
        let [may_hold, may_fail] = outcomes(x[0]);
        truth_over(may_fail, may_hold)
    }

    fn partials<S: Scalar>(_x: &[S], _y: &S) -> Partials<S> {
        unary(S::constant(0.0))
    }

    fn is_smooth(x: &[Interval]) -> bool {
        is_settled(x[0])
    }

    fn one_sided(x: &[Series]) -> Option<Series> {
        let told = x[0].sign().map(|sign| truth_beside(sign == 0));
        Some(told.unwrap_or_else(|| Series::unknown_of(x)))
    }
}

/// `then` where the condition is not 0, else `otherwise`; the condition is a truth value, 0 or 1. What is not taken moves nothing and leaks nothing.
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
        // The condition moves nothing, but where it has no derivative itself (a tie), neither has the choice.
        let (zero, one) = (|| S::constant(0.0), || S::constant(1.0));
        match x[0].truth() {
            Some(true) => [Some(zero()), Some(one()), None],
            Some(false) => [Some(zero()), None, Some(one())],
            None => [
                Some(zero()),
                Some(x[0].choose(&one(), &zero())),
                Some(x[0].choose(&zero(), &one())),
            ],
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
        Some(match x[0].sign() {
            Some(0) => x[2].clone(),
            Some(_) => x[1].clone(),
            None => Series::unknown_of(x.get(..1).unwrap_or_default()),
        })
    }
}
