//! The first idea: move one parameter, pass all samples forward, see how far the losses moved, move it back; for every parameter.

use secant::Error;

use super::{Progress, check_delta, stopped};
use crate::number::Number;
use crate::objective::Objective;

/// Moves one parameter after the other by `delta`, and writes over `rows`, one row of all parameters for each sample, how far the loss of
/// the sample moved, over `delta`.
///
/// The two losses are subtracted, so that of their digits only those are left in which they differ.
///
/// # Errors
/// Where parameters or rows are not as many as they must be, `delta` is 0 or not finite, or `progress` stops it.
pub fn naive<T: Number>(
    objective: &mut Objective<'_, T>,
    parameters: &[T],
    delta: T,
    rows: &mut [T],
    progress: &mut Progress<'_>,
) -> Result<(), Error> {
    objective.check_rows(parameters, rows)?;
    check_delta(delta)?;
    let reference = objective.losses(parameters)?;
    let mut moved = parameters.to_vec();
    for (place, parameter) in parameters.iter().enumerate() {
        moved[place] = *parameter + delta;
        let losses = objective.losses(&moved)?;
        moved[place] = *parameter;
        let pairs = losses.iter().zip(&reference);
        for (row, (loss, reference)) in rows.chunks_exact_mut(parameters.len()).zip(pairs) {
            row[place] = (*loss - *reference) / delta;
        }
        if progress(place + 1, parameters.len()).is_break() {
            return Err(stopped());
        }
    }
    Ok(())
}

/// What part of the largest impact the rounding of [`naive`] may be, in double precision: two losses of the size of `loss` are subtracted and divided
/// by `delta`, and a parameter of the size of `parameter` moves by `delta` only as far as its digits go.
///
/// ```
/// use secant_train::impact::rounding;
/// assert!(rounding(1e-4, 1.0, 1.0, 0.1) < 1e-10);
/// assert!(rounding(1e-15, 1.0, 1.0, 0.1) > 1.0);
/// ```
#[must_use]
pub fn rounding(delta: f64, loss: f64, parameter: f64, largest: f64) -> f64 {
    let of_losses = f64::EPSILON * loss.abs() / (delta * largest).abs();
    let of_parameters = f64::EPSILON * (parameter / delta).abs();
    // Where all losses are 0 they are so without rounding.
    if of_losses.is_nan() {
        of_parameters
    } else {
        of_losses.max(of_parameters)
    }
}
