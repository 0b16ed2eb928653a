//! The two traits: a number, and a function of numbers.

use std::ops::{Add, Div, Mul, Neg, Sub};

use crate::number::{Constant, Decoration, Interval, Series};

/// A number that a rule can be read with: `f64` gives a value, [`Dual`](crate::Dual) a tangent beside it,
/// [`Interval`] a proven range, [`Series`] the behaviour on one side of a point, and
/// [`Node`](crate::Node) a formula.
pub trait Scalar:
    Clone
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// A number that does not depend on any input.
    fn constant(value: f64) -> Self;

    /// A number that lies in `range` and is nearest to `value` among the doubles.
    fn enclosed(value: f64, _range: Interval) -> Self {
        Self::constant(value)
    }

    /// A number that is exact though no double is it.
    fn named(constant: Constant) -> Self {
        Self::enclosed(constant.to_f64(), constant.enclose())
    }

    /// The value of a function of the table.
    fn apply<E: Elementary>(arguments: &[Self]) -> Self;

    /// Whether this number, read as a condition, holds; `None` where that is open.
    fn truth(&self) -> Option<bool>;

    /// Whether this derivative is 0 and proven to be: what it is multiplied with moves nothing.
    fn is_proven_zero(&self) -> bool {
        false
    }

    /// A derivative of `E` computed from its partials, when the arguments marked in `moving` move: where `E` has
    /// none, the number may say so.
    #[must_use]
    fn where_smooth<E: Elementary>(
        _arguments: &[Self],
        _moving: [bool; 3],
        derivative: Self,
    ) -> Self {
        derivative
    }
}

/// The partial derivatives of a function, one for each argument. `None` says that this argument does not
/// move the value at all; nothing is multiplied with it then, so that what is not taken leaks no NaN.
pub type Partials<S> = [Option<S>; 3];

/// Everything known of one function: an entry of the table. The entry is a unit type; its file stands in
/// `elementary/`, its one line in the list of [`Operation`](crate::Operation).
pub trait Elementary {
    /// Its name in formulas.
    const NAME: &'static str;
    /// Other names that are read as this one.
    const ALIASES: &'static [&'static str] = &[];
    /// Its name in LaTeX.
    const LATEX: &'static str;
    /// For which arguments it is defined, in words (`x > 0`); empty for all.
    const DOMAIN: &'static str = "";
    /// What it is and how it behaves at its kinks, in one line.
    const SUMMARY: &'static str;
    /// The largest error of `value`, in units of the last place.
    const ULPS: f64;
    /// Arguments that show it: ordinary, near each edge, one huge, one tiny.
    const SAMPLES: &'static [&'static [f64]];

    /// The value; NaN outside the domain.
    fn value(x: &[f64]) -> f64;

    /// An interval that holds the value for all arguments in the given ones, decorated with
    /// what is known (defined everywhere, continuous everywhere).
    fn enclose(x: &[Interval]) -> Interval;

    /// The partial derivatives, in the numerically honest form, from the arguments and the value `y`.
    fn partials<S: Scalar>(x: &[S], y: &S) -> Partials<S>;

    /// Whether it is proven to have derivatives of every order all over these arguments; false at
    /// kinks, jumps and the edges of the domain.
    fn is_smooth(_x: &[Interval]) -> bool {
        true
    }

    /// The same, when only the marked arguments move. An exponent or an order that stands still may be a whole number,
    /// and then the function is smooth in more places.
    fn is_smooth_along(x: &[Interval], _moving: [bool; 3]) -> bool {
        Self::is_smooth(x)
    }

    /// Which arguments the value depends on here; a branch not taken is not among them.
    fn used(_x: &[Interval]) -> [bool; 3] {
        [true; 3]
    }

    /// The function in the operators of the number itself, of an entry that is one of them. A number that knows sums,
    /// products and quotients of its kind, as a series does, needs no rule for them.
    fn arithmetic<S: Scalar>(_x: &[S]) -> Option<S> {
        None
    }

    /// What it is on one side of a point where it is not smooth; `None` where its rule tells that. An entry
    /// whose value jumps must tell.
    fn one_sided(x: &[Series]) -> Option<Series> {
        Self::arithmetic(x)
    }
}

