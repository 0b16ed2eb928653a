//! The words that name each other: [`Scalar`], a number that a rule can be read with, and [`Elementary`],
//! everything known of one function. Here stand also the entries of plain arithmetic, since operators are
//! spelled with them, and the numbers that are scalars by nothing but the rules: [`Dual`], [`Jet`], [`Complex`],
//! [`Series`](crate::Series), and [`Exact`] rationals. The other entries follow in `elementary/`.

mod arithmetic;
mod complex;
mod dual;
mod exact;
mod jet;
mod scalar;
mod series;

pub(crate) use arithmetic::operators_by_rule;
pub use arithmetic::{Add, Div, Mul, Neg, Sub};
pub use complex::Complex;
pub use dual::Dual;
pub use exact::Exact;
pub use jet::{Coefficient, Jet};
pub use scalar::{Elementary, Partials, Scalar, binary, flat, unary};
