//! Dual numbers: a primal with the tangent it carries forward (Clifford 1873). The chain rule is
//! written once, in `carried` below; the partial derivatives come from `elementary/`.

use std::cmp::Ordering;

use super::arithmetic::operators_by_rule;
use super::scalar::Entry;
use super::{Elementary, Scalar};
use crate::number::{Constant, Interval};

/// A primal and its tangent. Without a tangent it is a constant: nothing moves it, so that a
/// partial derivative that does not exist in its direction is never asked for.
///
/// ```
/// use secant::{Dual, Functions};
/// let x = Dual::variable(2.0);
/// let y = x.sin() * x;
/// assert_eq!(y.tangent(), 2.0f64.cos() * 2.0 + 2.0f64.sin());
/// ```
#[derive(Clone, Debug)]
pub struct Dual<S = f64> {
    primal: S,
    tangent: Option<S>,
}

impl<S: Scalar> Dual<S> {
    /// A primal that moves with the given tangent.
    pub fn new(primal: S, tangent: S) -> Self {
        Self {
            primal,
            tangent: Some(tangent),
        }
    }

    /// An input: tangent 1.
    pub fn variable(primal: S) -> Self {
        Self::new(primal, S::constant(1.0))
    }

    /// A number that nothing moves.
    pub fn fixed(primal: S) -> Self {
        Self {
            primal,
            tangent: None,
        }
    }

    /// The value at which we differentiate.
    pub fn primal(&self) -> S {
        self.primal.clone()
    }

    /// How fast the value moves: 0 for a constant.
    pub fn tangent(&self) -> S {
        self.tangent.clone().unwrap_or_else(|| S::constant(0.0))
    }
}

impl<S: Scalar> Scalar for Dual<S> {
    fn constant(value: f64) -> Self {
        Self::fixed(S::constant(value))
    }

    fn enclosed(value: f64, range: Interval) -> Self {
        Self::fixed(S::enclosed(value, range))
    }

    fn named(constant: Constant) -> Self {
        Self::fixed(S::named(constant))
    }

    fn apply<E: Elementary>(arguments: &[Self]) -> Self {
        carried(&Entry::of::<E>(), arguments)
    }

    fn where_smooth<E: Elementary>(
        arguments: &[Self],
        moving: [bool; 3],
        derivative: Self,
    ) -> Self {
        told(arguments, moving, derivative, S::where_smooth::<E>)
    }

    fn truth(&self) -> Option<bool> {
        self.primal.truth()
    }

    fn is_proven_zero(&self) -> bool {
        let is_zero = |number: &S| number.is_proven_zero();
        is_zero(&self.primal) && self.tangent.as_ref().is_none_or(is_zero)
    }
}

operators_by_rule!([S: Scalar] Dual<S>);

fn primals<S: Scalar>(arguments: &[Dual<S>]) -> Vec<S> {
    arguments.iter().map(Dual::primal).collect()
}

/// A derivative with its own tangent, of both of which the primals' kind says what it knows.
fn told<S: Scalar>(
    arguments: &[Dual<S>],
    moving: [bool; 3],
    derivative: Dual<S>,
    where_smooth: fn(&[S], [bool; 3], S) -> S,
) -> Dual<S> {
    let primals = primals(arguments);
    let told = |number: S| where_smooth(&primals, moving, number);
    Dual {
        primal: told(derivative.primal),
        tangent: derivative.tangent.map(told),
    }
}

/// The chain rule: the tangent of a function is the sum of its partials times the tangents of its arguments.
fn carried<S: Scalar>(entry: &Entry<S>, arguments: &[Dual<S>]) -> Dual<S> {
    let primals = primals(arguments);
    let primal = (entry.value)(&primals);
    if arguments.iter().all(|argument| argument.tangent.is_none()) {
        return Dual::fixed(primal);
    }
    let partials = (entry.partials)(&primals, &primal);
    let mut moving = [false; 3];
    for (moves, argument) in moving.iter_mut().zip(arguments) {
        *moves = argument.tangent.is_some();
    }
    let tangent = arguments
        .iter()
        .zip(partials)
        .filter_map(|(argument, partial)| {
            argument
                .tangent
                .clone()
                .zip(partial)
                .map(|(tangent, partial)| tangent * partial)
        })
        .reduce(|sum, term| sum + term);
    let tangent = tangent.unwrap_or_else(|| S::constant(0.0));
    Dual::new(primal, (entry.where_smooth)(&primals, moving, tangent))
}

impl<S: Scalar + PartialEq> PartialEq for Dual<S> {
    fn eq(&self, other: &Self) -> bool {
        self.primal == other.primal
    }
}

impl<S: Scalar + PartialOrd> PartialOrd for Dual<S> {
    /// Duals are ordered by their primals, so that `if x < y` in a closure takes the branch it takes for `f64`.
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.primal.partial_cmp(&other.primal)
    }
}