/// An entry of the table as one kind of number reads it. A kind that takes many steps to go through a function has them written with this in
/// hand: with the entry as a type, the compiler would write them out anew for each of the entries, which took it half of its time.
pub(crate) struct Entry<S> {
    pub(crate) name: &'static str,
    pub(crate) value: fn(&[S]) -> S,
    pub(crate) partials: fn(&[S], &S) -> Partials<S>,
    pub(crate) where_smooth: fn(&[S], [bool; 3], S) -> S,
}

impl<S: Scalar> Entry<S> {
    pub(crate) fn of<E: Elementary>() -> Self {
        Self {
            name: E::NAME,
            value: S::apply::<E>,
            partials: E::partials::<S>,
            where_smooth: S::where_smooth::<E>,
        }
    }
}

/// The partial of a function of one argument.
pub fn unary<S>(partial: S) -> Partials<S> {
    [Some(partial), None, None]
}

/// The partials of a function of two arguments.
pub fn binary<S>(first: S, second: S) -> Partials<S> {
    [Some(first), Some(second), None]
}

/// No argument moves the value: a function in steps.
pub fn flat<S>() -> Partials<S> {
    [None, None, None]
}

impl Scalar for f64 {
    fn constant(value: f64) -> Self {
        value
    }

    fn apply<E: Elementary>(arguments: &[Self]) -> Self {
        E::value(arguments)
    }

    fn truth(&self) -> Option<bool> {
        (!self.is_nan()).then_some(*self != 0.0)
    }

    fn is_proven_zero(&self) -> bool {
        *self == 0.0
    }

    /// At a kink the derivative is NaN: plain numbers have no other way to say it.
    fn where_smooth<E: Elementary>(
        arguments: &[Self],
        moving: [bool; 3],
        derivative: Self,
    ) -> Self {
        let points = triple(arguments);
        if E::is_smooth_along(&points[..arguments.len()], moving) {
            derivative
        } else {
            Self::NAN
        }
    }
}

/// Up to three points.
fn triple(numbers: &[f64]) -> [Interval; 3] {
    let mut points = [Interval::EMPTY; 3];
    for (point, &number) in points.iter_mut().zip(numbers) {
        *point = Interval::point(number);
    }
    points
}

impl Scalar for Interval {
    fn constant(value: f64) -> Self {
        Self::point(value)
    }

    fn enclosed(_value: f64, range: Interval) -> Self {
        range
    }

    fn apply<E: Elementary>(arguments: &[Self]) -> Self {
        decorated(E::enclose(arguments), arguments, E::used(arguments))
    }

    fn truth(&self) -> Option<bool> {
        if self.is_empty() || (self.contains(0.0) && !self.is_point()) {
            None
        } else {
            Some(!self.contains(0.0))
        }
    }

    fn is_proven_zero(&self) -> bool {
        *self == Self::point(0.0) && self.decoration() == Decoration::Continuous
    }

    /// A range that holds a kink is one of the derivatives that exist, no longer of all.
    fn where_smooth<E: Elementary>(
        arguments: &[Self],
        moving: [bool; 3],
        derivative: Self,
    ) -> Self {
        if E::is_smooth_along(arguments, moving) {
            derivative
        } else {
            derivative.decorated(Decoration::Trivial)
        }
    }
}

/// The range of a function of these arguments, as sure as those that are used.
fn decorated(image: Interval, arguments: &[Interval], used: [bool; 3]) -> Interval {
    let read = arguments.iter().zip(used).filter(|(_, used)| *used);
    read.fold(image, |image, (argument, _)| {
        image.decorated(argument.decoration())
    })
}
