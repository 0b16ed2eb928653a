//! The table of elementary functions: one entry each, by family, and one line each in the list below.
//! An entry takes numbers of any kind and gives value, proven range and partial derivatives; it knows no
//! formula. Parser, printer, methods, tests and benches walk [`Operation::ALL`].

mod exponential;
mod logic;
mod powers;
mod steps;
mod table;
mod trigonometric;

pub use crate::vocabulary::{Add, Div, Mul, Neg, Sub};
pub use exponential::{Exp, Ln};
pub use logic::{Choose, Less};
pub use powers::{Pow, Root, Sqrt};
pub use steps::{Abs, Sign};
pub use trigonometric::{Cos, Sin};

use crate::number::{Interval, Series};
use crate::vocabulary::{Elementary, Partials, Scalar};

table::table! {
    Add plus(other);
    Sub minus(other);
    Mul times(other);
    Div over(other);
    Neg negated();
    Pow pow(exponent);
    Root root(order);
    Sqrt sqrt();
    Exp exp();
    Ln ln();
    Sin sin();
    Cos cos();
    Abs abs();
    Sign sign();
    Less less(other);
    Choose choose(then, otherwise);
}
