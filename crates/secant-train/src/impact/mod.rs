//! What each parameter does to the loss of each sample, in three ways that share no code beyond the layers: by backpropagation
//! ([`Objective::gradients`](crate::Objective::gradients)), by moving one parameter after the other ([`naive`]), and by
//! shifts of one neuron that are carried to the loss as differences ([`structured`]).
//!
//! The last two ask the same question, how far the loss of each sample moves when a parameter moves by `delta`, and answer with the
//! quotient of the two: times `delta` it is the change itself, and for a small `delta` nearly the derivative.
//!
//! Of many impacts [`greatest`], [`elasticity`] and [`neurons`] tell what is worth telling.

mod fit;
mod gradients;
mod naive;
mod rank;
mod structured;

pub use gradients::Moments;
pub use naive::{naive, rounding};
pub use rank::{Neuron, elasticity, greatest, length, neurons};
pub use structured::{Structured, features, structured};

use secant::{Error, ErrorKind};

use crate::number::Number;
use crate::objective::Objective;

/// Told after each piece of work, with how much is done and how much there is; to stop, it gives `Break`.
pub type Progress<'a> = dyn FnMut(usize, usize) -> std::ops::ControlFlow<()> + 'a;

impl<T: Number> Objective<'_, T> {
    /// Whether the rows are one for each sample, of all parameters.
    fn check_rows(&self, parameters: &[T], rows: &[T]) -> Result<(), Error> {
        self.network.check(parameters, self.samples)?;
        let (samples, size) = (self.samples.samples(), self.network.parameters());
        if samples.checked_mul(size) != Some(rows.len()) {
            return Err(Error::new(
                ErrorKind::Shape,
                format!(
                    "{} numbers are no row of {size} for each of {samples} samples",
                    rows.len()
                ),
            ));
        }
        Ok(())
    }
}

/// Whether anything can be moved by this.
fn check_delta<T: Number>(delta: T) -> Result<(), Error> {
    if delta != T::ZERO && delta.to_f64().is_finite() {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Setting,
        format!("a delta of {delta} moves nothing, or beyond all numbers"),
    )
    .hint("0.0001 is usual"))
}

/// The error of work that was stopped.
fn stopped() -> Error {
    Error::new(
        ErrorKind::Unsupported,
        "stopped before all parameters were moved",
    )
}
