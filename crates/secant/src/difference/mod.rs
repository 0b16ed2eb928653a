//! Derivatives of anything that can be run, with nothing to tune: [`Differences`] measures the noise and the scale of a function, chooses
//! order and step, extrapolates, and gives the value with its bound in two parts, or says what the point is. It takes a closure and a
//! point; it never asks for a point twice, never leaves the domain, and knows no formula.
//!
//! ```
//! use secant::{Differences, Finding};
//! let slope = Differences::new().derivative(f64::sin, 1.0)?;
//! let Finding::Derivative(estimate) = &slope.finding else { unreachable!() };
//! assert!((estimate.value - 1f64.cos()).abs() <= estimate.bound.absolute(estimate.value).unwrap());
//! assert!(slope.evaluations <= 14);
//! let corner = Differences::new().derivative(f64::abs, 0.0)?;
//! assert_eq!(corner.finding.name(), "corner");
//! assert_eq!(corner.value(), None);
//! # Ok::<(), secant::Error>(())
//! ```

mod builder;
mod cheap;
mod engine;
mod evaluators;
mod finding;
mod ladder;
mod line;
mod memo;
mod mixed;
mod noise;
mod prepared;
mod rounding;
mod samples;
mod sides;
mod units;
mod work;

pub use builder::{Differences, Mode};
pub(crate) use evaluators::each_point;
pub use evaluators::{Value, pool};
pub use finding::{Finding, Found};
pub(crate) use line::Moved;
pub use prepared::Prepared;

/// The name of the method.
pub(crate) const METHOD: &str = "automatic";
