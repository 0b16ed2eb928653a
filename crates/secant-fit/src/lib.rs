//! Formulas fitted to data: least squares and robust losses by Levenberg and Marquardt's method, or along the gradient, with exact derivatives, over tables of any
//! size, since one pass keeps no more than a triangle as large as there are parameters. A fit says whether it is a minimum; it never calls another
//! place one.
//!
//! [`Model`] names the parameters of a formula and the columns it reads; [`Fit`] says how; [`Outcome`] holds what was found.

mod curvature;
mod descent;
mod error;
mod fit;
mod impact;
mod loss;
mod method;
mod model;
mod outcome;
mod pass;
mod saddle;
mod scale;
mod statistics;
mod step;
mod student;
mod triangle;
mod trust;

pub use error::Error;
pub use fit::{Fit, Pass};
pub use impact::{Impact, RowImpact};
pub use loss::Loss;
pub use method::Method;
pub use model::{Model, column};
pub use outcome::{Outcome, Verdict};
pub use pass::Weights;
