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
