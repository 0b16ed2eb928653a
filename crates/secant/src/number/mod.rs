//! Numbers beside `f64`: exact rationals, proven intervals, and power series on one side of a point; and `f32` or `f64` by one name.
//! They know plain arithmetic alone: no function of the table, no formula, no method.

mod closeness;
mod constant;
mod interval;
mod rational;
mod real;
mod series;

pub(crate) use closeness::power_of_two_near;
pub use closeness::{Closeness, ulp};
pub use constant::Constant;
pub use interval::{Decoration, Interval};
pub use rational::Rational;
pub use real::Real;
pub use series::Series;
