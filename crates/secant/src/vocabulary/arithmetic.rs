//! Plain arithmetic as entries of the table: the rules for sum, difference, product and quotient.

use super::{Elementary, Partials, Scalar, binary, unary};
use crate::number::Interval;

/// Pairs that show an operation: both signs, one tiny, one huge.
const PAIRS: &[&[f64]] = &[
    &[2.0, 3.0],
    &[-1.5, 0.25],
    &[1e-20, -7.0],
    &[3e10, 0.1],
    &[-4.0, -0.5],
];

/// The sum `a + b`; its derivative is the sum of the derivatives.
pub struct Add;

impl Elementary for Add {
    const NAME: &'static str = "add";
    const LATEX: &'static str = "+";
    const SUMMARY: &'static str = "the sum of two numbers";
    const ULPS: f64 = 0.5;
    const SAMPLES: &'static [&'static [f64]] = PAIRS;

    fn value(x: &[f64]) -> f64 {
        x[0] + x[1]
    }

    fn enclose(x: &[Interval]) -> Interval {
        x[0] + x[1]
    }

    fn arithmetic<S: Scalar>(x: &[S]) -> Option<S> {
        Some(x[0].clone() + x[1].clone())
    }

    fn partials<S: Scalar>(_x: &[S], _y: &S) -> Partials<S> {
        binary(S::constant(1.0), S::constant(1.0))
    }
}

/// The difference `a - b`; its derivative is the difference of the derivatives.
pub struct Sub;

impl Elementary for Sub {
    const NAME: &'static str = "sub";
    const LATEX: &'static str = "-";
    const SUMMARY: &'static str = "the difference of two numbers";
    const ULPS: f64 = 0.5;
    const SAMPLES: &'static [&'static [f64]] = PAIRS;

    fn value(x: &[f64]) -> f64 {
        x[0] - x[1]
    }

    fn enclose(x: &[Interval]) -> Interval {
        x[0] - x[1]
    }

    fn arithmetic<S: Scalar>(x: &[S]) -> Option<S> {
        Some(x[0].clone() - x[1].clone())
    }

    fn partials<S: Scalar>(_x: &[S], _y: &S) -> Partials<S> {
        binary(S::constant(1.0), S::constant(-1.0))
    }
}

/// The product `a b`; the product rule gives `b` and `a`.
pub struct Mul;

impl Elementary for Mul {
    const NAME: &'static str = "mul";
    const LATEX: &'static str = r"\cdot";
    const SUMMARY: &'static str = "the product of two numbers";
    const ULPS: f64 = 0.5;
    const SAMPLES: &'static [&'static [f64]] = PAIRS;

    fn value(x: &[f64]) -> f64 {
        x[0] * x[1]
    }

    fn enclose(x: &[Interval]) -> Interval {
        x[0] * x[1]
    }

    fn arithmetic<S: Scalar>(x: &[S]) -> Option<S> {
        Some(x[0].clone() * x[1].clone())
    }

    fn partials<S: Scalar>(x: &[S], _y: &S) -> Partials<S> {
        binary(x[1].clone(), x[0].clone())
    }
}

/// The quotient `a / b`, undefined for `b = 0`; the quotient rule in the form `1/b` and `-(a/b)/b`, which
/// does not overflow before the result does.
pub struct Div;

impl Elementary for Div {
    const NAME: &'static str = "div";
    const LATEX: &'static str = r"\frac";
    const DOMAIN: &'static str = "the divisor is not 0";
    const SUMMARY: &'static str = "the quotient of two numbers";
    const ULPS: f64 = 0.5;
    const SAMPLES: &'static [&'static [f64]] = PAIRS;

    fn value(x: &[f64]) -> f64 {
        x[0] / x[1]
    }

    fn enclose(x: &[Interval]) -> Interval {
        x[0] / x[1]
    }

    fn arithmetic<S: Scalar>(x: &[S]) -> Option<S> {
        Some(x[0].clone() / x[1].clone())
    }

    fn partials<S: Scalar>(x: &[S], y: &S) -> Partials<S> {
        let divisor = x[1].clone();
        binary(S::constant(1.0) / divisor.clone(), -(y.clone() / divisor))
    }

    fn is_smooth(x: &[Interval]) -> bool {
        !x[1].contains(0.0)
    }
}

/// The negative `-a`.
pub struct Neg;

impl Elementary for Neg {
    const NAME: &'static str = "neg";
    const LATEX: &'static str = "-";
    const SUMMARY: &'static str = "the number with the other sign";
    const ULPS: f64 = 0.0;
    const SAMPLES: &'static [&'static [f64]] = &[&[2.0], &[-1e300], &[1e-300]];

    fn value(x: &[f64]) -> f64 {
        -x[0]
    }

    fn enclose(x: &[Interval]) -> Interval {
        -x[0]
    }

    fn arithmetic<S: Scalar>(x: &[S]) -> Option<S> {
        Some(-x[0].clone())
    }

    fn partials<S: Scalar>(_x: &[S], _y: &S) -> Partials<S> {
        unary(S::constant(-1.0))
    }
}

/// Gives a [`Scalar`] its five operators, out of its own `apply`.
macro_rules! operators_by_rule {
    ([$($parameter:ident: $bound:ident)?] $type:ty) => {
        operators_by_rule!(@binary [$($parameter: $bound)?] $type, Add add);
        operators_by_rule!(@binary [$($parameter: $bound)?] $type, Sub sub);
        operators_by_rule!(@binary [$($parameter: $bound)?] $type, Mul mul);
        operators_by_rule!(@binary [$($parameter: $bound)?] $type, Div div);
        impl $(<$parameter: $bound>)? std::ops::Neg for $type {
            type Output = Self;
            fn neg(self) -> Self {
                <Self as $crate::Scalar>::apply::<$crate::vocabulary::Neg>(&[self])
            }
        }
    };
    (@binary [$($parameter:ident: $bound:ident)?] $type:ty, $operator:ident $method:ident) => {
        impl $(<$parameter: $bound>)? std::ops::$operator for $type {
            type Output = Self;
            fn $method(self, other: Self) -> Self {
                <Self as $crate::Scalar>::apply::<$crate::vocabulary::$operator>(&[self, other])
            }
        }
    };
}
pub(crate) use operators_by_rule;
